/** The traces of all threads of a program, for all values that their reads may return. */

import type { Unknown } from '../memory-model/outcome.ts';
import type { ReadOracle } from '../memory-model/path-state.ts';
import { initialValue, type Scope } from '../memory-model/scope.ts';
import { type Trace, threadTraces, traceMaker } from '../memory-model/thread-paths.ts';
import {
  type AddressSpace,
  addressOf,
  evaluate,
  type RuntimeValue,
  runtimeValue,
  THIN_AIR,
} from '../memory-model/value.ts';
import type { Program, Proposition, Value } from '../program/program.ts';
import { alikeWays } from './alike-ways.ts';
import type { Clock } from './clock.ts';
import {
  addValue,
  isWrittenOnceByOthers,
  type PossibleValues,
  possibleValues,
  valuesOfOthers,
  valuesOfOwn,
} from './possible-values.ts';
import { type ValuesFromNowhere, valuesFromNowhere } from './self-feeding.ts';

export interface TraceSets {
  /** By thread. */
  readonly threads: readonly (readonly Trace[])[];
  readonly unknown: Unknown | undefined;
}

/** A trace may need a value that no trace gives; this often the values are narrowed to those given. */
const NARROWINGS = 3;

/** What each thread may see grows with all others: of more threads than these nothing is asked. */
const MOST_THREADS = 64;

/** Finds every trace that some execution may have which satisfies `required` in the end. Where the outcome is told by the
 *  accesses at the locations that `isAsked` alone, those may be missing for which others stand that order less. */
