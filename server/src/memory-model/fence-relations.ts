/** How fences, releases, acquires and critical sections relate the events around them in `po`; pairs
 *  that a relaxation of the program names are left out. */

import type { EventStructure } from './event-structure.ts';
import {
  addPair,
  between,
  chain,
  difference,
  domain,
  type EventSet,
  emptyRelation,
  forEachPair,
  has,
  inSet,
  into,
  isEmptySet,
  product,
  type Relation,
  range,
  sameRelation,
  sequence,
  setDifference,
  setOf,
  union,
  unionOfSets,
} from './relation.ts';

/** `(po & (_ * S)) ; po`, without the pairs that are relaxed for their fence. */
export function fenceRelation(structure: EventStructure, set: EventSet): Relation {
  const { size, po, relaxed } = structure;
  if (isEmptySet(set)) return emptyRelation(size);
  if (relaxed === undefined) return chain(into(po, set), po);
  const kept = setOf(size, (index) => inSet(set, index) && !relaxed.takesAll(index));
  if (isEmptySet(kept)) return emptyRelation(size);
  const untouched = setOf(size, (index) => inSet(kept, index) && !relaxed.touches(index));
  const result = chain(into(po, untouched), po);
  for (let fence = 0; fence < size; fence++)
    if (inSet(kept, fence) && relaxed.touches(fence))
      forEachPair(product(size, before(po, fence), after(po, fence)), (left, right) => {
        if (!relaxed.takes(fence, left, right)) addPair(result, left, right);
      });
  return result;
}

function before(po: Relation, event: number): EventSet {
  return setOf(po.size, (other) => has(po, other, event));
}

function after(po: Relation, event: number): EventSet {
  return setOf(po.size, (other) => has(po, event, other));
}

/** `po ; [Sync-rcu | Sync-srcu] ; po?` */
export function gracePeriods(structure: EventStructure, sync: EventSet): Relation {
  return isEmptySet(sync)
    ? emptyRelation(structure.size)
    : union(fenceRelation(structure, sync), into(structure.po, sync));
}

/** The grace periods that are left: one is gone when all that it could order has been taken away. */
export function keptPeriods(structure: EventStructure, periods: EventSet): EventSet {
  const { size, relaxed } = structure;
  if (relaxed === undefined || isEmptySet(periods)) return periods;
  return setOf(size, (index) => inSet(periods, index) && !relaxed.takesAll(index));
}

/** Drops the pairs whose release (the target) or acquire (the source) is relaxed between them. */
export function withoutRelaxed(
  structure: EventStructure,
  relation: Relation,
  device: 'source' | 'target',
): Relation {
  const { relaxed } = structure;
  if (relaxed === undefined) return relation;
  const result = emptyRelation(relation.size);
  forEachPair(relation, (left, right) => {
    if (!relaxed.takes(device === 'source' ? left : right, left, right))
      addPair(result, left, right);
  });
  return result;
}

/** The recursion of `rcu-rscs`: each unlock matches the nearest unmatched lock before it in `po`. */
export function matchedPairs(po: Relation, locks: EventSet, unlocks: EventSet): Relation {
  if (isEmptySet(locks)) return emptyRelation(po.size);
  return matchedInOrder(po, locks, unlocks) ?? matchedByRecursion(po, locks, unlocks);
}

/** As brackets are matched; undefined where locks that wait for an unlock have no order: those of one instruction. */
function matchedInOrder(po: Relation, locks: EventSet, unlocks: EventSet): Relation | undefined {
  const matched = emptyRelation(po.size);
  const waiting: number[] = [];
  for (let event = 0; event < po.size; event++) {
    if (inSet(locks, event)) waiting.push(event);
    if (!inSet(unlocks, event)) continue;
    const before = waiting.filter((lock) => has(po, lock, event));
    const last = before.pop();
    if (last === undefined) continue;
    if (before.some((lock) => !has(po, lock, last))) return undefined;
    addPair(matched, last, event);
    waiting.splice(waiting.indexOf(last), 1);
  }
  return matched;
}

function matchedByRecursion(po: Relation, locks: EventSet, unlocks: EventSet): Relation {
  let matched = emptyRelation(po.size);
  for (;;) {
    const unmatchedLocks = setDifference(locks, domain(matched));
    const unmatchedUnlocks = setDifference(unlocks, range(matched));
    const unmatched = unionOfSets(unmatchedLocks, unmatchedUnlocks);
    const unmatchedPo = between(unmatched, po, unmatched);
    const candidates = between(unmatchedLocks, po, unmatchedUnlocks);
    const more = union(matched, difference(candidates, sequence(unmatchedPo, unmatchedPo)));
    if (sameRelation(more, matched)) return matched;
    matched = more;
  }
}
