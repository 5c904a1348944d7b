/** Whether a comment says that the other side needs no barrier: who wrote it has thought of it, and nothing is missed there. */

import { proseOf } from './prose.ts';

/** "we do not need a matching rmb()", "no need for a barrier on the read side". */
const WAIVED =
  /\b(?:not|n't|no)\s+need(?:ed)?\b[^.;]{0,60}?\b(?:smp_)?[rw]?mb\b|\b(?:not|n't|no)\s+need(?:ed)?\b[^.;]{0,60}?\bbarriers?\b/i;

/** Whether the comment of a barrier waives its partner's. */
export function waivesPartner(comment: string): boolean {
  return WAIVED.test(proseOf(comment));
}
