/**
 * What `guard(class)(lock)` and `scoped_guard(class, lock)` of `include/linux/cleanup.h` take, and release when
 * control leaves the block.
 */

/** A class of guards; both functions are called with what the guard is given. */
export interface Guard {
  readonly take: string;
  readonly release: string;
}

/** By header (of Linux 6.12): class, what takes, what releases. */
const CLASSES: Readonly<Record<string, string>> = {
  'include/linux/mutex.h': 'mutex mutex_lock mutex_unlock',
  'include/linux/rwsem.h': 'rwsem_read down_read up_read rwsem_write down_write up_write',
  'include/linux/rcupdate.h': 'rcu rcu_read_lock rcu_read_unlock',
  'include/linux/preempt.h':
    'preempt preempt_disable preempt_enable ' +
    'preempt_notrace preempt_disable_notrace preempt_enable_notrace migrate migrate_disable migrate_enable',
  'include/linux/irqflags.h':
    'irq local_irq_disable local_irq_enable irqsave local_irq_save local_irq_restore',
  'include/linux/spinlock.h':
    'raw_spinlock raw_spin_lock raw_spin_unlock raw_spinlock_nested raw_spin_lock_nested raw_spin_unlock ' +
    'raw_spinlock_irq raw_spin_lock_irq raw_spin_unlock_irq raw_spinlock_bh raw_spin_lock_bh raw_spin_unlock_bh ' +
    'raw_spinlock_irqsave raw_spin_lock_irqsave raw_spin_unlock_irqrestore ' +
    'spinlock spin_lock spin_unlock spinlock_irq spin_lock_irq spin_unlock_irq ' +
    'spinlock_bh spin_lock_bh spin_unlock_bh spinlock_irqsave spin_lock_irqsave spin_unlock_irqrestore ' +
    'read_lock read_lock read_unlock read_lock_irq read_lock_irq read_unlock_irq ' +
    'read_lock_irqsave read_lock_irqsave read_unlock_irqrestore ' +
    'write_lock write_lock write_unlock write_lock_irq write_lock_irq write_unlock_irq ' +
    'write_lock_irqsave write_lock_irqsave write_unlock_irqrestore',
};

/** The classes by name. */
export const guards: ReadonlyMap<string, Guard> = new Map(
  Object.values(CLASSES).flatMap((text) => {
    const words = text.split(' ');
    return words.flatMap((name, at) =>
      at % 3 === 0 ? [[name, { take: words[at + 1]!, release: words[at + 2]! }] as const] : [],
    );
  }),
);

/** The macros that make guards. */
export const GUARD_MACROS: ReadonlySet<string> = new Set(['guard', 'scoped_guard']);
