/**
 * Functions outside the program that leave the scenario's locations alone, with the reason. Their
 * calls are left out and listed as assumptions; a stub of that name wins over the row.
 */

/** A family of functions that are left out. */
export interface NoEffect {
  readonly names: RegExp;
  readonly reason: string;
  /** What a call is worth, where its value may be used. */
  readonly value?: number;
  /** Whether the arguments are evaluated, being more than text for a log. */
  readonly evaluates: boolean;
}

const ROWS: readonly NoEffect[] = [
  {
    names:
      /^(pr_\w+|printk\w*|_printk|dev_(emerg|alert|crit|err|warn|notice|info|dbg)\w*|trace_\w+|dump_stack|seq_printf)$/,
    reason: 'writes a log; what it reads for that is left out',
    evaluates: false,
  },
  {
    names:
      /^(lockdep_\w+|might_sleep\w*|might_fault|kasan_\w+|kcsan_\w+|instrument_\w+|debug_\w+|__acquire|__release|rcu_lockdep_\w+|RCU_LOCKDEP_WARN|BUILD_BUG\w*|static_assert|MODULE_\w+|EXPORT_SYMBOL\w*)$/,
    reason: 'checks or annotates only',
    evaluates: false,
  },
  {
    names:
      /^(kfree|kvfree|vfree|kfree_const|kfree_sensitive|kmem_cache_free|put_task_struct|get_task_struct|module_put|__module_get)$/,
    reason: 'frees or counts references; that memory is used for something else is not modelled',
    evaluates: true,
  },
  {
    names: /^(kobject_\w+|sysfs_\w+|kset_\w+|debugfs_\w+|device_\w+)$/,
    reason: 'acts on sysfs only; taken as successful',
    value: 0,
    evaluates: true,
  },
  {
    names:
      /^(read_lock|read_unlock|read_lock_\w+|read_unlock_\w+|down_read|up_read|percpu_down_read|percpu_up_read|cpus_read_lock|cpus_read_unlock|get_online_cpus|put_online_cpus)$/,
    reason: 'a lock taken for reading: neither its order nor its exclusion of writers is used',
    evaluates: false,
  },
  {
    names:
      /^(preempt_disable|preempt_enable)(_notrace|_no_resched)?$|^(migrate|pagefault)_(disable|enable)$|^local_(irq|bh)_(save|restore|disable|enable)$/,
    reason: 'keeps its CPU only; no reader for grace periods unless a stub makes it one',
    evaluates: false,
  },
  {
    names:
      /^(wake_up\w*|set_notify_signal|signal_wake_up\w*|kick_\w+|resched_\w+|smp_send_reschedule|complete|complete_all)$/,
    reason: 'wakes somebody up; no order is taken from it',
    evaluates: true,
  },
  {
    names:
      /^(schedule|schedule_timeout\w*|schedule_delayed_work\w*|schedule_work\w*|queue_work\w*|queue_delayed_work\w*|mod_timer|mod_delayed_work\w*|cond_resched\w*|cpu_relax|msleep|usleep_range|udelay)$/,
    reason: 'work for later, or time that passes; work that matters is a thread of its own',
    value: 1,
    evaluates: false,
  },
];

/** The row for a function that is left out, undefined for any other. */
export function noEffect(name: string): NoEffect | undefined {
  return ROWS.find(({ names }) => names.test(name));
}
