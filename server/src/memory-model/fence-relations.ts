/** How fences, releases, acquires and critical sections relate the events around them in `po`; pairs
 *  that a relaxation of the program names are left out. */

import { type EventStructure, type ExecutionEvent, isRelaxed } from './event-structure.ts';
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
  setOf,
  union,
  unionOfSets,
} from './relation.ts';

/** `(po & (_ * S)) ; po`, without the pairs that are relaxed for their fence. */
export function fenceRelation(structure: EventStructure, set: EventSet): Relation {
  const { size, po, relaxations, events, space } = structure;
  if (isEmptySet(set)) return emptyRelation(size);
  if (relaxations.length === 0) return chain(into(po, set), po);
  const whole = whollyRelaxed(structure);
  const fences = events.filter(
    ({ index, origin }) => inSet(set, index) && !(origin && whole.has(origin.site)),
  );
  const isTouched = ({ origin }: ExecutionEvent) =>
    relaxations.some(({ site }) => site === origin?.site);
  const kept = setOf(size, (index) => fences.some((each) => each.index === index));
  const untouched = setDifference(
    kept,
    setOf(size, (index) => isTouched(events[index]!)),
  );
  const result = chain(into(po, untouched), po);
  for (const fence of fences.filter(isTouched))
    for (const before of events)
      for (const after of events)
        if (
          has(po, before.index, fence.index) &&
          has(po, fence.index, after.index) &&
          !isRelaxed(relaxations, space, fence, before, after)
        )
          addPair(result, before.index, after.index);
  return result;
}

const WHOLLY_RELAXED = new WeakMap<EventStructure, ReadonlySet<string>>();

/** The sites of which all is relaxed that they could order in this structure. */
function whollyRelaxed(structure: EventStructure): ReadonlySet<string> {
  const known = WHOLLY_RELAXED.get(structure);
  if (known !== undefined) return known;
  const { events, relaxations, space } = structure;
  const names = new Set(
    events.flatMap(({ location }) => (location === undefined ? [] : space.names[location]!)),
  );
  const all = (listed: readonly string[]) => [...names].every((name) => listed.includes(name));
  const whole = relaxations.filter(({ before, after }) => all(before) && all(after));
  const sites = new Set(whole.map(({ site }) => site));
  WHOLLY_RELAXED.set(structure, sites);
  return sites;
}

/** `po ; [Sync-rcu | Sync-srcu] ; po?` */
export function gracePeriods(structure: EventStructure, sync: EventSet): Relation {
  return isEmptySet(sync)
    ? emptyRelation(structure.size)
    : union(fenceRelation(structure, sync), into(structure.po, sync));
}

/** The grace periods that are left: one is gone when all that it could order has been taken away. */
export function keptPeriods(structure: EventStructure, periods: EventSet): EventSet {
  const { size, events, relaxations } = structure;
  if (relaxations.length === 0 || isEmptySet(periods)) return periods;
  const whole = whollyRelaxed(structure);
  const isKept = ({ index, origin }: ExecutionEvent) =>
    inSet(periods, index) && !(origin && whole.has(origin.site));
  return setOf(size, (index) => isKept(events[index]!));
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
