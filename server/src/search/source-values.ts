/**
 * What the values of an execution are, and which choices of rf they exclude: a read gives what its source has
 * written, at the location of its source, and what a path has tested holds.
 */

import { initialValue, type Scope } from '../memory-model/scope.ts';
import type { ThreadPath } from '../memory-model/thread-paths.ts';
import {
  areEqual,
  constant,
  evaluate,
  locationAddress,
  type RuntimeValue,
  type Term,
  THIN_AIR,
  truth,
} from '../memory-model/value.ts';

/** Where a read takes its value from: a write of a path, or the initial one of a location. */
export type Source = Place | InitialSource;

export interface InitialSource {
  readonly initial: number;
}

export interface Place {
  readonly thread: number;
  readonly event: number;
}

export const ORDINARY_READS: ReadonlySet<string> = new Set(['read']);

export function eventsIn(
  paths: readonly ThreadPath[],
  kinds: ReadonlySet<string>,
): readonly Place[] {
  return paths.flatMap(({ events }, thread) =>
    events.flatMap(({ kind }, event) => (kinds.has(kind) ? [{ thread, event }] : [])),
  );
}

/** What is known of the values of all reads and writes, by thread and event. */
export type Values = readonly (readonly (RuntimeValue | undefined)[])[];

type Learning = (RuntimeValue | undefined)[][];

/** The term of a thread whose values it is made of. */
type Side = { readonly thread: number; readonly term: Term };
type Equation = readonly [Side, Side];

/** The paths of one execution each thread takes. */
export interface Taken {
  readonly scope: Scope;
  readonly paths: readonly ThreadPath[];
  readonly reads: readonly Place[];
}

/** Whether a read may take its value from a source, as far as is known where accesses go. */
export type MayFeed = (source: Source, read: Place, isSamePlace: IsSamePlace) => boolean;

/** Whether two accesses are at one location; undefined where that is not known. */
export type IsSamePlace = (one: Source, other: Source) => boolean | undefined;

/** Every choice of a source for each read that is not excluded by what it makes of values as far as these are
 *  known: the read for which fewest are left is decided first. */
export function* choicesOfSources(
  taken: Taken,
  sourcesOf: (read: Place) => readonly Source[],
  mayFeed: MayFeed,
): Generator<readonly Source[]> {
  const open = new Map(taken.reads.map((read, at) => [at, sourcesOf(read)]));
  const equations = assumedEquations(taken.paths);
  const known = learnt(taken, equations, nothingKnown(taken.paths));
  if (known !== undefined)
    yield* chosen(taken, mayFeed, { sources: new Map(), open, equations, known });
}

/** What has been decided: the sources of some reads, by their numbers. */
interface Choice {
  readonly sources: ReadonlyMap<number, Source>;
  readonly open: ReadonlyMap<number, readonly Source[]>;
  readonly equations: readonly Equation[];
  readonly known: Values;
}

function* chosen(
  taken: Taken,
  mayFeed: MayFeed,
  { sources, open, equations, known }: Choice,
): Generator<readonly Source[]> {
  const isSamePlace = samePlaces(taken, known);
  const left = [...open].map(([at, alternatives]): readonly [number, readonly Source[]] => {
    const read = taken.reads[at]!;
    const viable = alternatives.filter(
      (source) => isSamePlace(source, read) !== false && mayFeed(source, read, isSamePlace),
    );
    return [at, viable];
  });
  if (left.length === 0) yield taken.reads.map((_, at) => sources.get(at)!);
  else {
    const [at, viable] = left.reduce((one, other) =>
      other[1].length < one[1].length ? other : one,
    );
    const others = new Map(left);
    others.delete(at);
    for (const source of viable) {
      const more = [...equations, ...feeding(taken, taken.reads[at]!, source)];
      const next = learnt(taken, more, known);
      if (next === undefined) continue;
      const decided = new Map([...sources, [at, source]]);
      yield* chosen(taken, mayFeed, {
        sources: decided,
        open: others,
        equations: more,
        known: next,
      });
    }
  }
}

function samePlaces({ scope, paths }: Taken, known: Values): IsSamePlace {
  const places = paths.map(({ events }, thread) =>
    events.map(({ address }) => address && worth(scope, { thread, term: address }, known)),
  );
  const placeOf = (source: Source) =>
    'initial' in source ? locationAddress(source.initial) : places[source.thread]![source.event];
  return (one, other) => {
    const [left, right] = [placeOf(one), placeOf(other)];
    if (left === undefined || right === undefined) return undefined;
    return areEqual(scope.space, left, right);
  };
}

