/** What the bundled protocols rest on: edits of the kernel that take a barrier away, and what breaks then. */

import type { Edit } from './scenario-tree.ts';

/** Something that a protocol rests on. */
export interface Needed extends Edit {
  readonly protocol: string;
  /** What can be violated without it. */
  readonly violated: string;
}

export const NEEDED: readonly Needed[] = [
  {
    protocol: 'wait-queue',
    file: 'include/linux/wait.h',
    from: /smp_mb\(\);(?=\s+return waitqueue_active)/,
    to: '',
    violated: 'lost-wakeup',
  },
  {
    protocol: 'completion',
    file: 'kernel/sched/completion.c',
    from: /raw_spin_lock_irqsave\(&x->wait.lock, flags\);\s+raw_spin_unlock_irqrestore\(&x->wait.lock, flags\);/,
    to: '',
    violated: 'used-after-free',
  },
  {
    protocol: 'task-work',
    file: 'kernel/task_work.c',
    from: /try_cmpxchg(?=\(&task->task_works, &head, work\)\))/,
    to: 'try_cmpxchg_relaxed',
    violated: 'stale',
  },
  {
    protocol: 'irq-work',
    file: 'kernel/irq_work.c',
    from: /smp_mb\(\);(?=\s+lockdep_irq_work_enter)/,
    to: '',
    violated: 'lost',
  },
  {
    protocol: 'csd-lock',
    file: 'kernel/smp.c',
    from: 'smp_store_release(&csd->node.u_flags, 0)',
    to: 'WRITE_ONCE(csd->node.u_flags, 0)',
    violated: 'overwritten',
  },
  {
    protocol: 'llist',
    file: 'lib/llist.c',
    from: 'try_cmpxchg(&head->first, &first, new_first)',
    to: 'try_cmpxchg_relaxed(&head->first, &first, new_first)',
    violated: 'empty-item',
  },
  {
    protocol: 'ptr-ring',
    file: 'include/linux/ptr_ring.h',
    from: /smp_wmb\(\);(?=\s+WRITE_ONCE)/,
    to: '',
    violated: 'no-data',
  },
  {
    protocol: 'io-uring',
    file: 'io_uring/io_uring.h',
    from: 'smp_store_release(&ctx->rings->cq.tail, ctx->cached_cq_tail)',
    to: 'WRITE_ONCE(ctx->rings->cq.tail, ctx->cached_cq_tail)',
    violated: 'stale',
  },
  {
    protocol: 'rcuwait',
    file: 'kernel/exit.c',
    from: 'smp_mb(); /* (B) */',
    to: '',
    violated: 'lost-wakeup',
  },
  {
    protocol: 'rcuwait',
    file: 'include/linux/rcuwait.h',
    from: /\bset_current_state(?=\(state\);)/,
    to: '__set_current_state',
    violated: 'lost-wakeup',
  },
  {
    protocol: 'stream-wait',
    file: 'kernel/sched/wait.c',
    from: /set_current_state\(mode\);(?= \/\* A)/,
    to: '__set_current_state(mode);',
    violated: 'lost-wakeup',
  },
  {
    protocol: 'percpu-rwsem',
    file: 'kernel/locking/percpu-rwsem.c',
    from: 'smp_mb(); /* A matches D */',
    to: '',
    violated: 'torn',
  },
  {
    protocol: 'percpu-rwsem',
    file: 'include/linux/percpu-rwsem.h',
    from: 'smp_mb(); /* B matches C */',
    to: '',
    violated: 'torn',
  },
  {
    protocol: 'percpu-rwsem',
    file: 'kernel/locking/percpu-rwsem.c',
    from: 'smp_mb(); /* C matches B */',
    to: '',
    violated: 'torn',
  },
  {
    protocol: 'percpu-rwsem',
    file: 'kernel/rcu/sync.c',
    from: /\tsynchronize_rcu\(\);/,
    to: '',
    violated: 'torn',
  },
  {
    protocol: 'rcu-sync',
    file: 'kernel/locking/percpu-rwsem.c',
    from: 'atomic_read_acquire(&sem->block)',
    to: 'atomic_read(&sem->block)',
    violated: 'torn',
  },
  {
    protocol: 'seqlock',
    file: 'include/linux/seqlock.h',
    from: /smp_rmb\(\);(?=\s+return do___read_seqcount_retry)/,
    to: '',
    violated: 'torn',
  },
  {
    protocol: 'qspinlock',
    file: 'include/asm-generic/qspinlock.h',
    from: /atomic_try_cmpxchg_acquire(?=\(&lock->val, &val, _Q_LOCKED_VAL\)\);)/,
    to: 'atomic_try_cmpxchg_relaxed',
    violated: 'both',
  },
  {
    protocol: 'qspinlock',
    file: 'include/asm-generic/qspinlock.h',
    from: /atomic_try_cmpxchg_acquire(?=\(&lock->val, &val, _Q_LOCKED_VAL\)\)\))/,
    to: 'atomic_try_cmpxchg_relaxed',
    violated: 'both',
  },
  {
    protocol: 'qspinlock',
    file: 'include/asm-generic/qspinlock.h',
    from: 'smp_store_release(&lock->locked, 0)',
    to: 'WRITE_ONCE(lock->locked, 0)',
    violated: 'both',
  },
  {
    protocol: 'reuseport',
    file: 'net/core/sock_reuseport.c',
    from: /smp_wmb\(\);(?=\s+reuse->num_socks\+\+)/,
    to: '',
    violated: 'gone',
  },
  {
    protocol: 'folio-uptodate',
    file: 'include/linux/page-flags.h',
    from: /smp_rmb\(\);(?=\s+return ret)/,
    to: '',
    violated: 'stale',
  },
  {
    protocol: 'printk-commit',
    file: 'kernel/printk/printk_ringbuffer.c',
    from: 'smp_rmb(); /* LMM(desc_read:B) */',
    to: '',
    violated: 'lost',
  },
  {
    protocol: 'printk-commit',
    file: 'kernel/printk/printk_ringbuffer.c',
    from: /try_cmpxchg(?=\([^;]*LMM\(_prb_commit:B\))/,
    to: 'try_cmpxchg_relaxed',
    violated: 'stale',
  },
  ...['printk-text', 'printk-descriptor'].map((protocol) => ({
    protocol,
    file: 'kernel/printk/printk_ringbuffer.c',
    from: 'return desc_read_finalized_seq(desc_ring, id, seq, &desc);',
    to: 'return 0;',
    violated: 'mixed',
  })),
];
