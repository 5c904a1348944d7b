/**
 * The traces of all threads of a program. What a read may return depends on what all threads may
 * write, so values and traces are computed together, round by round, until no new value appears.
 */

import type { Clock } from './clock.ts';
import type { Unknown } from './outcome.ts';
import type { ReadOracle } from './path-state.ts';
import { initialValue, type Scope } from './scope.ts';
import { type Trace, threadTraces, traceMaker } from './thread-paths.ts';
import { type RuntimeValue, THIN_AIR } from './value.ts';

export interface TraceSets {
  /** By thread. */
  readonly threads: readonly (readonly Trace[])[];
  readonly unknown: Unknown | undefined;
}

/** What is known of the values at each location and of who writes there. */
interface Memory {
  readonly values: Map<number, RuntimeValue[]>;
  readonly writers: Map<number, Set<number>>;
  grown: boolean;
}

/** Finds every trace that some execution may have. A value needs at most as many rounds as there are
 *  writes to travel through; what takes longer feeds on itself and is not pursued. */
export function traceSets(scope: Scope, unroll: number, clock: Clock): TraceSets {
  const memory: Memory = { values: new Map(), writers: new Map(), grown: true };
  const first = rounds(scope, unroll, clock, memory);
  if (first.unknown !== undefined || !seedThinAir(scope, memory, first.threads)) return first;
  return rounds(scope, unroll, clock, memory);
}

function rounds(scope: Scope, unroll: number, clock: Clock, memory: Memory): TraceSets {
  const { program, space } = scope;
  const oracle = oracleOf(scope, memory);
  const makers = program.threads.map((thread) => traceMaker(program, thread, space));
  let threads: readonly (readonly Trace[])[] = [];
  for (let round = 0; round <= writesIn(threads) + 2; round++) {
    memory.grown = false;
    const found: (readonly Trace[])[] = [];
    for (const [index, thread] of program.threads.entries()) {
      const mayGoOn = (count: number) => clock.mayGoOn(count, thread.span);
      const traces = threadTraces(makers[index]!, thread, space, unroll, oracle, mayGoOn);
      if (traces === undefined) return { threads: [], unknown: clock.stopped };
      found.push(traces);
    }
    threads = found;
    for (const [thread, traces] of threads.entries())
      for (const trace of traces) learn(scope, memory, thread, trace);
    if (!memory.grown) break;
  }
  return { threads, unknown: undefined };
}

function oracleOf(scope: Scope, { values, writers }: Memory): ReadOracle {
  return {
    valuesAt: (location) => values.get(location) ?? [initialValue(scope, location)],
    isOwn: (thread, location) => {
      const known = writers.get(location);
      return known === undefined || (known.size === 1 && known.has(thread));
    },
  };
}

/** Adds what a trace writes to what is known. */
function learn(scope: Scope, memory: Memory, thread: number, trace: Trace): void {
  for (const [index, event] of trace.events.entries()) {
    const location = trace.locations[index];
    if (event.kind !== 'write' || location === undefined) continue;
    addValue(scope, memory, location, trace.values[index]!);
    const writers = memory.writers.get(location) ?? new Set();
    if (!writers.has(thread)) memory.grown = true;
    memory.writers.set(location, writers.add(thread));
  }
}

function addValue(scope: Scope, memory: Memory, location: number, value: RuntimeValue): void {
  const values = memory.values.get(location) ?? [initialValue(scope, location)];
  if (!values.some((known) => Object.is(known, value))) {
    values.push(value);
    memory.grown = true;
  }
  memory.values.set(location, values);
}

function writesIn(threads: readonly (readonly Trace[])[]): number {
  const count = ({ events }: Trace) => events.filter(({ kind }) => kind === 'write').length;
  return threads.reduce((sum, traces) => sum + Math.max(0, ...traces.map(count)), 0);
}

/**
 * Plain accesses can form a cycle in which each copies from the next; the value of such a cycle comes
 * from nowhere. Adds `THIN_AIR` to the locations on cycles of copies; false where there are none.
 */
function seedThinAir(
  scope: Scope,
  memory: Memory,
  threads: readonly (readonly Trace[])[],
): boolean {
  const traces = threads.flat();
  if (!traces.some(({ events }) => events.some(({ tag }) => tag === 'plain'))) return false;
  const copies = new Map<number, Set<number>>();
  for (const { events, locations, stored } of traces)
    for (const [write, term] of stored.entries()) {
      if (events[write]?.kind !== 'write' || term?.kind !== 'read') continue;
      const [source, target] = [locations[term.event], locations[write]];
      if (source === undefined || target === undefined) continue;
      copies.set(source, (copies.get(source) ?? new Set()).add(target));
    }
  memory.grown = false;
  for (const location of copies.keys())
    if (reaches(copies, location)) addValue(scope, memory, location, THIN_AIR);
  return memory.grown;
}

/** Whether a location can be reached from itself. */
function reaches(copies: ReadonlyMap<number, ReadonlySet<number>>, goal: number): boolean {
  const seen = new Set<number>();
  const pending = [...copies.get(goal)!];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === goal) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    pending.push(...(copies.get(next) ?? []));
  }
  return false;
}
