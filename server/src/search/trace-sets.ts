/** The traces of all threads of a program, for all values that their reads may return. */

import type { Unknown } from '../memory-model/outcome.ts';
import type { ReadOracle } from '../memory-model/path-state.ts';
import { initialValue, type Scope } from '../memory-model/scope.ts';
import { type Trace, threadTraces, traceMaker } from '../memory-model/thread-paths.ts';
import { evaluate, type RuntimeValue, runtimeValue, THIN_AIR } from '../memory-model/value.ts';
import type { Program, Proposition, Value } from '../program/program.ts';
import type { Clock } from './clock.ts';
import {
  isWrittenOnceByOthers,
  type PossibleValues,
  possibleValues,
  valuesOfOthers,
} from './possible-values.ts';

export interface TraceSets {
  /** By thread. */
  readonly threads: readonly (readonly Trace[])[];
  readonly unknown: Unknown | undefined;
}

/** A trace may need a value that no trace gives; this often the values are narrowed to those given. */
const NARROWINGS = 3;

/** Finds every trace that some execution may have which satisfies `required` in the end. */
export function traceSets(
  scope: Scope,
  unroll: number,
  clock: Clock,
  required: readonly Proposition[] = [],
): TraceSets {
  const wanted = required.flatMap(registerEquations);
  const memory = possibleValues(scope, unroll);
  const { program, space } = scope;
  const makers = program.threads.map((thread) => traceMaker(program, thread, space));
  const last: (Traced | undefined)[] = program.threads.map(() => undefined);
  const find = (thinAir: ReadonlySet<number>): readonly (readonly Trace[])[] | undefined => {
    const found: (readonly Trace[])[] = [];
    for (const [index, thread] of program.threads.entries()) {
      const oracle = oracleOf(scope, memory, thinAir);
      const known = last[index];
      if (known === undefined || !isUpToDate(known, thread.index, oracle)) {
        const mayGoOn = (count: number) => clock.mayGoOn(count, thread.span);
        const traces = threadTraces(makers[index]!, thread, space, unroll, oracle, mayGoOn);
        if (traces === undefined) return undefined;
        const kept = traces.filter((trace) => mayEndAs(scope, trace, wanted));
        last[index] = { traces: kept, answers: oracle.answers };
      }
      found.push(last[index]!.traces);
    }
    return found;
  };
  const none: ReadonlySet<number> = new Set();
  let threads = find(none);
  for (let round = 0; round < NARROWINGS && threads !== undefined; round++) {
    if (!narrow(memory, threads)) break;
    threads = find(none);
  }
  const thinAir = threads === undefined ? none : thinAirLocations(threads);
  if (thinAir.size > 0) threads = find(thinAir);
  if (threads === undefined) return { threads: [], unknown: clock.stopped };
  return { threads, unknown: memory.overflow ? tooManyValues(program) : undefined };
}

/** `0:r1=2`: what a register must hold at the end. */
interface RegisterEquation {
  readonly thread: number;
  readonly name: string;
  readonly value: Value;
}

/** The equations between a register and a value that a proposition implies. */
function registerEquations(proposition: Proposition): readonly RegisterEquation[] {
  if (proposition.kind === 'and')
    return [...registerEquations(proposition.left), ...registerEquations(proposition.right)];
  if (proposition.kind !== 'equals' || proposition.negated) return [];
  const { left, right } = proposition;
  if (left.kind !== 'register' || right.kind === 'location' || right.kind === 'register') return [];
  return [{ thread: left.thread, name: left.name, value: right }];
}

/** Whether what a trace is known to leave in registers is not another value than the one wanted. */
function mayEndAs(scope: Scope, trace: Trace, wanted: readonly RegisterEquation[]): boolean {
  if (trace.stop !== undefined) return true;
  return wanted.every(({ thread, name, value }) => {
    if (thread !== trace.thread) return true;
    const term = trace.registers.get(name);
    const known = term === undefined ? 0 : evaluate(scope.space, term, trace.values);
    return known === undefined || known === runtimeValue(scope.space, value);
  });
}

