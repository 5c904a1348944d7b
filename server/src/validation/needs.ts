/**
 * What each barrier is for: per ordered pair of fields, whether an invariant rests on it, and on what
 * else. A verdict is a statement about minimal breaking sets: the sets of orders that cannot all be
 * taken away without the invariant being violated.
 */

import type { Relaxation } from '../litmus/program.ts';
import type { OrderingSite } from '../lowering/lowering.ts';
import { type ItemSet, minimalBreakingSets } from './breaking-sets.ts';
import type { FieldNames } from './field-names.ts';
import type { Violation, Violations } from './violations.ts';

/** One order of one site: accesses to a field before, accesses to a field after. */
export interface SiteOrder {
  readonly site: OrderingSite;
  readonly before: string;
  readonly after: string;
}

/** One reason why a site matters to an invariant. */
export interface Need {
  readonly site: OrderingSite;
  /** The field pairs that the site keeps in order for the invariant. */
  readonly orders: readonly { readonly before: string; readonly after: string }[];
  /** `needed`: without this site the invariant can be violated. `redundant`: only without the others
   *  of a group as well. */
  readonly verdict: 'needed' | 'redundant';
  /** For `redundant`: the groups that the site is in, without itself. Of each group with the site
   *  added one has to stay. */
  readonly groups: readonly (readonly OrderingSite[])[];
  /** An execution that violates the invariant when the site (and one group) is taken away. */
  readonly violation: Violation;
}

/** A breaking set of sites, with the orders of theirs that matter. */
interface Rest {
  readonly sites: readonly OrderingSite[];
  readonly orders: readonly SiteOrder[];
  readonly violation: Violation;
}

export interface Needs {
  readonly needs: readonly Need[];
  /** Whether the search ended; else there may be more to say. */
  readonly complete: boolean;
}

/** Bound on the questions asked for one invariant. */
const QUESTIONS = 2000;

/** Every way in which `sites` matter to an invariant that holds. `shared` are the locations that orders
 *  can be about: those that more than one thread touches. */
export function needsOf(
  sites: readonly OrderingSite[],
  violations: Violations,
  shared: readonly string[],
  fields: FieldNames,
): Needs {
  const whole = sites.map((site) => wholeSite(site, shared));
  const relaxed = (items: ItemSet) => items.map((item) => whole[item]!);
  const { sets, complete } = minimalBreakingSets(
    sites.length,
    (removed) => violations.allowed(relaxed(removed)) !== undefined,
    QUESTIONS,
  );
  const rests = sets.map((set) => restOn(set.map((item) => sites[item]!), violations, shared, fields));
  return { needs: sites.flatMap((site) => needsOfSite(site, rests)), complete };
}

/** Takes everything away that a site orders. */
export function wholeSite(site: OrderingSite, shared: readonly string[]): Relaxation {
  return { site: site.site, before: shared, after: shared };
}

/** Finds the orders of a breaking set of sites that alone break the invariant already. */
function restOn(
  sites: readonly OrderingSite[],
  violations: Violations,
  shared: readonly string[],
  fields: FieldNames,
): Rest {
  const names = [...new Set(shared.map(fields.nameOf))];
  const candidates = sites.flatMap((site) =>
    names.flatMap((before) => names.map((after) => ({ site, before, after }))),
  );
  const relaxed = (items: ItemSet) =>
    items.map((item) => orderAsRelaxation(candidates[item]!, shared, fields));
  const { sets } = minimalBreakingSets(
    candidates.length,
    (removed) => violations.allowed(relaxed(removed)) !== undefined,
    QUESTIONS,
  );
  const violation = violations.allowed(relaxed(sets[0] ?? candidates.map((_, item) => item)))!;
  const orders = [...new Set(sets.flat())].map((item) => candidates[item]!);
  return { sites, orders, violation };
}

function orderAsRelaxation(
  { site, before, after }: SiteOrder,
  shared: readonly string[],
  fields: FieldNames,
): Relaxation {
  const named = (field: string) => shared.filter((location) => fields.nameOf(location) === field);
  return { site: site.site, before: named(before), after: named(after) };
}

function needsOfSite(site: OrderingSite, rests: readonly Rest[]): readonly Need[] {
  const own = rests.filter(({ sites }) => sites.includes(site));
  const alone = own.filter(({ sites }) => sites.length === 1);
  const jointly = own.filter(({ sites }) => sites.length > 1);
  return [
    ...needFrom(site, 'needed', alone),
    ...needFrom(site, 'redundant', jointly),
  ];
}

function needFrom(
  site: OrderingSite,
  verdict: Need['verdict'],
  rests: readonly Rest[],
): readonly Need[] {
  const [first] = rests;
  if (first === undefined) return [];
  const orders = rests.flatMap((rest) => rest.orders.filter((order) => order.site === site));
  const groups = rests.map(({ sites }) => sites.filter((other) => other !== site));
  return [
    {
      site,
      orders: distinct(orders.map(({ before, after }) => ({ before, after }))),
      verdict,
      groups: verdict === 'needed' ? [] : groups,
      violation: first.violation,
    },
  ];
}

function distinct(orders: Need['orders']): Need['orders'] {
  return [...new Map(orders.map((order) => [`${order.before}>${order.after}`, order])).values()];
}
