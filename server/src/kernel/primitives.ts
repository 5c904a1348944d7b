/** The one table of everything in the kernel that orders memory accesses, by name. */

import { atomics } from './atomics.ts';
import { barriers } from './barriers.ts';
import { bitops } from './bitops.ts';
import { exchanges } from './exchanges.ts';
import { interruptDisabling } from './interrupts.ts';
import { llists } from './llists.ts';
import { lockQueries, locks } from './locks.ts';
import { markedAccesses } from './marked-accesses.ts';
import type { Primitive } from './primitive.ts';
import { rcu } from './rcu.ts';
import { rcuLists } from './rcu-lists.ts';
import { refcounts } from './refcounts.ts';
import { seqcounts } from './seqcounts.ts';
import { sleepAndWake } from './sleep-wake.ts';
import { threadFlags } from './thread-flags.ts';
import { transmitQueues } from './transmit-queues.ts';
import { xarrays } from './xarrays.ts';

const families: readonly (readonly Primitive[])[] = [
  barriers,
  markedAccesses,
  atomics,
  exchanges,
  refcounts,
  bitops,
  threadFlags,
  locks,
  lockQueries,
  interruptDisabling,
  rcu,
  rcuLists,
  xarrays,
  llists,
  sleepAndWake,
  seqcounts,
  transmitQueues,
];

/** Every row; a name stands in one family only. */
export const primitives: ReadonlyMap<string, Primitive> = new Map(
  families.flat().map((entry) => [entry.name, entry]),
);

/** The row of the function or macro `name`, or undefined where it orders and marks nothing. */
export function primitive(name: string): Primitive | undefined {
  return primitives.get(name);
}
