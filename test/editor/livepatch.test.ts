/** The livepatch code of two kernels in the editor, with the server as a process. */

import { expect } from 'vitest';
import { KERNELS } from '../support/linux-source.ts';
import { flow, recordedProcesses } from './flow.ts';
import { requiredLinux } from './livepatch-sources.ts';
import { throughLivepatch } from './livepatch-steps.ts';
import { livepatchWorkspace } from './workspace.ts';

for (const { kernel } of KERNELS)
  flow(
    `livepatch of Linux ${kernel}`,
    () => livepatchWorkspace(requiredLinux(kernel)),
    async (step) => {
      await throughLivepatch(step, kernel);
      expect(recordedProcesses().filter((line) => /\bserver\.cjs\b/.test(line))).not.toEqual([]);
    },
  );
