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
  const pairs: PairNumbers = { areAtomic, numbers: new Map(), initial: new Set() };
  const exchanges = threads.map((traces) => traces.map((trace) => exchangeOf(scope, pairs, trace)));
  const size = pairs.numbers.size;
  const most = suffixes(exchanges, size);
  const given = new Int32Array(size);
  for (const pair of pairs.initial) given[pair]!++;
  const taken = new Int32Array(size);
  const chosen: Exchange[] = [];
  const places: number[] = [];
  const alikeBefore = threads.map((_, thread) => memberBefore(classes, thread));
  const choose = (depth: number): boolean => {
    const alternatives = exchanges[depth];
    if (alternatives === undefined)
      return visit(
        chosen.map(({ trace }) => trace),
        copiesOf(classes, places),
      );
    const later = most[depth + 1]!;
    const before = alikeBefore[depth];
    for (let at = before === undefined ? 0 : places[before]!; at < alternatives.length; at++) {
      if (!mayGoOn()) return false;
      const exchange = alternatives[at]!;
      places[depth] = at;
      chosen.push(exchange);
      for (const pair of exchange.gives) given[pair]!++;
      for (const pair of exchange.takes) taken[pair]!++;
      const possible = chosen.every(
        ({ needs, ownLater, takes }) =>
          needs.every((pair, index) => given[pair]! + later[pair]! > ownLater[index]!) &&
          takes.every((pair) => given[pair]! + later[pair]! >= taken[pair]!),
      );
      const goOn = !possible || choose(depth + 1);
      for (const pair of exchange.gives) given[pair]!--;
      for (const pair of exchange.takes) taken[pair]!--;
      chosen.pop();
      if (!goOn) return false;
    }
    return true;
  };
  choose(0);
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
  readonly numbers: Map<string, number>;
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
  const key = `${location}=${value}`;
  const known = pairs.numbers.get(key);
  if (known !== undefined) return known;
  const pair = pairs.numbers.size;
  pairs.numbers.set(key, pair);
  if (initialValue(scope, location) === value) pairs.initial.add(pair);
  return pair;
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
