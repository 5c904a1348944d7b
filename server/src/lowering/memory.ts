/**
 * What is known of shared memory over all threads. The lowering is repeated until this no longer
 * grows: it starts from the optimistic view that no location is shared and each keeps its initial
 * value, and every access that contradicts the view corrects it for the next round.
 */

import { rootOf } from '../program/address.ts';
import { type Candidates, only, unionOf } from '../program/candidates.ts';
import { wrap } from '../program/integer.ts';
import type { LocationName } from '../program/program.ts';
import type { CInteger, CType } from './ctype.ts';
import { stringBytes } from './literal.ts';
import { type CharSource, charType } from './plain-char.ts';
import { addBit, addRange, addWhole, type Range, type Storage, shapeOf } from './storage.ts';
import type { Known } from './value.ts';

export interface Memory {
  readonly initial: (location: LocationName) => Known;
  readonly next: NextRound;
  /** Where it is noted what one thread reads and adds in one round; without it nothing is. */
  readonly notes?: MemoryNotes;
}

/** What one thread makes of memory in one round. */
export interface MemoryNotes {
  /** What it was told, question by question. */
  readonly told: ReadonlyMap<Question, Map<LocationName, Told>>;
  /** The first values it asked for, in order. */
  readonly initial: Map<LocationName, Known>;
  readonly added: Addition[];
}

/** What a thread asks of a location. */
export type Question =
  | 'in-memory'
  | 'written'
  | 'written-by-others'
  | 'contents'
  | 'shape'
  | 'bits';

type Answer = boolean | string | Candidates | undefined;

/** The answers to one question about one location. */
export interface Told {
  /** The one before this thread added anything. */
  readonly before: Answer;
  /** Those that it was given. */
  readonly given: readonly Answer[];
}

export type Addition =
  | { readonly kind: 'forced' | 'read'; readonly location: LocationName }
  | { readonly kind: 'write'; readonly location: LocationName; readonly values: Candidates }
  | { readonly kind: 'static'; readonly location: LocationName; readonly object: StaticObject }
  | { readonly kind: 'whole'; readonly location: LocationName }
  | { readonly kind: 'range'; readonly location: string; readonly range: Range }
  | {
      readonly kind: 'bit';
      readonly location: LocationName;
      readonly key: string;
      readonly name: string;
    };

const ANSWERS: Readonly<
  Record<Question, (memory: Memory, location: LocationName, thread: number) => Answer>
> = {
  // What another thread reads is in memory as soon as this one writes it.
  'in-memory': ({ next }, location, thread) =>
    isSharedWith(next, location, thread) ||
    (hasOther(next.readers.get(location), thread) && 'read-by-others'),
  written: ({ next }, location) => next.writers.has(location),
  'written-by-others': ({ next }, location, thread) => isWrittenByOthers(next, location, thread),
  contents: ({ next }, location) => next.contents.get(location),
  shape: ({ next }, location) => shapeOf(next.storage, location),
  bits: ({ next }, word) =>
    next.storage.words.has(word) ? shapeOf(next.storage, word) : isAccessed(next, word),
};

/** The memory of a round with notes of what follows. */
export function withNotes(memory: Memory): Memory & { readonly notes: MemoryNotes } {
  const told = new Map(QUESTIONS.map((question) => [question, new Map<LocationName, Told>()]));
  const notes: MemoryNotes = { told, initial: new Map(), added: [] };
  const initial = (location: LocationName): Known => {
    const value = notes.initial.get(location) ?? memory.initial(location);
    notes.initial.set(location, value);
    return value;
  };
  return { ...memory, initial, notes };
}

const QUESTIONS = Object.keys(ANSWERS) as Question[];

/**
 * Whether a thread would be told the same in this memory. It would where what was known before it came is what is known
 * now; and where all that it was ever told of a location is what is known now, which has what it added itself.
 */
export function tellsTheSame({ told }: MemoryNotes, memory: Memory, thread: number): boolean {
  for (const [question, locations] of told)
    for (const [location, { before, given }] of locations) {
      if (given.length === 0) continue;
      const now = ANSWERS[question](memory, location, thread);
      if (!isSame(before, now) && !given.every((each) => isSame(each, now))) return false;
    }
  return true;
}

