/**
 * What is still open in an execution whose paths and values are known: where each read takes its
 * value from, and how the writes of each location are ordered. Deciding one propagates to others by
 * coherence and atomicity, so that complete choices satisfy the first two axioms by construction.
 */

import { type EventStructure, INITIAL } from '../memory-model/event-structure.ts';
import type { Communication } from '../memory-model/linux-kernel.ts';
import {
  addPair,
  copyOf,
  emptyRelation,
  forEachPair,
  has,
  type Relation,
} from '../memory-model/relation.ts';
import type { RuntimeValue } from '../memory-model/value.ts';

/** The fixed part: the structure, the known values, and who shares a location. */
export interface Problem {
  readonly structure: EventStructure;
  /** By event: the value of a write, or of a read whose value had to be known; else undefined. */
  readonly values: readonly (RuntimeValue | undefined)[];
  readonly reads: readonly number[];
  readonly readsAt: ReadonlyMap<number, readonly number[]>;
  /** The writes that coherence orders, the initial one first. */
  readonly writesAt: ReadonlyMap<number, readonly number[]>;
  /** The writes of the read-modify-writes that a read belongs to: one, but for strange instructions. */
  readonly partners: ReadonlyMap<number, readonly number[]>;
  /** By read: the accesses of its thread to its location. */
  readonly neighbours: ReadonlyMap<number, Neighbours>;
  /** The order of writes that program order and critical sections give. */
  readonly ordered: Relation;
}

/** The accesses to one location before and behind another one in program order. */
interface Neighbours {
  readonly readsBefore: readonly number[];
  readonly readsAfter: readonly number[];
  readonly writesBefore: readonly number[];
  readonly writesAfter: readonly number[];
  /** Of read-modify-writes: the writes of other threads. */
  readonly writesOfOthers: readonly number[];
}

/** The open part. It is copied before each decision, and changed in place by propagation only. */
export interface Choices {
  /** By read: the writes it may still take its value from. */
  readonly sources: (readonly number[])[];
  /** The order of writes decided so far, transitive. */
  readonly co: Relation;
}

/** A question that a search decides: the source of a read, or the order of two writes. */
export type Decision =
  | { readonly kind: 'source'; readonly read: number }
  | { readonly kind: 'order'; readonly first: number; readonly second: number };

const FEEDS: Readonly<Record<string, readonly string[]>> = {
  read: ['write'],
  'lock-read': ['unlock'],
  'lock-fail': ['lock-write'],
  'read-locked': ['lock-write'],
  'read-unlocked': ['unlock'],
};

/** What is the same for all values. */
const fixedParts = new WeakMap<EventStructure, Omit<Problem, 'values'>>();

export function problemOf(
  structure: EventStructure,
  values: readonly (RuntimeValue | undefined)[],
): Problem {
  const fixed = fixedParts.get(structure) ?? fixedPart(structure);
  fixedParts.set(structure, fixed);
  return { ...fixed, values };
}

function fixedPart(structure: EventStructure): Omit<Problem, 'values'> {
  const { events, sets, critical, rmw } = structure;
  const ends = new Set<number>();
  forEachPair(critical, (_, unlock) => ends.add(unlock));
  const at = (kinds: readonly number[]) => {
    const byLocation = new Map<number, number[]>();
    for (const index of kinds) {
      const location = events[index]!.location!;
      const list = byLocation.get(location);
      if (list === undefined) byLocation.set(location, [index]);
      else list.push(index);
    }
    return byLocation;
  };
  const indices = events.map(({ index }) => index);
  const inSet = (set: Uint32Array, index: number) =>
    ((set[index >>> 5]! >>> (index & 31)) & 1) === 1;
  const reads = indices.filter((index) => inSet(sets.R, index));
  const writes = indices.filter(
    (index) => inSet(sets.W, index) && (events[index]!.kind !== 'unlock' || ends.has(index)),
  );
  const partners = new Map<number, readonly number[]>();
  forEachPair(rmw, (read, write) => partners.set(read, [...(partners.get(read) ?? []), write]));
  const [readsAt, writesAt] = [at(reads), at(writes)];
  const neighbours = new Map(
    reads.map(
      (read) =>
        [read, neighboursOf(structure, readsAt, writesAt, read, partners.has(read))] as const,
    ),
  );
  const ordered = orderOfStructure(structure, writesAt);
  return { structure, reads, readsAt, writesAt, partners, neighbours, ordered };
}

