/**
 * The naive enumeration of candidate executions: every combination of paths, every rf that values do not
 * exclude, every co. It is the oracle that the search is tested against, and what other models are run on.
 */

import { type CandidateExecution, communicationOf } from '../memory-model/candidate.ts';
import { type EventStructure, eventStructure, INITIAL } from '../memory-model/event-structure.ts';
import { brokenCoherence } from '../memory-model/linux-kernel.ts';
import { addPair, emptyRelation, has, type Relation, union } from '../memory-model/relation.ts';
import { initialValue, type Scope } from '../memory-model/scope.ts';
import { type ThreadPath, threadPaths } from '../memory-model/thread-paths.ts';
import {
  evaluate,
  isAddress,
  locationAddress,
  locationOf,
  type Term,
} from '../memory-model/value.ts';
import type { Program } from '../program/program.ts';
import { contradictsItself } from './self-contradiction.ts';
import {
  choicesOfSources,
  eventsIn,
  type MayFeed,
  ORDINARY_READS,
  type Place,
  type Source,
  solvedValues,
  type Taken,
  type Values,
} from './source-values.ts';

/** A candidate execution whose co is still open. */
export type Draft = Omit<CandidateExecution, 'co'>;

/** Every candidate execution, without those that end in a `stop`. `unroll` bounds loops. */
export function* candidateExecutions(
  program: Program,
  scope: Scope,
  unroll: number,
): Generator<CandidateExecution> {
  for (const draft of drafts(program, scope, unroll, READS))
    for (const co of coherenceOrders(draft.structure)) yield { ...draft, co };
}

/** Those candidate executions that coherence and atomicity let through: neither axiom relates events of two
 *  locations, so that each location is asked by itself. */
export function* coherentExecutions(
  program: Program,
  scope: Scope,
  unroll: number,
): Generator<CandidateExecution> {
  for (const draft of drafts(program, scope, unroll, READS, mayPrecede)) {
    const isCoherent = (co: Relation) =>
      brokenCoherence(draft.structure, communicationOf({ ...draft, co })) === undefined;
    // What rf breaks without any co, no co mends: both axioms forbid, and more of co is more to forbid.
    if (!isCoherent(emptyRelation(draft.structure.size))) continue;
    for (const co of coherenceOrders(draft.structure, isCoherent)) yield { ...draft, co };
  }
}

/** Every choice of paths and of rf for ordinary reads: what a model starts from that chooses the
 *  rf of lock reads and co by itself, as `lock.cat` does. */
export function ordinaryDrafts(program: Program, scope: Scope, unroll: number): Generator<Draft> {
  return drafts(program, scope, unroll, ORDINARY_READS);
}

/** Coherence lets no read take its value from what its thread writes there later, nor from what it has written over. */
function mayPrecede({ paths }: Taken): MayFeed {
  const writes = eventsIn(paths, STORES);
  return (source, read, isSamePlace) => {
    const isOwn = !('initial' in source) && source.thread === read.thread;
    if (isOwn && source.event > read.event) return false;
    if (!isOwn && !('initial' in source)) return true;
    return !writes.some(
      (write) =>
        write.thread === read.thread &&
        write.event < read.event &&
        (!isOwn || write.event > source.event) &&
        isSamePlace(write, read) === true,
    );
  };
}

function* drafts(
  program: Program,
  scope: Scope,
  unroll: number,
  kinds: ReadonlySet<string>,
  mayFeed: (taken: Taken) => MayFeed = () => () => true,
): Generator<Draft> {
  const alternatives = program.threads.map((thread) =>
    threadPaths(program, thread, scope.space, unroll).filter(
      (path) => path.stop === undefined && !contradictsItself(path),
    ),
  );
  for (const paths of combinations(alternatives)) {
    const taken: Taken = { scope, paths, reads: eventsIn(paths, kinds) };
    const sourcesFor = (read: Place) => sourcesOf(scope, paths, read);
    for (const sources of choicesOfSources(taken, sourcesFor, mayFeed(taken))) {
      const draft = withSources(taken, sources);
      if (draft !== undefined) yield draft;
    }
  }
}

/** All ways to take one of each list. */
function* combinations<T>(lists: readonly (readonly T[])[]): Generator<readonly T[]> {
  const [first, ...rest] = lists;
  if (first === undefined) yield [];
  else for (const item of first) for (const others of combinations(rest)) yield [item, ...others];
}

const READS = new Set(['read', 'lock-read', 'lock-fail', 'read-locked', 'read-unlocked']);
const WRITES = new Set(['write', 'lock-write', 'unlock']);
const STORES = new Set(['write', 'lock-write']);

/** The kinds of write that a read of some kind may take its value from (`lock.cat` for locks). */
const FEEDS: Readonly<Record<string, readonly string[]>> = {
  read: ['write', 'initial'],
  'lock-read': ['unlock', 'initial'],
  'lock-fail': ['lock-write'],
  'read-locked': ['lock-write'],
  'read-unlocked': ['unlock', 'initial'],
};

