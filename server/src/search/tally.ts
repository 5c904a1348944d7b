/**
 * Counts the executions that complete given choices when all of them are allowed. The locations are
 * then independent, so each is completed on its own, and only what the final state shows is combined.
 */

import { addPair, has } from '../memory-model/relation.ts';
import { initialValue, printObserved, type Scope } from '../memory-model/scope.ts';
import {
  addressOf,
  evaluate,
  locationOf,
  type RuntimeValue,
  readsOf,
  type Term,
} from '../memory-model/value.ts';
import { type AlikeEnds, keepEnd } from './alike-ends.ts';
import { alternatives, type Choices, copyChoices, openDecisions, type Problem } from './choices.ts';
import { type PlaceCompletions, placeCompletions, type Sample } from './place-completions.ts';

/** The counts of one question, filled in as executions are found. */
export interface Tally {
  readonly states: Set<string>;
  positive: number;
  negative: number;
}

/** Called for a final state that satisfies the proposition; returning false ends the counting. */
export type OnPositive = (complete: () => Choices) => boolean;

/** What a location contributes to final states, and how many completions of it do so. */
interface Contribution {
  /** The values of the free reads that are observed, then that of the last write if it is. */
  readonly values: readonly RuntimeValue[];
  readonly sample: () => Choices;
  count: number;
}

/** One location with several outcomes, and where its values go. */
interface Place {
  readonly location: number;
  readonly reads: readonly number[];
  /** The observed entry that shows its final value, if any. */
  readonly shown: number | undefined;
  readonly contributions: readonly Contribution[];
}

/**
 * Adds all completions of `choices` to the tally. Each must be allowed by the model. With `filter`
 * only those that satisfy it count. Each stands for so many `copies`; with `ends` they are kept there. Returns whether any counted. `mayGoOn` is asked for each step, and ends
 * the counting.
 */
export function tallyCompletions(
  scope: Scope,
  problem: Problem,
  choices: Choices,
  tally: Tally,
  copies: number,
  ends: AlikeEnds | undefined,
  onPositive: OnPositive,
  mayGoOn: () => boolean,
): boolean {
  const registers = observedTerms(scope, problem);
  const needed = observedReads(scope, problem, registers);
  const places = [...problem.writesAt.keys()].map((location) =>
    placeOf(scope, problem, choices, location, needed, mayGoOn),
  );
  const counter: Counter = {
    scope,
    problem,
    choices,
    places,
    tally,
    ends,
    onPositive,
    mayGoOn,
    registers,
    reads: problem.structure.paths.map((path, thread) =>
      path.events.map((_, index) => problem.values[problem.structure.offsets[thread]! + index]),
    ),
    shown: scope.tracked.map((observable) =>
      observable.kind === 'location'
        ? initialValue(scope, locationOf(addressOf(scope.space, observable.name)))
        : 0,
    ),
    chosen: [],
    pieces: scope.observed.map(() => ''),
    settled: settledAt(scope, problem, places, registers),
    counted: false,
    stopped: false,
  };
  combine(counter, 0, copies);
  return counter.counted;
}

interface Counter {
  readonly scope: Scope;
  readonly problem: Problem;
  readonly choices: Choices;
  readonly places: readonly Place[];
  readonly tally: Tally;
  readonly ends: AlikeEnds | undefined;
  readonly onPositive: OnPositive;
  readonly mayGoOn: () => boolean;
  readonly registers: readonly (Term | undefined)[];
  readonly reads: (RuntimeValue | undefined)[][];
  readonly shown: RuntimeValue[];
  readonly chosen: Contribution[];
  readonly pieces: string[];
  /** By place: the observed entries that are known once it is decided; entry 0 has the constant ones. */
  readonly settled: readonly (readonly number[])[];
  counted: boolean;
  stopped: boolean;
}

/** The terms of the observed registers; undefined for locations and for registers that do not exist. */
function observedTerms(scope: Scope, { structure }: Problem): readonly (Term | undefined)[] {
  return scope.tracked.map((observable) =>
    observable.kind === 'register'
      ? structure.paths[observable.thread]?.registers.get(observable.name)
      : undefined,
  );
}

