/** The control-flow graph of one function: steps in evaluation order, joined by edges. */

import type { FunctionDefinition } from './ast.ts';
import { type Choice, FlowBuilder, type StepContent } from './flow-builder.ts';
import { flowOfStatements } from './flow-statement.ts';

/** One step of a function, in its place. */
export interface Step extends StepContent {
  readonly index: number;
  readonly successors: readonly Edge[];
}

/** The variable that takes the value of a step. */
export function givenVariable({ declarator, expression }: Step): string | undefined {
  if (declarator !== undefined) return declarator.name;
  if (expression?.kind !== 'assign' || expression.target.kind !== 'identifier') return undefined;
  return expression.target.name;
}

export interface Edge extends Choice {
  readonly to: number;
  /** Whether the edge goes back to a loop's head, or to a label above. */
  readonly back: boolean;
}

/** Steps in an order where, back edges aside, each comes before its successors; `steps[0]` is the entry.
 *  What cannot be reached from there is left out, the exit excepted. */
export interface ControlFlow {
  readonly steps: readonly Step[];
  readonly exit: number;
}

/** The control flow of a function. Total: what is not understood is an `unknown` step that control passes,
 *  and a `goto` whose label is nowhere is one that leads to the exit. Both ways of an `#if` are ways. */
export function controlFlow(definition: FunctionDefinition): ControlFlow {
  const { span } = definition;
  const builder = new FlowBuilder(span);
  const exits = flowOfStatements(builder, definition.body, [{ from: builder.entry }]);
  builder.connect(exits, builder.exit);
  builder.closeGotos();
  return order(builder);
}

/** Numbers the reachable steps so that each comes before its successors, and text order is kept where it can be. */
function order({ steps, entry, exit }: FlowBuilder): ControlFlow {
  const postorder: number[] = [];
  const state = new Uint8Array(steps.length);
  const stack: { readonly node: number; next: number }[] = [
    { node: entry, next: steps[entry]!.edges.length },
  ];
  state[entry] = 1;
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    top.next -= 1;
    const edge = steps[top.node]!.edges[top.next];
    if (edge === undefined) {
      postorder.push(top.node);
      stack.pop();
    } else if (state[edge.to] === 0) {
      state[edge.to] = 1;
      stack.push({ node: edge.to, next: steps[edge.to]!.edges.length });
    }
  }
  const sequence = postorder.reverse();
  if (state[exit] === 0) sequence.push(exit);
  return renumber(steps, sequence, exit);
}

function renumber(
  steps: FlowBuilder['steps'],
  sequence: readonly number[],
  exit: number,
): ControlFlow {
  const place = new Map(sequence.map((node, index) => [node, index]));
  const numbered = sequence.map((node, index): Step => {
    const { edges, ...step } = steps[node]!;
    const successors = edges.map((edge) => {
      const to = place.get(edge.to) ?? index;
      return { ...edge, to, back: to <= index };
    });
    return { ...step, index, successors };
  });
  return { steps: numbered, exit: place.get(exit) ?? numbered.length - 1 };
}
