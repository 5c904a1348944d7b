/** The traces of all threads of a program, for all values that their reads may return. */

import type { Program } from '../litmus/program.ts';
import type { Clock } from './clock.ts';
import type { Unknown } from './outcome.ts';
import type { ReadOracle } from './path-state.ts';
import { type PossibleValues, possibleValues } from './possible-values.ts';
import { initialValue, type Scope } from './scope.ts';
import { type Trace, threadTraces, traceMaker } from './thread-paths.ts';
import { type RuntimeValue, THIN_AIR } from './value.ts';

export interface TraceSets {
  /** By thread. */
  readonly threads: readonly (readonly Trace[])[];
  readonly unknown: Unknown | undefined;
}

/** A trace may need a value that no trace gives; this often the values are narrowed to those given. */
const NARROWINGS = 3;

/** Finds every trace that some execution may have. */
export function traceSets(scope: Scope, unroll: number, clock: Clock): TraceSets {
  const memory = possibleValues(scope, unroll);
  const { program, space } = scope;
  const makers = program.threads.map((thread) => traceMaker(program, thread, space));
  const find = (): readonly (readonly Trace[])[] | undefined => {
    const oracle = oracleOf(scope, memory);
    const found: (readonly Trace[])[] = [];
    for (const [index, thread] of program.threads.entries()) {
      const mayGoOn = (count: number) => clock.mayGoOn(count, thread.span);
      const traces = threadTraces(makers[index]!, thread, space, unroll, oracle, mayGoOn);
      if (traces === undefined) return undefined;
      found.push(traces);
    }
    return found;
  };
  let threads = find();
  for (let round = 0; round < NARROWINGS && threads !== undefined; round++) {
    if (!narrow(memory, threads)) break;
    threads = find();
  }
  if (threads !== undefined && seedThinAir(scope, memory, threads)) threads = find();
  if (threads === undefined) return { threads: [], unknown: clock.stopped };
  return { threads, unknown: memory.overflow ? tooManyValues(program) : undefined };
}

function tooManyValues({ threads }: Program): Unknown {
  const span = threads[0]?.span ?? { start: 0, end: 0 };
  return { reason: 'a location may hold more values than are pursued', span };
}

function oracleOf(scope: Scope, { values, writers }: PossibleValues): ReadOracle {
  const options = new Map<number, readonly RuntimeValue[]>();
  return {
    valuesAt: (location) => {
      const known = options.get(location);
      if (known !== undefined) return known;
      const initial = initialValue(scope, location);
      const made = [...new Set([initial, ...(values.get(location) ?? [])])];
      options.set(location, made);
      return made;
    },
    isOwn: (thread, location) => {
      const known = writers.get(location);
      return known === undefined || (known.size === 1 && known.has(thread));
    },
  };
}

/** Drops the values that no trace writes; false where there are none. */
function narrow(memory: PossibleValues, threads: readonly (readonly Trace[])[]): boolean {
  const given = new Map<number, Set<RuntimeValue>>();
  for (const { events, locations, values } of threads.flat())
    for (const [index, { kind }] of events.entries()) {
      const location = locations[index];
      if (kind !== 'write' || location === undefined) continue;
      given.set(location, (given.get(location) ?? new Set()).add(values[index]!));
    }
  let dropped = false;
  for (const [location, values] of memory.values)
    for (const value of values)
      if (given.get(location)?.has(value) !== true) {
        values.delete(value);
        dropped = true;
      }
  return dropped;
}

/**
 * Plain accesses can form a cycle in which each copies from the next; the value of such a cycle comes
 * from nowhere. Adds `THIN_AIR` to the locations such a value can reach; false where there are none.
 */
function seedThinAir(
  scope: Scope,
  memory: PossibleValues,
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
  const seeds = [...copies.keys()].filter((location) => reachable(copies, location).has(location));
  for (const location of seeds.flatMap((seed) => [...reachable(copies, seed)])) {
    const known = memory.values.get(location) ?? new Set([initialValue(scope, location)]);
    memory.values.set(location, known.add(THIN_AIR));
  }
  return seeds.length > 0;
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
