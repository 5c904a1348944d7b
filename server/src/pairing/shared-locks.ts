/** Locks that keep two functions from running at the same time: a lock that one of them takes alone orders nothing between them. */

import type { FileFacts } from '../facts/file-facts.ts';
import { grouped } from '../facts/grouped.ts';
import { locksUpTo } from './as-made.ts';
import { callersOf, folderOf, type PlacedFunction } from './function-index.ts';
import { calleeOf, type FunctionsOf } from './met-orders.ts';
import type { PlacedAccess } from './pairing.ts';
import { locksTaken } from './taken-locks.ts';

/** Whether a function that comes to its accesses may hold a lock that one of `others` takes, or that somebody takes who comes
 *  to one of them. */
export type MayShareLock = (
  root: PlacedFunction,
  accesses: readonly PlacedAccess[],
  others: readonly PlacedFunction[],
) => boolean;

/** How many calls up and down a lock is looked for, and in how many functions. */
const DEPTH = 4;
const MOST_FUNCTIONS = 200;

/** What is known of the locks of `functions`, which `files` define. Who calls a function is not always known: a lock that code
 *  elsewhere may take, as its struct is none of the function's folder, may be shared with anybody. */
export function sharedLocks(
  files: readonly FileFacts[],
  functions: readonly PlacedFunction[],
  sources: FunctionsOf,
): MayShareLock {
  const callers = callersOf(functions);
  const folders = grouped(files, ({ file }) => [folderOf(file)]);
  const isNear = (lock: string, file: string) => {
    const [owner = lock, member] = lock.split('.');
    if (member === undefined) return sources.facts(file)?.locks?.includes(owner) === true;
    return folders.get(folderOf(file))?.some(({ structs }) => structs?.includes(owner)) === true;
  };
  return (root, accesses, others) => {
    const held = locksUpTo(root, accesses, sources);
    if (held === undefined) return true;
    if (held.size === 0) return false;
    if ([...held].some((lock) => !isNear(lock, root.file))) return true;
    const up = closure(others, ({ fact }) => callers.get(fact.name) ?? []);
    const down = closure(others, (each) =>
      each.fact.calls.flatMap((name) => calleeOf(name, each, sources) ?? []),
    );
    if (up === undefined || down === undefined) return true;
    return [...up, ...down].some((each) => {
      const locks = locksTaken(each, sources);
      return locks === undefined || [...locks].some((lock) => held.has(lock));
    });
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
