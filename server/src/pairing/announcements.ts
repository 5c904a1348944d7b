/**
 * Functions that meet by a flag or a count: one stores plain fields and then a flag of the same object, the other one looks
 * at the flag without a lock and takes the fields where it is set. Unless both order the two, the flag can be seen before the
 * fields (memory-barriers.txt, "SMP BARRIER PAIRING"; litmus test MP+poonceonces).
 */

import { type Access, type FunctionAccess, fieldName } from '../facts/file-facts.ts';
import { sitesOfFunction, sitesStartingAt } from '../facts/sites-of-function.ts';
import { primitive } from '../kernel/primitives.ts';
import { mayLock } from './as-made.ts';
import type { PlacedFunction } from './function-index.ts';
import type { FunctionsOf } from './met-orders.ts';
import type { PlacedAccess } from './pairing.ts';
import type { Meeting } from './store-buffering.ts';

/** A flag that more functions look at says little of who meets whom. */
const MOST_READERS = 6;

/** All functions of `functions` that meet so: for each two the field that is stored last. */
export function announcements(
  functions: readonly PlacedFunction[],
  sources: FunctionsOf,
): readonly Meeting[] {
  const writers = functions.flatMap((of) => announcedBy(of, sources));
  if (writers.length === 0) return [];
  const flags = new Set(writers.map(({ flag }) => fieldName(flag.field)));
  const fields = new Set(
    writers.flatMap((each) => each.fields.map(({ field }) => fieldName(field))),
  );
  const readers = readersOf(flags, functions);
  const storing = storersOf(fields, functions);
  return writers.flatMap((writer) => {
    const name = fieldName(writer.flag.field);
    const announcing = new Set(
      writers
        .filter(({ flag }) => fieldName(flag.field) === name)
        .map((each) => each.function.fact),
    );
    const own = writer.fields.filter(({ field }) =>
      [...(storing.get(fieldName(field)) ?? [])].every((fact) => announcing.has(fact)),
    );
    const found = readers.get(name) ?? [];
    return found.length > MOST_READERS
      ? []
      : found.flatMap((reader) => meeting({ ...writer, fields: own }, reader, sources));
  });
}

/** A function that stores fields and then their flag. */
interface Announcing {
  readonly function: PlacedFunction;
  readonly flag: PlacedAccess;
  /** What it stores plainly before, the last one first. */
  readonly fields: readonly PlacedAccess[];
}

function announcedBy(of: PlacedFunction, sources: FunctionsOf): readonly Announcing[] {
  const stores = of.fact.accesses.filter(
    ({ effect, isNew }) => effect !== 'read' && isNew !== true,
  );
  if (!stores.some(isFlagStore)) return [];
  const placed = (access: FunctionAccess): PlacedAccess => ({ ...access, file: of.file });
  return stores.filter(isFlagStore).flatMap((flag) => {
    if (isOrdered(flag, of, sources)) return [];
    const before = stores.filter(
      (store) =>
        store.marking === 'plain' &&
        store.effect === 'write' &&
        isOfOne(store, flag) &&
        store.span.start < flag.span.start,
    );
    const announced = { function: of, flag: placed(flag), fields: before.map(placed).toReversed() };
    return before.length === 0 ? [] : [announced];
  });
}

/** Whether a field is one of the flag's object, or of a part of that. */
function isOfOne({ field, outer }: Access, flag: Access): boolean {
  return field.struct === flag.field.struct || outer === flag.field.struct;
}

/** Marked, or an atomic operation that orders nothing by itself; not what releases. */
function isFlagStore({ marking, field }: FunctionAccess): boolean {
  return (
    field.struct !== undefined &&
    field.struct !== '?' &&
    (marking === 'marked' || marking === 'atomic')
  );
}

/** Whether a store orders by itself: that of a sequence counter, or of an atomic operation that returns a value. */
function isOrdered({ span }: Access, { file }: PlacedFunction, { facts }: FunctionsOf): boolean {
  return sitesStartingAt(facts(file), span.start).some(
    ({ category, primitive: name }) =>
      category.startsWith('seqcount-') || primitive(name)?.orders.length !== 0,
  );
}

/** The functions that store one of the fields, by its name. */
function storersOf(
  fields: ReadonlySet<string>,
  functions: readonly PlacedFunction[],
): ReadonlyMap<string, ReadonlySet<PlacedFunction['fact']>> {
  const found = new Map<string, Set<PlacedFunction['fact']>>();
  for (const { fact } of functions)
    for (const { effect, field, isNew } of fact.accesses) {
      const name = fieldName(field);
      if (effect === 'read' || isNew === true || !fields.has(name)) continue;
      found.set(name, (found.get(name) ?? new Set()).add(fact));
    }
  return found;
}

interface Reader {
  readonly function: PlacedFunction;
  readonly flag: FunctionAccess;
}

/** The functions that look at one of the flags by a marked read which decides. */
function readersOf(
  flags: ReadonlySet<string>,
  functions: readonly PlacedFunction[],
): ReadonlyMap<string, readonly Reader[]> {
  const found = new Map<string, Reader[]>();
  for (const of of functions)
    for (const flag of of.fact.accesses) {
      const name = fieldName(flag.field);
      if (flag.effect !== 'read' || flag.marking !== 'marked' || flag.isTested !== true) continue;
      if (!flags.has(name)) continue;
      found.set(name, [...(found.get(name) ?? []), { function: of, flag }]);
    }
  return found;
}

function meeting(writer: Announcing, reader: Reader, sources: FunctionsOf): readonly Meeting[] {
  if (writer.function.fact === reader.function.fact) return [];
  const { file } = reader.function;
  const flag = { ...reader.flag, file };
  const behind = reader.function.fact.accesses.filter(
    ({ effect, marking, span }) =>
      effect === 'read' && marking === 'plain' && span.start > flag.span.start,
  );
  const [met] = writer.fields.flatMap((field) => {
    const read = behind.find((access) => fieldName(access.field) === fieldName(field.field));
    return read === undefined ? [] : [{ field, read: { ...read, file } }];
  });
  if (met === undefined || mayLock(reader.function, [flag, met.read], sources)) return [];
  if ([writer.function, reader.function].some((of) => isOrdering(of, sources))) return [];
  return [
    {
      functions: [writer.function, reader.function],
      order: {
        shape: 'MP',
        first: met.field.field,
        second: writer.flag.field,
        accesses: [
          [met.field, writer.flag],
          [flag, met.read],
        ],
        kinds: [
          ['write', 'write'],
          ['read', 'read'],
        ],
        isDecided: true,
      },
    },
  ];
}

/** Whether somebody has thought of order in a function: what a barrier, release or acquire is for is asked of that, and what is
 *  ordered for the compiler alone is met on the same CPU. */
export function isOrdering({ file, fact }: PlacedFunction, { facts }: FunctionsOf): boolean {
  return sitesOfFunction(facts(file), fact.name).some(
    ({ explicit, category }) => explicit || category === 'release' || category === 'acquire',
  );
}
