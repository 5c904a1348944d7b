/**
 * Functions and macros that touch nothing that the threads of a program share, so that their calls are left
 * out: what each does instead, what its call is worth, and the header that declares it. What is in no row
 * is left out nowhere.
 */

/** What a call is worth: nothing that is used, any integer of a range, or what one of its arguments is. */
export type Worth =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'any'; readonly least: number; readonly most: number }
  | { readonly kind: 'argument'; readonly position: number };

export interface LeftOut {
  /** What it does, as the reader of an answer is told it. */
  readonly does: string;
  readonly worth: Worth;
  /** The header, below the root of the tree. */
  readonly document: string;
  /** Whether its first argument is a lock that nobody may have. */
  readonly freesLock?: true;
}

/** A row for several names, which stand in one text. */
interface Row extends Omit<LeftOut, 'worth'> {
  readonly names: string;
  readonly worth?: Worth;
}

const NOTHING: Worth = { kind: 'nothing' };
const INT_MAX = 2 ** 31 - 1;
const YES_OR_NO: Worth = { kind: 'any', least: 0, most: 1 };
const COUNT: Worth = { kind: 'any', least: 0, most: INT_MAX };
/** 0, or the negative of an error number (`MAX_ERRNO` of include/linux/err.h). */
const ZERO_OR_ERROR: Worth = { kind: 'any', least: -4095, most: 0 };
const SAME_AS_FIRST: Worth = { kind: 'argument', position: 0 };

const LOG = 'writes a log';
const CHECK = 'checks or annotates only';
const FREE = 'frees memory; that it is used for something else is not modelled';
const COUNTS = 'counts references; what the last one frees is not modelled';
const SHOWN = 'acts on what user space is shown only';
const TIME = 'lets time pass';
const CLOCK = 'tells a time';
const LATER = 'has work done later; what that does counts where a thread of the scenario does it';
const HERE = 'keeps the task where it runs; for grace periods it makes no reader';
const FREE_LOCK = 'makes a lock free, which it is from the beginning';
const QUEUE = 'acts on a wait queue, which is not modelled: a wait ends when its condition holds';

const LEVELS = 'emerg alert crit err warn notice info dbg'.split(' ');
const PRINTK_LEVELS = 'emerg alert crit err warn notice info debug devel'.split(' ');
const OFTEN = ['', '_once', '_ratelimited'];

function product(parts: readonly (readonly string[])[]): string {
  return parts
    .reduce((names, part) => names.flatMap((name) => part.map((next) => name + next)))
    .join(' ');
}

const logging: readonly Row[] = [
  {
    names: `printk _printk no_printk printk_once printk_ratelimited printk_deferred pr_warn_once pr_cont dump_stack dump_stack_lvl ${product([['pr_'], PRINTK_LEVELS, OFTEN])}`,
    does: LOG,
    document: 'include/linux/printk.h',
  },
  {
    names: 'print_hex_dump print_hex_dump_debug print_hex_dump_bytes',
    does: LOG,
    document: 'include/linux/printk.h',
  },
  {
    names: `dev_printk ${product([['dev_'], LEVELS, OFTEN])} dev_warn_once`,
    does: LOG,
    document: 'include/linux/dev_printk.h',
  },
  { names: 'trace_printk trace_puts', does: LOG, document: 'include/linux/kernel.h' },
];

