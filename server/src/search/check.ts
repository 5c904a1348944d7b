/** The simulation core's one question: what can this program do under the LKMM? */

import type { Budget, Outcome } from '../memory-model/outcome.ts';
import { compareStates, scopeOf } from '../memory-model/scope.ts';
import type { Program } from '../program/program.ts';
import { startClock } from './clock.ts';
import { findCounterpart } from './counterpart.ts';
import { search } from './search.ts';
import { summarize, summarizeFirst } from './summary.ts';
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

/** Explores the executions of `program` that the model allows, and says which final states they end in. */
export function check(program: Program, options: CheckOptions = {}): Outcome {
  const clock = startClock(options.budget ?? {});
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
  const outcome = first
    ? summarizeFirst(program, counts, unknown ?? result.unknown)
    : summarize(program, counts, unknown ?? result.unknown);
  const { found } = result;
  if (options.witness && found !== undefined)
    return { ...outcome, witness: witnessOf(scope, executionOf(found.problem, found.choices)) };
  if (!options.counterpart || found !== undefined) return outcome;
  const counterpart = findCounterpart(scope, threads, unroll, clock);
  return counterpart === undefined
    ? outcome
    : { ...outcome, counterpart: witnessOf(scope, counterpart) };
}
