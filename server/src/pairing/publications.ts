/**
 * Functions that meet by a pointer: one fills an object and stores a pointer to it, the other one finds the pointer
 * without a lock and reads a field behind it. Unless the pointer is stored by a release (or behind a write barrier), and
 * after the field, the reader may find the object as it was before (rcu_dereference.rst; litmus test MP+onceassign+derefonce).
 */

import {
  type Access,
  type Fillings,
  type FunctionAccess,
  type FunctionFact,
  fieldName,
  type Publication,
  type PublishedHow,
} from '../facts/file-facts.ts';
import { sitesOfFunction } from '../facts/sites-of-function.ts';
import { once, remembering } from '../memo/once.ts';
import type { Span } from '../text/span.ts';
import { isRelaxed, isSmall } from './as-made.ts';
import type { PlacedFunction } from './function-index.ts';
import type { FunctionsOfTree } from './functions-of-tree.ts';
import { accessesOf, calleeOf, type FunctionsOf, within } from './met-orders.ts';
import { type PlacedAccess, type Started, startedField } from './pairing.ts';
import type { FindMeetings, Meeting } from './store-buffering.ts';
import { isLocking } from './taken-locks.ts';

/** What is wrong with how an object is published: the pointer is stored by nothing that orders, or too early; what is waited
 *  for in it, too. */
export type PublicationFault = 'unordered' | 'early';

/** A pointer that more functions read says little of who meets whom. */
const MOST_READERS = 12;

/** The functions that may find an object before its fields. */
export function publications(fault: PublicationFault, sources: FunctionsOfTree): FindMeetings {
  const runs = once(() => runnersOf(sources.running()));
  const readers = remembering((pointer: string) => readersOf(pointer, sources));
  const writersIn = (of: PlacedFunction) =>
    (of.fact.publications ?? []).flatMap(
      (each) => filledObject(fault, of, each, runs(), sources) ?? [],
    );
  return (file) => {
    const functions = file === undefined ? sources.all() : mayFill(file, sources);
    const isMeant = ({ function: of, pointer, start }: Filled) =>
      file === undefined ||
      of.file === file ||
      start !== undefined ||
      sources.reached(file).has(fieldName(pointer.field));
    return functions
      .flatMap(writersIn)
      .filter(isMeant)
      .flatMap((writer) => {
        const found =
          writer.start === undefined
            ? readers(fieldName(writer.pointer.field))
            : startedReader(writer, writer.start, sources);
        const meet = writer.isOnPlainList ? found.filter(isMarked) : found;
        return meet.length > MOST_READERS
          ? []
          : meet.flatMap((reader) => meeting(fault, writer, reader, sources));
      });
  };
}

/** The functions of a file that make objects known, and those that do so with what the file reads. */
function mayFill(file: string, sources: FunctionsOfTree): readonly PlacedFunction[] {
  const own = sources.ofFile(file);
  const read = own.flatMap(({ fact }) =>
    fact.accesses.flatMap(({ effect, field }) => (effect === 'read' ? (field.struct ?? []) : [])),
  );
  return sources.inOrder([...own, ...[...new Set(read)].flatMap(sources.publishing)]);
}

/** An object that a function fills, and the pointer by which others find it. */
interface Filled {
  readonly function: PlacedFunction;
  readonly pointer: PlacedAccess;
  readonly fields: readonly PlacedAccess[];
  readonly start?: Started;
  /** It is added to a list by what leaves it to a lock who walks there when: only a walk that takes none meets it. */
  readonly isOnPlainList: boolean;
}

function isMarked({ pointer }: Reader): boolean {
  return pointer.marking !== 'plain';
}