const checking: readonly Row[] = [
  {
    names:
      'lockdep_assert lockdep_assert_once lockdep_assert_held lockdep_assert_not_held lockdep_assert_held_write ' +
      'lockdep_assert_held_read lockdep_assert_held_once lockdep_assert_none_held_once ' +
      'lockdep_assert_irqs_enabled lockdep_assert_irqs_disabled lockdep_assert_in_irq ' +
      'lockdep_assert_preemption_enabled lockdep_assert_preemption_disabled lockdep_assert_in_softirq ' +
      'lockdep_set_class lockdep_set_class_and_name lockdep_set_class_and_subclass lockdep_set_subclass ' +
      'lockdep_set_novalidate_class lockdep_init_map lockdep_off lockdep_on lockdep_register_key ' +
      'lockdep_unregister_key lock_map_acquire lock_map_acquire_read lock_map_release lock_acquire lock_release ' +
      'lock_acquired lock_contended might_lock might_lock_read might_lock_nested lock_map_acquire_tryread ' +
      'seqcount_acquire seqcount_acquire_read seqcount_release spin_acquire spin_acquire_nest spin_release ' +
      'rwlock_acquire rwlock_acquire_read rwlock_release mutex_acquire mutex_acquire_nest mutex_release ' +
      'rwsem_acquire rwsem_acquire_nest rwsem_acquire_read rwsem_release',
    does: CHECK,
    document: 'include/linux/lockdep.h',
  },
  { names: 'lockdep_assert_cpus_held', does: CHECK, document: 'include/linux/cpu.h' },
  { names: 'lockdep_assert_rq_held', does: CHECK, document: 'kernel/sched/sched.h' },
  {
    names:
      'might_sleep might_sleep_if might_fault might_resched cant_sleep cant_migrate non_block_start ' +
      'non_block_end sched_annotate_sleep',
    does: CHECK,
    document: 'include/linux/kernel.h',
  },
  {
    names: 'RCU_LOCKDEP_WARN rcu_sleep_check',
    does: CHECK,
    document: 'include/linux/rcupdate.h',
  },
  {
    names:
      'rcu_read_lock_held rcu_read_lock_bh_held rcu_read_lock_sched_held rcu_read_lock_any_held',
    does: 'asks whether a reader holds what it should',
    worth: YES_OR_NO,
    document: 'include/linux/rcupdate.h',
  },
  {
    names: 'VM_BUG_ON VM_BUG_ON_PAGE VM_BUG_ON_FOLIO VM_BUG_ON_VMA VM_BUG_ON_MM VM_BUG_ON_PGFLAGS',
    does: CHECK,
    document: 'include/linux/mmdebug.h',
  },
  {
    names:
      'ASSERT_EXCLUSIVE_WRITER ASSERT_EXCLUSIVE_WRITER_SCOPED ASSERT_EXCLUSIVE_ACCESS ' +
      'ASSERT_EXCLUSIVE_ACCESS_SCOPED ASSERT_EXCLUSIVE_BITS kcsan_check_access kcsan_check_read ' +
      'kcsan_check_write kcsan_check_atomic_read kcsan_check_atomic_write kcsan_check_atomic_read_write ' +
      'kcsan_disable_current kcsan_enable_current kcsan_nestable_atomic_begin kcsan_nestable_atomic_end ' +
      'kcsan_flat_atomic_begin kcsan_flat_atomic_end kcsan_atomic_next',
    does: CHECK,
    document: 'include/linux/kcsan-checks.h',
  },
  {
    names:
      'instrument_read instrument_write instrument_read_write instrument_atomic_read instrument_atomic_write ' +
      'instrument_atomic_read_write instrument_copy_to_user instrument_copy_from_user_before ' +
      'instrument_copy_from_user_after',
    does: CHECK,
    document: 'include/linux/instrumented.h',
  },
  {
    names: 'lockdep_irq_work_enter lockdep_irq_work_exit',
    does: CHECK,
    document: 'include/linux/irqflags.h',
  },
  {
    names: 'kasan_record_aux_stack kasan_record_aux_stack_noalloc',
    does: CHECK,
    document: 'include/linux/kasan.h',
  },
  {
    names: 'kasan_check_read kasan_check_write',
    does: CHECK,
    document: 'include/linux/kasan-checks.h',
  },
  {
    names:
      'debug_object_init debug_object_init_on_stack debug_object_activate debug_object_deactivate ' +
      'debug_object_destroy debug_object_free debug_object_assert_init debug_object_active_state ' +
      'debug_check_no_obj_freed',
    does: CHECK,
    document: 'include/linux/debugobjects.h',
  },
  {
    names: 'BUILD_BUG BUILD_BUG_ON BUILD_BUG_ON_MSG BUILD_BUG_ON_INVALID static_assert',
    does: CHECK,
    document: 'include/linux/build_bug.h',
  },
  { names: 'BUILD_BUG_ON_NOT_POWER_OF_2', does: CHECK, document: 'include/linux/build_bug.h' },
  {
    names: 'compiletime_assert compiletime_assert_atomic_type',
    does: CHECK,
    document: 'include/linux/compiler_types.h',
  },
  { names: '__acquire __release', does: CHECK, document: 'include/linux/compiler_types.h' },
];

