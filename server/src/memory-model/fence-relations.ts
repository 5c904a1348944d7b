/** How fences, releases, acquires and critical sections relate the events around them in `po`; pairs
 *  that a relaxation of the program names are left out. */

import { type EventStructure, isRelaxed } from './event-structure.ts';
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
  type Relation,
  range,
  sameRelation,
  sequence,
  setDifference,
  union,
  unionOfSets,
} from './relation.ts';

/** `(po & (_ * S)) ; po`, without the pairs that are relaxed for their fence. */
export function fenceRelation(structure: EventStructure, set: EventSet): Relation {
  const { size, po, relaxations, events, space } = structure;
  if (isEmptySet(set)) return emptyRelation(size);
  if (relaxations.length === 0) return chain(into(po, set), po);
  const result = emptyRelation(size);
  for (const fence of events) {
    if (!inSet(set, fence.index)) continue;
    for (const before of events)
      for (const after of events)
        if (
          has(po, before.index, fence.index) &&
          has(po, fence.index, after.index) &&
          !isRelaxed(relaxations, space, fence, before, after)
        )
          addPair(result, before.index, after.index);
  }
  return result;
}

/** `po ; [Sync-rcu | Sync-srcu] ; po?` */
export function gracePeriods(structure: EventStructure, sync: EventSet): Relation {
  return isEmptySet(sync)
    ? emptyRelation(structure.size)
    : union(fenceRelation(structure, sync), into(structure.po, sync));
}

/** The grace periods that are left: one is gone when all that it could order has been taken away. */
export function keptPeriods(structure: EventStructure, periods: EventSet): EventSet {
  const { events, relaxations, space } = structure;
  if (relaxations.length === 0 || isEmptySet(periods)) return periods;
  const names = new Set(
    events.flatMap(({ location }) => (location === undefined ? [] : space.names[location]!)),
  );
  const all = (listed: readonly string[]) => [...names].every((name) => listed.includes(name));
  const whole = relaxations.filter(({ before, after }) => all(before) && all(after));
  const kept = periods.slice();
  for (const { index, origin } of events)
    if (whole.some(({ site }) => site === origin?.site)) kept[index >>> 5]! &= ~(1 << (index & 31));
  return kept;
}

/** Drops the pairs whose release (the target) or acquire (the source) is relaxed between them. */
export function withoutRelaxed(
  structure: EventStructure,
  relation: Relation,
  device: 'source' | 'target',
): Relation {
  const { relaxations, events, space } = structure;
  if (relaxations.length === 0) return relation;
  const result = emptyRelation(relation.size);
  forEachPair(relation, (left, right) => {
    const by = events[device === 'source' ? left : right]!;
    if (!isRelaxed(relaxations, space, by, events[left]!, events[right]!))
      addPair(result, left, right);
  });
  return result;
}

/** The recursion of `rcu-rscs`: each unlock matches the nearest unmatched lock before it in `po`. */
export function matchedPairs(po: Relation, locks: EventSet, unlocks: EventSet): Relation {
  let matched = emptyRelation(po.size);
  if (isEmptySet(locks)) return matched;
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
