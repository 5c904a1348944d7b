/** Locks that a thread releases and does not hold: what keeps others out then is more than there is. */

import type { Budget, Unknown } from '../memory-model/outcome.ts';
import { scopeOf } from '../memory-model/scope.ts';
import type { Trace } from '../memory-model/thread-paths.ts';
import type { Program, Statement } from '../program/program.ts';
import { everyStatement } from '../program/walk.ts';
import { startClock } from './clock.ts';
import { search } from './search.ts';
import { traceSets } from './trace-sets.ts';

const REASON =
  'a lock is released that is not held, and the memory model says nothing of what others do then';

/** What looking for a lock that is not held may cost. */
const BUDGET: Partial<Budget> = { events: 400, executions: 20_000, steps: 50_000 };

/** Where an execution that the filter lets count releases a lock that its thread does not hold, or may do so for all that is
 *  known at a bounded cost: `lock.cat` flags that, and lets the lock exclude others all the same. */
export function strayUnlock(
  { condition, ...program }: Program,
  unroll: number,
): Unknown | undefined {
  const releases = program.threads.some(({ body }) => everyStatement(body).some(isUnlock));
  if (!releases) return undefined;
  const any = { ...condition, quantifier: 'exists', proposition: { kind: 'true' } } as const;
  const scope = scopeOf({ ...program, condition: any });
  const clock = startClock(BUDGET);
  const { threads, unknown } = traceSets(scope, unroll, clock);
  if (unknown !== undefined) return unknown;
  for (const [index, traces] of threads.entries()) {
    const straying = traces.filter((trace) => strayEvent(trace) !== undefined);
    if (straying.length === 0) continue;
    const chosen = threads.map((each, at) => (at === index ? straying : each));
    const { positive, unknown: cut } = search(scope, chosen, clock, 'first');
    if (positive === 0 && cut === undefined) continue;
    const { span, origin } = strayEvent(straying[0]!)!;
    return { reason: REASON, span, ...(origin && { origin }) };
  }
  return undefined;
}

function isUnlock(statement: Statement): boolean {
  return statement.kind === 'lock' && statement.action === 'unlock';
}

/** The first event that releases a lock which the thread has not taken, or has released already. */
function strayEvent({ events, locations }: Trace): Trace['events'][number] | undefined {
  const held = new Set<number | undefined>();
  return events.find(({ kind }, at) => {
    if (kind === 'lock-write') held.add(locations[at]);
    return kind === 'unlock' && !held.delete(locations[at]);
  });
}
