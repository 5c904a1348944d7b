/**
 * Initialisation that is checked twice: a function looks at a flag without a lock, takes the lock where it is not set, itself or
 * in what it calls, looks again, fills fields and sets the flag. Who finds it set takes no lock and can find the fields as they were, unless the flag
 * is stored by a release and read by an acquire (memory-barriers.txt, "SMP BARRIER PAIRING"; litmus test MP+poonceonces).
 */

import {
  type Access,
  type FunctionAccess,
  type FunctionFact,
  fieldName,
} from '../facts/file-facts.ts';
import { sitesOfFunction } from '../facts/sites-of-function.ts';
import type { Span } from '../text/span.ts';
import { isOrdering } from './announcements.ts';
import { functionsAround, isMadeAt } from './as-made.ts';
import type { PlacedFunction } from './function-index.ts';
import type { FunctionsOfTree } from './functions-of-tree.ts';
import { accessesOf, type FunctionsOf, type Step } from './met-orders.ts';
import type { PlacedAccess, SharedOrder } from './pairing.ts';
import type { FindMeetings, Meeting } from './store-buffering.ts';
import { isLocking } from './taken-locks.ts';

/** So many of those that call such a function are looked at, and of those that call them. */
const MOST_CALLERS = 4;

/** The functions that look again under a lock, each with who has looked without: itself, or one that calls it;
 *  for each flag the field that is stored last of what that reads behind. */
export function doubleChecks(sources: FunctionsOfTree): FindMeetings {
  return (file) =>
    (file === undefined ? sources.all() : calledFrom(file, sources)).flatMap((of) =>
      checkedTwice(of, sources),
    );
}

/** The functions of a file and those that they call, as many calls down as callers are looked at. */
function calledFrom(file: string, sources: FunctionsOfTree): readonly PlacedFunction[] {
  const own = sources.ofFile(file);
  const below = (of: readonly PlacedFunction[]) =>
    [...new Set(of.flatMap(({ fact }) => fact.calls))].flatMap(sources.functions);
  const called = below(own);
  return sources.inOrder([...own, ...called, ...below(called)]);
}

function checkedTwice(of: PlacedFunction, sources: FunctionsOfTree): readonly Meeting[] {
  const flags = flagsOf(of, sources);
  if (flags.length === 0) return [];
  const above = ({ fact }: PlacedFunction) => sources.calling(fact.name).slice(0, MOST_CALLERS);
  const roots = [...new Set([of, ...above(of), ...above(of).flatMap(above)])]
    .filter((root) => root.fact === of.fact || !isLocking(root, sources))
    .map((root) => ({ root, steps: accessesOf(root, sources) }));
  return flags.flatMap((flag) => {
    for (const { root, steps } of roots) {
      const order = orderIn(steps, of, flag, sources);
      if (order !== undefined) return [{ functions: [of, root] as const, order }];
    }
    return [];
  });
}

/** What a function does under its lock, be it in what it calls. */
interface Flag {
  /** The second look at the flag. */
  readonly again: PlacedAccess;
  /** What is stored plainly between that and the store to the flag. */
  readonly filled: readonly PlacedAccess[];
  readonly store: PlacedAccess;
}

function flagsOf(of: PlacedFunction, sources: FunctionsOf): readonly Flag[] {
  const { file, fact } = of;
  const sites = sitesOfFunction(sources.facts(file), fact.name);
  const locked = sites.find(({ category }) => category === 'lock');
  const released = sites.findLast(({ category }) => category === 'unlock');
  if (locked === undefined || released === undefined || isOrdering(of, sources)) return [];
  const isInside = ({ span }: { readonly span: Span }) =>
    span.start > locked.span.end && span.end < released.span.start;
  if (!fact.accesses.some((each) => isInside(each) && each.isTested)) return [];
  const inside = accessesOf(of, sources).filter(isInside);
  return inside.flatMap((again, at) => {
    const { made } = again;
    if (!isLook(made)) return [];
    const behind = inside.slice(at + 1);
    const name = fieldName(made.field);
    const last = behind.findIndex(
      ({ made: { effect, field } }) => effect === 'write' && fieldName(field) === name,
    );
    const filled = behind.slice(0, Math.max(0, last)).filter((each) => isFilled(each.made, made));
    return filled.length === 0
      ? []
      : [
          {
            again: again.access,
            filled: filled.map(({ access }) => access),
            store: behind[last]!.access,
          },
        ];
  });
}

/** A look that decides, be it by an operation that takes what it finds there (`atomic_inc_not_zero()`). */
function isLook({ effect, isTested, field }: FunctionAccess): boolean {
  return effect !== 'write' && isTested === true && field.struct !== '?';
}

/** What `of` stores before the flag, and a function with those `steps`, which is `of` or calls it, reads plainly behind a look
 *  at the flag. */
function orderIn(
  steps: readonly Step[],
  of: PlacedFunction,
  { again, filled, store }: Flag,
  sources: FunctionsOf,
): SharedOrder | undefined {
  const inside = steps.findIndex((step) => isMadeAt(step, again));
  const name = fieldName(again.field);
  const look = steps
    .slice(0, Math.max(0, inside))
    .find(
      ({ made }) => isLook(made) && made.marking !== 'acquire' && fieldName(made.field) === name,
    );
  if (look === undefined) return undefined;
  const filling = new Set(filled.flatMap((each) => functionsAround(each, sources)));
  const behind = steps.slice(inside + 1);
  for (const field of filled.toReversed()) {
    const read = behind.find(
      (step) => isReadOf(step.made, field) && !isSameFunction(step.access, of, filling, sources),
    )?.access;
    if (read === undefined) continue;
    return {
      shape: 'MP',
      first: field.field,
      second: store.field,
      isFlag: true,
      accesses: [
        [field, store],
        [look.access, read],
      ],
      kinds: [
        ['write', 'write'],
        ['read', 'read'],
      ],
    };
  }
  return undefined;
}

/** Whether an access is one of those that fill: of another function than `of`, which reads behind, too. */
function isSameFunction(
  access: PlacedAccess,
  { fact }: PlacedFunction,
  filling: ReadonlySet<FunctionFact>,
  sources: FunctionsOf,
): boolean {
  return functionsAround(access, sources).some((each) => each !== fact && filling.has(each));
}

/** A plain store to a field of the flag's object, or of a part of that, or to a variable beside it. */
function isFilled({ effect, marking, field, outer }: Access, flag: Access): boolean {
  return (
    effect === 'write' &&
    marking === 'plain' &&
    fieldName(field) !== fieldName(flag.field) &&
    (field.struct === flag.field.struct || outer === flag.field.struct)
  );
}

function isReadOf({ effect, marking, field }: Access, stored: Access): boolean {
  return effect === 'read' && marking === 'plain' && fieldName(field) === fieldName(stored.field);
}