const memory: readonly Row[] = [
  {
    names: 'kfree kfree_sensitive kmem_cache_free kvfree kvfree_sensitive',
    does: FREE,
    document: 'include/linux/slab.h',
  },
  { names: 'kfree_const', does: FREE, document: 'include/linux/string.h' },
  { names: 'vfree', does: FREE, document: 'include/linux/vmalloc.h' },
  { names: 'free_percpu', does: FREE, document: 'include/linux/percpu.h' },
  {
    names: 'kfree_rcu kvfree_rcu kfree_rcu_mightsleep kvfree_rcu_mightsleep',
    does: 'frees memory after a grace period; that it is used for something else is not modelled',
    document: 'include/linux/rcupdate.h',
  },
  {
    names: 'get_task_struct',
    does: COUNTS,
    worth: SAME_AS_FIRST,
    document: 'include/linux/sched/task.h',
  },
  { names: 'put_task_struct', does: COUNTS, document: 'include/linux/sched/task.h' },
  { names: 'mmgrab mmdrop', does: COUNTS, document: 'include/linux/sched/mm.h' },
  { names: 'module_put __module_get', does: COUNTS, document: 'include/linux/module.h' },
  { names: 'try_module_get', does: COUNTS, worth: YES_OR_NO, document: 'include/linux/module.h' },
  { names: 'get_device', does: COUNTS, worth: SAME_AS_FIRST, document: 'include/linux/device.h' },
  { names: 'put_device', does: COUNTS, document: 'include/linux/device.h' },
  { names: 'kobject_get', does: COUNTS, worth: SAME_AS_FIRST, document: 'include/linux/kobject.h' },
  { names: 'kobject_put', does: COUNTS, document: 'include/linux/kobject.h' },
  { names: 'dev_hold dev_put', does: COUNTS, document: 'include/linux/netdevice.h' },
];

const shown: readonly Row[] = [
  {
    names: 'kobject_uevent kobject_uevent_env kobject_add kobject_rename kobject_set_name',
    does: SHOWN,
    worth: ZERO_OR_ERROR,
    document: 'include/linux/kobject.h',
  },
  { names: 'kobject_del', does: SHOWN, document: 'include/linux/kobject.h' },
  {
    names: 'sysfs_create_file sysfs_create_group sysfs_create_groups sysfs_create_link',
    does: SHOWN,
    worth: ZERO_OR_ERROR,
    document: 'include/linux/sysfs.h',
  },
  {
    names:
      'sysfs_remove_file sysfs_remove_group sysfs_remove_groups sysfs_remove_link sysfs_notify',
    does: SHOWN,
    document: 'include/linux/sysfs.h',
  },
  {
    names:
      'debugfs_remove debugfs_remove_recursive debugfs_create_u8 debugfs_create_u16 debugfs_create_u32 ' +
      'debugfs_create_u64 debugfs_create_x8 debugfs_create_x16 debugfs_create_x32 debugfs_create_x64 ' +
      'debugfs_create_bool debugfs_create_atomic_t debugfs_create_size_t debugfs_create_ulong',
    does: SHOWN,
    document: 'include/linux/debugfs.h',
  },
  {
    names: 'device_create_file',
    does: SHOWN,
    worth: ZERO_OR_ERROR,
    document: 'include/linux/device.h',
  },
  { names: 'device_remove_file', does: SHOWN, document: 'include/linux/device.h' },
  { names: 'dev_name', does: 'names a device', document: 'include/linux/device.h' },
  { names: 'kobject_name', does: 'names an object', document: 'include/linux/kobject.h' },
];