export function traceSets(
  scope: Scope,
  unroll: number,
  clock: Clock,
  required: readonly Proposition[] = [],
  isAsked?: (location: number) => boolean,
): TraceSets {
  const further = scope.program.threads[MOST_THREADS];
  if (further !== undefined) {
    const reason = `more than ${MOST_THREADS} threads`;
    const threads = scope.program.threads.map(() => []);
    return { threads, unknown: { reason, span: further.span } };
  }
  const wanted = required.flatMap(registerEquations);
  const memory = possibleValues(scope, unroll, clock.valueSteps);
  const { program, space } = scope;
  const makers = program.threads.map((thread) => traceMaker(program, thread, space));
  const last: (Traced | undefined)[] = program.threads.map(() => undefined);
  const ways = isAsked && alikeWays(program, isAsked);
  const findOnce = (nowhere: ValuesFromNowhere): readonly (readonly Trace[])[] | undefined => {
    const found: (readonly Trace[])[] = [];
    for (const [index, thread] of program.threads.entries()) {
      const oracle = oracleOf(scope, memory, nowhere);
      const known = last[index];
      if (known === undefined || !isUpToDate(known, thread.index, oracle)) {
        const mayGoOn = (count: number, nodes: number, events: number) =>
          clock.spendPath(nodes, thread.span) &&
          clock.allowsExecutions(count, thread.span) &&
          clock.allowsEvents(events, thread.span);
        const joins = ways?.joinsOf(index);
        const traces = threadTraces(makers[index]!, thread, space, unroll, oracle, mayGoOn, joins);
        if (traces === undefined) return undefined;
        const kept = traces.filter((trace) => mayEndAs(scope, trace, wanted));
        last[index] = { traces: kept, answers: oracle.answers };
      }
      found.push(last[index]!.traces);
    }
    return found;
  };
  const find = (nowhere: ValuesFromNowhere): readonly (readonly Trace[])[] | undefined => {
    for (;;) {
      const found = findOnce(nowhere);
      const outdated = program.threads.flatMap((_, index) =>
        ways === undefined || ways.isUpToDate(index) ? [] : [index],
      );
      if (found === undefined || outdated.length === 0) return found;
      for (const index of outdated) last[index] = undefined;
    }
  };
  const none: ValuesFromNowhere = new Map();
  let threads = find(none);
  for (let round = 0; round < NARROWINGS && threads !== undefined; round++) {
    if (!narrow(memory, threads)) break;
    threads = find(none);
  }
  const nowhere =
    threads === undefined ? none : valuesFromNowhere(threads, toldValues(memory, space));
  if (nowhere.size > 0) threads = find(nowhere);
  for (let round = 0; round < memory.sites && nowhere.size > 0; round++) {
    if (threads === undefined || !widen(memory, threads)) break;
    threads = find(nowhere);
  }
  if (threads === undefined) return { threads: [], unknown: clock.stopped };
  const { overflow } = memory;
  return { threads, unknown: overflow === undefined ? undefined : atStart(program, overflow) };
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

function atStart({ threads }: Program, reason: string): Unknown {
  return { reason, span: threads[0]?.span ?? { start: 0, end: 0 } };
}

/** The traces of a thread, and all that was asked of memory to find them. */
interface Traced {
  readonly traces: readonly Trace[];
  readonly answers: Answers;
}

/** By location: what other threads may write to it, and what the thread itself may where that was asked. */
interface Answers {
  readonly others: Map<number, readonly RuntimeValue[]>;
  readonly own: Map<number, readonly RuntimeValue[]>;
}

/** Whether memory would still answer the same. */
function isUpToDate({ answers }: Traced, thread: number, oracle: ReadOracle): boolean {
  const { others, own } = answers;
  return (
    [...others].every(([location, before]) =>
      areSame(oracle.valuesOfOthers(thread, location), before),
    ) &&
    [...own].every(([location, before]) => areSame(oracle.valuesOfOwn(thread, location), before))
  );
}

function areSame(left: readonly RuntimeValue[], right: readonly RuntimeValue[]): boolean {
  return left.length === right.length && left.every((value, at) => Object.is(value, right[at]));
}

/** Answers for one thread, and keeps the answers. */
function oracleOf(
  scope: Scope,
  memory: PossibleValues,
  nowhere: ValuesFromNowhere,
): ReadOracle & { readonly answers: Answers } {
  const answers: Answers = { others: new Map(), own: new Map() };
  const answer = (
    known: Map<number, readonly RuntimeValue[]>,
    location: number,
    find: () => readonly RuntimeValue[],
  ): readonly RuntimeValue[] => {
    const before = known.get(location);
    if (before !== undefined) return before;
    const values = find();
    const more = nowhere.get(location);
    const made = more === undefined ? values : [...new Set([...values, ...more])];
    known.set(location, made);
    return made;
  };
  return {
    answers,
    initialAt: (location) => initialValue(scope, location),
    isWrittenOnceByOthers: (thread, location, value) =>
      !nowhere.has(location) && isWrittenOnceByOthers(memory, thread, location, value),
    valuesOfOthers: (thread, location) =>
      answer(answers.others, location, () => valuesOfOthers(memory, thread, location)),
    valuesOfOwn: (thread, location) =>
      answer(answers.own, location, () => valuesOfOwn(memory, thread, location)),
  };
}

/** What may turn out to be the value of a read, whatever writes it: what a compare-and-exchange expects, and
 *  where there are accesses through what others write, any address. */
function toldValues({ expected, isFollowed }: PossibleValues, space: AddressSpace) {
  const addresses = isFollowed ? space.names.map((name) => addressOf(space, name)) : [];
  return [...new Set([...expected, ...addresses])];
}

/** Adds the values that traces write and that were not expected; false where there are none. */
function widen(memory: PossibleValues, threads: readonly (readonly Trace[])[]): boolean {
  let added = false;
  for (const { thread, events, locations, values } of threads.flat())
    for (const [index, { kind }] of events.entries()) {
      const [location, value] = [locations[index], values[index]];
      if (kind !== 'write' || location === undefined || value === undefined) continue;
      if (value !== THIN_AIR && addValue(memory, thread, location, value)) added = true;
    }
  return added;
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
