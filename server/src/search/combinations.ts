/** Combines one trace of each thread, leaving out combinations in which a value has no writer. */

import { initialValue, type Scope } from '../memory-model/scope.ts';
import type { Trace } from '../memory-model/thread-paths.ts';
import type { RuntimeValue } from '../memory-model/value.ts';
import { multinomial } from './alike-ends.ts';
import type { AlikeThreads } from './alike-threads.ts';

/** What a trace needs from memory and gives to it, as numbers of (location, value) pairs. */
interface Exchange {
  readonly trace: Trace;
  /** Pairs that must come from elsewhere: no write that may feed the read in its own trace gives them. */
  readonly needs: readonly number[];
  /** By need: how often the trace itself gives the pair, too late for the read. */
  readonly ownLater: readonly number[];
  readonly gives: readonly number[];
  /** The needs of successful read-modify-writes: no two of them can be met by one write, unless they are
   *  parts of one instruction. */
  readonly takes: readonly number[];
}

export interface CombinationOptions {
  readonly areAtomic?: boolean;
  readonly classes?: AlikeThreads['classes'];
}

/**
 * Calls `visit` with each combination whose known read values all have a writer in it; one of their own,
 * if they are read by read-modify-writes and these `areAtomic`. A `visit` that returns false ends the
 * enumeration; so does `mayGoOn`, which is asked for each beginning of a combination. Of combinations that
 * exchanges of threads of the `classes` make of one another one is visited, with how many they are.
 */
export function forEachCombination(
  scope: Scope,
  threads: readonly (readonly Trace[])[],
  mayGoOn: () => boolean,
  visit: (traces: readonly Trace[], copies: number) => boolean,
  { areAtomic = true, classes = [] }: CombinationOptions = {},
): void {
  const pairs: PairNumbers = { areAtomic, numbers: new Map(), size: 0, initial: new Set() };
  const exchanges = threads.map((traces) => traces.map((trace) => exchangeOf(scope, pairs, trace)));
  const { size } = pairs;
  const balance = emptyBalance(exchanges, size, pairs.initial);
  const chosen: Exchange[] = [];
  const places: number[] = [];
  const alikeBefore = threads.map((_, thread) => memberBefore(classes, thread));
  const fromPlace = threads.map((_, thread) => givenFromPlaces(exchanges, size, classes, thread));
  const choose = (depth: number): boolean => {
    const alternatives = exchanges[depth];
    if (alternatives === undefined)
      return visit(
        chosen.map(({ trace }) => trace),
        copiesOf(classes, places),
      );
    const before = alikeBefore[depth];
    for (let at = before === undefined ? 0 : places[before]!; at < alternatives.length; at++) {
      if (!mayGoOn()) return false;
      const exchange = alternatives[at]!;
      places[depth] = at;
      chosen.push(exchange);
      add(balance, exchange);
      const goOn = !canBeMet(balance, depth, fromPlace[depth]![at]) || choose(depth + 1);
      remove(balance, exchange);
      chosen.pop();
      if (!goOn) return false;
    }
    return true;
  };
  choose(0);
}

/** What the beginning of a combination gives and needs, pair by pair. */
interface Balance {
  readonly given: Int32Array;
  readonly taken: Int32Array;
  /** How often each pair has to be given for every need to be met. */
  readonly needed: Int32Array;
  /** What was needed before each need that was added, the last one at the end. */
  readonly neededBefore: number[];
  /** By thread: how often those behind it can give each pair at most, and all pairs together. */
  readonly later: readonly Int32Array[];
  readonly laterInAll: readonly number[];
}

function emptyBalance(
  exchanges: readonly (readonly Exchange[])[],
  size: number,
  initial: ReadonlySet<number>,
): Balance {
  const given = new Int32Array(size);
  for (const pair of initial) given[pair]!++;
  const most = exchanges.map((alternatives) =>
    Math.max(0, ...alternatives.map(({ gives }) => gives.length)),
  );
  return {
    given,
    taken: new Int32Array(size),
    needed: new Int32Array(size),
    neededBefore: [],
    later: suffixes(exchanges, size).slice(1),
    laterInAll: most.map((_, thread) => most.slice(thread + 1).reduce((sum, one) => sum + one, 0)),
  };
}

function add(
  { given, taken, needed, neededBefore }: Balance,
  { needs, ownLater, gives, takes }: Exchange,
): void {
  for (const pair of gives) given[pair]!++;
  for (const pair of takes) taken[pair]!++;
  for (let index = 0; index < needs.length; index++) {
    const pair = needs[index]!;
    neededBefore.push(needed[pair]!);
    needed[pair] = Math.max(needed[pair]!, ownLater[index]! + 1);
  }
}

/** Takes away what was added last. */
function remove(
  { given, taken, needed, neededBefore }: Balance,
  { needs, gives, takes }: Exchange,
): void {
  for (const pair of gives) given[pair]!--;
  for (const pair of takes) taken[pair]!--;
  for (let index = needs.length - 1; index >= 0; index--)
    needed[needs[index]!] = neededBefore.pop()!;
}