function filledObject(
  fault: PublicationFault,
  of: PlacedFunction,
  publication: Publication,
  runs: Runners,
  sources: FunctionsOf,
): Filled | undefined {
  const { how, struct, isNew = false, isLocked = false } = publication;
  const start = how.kind === 'started' ? startOf(how, struct, runs) : undefined;
  const at =
    how.kind === 'started'
      ? start && startAccess(of, publication.span, start, 'write')
      : pointerOf(of, publication, sources);
  if (at === undefined || at.field.struct === '?') return undefined;
  const filled = ({ stores, calls }: Fillings): readonly PlacedAccess[] => [
    ...of.fact.accesses
      .filter(
        ({ effect, field, span }) =>
          effect === 'write' &&
          field.struct === struct &&
          stores.some(({ start, end }) => start === span.start && end === span.end),
      )
      .map((access) => ({ ...access, file: of.file })),
    ...calls.flatMap((name) => filledIn(of, name, struct, sources)),
  ];
  const before = filled(publication.before);
  switch (fault) {
    case 'unordered': {
      const isPlain = at.marking === 'plain' || at.marking === 'marked';
      const isStored = how.kind !== 'completion' && how.kind !== 'started';
      return (isStored && isLocked && isPlain) || isUnorderedUpdate(at, sources)
        ? {
            function: of,
            pointer: at,
            fields: before,
            isOnPlainList: how.kind === 'entry' && isPlain,
          }
        : undefined;
    }
    case 'early': {
      const isKnown =
        how.kind === 'completion' ? isLocked : !isNew && !isAllocating(of, publication, sources);
      if (at.marking === 'plain' || isKnown) return undefined;
      const known = new Set(before.map(({ field }) => field.name));
      const fields = filled(publication.after).filter(
        ({ field, marking }) => marking === 'plain' && !known.has(field.name),
      );
      return { function: of, pointer: at, fields, isOnPlainList: false, ...(start && { start }) };
    }
  }
}

/** Whether an object is given a number by which it is found: one that the function was given cannot be found so before. */
function isAllocating(
  { file, fact }: PlacedFunction,
  { how, span: { start } }: Publication,
  sources: FunctionsOf,
): boolean {
  return (
    how.kind === 'entry' &&
    how.isGiven &&
    sitesOfFunction(sources.facts(file), fact.name).some(
      ({ primitive, span }) => span.start === start && ALLOCATING.test(primitive),
    )
  );
}

const ALLOCATING = /^(?:idr|xa)_(?:alloc|insert)/;

/** Whether an atomic operation stores a pointer and does not order before it what was stored. */
function isUnorderedUpdate(at: PlacedAccess, sources: FunctionsOf): boolean {
  return at.effect === 'read-write' && (at.marking === 'acquire' || isRelaxed(at, sources));
}

/** By `struct.member`: the function that it runs; none where it is told to run several. */
type Runners = ReadonlyMap<string, string | undefined>;

function runnersOf(functions: readonly PlacedFunction[]): Runners {
  const found = new Map<string, string | undefined>();
  for (const { struct, member, runs } of functions.flatMap(({ fact }) => fact.runners ?? [])) {
    const name = fieldName({ struct, name: member });
    found.set(name, found.has(name) && found.get(name) !== runs ? undefined : runs);
  }
  return found;
}

function startOf(
  { by, runs, member }: Extract<PublishedHow, { kind: 'started' }>,
  struct: string,
  known: Runners,
): Started | undefined {
  const name =
    runs ?? (member === undefined ? undefined : known.get(fieldName({ struct, name: member })));
  return name === undefined ? undefined : { by, runs: name };
}

/** That a function is started, or the look whether it was, at a place of `of`. */
function startAccess(
  { file, fact }: PlacedFunction,
  span: Span,
  { runs }: Started,
  effect: 'read' | 'write',
): PlacedAccess {
  const line = fact.callSites.find((call) => call.span.start === span.start)?.line ?? fact.line;
  return {
    field: { name: startedField(runs) },
    effect,
    marking: effect === 'write' ? 'release' : 'acquire',
    file,
    span,
    line,
    via: [],
    distance: 0,
    on: 'every-path',
  };
}

/** The function that is started. */
function startedReader(
  { function: of }: Filled,
  start: Started,
  sources: FunctionsOf,
): readonly Reader[] {
  const reader = calleeOf(start.runs, of, sources);
  if (reader === undefined) return [];
  const { start: entry } = reader.fact.span;
  const pointer = startAccess(reader, { start: entry, end: entry }, start, 'read');
  return [{ function: reader, pointer }];
}

/** The access that stores the pointer, in the function or in one that it gives the object to. */
function pointerOf(
  of: PlacedFunction,
  { span, struct, how }: Publication,
  sources: FunctionsOf,
): PlacedAccess | undefined {
  if (how.kind !== 'handed-on') {
    const own = storeAt(of.fact, span);
    return own && { ...own, file: of.file };
  }
  const { to } = how;
  const call = of.fact.callSites.find((each) => each.name === to && each.span.start === span.start);
  const callee = call && calleeOf(to, of, sources);
  if (call === undefined || callee === undefined) return undefined;
  const given = callee.fact.publications?.find(
    ({ how, struct: of }) => 'isGiven' in how && how.isGiven && of === struct,
  );
  const store = given && storeAt(callee.fact, given.span);
  return store && within(of, call, store, callee.file, [to]);
}

