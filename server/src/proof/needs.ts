/**
 * What each barrier is for: whether an invariant rests on it, for which ordered pairs of fields, and on
 * what else. A verdict is a statement about minimal breaking sets: the sets of orders that cannot all be
 * taken away without the invariant being violated.
 */

import type { OrderingSite } from '../lowering/lowering.ts';
import type { ExecutionEvent } from '../memory-model/event-structure.ts';
import type { Unknown } from '../memory-model/outcome.ts';
import type { FieldNames } from '../scenario/field-names.ts';
import { minimalBreakingSets, minimalSubset } from './breaking-sets.ts';
import { accessedBy } from './contributions.ts';
import { criticalCycles, type Leg } from './critical-cycle.ts';
import type { TakenOrder } from './taken-order.ts';
import type { Violation, Violations } from './violations.ts';

/** Two fields: accesses to the one are kept before accesses to the other. */
export interface FieldOrder {
  readonly before: string;
  readonly after: string;
}

/** What a group orders for an invariant. */
export interface FacedOrder extends FieldOrder {
  /** The sites in other threads without which the order is in vain: those on the other legs of the cycles that it forbids. */
  readonly facing: ReadonlySet<string>;
}

/** Sites that are taken away together: one of the sources, or all that the stubs order. */
export interface SiteGroup {
  readonly sites: readonly OrderingSite[];
  readonly assumed: boolean;
}

