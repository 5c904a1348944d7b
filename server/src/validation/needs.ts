/**
 * What each barrier is for: per ordered pair of fields, whether an invariant rests on it, and on what
 * else. A verdict is a statement about minimal breaking sets: the sets of orders that cannot all be
 * taken away without the invariant being violated.
 */

import type { OrderingSite } from '../lowering/lowering.ts';
import type { Unknown } from '../memory-model/outcome.ts';
import { minimalBreakingSets, minimalSubset } from './breaking-sets.ts';
import { criticalCycle, sitesOnLeg } from './critical-cycle.ts';
import type { FieldNames } from './field-names.ts';
import type { TakenOrder } from './relaxed-model.ts';
import type { Violation, Violations } from './violations.ts';

/** Two fields: accesses to the one are kept before accesses to the other. */
export interface FieldOrder {
  readonly before: string;
  readonly after: string;
}

/** Sites that are taken away together: one of the sources, or all that the stubs order. */
export interface SiteGroup {
  readonly sites: readonly OrderingSite[];
  readonly assumed: boolean;
}

/** One way in which a group matters to an invariant that holds. */
export interface Need {
  readonly group: SiteGroup;
  /** What it keeps in order for the invariant. */
  readonly orders: readonly FieldOrder[];
  /** `needed`: without it the invariant can be violated. `redundant`: only without others too.
   *  `unknown`: it matters, but what comes out without it was cut short. */
  readonly verdict: 'needed' | 'redundant' | 'unknown';
  /** For `redundant`: the sets of others such that the invariant is violated without the group and all of
   *  one set; so of the group and each set one has to stay. */
  readonly others: readonly (readonly SiteGroup[])[];
  /** An execution that violates the invariant without the group (and without one of `others`). */
  readonly violation: Violation;
  readonly unknown?: Unknown;
}

/** Bound on the questions asked for one invariant. */
const QUESTIONS = 2000;

/** Every way in which `groups` matter to an invariant that holds, in their order. `fields` are those that
 *  orders can be about. */
export function needsOf(
  groups: readonly SiteGroup[],
  violations: Violations,
  fields: readonly string[],
  names: FieldNames,
): readonly Need[] {
  const { sets } = minimalBreakingSets(
    groups.length,
    (items) =>
      isViolated(
        violations,
        items.flatMap((item) => wholeGroup(groups[item]!)),
      ),
    QUESTIONS,
  );
  const rests = sets.flatMap((set) => {
    const rest = restOn(
      set.map((item) => groups[item]!),
      violations,
      fields,
      names,
    );
    return rest ?? [];
  });
  return groups.flatMap((group) => needsOfGroup(group, rests, violations));
}

function isViolated(violations: Violations, taken: readonly TakenOrder[]): boolean {
  return violations.without(taken) !== undefined;
}

function wholeGroup({ sites }: SiteGroup): readonly TakenOrder[] {
  return sites.map(({ site }) => ({ site }));
}

/** A minimal breaking set, with those orders of its groups that break the invariant by themselves. */
interface Rest {
  readonly groups: readonly SiteGroup[];
  readonly orders: readonly Required<TakenOrder>[];
  readonly violation: Violation;
}

/** First the orders are tried that the violating execution does not keep; where other orders of the same
 *  sites stand in for them, a minimal choice of all pairs of fields is looked for. */
function restOn(
  groups: readonly SiteGroup[],
  violations: Violations,
  fields: readonly string[],
  names: FieldNames,
): Rest | undefined {
  const whole = groups.flatMap(wholeGroup);
  const violation = violations.without(whole);
  if (violation === undefined) return undefined;
  const periods = whole.filter(({ site }) => isGracePeriod(groups, site));
  const sites = new Set(whole.map(({ site }) => site));
  const onCycle = ordersOnCycle(violation, sites, names);
  const proper = onCycle.filter(({ site }) => !isGracePeriod(groups, site));
  if (isViolated(violations, [...periods, ...proper]))
    return { groups, orders: onCycle, violation };
  const pairs = [...sites]
    .filter((site) => !isGracePeriod(groups, site))
    .flatMap((site) => fieldPairs(fields).map((between) => ({ site, between })));
  const minimal = minimalSubset(
    pairs.map((_, item) => item),
    (items) => isViolated(violations, [...periods, ...items.map((item) => pairs[item]!)]),
  );
  return { groups, orders: minimal.map((item) => pairs[item]!), violation };
}

/** A grace period orders all that is before it, everywhere, so it is taken away as a whole. */
function isGracePeriod(groups: readonly SiteGroup[], site: string): boolean {
  return groups.some(({ sites }) =>
    sites.some((each) => each.site === site && each.device === 'grace-period'),
  );
}

/** The orders of `sites` that stand on a critical cycle of the violation. */
export function ordersOnCycle(
  { execution }: Violation,
  sites: ReadonlySet<string>,
  names: FieldNames,
): readonly Required<TakenOrder>[] {
  const { space } = execution.structure;
  const nameOf = (location: number | undefined) =>
    location === undefined ? '' : names.nameOf(space.names[location]!);
  return criticalCycle(execution).flatMap((leg) => {
    const between = { before: nameOf(leg.first.location), after: nameOf(leg.last.location) };
    return [...sitesOnLeg(execution, leg)]
      .filter((site) => sites.has(site))
      .map((site) => ({ site, between }));
  });
}

function fieldPairs(fields: readonly string[]): readonly FieldOrder[] {
  return fields.flatMap((before) => fields.map((after) => ({ before, after })));
}

function needsOfGroup(
  group: SiteGroup,
  rests: readonly Rest[],
  violations: Violations,
): readonly Need[] {
  const own = rests.filter(({ groups }) => groups.includes(group));
  const alone = own.filter(({ groups }) => groups.length === 1);
  const jointly = own.filter(({ groups }) => groups.length > 1);
  const matters = alone.length === 0 && jointly.length > 0;
  const unknown = matters ? violations.unknown(wholeGroup(group)) : undefined;
  if (unknown !== undefined)
    return needFrom(group, 'unknown', jointly).map((need) => ({ ...need, unknown }));
  return [...needFrom(group, 'needed', alone), ...needFrom(group, 'redundant', jointly)];
}

function needFrom(
  group: SiteGroup,
  verdict: Need['verdict'],
  rests: readonly Rest[],
): readonly Need[] {
  const [first] = rests;
  if (first === undefined) return [];
  const sites = new Set(group.sites.map(({ site }) => site));
  const orders = rests.flatMap((rest) => rest.orders.filter((order) => sites.has(order.site)));
  const others = rests.map(({ groups }) => groups.filter((other) => other !== group));
  return [
    {
      group,
      orders: distinct(orders.map(({ between }) => between)),
      verdict,
      others: verdict === 'redundant' ? others : [],
      violation: first.violation,
    },
  ];
}

function distinct(orders: readonly FieldOrder[]): readonly FieldOrder[] {
  return [...new Map(orders.map((order) => [`${order.before}>${order.after}`, order])).values()];
}
