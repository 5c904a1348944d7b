/** All executions that the model allows, one by one: for questions that are asked of each of them. */

import type { Program } from '../litmus/program.ts';
import type { CandidateExecution } from './candidate.ts';
import { startClock } from './clock.ts';
import type { Budget, Unknown } from './outcome.ts';
import { type Scope, scopeOf } from './scope.ts';
import { search } from './search.ts';
import { traceSets } from './trace-sets.ts';
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
}

/** Every execution that the model allows, whatever the condition and the filter of the program say. */
export function allowedExecutions(
  program: Program,
  budget: Partial<Budget> = {},
  unroll = 2,
): AllowedExecutions {
  const clock = startClock(budget);
  const scope = scopeOf(program);
  const traces = traceSets(scope, unroll, clock);
  const executions: AllowedExecution[] = [];
  const { unknown } = search(scope, traces.threads, clock, 'all', (found, cut) => {
    executions.push({ ...executionOf(found.problem, found.choices), cut });
  });
  return { scope, executions, unknown: traces.unknown ?? unknown };
}
