/**
 * What is known of shared memory over all threads. The lowering is repeated until this no longer
 * grows: it starts from the optimistic view that no location is shared and each keeps its initial
 * value, and every access that contradicts the view corrects it for the next round.
 */

import { rootOf } from '../program/address.ts';
import { type Candidates, only, unionOf } from '../program/candidates.ts';
import type { LocationName } from '../program/program.ts';
import type { CType } from './ctype.ts';
import { stringBytes } from './literal.ts';
import { addBit, addRange, addWhole, type Range, type Storage, shapeOf } from './storage.ts';
import type { Known } from './value.ts';

export interface Memory {
  /** The locations that are in memory in this round; the others live in each thread's variables. */
  readonly inMemory: ReadonlySet<LocationName>;
  readonly initial: (location: LocationName) => Known;
  readonly next: NextRound;
  /** Where it is noted what one thread reads and adds in one round; without it nothing is. */
  readonly notes?: MemoryNotes;
}

/** What one thread makes of memory in one round. */
export interface MemoryNotes {
  /** What was known, before this thread added to it, of every location that it touches. */
  readonly found: Map<LocationName, Knowledge>;
  /** The first values it asked for, in order. */
  readonly initial: Map<LocationName, Known>;
  readonly added: Addition[];
}

/** All that a thread can see of a location. */
export interface Knowledge {
  readonly isInMemory: boolean;
  readonly writers: readonly number[];
  readonly contents: Candidates | undefined;
  /** What overlaps there, and which of its bits are accessed. */
  readonly shape: string;
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

/** The memory of a round with notes of what follows. */
export function withNotes(memory: Memory): Memory & { readonly notes: MemoryNotes } {
  const notes: MemoryNotes = { found: new Map(), initial: new Map(), added: [] };
  const initial = (location: LocationName): Known => {
    const value = notes.initial.get(location) ?? memory.initial(location);
    notes.initial.set(location, value);
    return value;
  };
  return { ...memory, initial, notes };
}

/** What is known of a location now. */
export function knowledgeOf({ inMemory, next }: Memory, location: LocationName): Knowledge {
  return {
    isInMemory: inMemory.has(location),
    writers: [...(next.writers.get(location) ?? [])].sort(),
    contents: next.contents.get(location),
    shape: shapeOf(next.storage, location),
  };
}

function note(memory: Memory, location: LocationName, addition?: Addition): void {
  const { notes } = memory;
  if (notes === undefined) return;
  if (!notes.found.has(location)) notes.found.set(location, knowledgeOf(memory, location));
  if (addition !== undefined) notes.added.push(addition);
}

/** Whether a location is in memory in this round. */
export function isInMemory(memory: Memory, location: LocationName): boolean {
  note(memory, location);
  return memory.inMemory.has(location);
}

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

/** Memory as the rounds before have found it. A location lives in memory when two threads access it
 *  and one of them writes; a location that nobody writes is its initial value. */
export function memoryOf(found: NextRound, initial: Memory['initial']): Memory {
  found.grew = false;
  const inMemory = new Set(found.forced);
  for (const [location, writers] of found.writers) {
    const threads = new Set([...writers, ...(found.readers.get(location) ?? [])]);
    if (threads.size > 1) inMemory.add(location);
  }
  const first = (location: LocationName): Known => {
    if (location.startsWith('"')) return byteOf(location);
    const object = found.statics.get(rootOf(location));
    return object === undefined ? initial(location) : (object.initial.get(location) ?? ZERO);
  };
  return { inMemory, initial: first, next: found };
}

/** A location is accessed as a whole, by what is declared there. */
export function touchWhole(memory: Memory, location: LocationName): void {
  const { storage } = memory.next;
  if (!storage.words.has(location)) note(memory, location);
  else note(memory, location, { kind: 'whole', location });
  addWhole(storage, location);
}

/** A range of a union is accessed. */
export function touchRange(memory: Memory, union: string, range: Range): void {
  note(memory, union, { kind: 'range', location: union, range });
  addRange(memory.next.storage, union, range);
}

/** A bit of a word is accessed by its number. */
export function touchBit(memory: Memory, word: LocationName, key: string, name: string): void {
  note(memory, word, { kind: 'bit', location: word, key, name });
  const { readers, writers, forced, storage } = memory.next;
  const isWhole = readers.has(word) || writers.has(word) || forced.has(word);
  addBit(storage, word, key, name, isWhole);
}

/** A byte of a text that stands in the code. */
function byteOf(location: LocationName): Known {
  const index = Number(/\[(\d+)\]$/.exec(location)?.[1]);
  return { kind: 'integer', value: stringBytes(rootOf(location))?.[index] ?? 0 };
}

const ZERO: Known = { kind: 'integer', value: 0 };

/** A function declares an object of static storage. */
export function recordStatic(memory: Memory, location: LocationName, object: StaticObject): void {
  note(memory, location, { kind: 'static', location, object });
  const { next } = memory;
  if (next.statics.has(location)) return;
  next.statics.set(location, object);
  next.grew = true;
}

export function recordForced(memory: Memory, location: LocationName): void {
  note(memory, location, { kind: 'forced', location });
  const { next } = memory;
  if (next.forced.has(location)) return;
  next.forced.add(location);
  next.grew = true;
}

export function recordRead(memory: Memory, thread: number, location: LocationName): void {
  note(memory, location, { kind: 'read', location });
  const { next } = memory;
  recordThread(next, next.readers, thread, location);
}

export function recordWrite(
  memory: Memory,
  thread: number,
  location: LocationName,
  values: Candidates,
): void {
  note(memory, location, { kind: 'write', location, values });
  const { next } = memory;
  recordThread(next, next.writers, thread, location);
  const before = contentsOf(memory, location);
  const after = unionOf(before, values);
  if (after === before) return;
  next.contents.set(location, after);
  next.grew = true;
}

/** What a load of `location` can return. */
export function contentsOf(memory: Memory, location: LocationName): Candidates {
  note(memory, location);
  const { next, initial } = memory;
  return next.contents.get(location) ?? only(initial(location));
}

/** Whether no thread but this one writes `location`: it then reads back what it last wrote. */
export function isOwn(memory: Memory, thread: number, location: LocationName): boolean {
  note(memory, location);
  const { next } = memory;
  const writers = next.writers.get(location);
  return writers === undefined || [...writers].every((writer) => writer === thread);
}

/** Whether this thread writes `location`, and no other does. */
export function isWrittenHere(memory: Memory, thread: number, location: LocationName): boolean {
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
