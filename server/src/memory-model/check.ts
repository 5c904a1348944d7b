/** The simulation core's one question: what can this program do under the LKMM? */

import type { Program } from '../litmus/program.ts';
import { naiveCheck } from './naive-check.ts';
import type { Budget, Outcome } from './outcome.ts';

export interface CheckOptions {
  /** What the search may spend; without it there is no bound. */
  readonly budget?: Partial<Budget>;
  /** `all` counts every execution; `exists` stops at the first that satisfies the proposition. */
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
  return naiveCheck(program, options.unroll ?? 2);
}
