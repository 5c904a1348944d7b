/** The primitive table: what the well-known primitives order, and that every row is well formed. */

import { expect, test } from 'vitest';
import type { AccessClass, Ordering, Primitive } from '../../server/src/kernel/primitive.ts';
import { primitive, primitives } from '../../server/src/kernel/primitives.ts';

/** `all->own writes->writes` and the condition, as the table's reader would say it. */
function orders(name: string): string {
  const row = primitive(name);
  if (row === undefined) return 'no row';
  const one = (order: Ordering) =>
    `${order.before}->${order.after}${order.when === undefined ? '' : ` ${order.when}`}`;
  const condition = row.when === 'always' || row.orders.length === 0 ? '' : ` ${row.when}`;
  return (row.orders.map(one).join(', ') || 'nothing') + condition;
}

const fullRmw = 'all->own, own->all, all->all';

test.each([
  ['smp_mb', 'all->all'],
  ['smp_rmb', 'reads->reads'],
  ['smp_wmb', 'writes->writes'],
  ['smp_store_release', 'all->own-write'],
  ['smp_load_acquire', 'own-read->all'],
  ['smp_store_mb', 'own-write->all, all->all'],
  ['smp_mb__before_atomic', 'all->all with-adjacent-rmw'],
  ['smp_mb__after_spinlock', 'all->all with-adjacent-lock'],
  ['smp_acquire__after_ctrl_dep', 'reads->all'],
  ['READ_ONCE', 'own-read->dependent'],
  ['WRITE_ONCE', 'nothing'],
  ['rcu_assign_pointer', 'all->own-write'],
  ['rcu_dereference', 'own-read->dependent'],
  ['rcu_dereference_protected', 'nothing'],
  ['list_add_rcu', 'all->own-write'],
  ['list_del_rcu', 'nothing'],
  ['xa_store', 'all->own-write'],
  ['idr_alloc', 'all->own-write'],
  ['xa_load', 'own-read->dependent'],
  ['idr_remove', 'nothing'],
  ['llist_add', fullRmw],
  ['llist_del_all', fullRmw],
  ['llist_del_first', `${fullRmw} on-success`],
  ['atomic_read', 'nothing'],
  ['atomic_inc', 'nothing'],
  ['atomic_long_andnot', 'nothing'],
  ['atomic64_inc_return', fullRmw],
  ['atomic_fetch_or_relaxed', 'nothing'],
  ['atomic_fetch_or_acquire', 'own-read->all'],
  ['atomic_dec_and_test', fullRmw],
  ['atomic_inc_not_zero', `${fullRmw} on-success`],
  ['cmpxchg', `${fullRmw} on-success`],
  ['try_cmpxchg_release', 'all->own-write on-success'],
  ['xchg', fullRmw],
  ['clear_bit', 'nothing'],
  ['set_bit', 'nothing'],
  ['test_bit', 'nothing'],
  ['test_and_clear_bit', fullRmw],
  ['clear_bit_unlock', 'all->own-write'],
  ['test_and_set_bit_lock', 'own-read->all on-success'],
  ['set_tsk_thread_flag', 'nothing'],
  ['clear_tsk_thread_flag', 'nothing'],
  ['test_and_clear_tsk_thread_flag', fullRmw],
  ['test_and_set_thread_flag', fullRmw],
  ['refcount_inc', 'nothing'],
  ['refcount_dec_and_test', 'all->own-write, own-read->all on-success'],
  ['refcount_inc_not_zero', 'own-read->writes on-success'],
  ['spin_lock_irqsave', 'own-read->all'],
  ['spin_trylock', 'own-read->all on-success'],
  ['spin_unlock_irqrestore', 'all->own-write'],
  ['set_current_state', 'own-write->all, all->all'],
  ['__set_current_state', 'nothing'],
  ['wake_up', 'all->all if-woken'],
  ['wake_up_process', 'all->all'],
  ['synchronize_rcu', 'all->all'],
  ['call_rcu', 'nothing'],
  ['rcu_read_lock', 'nothing'],
  ['read_seqcount_retry', 'reads->own-read, reads->reads'],
  ['write_seqcount_begin', 'own-write->writes, writes->writes'],
  ['kfree', 'no row'],
])('%s orders %s', (name, expected) => expect(orders(name)).toBe(expected));

