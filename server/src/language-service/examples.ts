/** One right use of each kind of ordering primitive, for the hover that explains it. */

import type { Category, OrderingCondition, Primitive } from '../kernel/primitive.ts';

/** A use in which it orders what it is there for. */
export function exampleOf({ name, category, orders, when }: Primitive): string {
  const own = OF_NAME[name] ?? OF_CONDITION[when];
  if (own !== undefined) return own;
  return (orders.length === 0 ? UNORDERED[category] : undefined) ?? EXAMPLES[category];
}

const PENDING = 'WRITE_ONCE(data, 1); smp_mb__before_atomic(); atomic_dec(&pending);';
const WOKEN = 'clear_bit_unlock(BUSY, &flags); smp_mb__after_atomic(); wake_up_bit(&flags, BUSY);';

const OF_NAME: Readonly<Partial<Record<string, string>>> = {
  smp_mb__after_atomic: WOKEN,
  wake_up_bit: WOKEN,
  wake_up_var: 'atomic_dec(&users); smp_mb__after_atomic(); wake_up_var(&users);',
};

const OF_CONDITION: Readonly<Partial<Record<OrderingCondition, string>>> = {
  'with-adjacent-rmw': PENDING,
  'with-adjacent-lock':
    'WRITE_ONCE(mine, 1); spin_lock(&lock); smp_mb__after_spinlock(); if (!READ_ONCE(yours)) ...',
};

/** Of those that order nothing by themselves. */
const UNORDERED: Readonly<Partial<Record<Category, string>>> = {
  atomic: PENDING,
  bitop: WOKEN,
  sleep: '__set_current_state(TASK_RUNNING);',
};

const LOCKED = 'spin_lock(&list->lock); list->length++; spin_unlock(&list->lock);';

const EXAMPLES: Readonly<Record<Category, string>> = {
  'full-barrier': 'WRITE_ONCE(mine, 1); smp_mb(); if (!READ_ONCE(yours)) ...',
  'write-barrier': 'WRITE_ONCE(data, 1); smp_wmb(); WRITE_ONCE(flag, 1);',
  'read-barrier': 'if (READ_ONCE(flag)) { smp_rmb(); use(READ_ONCE(data)); }',
  'compiler-barrier': 'in_section = 1; barrier(); work(); barrier(); in_section = 0;',
  'marked-access': 'while (!READ_ONCE(stop)) work();',
  release: 'data = 1; smp_store_release(&flag, 1);',
  acquire: 'if (smp_load_acquire(&flag)) use(data);',
  atomic: 'if (atomic_dec_and_test(&object->users)) kfree(object);',
  bitop: 'if (!test_and_set_bit(QUEUED, &flags)) queue(work);',
  'thread-flag': 'if (test_and_clear_thread_flag(TIF_NOTIFY)) notify();',
  lock: LOCKED,
  unlock: LOCKED,
  'rcu-reader':
    'rcu_read_lock(); p = rcu_dereference(head); if (p) use(p->data); rcu_read_unlock();',
  'rcu-publish': 'new->data = 1; rcu_assign_pointer(head, new);',
  'rcu-dereference': 'p = rcu_dereference(head); if (p) use(p->data);',
  'grace-period': 'rcu_assign_pointer(head, new); synchronize_rcu(); kfree(old);',
  'seqcount-reader':
    'do { seq = read_seqcount_begin(&s); a = x->a; } while (read_seqcount_retry(&s, seq));',
  'seqcount-writer': 'write_seqcount_begin(&s); x->a = 1; write_seqcount_end(&s);',
  sleep: 'set_current_state(TASK_INTERRUPTIBLE); if (!READ_ONCE(ready)) schedule();',
  wake: 'WRITE_ONCE(ready, 1); wake_up_process(task);',
  helper: '',
};