function tooManyValues({ threads }: Program): Unknown {
  const span = threads[0]?.span ?? { start: 0, end: 0 };
  return { reason: 'a location may hold more values than are pursued', span };
}

/** The traces of a thread, and all that was asked of memory to find them. */
interface Traced {
  readonly traces: readonly Trace[];
  /** By location: what other threads may write to it. */
  readonly answers: ReadonlyMap<number, readonly RuntimeValue[]>;
}

/** Whether memory would still answer the same. */
function isUpToDate({ answers }: Traced, thread: number, oracle: ReadOracle): boolean {
  for (const [location, before] of answers) {
    const now = oracle.valuesOfOthers(thread, location);
    if (now.length !== before.length) return false;
    if (!now.every((value, at) => Object.is(value, before[at]))) return false;
  }
  return true;
}

/** Answers for one thread, and keeps the answers. */
function oracleOf(
  scope: Scope,
  memory: PossibleValues,
  thinAir: ReadonlySet<number>,
): ReadOracle & { readonly answers: ReadonlyMap<number, readonly RuntimeValue[]> } {
  const answers = new Map<number, readonly RuntimeValue[]>();
  return {
    answers,
    initialAt: (location) => initialValue(scope, location),
    isWrittenOnceByOthers: (thread, location) =>
      !thinAir.has(location) && isWrittenOnceByOthers(memory, thread, location),
    valuesOfOthers: (thread, location) => {
      const known = answers.get(location);
      if (known !== undefined) return known;
      const values = valuesOfOthers(memory, thread, location);
      const made = thinAir.has(location) ? [...values, THIN_AIR] : values;
      answers.set(location, made);
      return made;
    },
  };
}

/** Drops the values that no trace writes; false where there are none. */
function narrow(memory: PossibleValues, threads: readonly (readonly Trace[])[]): boolean {
  const given = new Map<string, Set<RuntimeValue>>();
  for (const { thread, events, locations, values } of threads.flat())
    for (const [index, { kind }] of events.entries()) {
      if (kind !== 'write') continue;
      const key = `${thread}/${locations[index]}`;
      given.set(key, (given.get(key) ?? new Set()).add(values[index]!));
    }
  let dropped = false;
  for (const [location, stores] of memory.stores)
    for (const { thread, values } of stores.values())
      for (const value of values.keys())
        if (given.get(`${thread}/${location}`)?.has(value) !== true) {
          values.delete(value);
          dropped = true;
        }
  return dropped;
}

/**
 * Plain accesses can form a cycle in which each copies from the next; the value of such a cycle comes
 * from nowhere. These are the locations that such a value can reach.
 */
function thinAirLocations(threads: readonly (readonly Trace[])[]): ReadonlySet<number> {
  const traces = threads.flat();
  if (!traces.some(({ events }) => events.some(({ tag }) => tag === 'plain'))) return new Set();
  const copies = new Map<number, Set<number>>();
  for (const { events, locations, stored } of traces)
    for (const [write, term] of stored.entries()) {
      if (events[write]?.kind !== 'write' || term?.kind !== 'read') continue;
      const [source, target] = [locations[term.event], locations[write]];
      if (source === undefined || target === undefined) continue;
      copies.set(source, (copies.get(source) ?? new Set()).add(target));
    }
  const seeds = [...copies.keys()].filter((location) => reachable(copies, location).has(location));
  return new Set(seeds.flatMap((seed) => [...reachable(copies, seed)]));
}

/** The locations a value can be copied to from `start`. */
function reachable(
  copies: ReadonlyMap<number, ReadonlySet<number>>,
  start: number,
): ReadonlySet<number> {
  const seen = new Set<number>();
  const pending = [...(copies.get(start) ?? [])];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    pending.push(...(copies.get(next) ?? []));
  }
  return seen;
}
