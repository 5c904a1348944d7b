/**
 * From where a root is called: what a caller has locked around the call, the function alone does not show.
 */

import { functionsCalling, functionsNamed } from '../facts/functions-of-file.ts';
import { sitesOfFunction } from '../facts/sites-of-function.ts';
import { type FunctionsOf, sitesOf } from '../pairing/met-orders.ts';
import type { PlacedAccess } from '../pairing/pairing.ts';
import type { Protocol, Root } from './protocol.ts';

/** How many calls up it is looked for a lock. */
const UP = 2;

/** The ways in which two functions are called where locks of their callers may keep them apart: none where no lock can
 *  be around both. What is `broken` is doubted by any lock that one of them takes, be it for some of its accesses. */
export function underLocks(
  { roots, order }: Pick<Protocol, 'roots' | 'order'>,
  isBroken: boolean,
  sources: FunctionsOf,
): readonly (readonly [Root, Root])[] {
  const callers = roots.map((root) => lockingCallers(root, sources));
  const isLocked = roots.map(
    (root, side) =>
      callers[side] !== undefined ||
      takesLock(root, isBroken ? undefined : order.accesses[side]![0], sources),
  );
  if (callers.every((each) => each === undefined) || isLocked.includes(false)) return [];
  const [ones, others] = roots.map((root, side) => callers[side] ?? [root]);
  return ones!.flatMap((one) => others!.map((other) => [one, other] as const));
}

/** Whether a function takes a lock, or what it calls does before it comes to its `first` access; without that anywhere. */
function takesLock(
  { file, function: name }: Root,
  first: PlacedAccess | undefined,
  sources: FunctionsOf,
): boolean {
  const [fact] = functionsNamed(sources.facts(file), name);
  if (fact === undefined) return false;
  const locks = sitesOf({ file, fact }, sources, ({ category }) => category === 'lock');
  return locks.some(
    ([at, ...inner]) => first === undefined || inner.length === 0 || at! < first.span.end,
  );
}

/** The functions that call `root`, a static function, under a lock of their own or of their callers; undefined where
 *  somebody calls it without one, or may. The lock is looked for in the text before the call: whether it is still
 *  held there, and excludes anything, is for the simulation to say. */
function lockingCallers(root: Root, sources: FunctionsOf, up = UP): readonly Root[] | undefined {
  const facts = sources.facts(root.file);
  const own = functionsNamed(facts, root.function)[0];
  if (facts === undefined || own === undefined || !own.isStatic || up === 0) return undefined;
  const callers = functionsCalling(facts, root.function);
  const locking = callers.map(({ name, callSites }): readonly Root[] | undefined => {
    const caller = { file: root.file, function: name };
    const starts = callSites.flatMap((call) =>
      call.name === root.function ? [call.span.start] : [],
    );
    const last = Math.max(...starts);
    const locks = sitesOfFunction(facts, name).some(
      ({ category, span }) => category === 'lock' && span.start < last,
    );
    return locks ? [caller] : lockingCallers(caller, sources, up - 1);
  });
  const all = locking.flatMap((each) => each ?? []);
  return all.length === 0 || locking.includes(undefined) ? undefined : all;
}
