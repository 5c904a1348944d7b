/** The executions that the model allows, one by one: for questions that are asked of each of them. */

import type { CandidateExecution } from '../memory-model/candidate.ts';
import type { Budget, Unknown } from '../memory-model/outcome.ts';
import { keptApart } from '../memory-model/relation.ts';
import { type Scope, scopeOf } from '../memory-model/scope.ts';
import type { Trace } from '../memory-model/thread-paths.ts';
import {
  type AddressSpace,
  evaluate,
  type RuntimeValue,
  runtimeValue,
} from '../memory-model/value.ts';
import type { LocationName, Observable, Program, Proposition } from '../program/program.ts';
import { type Equation, isObservable, observablesIn, truthOf } from '../program/proposition.ts';
import { type Clock, startClock } from './clock.ts';
import { search, type Visit } from './search.ts';
import { type TraceSets, traceSets } from './trace-sets.ts';
import { weakestTraces } from './weakest-traces.ts';
import { executionOf } from './witness.ts';

export interface AllowedExecution extends CandidateExecution {
  /** Set where a bound cut a thread short; what the execution would end in is then not known. */
  readonly cut: Unknown | undefined;
}

export interface AllowedExecutions {
  readonly scope: Scope;
  readonly executions: readonly AllowedExecution[];
  /** Why these are not all, if they are not. */
  readonly unknown: Unknown | undefined;
  /** The steps of the budget that are spent then. */
  readonly spent: number;
  /** Whether there is any execution, also of those that were left out, that the model allows with all that the relaxations
   *  of the program take away; true where that is not known. */
  readonly isAnyAllowed: () => boolean;
}

/** What is enumerated, and at what cost. */
export interface Enumeration {
  readonly budget?: Partial<Budget>;
  /** Steps of the budget that are spent already. */
  readonly spentBefore?: number;
  /** Whether the bound on executions is one on all of them; else on those of each part of the search. */
  readonly areAllCounted?: boolean;
  /** How often a loop is gone round. */
  readonly unroll?: number;
  /** Whether an execution with this trace can be asked for; all, if absent. */
  readonly isAskedFor?: (trace: Trace, space: AddressSpace) => boolean;
  /** The locations by whose accesses alone it is told what is asked for; where given, executions are left out for which
   *  one with fewer orders stands, and nothing that decides a proposition may be in registers. */
  readonly askedLocations?: ReadonlySet<LocationName>;
}

/** The executions that the model allows, whatever the condition and the filter of the program say; those
 *  may be left out whose registers alone tell that none of `propositions` holds at their end. */
export function allowedExecutions(
  program: Program,
  propositions: readonly Proposition[],
  {
    budget = {},
    spentBefore = 0,
    areAllCounted = false,
    unroll = 2,
    isAskedFor = () => true,
    askedLocations,
  }: Enumeration = {},
): AllowedExecutions {
  const clock = startClock(budget, spentBefore);
  const scope = scopeOf(program);
  const isTelling =
    askedLocations && ((location: number) => askedLocations.has(scope.space.names[location]!));
  const traces = traceSets(scope, unroll, clock, [], isTelling);
  const executions: AllowedExecution[] = [];
  let words = 0;
  const keep = (execution: AllowedExecution): void => {
    executions.push(execution);
    words += execution.rf.bits.length + execution.co.bits.length;
    clock.allowsWords(words, program.condition.span);
    if (areAllCounted) clock.allowsExecutions(executions.length, program.condition.span);
  };
  const asked = traces.threads.map((each) =>
    each.filter((trace) => trace.stop !== undefined || isAskedFor(trace, scope.space)),
  );
  const enough = isTelling === undefined ? asked : weakestTraces(asked, isTelling);
  const parts = interestingParts(scope, enough, propositions);
  let unknown = traces.unknown;
  for (const threads of parts) unknown ??= addExecutions(scope, threads, clock, keep);
  const isAnyAllowed = () => hasExecution(scope, traces, startClock(budget));
  return { scope, executions, unknown, spent: clock.spent, isAnyAllowed };
}