/** What is stored at a place; what is added to a list stores its own links, too. */
function storeAt({ accesses }: FunctionFact, { start }: Span): FunctionAccess | undefined {
  const stores = accesses.filter(({ span, effect }) => span.start === start && effect !== 'read');
  return stores.find(({ marking }) => marking !== 'plain') ?? stores[0];
}

/** The fields that a called function stores in objects of the type. */
function filledIn(
  of: PlacedFunction,
  name: string,
  struct: string,
  sources: FunctionsOf,
): readonly PlacedAccess[] {
  const call = of.fact.callSites.find((each) => each.name === name);
  const callee = call && calleeOf(name, of, sources);
  if (call === undefined || callee === undefined) return [];
  return callee.fact.accesses
    .filter(({ effect, field }) => effect === 'write' && field.struct === struct)
    .map((access) => within(of, call, access, callee.file, [name]));
}

/** A function that finds a pointer without a lock. */
interface Reader {
  readonly function: PlacedFunction;
  readonly pointer: PlacedAccess;
}

/** The functions without a lock that read a pointer, by its name, themselves or in what they call. */
function readersOf(pointer: string, sources: FunctionsOfTree): readonly Reader[] {
  const isRead = (access: Access) =>
    fieldName(access.field) === pointer && (access.effect === 'read' || isTakenOut(access));
  const isWait = ({ file, fact }: PlacedFunction, { field, span }: Access) =>
    fieldName(field) === pointer &&
    sitesOfFunction(sources.facts(file), fact.name).some(
      ({ category, span: { start } }) => category === 'sleep' && start === span.start,
    );
  const gotIn = (fact: FunctionFact) =>
    fact.accesses.filter((access) => isRead(access) && (isSmall(fact) || isReturned(access)));
  const users = sources.accessing(pointer);
  const getters = new Set(users.filter(({ fact }) => gotIn(fact).length > 0).map(nameOf));
  const callers = [...getters].flatMap(sources.calling);
  return sources.inOrder([...users, ...callers]).flatMap((of) => {
    const own = of.fact.accesses
      .filter((access) => isRead(access) || isWait(of, access))
      .map((access): PlacedAccess => ({ ...access, file: of.file }));
    const got = of.fact.callSites
      .filter(({ name }) => getters.has(name))
      .flatMap((call) => {
        const callee = calleeOf(call.name, of, sources);
        if (callee === undefined) return [];
        return gotIn(callee.fact).map((access) =>
          within(of, call, access, callee.file, [call.name]),
        );
      });
    return [...own, ...got]
      .filter(({ span }) => !isLocking(of, sources, span.start))
      .map((access) => ({ function: of, pointer: access }));
  });
}

/** Whether it is the last thing that a function does, and is its value: behind what it has locked. */
function isReturned({ isTested, toExit }: FunctionAccess): boolean {
  return isTested === true && toExit === 1;
}

/** Whether an exchange takes what is there. */
function isTakenOut({ effect, marking }: Access): boolean {
  return effect === 'read-write' && (marking === 'atomic' || marking === 'acquire');
}

function nameOf({ fact }: PlacedFunction): string {
  return fact.name;
}

function meeting(
  fault: PublicationFault,
  writer: Filled,
  reader: Reader,
  sources: FunctionsOf,
): readonly Meeting[] {
  if (writer.function.fact === reader.function.fact) return [];
  const behind = accessesOf(reader.function, sources).filter(
    ({ made: { effect }, span }) =>
      effect === 'read' &&
      span.start >= reader.pointer.span.start &&
      !isLocking(reader.function, sources, span.start),
  );
  const met = writer.fields.flatMap((field): readonly [PlacedAccess, PlacedAccess][] => {
    const read = behind.find(({ made }) => fieldName(made.field) === fieldName(field.field));
    return read === undefined ? [] : [[field, read.access]];
  });
  return met.slice(0, 1).map(([field, read]) => {
    return {
      functions: [writer.function, reader.function],
      order: {
        shape: 'MP',
        first: field.field,
        second: writer.pointer.field,
        accesses: [
          fault === 'early' ? [writer.pointer, field] : [field, writer.pointer],
          [reader.pointer, read],
        ],
        kinds: [
          ['write', 'write'],
          ['read', 'read'],
        ],
        ...(fault === 'early' && { misplaced: 'late-store' as const }),
        ...(writer.start && { start: writer.start }),
      },
    };
  });
}