function orderOfStructure(
  { size, poLoc, critical }: EventStructure,
  writesAt: Problem['writesAt'],
): Relation {
  const co = emptyRelation(size);
  for (const writes of writesAt.values())
    for (const [place, write] of writes.entries())
      for (const other of writes.slice(place + 1))
        if (place === 0 || has(poLoc, write, other)) addPair(co, write, other);
        else if (has(poLoc, other, write)) addPair(co, other, write);
  forEachPair(critical, (lock, unlock) => addPair(co, lock, unlock));
  return co;
}

function neighboursOf(
  { events, poLoc, ext }: EventStructure,
  readsAt: Problem['readsAt'],
  writesAt: Problem['writesAt'],
  read: number,
  isModifying: boolean,
): Neighbours {
  const { thread, location } = events[read]!;
  const [before, after] = [
    (other: number) => events[other]!.thread === thread && has(poLoc, other, read),
    (other: number) => events[other]!.thread === thread && has(poLoc, read, other),
  ];
  const [reads, writes] = [readsAt.get(location!) ?? [], writesAt.get(location!) ?? []];
  return {
    readsBefore: someOf(reads, before),
    readsAfter: someOf(reads, after),
    writesBefore: someOf(writes, before),
    writesAfter: someOf(writes, after),
    writesOfOthers: isModifying ? writes.filter((other) => has(ext, read, other)) : NONE,
  };
}

const NONE: readonly number[] = [];

/** Those that satisfy `holds`; hardly ever any. */
function someOf(all: readonly number[], holds: (one: number) => boolean): readonly number[] {
  return all.some(holds) ? all.filter(holds) : NONE;
}

/** All choices open, but for what coherence settles at once; undefined where a read has no source. */
export function initialChoices(problem: Problem): Choices | undefined {
  const { structure, reads, writesAt, ordered } = problem;
  const sources: (readonly number[])[] = structure.events.map(() => []);
  for (const read of reads) sources[read] = possibleSources(problem, read);
  const choices = { sources, co: copyOf(ordered) };
  for (const location of writesAt.keys())
    if (!propagate(problem, choices, location)) return undefined;
  return choices;
}

function possibleSources(problem: Problem, read: number): readonly number[] {
  const { structure, values } = problem;
  const { events, poLoc } = structure;
  const { kind, location } = events[read]!;
  const known = values[read];
  const feeds = FEEDS[kind]!;
  return (problem.writesAt.get(location!) ?? []).filter((write) => {
    const event = events[write]!;
    const fits =
      event.thread === INITIAL
        ? kind !== 'lock-fail' && kind !== 'read-locked'
        : feeds.includes(event.kind);
    if (!fits || has(poLoc, read, write)) return false;
    return known === undefined || kind !== 'read' || Object.is(values[write], known);
  });
}

export function copyChoices({ sources, co }: Choices): Choices {
  return { sources: sources.slice(), co: copyOf(co) };
}

/** Adds a pair to the order of writes, and what follows from it; false where it contradicts. */
export function orderWrites(
  problem: Problem,
  { co }: Choices,
  location: number,
  first: number,
  second: number,
): boolean {
  if (has(co, first, second)) return true;
  if (first === second || has(co, second, first)) return false;
  const { words, bits } = co;
  const after = bits.slice(second * words, (second + 1) * words);
  after[second >>> 5]! |= 1 << (second & 31);
  for (const write of problem.writesAt.get(location)!)
    if (write === first || has(co, write, first))
      for (let k = 0; k < words; k++) bits[write * words + k]! |= after[k]!;
  return true;
}

