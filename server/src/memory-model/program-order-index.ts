/**
 * herd's program order index: it counts the instructions of a path, blocks and branches among them. The
 * accesses of one instruction have one index, and the index of `srcu_read_lock()` is made of it.
 */

import type { Statement } from '../program/program.ts';

/** How far the index moves until the accesses of a statement itself: a macro of `linux-kernel.def` in
 *  statement position is a block with an instruction inside. */
export function stepsBefore(statement: Statement): number {
  switch (statement.kind) {
    case 'declare':
      return statement.value === undefined ? 0 : 1;
    case 'assign':
    case 'if':
    case 'while':
    case 'stop':
      return 1;
    case 'store':
      return statement.order === 'plain' ? 1 : 2;
    case 'evaluate':
      return statement.value.kind === 'rmw' && statement.value.order === 'noreturn' ? 2 : 1;
    case 'fence':
    case 'lock':
    case 'rcu':
    case 'srcu':
      return 2;
  }
}

/** How far it moves from a condition to the first statement of a branch. */
export const STEPS_TO_BRANCH = 2;

/** How far it moves from the condition of a loop to the first statement of a round, and from the last
 *  one to the condition. */
export const STEPS_OF_ROUND = 1;

/** What `srcu_read_lock()` gives: a number that tells the critical sections apart. */
export function srcuIndex(thread: number, index: number): number {
  return (thread + 1) * 307 + index * 599;
}
