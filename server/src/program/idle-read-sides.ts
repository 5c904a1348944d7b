/** RCU read-side critical sections for which nobody waits. */

import { changedStatements } from './plain-access.ts';
import type { Statement, Thread } from './program.ts';
import { everyStatement } from './walk.ts';

/**
 * The threads without their RCU read sides, where none of them waits for a grace period: `rcu-order` of
 * `linux-kernel.cat` has a grace period in each of its cases, and nothing else in the file knows
 * `rcu-rscs`. So the marks of a critical section then order nothing, and no execution is more or less.
 */
export function withoutIdleReadSides(threads: readonly Thread[]): readonly Thread[] {
  const waits = ({ body }: Thread) => everyStatement(body).some(isGracePeriod);
  if (threads.some(waits)) return threads;
  return threads.map((thread) => ({ ...thread, body: changedStatements(thread.body, unmarked) }));
}

function isGracePeriod(statement: Statement): boolean {
  return statement.kind === 'rcu' && statement.action === 'synchronize';
}

function unmarked(statement: Statement): Statement | undefined {
  return statement.kind === 'rcu' ? undefined : statement;
}