/** Whether the threads behind one can give all that is needed and taken so far, each pair and all of them together. */
function canBeMet(
  { given, taken, needed, later, laterInAll }: Balance,
  depth: number,
  laterHere = later[depth]!,
): boolean {
  let missing = 0;
  for (let pair = 0; pair < given.length; pair++) {
    const short = Math.max(needed[pair]!, taken[pair]!) - given[pair]!;
    if (short <= 0) continue;
    if (short > laterHere[pair]!) return false;
    missing += short;
  }
  return missing <= laterInAll[depth]!;
}

/** The member before a thread in its class. */
function memberBefore(classes: AlikeThreads['classes'], thread: number): number | undefined {
  for (const members of classes) {
    const at = members.findIndex((member) => member.thread === thread);
    if (at > 0) return members[at - 1]!.thread;
  }
  return undefined;
}

/** How many combinations exchanges make of the one with these places of traces. */
function copiesOf(classes: AlikeThreads['classes'], places: readonly number[]): number {
  let copies = 1;
  for (const members of classes) {
    const sizes = new Map<number, number>();
    for (const { thread } of members)
      sizes.set(places[thread]!, (sizes.get(places[thread]!) ?? 0) + 1);
    copies *= multinomial([...sizes.values()]);
  }
  return copies;
}

/** Numbers (location, value) pairs, and knows which of them hold initially. */
interface PairNumbers {
  readonly areAtomic: boolean;
  /** By location and value. */
  readonly numbers: Map<number, Map<RuntimeValue, number>>;
  size: number;
  readonly initial: Set<number>;
}

function exchangeOf(scope: Scope, pairs: PairNumbers, trace: Trace): Exchange {
  const needs = new Set<number>();
  const gives: number[] = [];
  const takes = new Map<string, number>();
  for (const [index, event] of trace.events.entries()) {
    const location = trace.locations[index];
    const value = trace.values[index];
    if (location === undefined || value === undefined) continue;
    const pair = pairNumber(scope, pairs, location, value);
    if (event.kind === 'write') gives.push(pair);
    if (event.kind !== 'read') continue;
    if (!gives.includes(pair) && !isFedBeside(trace, index)) needs.add(pair);
    if (pairs.areAtomic && event.atomic && writesToo(trace, index))
      takes.set(`${pair}/${event.instance}`, pair);
  }
  const ownLater = [...needs].map((pair) => gives.filter((given) => given === pair).length);
  return { trace, needs: [...needs], ownLater, gives, takes: [...takes.values()] };
}

/** Whether a write of the instruction of the read at `index`, to which it is not ordered, may feed it. */
function isFedBeside({ events, locations, values, crowded }: Trace, index: number): boolean {
  const { instance } = events[index]!;
  if (!crowded.has(instance)) return false;
  return events.some(
    (event, at) =>
      at > index &&
      event.kind === 'write' &&
      event.instance === instance &&
      locations[at] === locations[index] &&
      Object.is(values[at], values[index]),
  );
}

/** Whether the atomic read at `index` is followed by the write of its instruction. */
function writesToo({ events }: Trace, index: number): boolean {
  const { instance } = events[index]!;
  return events.some(
    (event) => event.kind === 'write' && event.atomic && event.instance === instance,
  );
}

function pairNumber(
  scope: Scope,
  pairs: PairNumbers,
  location: number,
  value: RuntimeValue,
): number {
  const here = pairs.numbers.get(location) ?? new Map<RuntimeValue, number>();
  pairs.numbers.set(location, here);
  const known = here.get(value);
  if (known !== undefined) return known;
  const pair = pairs.size++;
  here.set(value, pair);
  if (initialValue(scope, location) === value) pairs.initial.add(pair);
  return pair;
}

/** So many numbers are kept of one thread, by places of traces and pairs. */
const MOST_NUMBERS = 100_000;

/** By the place of a thread's trace: how often the threads behind it can give each pair, if those that are alike take no
 *  trace before that place; nothing where none is alike. */
function givenFromPlaces(
  exchanges: readonly (readonly Exchange[])[],
  size: number,
  classes: AlikeThreads['classes'],
  thread: number,
): readonly Int32Array[] {
  const members = classes.find((each) => each.some((member) => member.thread === thread)) ?? [];
  const alike = members.filter((member) => member.thread > thread).length;
  const alternatives = exchanges[thread]!;
  if (alike === 0 || alternatives.length * size > MOST_NUMBERS) return [];
  const others = exchanges.filter(
    (_, at) => at > thread && !members.some((member) => member.thread === at),
  );
  const base = suffixes(others, size)[0]!;
  const most = new Int32Array(size);
  return alternatives
    .toReversed()
    .map(({ gives }) => {
      for (const pair of gives)
        most[pair] = Math.max(most[pair]!, gives.filter((one) => one === pair).length);
      return most.map((count, pair) => count * alike + base[pair]!);
    })
    .toReversed();
}

/** At index `t`: how often the threads from `t` on can give each pair at most. */
function suffixes(
  exchanges: readonly (readonly Exchange[])[],
  size: number,
): readonly Int32Array[] {
  const result: Int32Array[] = [new Int32Array(size)];
  for (const alternatives of exchanges.toReversed()) {
    const most = new Int32Array(size);
    for (const { gives } of alternatives) {
      const here = new Int32Array(size);
      for (const pair of gives) here[pair]!++;
      for (let pair = 0; pair < size; pair++) most[pair] = Math.max(most[pair]!, here[pair]!);
    }
    const following = result[0]!;
    result.unshift(most.map((count, pair) => count + following[pair]!));
  }
  return result;
}
