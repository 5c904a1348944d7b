/** The table of livepatch's scenarios in the desktop workbench, for two kernels. */

import { KERNELS } from '../support/linux-source.ts';
import { flow } from './flow.ts';
import { requiredLinux } from './livepatch-sources.ts';
import { throughTable } from './table-steps.ts';
import { livepatchWorkspace } from './workspace.ts';

for (const { kernel } of KERNELS)
  flow(
    `the table of livepatch of Linux ${kernel}`,
    () => livepatchWorkspace(requiredLinux(kernel)),
    throughTable,
  );