const time: readonly Row[] = [
  { names: 'ndelay mdelay ssleep', does: TIME, document: 'include/linux/delay.h' },
  { names: 'msleep usleep_range fsleep', does: TIME, document: 'include/linux/delay.h' },
  { names: 'udelay', does: TIME, document: 'include/asm-generic/delay.h' },
  {
    names: 'msleep_interruptible',
    does: TIME,
    worth: COUNT,
    document: 'include/linux/delay.h',
  },
  {
    names: 'round_jiffies round_jiffies_relative round_jiffies_up round_jiffies_up_relative',
    does: CLOCK,
    worth: COUNT,
    document: 'include/linux/timer.h',
  },
  {
    names: 'msecs_to_jiffies usecs_to_jiffies jiffies_to_msecs jiffies_to_usecs',
    does: CLOCK,
    worth: COUNT,
    document: 'include/linux/jiffies.h',
  },
  {
    names: 'ktime_get ktime_get_ns ktime_get_real ktime_get_boottime ktime_get_seconds',
    does: CLOCK,
    worth: COUNT,
    document: 'include/linux/timekeeping.h',
  },
  {
    names: 'sched_clock local_clock',
    does: CLOCK,
    worth: COUNT,
    document: 'include/linux/sched/clock.h',
  },
  { names: 'cpu_relax', does: TIME, document: 'include/linux/processor.h' },
  {
    names: 'io_stop_wc',
    does: 'ends the merging of stores to a device',
    document: 'include/asm-generic/barrier.h',
  },
  {
    names: 'cond_resched',
    does: 'may let other tasks run',
    worth: YES_OR_NO,
    document: 'include/linux/sched.h',
  },
  {
    names: 'need_resched',
    does: 'asks whether other tasks wait',
    worth: YES_OR_NO,
    document: 'include/linux/sched.h',
  },
  {
    names: 'cond_resched_tasks_rcu_qs',
    does: 'may let other tasks run',
    document: 'include/linux/rcupdate.h',
  },
  {
    names: 'signal_pending signal_pending_state fatal_signal_pending',
    does: 'asks whether a signal came',
    worth: YES_OR_NO,
    document: 'include/linux/sched/signal.h',
  },
  {
    names: 'kthread_should_stop kthread_should_park',
    does: 'asks whether a thread is told to stop',
    worth: YES_OR_NO,
    document: 'include/linux/kthread.h',
  },
];

const deferring: readonly Row[] = [
  {
    names:
      'schedule_work schedule_work_on queue_work queue_work_on queue_delayed_work queue_delayed_work_on ' +
      'schedule_delayed_work schedule_delayed_work_on mod_delayed_work mod_delayed_work_on',
    does: LATER,
    worth: YES_OR_NO,
    document: 'include/linux/workqueue.h',
  },
  {
    names: 'work_pending delayed_work_pending',
    does: 'tells whether work waits to be done, which is not modelled',
    worth: YES_OR_NO,
    document: 'include/linux/workqueue.h',
  },
  {
    names: 'spin_lock_init raw_spin_lock_init',
    does: FREE_LOCK,
    freesLock: true,
    document: 'include/linux/spinlock.h',
  },
  { names: 'rwlock_init', does: FREE_LOCK, freesLock: true, document: 'include/linux/rwlock.h' },
  { names: 'mutex_init', does: FREE_LOCK, freesLock: true, document: 'include/linux/mutex.h' },
  { names: 'init_rwsem', does: FREE_LOCK, freesLock: true, document: 'include/linux/rwsem.h' },
  {
    names: 'mod_timer timer_reduce',
    does: LATER,
    worth: YES_OR_NO,
    document: 'include/linux/timer.h',
  },
  { names: 'add_timer add_timer_on', does: LATER, document: 'include/linux/timer.h' },
  {
    names: 'hrtimer_start hrtimer_start_range_ns',
    does: LATER,
    document: 'include/linux/hrtimer.h',
  },
  {
    names: 'tasklet_schedule tasklet_hi_schedule raise_softirq raise_softirq_irqoff',
    does: LATER,
    document: 'include/linux/interrupt.h',
  },
  {
    names: 'irq_work_queue irq_work_queue_on',
    does: LATER,
    worth: YES_OR_NO,
    document: 'include/linux/irq_work.h',
  },
];

