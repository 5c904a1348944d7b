/** What is known of an access that another side meets as part of the function that makes it, and of the way to it. */

import {
  type FunctionAccess,
  type FunctionFact,
  fieldName,
  type Site,
} from '../facts/file-facts.ts';
import { functionsCalling } from '../facts/functions-of-file.ts';
import type { PlacedFunction } from './function-index.ts';
import { accessesOf, type FunctionsOf, type Step } from './met-orders.ts';
import type { PlacedAccess } from './pairing.ts';
import { locksTaken } from './taken-locks.ts';

/** Whether a function takes a lock before it has come to the accesses, or one of those by which it comes there does, or one
 *  that calls it. */
export function mayLock(
  root: PlacedFunction,
  accesses: readonly PlacedAccess[],
  sources: FunctionsOf,
): boolean {
  const locks = locksUpTo(root, accesses, sources);
  return locks === undefined || locks.size > 0;
}

/** Those locks, by their names; undefined where one of them is not known. */
export function locksUpTo(
  root: PlacedFunction,
  accesses: readonly PlacedAccess[],
  sources: FunctionsOf,
): ReadonlySet<string> | undefined {
  const between = accesses.flatMap(({ via }) => via.slice(0, -1).flatMap(sources.functions));
  const [, ...callers] = withCallers(root, sources);
  const ends = accesses.map(({ span }) => span.end);
  const last = ends.length === 0 ? undefined : Math.max(...ends);
  const taken = [
    locksTaken(root, sources, last),
    ...accesses.flatMap(({ via, inner }) =>
      sources.functions(via.at(-1) ?? '').map((home) => locksTaken(home, sources, inner?.end)),
    ),
    ...[...between, ...callers].map((each) => locksTaken(each, sources)),
  ];
  return taken.includes(undefined) ? undefined : new Set(taken.flatMap((locks) => [...locks!]));
}

/** How many calls up a lock is looked for. */
const UP = 4;

/** A function and those of its file that call it, so many calls up, as long as it is static; each once. */
function withCallers(root: PlacedFunction, { facts }: FunctionsOf): readonly PlacedFunction[] {
  const { file } = root;
  const known = facts(file)?.functions ?? [];
  const found = new Set([root.fact]);
  let level = [root.fact];
  for (let up = 0; up < UP; up++) {
    const names = new Set(level.flatMap(({ isStatic, name }) => (isStatic ? name : [])));
    level = known.filter((fact) => !found.has(fact) && fact.calls.some((name) => names.has(name)));
    for (const fact of level) found.add(fact);
  }
  return [...found].map((fact) => ({ file, fact }));
}

/** Whether the value of a read decides something in the function that makes it. */
export function isTested(access: PlacedAccess, sources: FunctionsOf): boolean {
  return factOf(access, sources)?.isTested === true;
}

/** Whether it is to an object that its function has made itself, or that all who call it, or the one by which it is come to,
 *  give it newly made: nobody else knows it yet. */
export function isNew(access: PlacedAccess, sources: FunctionsOf): boolean {
  const fact = factOf(access, sources);
  return (
    fact?.isNew === true ||
    isGivenNewThere(access, fact?.parameter, sources) ||
    isGivenNew(access, fact?.parameter, sources)
  );
}

/** Whether the function by whose call its own is come to gives that a new object. */
function isGivenNewThere(
  { file, span, via }: PlacedAccess,
  parameter: number | undefined,
  sources: FunctionsOf,
): boolean {
  const [caller, own] = via.slice(-2);
  if (parameter === undefined || caller === undefined) return false;
  const callers =
    own === undefined
      ? functionsAround({ file, span }, sources)
      : sources.functions(caller).map(({ fact }) => fact);
  const calls = callers
    .flatMap(({ callSites }) => callSites)
    .filter(({ name }) => name === (own ?? caller));
  return calls.length > 0 && calls.every(({ newObjects = [] }) => newObjects.includes(parameter));
}

function isGivenNew(
  access: PlacedAccess,
  parameter: number | undefined,
  sources: FunctionsOf,
): boolean {
  const [own] = functionsAround(access, sources);
  if (parameter === undefined || own === undefined || !own.isStatic) return false;
  const calls = functionsCalling(sources.facts(access.innerFile ?? access.file), own.name)
    .flatMap(({ callSites }) => callSites)
    .filter(({ name }) => name === own.name);
  return calls.length > 0 && calls.every(({ newObjects = [] }) => newObjects.includes(parameter));
}

