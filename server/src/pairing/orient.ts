/** Pairings as values: which side comes first, how they are told apart and sorted. */

import type { Pairing, SiteRef } from './pairing.ts';
import type { Side } from './side.ts';

/** The site that a side is. */
export function refOf({ file, site }: Side): SiteRef {
  return { file, id: site.id };
}

/** The two in the order in which a pairing has them: the writing side first; of two that do both, the one
 *  that stands first. */
export function inOrder(a: Side, b: Side): readonly [Side, Side] {
  const isReversed =
    a.role === b.role
      ? compare(refOf(a), refOf(b)) > 0
      : a.role === 'reader' || (a.role === 'both' && b.role === 'writer');
  return isReversed ? [b, a] : [a, b];
}

/** A text that stands for the two sites, whichever is first. */
export function pairKey({ sites: [a, b] }: Pairing): string {
  const [left, right] = [refKey(a), refKey(b)];
  return left < right ? `${left}\n${right}` : `${right}\n${left}`;
}

/** A text that stands for the site. */
export function refKey({ file, id }: SiteRef): string {
  return `${file}\n${id}`;
}

/** The surest first; among equals by their places. */
export function bySureness(a: Pairing, b: Pairing): number {
  return b.score - a.score || compare(a.sites[0], b.sites[0]) || compare(a.sites[1], b.sites[1]);
}

/** Sites by file and id. */
function compare(a: SiteRef, b: SiteRef): number {
  return refKey(a) < refKey(b) ? -1 : refKey(a) > refKey(b) ? 1 : 0;
}
