/**
 * Barriers that only strengthen an atomic read-modify-write and stand beside none: they order nothing (atomic_t.txt,
 * ORDERING).
 */

import type { Access, Site } from './file-facts.ts';

type Side = 'before' | 'after';

/** On which side of `smp_mb__before_atomic()` or `smp_mb__after_atomic()` the operation has to be; undefined for others. */
export function sideOfAtomic(primitive: string): Side | undefined {
  const [, side] = /^smp_mb__(before|after)_atomic$/.exec(primitive) ?? [];
  if (side === undefined) return undefined;
  return side === 'before' ? 'after' : 'before';
}

/** The access that stands in place of the operation beside such a barrier: the nearest one is marked, and there is no
 *  read-modify-write. Undefined where there is one, or may be: in a function that is not known. */
export function besideNoAtomic(site: Site): Access | undefined {
  const side = sideOfAtomic(site.primitive);
  if (side === undefined || mayBeBesideAtomic(site)) return undefined;
  const accesses = site.orders.flatMap((order) => order[side]);
  const [beside] = accesses.filter(isOwn).toSorted((a, b) => a.distance - b.distance);
  return beside?.marking === 'marked' ? beside : undefined;
}

/** Whether such a barrier stands beside an atomic read-modify-write, or a function that is not known. */
export function mayBeBesideAtomic({ primitive, orders, outerCalls }: Site): boolean {
  const side = sideOfAtomic(primitive);
  if (side === undefined) return false;
  const accesses = orders.flatMap((order) => order[side]);
  if (accesses.some(isUpdate)) return true;
  const nearest = Math.min(...accesses.filter(isAlwaysNext).map(({ distance }) => distance));
  return (outerCalls?.[side] ?? []).some(({ distance }) => distance < nearest);
}

/** Whether an access is one that is made on every path, and no plain one: those may stand in between. */
function isAlwaysNext(access: Access): boolean {
  return isOwn(access) && access.on === 'every-path' && access.marking === 'marked';
}

function isUpdate({ effect, marking }: Access): boolean {
  const isMarkedOnly = marking === 'plain' || marking === 'marked';
  return marking === 'atomic' || (!isMarkedOnly && effect === 'read-write');
}

function isOwn({ via, caller }: Access): boolean {
  return via.length === 0 && caller === undefined;
}
