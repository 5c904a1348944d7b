/** Why an invariant is violated although there are barriers: the cycle that tells, and what it lacks. */

import type { Origin } from '../litmus/program.ts';
import { criticalCycles, sitesOnLeg } from './critical-cycle.ts';
import type { FieldNames } from './field-names.ts';
import { type FieldOrder, fieldsOf } from './needs.ts';
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
}

/** The legs of the cycle of `violation` that one more barrier repairs best: on one leg if that is enough,
 *  else on all. Where no barrier helps (the invariant can be violated in any order) there are none. */
export function brokenLegs(
  violation: Violation,
  violations: Violations,
  names: FieldNames,
): readonly BrokenLeg[] {
  const { execution } = violation;
  const cycles = criticalCycles(execution).map((cycle) =>
    cycle.map((leg) => ({
      order: fieldsOf(leg, execution.structure.space.names, names),
      thread: leg.first.thread,
      first: leg.first.origin,
      last: leg.last.origin,
      sites: sitesOnLeg(execution, leg),
    })),
  );
  const repairs = (orders: readonly FieldOrder[]) => violations.without([], orders) === undefined;
  const judged = cycles.map((cycle) =>
    cycle.map((leg) => ({ ...leg, lacking: repairs([leg.order]) })),
  );
  return (
    judged.find((cycle) => cycle.some(({ lacking }) => lacking)) ??
    judged.find((cycle) => repairs(cycle.map(({ order }) => order))) ??
    []
  );
}