/**
 * Draws all conclusions at one location; false where the choices contradict coherence or atomicity.
 * When every read has one source and the writes are totally ordered, none is left to draw.
 */
export function propagate(problem: Problem, choices: Choices, location: number): boolean {
  const reads = problem.readsAt.get(location) ?? [];
  for (let size = -1; ; ) {
    for (const read of reads) {
      const { sources } = choices;
      const open = sources[read]!;
      const kept = open.filter((write) => mayFeed(problem, choices, reads, write, read));
      if (kept.length === 0) return false;
      if (kept.length < open.length) sources[read] = kept;
      if (kept.length === 1 && !settle(problem, choices, location, kept[0]!, read)) return false;
    }
    const now = measure(problem, choices, location, reads);
    if (now === size) return true;
    size = now;
  }
}

/** A number that changes whenever propagation concludes something. */
function measure(
  problem: Problem,
  { sources, co }: Choices,
  location: number,
  reads: readonly number[],
): number {
  let open = 0;
  for (const read of reads) open += sources[read]!.length;
  let ordered = 0;
  for (const first of problem.writesAt.get(location) ?? [])
    for (let word = 0; word < co.words; word++)
      ordered += bitCount(co.bits[first * co.words + word]!);
  return ordered * 4096 - open;
}

function bitCount(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Whether coherence and atomicity leave it open that `read` takes its value from `write`. */
function mayFeed(
  problem: Problem,
  choices: Choices,
  reads: readonly number[],
  write: number,
  read: number,
): boolean {
  const { sources, co } = choices;
  const near = problem.neighbours.get(read)!;
  for (const other of near.writesBefore) if (has(co, write, other)) return false;
  for (const other of near.writesAfter) if (has(co, other, write)) return false;
  for (const other of near.readsBefore) {
    const settled = sources[other]!;
    if (settled.length === 1 && has(co, write, settled[0]!)) return false;
  }
  for (const other of near.readsAfter) {
    const settled = sources[other]!;
    if (settled.length === 1 && has(co, settled[0]!, write)) return false;
  }
  return !problem.partners.has(read) || isAtomicFrom(problem, choices, reads, write, read);
}

/** Whether the read of a read-modify-write may take its value from `write`: nobody comes in between, and nobody else takes it. */
function isAtomicFrom(
  { structure: { ext }, partners, neighbours }: Problem,
  { sources, co }: Choices,
  reads: readonly number[],
  write: number,
  read: number,
): boolean {
  const own = partners.get(read)!;
  for (const other of neighbours.get(read)!.writesOfOthers)
    if (has(co, write, other) && own.some((last) => has(co, other, last))) return false;
  for (const other of reads) {
    const settled = sources[other]!;
    const isTaken = settled.length === 1 && settled[0] === write && other !== read;
    if (isTaken && partners.has(other) && has(ext, read, other)) return false;
  }
  return true;
}

/** The order of writes that follows from `read` taking its value from `write`. */
function settle(
  problem: Problem,
  choices: Choices,
  location: number,
  write: number,
  read: number,
): boolean {
  const { sources } = choices;
  const near = problem.neighbours.get(read)!;
  const put = (first: number, second: number) =>
    first === second || orderWrites(problem, choices, location, first, second);
  for (const other of near.writesBefore) if (!put(other, write)) return false;
  for (const other of near.writesAfter) if (!put(write, other)) return false;
  for (const other of near.readsBefore) {
    const settled = sources[other]!;
    if (settled.length === 1 && !put(settled[0]!, write)) return false;
  }
  for (const other of near.readsAfter) {
    const settled = sources[other]!;
    if (settled.length === 1 && !put(write, settled[0]!)) return false;
  }
  return settleAtomic(problem, choices, location, write, read);
}

/** Nobody comes between the read and the write of a read-modify-write. */
function settleAtomic(
  problem: Problem,
  choices: Choices,
  location: number,
  write: number,
  read: number,
): boolean {
  const own = problem.partners.get(read);
  if (own === undefined) return true;
  const { co } = choices;
  const put = (first: number, second: number) =>
    orderWrites(problem, choices, location, first, second);
  for (const other of problem.neighbours.get(read)!.writesOfOthers) {
    if (other === write) continue;
    for (const last of own) {
      if (has(co, write, other) && !put(last, other)) return false;
      if (has(co, other, last) && !put(other, write)) return false;
    }
  }
  return true;
}

/** Takes a decision one way; undefined where that is contradictory. */
export function decideSource(
  problem: Problem,
  choices: Choices,
  read: number,
  write: number,
): Choices | undefined {
  const next = copyChoices(choices);
  next.sources[read] = [write];
  return propagate(problem, next, problem.structure.events[read]!.location!) ? next : undefined;
}

export function decideOrder(
  problem: Problem,
  choices: Choices,
  first: number,
  second: number,
): Choices | undefined {
  const next = copyChoices(choices);
  const location = problem.structure.events[first]!.location!;
  if (!orderWrites(problem, next, location, first, second)) return undefined;
  return propagate(problem, next, location) ? next : undefined;
}

/** All ways to take a decision that are not contradictory. */
export function alternatives(
  problem: Problem,
  choices: Choices,
  decision: Decision,
): readonly Choices[] {
  const ways =
    decision.kind === 'source'
      ? choices.sources[decision.read]!.map((write) =>
          decideSource(problem, choices, decision.read, write),
        )
      : [
          decideOrder(problem, choices, decision.first, decision.second),
          decideOrder(problem, choices, decision.second, decision.first),
        ];
  return ways.filter((way) => way !== undefined);
}

/** What is still open at a location. */
export function openDecisions(
  problem: Problem,
  { sources, co }: Choices,
  location: number,
): readonly Decision[] {
  const open: Decision[] = [];
  for (const read of problem.readsAt.get(location) ?? [])
    if (sources[read]!.length > 1) open.push({ kind: 'source', read });
  const writes = problem.writesAt.get(location) ?? [];
  for (const [place, first] of writes.entries())
    for (const second of writes.slice(place + 1))
      if (!has(co, first, second) && !has(co, second, first))
        open.push({ kind: 'order', first, second });
  return open;
}

/** The relations that every completion of the choices contains. */
export function lowerBound(problem: Problem, { sources, co }: Choices): Communication {
  const { size } = problem.structure;
  const rf = emptyRelation(size);
  const fr = emptyRelation(size);
  const { words } = co;
  for (const read of problem.reads) {
    const open = sources[read]!;
    if (open.length === 1) addPair(rf, open[0]!, read);
    for (let k = 0; k < words; k++) {
      let common = 0xffffffff;
      for (const write of open) common &= co.bits[write * words + k]!;
      fr.bits[read * words + k] = common;
    }
  }
  return { rf, co, fr };
}

/** Relations that contain those of every completion of the choices. */
export function upperBound(problem: Problem, { sources, co }: Choices): Communication {
  const { size } = problem.structure;
  const possible = emptyRelation(size);
  for (const writes of problem.writesAt.values())
    for (const first of writes)
      for (const second of writes)
        if (first !== second && !has(co, second, first)) addPair(possible, first, second);
  const rf = emptyRelation(size);
  const fr = emptyRelation(size);
  const { words } = co;
  for (const read of problem.reads)
    for (const write of sources[read]!) {
      addPair(rf, write, read);
      for (let k = 0; k < words; k++)
        fr.bits[read * words + k]! |= possible.bits[write * words + k]!;
    }
  return { rf, co: possible, fr };
}
