/** Disabling interrupts on this CPU: a compiler barrier, and a reader to the grace periods of RCU. */

import type { Primitive } from './primitive.ts';
import { FULL_FENCE, memoryBarriers, row } from './row.ts';

const SOURCE = memoryBarriers('INTERRUPT DISABLING FUNCTIONS');

/** Every function that turns interrupts off or on for the CPU it runs on. */
export const interruptDisabling: readonly Primitive[] = (
  [
    ['local_irq_disable', 'lock'],
    ['local_irq_save', 'lock'],
    ['local_irq_enable', 'unlock'],
    ['local_irq_restore', 'unlock'],
  ] as const
).map(([name, action]) =>
  row(name, 'rcu-reader', SOURCE, {
    domain: 'compiler',
    orders: FULL_FENCE,
    operation: { kind: 'rcu', action },
  }),
);
