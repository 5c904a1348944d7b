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
  return (outerCalls?.[side] ?? []).length > 0 || accesses.some(isUpdate);
}

function isUpdate({ effect, marking }: Access): boolean {
  return marking === 'atomic' || (marking !== 'plain' && effect === 'read-write');
}

function isOwn({ via, caller }: Access): boolean {
  return via.length === 0 && caller === undefined;
}
