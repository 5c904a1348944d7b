/** What a violated invariant lacks, in words: the same wherever it is told. */

import type { Place } from '../text/span.ts';
import type { Remedy } from './remedy.ts';
import type { InvariantAnswer, UnkeptOrder } from './scenario-answer.ts';

/** Names a place. */
type Show = (place: Place) => string;

/** What is said where neither barriers nor what was tried in their place keep an invariant. */
const NO_BARRIER_IS_ENOUGH =
  'no one barrier was found to be enough; several, a wait, a section, a lock or another order of the statements may be';

/** The orders of which one is enough to hold the invariant; else those that only do so together; else what does
 *  instead. */
export function missingText(
  { unkept, remedy }: Pick<InvariantAnswer, 'unkept' | 'remedy'>,
  show: Show,
): readonly string[] {
  const enough = unkept.filter(({ lacking }) => lacking);
  const told = (enough.length > 0 ? enough : unkept).map(
    (order) => `nothing keeps ${orderText(order, show)}`,
  );
  if (told.length === 0) return [remedyText(remedy(), show)];
  if (told.length < 2) return told;
  const which = enough.length > 0 ? 'one of these would be enough' : 'it takes all of these';
  return [`what is missing, and ${which}:`, ...told.map((line) => `  ${line}`)];
}

/** What would do where no barrier does. */
export function remedyText(remedy: Remedy | undefined, show: Show): string {
  if (remedy === undefined) return NO_BARRIER_IS_ENOUGH;
  const { kind, thread, at } = remedy;
  const where = `${at.function}() (${show(at)}) in P${thread}`;
  return `no barrier is enough, but ${REMEDIES[kind]} ${where}`;
}

const REMEDIES: Readonly<Record<Remedy['kind'], string>> = {
  wait: 'a wait for a grace period is, before what stands there in',
  'outer-wait':
    'a wait for a grace period is, before the locks and sections around what stands there in',
  section: 'a read-side section is, around all of',
};

function orderText({ before, after, thread, first, last }: UnkeptOrder, show: Show): string {
  const at = (place: Place | undefined) => (place === undefined ? '' : ` (${show(place)})`);
  return `${before}${at(first)} before ${after}${at(last)} in P${thread}`;
}
