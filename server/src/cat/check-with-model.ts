/** The answer to a program under a model the user brought: every candidate, judged by its cat text. */

import type { Program } from '../litmus/program.ts';
import { finalValues } from '../memory-model/candidate.ts';
import { type Draft, ordinaryDrafts } from '../memory-model/enumerate.ts';
import type { EventStructure, ExecutionEvent } from '../memory-model/event-structure.ts';
import type { Budget, Outcome, Unknown } from '../memory-model/outcome.ts';
import {
  difference,
  type EventSet,
  forEachPair,
  identityOn,
  inSet,
  type Relation,
  relationOf,
  setOf,
} from '../memory-model/relation.ts';
import { compareStates, printState, type Scope, scopeOf } from '../memory-model/scope.ts';
import { summarize } from '../memory-model/summary.ts';
import type { Instruction } from './ast.ts';
import { type Base, interpret } from './interpret.ts';
import { ModelError } from './value.ts';

interface Tally {
  readonly states: Set<string>;
  readonly flags: Set<string>;
  positive: number;
  negative: number;
}

/** What `program` can do under the model of `instructions` (see `loadModel`). A budget that is hit, or
 *  a definition the model lacks, makes the outcome unknown. */
export function checkWithModel(
  program: Program,
  instructions: readonly Instruction[],
  budget: Partial<Budget> = {},
  unroll = 2,
): Outcome {
  const scope = scopeOf(program);
  const tally: Tally = { states: new Set(), flags: new Set(), positive: 0, negative: 0 };
  const unknown = explore(program, scope, instructions, budget, unroll, tally);
  const { positive, negative } = tally;
  const states = [...tally.states].sort(compareStates);
  return summarize(
    program,
    { states, positive, negative, flags: [...tally.flags].sort() },
    unknown,
  );
}

/** Fills the tally; returns why it did not get to the end, if it did not. */
function explore(
  program: Program,
  scope: Scope,
  instructions: readonly Instruction[],
  budget: Partial<Budget>,
  unroll: number,
  tally: Tally,
): Unknown | undefined {
  const { executions = Number.POSITIVE_INFINITY, milliseconds = Number.POSITIVE_INFINITY } = budget;
  const deadline = performance.now() + milliseconds;
  const span = program.condition.span;
  let seen = 0;
  try {
    for (const draft of ordinaryDrafts(program, scope, unroll)) {
      if (++seen > executions)
        return { reason: `the budget of ${executions} executions is spent`, span };
      if (performance.now() > deadline)
        return { reason: `the budget of ${milliseconds} ms is spent`, span };
      count(scope, instructions, draft, tally);
    }
    return undefined;
  } catch (error) {
    if (error instanceof ModelError)
      return { reason: `the model cannot be run: ${error.message}`, span };
    throw error;
  }
}

function count(
  scope: Scope,
  instructions: readonly Instruction[],
  draft: Draft,
  tally: Tally,
): void {
  for (const { rf, co, flags } of interpret(instructions, baseOf(draft))) {
    const value = finalValues(scope, { ...draft, rf, co });
    const tracked = scope.tracked.map(value);
    if (!scope.passesFilter(tracked)) continue;
    tally.states.add(printState(scope, value));
    if (scope.satisfiesCondition(tracked)) tally.positive += 1;
    else tally.negative += 1;
    for (const flag of flags) tally.flags.add(flag);
  }
}

/** An execution as herd hands it to a model, before `lock.cat` has put lock events into R and W. */
function baseOf({ structure, rf, values }: Draft): Base {
  const { size, events, po, addr, data, ctrl, loc, int, ext } = structure;
  const everything = setOf(size, () => true);
  return {
    size,
    sets: baseSets(structure),
    relations: new Map<string, Relation>([
      ['po', po],
      ['addr', addr],
      ['data', data],
      ['ctrl', ctrl],
      ['rmw', withoutLocks(structure)],
      ['loc', loc],
      ['int', int],
      ['ext', ext],
      ['id', identityOn(size, everything)],
      ['rf', rf],
    ]),
    sameValue: (a, b) => values[events[a]!.index] === values[events[b]!.index],
  };
}

/** The sets by herd's names, and one for each tag: `before-atomic` is the set `Before-atomic`. */
function baseSets({ size, events, sets: { IW, RMW } }: EventStructure): Map<string, EventSet> {
  const where = (holds: (event: ExecutionEvent) => boolean): EventSet =>
    setOf(size, (index) => holds(events[index]!));
  const named = new Map<string, EventSet>([
    ['R', where(({ kind }) => kind === 'read')],
    ['W', where(({ kind }) => kind === 'write')],
    ['M', where(({ kind }) => kind === 'read' || kind === 'write')],
    ['F', where(({ kind }) => kind === 'fence')],
    ['LKR', where(({ kind }) => kind === 'lock-read')],
    ['LKW', where(({ kind }) => kind === 'lock-write')],
    ['UL', where(({ kind }) => kind === 'unlock')],
    ['LF', where(({ kind }) => kind === 'lock-fail')],
    ['RL', where(({ kind }) => kind === 'read-locked')],
    ['RU', where(({ kind }) => kind === 'read-unlocked')],
    ['IW', IW],
    ['FW', where(() => false)],
    ['RMW', RMW],
  ]);
  for (const tag of new Set(events.map((event) => event.tag))) {
    if (tag === '') continue;
    const name = tag.charAt(0).toUpperCase() + tag.slice(1);
    if (!named.has(name))
      named.set(
        name,
        where((event) => event.tag === tag),
      );
  }
  return named;
}

/** The pairs of LKR and LKW are for `lock.cat` to find. */
function withoutLocks({ size, rmw, sets: { LKR } }: EventStructure): Relation {
  const ofLocks = new Set<number>();
  forEachPair(rmw, (read) => {
    if (inSet(LKR, read)) ofLocks.add(read);
  });
  return difference(
    rmw,
    relationOf(size, (read) => ofLocks.has(read)),
  );
}
