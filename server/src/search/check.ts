/** The simulation core's one question: what can this program do under the LKMM? */

import type { Budget, Outcome, Unknown } from '../memory-model/outcome.ts';
import { compareStates, scopeOf } from '../memory-model/scope.ts';
import type { Program, Proposition } from '../program/program.ts';
import { type Clock, startClock } from './clock.ts';
import { findCounterpart } from './counterpart.ts';
import { search } from './search.ts';
import { type Counts, summarize, summarizeFirst } from './summary.ts';
import { traceSets } from './trace-sets.ts';
import { executionOf, witnessOf } from './witness.ts';

export interface CheckOptions {
  /** What the search may spend; without it there is no bound. */
  readonly budget?: Partial<Budget>;
  /** `all` counts every execution; `exists` stops at the first that satisfies the proposition, so its
   *  counts and states are partial and its observation is `Never` or `Sometimes`. */
  readonly question?: 'all' | 'exists';
  /** Whether to keep an allowed execution that satisfies the proposition. */
  readonly witness?: boolean;
  /** Whether to look for a forbidden execution that would satisfy it, where no allowed one does. */
  readonly counterpart?: boolean;
  /** How often a loop is unrolled; herd unrolls twice. */
  readonly unroll?: number;
}

/** Explores the executions of `program` that the model allows, and says which final states they end in. Where they are
 *  more than the budget allows, one that satisfies the proposition, or does not, is still looked for. */
export function check(program: Program, options: CheckOptions = {}): Outcome {
  return checkWithin(program, options, startClock(options.budget ?? {}));
}

function checkWithin(program: Program, options: CheckOptions, clock: Clock): Outcome {
  const scope = scopeOf(program);
  const unroll = options.unroll ?? 2;
  const { filter, condition } = program;
  const first = options.question === 'exists';
  const required = filter === undefined ? [] : [filter];
  const wanted = first ? [...required, condition.proposition] : required;
  const { threads, unknown } = traceSets(scope, unroll, clock, wanted);
  const keepsFound = first || options.witness === true || options.counterpart === true;
  const result = search(scope, threads, clock, first ? 'first' : 'all', { keepsFound });
  const counts = {
    states: [...result.states].sort(compareStates),
    positive: result.positive,
    negative: result.negative,
    flags: [...result.flags].sort(),
  };
  const isCut = unknown === undefined && clock.stopped !== undefined;
  const summary = first ? summarizeFirst : isCut ? summarizeCut(options, clock) : summarize;
  const outcome = summary(program, counts, unknown ?? result.unknown);
  const { found } = result;
  if (options.witness && found !== undefined)
    return { ...outcome, witness: witnessOf(scope, executionOf(found.problem, found.choices)) };
  if (!options.counterpart || found !== undefined) return outcome;
  const counterpart = findCounterpart(scope, threads, unroll, clock);
  return counterpart === undefined
    ? outcome
    : { ...outcome, counterpart: witnessOf(scope, counterpart) };
}

/** Completes an outcome that the budget has cut short: of the two kinds of executions those that none was found of are
 *  looked for alone. */
function summarizeCut({ unroll = 2, witness = false }: CheckOptions, clock: Clock) {
  return (program: Program, counts: Counts, unknown?: Unknown): Outcome => {
    const { condition } = program;
    const look = (proposition: Proposition): Outcome =>
      checkWithin(
        { ...program, condition: { ...condition, quantifier: 'exists', proposition } },
        { question: 'exists', unroll, witness },
        clock.further(),
      );
    const { proposition } = condition;
    const one = counts.positive === 0 ? look(proposition) : undefined;
    const other = counts.negative === 0 ? look(negation(proposition)) : undefined;
    const states = [counts, one, other].flatMap((each) => each?.states ?? []);
    const all: Counts = {
      states: [...new Set(states)].sort(compareStates),
      positive: counts.positive + (one?.positive ?? 0),
      negative: counts.negative + (other?.positive ?? 0),
      flags: counts.flags,
    };
    const isNever = [one, other].map((each) => each?.observation === 'Never');
    const hasAny = all.positive + all.negative > 0;
    const isKnown = hasAny ? isNever.includes(true) : !isNever.includes(false);
    const outcome = summarize(program, all, isKnown ? undefined : unknown);
    const rest = { ...(unknown && { unknown }), ...(one?.witness && { witness: one.witness }) };
    return { ...outcome, ...rest };
  };
}

function negation(proposition: Proposition): Proposition {
  return proposition.kind === 'not' ? proposition.operand : { kind: 'not', operand: proposition };
}
