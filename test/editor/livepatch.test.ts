/** The livepatch code of Linux 6.1 in the editor, with the server as a process. */

import { expect } from 'vitest';
import { flow, recordedProcesses } from './flow.ts';
import { requiredLinux } from './livepatch-sources.ts';
import { throughLivepatch } from './livepatch-steps.ts';
import { livepatchWorkspace } from './workspace.ts';

flow(
  'livepatch',
  () => livepatchWorkspace(requiredLinux()),
  async (step) => {
    await throughLivepatch(step);
    expect(recordedProcesses().filter((line) => /\bserver\.cjs\b/.test(line))).not.toEqual([]);
  },
);
