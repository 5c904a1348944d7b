/** Whatever the lamp changes, in one file or two, undoing it by the keyboard gives every file its bytes back. */

import { DRAWN } from '../support/drawn.ts';
import { flow } from './flow.ts';
import { FILES, throughUndo, UNDO_TIMEOUT } from './undo-steps.ts';
import { workspaceOf } from './workspace.ts';

flow(`changes of the lamp undone, ${DRAWN}`, () => workspaceOf(FILES), throughUndo, {
  timeout: UNDO_TIMEOUT,
});