test.each([
  ['set_tsk_thread_flag', { argument: 0, field: 'thread_info.flags', bit: 1 }],
  ['set_thread_flag', { argument: 'current', field: 'thread_info.flags', bit: 0 }],
  ['set_tsk_need_resched', { argument: 0, field: 'thread_info.flags', bit: 'TIF_NEED_RESCHED' }],
  ['clear_bit', { argument: 1, bit: 0 }],
  ['atomic_add', { argument: 1, by: 'pointer' }],
  ['atomic_cmpxchg', { argument: 0, by: 'pointer' }],
  ['WRITE_ONCE', { argument: 0, by: 'lvalue', effect: 'write' }],
  ['rcu_dereference', { argument: 0, by: 'lvalue', effect: 'read' }],
  ['list_add_rcu', { argument: 1, by: 'pointer', effect: 'write' }],
  ['set_current_state', { argument: 'current', field: '__state', effect: 'write' }],
])('%s accesses %o', (name, expected) => expect(primitive(name)?.access).toMatchObject(expected));

const OWN: readonly AccessClass[] = ['own', 'own-read', 'own-write'];

function usesOwn({ orders }: Primitive): boolean {
  return orders.some(({ before, after }) => OWN.includes(before) || OWN.includes(after));
}

test('every row is stored under its name, has a source, and orders its own access only if it has one', () => {
  for (const [name, row] of primitives) {
    expect(row.name).toBe(name);
    expect(row.source.document).toMatch(/^(Documentation|tools|include|kernel)\/\S+$/);
    expect(row.source.section, name).not.toBe('');
    if (usesOwn(row)) expect(row.access, name).toBeDefined();
  }
});

test('a row that orders its own write writes, one that orders its own read reads', () => {
  for (const [name, { orders, access }] of primitives) {
    const classes = orders.flatMap(({ before, after }) => [before, after]);
    if (classes.includes('own-write')) expect(access?.effect, name).toMatch(/write/);
    if (classes.includes('own-read')) expect(access?.effect, name).toMatch(/read/);
  }
});

test('an operation and the access of its row name the same argument', () => {
  for (const [name, { access, operation }] of primitives) {
    if (operation === undefined || access === undefined) continue;
    if ('location' in operation) expect(operation.location, name).toBe(access.argument);
  }
});

test('no name stands in two families', async () => {
  const families = await Promise.all([
    import('../../server/src/kernel/barriers.ts').then((m) => m.barriers),
    import('../../server/src/kernel/marked-accesses.ts').then((m) => m.markedAccesses),
    import('../../server/src/kernel/atomics.ts').then((m) => m.atomics),
    import('../../server/src/kernel/exchanges.ts').then((m) => m.exchanges),
    import('../../server/src/kernel/refcounts.ts').then((m) => m.refcounts),
    import('../../server/src/kernel/bitops.ts').then((m) => m.bitops),
    import('../../server/src/kernel/thread-flags.ts').then((m) => m.threadFlags),
    import('../../server/src/kernel/locks.ts').then((m) => [...m.locks, ...m.lockQueries]),
    import('../../server/src/kernel/interrupts.ts').then((m) => m.interruptDisabling),
    import('../../server/src/kernel/rcu.ts').then((m) => m.rcu),
    import('../../server/src/kernel/rcu-lists.ts').then((m) => m.rcuLists),
    import('../../server/src/kernel/sleep-wake.ts').then((m) => m.sleepAndWake),
    import('../../server/src/kernel/seqcounts.ts').then((m) => m.seqcounts),
    import('../../server/src/kernel/transmit-queues.ts').then((m) => m.transmitQueues),
    import('../../server/src/kernel/xarrays.ts').then((m) => m.xarrays),
    import('../../server/src/kernel/llists.ts').then((m) => m.llists),
  ]);
  const names = families.flat().map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(new Set(names)).toEqual(new Set(primitives.keys()));
});
