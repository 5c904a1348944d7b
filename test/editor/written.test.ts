/** The languages of litmus tests and scenarios, on the desktop workbench. */

import { flow } from './flow.ts';
import { workspaceOf } from './workspace.ts';
import { MP, throughLitmusTest } from './written-steps.ts';

flow('a litmus test', () => workspaceOf({ 'mp.litmus': MP }), throughLitmusTest);