/** The events of the free reads that an observed register depends on. */
function observedReads(
  scope: Scope,
  problem: Problem,
  registers: readonly (Term | undefined)[],
): ReadonlySet<number> {
  const needed = new Set<number>();
  for (const [entry, term] of registers.entries())
    for (const event of freeReads(scope, problem, entry, term)) needed.add(event);
  return needed;
}

function freeReads(
  scope: Scope,
  { structure, values }: Problem,
  entry: number,
  term: Term | undefined,
): readonly number[] {
  const observable = scope.tracked[entry]!;
  if (term === undefined || observable.kind !== 'register') return [];
  const reads = new Set<number>();
  readsOf(term, reads);
  const events = [...reads].map((read) => structure.offsets[observable.thread]! + read);
  return events.filter((event) => values[event] === undefined);
}

function placeOf(
  scope: Scope,
  problem: Problem,
  choices: Choices,
  location: number,
  needed: ReadonlySet<number>,
  mayGoOn: () => boolean,
): Place {
  const name = scope.space.names[location];
  const entry = scope.tracked.findIndex(
    (observable) => observable.kind === 'location' && observable.name === name,
  );
  const shown = entry === -1 ? undefined : entry;
  const reads = (problem.readsAt.get(location) ?? []).filter((read) => needed.has(read));
  const contributions = new Map<string, Contribution>();
  const add = (values: RuntimeValue[], last: number, count: number, sample: () => Choices) => {
    if (shown !== undefined) values.push(finalValue(problem, location, last));
    const key = values.join();
    const known = contributions.get(key);
    if (known === undefined) contributions.set(key, { values, sample, count });
    else known.count += count;
  };
  const place = { location, reads, shown };
  const question = { asked: reads, isShown: shown !== undefined };
  const counted =
    mayBeMany(problem, choices, location) &&
    placeCompletions(problem, choices, location, question, mayGoOn);
  if (counted)
    for (const { values, last, count, sample } of counted)
      add([...values], last, count, () => sampled(problem, choices, location, sample));
  else
    complete(problem, choices, location, mayGoOn, (completed) => {
      const values = reads.map((read) => problem.values[completed.sources[read]![0]!]!);
      add(values, lastWrite(problem, completed, location), 1, () => completed);
    });
  return { ...place, contributions: [...contributions.values()] };
}

/** To visit fewer completions than this costs less than to count them. */
const MANY = 12;

/** Whether there may be so many ways to take the decisions at a location that it is better to count them. */
function mayBeMany(problem: Problem, choices: Choices, location: number): boolean {
  let ways = 1;
  for (const decision of openDecisions(problem, choices, location))
    ways *= decision.kind === 'order' ? 2 : choices.sources[decision.read]!.length;
  return ways >= MANY;
}

/** Visits every completion of one location. */
function complete(
  problem: Problem,
  choices: Choices,
  location: number,
  mayGoOn: () => boolean,
  visit: (completed: Choices) => void,
): void {
  if (!mayGoOn()) return;
  const [decision] = openDecisions(problem, choices, location);
  if (decision === undefined) visit(choices);
  else
    for (const way of alternatives(problem, choices, decision))
      complete(problem, way, location, mayGoOn, visit);
}

/** The completion of a location whose accesses come in the order of a sample. */
function sampled(
  problem: Problem,
  choices: Choices,
  location: number,
  sample: PlaceCompletions['sample'],
): Choices {
  const completed = copyChoices(choices);
  const later: number[] = [];
  for (let at: Sample | undefined = sample; at !== undefined; at = at.before) {
    if (completed.sources[at.event]!.length > 0) completed.sources[at.event] = [at.source];
    else {
      for (const write of later) addPair(completed.co, at.event, write);
      later.push(at.event);
    }
  }
  for (const write of later) addPair(completed.co, problem.writesAt.get(location)![0]!, write);
  return completed;
}

function lastWrite(problem: Problem, { co }: Choices, location: number): number {
  const writes = problem.writesAt.get(location)!;
  return writes.find((write) => !writes.some((other) => has(co, write, other)))!;
}

