/** Where the ways through an expression meet again: it goes on as one path. */

import { joiningAt, type Lowering, placeOfTrace } from './context.ts';
import { type Block, become, join, type State, type Trace } from './machine.ts';

/** Lets `state` go on where `paths` meet, which hold every live path below `root`. They do not meet where a
 *  jump out of the expression keeps one of them from it. */
export function rejoin(
  lowering: Lowering,
  state: State,
  paths: readonly State[],
  root: Block,
  trace: () => Trace,
): void {
  const [joined, ...others] = join(paths, root, joiningAt(lowering, trace));
  if (others.length > 0) {
    const message = 'a jump out of a part of an expression that is not always evaluated';
    lowering.report.notModelled(message, placeOfTrace(trace()));
  }
  become(state, joined);
}
