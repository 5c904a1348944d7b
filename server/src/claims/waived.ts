/** Whether a comment says that the other side needs no barrier: who wrote it has thought of it, and nothing is missed there. */

import { proseOf } from './prose.ts';

/** "we do not need a matching rmb()", "doesn't need a corresponding barrier"; that a barrier is not needed somewhere says nothing of
 *  its partner. */
const WAIVED =
  /(?:\b(?:not|no)|n't)\s+need\b[^.;]{0,40}?\b(?:matching|corresponding|paired)\b[^.;]{0,40}?\b(?:barriers?|(?:smp_)?[rw]?mb)\b/i;

/** Whether the comment of a barrier waives its partner's. */
export function waivesPartner(comment: string): boolean {
  return WAIVED.test(proseOf(comment));
}
