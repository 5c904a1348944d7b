/** The answer to a program under a model the user brought, from its cat text. */

import { baseOf } from '../cat/base.ts';
import { interpret } from '../cat/interpret.ts';
import { factsOf } from '../cat/model-facts.ts';
import { printPlace } from '../cat/source.ts';
import { NotChosenYet } from '../cat/term.ts';
import { ModelError } from '../cat/value.ts';
import { finalValues } from '../memory-model/candidate.ts';
import type { Budget, Outcome, Unknown } from '../memory-model/outcome.ts';
import { relationOf } from '../memory-model/relation.ts';
import { compareStates, printState, type Scope, scopeOf } from '../memory-model/scope.ts';
import type { Program } from '../program/program.ts';
import { startClock } from './clock.ts';
import type { Tally } from './count-completions.ts';
import { type Draft, ordinaryDrafts } from './enumerate.ts';
import { type RunnableModel, searchModel } from './model-search.ts';
import { summarize } from './summary.ts';
import { traceSets } from './trace-sets.ts';

/** What `program` can do under `model` (see `loadModel`). A budget that is hit, or
 *  a definition the model lacks, makes the outcome unknown. */
export function checkWithModel(
  program: Program,
  model: RunnableModel,
  budget: Partial<Budget> = {},
  unroll = 2,
): Outcome {
  const { isCoherent, isAtomic } = factsOf(model.instructions);
  if (!isCoherent) return checkEachExecution(program, model, budget, unroll);
  const clock = startClock({ events: MOST_EVENTS, ...budget });
  const scope = scopeOf(program);
  const tally = emptyTally();
  try {
    const { threads, unknown } = traceSets(
      scope,
      unroll,
      clock,
      program.filter && [program.filter],
    );
    const stopped = searchModel(scope, model, threads, isAtomic, clock, tally);
    return outcomeOf(program, tally, unknown ?? stopped);
  } catch (error) {
    if (error instanceof NotChosenYet) return checkEachExecution(program, model, budget, unroll);
    if (!(error instanceof ModelError)) throw error;
    return outcomeOf(program, tally, notRun(program, error));
  }
}

/** A thread of more events is not asked about: each relation of the model is computed in the cube of them, those that it
 *  defines by recursion again and again. */
const MOST_EVENTS = 600;

/**
 * The same answer, found by running the model on every candidate execution: what the search is tested
 * against, and what is left for models that the search cannot cut.
 */
export function checkEachExecution(
  program: Program,
  model: RunnableModel,
  budget: Partial<Budget> = {},
  unroll = 2,
): Outcome {
  const clock = startClock(budget);
  const scope = scopeOf(program);
  const tally = emptyTally();
  try {
    let seen = 0;
    const { span } = program.condition;
    const mayGoOn = () => clock.spend(1, span) && clock.allowsExecutions(++seen, span);
    for (const draft of ordinaryDrafts(program, scope, unroll)) {
      if (!mayGoOn()) break;
      count(scope, model, draft, tally, mayGoOn);
    }
    return outcomeOf(program, tally, clock.stopped);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return outcomeOf(program, tally, notRun(program, error));
  }
}

function emptyTally(): Tally {
  return { states: new Set(), flags: new Set(), positive: 0, negative: 0 };
}

function outcomeOf(
  program: Program,
  { states, flags, positive, negative }: Tally,
  unknown: Unknown | undefined,
): Outcome {
  const counts = {
    states: [...states].sort(compareStates),
    positive,
    negative,
    flags: [...flags].sort(),
  };
  return summarize(program, counts, unknown);
}

function notRun({ condition }: Program, { message, at }: ModelError): Unknown {
  const place = at === undefined ? '' : `${printPlace(at)}: `;
  return { reason: `the model cannot be run: ${place}${message}`, span: condition.span };
}

function count(
  scope: Scope,
  model: RunnableModel,
  draft: Draft,
  tally: Tally,
  mayGoOn: () => boolean,
): void {
  const { structure, values } = draft;
  const base = baseOf(structure, model.representation);
  const drafted = {
    rf: draft.rf,
    sameValue: relationOf(structure.size, (a, b) => values[a] === values[b]),
  };
  for (const { rf, co, flags } of interpret(model.instructions, base, drafted)) {
    if (!mayGoOn()) return;
    const value = finalValues(scope, { ...draft, rf, co });
    const tracked = scope.tracked.map(value);
    if (!scope.passesFilter(tracked)) continue;
    tally.states.add(printState(scope, value));
    if (scope.satisfiesCondition(tracked)) tally.positive += 1;
    else tally.negative += 1;
    for (const flag of flags) tally.flags.add(flag);
  }
}
