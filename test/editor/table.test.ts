/** The table of livepatch's scenarios in the desktop workbench. */

import { flow } from './flow.ts';
import { requiredLinux } from './livepatch-sources.ts';
import { throughTable } from './table-steps.ts';
import { livepatchWorkspace } from './workspace.ts';

flow('the table of livepatch', () => livepatchWorkspace(requiredLinux()), throughTable);