const context: readonly Row[] = [
  { names: 'migrate_disable migrate_enable', does: HERE, document: 'include/linux/preempt.h' },
  {
    names: 'pagefault_disable pagefault_enable',
    does: HERE,
    document: 'include/linux/uaccess.h',
  },
  { names: 'put_cpu', does: HERE, document: 'include/linux/smp.h' },
  { names: 'put_cpu_var put_cpu_ptr', does: HERE, document: 'include/linux/percpu-defs.h' },
  {
    names: 'smp_processor_id raw_smp_processor_id get_cpu',
    does: 'tells on which CPU it runs',
    worth: COUNT,
    document: 'include/linux/smp.h',
  },
  {
    names: 'in_interrupt in_irq in_hardirq in_softirq in_serving_softirq in_nmi in_task in_atomic',
    does: 'tells in which context it runs',
    worth: YES_OR_NO,
    document: 'include/linux/preempt.h',
  },
  {
    names: 'irqs_disabled',
    does: 'tells in which context it runs',
    worth: YES_OR_NO,
    document: 'include/linux/irqflags.h',
  },
];

const keys: readonly Row[] = [
  {
    names:
      'static_branch_likely static_branch_unlikely static_key_enabled static_key_false static_key_true',
    does: 'asks a static key, which may be either way each time',
    worth: YES_OR_NO,
    document: 'include/linux/jump_label.h',
  },
];

const waitQueues: readonly Row[] = [
  {
    names:
      'init_waitqueue_head init_waitqueue_entry init_waitqueue_func_entry init_wait init_wait_entry add_wait_queue ' +
      'add_wait_queue_exclusive add_wait_queue_priority remove_wait_queue __add_wait_queue __remove_wait_queue',
    does: QUEUE,
    document: 'include/linux/wait.h',
  },
  {
    names: 'waitqueue_active',
    does: 'asks whether somebody waits, without order',
    worth: YES_OR_NO,
    document: 'include/linux/wait.h',
  },
  {
    names: 'init_swait_queue_head',
    does: QUEUE,
    document: 'include/linux/swait.h',
  },
  {
    names: 'swait_active',
    does: 'asks whether somebody waits, without order',
    worth: YES_OR_NO,
    document: 'include/linux/swait.h',
  },
];

/** Functions that are not left out because something of what they do is not modelled, each with what. */
const REASONS: Readonly<Record<string, string>> = {
  'call_rcu call_rcu_hurry call_rcu_tasks call_rcu_tasks_rude call_rcu_tasks_trace call_srcu queue_rcu_work':
    'whose callback runs after a grace period: a thread of the scenario that waits for one may call it',
};

/** Of these the functions that wait for others. */
const WAITS: Readonly<Record<string, string>> = {
  'rcu_barrier srcu_barrier': 'which waits for callbacks',
  'synchronize_rcu_tasks synchronize_rcu_tasks_rude synchronize_rcu_tasks_trace synchronize_rcu_mult':
    'which waits for readers of another kind',
  schedule_on_each_cpu: 'which waits until every CPU has run something',
  'flush_work cancel_work_sync flush_workqueue drain_workqueue del_timer_sync timer_delete_sync tasklet_kill tasklet_disable':
    'which waits for work that was handed over',
};

/** Why a call is not modelled, where there is something to say of it. */
export const notLeftOut: ReadonlyMap<string, string> = byName({ ...REASONS, ...WAITS });

/** Functions that wait for others in a way that is not modelled. */
export const waits: ReadonlySet<string> = new Set(byName(WAITS).keys());

function byName(reasons: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(reasons).flatMap(([names, why]) =>
      names.split(' ').map((name) => [name, why] as const),
    ),
  );
}

const ROWS = [logging, checking, memory, shown, time, deferring, context, keys, waitQueues].flat();

/** Every row by its name. */
export const leftOut: ReadonlyMap<string, LeftOut> = new Map(
  ROWS.flatMap(({ names, worth = NOTHING, ...row }) =>
    names.split(' ').map((name) => [name, { ...row, worth }] as const),
  ),
);