/** The value of the last plain or marked write; lock operations leave the initial value. */
function finalValue(problem: Problem, location: number, last: number): RuntimeValue {
  const isWrite = problem.structure.events[last]!.kind === 'write';
  return problem.values[isWrite ? last : problem.writesAt.get(location)![0]!]!;
}

/** Groups the observed entries by the place that settles them, the constant ones at index 0. */
function settledAt(
  scope: Scope,
  problem: Problem,
  places: readonly Place[],
  registers: readonly (Term | undefined)[],
): readonly (readonly number[])[] {
  const groups: number[][] = [[], ...places.map(() => [])];
  for (const entry of scope.tracked.keys()) {
    const free = new Set(freeReads(scope, problem, entry, registers[entry]));
    let last = 0;
    for (const [index, place] of places.entries())
      if (place.shown === entry || place.reads.some((read) => free.has(read))) last = index + 1;
    groups[last]!.push(entry);
  }
  return groups;
}

/** Chooses a contribution of each place in turn; `count` is the product of those chosen so far. */
function combine(counter: Counter, depth: number, count: number): void {
  for (const entry of counter.settled[depth]!) showEntry(counter, entry);
  const place = counter.places[depth];
  if (place === undefined) finish(counter, count);
  for (const contribution of place?.contributions ?? []) {
    if (counter.stopped || !counter.mayGoOn()) return;
    counter.chosen[depth] = contribution;
    for (const [index, read] of place!.reads.entries())
      setRead(counter, read, contribution.values[index]!);
    if (place!.shown !== undefined) counter.shown[place!.shown] = contribution.values.at(-1)!;
    combine(counter, depth + 1, count * contribution.count);
  }
}

function setRead({ problem, reads }: Counter, event: number, value: RuntimeValue): void {
  const { events, offsets } = problem.structure;
  const { thread } = events[event]!;
  reads[thread]![event - offsets[thread]!] = value;
}

/** Computes an observed entry from the values chosen so far. */
function showEntry(counter: Counter, entry: number): void {
  const { scope, registers, reads, shown, pieces } = counter;
  const observable = scope.tracked[entry]!;
  const term = registers[entry];
  if (observable.kind === 'register' && term !== undefined)
    shown[entry] = evaluate(scope.space, term, reads[observable.thread]!) ?? Number.NaN;
  if (entry < pieces.length) pieces[entry] = printObserved(scope, observable, shown[entry]!);
}

/** Adds so many executions that end in these values of `scope.tracked`. */
export function addEnd(
  scope: Scope,
  tally: Tally,
  values: readonly RuntimeValue[],
  count: number,
): void {
  const pieces = scope.observed.map((one, at) => printObserved(scope, one, values[at]!));
  tally.states.add(pieces.join(' '));
  if (scope.satisfiesCondition(values)) tally.positive += count;
  else tally.negative += count;
}

/** Counts the final state that has been put together. */
function finish(counter: Counter, count: number): void {
  const { scope, tally, ends, shown, pieces } = counter;
  if (!scope.passesFilter(shown)) return;
  counter.counted = true;
  if (ends !== undefined) {
    keepEnd(ends, shown, count);
    return;
  }
  tally.states.add(pieces.join(' '));
  if (!scope.satisfiesCondition(shown)) {
    tally.negative += count;
    return;
  }
  tally.positive += count;
  counter.stopped = !counter.onPositive(() => samples(counter));
}

/** A complete execution with the final state at hand: each location as its contribution has it. */
function samples({ problem, places, chosen, choices }: Counter): Choices {
  const merged = copyChoices(choices);
  const { words } = merged.co;
  for (const [index, { location }] of places.entries()) {
    const { sources, co } = chosen[index]!.sample();
    for (const read of problem.readsAt.get(location) ?? []) merged.sources[read] = sources[read]!;
    for (const write of problem.writesAt.get(location)!)
      merged.co.bits.set(co.bits.subarray(write * words, (write + 1) * words), write * words);
  }
  return merged;
}