/** Whether a function sets up an object that nobody else knows yet: it stores the flag plainly where others, its `users`, mark
 *  their stores, or without an atomic operation where all others change it by one. */
export function isSetUp(
  flag: PlacedAccess,
  root: PlacedFunction,
  users: readonly PlacedFunction[],
): boolean {
  const { effect, marking, field } = flag;
  if (effect !== 'write') return false;
  const name = fieldName(field);
  const [file, { start }] = [flag.innerFile ?? flag.file, flag.inner ?? flag.span];
  const changes = users
    .filter((user) => user.file !== root.file || user.fact.name !== root.fact.name)
    .flatMap((user) =>
      user.fact.accesses.filter((each) => user.file !== file || each.span.start !== start),
    )
    .filter((each) => each.effect !== 'read' && fieldName(each.field) === name);
  const isCounted =
    changes.length > 0 &&
    changes.every((each) => each.effect === 'read-write' && each.marking === 'atomic');
  return isCounted || (marking === 'plain' && changes.some((each) => each.marking !== 'plain'));
}

/** Whether it is a second look at a field, which decides, behind another read: one of the functions `roots` makes both, itself
 *  or in what it calls, and has read the field before that. */
export function isReadAgain(
  access: PlacedAccess,
  read: PlacedAccess,
  roots: readonly PlacedFunction[],
  sources: FunctionsOf,
): boolean {
  const name = fieldName(access.field);
  return roots.some((root) => {
    const steps = accessesOf(root, sources);
    const at = (wanted: PlacedAccess) => steps.findIndex((step) => isMadeAt(step, wanted));
    const [first, again] = [at(read), at(access)];
    return (
      first >= 0 &&
      again > first &&
      steps[again]!.isTested &&
      steps
        .slice(0, first)
        .some(({ made: { effect, field } }) => effect === 'read' && fieldName(field) === name)
    );
  });
}

/** Whether a step is an access of one function, however the two are come to. */
export function isMadeAt(
  { made, madeIn }: Step,
  { file, span, inner = span, innerFile = file }: PlacedAccess,
): boolean {
  return made.span.start === inner.start && madeIn === innerFile;
}

/** Whether an atomic operation makes an access and orders nothing. */
export function isRelaxed(access: PlacedAccess, sources: FunctionsOf): boolean {
  return access.marking === 'atomic' && siteAt(access, sources) === undefined;
}

/** The operation that orders and makes an access, where one of the kernel's does. */
export function siteAt(
  { file, span, inner, innerFile }: PlacedAccess,
  { facts }: FunctionsOf,
): Site | undefined {
  const { start } = inner ?? span;
  return facts(innerFile ?? file)?.sites.find((site) => site.span.start === start);
}

/** What is known of an access as part of the function that makes it. */
export function factOf(access: PlacedAccess, sources: FunctionsOf): FunctionAccess | undefined {
  const { start, end } = access.inner ?? access.span;
  const there = accessesBeside(access, sources).filter(
    (each) => each.span.start === start && each.span.end === end,
  );
  // What a macro brings all stands at its use.
  const name = fieldName(access.field);
  return (
    there.find(({ field, effect }) => fieldName(field) === name && effect === access.effect) ??
    there[0]
  );
}

/** The accesses of the function that makes an access. */
export function accessesBeside(
  access: PlacedAccess,
  sources: FunctionsOf,
): readonly FunctionAccess[] {
  return functionsAround(access, sources).flatMap(({ accesses }) => accesses);
}

/** The function that makes an access; several where they share their text. */
export function functionsAround(
  { file, span, inner, innerFile }: Pick<PlacedAccess, 'file' | 'span' | 'inner' | 'innerFile'>,
  { facts }: FunctionsOf,
): readonly FunctionFact[] {
  const { start, end } = inner ?? span;
  const found = facts(innerFile ?? file)?.functions.filter(
    (fact) => fact.span.start <= start && end <= fact.span.end,
  );
  return found ?? [];
}

/** Whether a function is so small that it may do no more than look at a field, or store one, for who calls it. */
export function isSmall({ accesses, callSites }: FunctionFact): boolean {
  return accesses.length <= 3 && callSites.length <= 2;
}
