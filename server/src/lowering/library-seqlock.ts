/**
 * Sequence counters in C of our own, as `include/linux/seqlock.h` has them. A counter is in the member
 * `sequence` of what a function is given, whichever lock it is associated with.
 */

/** Sequence counters and sequential locks. */
export const SEQLOCK = `
typedef struct seqcount {
  unsigned int sequence;
} seqcount_t;

typedef struct {
  seqcount_t seqcount;
  spinlock_t lock;
} seqlock_t;

#define SEQCNT_ZERO(name) { .sequence = 0 }
#define seqcount_init(s) ((s)->sequence = 0)
#define DEFINE_SEQLOCK(name) seqlock_t name = { .seqcount = { .sequence = 0 } }
#define seqlock_init(sl) ((sl)->seqcount.sequence = 0)

#define __read_seqcount_begin(s) ({ \\
  unsigned int __seq; \\
  while ((__seq = READ_ONCE((s)->sequence)) & 1) \\
    cpu_relax(); \\
  __seq; })
#define raw_read_seqcount_begin(s) ({ \\
  unsigned int __begin = __read_seqcount_begin(s); \\
  smp_rmb(); \\
  __begin; })
#define read_seqcount_begin(s) raw_read_seqcount_begin(s)
#define raw_read_seqcount(s) ({ \\
  unsigned int __begin = READ_ONCE((s)->sequence); \\
  smp_rmb(); \\
  __begin; })
#define raw_seqcount_begin(s) (raw_read_seqcount(s) & ~1)
#define __read_seqcount_retry(s, start) (READ_ONCE((s)->sequence) != (start))
#define read_seqcount_retry(s, start) ({ smp_rmb(); __read_seqcount_retry(s, start); })
#define raw_write_seqcount_begin(s) do { (s)->sequence++; smp_wmb(); } while (0)
#define raw_write_seqcount_end(s) do { smp_wmb(); (s)->sequence++; } while (0)
#define write_seqcount_begin(s) raw_write_seqcount_begin(s)
#define write_seqcount_begin_nested(s, class) raw_write_seqcount_begin(s)
#define write_seqcount_end(s) raw_write_seqcount_end(s)
#define raw_write_seqcount_barrier(s) do { (s)->sequence++; smp_wmb(); (s)->sequence++; } while (0)
#define write_seqcount_invalidate(s) do { smp_wmb(); (s)->sequence += 2; } while (0)

#define raw_read_seqcount_latch(s) READ_ONCE((s)->seqcount.sequence)
#define read_seqcount_latch(s) raw_read_seqcount_latch(s)
#define raw_read_seqcount_latch_retry(s, start) ({ \\
  smp_rmb(); \\
  READ_ONCE((s)->seqcount.sequence) != (start); })
#define read_seqcount_latch_retry(s, start) raw_read_seqcount_latch_retry(s, start)
#define raw_write_seqcount_latch(s) do { smp_wmb(); (s)->seqcount.sequence++; smp_wmb(); } while (0)
#define write_seqcount_latch(s) raw_write_seqcount_latch(s)
#define write_seqcount_latch_begin(s) raw_write_seqcount_latch(s)
#define write_seqcount_latch_end(s) ((void)0)

#define read_seqbegin(sl) read_seqcount_begin(&(sl)->seqcount)
#define read_seqretry(sl, start) read_seqcount_retry(&(sl)->seqcount, start)
#define write_seqlock(sl) do { spin_lock(&(sl)->lock); write_seqcount_begin(&(sl)->seqcount); } while (0)
#define write_sequnlock(sl) do { write_seqcount_end(&(sl)->seqcount); spin_unlock(&(sl)->lock); } while (0)
#define write_seqlock_irq(sl) write_seqlock(sl)
#define write_sequnlock_irq(sl) write_sequnlock(sl)
#define write_seqlock_bh(sl) write_seqlock(sl)
#define write_sequnlock_bh(sl) write_sequnlock(sl)
#define write_seqlock_irqsave(sl, flags) write_seqlock(sl)
#define write_sequnlock_irqrestore(sl, flags) write_sequnlock(sl)
#define read_seqlock_excl(sl) spin_lock(&(sl)->lock)
#define read_sequnlock_excl(sl) spin_unlock(&(sl)->lock)
#define read_seqlock_excl_irq(sl) spin_lock(&(sl)->lock)
#define read_sequnlock_excl_irq(sl) spin_unlock(&(sl)->lock)
#define read_seqlock_excl_bh(sl) spin_lock(&(sl)->lock)
#define read_sequnlock_excl_bh(sl) spin_unlock(&(sl)->lock)
#define read_seqlock_excl_irqsave(sl, flags) spin_lock(&(sl)->lock)
#define read_sequnlock_excl_irqrestore(sl, flags) spin_unlock(&(sl)->lock)

static inline void read_seqbegin_or_lock(seqlock_t *lock, int *seq)
{
  if (!(*seq & 1))
    *seq = read_seqbegin(lock);
  else
    read_seqlock_excl(lock);
}

static inline int need_seqretry(seqlock_t *lock, int seq)
{
  return !(seq & 1) && read_seqretry(lock, seq);
}

static inline void done_seqretry(seqlock_t *lock, int seq)
{
  if (seq & 1)
    read_sequnlock_excl(lock);
}
`;
