/** Disabling interrupts on this CPU: a compiler barrier, and a reader to the grace periods of RCU. */

import type { Primitive } from './primitive.ts';
import { FULL_FENCE, memoryBarriers, row } from './row.ts';

const SOURCE = memoryBarriers('INTERRUPT DISABLING FUNCTIONS');

/** Every function that turns interrupts off or on for the CPU it runs on. */
export const interruptDisabling: readonly Primitive[] = (
  [
    ['local_irq_disable', 'lock', 0],
    ['local_irq_save', 'lock', 1],
    ['local_irq_enable', 'unlock', 0],
    ['local_irq_restore', 'unlock', 1],
  ] as const
).map(([name, action, further]) =>
  row(name, 'rcu-reader', SOURCE, {
    domain: 'compiler',
    orders: FULL_FENCE,
    operation: { kind: 'rcu', action },
    further,
  }),
);
