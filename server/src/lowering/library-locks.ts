/**
 * Locks and counts in C of our own, where one operation of the LKMM does not say them: after
 * `kernel/locking/semaphore.c`, `include/linux/bit_spinlock.h`, `refcount.h`, `kref.h`, `lib/refcount.c` and
 * `lib/dec_and_lock.c`. Attempts that fail before a lock is taken are left out.
 */

/** Semaphores, locks in bits, and reference counts. */
export const LOCKS = `
struct semaphore {
  raw_spinlock_t lock;
  unsigned int count;
};

#define DEFINE_SEMAPHORE(name, ...) struct semaphore name = { .count = (1, ##__VA_ARGS__) }

static inline void sema_init(struct semaphore *sem, int val)
{
  sem->count = val;
}

static inline void down(struct semaphore *sem)
{
  raw_spin_lock(&sem->lock);
  __wait_until(sem->count > 0);
  sem->count--;
  raw_spin_unlock(&sem->lock);
}

static inline int down_trylock(struct semaphore *sem)
{
  int count;

  raw_spin_lock(&sem->lock);
  count = sem->count - 1;
  if (count >= 0)
    sem->count = count;
  raw_spin_unlock(&sem->lock);
  return count < 0;
}

static inline int __down_or(struct semaphore *sem, int error)
{
  int result = 0;

  raw_spin_lock(&sem->lock);
  if (sem->count > 0)
    sem->count--;
  else
    result = error;
  raw_spin_unlock(&sem->lock);
  return result;
}

#define down_interruptible(sem) __down_or(sem, -EINTR)
#define down_killable(sem) __down_or(sem, -EINTR)
#define down_timeout(sem, jiffies) __down_or(sem, -ETIME)

static inline void up(struct semaphore *sem)
{
  raw_spin_lock(&sem->lock);
  sem->count++;
  raw_spin_unlock(&sem->lock);
}

#define __lock_or(lock, error) ({ int __failed = any(0, error); if (!__failed) lock; __failed; })
#define mutex_lock_interruptible(m) __lock_or(mutex_lock(m), -EINTR)
#define mutex_lock_interruptible_nested(m, class) __lock_or(mutex_lock(m), -EINTR)
#define mutex_lock_killable(m) __lock_or(mutex_lock(m), -EINTR)
#define mutex_lock_killable_nested(m, class) __lock_or(mutex_lock(m), -EINTR)
#define rt_mutex_lock_interruptible(m) __lock_or(rt_mutex_lock(m), -EINTR)
#define down_read_interruptible(sem) __lock_or(down_read(sem), -EINTR)
#define down_read_killable(sem) __lock_or(down_read(sem), -EINTR)
#define down_write_killable(sem) __lock_or(down_write(sem), -EINTR)
#define down_write_killable_nested(sem, class) __lock_or(down_write(sem), -EINTR)

#define bit_spin_lock(bit, word) do { \\
  preempt_disable(); \\
  __wait_until(!test_and_set_bit_lock(bit, word)); } while (0)
#define bit_spin_trylock(bit, word) ({ \\
  int __taken; \\
  preempt_disable(); \\
  __taken = !test_and_set_bit_lock(bit, word); \\
  if (!__taken) preempt_enable(); \\
  __taken; })
#define bit_spin_unlock(bit, word) do { clear_bit_unlock(bit, word); preempt_enable(); } while (0)
#define __bit_spin_unlock(bit, word) do { __clear_bit_unlock(bit, word); preempt_enable(); } while (0)
#define bit_spin_is_locked(bit, word) test_bit(bit, word)

#define __ARCH_SPIN_LOCK_UNLOCKED { 0 }
#define __ARCH_RW_LOCK_UNLOCKED { 0 }

#define REFCOUNT_INIT(value) (value)
#define REFCOUNT_SATURATED (-1073741824)
#define refcount_warn_saturate(r, type) atomic_set(r, REFCOUNT_SATURATED)

static inline void refcount_add(int i, refcount_t *r)
{
  int old = atomic_fetch_add_relaxed(i, r);

  if (old <= 0 || old + i < 0)
    atomic_set(r, REFCOUNT_SATURATED);
}

static inline void refcount_inc(refcount_t *r)
{
  refcount_add(1, r);
}

static inline void refcount_dec(refcount_t *r)
{
  if (atomic_fetch_sub_release(1, r) <= 1)
    atomic_set(r, REFCOUNT_SATURATED);
}

static inline bool refcount_sub_and_test(int i, refcount_t *r)
{
  int old = atomic_fetch_sub_release(i, r);

  if (old == i) {
    smp_acquire__after_ctrl_dep();
    return true;
  }
  if (old < 0 || old - i < 0)
    atomic_set(r, REFCOUNT_SATURATED);
  return false;
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
  return refcount_sub_and_test(1, r);
}

static inline bool refcount_dec_if_one(refcount_t *r)
{
  return atomic_cmpxchg_release(r, 1, 0) == 1;
}

#define __dec_and_lock(r, lock, unlock) ({ \\
  bool __zero = false; \\
  if (!refcount_dec_not_one(r)) { \\
    lock; \\
    __zero = refcount_dec_and_test(r); \\
    if (!__zero) unlock; \\
  } \\
  __zero; })
#define refcount_dec_and_lock(r, l) __dec_and_lock(r, spin_lock(l), spin_unlock(l))
#define refcount_dec_and_lock_irqsave(r, l, flags) \\
  __dec_and_lock(r, spin_lock_irqsave(l, *(flags)), spin_unlock_irqrestore(l, *(flags)))
#define refcount_dec_and_mutex_lock(r, m) __dec_and_lock(r, mutex_lock(m), mutex_unlock(m))

static inline int atomic_dec_and_lock(atomic_t *atomic, spinlock_t *lock)
{
  if (atomic_add_unless(atomic, -1, 1))
    return 0;
  spin_lock(lock);
  if (atomic_dec_and_test(atomic))
    return 1;
  spin_unlock(lock);
  return 0;
}

struct kref {
  refcount_t refcount;
};

#define KREF_INIT(n) { .refcount = REFCOUNT_INIT(n) }
#define kref_init(kref) refcount_set(&(kref)->refcount, 1)
#define kref_read(kref) refcount_read(&(kref)->refcount)
#define kref_get(kref) refcount_inc(&(kref)->refcount)
#define kref_get_unless_zero(kref) refcount_inc_not_zero(&(kref)->refcount)

static inline int kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
  if (refcount_dec_and_test(&kref->refcount)) {
    release(kref);
    return 1;
  }
  return 0;
}

static inline int kref_put_mutex(struct kref *kref, void (*release)(struct kref *kref),
                                 struct mutex *mutex)
{
  if (refcount_dec_and_mutex_lock(&kref->refcount, mutex)) {
    release(kref);
    return 1;
  }
  return 0;
}

static inline int kref_put_lock(struct kref *kref, void (*release)(struct kref *kref),
                                spinlock_t *lock)
{
  if (refcount_dec_and_lock(&kref->refcount, lock)) {
    release(kref);
    return 1;
  }
  return 0;
}

#define set_mask_bits(word, mask, bits) ({ \\
  typeof(*(word)) __mask = (mask), __bits = (bits); \\
  typeof(*(word)) __old = READ_ONCE(*(word)), __new; \\
  do { __new = (__old & ~__mask) | __bits; } while (!try_cmpxchg(word, &__old, __new)); \\
  __old; })

static inline bool atomic_inc_unless_negative(atomic_t *v)
{
  int c = atomic_read(v);

  do {
    if (c < 0)
      return false;
  } while (!atomic_try_cmpxchg(v, &c, c + 1));
  return true;
}

static inline bool atomic_dec_unless_positive(atomic_t *v)
{
  int c = atomic_read(v);

  do {
    if (c > 0)
      return false;
  } while (!atomic_try_cmpxchg(v, &c, c - 1));
  return true;
}

static inline int atomic_dec_if_positive(atomic_t *v)
{
  int dec, c = atomic_read(v);

  do {
    dec = c - 1;
    if (dec < 0)
      break;
  } while (!atomic_try_cmpxchg(v, &c, dec));
  return dec;
}
`;
