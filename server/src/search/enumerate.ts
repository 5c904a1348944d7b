/**
 * The naive enumeration of candidate executions: every combination of paths, every rf, every co, no
 * cuts. It is the oracle that the search is tested against, and what other models are run on.
 */

import type { CandidateExecution } from '../memory-model/candidate.ts';
import { type EventStructure, eventStructure, INITIAL } from '../memory-model/event-structure.ts';
import { addPair, emptyRelation, has, type Relation } from '../memory-model/relation.ts';
import { initialValue, type Scope } from '../memory-model/scope.ts';
import { type ThreadPath, threadPaths } from '../memory-model/thread-paths.ts';
import {
  areEqual,
  constant,
  evaluate,
  isAddress,
  locationAddress,
  locationOf,
  type RuntimeValue,
  type Term,
  THIN_AIR,
  truth,
} from '../memory-model/value.ts';
import type { Program } from '../program/program.ts';

/** Where a read takes its value from: a write of a path, or the initial one of a location. */
type Source = Place | InitialSource;

interface InitialSource {
  readonly initial: number;
}

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

/** Every choice of paths and of rf for ordinary reads: what a model starts from that chooses the
 *  rf of lock reads and co by itself, as `lock.cat` does. */
export function ordinaryDrafts(program: Program, scope: Scope, unroll: number): Generator<Draft> {
  return drafts(program, scope, unroll, ORDINARY_READS);
}

function* drafts(
  program: Program,
  scope: Scope,
  unroll: number,
  kinds: ReadonlySet<string>,
): Generator<Draft> {
  const alternatives = program.threads.map((thread) =>
    threadPaths(program, thread, scope.space, unroll).filter((path) => path.stop === undefined),
  );
  for (const paths of combinations(alternatives)) {
    const reads = eventsIn(paths, kinds);
    for (const sources of combinations(reads.map((read) => sourcesOf(scope, paths, read)))) {
      const draft = withSources(scope, paths, reads, sources);
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

interface Place {
  readonly thread: number;
  readonly event: number;
}

const READS = new Set(['read', 'lock-read', 'lock-fail', 'read-locked', 'read-unlocked']);
const ORDINARY_READS = new Set(['read']);
const WRITES = new Set(['write', 'lock-write', 'unlock']);

function eventsIn(paths: readonly ThreadPath[], kinds: ReadonlySet<string>): readonly Place[] {
  return paths.flatMap(({ events }, thread) =>
    events.flatMap(({ kind }, event) => (kinds.has(kind) ? [{ thread, event }] : [])),
  );
}

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
function withSources(
  scope: Scope,
  paths: readonly ThreadPath[],
  reads: readonly Place[],
  sources: readonly Source[],
): Draft | undefined {
  const values = solve(scope, paths, reads, sources);
  if (values === undefined || !assumptionsHold(scope, paths, values)) return undefined;
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

type Values = (RuntimeValue | undefined)[][];

/** A term of the thread whose values it is made of, or a value. */
type Side = { readonly thread: number; readonly term: Term };

/** The values of all reads and writes; undefined where they only define each other. What two sides of an
 *  equation are worth is found from either of them. */
function solve(
  scope: Scope,
  paths: readonly ThreadPath[],
  reads: readonly Place[],
  sources: readonly Source[],
): Values | undefined {
  const values: Values = paths.map(({ events }) => events.map(() => undefined));
  const equations = equationsOf(scope, paths, reads, sources);
  const worth = ({ thread, term }: Side) => evaluate(scope.space, term, values[thread] ?? []);
  const tell = (known: Side, open: Side): boolean => {
    const value = worth(known);
    if (value === undefined || open.term.kind !== 'read') return false;
    if (values[open.thread]![open.term.event] !== undefined) return false;
    values[open.thread]![open.term.event] = value;
    return true;
  };
  while (equations.some(([left, right]) => tell(left, right) || tell(right, left)));
  for (const { thread, event } of eventsIn(paths, ORDINARY_READS)) {
    if (values[thread]![event] !== undefined) continue;
    const source =
      sources[reads.findIndex((read) => read.thread === thread && read.event === event)];
    if (source === undefined || 'initial' in source || !isCopy(paths, source)) return undefined;
    values[thread]![event] = THIN_AIR;
  }
  const areSolved = equations.every(([left, right]) => {
    const [one, other] = [worth(left), worth(right)];
    return one !== undefined && other !== undefined && areEqual(scope.space, one, other);
  });
  if (!areSolved) return undefined;
  for (const write of eventsIn(paths, new Set(['write', 'srcu']))) {
    const { thread, event } = write;
    const term = paths[thread]!.events[event]!.value;
    if (term !== undefined) values[thread]![event] = worth({ thread, term });
  }
  return values;
}

/** A read and what it takes its value from agree in value and location; a compare-and-exchange that succeeded
 *  has read what it expected. */
function equationsOf(
  scope: Scope,
  paths: readonly ThreadPath[],
  reads: readonly Place[],
  sources: readonly Source[],
): readonly (readonly [Side, Side])[] {
  const eventAt = ({ thread, event }: Place) => paths[thread]!.events[event]!;
  const fed = reads.flatMap((read, index): (readonly [Side, Side])[] => {
    if (eventAt(read).kind !== 'read') return [];
    const { thread } = read;
    const source = sources[index]!;
    const isInitial = 'initial' in source;
    const from = isInitial ? undefined : eventAt(source);
    const other = isInitial ? thread : source.thread;
    const written = from?.value ?? constant(initialValue(scope, isInitial ? source.initial : -1));
    const place = from?.address ?? constant(locationAddress(isInitial ? source.initial : -1));
    return [
      [
        { thread, term: { kind: 'read', event: read.event } },
        { thread: other, term: written },
      ],
      [
        { thread, term: eventAt(read).address! },
        { thread: other, term: place },
      ],
    ];
  });
  const assumed = paths.flatMap(({ equations }, thread) =>
    equations.map(
      ({ left, right }) =>
        [
          { thread, term: left },
          { thread, term: right },
        ] as const,
    ),
  );
  return [...fed, ...assumed];
}

function isCopy(paths: readonly ThreadPath[], { thread, event }: Place): boolean {
  return paths[thread]!.events[event]!.value?.kind === 'read';
}

function assumptionsHold(scope: Scope, paths: readonly ThreadPath[], values: Values): boolean {
  return paths.every(({ constraints }, thread) =>
    constraints.every(({ term, holds }) => {
      const value = evaluate(scope.space, term, values[thread]!);
      return value !== undefined && truth(value) === holds;
    }),
  );
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

/** All choices of a total order of the writes of each location, after the initial write. An unlock
 *  that ends no critical section has no place in it. */
export function* coherenceOrders(structure: EventStructure): Generator<Relation> {
  const byLocation = new Map<number, number[]>();
  for (const { kind, thread, location, index } of structure.events)
    if (WRITES.has(kind) && thread !== INITIAL && location !== undefined)
      if (kind !== 'unlock' || endsSection(structure.critical, index))
        byLocation.set(location, [...(byLocation.get(location) ?? []), index]);
  for (const orders of combinations([...byLocation.values()].map(permutations))) {
    const co = emptyRelation(structure.size);
    for (const order of orders)
      for (const [place, write] of order.entries()) {
        for (const earlier of order.slice(0, place)) addPair(co, earlier, write);
        addPair(co, initialWrite(structure, write), write);
      }
    yield co;
  }
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