function nothingKnown(paths: readonly ThreadPath[]): Learning {
  return paths.map(({ events }) => events.map(() => undefined));
}

/** The values with what the equations tell; undefined where two sides differ, or what a path has tested does not hold. */
function learnt(taken: Taken, equations: readonly Equation[], before: Values): Values | undefined {
  const values = before.map((of) => [...of]);
  propagate(taken.scope, equations, values);
  const areSolved = equations.every(([left, right]) => {
    const [one, other] = [left, right].map((side) => worth(taken.scope, side, values));
    return one === undefined || other === undefined || areEqual(taken.scope.space, one, other);
  });
  return areSolved && !isExcluded(taken, values) ? values : undefined;
}

function isExcluded({ scope, paths }: Taken, values: Values): boolean {
  return paths.some(({ constraints }, thread) =>
    constraints.some(({ term, holds }) => {
      const value = worth(scope, { thread, term }, values);
      return value !== undefined && truth(value) !== holds;
    }),
  );
}

function worth({ space }: Scope, { thread, term }: Side, values: Values): RuntimeValue | undefined {
  return evaluate(space, term, values[thread] ?? []);
}

/** What two sides of an equation are worth is found from either of them. */
function propagate(scope: Scope, equations: readonly Equation[], values: Learning): void {
  const tell = (known: Side, { thread, term }: Side): boolean => {
    if (term.kind !== 'read' || values[thread]![term.event] !== undefined) return false;
    const value = worth(scope, known, values);
    if (value === undefined) return false;
    values[thread]![term.event] = value;
    return true;
  };
  for (let isNew = true; isNew; ) {
    isNew = false;
    for (const [left, right] of equations) if (tell(left, right) || tell(right, left)) isNew = true;
  }
}

/** The values of all reads and writes; undefined where they only define each other, or do not fit. */
export function solvedValues(taken: Taken, sources: readonly Source[]): Values | undefined {
  const { scope, paths, reads } = taken;
  const values = nothingKnown(paths);
  const equations = [
    ...reads.flatMap((read, index) => feeding(taken, read, sources[index]!)),
    ...assumedEquations(paths),
  ];
  propagate(scope, equations, values);
  for (const { thread, event } of eventsIn(paths, ORDINARY_READS)) {
    if (values[thread]![event] !== undefined) continue;
    const source =
      sources[reads.findIndex((read) => read.thread === thread && read.event === event)];
    if (source === undefined || 'initial' in source || !isCopy(paths, source)) return undefined;
    values[thread]![event] = THIN_AIR;
  }
  const areSolved = equations.every(([left, right]) => {
    const [one, other] = [left, right].map((side) => worth(scope, side, values));
    return one !== undefined && other !== undefined && areEqual(scope.space, one, other);
  });
  if (!areSolved || !assumptionsHold(taken, values)) return undefined;
  for (const { thread, event } of eventsIn(paths, WITH_A_VALUE)) {
    const term = paths[thread]!.events[event]!.value;
    if (term !== undefined) values[thread]![event] = worth(scope, { thread, term }, values);
  }
  return values;
}

const WITH_A_VALUE = new Set(['write', 'srcu']);

/** A read and what it takes its value from agree in value and location. */
function feeding({ scope, paths }: Taken, read: Place, source: Source): readonly Equation[] {
  const eventAt = ({ thread, event }: Place) => paths[thread]!.events[event]!;
  if (eventAt(read).kind !== 'read') return [];
  const { thread } = read;
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
}

/** A compare-and-exchange that succeeded has read what it expected. */
function assumedEquations(paths: readonly ThreadPath[]): readonly Equation[] {
  return paths.flatMap(({ equations }, thread) =>
    equations.map(
      ({ left, right }): Equation => [
        { thread, term: left },
        { thread, term: right },
      ],
    ),
  );
}

function isCopy(paths: readonly ThreadPath[], { thread, event }: Place): boolean {
  return paths[thread]!.events[event]!.value?.kind === 'read';
}

function assumptionsHold({ scope, paths }: Taken, values: Values): boolean {
  return paths.every(({ constraints }, thread) =>
    constraints.every(({ term, holds }) => {
      const value = worth(scope, { thread, term }, values);
      return value !== undefined && truth(value) === holds;
    }),
  );
}
