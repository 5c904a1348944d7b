/**
 * Finds where a function meets an order from the other side with nothing between: the site orders
 * `a` before `b`, and the function accesses `b` and then `a` without any ordering operation.
 */

import { type Access, isReadWhole, type Site } from '../facts/file-facts.ts';
import type { PlacedFunction, Tree } from './tree.ts';
import { byDistance, canOrder, sameField } from './words.ts';

/** The two accesses of the function, in its order, and those of the site that they race with. */
export interface Counterpart {
  readonly function: PlacedFunction;
  readonly first: Access;
  readonly second: Access;
  readonly site: { readonly before: Access; readonly after: Access };
}

/** How many accesses on each side of a barrier are looked at, nearest first. */
const NEAREST = 6;

/** The unordered counterpart of `site` in `target` nearest to the barrier, or undefined: none of the
 *  pairs of fields is met there from the other side, or something may order each of them. */
export function unorderedCounterpart(
  tree: Tree,
  site: Site,
  target: PlacedFunction,
): Counterpart | undefined {
  if (!isReadWhole(target.fact)) return undefined;
  const between = tree.sitesIn(target.file, target.fact.name).filter(canOrder);
  for (const order of site.orders)
    for (const before of byDistance(order.before).slice(0, NEAREST))
      for (const after of byDistance(order.after).slice(0, NEAREST)) {
        const met = metBy(target, before, after, between);
        if (met !== undefined) return { function: target, ...met, site: { before, after } };
      }
  return undefined;
}

function metBy(
  { fact }: PlacedFunction,
  before: Access,
  after: Access,
  between: readonly Site[],
): { readonly first: Access; readonly second: Access } | undefined {
  if (!isNamed(before) || !isNamed(after) || sameField(before.field, after.field)) return undefined;
  const first = fact.accesses.find((access) => conflicts(access, after));
  if (first === undefined) return undefined;
  const second = fact.accesses.find(
    (access) => access.span.start > first.span.end && conflicts(access, before),
  );
  if (second === undefined) return undefined;
  const ordered = between.some(
    ({ span }) => span.end >= first.span.start && span.start <= second.span.end,
  );
  return ordered ? undefined : { first, second };
}

/** Whether the access is to a location that can be compared across functions. */
function isNamed({ field }: Access): boolean {
  return field.struct !== '?';
}

/** Same location, and at least one of the two writes. */
function conflicts(a: Access, b: Access): boolean {
  return sameField(a.field, b.field) && !(a.effect === 'read' && b.effect === 'read');
}
