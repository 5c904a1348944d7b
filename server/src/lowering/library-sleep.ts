/**
 * Going to sleep and waking up in C of our own, after `include/linux/sched.h`, `wait.h`, `wait_bit.h`,
 * `kernel/sched/core.c` and `completion.c`. A wait is one look at its condition that finds it to hold: looks
 * that found nothing and woke nobody are left out. Who waits on a queue is not known, and a wake-up of
 * nobody orders nothing, so that waking a queue does nothing.
 */

/** Task states, waits, wake-ups and completions. */
export const SLEEP = `
#define TASK_RUNNING 0
#define TASK_INTERRUPTIBLE 1
#define TASK_UNINTERRUPTIBLE 2
#define TASK_NORMAL 3
#define TASK_WAKEKILL 256
#define TASK_KILLABLE 258
#define TASK_NOLOAD 1024
#define TASK_IDLE 1026
#define MAX_SCHEDULE_TIMEOUT 0x7fffffffffffffffL

#define set_current_state(state) do { WRITE_ONCE(current->__state, (state)); smp_mb(); } while (0)
#define set_special_state(state) set_current_state(state)
#define __set_current_state(state) WRITE_ONCE(current->__state, (state))
#define get_current_state() READ_ONCE(current->__state)

#define schedule() smp_mb()
#define schedule_preempt_disabled() smp_mb()
#define io_schedule() smp_mb()
#define schedule_timeout(timeout) ({ smp_mb(); __any_within(0, 0x7fffffff); })
#define io_schedule_timeout(timeout) schedule_timeout(timeout)
#define schedule_timeout_interruptible(timeout) ({ \\
  __set_current_state(TASK_INTERRUPTIBLE); \\
  schedule_timeout(timeout); })
#define schedule_timeout_uninterruptible(timeout) ({ \\
  __set_current_state(TASK_UNINTERRUPTIBLE); \\
  schedule_timeout(timeout); })
#define schedule_timeout_killable(timeout) ({ \\
  __set_current_state(TASK_KILLABLE); \\
  schedule_timeout(timeout); })
#define schedule_timeout_idle(timeout) ({ \\
  __set_current_state(TASK_IDLE); \\
  schedule_timeout(timeout); })

#define prepare_to_wait(queue, entry, state) set_current_state(state)
#define prepare_to_wait_exclusive(queue, entry, state) set_current_state(state)
#define prepare_to_wait_event(queue, entry, state) ({ set_current_state(state); any(0, -ERESTARTSYS); })
#define prepare_to_swait_exclusive(queue, entry, state) set_current_state(state)
#define prepare_to_swait_event(queue, entry, state) ({ set_current_state(state); any(0, -ERESTARTSYS); })
#define finish_wait(queue, entry) __set_current_state(TASK_RUNNING)
#define finish_swait(queue, entry) __set_current_state(TASK_RUNNING)
#define wq_has_sleeper(queue) ({ smp_mb(); waitqueue_active(queue); })
#define swq_has_sleeper(queue) ({ smp_mb(); swait_active(queue); })
#define DEFINE_WAIT(name) int name = 0
#define DEFINE_SWAITQUEUE(name) int name = 0

#define __wait_for(condition) ({ __wait_until(condition); })
#define __wait_or(condition, otherwise) ({ (condition) ? 0 : (otherwise); })
#define __wait_timeout(condition, otherwise) ({ \\
  (condition) ? __any_within(1, 0x7fffffff) : (otherwise); })
#define wait_event(queue, condition) __wait_for(condition)
#define io_wait_event(queue, condition) __wait_for(condition)
#define wait_event_freezable(queue, condition) __wait_or(condition, -ERESTARTSYS)
#define wait_event_freezable_exclusive(queue, condition) __wait_or(condition, -ERESTARTSYS)
#define wait_event_freezable_timeout(queue, condition, timeout) \\
  __wait_timeout(condition, any(0, -ERESTARTSYS))
#define wait_event_timeout(queue, condition, timeout) __wait_timeout(condition, 0)
#define wait_event_hrtimeout(queue, condition, timeout) __wait_or(condition, -ETIME)
#define wait_event_idle(queue, condition) __wait_for(condition)
#define wait_event_idle_exclusive(queue, condition) __wait_for(condition)
#define wait_event_idle_timeout(queue, condition, timeout) __wait_timeout(condition, 0)
#define wait_event_idle_exclusive_timeout(queue, condition, timeout) __wait_timeout(condition, 0)
#define wait_event_interruptible(queue, condition) __wait_or(condition, -ERESTARTSYS)
#define wait_event_interruptible_exclusive(queue, condition) __wait_or(condition, -ERESTARTSYS)
#define wait_event_interruptible_timeout(queue, condition, timeout) \\
  __wait_timeout(condition, any(0, -ERESTARTSYS))
#define wait_event_interruptible_hrtimeout(queue, condition, timeout) \\
  __wait_or(condition, any(-ETIME, -ERESTARTSYS))
#define wait_event_killable(queue, condition) __wait_or(condition, -ERESTARTSYS)
#define wait_event_killable_exclusive(queue, condition) __wait_or(condition, -ERESTARTSYS)
#define wait_event_killable_timeout(queue, condition, timeout) \\
  __wait_timeout(condition, any(0, -ERESTARTSYS))
#define __relocked(condition, lock, met) ({ \\
  int __met = !!(condition); \\
  if (!__met) { spin_unlock_irq(&(lock)); spin_lock_irq(&(lock)); __met = (met); } \\
  __met; })
#define wait_event_lock_irq(queue, condition, lock) \\
  ((void)__relocked(condition, lock, ({ __wait_until(condition); 1; })))
#define wait_event_lock_irq_cmd(queue, condition, lock, command) do { \\
  if (!(condition)) { \\
    spin_unlock_irq(&(lock)); command; spin_lock_irq(&(lock)); __wait_until(condition); \\
  } } while (0)
#define wait_event_interruptible_lock_irq(queue, condition, lock) \\
  (__relocked(condition, lock, !!(condition)) ? 0 : -ERESTARTSYS)
#define wait_event_lock_irq_timeout(queue, condition, lock, timeout) \\
  (__relocked(condition, lock, !!(condition)) ? __any_within(1, 0x7fffffff) : 0)
#define swait_event_exclusive(queue, condition) __wait_for(condition)
#define swait_event_timeout_exclusive(queue, condition, timeout) __wait_timeout(condition, 0)
#define swait_event_interruptible_exclusive(queue, condition) __wait_or(condition, -ERESTARTSYS)
#define swait_event_interruptible_timeout_exclusive(queue, condition, timeout) \\
  __wait_timeout(condition, any(0, -ERESTARTSYS))
#define swait_event_idle_exclusive(queue, condition) __wait_for(condition)
#define swait_event_idle_timeout_exclusive(queue, condition, timeout) __wait_timeout(condition, 0)
#define wait_var_event(var, condition) __wait_for(condition)
#define wait_var_event_killable(var, condition) __wait_or(condition, -ERESTARTSYS)
#define wait_var_event_interruptible(var, condition) __wait_or(condition, -ERESTARTSYS)
#define wait_var_event_timeout(var, condition, timeout) __wait_timeout(condition, 0)
#define wait_on_bit(word, bit, mode) \\
  ((mode) == TASK_UNINTERRUPTIBLE ? ({ __wait_until(!test_bit_acquire(bit, word)); 0; }) \\
                                  : __wait_or(!test_bit_acquire(bit, word), -EINTR))
#define wait_on_bit_io(word, bit, mode) wait_on_bit(word, bit, mode)
#define wait_on_bit_timeout(word, bit, mode, timeout) \\
  __wait_or(!test_bit_acquire(bit, word), any(-EAGAIN, -EINTR))
#define wait_on_bit_lock(word, bit, mode) \\
  ((mode) == TASK_UNINTERRUPTIBLE ? ({ __wait_until(!test_and_set_bit(bit, word)); 0; }) \\
                                  : __wait_or(!test_and_set_bit(bit, word), -EINTR))

#define __wakes_nobody_known(queue) ((void)0)
#define wake_up(queue) __wakes_nobody_known(queue)
#define wake_up_nr(queue, nr) __wakes_nobody_known(queue)
#define wake_up_all(queue) __wakes_nobody_known(queue)
#define wake_up_locked(queue) __wakes_nobody_known(queue)
#define wake_up_all_locked(queue) __wakes_nobody_known(queue)
#define wake_up_sync(queue) __wakes_nobody_known(queue)
#define wake_up_interruptible(queue) __wakes_nobody_known(queue)
#define wake_up_interruptible_nr(queue, nr) __wakes_nobody_known(queue)
#define wake_up_interruptible_all(queue) __wakes_nobody_known(queue)
#define wake_up_interruptible_sync(queue) __wakes_nobody_known(queue)
#define wake_up_poll(queue, mask) __wakes_nobody_known(queue)
#define wake_up_locked_poll(queue, mask) __wakes_nobody_known(queue)
#define wake_up_interruptible_poll(queue, mask) __wakes_nobody_known(queue)
#define wake_up_interruptible_sync_poll(queue, mask) __wakes_nobody_known(queue)
#define wake_up_bit(word, bit) __wakes_nobody_known(word)
#define wake_up_var(var) __wakes_nobody_known(var)
#define swake_up_one(queue) __wakes_nobody_known(queue)
#define swake_up_all(queue) __wakes_nobody_known(queue)
#define swake_up_locked(queue, ...) __wakes_nobody_known(queue)

static inline int wake_up_state(struct task_struct *task, unsigned int state)
{
  int woken = 0;

  raw_spin_lock(&task->pi_lock);
  smp_mb__after_spinlock();
  if (READ_ONCE(task->__state) & state) {
    WRITE_ONCE(task->__state, TASK_RUNNING);
    woken = 1;
  }
  raw_spin_unlock(&task->pi_lock);
  return woken;
}

static inline int wake_up_process(struct task_struct *task)
{
  return wake_up_state(task, TASK_NORMAL);
}

struct swait_queue_head {
  raw_spinlock_t lock;
  struct list_head task_list;
};

struct completion {
  unsigned int done;
  struct swait_queue_head wait;
};

#define __SWAIT_QUEUE_HEAD_INITIALIZER(name) { }
#define COMPLETION_INITIALIZER(name) { .done = 0 }
#define COMPLETION_INITIALIZER_ONSTACK(name) { .done = 0 }
#define DECLARE_COMPLETION(name) struct completion name = { .done = 0 }
#define DECLARE_COMPLETION_ONSTACK(name) struct completion name = { .done = 0 }
#define init_completion(x) ((x)->done = 0)
#define reinit_completion(x) ((x)->done = 0)

static inline void complete(struct completion *x)
{
  raw_spin_lock(&x->wait.lock);
  if (x->done != 0xffffffff)
    x->done++;
  raw_spin_unlock(&x->wait.lock);
}

static inline void complete_all(struct completion *x)
{
  raw_spin_lock(&x->wait.lock);
  x->done = 0xffffffff;
  raw_spin_unlock(&x->wait.lock);
}

static inline void wait_for_completion(struct completion *x)
{
  raw_spin_lock(&x->wait.lock);
  __wait_until(x->done);
  if (x->done != 0xffffffff)
    x->done--;
  raw_spin_unlock(&x->wait.lock);
}

static inline int __completed(struct completion *x)
{
  int is_done;

  raw_spin_lock(&x->wait.lock);
  is_done = x->done != 0;
  if (is_done && x->done != 0xffffffff)
    x->done--;
  raw_spin_unlock(&x->wait.lock);
  return is_done;
}

#define wait_for_completion_io(x) wait_for_completion(x)
#define wait_for_completion_timeout(x, timeout) __wait_timeout(__completed(x), 0)
#define wait_for_completion_io_timeout(x, timeout) __wait_timeout(__completed(x), 0)
#define wait_for_completion_interruptible(x) __wait_or(__completed(x), -ERESTARTSYS)
#define wait_for_completion_killable(x) __wait_or(__completed(x), -ERESTARTSYS)
#define wait_for_completion_state(x, state) __wait_or(__completed(x), -ERESTARTSYS)
#define wait_for_completion_interruptible_timeout(x, timeout) \\
  __wait_timeout(__completed(x), any(0, -ERESTARTSYS))
#define wait_for_completion_killable_timeout(x, timeout) \\
  __wait_timeout(__completed(x), any(0, -ERESTARTSYS))

static inline bool try_wait_for_completion(struct completion *x)
{
  if (!READ_ONCE(x->done))
    return false;
  return __completed(x);
}

static inline bool completion_done(struct completion *x)
{
  if (!READ_ONCE(x->done))
    return false;
  raw_spin_lock(&x->wait.lock);
  raw_spin_unlock(&x->wait.lock);
  return true;
}
`;
