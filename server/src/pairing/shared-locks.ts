/** Locks that keep two functions from running at the same time: a lock that one of them takes alone orders nothing between them. */

import { locksUpTo } from './as-made.ts';
import { folderOf, type PlacedFunction } from './function-index.ts';
import type { FunctionsOfTree } from './functions-of-tree.ts';
import { calleeOf } from './met-orders.ts';
import type { PlacedAccess } from './pairing.ts';
import { locksKept, locksTaken } from './taken-locks.ts';

/** Whether a function that comes to its accesses may hold a lock that one of `others` takes, or somebody who comes to one of
 *  them, or that one which they call takes and keeps. */
export type MayShareLock = (
  root: PlacedFunction,
  accesses: readonly PlacedAccess[],
  others: readonly PlacedFunction[],
) => boolean;

/** How many calls up and down a lock is looked for, and in how many functions. */
const DEPTH = 4;
const MOST_FUNCTIONS = 200;

/** What is known of the locks of a tree. Who calls a function is not always known: a lock that code
 *  elsewhere may take, as it or its struct is defined nowhere in the function's folder, may be shared with anybody. */
export function sharedLocks(sources: FunctionsOfTree): MayShareLock {
  const isNear = (lock: string, file: string) => {
    const [owner = lock, member] = lock.split('.');
    return sources
      .folder(folderOf(file))
      .some(({ structs, locks }) => (member === undefined ? locks : structs)?.includes(owner));
  };
  return (root, accesses, others) => {
    const held = locksUpTo(root, accesses, sources);
    if (held === undefined) return true;
    if (held.size === 0) return false;
    if ([...held].some((lock) => !isNear(lock, root.file))) return true;
    const up = closure(others, ({ fact }) => sources.calling(fact.name));
    const down = closure(others, (each) =>
      each.fact.calls.flatMap((name) => calleeOf(name, each, sources) ?? []),
    );
    if (up === undefined || down === undefined) return true;
    const isHeld = (locks: ReadonlySet<string> | undefined) =>
      locks === undefined || [...locks].some((lock) => held.has(lock));
    const called = down.filter((each) => !up.includes(each));
    return (
      up.some((each) => isHeld(locksTaken(each, sources))) ||
      called.some((each) => isHeld(locksKept(each, sources)))
    );
  };
}

/** The functions that are come to from `start`; undefined where they are too many. */
function closure(
  start: readonly PlacedFunction[],
  next: (of: PlacedFunction) => readonly PlacedFunction[],
): readonly PlacedFunction[] | undefined {
  const found = new Map(start.map((each) => [each.fact, each]));
  let level = start;
  for (let depth = 0; depth < DEPTH && level.length > 0; depth++) {
    level = level.flatMap(next).filter(({ fact }) => !found.has(fact));
    for (const each of level) found.set(each.fact, each);
    if (found.size > MOST_FUNCTIONS) return undefined;
  }
  return [...found.values()];
}