/** Candidates in the same order too: registers are called after the first place that a pointer may lead to. */
function isSame(left: Answer, right: Answer): boolean {
  if (left === right) return true;
  if (!(left instanceof Map) || !(right instanceof Map) || left.size !== right.size) return false;
  const keys = right.keys();
  return [...left.keys()].every((key) => key === keys.next().value);
}

/** Notes what was known of a location, before something is added to that. */
function noteBefore(
  memory: Memory,
  question: Question,
  location: LocationName,
  thread: number,
): void {
  const told = memory.notes?.told.get(question);
  if (told === undefined || told.has(location)) return;
  told.set(location, { before: ANSWERS[question](memory, location, thread), given: [] });
}

/** Notes what a thread is told now. */
function noteAsked(
  memory: Memory,
  question: Question,
  location: LocationName,
  thread: number,
): void {
  const told = memory.notes?.told.get(question);
  if (told === undefined) return;
  const now = ANSWERS[question](memory, location, thread);
  const { before, given } = told.get(location) ?? { before: now, given: [] };
  if (given.length === 0 || !isSame(given.at(-1), now))
    told.set(location, { before, given: [...given, now] });
}

function noteAdded({ notes }: Memory, addition: Addition): void {
  notes?.added.push(addition);
}

/** Whether a location that this thread accesses is in memory, as far as is known; else it lives in the thread's variables. */
export function isInMemory(memory: Memory, thread: number, location: LocationName): boolean {
  noteAsked(memory, 'in-memory', location, thread);
  return isSharedWith(memory.next, location, thread);
}

/** Where two threads access a location and one of them writes; and whoever does where it is forced. */
function isSharedWith(next: NextRound, location: LocationName, thread: number): boolean {
  const { forced, writers, readers } = next;
  if (forced.has(location) || isWrittenByOthers(next, location, thread)) return true;
  return writers.has(location) && hasOther(readers.get(location), thread);
}

function hasOther(threads: ReadonlySet<number> | undefined, thread: number): boolean {
  return threads !== undefined && threads.size > (threads.has(thread) ? 1 : 0);
}

/** A thread where it does not matter which. */
const NOBODY = -1;

/** An object that a function declares: its first value, the rest being 0. */
export interface StaticObject {
  readonly type: CType;
  readonly initial: ReadonlyMap<LocationName, Known>;
}

/** What a round finds out for the next one. */
export interface NextRound {
  /** In memory whoever accesses them: observed, or accessed by something that needs memory. */
  readonly forced: Set<LocationName>;
  readonly readers: Map<LocationName, Set<number>>;
  readonly writers: Map<LocationName, Set<number>>;
  /** What is ever stored. A location without an entry keeps its initial value. */
  readonly contents: Map<LocationName, Candidates>;
  readonly storage: Storage;
  /** The locals of static storage, by their objects. */
  readonly statics: Map<LocationName, StaticObject>;
  grew: boolean;
}

/** The view to start with: only `observed` is in memory. */
export function firstRound(observed: readonly LocationName[], storage: Storage): NextRound {
  return {
    forced: new Set(observed),
    readers: new Map(),
    writers: new Map(),
    contents: new Map(),
    storage,
    statics: new Map(),
    grew: false,
  };
}

/** The locations that are in memory after the last round. */
export function locationsInMemory({
  forced,
  readers,
  writers,
}: NextRound): readonly LocationName[] {
  const shared = [...writers].filter(
    ([location, own]) => new Set([...own, ...(readers.get(location) ?? [])]).size > 1,
  );
  return [...new Set([...forced, ...shared.map(([location]) => location)])];
}

/** Memory as it has been found so far. A location lives in memory when two threads access it
 *  and one of them writes; a location that nobody writes is its initial value. */
export function memoryOf(source: CharSource, found: NextRound, initial: Memory['initial']): Memory {
  found.grew = false;
  const first = (location: LocationName): Known => {
    if (location.startsWith('"')) return byteOf(location, charType(source));
    const object = found.statics.get(rootOf(location));
    return object === undefined ? initial(location) : (object.initial.get(location) ?? ZERO);
  };
  return { initial: first, next: found };
}

