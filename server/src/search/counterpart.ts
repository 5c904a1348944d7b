/** Finds a forbidden execution that would satisfy the proposition, where no allowed one does. */

import { type CandidateExecution, finalValues } from '../memory-model/candidate.ts';
import type { Scope } from '../memory-model/scope.ts';
import type { Trace } from '../memory-model/thread-paths.ts';
import type { Clock } from './clock.ts';
import { candidateExecutions } from './enumerate.ts';
import { search } from './search.ts';
import { executionOf } from './witness.ts';

/** How many candidates are looked at where even coherence must be broken. */
const MOST_CANDIDATES = 20_000;

/** The execution, or undefined where none can be put together (or none is found within the budget). */
export function findCounterpart(
  scope: Scope,
  threads: readonly (readonly Trace[])[],
  unroll: number,
  clock: Clock,
): CandidateExecution | undefined {
  const { found } = search(scope, threads, clock, 'forbidden');
  if (found !== undefined) return executionOf(found.problem, found.choices);
  return incoherentCandidate(scope, unroll, clock);
}

function incoherentCandidate(
  scope: Scope,
  unroll: number,
  clock: Clock,
): CandidateExecution | undefined {
  const span = scope.program.condition.span;
  let seen = 0;
  for (const candidate of candidateExecutions(scope.program, scope, unroll)) {
    if (++seen > MOST_CANDIDATES || !clock.spend(1, span)) return undefined;
    const tracked = scope.tracked.map(finalValues(scope, candidate));
    if (scope.passesFilter(tracked) && scope.satisfiesCondition(tracked)) return candidate;
  }
  return undefined;
}
