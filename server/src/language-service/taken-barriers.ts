/** Barriers that a patch takes away or makes weaker, and what nothing orders in their functions any more. Whether anybody needs
 *  that order is not asked: who wrote a comment for the barrier thought so. */

import {
  type Access,
  type FunctionFact,
  fieldName,
  isReadWhole,
  type Site,
} from '../facts/file-facts.ts';
import type { Saved } from './lost-partners.ts';
import type { Tree } from './tree.ts';
import { byDistance, canOrder, isNoteworthy, type OrderedFields } from './words.ts';

/** One such barrier. */
export interface TakenBarrier {
  readonly file: string;
  readonly gone: Site;
  /** The function as it is now. */
  readonly home: FunctionFact;
  /** The barrier that stands there instead and orders less. */
  readonly instead?: Site;
  /** What the function still accesses and nothing orders now, the most telling first; none where all that is ordered
   *  is elsewhere. */
  readonly orders: readonly Pick<OrderedFields, 'before' | 'after'>[];
}

/** The barriers with a comment that `file` had as it was `saved` and has no longer in `now`, where nothing that may order took
 *  their place, neither in the function nor in a function that it calls for the first time. */
export function takenBarriers(
  file: string,
  { tree: saved }: Saved,
  now: Tree,
): readonly TakenBarrier[] {
  return (saved.facts(file)?.sites ?? []).filter(isToldBarrier).flatMap((gone) => {
    const then = saved.functionIn(file, gone.function)?.fact;
    const home = now.functionIn(file, gone.function)?.fact;
    if (then === undefined || home === undefined || !isReadWhole(home)) return [];
    if (home.calls.some((name) => !then.calls.includes(name))) return [];
    const left = now.sitesIn(file, gone.function);
    const before = saved.sitesIn(file, gone.function);
    if (countOf(gone, left) >= countOf(gone, before) || left.some((site) => isSame(site, gone)))
      return [];
    const fresh = left.filter(
      (site) => canOrder(site) && countOf(site, left) > countOf(site, before),
    );
    if (!fresh.every((site) => isWeaker(site, gone))) return [];
    const complete = saved.completed({ file, site: gone });
    const others = left.map((site) => now.completed({ file, site }));
    const orders = nearestOrders(complete, home).filter(
      (order) => !others.some((site) => stillOrders(site, order)),
    );
    const instead = fresh.find((site) => site.comment?.text === gone.comment?.text) ?? fresh.at(-1);
    return [{ file, gone, home, ...(instead && { instead }), orders: orders.map(fieldsOf) }];
  });
}

type AccessPair = readonly [Access, Access];

/** A barrier between CPUs of which somebody said what it is for. */
function isToldBarrier(site: Site): boolean {
  return (
    isNoteworthy(site) && KINDS.has(site.category) && site.comment !== undefined && !site.uncertain
  );
}

const KINDS: ReadonlySet<Site['category']> = new Set([
  'full-barrier',
  'read-barrier',
  'write-barrier',
]);

function countOf({ primitive }: Site, sites: readonly Site[]): number {
  return sites.filter((other) => other.primitive === primitive).length;
}

/** The barrier itself, which stands there with its comment. */
function isSame(site: Site, { primitive, comment }: Site): boolean {
  return site.primitive === primitive && site.comment?.text === comment?.text;
}

function isWeaker({ category }: Site, gone: Site): boolean {
  return gone.category === 'full-barrier' && KINDS.has(category) && category !== gone.category;
}

/** How many of the nearest accesses on each side are looked at. */
const NEAREST = 4;

/** Two accesses that the barrier kept apart and that its function still makes, the nearest first. */
function nearestOrders({ orders }: Site, home: FunctionFact): readonly AccessPair[] {
  const made = new Set(home.accesses.map(({ field }) => fieldName(field)));
  const near = (accesses: readonly Access[]) =>
    byDistance(accesses)
      .filter(
        ({ field, caller, via }) =>
          caller !== undefined || via.length > 0 || made.has(fieldName(field)),
      )
      .slice(0, NEAREST);
  return orders
    .flatMap(({ before, after }) =>
      near(before).flatMap((first) => near(after).map((second): AccessPair => [first, second])),
    )
    .filter(([first, second]) => fieldName(first.field) !== fieldName(second.field))
    .sort((left, right) => rankOf(left) - rankOf(right));
}

/** A store and a load behind it tell most of a full barrier; then the nearest. */
function rankOf([first, second]: AccessPair): number {
  const isTelling = first.effect !== 'read' && second.effect !== 'write';
  return first.distance + second.distance + (isTelling ? 0 : NOT_TELLING);
}

const NOT_TELLING = 10;

function stillOrders({ orders, category }: Site, [first, second]: AccessPair): boolean {
  if (category === 'marked-access' || category === 'compiler-barrier') return false;
  const isOf = (accesses: readonly Access[], { field, effect }: Access) =>
    accesses.some(
      (other) =>
        fieldName(other.field) === fieldName(field) &&
        (other.effect === 'read-write' || effect === 'read-write' || other.effect === effect),
    );
  return orders.some(({ before, after }) => isOf(before, first) && isOf(after, second));
}

function fieldsOf([first, second]: AccessPair): TakenBarrier['orders'][number] {
  return { before: first.field, after: second.field };
}