/** A location is accessed as a whole, by what is declared there. */
export function touchWhole(memory: Memory, location: LocationName): void {
  const { storage } = memory.next;
  noteBefore(memory, 'shape', location, NOBODY);
  if (storage.words.has(location)) noteAdded(memory, { kind: 'whole', location });
  addWhole(storage, location);
  noteAsked(memory, 'shape', location, NOBODY);
}

/** A range of a union is accessed. */
export function touchRange(memory: Memory, union: string, range: Range): void {
  noteBefore(memory, 'shape', union, NOBODY);
  noteAdded(memory, { kind: 'range', location: union, range });
  addRange(memory.next.storage, union, range);
  noteAsked(memory, 'shape', union, NOBODY);
}

/** A bit of a word is accessed by its number. */
export function touchBit(memory: Memory, word: LocationName, key: string, name: string): void {
  noteBefore(memory, 'bits', word, NOBODY);
  noteAdded(memory, { kind: 'bit', location: word, key, name });
  const { next } = memory;
  addBit(next.storage, word, key, name, isAccessed(next, word));
  noteAsked(memory, 'bits', word, NOBODY);
}

function isAccessed({ readers, writers, forced }: NextRound, location: LocationName): boolean {
  return readers.has(location) || writers.has(location) || forced.has(location);
}

/** A byte of a text that stands in the code. */
function byteOf(location: LocationName, { type }: CInteger): Known {
  const index = Number(/\[(\d+)\]$/.exec(location)?.[1]);
  return { kind: 'integer', value: wrap(stringBytes(rootOf(location))?.[index] ?? 0, type) };
}

const ZERO: Known = { kind: 'integer', value: 0 };

/** A function declares an object of static storage. */
export function recordStatic(memory: Memory, location: LocationName, object: StaticObject): void {
  noteAdded(memory, { kind: 'static', location, object });
  const { next } = memory;
  if (next.statics.has(location)) return;
  next.statics.set(location, object);
  next.grew = true;
}

export function recordForced(memory: Memory, thread: number, location: LocationName): void {
  noteBefore(memory, 'in-memory', location, thread);
  noteAdded(memory, { kind: 'forced', location });
  const { next } = memory;
  if (next.forced.has(location)) return;
  next.forced.add(location);
  next.grew = true;
}

export function recordRead(memory: Memory, thread: number, location: LocationName): void {
  noteBefore(memory, 'in-memory', location, thread);
  noteAdded(memory, { kind: 'read', location });
  const { next } = memory;
  recordThread(next, next.readers, thread, location);
}

export function recordWrite(
  memory: Memory,
  thread: number,
  location: LocationName,
  values: Candidates,
): void {
  noteBefore(memory, 'in-memory', location, thread);
  noteBefore(memory, 'written', location, thread);
  noteBefore(memory, 'contents', location, thread);
  noteAdded(memory, { kind: 'write', location, values });
  const { next } = memory;
  recordThread(next, next.writers, thread, location);
  const before = knownContents(memory, location);
  const after = unionOf(before, values);
  if (after === before) return;
  next.contents.set(location, after);
  next.grew = true;
}

/** What a load of `location` can return. */
export function contentsOf(memory: Memory, location: LocationName): Candidates {
  noteAsked(memory, 'contents', location, NOBODY);
  return knownContents(memory, location);
}

function knownContents({ next, initial }: Memory, location: LocationName): Candidates {
  return next.contents.get(location) ?? only(initial(location));
}

/** Whether no thread but this one writes `location`: it then reads back what it last wrote. */
export function isOwn(memory: Memory, thread: number, location: LocationName): boolean {
  noteAsked(memory, 'written-by-others', location, thread);
  return !isWrittenByOthers(memory.next, location, thread);
}

function isWrittenByOthers(
  { writers }: NextRound,
  location: LocationName,
  thread: number,
): boolean {
  return hasOther(writers.get(location), thread);
}

/** Whether this thread writes `location`, and no other does. */
export function isWrittenHere(memory: Memory, thread: number, location: LocationName): boolean {
  noteAsked(memory, 'written', location, thread);
  return isOwn(memory, thread, location) && memory.next.writers.has(location);
}

function recordThread(
  next: NextRound,
  threads: Map<LocationName, Set<number>>,
  thread: number,
  location: LocationName,
): void {
  const known = threads.get(location) ?? new Set();
  if (known.has(thread)) return;
  threads.set(location, known.add(thread));
  next.grew = true;
}
