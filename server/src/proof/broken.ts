/** Why an invariant is violated although there are barriers: the cycle that tells, and what it lacks. */

import type { Origin } from '../program/program.ts';
import type { FieldNames } from '../scenario/field-names.ts';
import { criticalCycles, type Leg } from './critical-cycle.ts';
import { type FieldOrder, fieldsOf } from './needs.ts';
import type { AddedOrder } from './taken-order.ts';
import type { Violation, Violations } from './violations.ts';

/** One leg of the telling cycle. */
export interface BrokenLeg {
  readonly order: FieldOrder;
  readonly thread: number;
  /** Where its two accesses stand. */
  readonly first: Origin | undefined;
  readonly last: Origin | undefined;
  /** The sites that stand on it. */
  readonly sites: ReadonlySet<string>;
  /** Whether a full barrier on this leg alone would keep the invariant. */
  readonly lacking: boolean;
  /** The least that would, where one does: between two reads or two writes that may be less than a full barrier. */
  readonly enough: 'read barrier' | 'write barrier' | 'full barrier';
  /** The cycles that it is a leg of, by their numbers. */
  readonly cycles: ReadonlySet<number>;
}

/** So many legs in several executions are looked at together. */
const MOST_LEGS = 12;

/** The legs of those cycles of `violation` that one more barrier on one leg repairs; where one is not
 *  enough, of the first cycle that barriers on all its legs repair; where other executions violate the invariant then,
 *  those of cycles in all of them that it takes. Where no barrier helps (the invariant can be violated in any order) there
 *  are none. */
export function brokenLegs(
  violation: Violation,
  violations: Violations,
  names: FieldNames,
): readonly BrokenLeg[] {
  const known = new Map<string, boolean>();
  const repairs = (orders: readonly AddedOrder[]): boolean => {
    const key = orders.map(({ before, after, by }) => `${before}>${after} ${by}`).join();
    const answer = known.get(key) ?? violations.without([], orders) === undefined;
    known.set(key, answer);
    return answer;
  };
  const cyclesIn = ({ execution }: Violation) =>
    criticalCycles(execution).map((cycle, number) =>
      cycle.map((leg): BrokenLeg => {
        const order = fieldsOf(leg, execution.structure.space.names, names);
        return {
          order,
          thread: leg.first.thread,
          first: leg.first.origin,
          last: leg.last.origin,
          sites: violations.sitesOnLeg(execution, leg),
          ...least(leg, order, repairs),
          cycles: new Set([number]),
        };
      }),
    );
  const cycles = cyclesIn(violation);
  const repaired = cycles.filter((cycle) => cycle.some(({ lacking }) => lacking));
  if (repaired.length > 0) return distinct(repaired.flat());
  const areEnough = (legs: readonly BrokenLeg[]) => repairs(legs.map(({ order }) => order));
  return cycles.find(areEnough) ?? inSeveral(violation, violations, cyclesIn, areEnough);
}

/** Legs of a cycle in each execution that is left with barriers on the legs before, without those that it does not take. */
function inSeveral(
  violation: Violation,
  violations: Violations,
  cyclesIn: (violation: Violation) => readonly (readonly BrokenLeg[])[],
  areEnough: (legs: readonly BrokenLeg[]) => boolean,
): readonly BrokenLeg[] {
  let legs: readonly BrokenLeg[] = [];
  let left: Violation | undefined = violation;
  while (left !== undefined) {
    const all: readonly BrokenLeg[] = distinct([...legs, ...(cyclesIn(left)[0] ?? [])]);
    if (all.length === legs.length || all.length > MOST_LEGS) return [];
    legs = all;
    left = violations.without(
      [],
      legs.map(({ order }) => order),
    );
  }
  for (const leg of legs) {
    const others = legs.filter((each) => each !== leg);
    if (areEnough(others)) legs = others;
  }
  return legs;
}

/** Whether a barrier on the leg would do, and the least that does. */
function least(
  { first, last }: Leg,
  order: FieldOrder,
  repairs: (orders: readonly AddedOrder[]) => boolean,
): Pick<BrokenLeg, 'lacking' | 'enough'> {
  const lacking = repairs([order]);
  const does = (by: 'rmb' | 'wmb', kind: Leg['first']['kind']) =>
    lacking && first.kind === kind && last.kind === kind && repairs([{ ...order, by }]);
  if (does('rmb', 'read')) return { lacking, enough: 'read barrier' };
  return { lacking, enough: does('wmb', 'write') ? 'write barrier' : 'full barrier' };
}

/** One leg for each pair of fields in a thread, with the sites and cycles of all that are alike. */
function distinct(legs: readonly BrokenLeg[]): readonly BrokenLeg[] {
  const merged = new Map<string, BrokenLeg>();
  for (const leg of legs) {
    const key = `${leg.thread} ${leg.order.before}>${leg.order.after}`;
    const same = merged.get(key);
    const sites = new Set([...(same?.sites ?? []), ...leg.sites]);
    const cycles = new Set([...(same?.cycles ?? []), ...leg.cycles]);
    merged.set(key, { ...(same ?? leg), sites, cycles });
  }
  return [...merged.values()];
}
