/**
 * The executions of a scenario that the model allows when all its orders are taken away, kept once and
 * asked often: which of them violate an invariant, and which are allowed without these orders?
 */

import { once } from '../memo/once.ts';
import { finalValues } from '../memory-model/candidate.ts';
import type { Budget, Unknown } from '../memory-model/outcome.ts';
import type { FinalValue, Scope } from '../memory-model/scope.ts';
import { runtimeValue } from '../memory-model/value.ts';
import type { Program, Proposition } from '../program/program.ts';
import { type Equation, isObservable, truthOf } from '../program/proposition.ts';
import { textOf } from '../program/text-of.ts';
import {
  type AllowedExecution,
  allowedExecutions,
  type Enumeration,
} from '../search/executions.ts';
import { accessedBy } from './contributions.ts';
import { criticalCycles, type Leg, sitesKeeping, sitesOnLeg } from './critical-cycle.ts';
import { type Allows, remembering } from './known-answers.ts';
import type { Match } from './program-match.ts';
import type { PreparedExecution, RelaxedModel } from './relaxed-model.ts';
import type { AddedOrder, TakenOrder } from './taken-order.ts';

/** A violating execution, with the number of the initial case it belongs to. */
export interface Violation {
  readonly start: number;
  readonly scope: Scope;
  readonly execution: AllowedExecution;
  readonly prepared: PreparedExecution;
}

/** An order that a violation does not keep, and the sites that stand there. */
export interface StandingLeg {
  readonly execution: AllowedExecution;
  readonly leg: Leg;
  readonly sites: ReadonlySet<string>;
}

/** The violations of one invariant over all its initial cases. */
export interface Violations {
  /** All that there are when every order is taken away. */
  readonly all: () => readonly Violation[];
  /** The legs of their critical cycles: of those between accesses to the same, with the same sites, one. */
  readonly legs: () => readonly StandingLeg[];
  /** A violation that the model allows without these orders, and with those that are added. */
  readonly without: (
    orders: readonly TakenOrder[],
    added?: readonly AddedOrder[],
  ) => Violation | undefined;
  /** Those of them that show something else as well. */
  readonly where: (isShown: (execution: AllowedExecution) => boolean) => Violations;
  /** The sites that stand on a leg of one of them. */
  readonly sitesOnLeg: (execution: AllowedExecution, leg: Leg) => ReadonlySet<string>;
  /** Those of them whose kind of barrier orders such accesses. */
  readonly sitesKeeping: (execution: AllowedExecution, leg: Leg) => ReadonlySet<string>;
  /** Why it is not known what else the model allows without these orders; undefined where it is. */
  readonly unknown: (orders: readonly TakenOrder[]) => Unknown | undefined;
}

/** All executions of a scenario's cases without any of the orders of its sites. */
export interface WeakExecutions {
  /** Those that violate an invariant, given by what it comes to in each case. With a `match`, they are those
   *  of the programs that it leads to: without the fences that are lost there they are the same. */
  readonly of: (cases: readonly Proposition[], match?: Match) => Violations;
  /** Those whose events and communication show what is asked for, whatever values they end with. */
  readonly showing: (isShown: (execution: AllowedExecution) => boolean) => Violations;
  /** The steps of the budget that are spent then. */
  readonly spent: number;
  /** Whether a case has an execution that the model allows with all orders, whatever its filter says; true where that is
   *  not known. */
  readonly isAnyAllowed: () => boolean;
}

/** What enumerating a scenario once may cost, over all its cases. */
const BUDGET: Partial<Budget> = { events: 400, executions: 50_000, steps: 200_000 };

/** Enumerates the executions of `programs`, one for each initial case, without the orders of `sites`, as far
 *  as one of the propositions `asked` (by invariant and case) can hold. The conditions of the programs are
 *  not looked at. */
export function weakExecutions(
  programs: readonly Program[],
  asked: readonly (readonly Proposition[])[],
  sites: readonly string[],
  locations: readonly string[],
  model: RelaxedModel,
  enumeration: Enumeration,
): WeakExecutions {
  const relaxations = sites.map((site) => ({ site, before: locations, after: locations }));
  let spent = enumeration.spentBefore ?? 0;
  const found = programs.map((program, start) => {
    const executions = allowedExecutions(
      { ...program, relaxations },
      asked.map((cases) => cases[start]!),
      { budget: BUDGET, ...enumeration, spentBefore: spent },
    );
    spent = executions.spent;
    return executions;
  });
  const incomplete = found.find(({ unknown }) => unknown !== undefined)?.unknown;
  const all = found.flatMap(({ scope, executions }, start) =>
    executions
      .filter((execution) => isInteresting(execution, start, scope, asked))
      .map((execution) => violationOf(start, scope, execution, model)),
  );
  const allows = remembering(model);
  const whole = once(() => all.filter(({ execution }) => execution.cut === undefined));
  const cut = once(() => distinct(all.filter(({ execution }) => execution.cut !== undefined)));
  const ending = new Map<string, Violating>();
  const among = (violating: Violating) => violationsAmong(violating, cut(), incomplete, allows);
  let unasked = found.map(({ isAnyAllowed }) => isAnyAllowed);
  let isAnyAllowed: boolean | undefined;
  return {
    isAnyAllowed: () => {
      isAnyAllowed ??= unasked.some((isAllowed) => isAllowed());
      // What they look through is large.
      unasked = [];
      return isAnyAllowed;
    },
    of: (cases, match) => {
      const key = textOf(cases, (name, part) => (name === 'span' ? undefined : part));
      const violating =
        ending.get(key) ?? violatingOf(whole().filter((violation) => endsWith(violation, cases)));
      ending.set(key, violating);
      const violations = among(violating);
      return match === undefined ? violations : seenThrough(match, violations);
    },
    showing: (isShown) => among(violatingOf(whole().filter(({ execution }) => isShown(execution)))),
    spent,
  };
}