/** Whether traces make an execution, whatever the filter and the relaxations of the program say. */
function hasExecution(scope: Scope, { threads, unknown }: TraceSets, clock: Clock): boolean {
  const { filter: _, relaxations: __, ...program } = scope.program;
  const any = { ...scope, program, satisfiesCondition: () => true, passesFilter: () => true };
  const result = search(any, threads, clock, 'first');
  return result.positive > 0 || unknown !== undefined || result.unknown !== undefined;
}

function addExecutions(
  scope: Scope,
  threads: readonly (readonly Trace[])[],
  clock: Clock,
  keep: (execution: AllowedExecution) => void,
): Unknown | undefined {
  const visit: Visit = (found, cut) => {
    const { rf, co, ...execution } = executionOf(found.problem, found.choices);
    keep({ ...execution, rf: keptApart(rf), co: keptApart(co), cut });
  };
  const { unknown } = search(scope, threads, clock, 'all', { visit });
  return unknown;
}

/** Traces of one thread that end with the same known values in the registers asked about. */
interface TraceClass {
  readonly traces: Trace[];
  readonly values: ReadonlyMap<string, RuntimeValue | undefined>;
  readonly cut: boolean;
}

/** The combinations of classes of traces for which a proposition may hold, or that are cut short. */
function interestingParts(
  scope: Scope,
  threads: readonly (readonly Trace[])[],
  propositions: readonly Proposition[],
): readonly (readonly (readonly Trace[])[])[] {
  const asked = propositions.flatMap(registersIn);
  const classes = threads.map((traces, thread) => {
    const names = new Set(asked.filter((each) => each.thread === thread).map(({ name }) => name));
    return classesOf(scope, traces, [...names]);
  });
  const parts: (readonly (readonly Trace[])[])[] = [];
  const choose = (chosen: readonly TraceClass[]): void => {
    const next = classes[chosen.length];
    if (next !== undefined) {
      for (const each of next) choose([...chosen, each]);
    } else if (isInteresting(scope, chosen, propositions)) {
      parts.push(chosen.map(({ traces }) => traces));
    }
  };
  choose([]);
  return parts;
}

function classesOf(
  scope: Scope,
  traces: readonly Trace[],
  names: readonly string[],
): readonly TraceClass[] {
  const classes = new Map<string, TraceClass>();
  for (const trace of traces) {
    const values = new Map(names.map((name) => [name, finalValue(scope, trace, name)]));
    const cut = trace.stop !== undefined;
    const key = `${cut} ${[...values.values()].join()}`;
    const known = classes.get(key);
    if (known === undefined) classes.set(key, { traces: [trace], values, cut });
    else known.traces.push(trace);
  }
  return [...classes.values()];
}

/** What a register holds at the end of a trace; undefined where that depends on a free read. */
function finalValue(scope: Scope, trace: Trace, name: string): RuntimeValue | undefined {
  const term = trace.registers.get(name);
  return term === undefined ? 0 : evaluate(scope.space, term, trace.values);
}

function isInteresting(
  scope: Scope,
  chosen: readonly TraceClass[],
  propositions: readonly Proposition[],
): boolean {
  if (chosen.some(({ cut }) => cut)) return true;
  const value = (observable: Observable) =>
    observable.kind === 'register'
      ? chosen[observable.thread]?.values.get(observable.name)
      : undefined;
  return propositions.some(
    (proposition) => truthOf(proposition, (equation) => holds(scope, equation, value)) !== false,
  );
}

/** Whether an equation holds; undefined where one of its sides is not known. */
function holds(
  scope: Scope,
  { left, right, negated }: Equation,
  value: (observable: Observable) => RuntimeValue | undefined,
): boolean | undefined {
  const one = value(left);
  const other = isObservable(right) ? value(right) : runtimeValue(scope.space, right);
  return one === undefined || other === undefined ? undefined : (one === other) !== negated;
}

type RegisterObservable = Observable & { readonly kind: 'register' };

function registersIn(proposition: Proposition): readonly RegisterObservable[] {
  return observablesIn(proposition).flatMap((one) => (one.kind === 'register' ? [one] : []));
}
