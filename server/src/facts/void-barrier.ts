/**
 * Barriers that only strengthen an atomic read-modify-write and stand beside none: they order nothing (atomic_t.txt,
 * ORDERING).
 */

import { type Access, type FunctionFact, isReadWhole, type Site } from './file-facts.ts';

type Side = 'before' | 'after';

/** On which side of `smp_mb__before_atomic()` or `smp_mb__after_atomic()` the operation has to be; undefined for others. */
export function sideOfAtomic(primitive: string): Side | undefined {
  const [, side] = /^smp_mb__(before|after)_atomic$/.exec(primitive) ?? [];
  if (side === undefined) return undefined;
  return side === 'before' ? 'after' : 'before';
}

/** The access that stands in place of the operation beside such a barrier: the nearest one is marked, and there is no
 *  read-modify-write, but for what a function makes that is called beyond it. Undefined where there is one, or may be: in a
 *  function that is not known. */
export function besideNoAtomic(site: Site, functions: Defined): Access | undefined {
  const side = sideOfAtomic(site.primitive);
  if (side === undefined) return undefined;
  const accesses = site.orders.flatMap((order) => order[side]);
  const near = notBeyondMarked(accesses);
  if (mayBeAmong(near, site, side, functions)) return undefined;
  const [beside] = near.filter(isOwn).toSorted((a, b) => a.distance - b.distance);
  return beside?.marking === 'marked' ? beside : undefined;
}

/** The definitions of a name, in any file. */
type Defined = (name: string) => readonly { readonly fact: FunctionFact }[];

/** Whether such a barrier stands beside an atomic read-modify-write, or a function that may make one: it is not known. */
export function mayBeBesideAtomic(site: Site, functions: Defined): boolean {
  const side = sideOfAtomic(site.primitive);
  if (side === undefined) return false;
  return mayBeAmong(
    site.orders.flatMap((order) => order[side]),
    site,
    side,
    functions,
  );
}

function mayBeAmong(
  accesses: readonly Access[],
  site: Site,
  side: Side,
  functions: Defined,
): boolean {
  const { outerCalls } = site;
  if (accesses.some(isUpdate) || countsOnCaller(site, functions)) return true;
  const nearest = nearestOf(accesses);
  return (outerCalls?.[side] ?? []).some(
    ({ name, distance }) => distance < nearest && !isWithoutUpdate(name, functions),
  );
}

/** The accesses but for those of called functions, or of callers, that are farther than a marked one on every path: beside a
 *  barrier that stands before that one nothing of them is. */
export function notBeyondMarked(accesses: readonly Access[]): readonly Access[] {
  const nearest = nearestOf(accesses);
  return accesses.filter((access) => isOwn(access) || access.distance <= nearest);
}

/** Whether the comment names a caller that may make an atomic read-modify-write: the one that is meant. */
function countsOnCaller({ comment, function: callee }: Site, functions: Defined): boolean {
  const named = comment?.text.match(/\b\w+\(\)/g) ?? [];
  return named
    .map((call) => call.slice(0, -2))
    .some(
      (name) =>
        functions(name).some(({ fact }) => fact.calls.includes(callee)) &&
        !isWithoutUpdate(name, functions),
    );
}

/** How far the nearest marked access is that is made on every path. */
function nearestOf(accesses: readonly Access[]): number {
  return Math.min(...accesses.filter(isAlwaysNext).map(({ distance }) => distance));
}

/** So many calls deep a function is looked into. */
const DEPTH = 3;

/** Whether it is known of a function, and of all that it calls, that none makes an atomic read-modify-write. */
function isWithoutUpdate(name: string, functions: Defined, depth = DEPTH): boolean {
  const found = functions(name);
  return (
    depth > 0 &&
    found.length > 0 &&
    found.every(
      ({ fact }) =>
        isReadWhole(fact) &&
        fact.callsPointers !== true &&
        !fact.accesses.some(isUpdate) &&
        fact.calls.every((called) => isWithoutUpdate(called, functions, depth - 1)),
    )
  );
}

/** Whether an access is one that is made on every path, and no plain one: those may stand in between. */
function isAlwaysNext(access: Access): boolean {
  return isOwn(access) && access.on === 'every-path' && access.marking === 'marked';
}

function isUpdate({ effect, marking }: Pick<Access, 'effect' | 'marking'>): boolean {
  const isMarkedOnly = marking === 'plain' || marking === 'marked';
  return marking === 'atomic' || (!isMarkedOnly && effect === 'read-write');
}

function isOwn({ via, caller }: Access): boolean {
  return via.length === 0 && caller === undefined;
}
