/** From what lies before and after a site to what its primitive orders: the classes of kernel/primitive.ts. */

import type { AccessClass, Ordering, Primitive } from '../kernel/primitive.ts';
import type { Access, SiteOrder } from './file-facts.ts';
import { notBeyondMarked } from './void-barrier.ts';

/** What lies around a site, nearest first. */
export interface Around {
  readonly before: readonly Access[];
  readonly after: readonly Access[];
  /** Those after it whose address comes from the value that the site read. */
  readonly dependent: readonly Access[];
  readonly own?: Access;
}

/** The orderings that a primitive gives to the accesses around it. */
export function siteOrders(row: Primitive, around: Around): readonly SiteOrder[] {
  const beside = besideRmw(row, around);
  return merged(row.orders).map(({ before, after }) => ({
    before: before.flatMap((kind) => ofClass(kind, beside.before, beside)),
    after: after.flatMap((kind) => ofClass(kind, beside.after, beside)),
  }));
}

/** Classes that stand together on one side. */
interface MergedOrdering {
  readonly before: readonly AccessClass[];
  readonly after: readonly AccessClass[];
}

/** Orderings with the same first side become one: `all -> own` and `all -> all` are `all -> own, all`. */
function merged(orders: readonly Ordering[]): readonly MergedOrdering[] {
  const byBefore = new Map<AccessClass, AccessClass[]>();
  for (const { before, after } of orders)
    byBefore.set(before, [...(byBefore.get(before) ?? []), after]);
  return [...byBefore].map(([before, after]) => ({ before: [before], after }));
}

function ofClass(
  kind: AccessClass,
  accesses: readonly Access[],
  around: Around,
): readonly Access[] {
  switch (kind) {
    case 'all':
      return accesses;
    case 'reads':
      return accesses.filter(({ effect }) => effect !== 'write');
    case 'writes':
      return accesses.filter(({ effect }) => effect !== 'read');
    case 'own':
    case 'own-read':
    case 'own-write':
      return around.own === undefined ? [] : [around.own];
    case 'dependent':
      return around.dependent;
  }
}

/** `smp_mb__before_atomic()` orders nothing between itself and the atomic operation, and likewise on the
 *  other side (atomic_t.txt, ORDERING). Where no such operation is seen, it may be in a callee. */
function besideRmw(row: Primitive, around: Around): Around {
  if (row.when !== 'with-adjacent-rmw') return around;
  const from = (accesses: readonly Access[]) => {
    const rmw = notBeyondMarked(accesses).find(isRmw);
    return rmw === undefined
      ? accesses
      : accesses.filter(({ distance }) => distance >= rmw.distance);
  };
  return row.name.includes('before')
    ? { ...around, after: from(around.after) }
    : { ...around, before: from(around.before) };
}

function isRmw({ marking, effect }: Access): boolean {
  return marking === 'atomic' && effect === 'read-write';
}