/** One way in which a group matters to an invariant that holds. */
export interface Need {
  readonly group: SiteGroup;
  /** What it keeps in order for the invariant; empty for a grace period. */
  readonly orders: readonly FacedOrder[];
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

/** Every way in which `groups` matter to an invariant that holds, in their order. */
export function needsOf(
  groups: readonly SiteGroup[],
  violations: Violations,
  names: FieldNames,
): readonly Need[] {
  const { sets } = minimalBreakingSets(
    groups.length,
    (items) => violations.without(items.flatMap((item) => whole(groups[item]!))) !== undefined,
    QUESTIONS,
  );
  const rests = sets.flatMap(
    (set) =>
      wholeRest(
        set.map((item) => groups[item]!),
        violations,
        names,
      ) ?? [],
  );
  const idle = groups.filter(
    (group) => isPlaced(group) && !rests.some((rest) => rest.groups.includes(group)),
  );
  const partial = idle.length === 0 ? [] : partialRests(groups, idle, violations, names);
  return groups.flatMap((group) => needsOfGroup(group, [...rests, ...partial], violations));
}

/** Whether somebody has put it there to order something, which the reader will ask about. */
function isPlaced({ sites, assumed }: SiteGroup): boolean {
  return !assumed && sites.some(({ device }) => device === 'fence' || device === 'rmw');
}

function whole({ sites }: SiteGroup): readonly TakenOrder[] {
  return sites.map(({ site }) => ({ site }));
}

/** A minimal breaking set of groups, what they order on the way to the violation, and that violation. */
interface Rest {
  readonly groups: readonly SiteGroup[];
  readonly orders: GroupOrders;
  readonly violation: Violation;
}

function wholeRest(
  groups: readonly SiteGroup[],
  violations: Violations,
  names: FieldNames,
): Rest | undefined {
  const violation = violations.without(groups.flatMap(whole));
  if (violation === undefined) return undefined;
  const cycles = criticalCycles(violation.execution).map((cycle) =>
    ordersOnCycle(cycle, groups, violation, violations, names),
  );
  const telling = WAYS.flatMap(
    (way) => cycles.find((orders) => tells(orders, way, violations)) ?? [],
  );
  return { groups, orders: withAlike(telling[0] ?? cycles[0] ?? new Map(), cycles), violation };
}

type GroupOrders = ReadonlyMap<SiteGroup, readonly FacedOrder[]>;

/** What each group orders on the legs of a cycle. */
function ordersOnCycle(
  cycle: readonly Leg[],
  groups: readonly SiteGroup[],
  { execution }: Violation,
  violations: Violations,
  names: FieldNames,
): GroupOrders {
  const { structure } = execution;
  const legs = cycle.map((leg) => ({
    thread: leg.first.thread,
    sites: violations.sitesOnLeg(execution, leg),
    keeping: violations.sitesKeeping(execution, leg),
    order: fieldsOf(leg, structure.space.names, names),
  }));
  const ordersOf = (group: SiteGroup) => {
    if (isGracePeriod(group)) return [];
    const own = legs.filter(({ sites }) => stands(group, sites));
    const others = legs.filter(({ thread }) => own.every((leg) => leg.thread !== thread));
    const facing = new Set(others.flatMap(({ keeping }) => [...keeping]));
    return own.map(({ order }) => ({ ...order, facing }));
  };
  return new Map(groups.map((group) => [group, ordersOf(group)]));
}

/** The orders of a cycle, faced by what does so on any of the cycles that have the same ones: where a thread accesses a
 *  field several times, a barrier does not stand on the legs of all. */
function withAlike(orders: GroupOrders, cycles: readonly GroupOrders[]): GroupOrders {
  const alike = cycles.filter((other) =>
    [...orders].every(([group, own]) => pairsKey(other.get(group) ?? []) === pairsKey(own)),
  );
  return new Map(
    [...orders.keys()].map((group) => [
      group,
      distinct(alike.flatMap((other) => other.get(group) ?? [])),
    ]),
  );
}

function pairsKey(orders: readonly FieldOrder[]): string {
  return orders.map(pairKey).join();
}

function pairKey({ before, after }: FieldOrder): string {
  return `${before}>${after}`;
}

/** A grace period waits for readers wherever they are: there is no one pair of fields that it orders. */
function isGracePeriod({ sites }: SiteGroup): boolean {
  return sites.every(({ device }) => device === 'grace-period');
}

/** What to take away for an order: just it, or all that concerns the one or the other field; the latter
 *  also where other accesses between the two hand the order on. */
type Way = (order: FieldOrder) => Omit<TakenOrder, 'site'>;

const BEFORE: Way = ({ before }) => ({ before });
const AFTER: Way = ({ after }) => ({ after });
const WAYS: readonly Way[] = [(order) => order, BEFORE, AFTER];

/** Whether the invariant is violated already when only these orders are taken away. */
function tells(orders: GroupOrders, way: Way, violations: Violations): boolean {
  const taken = [...orders].flatMap(([{ sites }, own]) =>
    sites.flatMap(({ site, device }) =>
      device === 'grace-period' ? [{ site }] : own.map((order) => ({ site, ...way(order) })),
    ),
  );
  return violations.without(taken) !== undefined;
}

function stands({ sites }: SiteGroup, onLeg: ReadonlySet<string>): boolean {
  return sites.some(({ site }) => onLeg.has(site));
}

/** The fields that the accesses at the two ends of a leg are to. */
export function fieldsOf(
  { first, last }: Leg,
  locations: readonly string[],
  names: FieldNames,
): FieldOrder {
  const nameOf = (event: ExecutionEvent) => {
    const accessed = accessedBy(event, locations);
    return accessed === undefined ? '' : names.nameOf(accessed);
  };
  return { before: nameOf(first), after: nameOf(last) };
}

/** A group that no breaking set of whole groups needs may still give an order that the invariant rests on,
 *  where those who give it too are needed for other orders as well. So for the orders that violating
 *  executions do not keep, only what concerns the one field is taken away, from all who stand there. */
function partialRests(
  groups: readonly SiteGroup[],
  idle: readonly SiteGroup[],
  violations: Violations,
  names: FieldNames,
): readonly Rest[] {
  const legs = violations.legs().map(({ execution, leg, sites }) => ({
    order: fieldsOf(leg, execution.structure.space.names, names),
    groups: groups.filter((group) => stands(group, sites)),
  }));
  return [BEFORE, AFTER].flatMap((way) => {
    const standing = new Map<string, { taken: Omit<TakenOrder, 'site'>; groups: Set<SiteGroup> }>();
    for (const { order, groups: own } of legs) {
      const field = way === BEFORE ? order.before : order.after;
      const known = standing.get(field) ?? { taken: way(order), groups: new Set() };
      standing.set(field, known);
      for (const group of own) known.groups.add(group);
    }
    return [...standing.values()]
      .filter((each) => idle.some((group) => each.groups.has(group)))
      .flatMap((each) => partialRest([...each.groups], idle, each.taken, violations, names) ?? []);
  });
}

function partialRest(
  standing: readonly SiteGroup[],
  idle: readonly SiteGroup[],
  way: Omit<TakenOrder, 'site'>,
  violations: Violations,
  names: FieldNames,
): Rest | undefined {
  const taken = (items: readonly number[]) =>
    items.flatMap((item) => whole(standing[item]!).map((each) => ({ ...each, ...way })));
  const breaks = (items: readonly number[]) => violations.without(taken(items)) !== undefined;
  const all = standing.map((_, item) => item);
  if (!breaks(all)) return undefined;
  const minimal = minimalSubset(all, breaks);
  const groups = minimal.map((item) => standing[item]!);
  const violation = violations.without(taken(minimal));
  if (violation === undefined || !groups.some((group) => idle.includes(group))) return undefined;
  const cycles = criticalCycles(violation.execution).map((cycle) =>
    ordersOnCycle(cycle, groups, violation, violations, names),
  );
  const found = cycles.find((orders) =>
    [...orders.values()].every((own) => own.some((order) => concerns(order, way))),
  );
  return found && { groups, orders: only(withAlike(found, cycles), way), violation };
}

function concerns(order: FieldOrder, { before, after }: Omit<TakenOrder, 'site'>): boolean {
  return (before ?? order.before) === order.before && (after ?? order.after) === order.after;
}

function only(orders: GroupOrders, way: Omit<TakenOrder, 'site'>): GroupOrders {
  return new Map(
    [...orders].map(([group, own]) => [group, own.filter((order) => concerns(order, way))]),
  );
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
  const unknown = matters ? violations.unknown(whole(group)) : undefined;
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
  const others = rests.map(({ groups }) => groups.filter((other) => other !== group));
  const implied = (set: readonly SiteGroup[], at: number) =>
    others.some(
      (other, before) =>
        before !== at &&
        other.every((each) => set.includes(each)) &&
        (other.length < set.length || before < at),
    );
  return [
    {
      group,
      orders: distinct(rests.flatMap((rest) => rest.orders.get(group) ?? [])),
      verdict,
      others: verdict === 'redundant' ? others.filter((set, at) => !implied(set, at)) : [],
      violation: first.violation,
    },
  ];
}

/** Each pair of fields once, faced by what faces any of them. */
function distinct(orders: readonly FacedOrder[]): readonly FacedOrder[] {
  const merged = new Map<string, FacedOrder>();
  for (const order of orders) {
    const facing = [...(merged.get(pairKey(order))?.facing ?? []), ...order.facing];
    merged.set(pairKey(order), { ...order, facing: new Set(facing) });
  }
  return [...merged.values()];
}
