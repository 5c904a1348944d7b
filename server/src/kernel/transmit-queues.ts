/**
 * Stopping and waking a network device's transmit queue: a bit of the queue that the transmit path sets where it finds no room,
 * and that who makes room looks at. Stopping orders nothing behind it.
 */

import type { OwnAccess, Primitive, Source } from './primitive.ts';
import { FULL_RMW, row } from './row.ts';

const SOURCE: Source = {
  document: 'Documentation/networking/driver.rst',
  section: 'Stop queues in advance',
};

/** How a family names its queue: the device's only one, one of its queues, or the queue itself. */
const FAMILIES = [
  (action: string) => `netif_${action}_queue`,
  (action: string) => `netif_${action}_subqueue`,
  (action: string) => `netif_tx_${action}_queue`,
] as const;

/** Every wrapper of `__QUEUE_STATE_DRV_XOFF`. */
export const transmitQueues: readonly Primitive[] = [
  ...FAMILIES.flatMap((named) => [
    ...['stop', 'start'].map((action) =>
      row(named(action), 'atomic', SOURCE, {
        access: { ...stopped('read-write'), givesNothing: true },
      }),
    ),
    row(named('wake'), 'atomic', SOURCE, { access: stopped('read-write'), orders: FULL_RMW }),
  ]),
  ...['netif_queue_stopped', '__netif_subqueue_stopped', 'netif_tx_queue_stopped'].map((name) =>
    row(name, 'marked-access', SOURCE, { access: stopped('read') }),
  ),
];

function stopped(effect: OwnAccess['effect']): OwnAccess {
  return {
    argument: 0,
    effect,
    by: 'pointer',
    field: 'netdev_queue.state',
    bit: '__QUEUE_STATE_DRV_XOFF',
  };
}
