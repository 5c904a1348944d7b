/** The tree of barriers beside the code, on the desktop workbench. */

import { flow } from './flow.ts';
import { SAMPLE, throughPairings } from './pairings-steps.ts';
import { copyOf } from './workspace.ts';

flow('the tree of pairings', () => copyOf(SAMPLE), throughPairings);