function sourcesOf(scope: Scope, paths: readonly ThreadPath[], read: Place): readonly Source[] {
  const { kind, address } = paths[read.thread]!.events[read.event]!;
  const feeds = FEEDS[kind]!;
  const writes = eventsIn(paths, WRITES).filter((write) => {
    const event = paths[write.thread]!.events[write.event]!;
    return feeds.includes(event.kind) && mayAlias(event.address!, address!);
  });
  if (!feeds.includes('initial')) return writes;
  const initial = scope.space.names.flatMap((_, location) => {
    const place: Term = { kind: 'constant', value: locationAddress(location) };
    return mayAlias(place, address!) ? [{ initial: location }] : [];
  });
  return [...writes, ...initial];
}

function mayAlias(left: Term, right: Term): boolean {
  return left.kind !== 'constant' || right.kind !== 'constant' || left.value === right.value;
}

/** The execution of these paths in which each read takes its value from its source, if there is one. */
function withSources(taken: Taken, sources: readonly Source[]): Draft | undefined {
  const { scope, paths, reads } = taken;
  const values = solvedValues(taken, sources);
  if (values === undefined) return undefined;
  const locations = locationsOf(scope, paths, values);
  if (locations === undefined) return undefined;
  const structure = eventStructure(scope, paths, locations);
  const rf = readsFrom(structure, reads, sources);
  if (rf === undefined) return undefined;
  const known = structure.events.map((event) =>
    event.thread === INITIAL
      ? initialValue(scope, event.location!)
      : values[event.thread]![event.index - structure.offsets[event.thread]!],
  );
  return { structure, rf, values: known };
}

/** The location number of each event; undefined where an address is none. */
function locationsOf(
  scope: Scope,
  paths: readonly ThreadPath[],
  values: Values,
): readonly (readonly (number | undefined)[])[] | undefined {
  let valid = true;
  const locations = paths.map(({ events }, thread) =>
    events.map(({ address }) => {
      if (address === undefined) return undefined;
      const value = evaluate(scope.space, address, values[thread]!);
      if (value === undefined || !isAddress(value)) {
        valid = false;
        return undefined;
      }
      return locationOf(value);
    }),
  );
  return valid ? locations : undefined;
}

/** rf, or undefined where a source is at another location than its read. */
function readsFrom(
  structure: EventStructure,
  reads: readonly Place[],
  sources: readonly Source[],
): Relation | undefined {
  const { events, offsets, critical } = structure;
  const rf = emptyRelation(structure.size);
  for (const [index, { thread, event }] of reads.entries()) {
    const read = events[offsets[thread]! + event]!;
    const source = sources[index]!;
    const write =
      'initial' in source
        ? events.find(
            (initial) => initial.thread === INITIAL && initial.location === source.initial,
          )
        : events[offsets[source.thread]! + source.event];
    if (write === undefined || write.location !== read.location) return undefined;
    if (read.kind === 'lock-read' && write.kind === 'unlock' && !endsSection(critical, write.index))
      return undefined;
    addPair(rf, write.index, read.index);
  }
  return rf;
}

function endsSection(critical: Relation, unlock: number): boolean {
  for (let lock = 0; lock < critical.size; lock++) if (has(critical, lock, unlock)) return true;
  return false;
}

/** All choices of a total order of the writes of each location, after the initial write, of the orders that
 *  are `allowed` by themselves. An unlock that ends no critical section has no place in it. */
export function* coherenceOrders(
  structure: EventStructure,
  allowed: (order: Relation) => boolean = () => true,
): Generator<Relation> {
  const byLocation = new Map<number, number[]>();
  for (const { kind, thread, location, index } of structure.events)
    if (WRITES.has(kind) && thread !== INITIAL && location !== undefined)
      if (kind !== 'unlock' || endsSection(structure.critical, index))
        byLocation.set(location, [...(byLocation.get(location) ?? []), index]);
  const orders = [...byLocation.values()].map((writes) =>
    permutations(writes)
      .map((order) => totalOrder(structure, order))
      .filter(allowed),
  );
  for (const chosen of combinations(orders)) yield union(emptyRelation(structure.size), ...chosen);
}

function totalOrder(structure: EventStructure, writes: readonly number[]): Relation {
  const order = emptyRelation(structure.size);
  for (const [place, write] of writes.entries()) {
    for (const earlier of writes.slice(0, place)) addPair(order, earlier, write);
    addPair(order, initialWrite(structure, write), write);
  }
  return order;
}

function initialWrite({ events }: EventStructure, write: number): number {
  return events.findIndex(
    ({ thread, location }) => thread === INITIAL && location === events[write]!.location,
  );
}

function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}