/** It is prepared for the model when that is first asked: of many executions only few are. */
function violationOf(
  start: number,
  scope: Scope,
  execution: AllowedExecution,
  model: RelaxedModel,
): Violation {
  let prepared: PreparedExecution | undefined;
  return {
    start,
    scope,
    execution,
    get prepared() {
      prepared ??= model.prepare(execution);
      return prepared;
    },
  };
}

/** Whether something can be learnt from an execution: it violates something, or nobody knows. */
function isInteresting(
  execution: AllowedExecution,
  start: number,
  scope: Scope,
  asked: readonly (readonly Proposition[])[],
): boolean {
  if (execution.cut !== undefined) return true;
  const value = finalValues(scope, execution);
  return asked.some((cases) => holds(cases[start]!, value, scope));
}

function endsWith({ start, scope, execution }: Violation, cases: readonly Proposition[]): boolean {
  return holds(cases[start]!, finalValues(scope, execution), scope);
}

/** What violates an invariant, kept for programs that differ in lost fences. */
interface Violating {
  readonly violations: readonly Violation[];
  readonly legs: () => readonly StandingLeg[];
}

function violatingOf(found: readonly Violation[]): Violating {
  const violations = distinct(found);
  return { violations, legs: once(() => standingLegs(violations)) };
}

function standingLegs(violations: readonly Violation[]): readonly StandingLeg[] {
  const seen = new Map<PreparedExecution['contributions'], Set<number>>();
  const legs = new Map<string, StandingLeg>();
  for (const { execution, prepared } of violations) {
    const known = seen.get(prepared.contributions) ?? new Set();
    seen.set(prepared.contributions, known);
    const { size, space } = execution.structure;
    for (const leg of criticalCycles(execution).flat()) {
      const { first, last } = leg;
      if (known.has(first.index * size + last.index)) continue;
      known.add(first.index * size + last.index);
      const sites = sitesOnLeg(execution, leg);
      const ends = [first, last].map((event) => accessedBy(event, space.names) ?? '');
      const key = [...ends, ...sites].join('\n');
      if (!legs.has(key)) legs.set(key, { execution, leg, sites });
    }
  }
  return [...legs.values()];
}

function violationsAmong(
  found: Violating,
  cut: readonly Violation[],
  incomplete: Unknown | undefined,
  allows: Allows,
): Violations {
  let violating = found.violations;
  return {
    all: () => violating,
    legs: found.legs,
    without: (orders, added) => {
      const at = violating.findIndex((violation) => allows(violation.prepared, orders, added));
      const found = violating[at];
      if (found === undefined) return undefined;
      // What was allowed once is likely to be allowed again: it goes first.
      violating = [found, ...violating.slice(0, at), ...violating.slice(at + 1)];
      return found;
    },
    where: (isShown) => {
      const shown = found.violations.filter(({ execution }) => isShown(execution));
      return violationsAmong(violatingOf(shown), cut, incomplete, allows);
    },
    sitesOnLeg,
    sitesKeeping,
    unknown: (orders) =>
      incomplete ?? cut.find((violation) => allows(violation.prepared, orders))?.execution.cut,
  };
}

/** The violations under the names that sites have now; what lost fences ordered is taken away always. */
function seenThrough(match: Match, violations: Violations): Violations {
  const { names, lost } = match;
  const before = new Map([...names].map(([old, name]) => [name, old]));
  const gone = [...lost].map((site) => ({ site }));
  const translated = (orders: readonly TakenOrder[]) => [
    ...orders.map((order) => ({ ...order, site: before.get(order.site) ?? order.site })),
    ...gone,
  ];
  const renamed = (sites: ReadonlySet<string>) =>
    new Set([...sites].flatMap((site) => names.get(site) ?? []));
  return {
    all: violations.all,
    legs: () => violations.legs().map((leg) => ({ ...leg, sites: renamed(leg.sites) })),
    without: (orders, added) => violations.without(translated(orders), added),
    where: (isShown) => seenThrough(match, violations.where(isShown)),
    sitesOnLeg: (execution, leg) => renamed(violations.sitesOnLeg(execution, leg)),
    sitesKeeping: (execution, leg) => renamed(violations.sitesKeeping(execution, leg)),
    unknown: (orders) => violations.unknown(translated(orders)),
  };
}

/** One of those that are the same to the model. */
function distinct(violations: readonly Violation[]): readonly Violation[] {
  return [...new Map(violations.map((violation) => [violation.prepared, violation])).values()];
}

/** Whether a final state satisfies a proposition. */
function holds(proposition: Proposition, value: FinalValue, { space }: Scope): boolean {
  const equals = ({ left, right, negated }: Equation) => {
    const other = isObservable(right) ? value(right) : runtimeValue(space, right);
    return (value(left) === other) !== negated;
  };
  return truthOf(proposition, equals) === true;
}
