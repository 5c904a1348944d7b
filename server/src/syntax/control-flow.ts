/** The control-flow graph of one function: basic steps in evaluation order, joined by edges. */

import type { Span } from '../text/span.ts';
import type { Expression, Statement } from './ast.ts';

/** One step of a function: an expression that is evaluated, in C's order, or a place of joining.
 *  Operators that branch (`&&`, `||`, `?:`) and statement expressions are taken apart into steps. */
export interface Step {
  readonly index: number;
  readonly kind: 'entry' | 'exit' | 'evaluate' | 'branch' | 'join' | 'unknown';
  /** What is evaluated; for a branch, the condition without the operators taken apart. */
  readonly expression?: Expression;
  /** The statement it belongs to. */
  readonly statement?: Statement;
  readonly span: Span;
  readonly successors: readonly Edge[];
}

export interface Edge {
  readonly to: number;
  /** For a branch: the outcome that leads this way. */
  readonly when?: boolean;
  /** Whether the edge goes back to a loop's head. */
  readonly back: boolean;
}

/** Steps in an order where, back edges aside, each comes before its successors; `steps[0]` is the entry. */
export interface ControlFlow {
  readonly steps: readonly Step[];
  readonly exit: number;
}
