/**
 * What is known of shared memory over all threads. The lowering is repeated until this no longer
 * grows: it starts from the optimistic view that no location is shared and each keeps its initial
 * value, and every access that contradicts the view corrects it for the next round.
 */

import { type Candidates, only, unionOf } from '../program/candidates.ts';
import type { LocationName } from '../program/program.ts';
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
}

export type Addition =
  | { readonly kind: 'forced' | 'read'; readonly location: LocationName }
  | { readonly kind: 'write'; readonly location: LocationName; readonly values: Candidates };

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

/** What a round finds out for the next one. */
export interface NextRound {
  /** In memory whoever accesses them: observed, or accessed by something that needs memory. */
  readonly forced: Set<LocationName>;
  readonly readers: Map<LocationName, Set<number>>;
  readonly writers: Map<LocationName, Set<number>>;
  /** What is ever stored. A location without an entry keeps its initial value. */
  readonly contents: Map<LocationName, Candidates>;
  grew: boolean;
}

/** The view to start with: only `observed` is in memory. */
export function firstRound(observed: readonly LocationName[]): NextRound {
  return {
    forced: new Set(observed),
    readers: new Map(),
    writers: new Map(),
    contents: new Map(),
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
  return { inMemory, initial, next: found };
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
