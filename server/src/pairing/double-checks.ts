/**
 * Initialisation that is checked twice: a function looks at a flag without a lock, takes the lock where it is not set, looks
 * again, fills fields and sets the flag. Who finds it set takes no lock and can find the fields as they were, unless the flag
 * is stored by a release and read by an acquire (memory-barriers.txt, "SMP BARRIER PAIRING"; litmus test MP+poonceonces).
 */

import { type Access, type FunctionAccess, fieldName } from '../facts/file-facts.ts';
import { sitesOfFunction } from '../facts/sites-of-function.ts';
import { isOrdering } from './announcements.ts';
import { isSamePlace } from './as-made.ts';
import { callersOf, type PlacedFunction } from './function-index.ts';
import { accessesOf, comparePaths, type FunctionsOf, type Step } from './met-orders.ts';
import type { PlacedAccess, SharedOrder } from './pairing.ts';
import type { Meeting } from './store-buffering.ts';
import { isLocking } from './taken-locks.ts';

/** So many of those that call such a function are looked at. */
const MOST_CALLERS = 4;

/** The functions of `functions` that check twice, each with itself beside it, or one that calls it: for each flag the field
 *  that is stored last of what that reads behind. */
export function doubleChecks(
  functions: readonly PlacedFunction[],
  sources: FunctionsOf,
): readonly Meeting[] {
  const found = functions.flatMap((of) => flagsOf(of, sources).map((flag) => ({ of, flag })));
  if (found.length === 0) return [];
  const callers = callersOf(functions);
  return found.flatMap(({ of, flag }) => {
    const roots = [of, ...(callers.get(of.fact.name) ?? []).slice(0, MOST_CALLERS)];
    const [first] = roots.flatMap((root): readonly Meeting[] => {
      const order = orderIn(root, of, flag, sources);
      return order === undefined ? [] : [{ functions: [root, root], order }];
    });
    return first ?? [];
  });
}

/** The accesses to a flag: the function makes the first itself, the others be it in what it calls. */
interface Flag {
  readonly look: PlacedAccess;
  readonly again: PlacedAccess;
  readonly store: PlacedAccess;
}

function flagsOf(of: PlacedFunction, sources: FunctionsOf): readonly Flag[] {
  const { file, fact } = of;
  const sites = sitesOfFunction(sources.facts(file), fact.name);
  const locked = sites.find(({ category }) => category === 'lock');
  const released = sites.findLast(({ category }) => category === 'unlock');
  if (locked === undefined || released === undefined || isOrdering(of, sources)) return [];
  const looks = fact.accesses.filter((each) => isLook(each) && each.span.end < locked.span.start);
  if (looks.length === 0) return [];
  const inside = accessesOf(of, sources).filter(
    ({ access: { span } }) => span.start > locked.span.end && span.end < released.span.start,
  );
  return looks.flatMap((look) => {
    const others = inside.filter(({ access }) => fieldName(access.field) === fieldName(look.field));
    const again = others.find(({ access, isTested }) => isTested && access.effect !== 'write');
    const store = others.find(
      (each) =>
        each.access.effect === 'write' &&
        again !== undefined &&
        comparePaths(again.path, each.path) < 0,
    );
    return again === undefined || store === undefined
      ? []
      : [{ look: { ...look, file }, again: again.access, store: store.access }];
  });
}

/** A look that decides, be it by an operation that takes what it finds there (`atomic_inc_not_zero()`). */
function isLook({ effect, isTested, field }: FunctionAccess): boolean {
  return (
    effect !== 'write' && isTested === true && field.struct !== undefined && field.struct !== '?'
  );
}

/** What `root`, which is `of` or calls it, stores before the flag and reads plainly behind it. */
function orderIn(
  root: PlacedFunction,
  of: PlacedFunction,
  flag: Flag,
  sources: FunctionsOf,
): SharedOrder | undefined {
  if (root.fact !== of.fact && isLocking(root, sources)) return undefined;
  const steps = accessesOf(root, sources);
  const at = (wanted: PlacedAccess) => steps.findIndex(({ access }) => isSamePlace(access, wanted));
  const [look, again, store] = [at(flag.look), at(flag.again), at(flag.store)];
  if (look < 0 || again < 0 || store < 0) return undefined;
  const filled = steps.slice(again + 1, store).filter((step) => isFilled(step, flag.store));
  const behind = steps.slice(store + 1);
  for (const { access: field } of filled.toReversed()) {
    const read = behind.find(({ access }) => isReadOf(access, field));
    if (read === undefined) continue;
    return {
      shape: 'MP',
      first: field.field,
      second: flag.store.field,
      accesses: [
        [field, steps[store]!.access],
        [steps[look]!.access, read.access],
      ],
      kinds: [
        ['write', 'write'],
        ['read', 'read'],
      ],
    };
  }
  return undefined;
}

/** A plain store to a field of the flag's object, or of a part of that. */
function isFilled({ access }: Step, { field }: Access): boolean {
  return (
    access.effect === 'write' &&
    access.marking === 'plain' &&
    fieldName(access.field) !== fieldName(field) &&
    (access.field.struct === field.struct || access.outer === field.struct)
  );
}

function isReadOf({ effect, marking, field }: Access, stored: Access): boolean {
  return effect === 'read' && marking === 'plain' && fieldName(field) === fieldName(stored.field);
}
