/** A barrier that was deleted is put back at its partner, by the lamp. */

import { flow } from './flow.ts';
import { SAMPLE } from './pairings-steps.ts';
import { throughPutBack } from './put-back-steps.ts';
import { copyOf } from './workspace.ts';

flow('a lost barrier put back', () => copyOf(SAMPLE), throughPutBack);
