/**
 * Functions that meet by a pointer: one fills an object and stores a pointer to it, the other one finds the pointer
 * without a lock and reads a field behind it. Unless the pointer is stored by a release (or behind a write barrier), and
 * after the field, the reader may find the object as it was before (rcu_dereference.rst; litmus test MP+onceassign+derefonce).
 */

import {
  type Access,
  type FunctionAccess,
  type FunctionFact,
  fieldName,
  type Publication,
} from '../facts/file-facts.ts';
import { sitesOfFunction } from '../facts/sites-of-function.ts';
import type { Span } from '../text/span.ts';
import type { PlacedFunction } from './function-index.ts';
import { calleeOf, type FunctionsOf, within } from './met-orders.ts';
import type { PlacedAccess } from './pairing.ts';
import type { Meeting } from './store-buffering.ts';
import { isLocking } from './taken-locks.ts';

/** What is wrong with how an object is published: the pointer is stored by nothing that orders, or too early; what is waited
 *  for in it, too. */
export type PublicationFault = 'unordered' | 'early';

/** A pointer that more functions read says little of who meets whom. */
const MOST_READERS = 12;

/** The functions that may find an object before its fields. */
export function publications(
  fault: PublicationFault,
  functions: readonly PlacedFunction[],
  sources: FunctionsOf,
): readonly Meeting[] {
  const writers = functions.flatMap((of) =>
    (of.fact.publications ?? []).flatMap((each) => filledObject(fault, of, each, sources) ?? []),
  );
  if (writers.length === 0) return [];
  const pointers = new Set(writers.map(({ pointer }) => fieldName(pointer.field)));
  const readers = readersOf(pointers, functions, sources);
  return writers.flatMap((writer) => {
    const found = readers.get(fieldName(writer.pointer.field)) ?? [];
    return found.length > MOST_READERS
      ? []
      : found.flatMap((reader) => meeting(fault, writer, reader));
  });
}

/** An object that a function fills, and the pointer by which others find it. */
interface Filled {
  readonly function: PlacedFunction;
  readonly pointer: PlacedAccess;
  readonly fields: readonly PlacedAccess[];
}

function filledObject(
  fault: PublicationFault,
  of: PlacedFunction,
  publication: Publication,
  sources: FunctionsOf,
): Filled | undefined {
  const at = pointerOf(of, publication, sources);
  if (at === undefined || at.field.struct === '?') return undefined;
  const own = (spans: Publication['before']) =>
    of.fact.accesses
      .filter(
        ({ effect, field, span }) =>
          effect === 'write' &&
          field.struct === publication.struct &&
          spans.some(({ start, end }) => start === span.start && end === span.end),
      )
      .map((access) => ({ ...access, file: of.file }));
  const before = own(publication.before);
  switch (fault) {
    case 'unordered': {
      if (publication.isLocked !== true || publication.isCompleted || publication.by)
        return undefined;
      if (at.marking !== 'plain' && at.marking !== 'marked') return undefined;
      const filled = publication.filledBy.flatMap((name) =>
        filledIn(of, name, publication.struct, sources),
      );
      return { function: of, pointer: at, fields: [...before, ...filled] };
    }
    case 'early': {
      const { isNew, isCompleted, isLocked } = publication;
      if (at.marking === 'plain' || (isCompleted ? isLocked : !isNew)) return undefined;
      const known = new Set(before.map(({ field }) => field.name));
      const fields = own(publication.after).filter(
        ({ field, marking }) => marking === 'plain' && !known.has(field.name),
      );
      return { function: of, pointer: at, fields };
    }
  }
}

/** The access that stores the pointer, in the function or in one that it gives the object to. */
function pointerOf(
  of: PlacedFunction,
  { span, struct, by }: Publication,
  sources: FunctionsOf,
): PlacedAccess | undefined {
  if (by === undefined) {
    const own = storeAt(of.fact, span);
    return own && { ...own, file: of.file };
  }
  const call = of.fact.callSites.find((each) => each.name === by && each.span.start === span.start);
  const callee = call && calleeOf(by, of, sources);
  const given = callee?.fact.publications?.find(
    (each) => each.isGiven === true && each.struct === struct,
  );
  const store = given && storeAt(callee!.fact, given.span);
  return store && within(of, call, store, callee!.file, [by]);
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

/** The functions without a lock that read one of the pointers, themselves or in what they call. */
function readersOf(
  pointers: ReadonlySet<string>,
  functions: readonly PlacedFunction[],
  sources: FunctionsOf,
): ReadonlyMap<string, readonly Reader[]> {
  const found = new Map<string, Reader[]>();
  const isRead = ({ effect, field }: Access) => effect === 'read' && pointers.has(fieldName(field));
  const isWait = ({ file, fact }: PlacedFunction, { field, span }: Access) =>
    pointers.has(fieldName(field)) &&
    sitesOfFunction(sources.facts(file), fact.name).some(
      ({ category, span: { start } }) => category === 'sleep' && start === span.start,
    );
  const getters = new Set(
    functions.filter(({ fact }) => isGetter(fact) && fact.accesses.some(isRead)).map(nameOf),
  );
  for (const of of functions) {
    const own = of.fact.accesses
      .filter((access) => isRead(access) || isWait(of, access))
      .map((access): PlacedAccess => ({ ...access, file: of.file }));
    const got = of.fact.callSites
      .filter(({ name }) => getters.has(name))
      .flatMap((call) => {
        const callee = calleeOf(call.name, of, sources);
        const read = callee?.fact.accesses.filter(isRead) ?? [];
        return read.map((access) => within(of, call, access, callee!.file, [call.name]));
      });
    if (own.length + got.length === 0 || isLocking(of, sources)) continue;
    for (const pointer of [...own, ...got]) {
      const name = fieldName(pointer.field);
      found.set(name, [...(found.get(name) ?? []), { function: of, pointer }]);
    }
  }
  return found;
}

function nameOf({ fact }: PlacedFunction): string {
  return fact.name;
}

/** Whether a function is so small that it may only fetch a pointer. */
function isGetter({ accesses, callSites }: FunctionFact): boolean {
  return accesses.length <= 3 && callSites.length <= 2;
}

function meeting(fault: PublicationFault, writer: Filled, reader: Reader): readonly Meeting[] {
  if (writer.function.fact === reader.function.fact) return [];
  const behind = reader.function.fact.accesses.filter(
    ({ effect, span }) => effect === 'read' && span.start >= reader.pointer.span.start,
  );
  const met = writer.fields.flatMap((field): readonly [PlacedAccess, FunctionAccess][] => {
    const read = behind.find((access) => fieldName(access.field) === fieldName(field.field));
    return read === undefined ? [] : [[field, read]];
  });
  return met.slice(0, 1).map(([field, read]) => {
    const { file } = reader.function;
    return {
      functions: [writer.function, reader.function],
      order: {
        shape: 'MP',
        first: field.field,
        second: writer.pointer.field,
        accesses: [
          fault === 'early' ? [writer.pointer, field] : [field, writer.pointer],
          [reader.pointer, { ...read, file }],
        ],
        kinds: [
          ['write', 'write'],
          ['read', 'read'],
        ],
        ...(fault === 'early' && { misplaced: 'late-store' as const }),
      },
    };
  });
}
