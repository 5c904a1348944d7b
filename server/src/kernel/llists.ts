/** Lists that are added to and taken from without a lock: both swap the head by an atomic operation. */

import type { Primitive, Source } from './primitive.ts';
import { at, FULL_RMW, row } from './row.ts';

/** "The basic atomic operation of this list is cmpxchg on long." */
const LLIST: Source = {
  document: 'include/linux/llist.h',
  section: 'Lock-less NULL terminated single linked list',
};

/** Every operation of such lists that orders. */
export const llists: readonly Primitive[] = [
  adds('llist_add', 1),
  adds('llist_add_batch', 2),
  row('llist_del_all', 'atomic', LLIST, { access: at(0, 'read-write'), orders: FULL_RMW }),
  // Of an empty list it only reads the head.
  row('llist_del_first', 'atomic', LLIST, {
    access: at(0, 'read-write'),
    orders: FULL_RMW,
    when: 'on-success',
  }),
];

/** The entry that is given first is the one by which others find what is added. */
function adds(name: string, head: number): Primitive {
  return row(name, 'atomic', LLIST, {
    access: at(head, 'read-write'),
    also: [at(0, 'write')],
    publishes: { argument: 0, by: 'member' },
    orders: FULL_RMW,
  });
}
