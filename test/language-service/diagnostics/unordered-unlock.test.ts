/** `unordered-unlock`: a bit or word that is used as a lock and given back by what orders nothing (atomic_bitops.txt). */

import { describe, test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const IN_KERNEL = { inKernel: true };

const BUCKET = `
    #define LOCKED 0
    struct bucket { unsigned long state; int count; atomic_t owner; refcount_t users; };`;

test('a bit that is taken with test_and_set_bit() and cleared', () =>
  checkDiagnostics(
    `${BUCKET}
    int add(struct bucket *b)
    {
            if (test_and_set_bit(LOCKED, &b->state))
                    return -EBUSY;
            b->count++;
            clear_bit(LOCKED, &b->state);
          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: unordered-unlock: LOCKED is taken like a lock, and nothing orders the store to bucket.count before it is given back here: add() sees the new bucket.state and then the old bucket.count
            return 0;
    }`,
    IN_KERNEL,
  ));

test('a word that a helper takes by cmpxchg and another sets', () =>
  checkDiagnostics(
    `${BUCKET}
    static bool get(struct bucket *b) { return atomic_cmpxchg_acquire(&b->owner, 0, 1) == 0; }
    static void put(struct bucket *b) { atomic_set(&b->owner, 0); }
    int add(struct bucket *b)
    {
            if (!get(b))
                    return -EBUSY;
            b->count++;
            put(b);
          //^^^^^^ warning: unordered-unlock: bucket.owner is taken like a lock, and nothing orders the store to bucket.count before it is given back here: add() sees the new bucket.owner and then the old bucket.count
            return 0;
    }`,
    IN_KERNEL,
  ));

test('a bit whose functions are named as those of a lock: a warning', () =>
  checkDiagnostics(
    `${BUCKET}
    #define IN_USE 3
    static bool acquire_bucket(struct bucket *b) { return !test_and_set_bit(IN_USE, &b->state); }
    static void release_bucket(struct bucket *b) { clear_bit(IN_USE, &b->state); }
    int add(struct bucket *b)
    {
            if (!acquire_bucket(b))
                    return -EBUSY;
            b->count++;
            release_bucket(b);
          //^^^^^^^^^^^^^^^^^ warning: unordered-unlock: IN_USE is taken like a lock, and nothing orders the store to bucket.count before it is given back here: add() sees the new bucket.state and then the old bucket.count
            return 0;
    }`,
    IN_KERNEL,
  ));

const taken = (take: string, give: string) => `${BUCKET}
    #define IN_USE 3
    static void reset(struct bucket *b) { b->count = 0; }
    int drain(struct bucket *b)
    {
            ${take}
            if (b->count)
                    reset(b);
            ${give}
            return 0;
    }`;

test('a bit that a look and a store take, and an operation for locks gives back', () =>
  checkDiagnostics(
    taken(
      `if (test_bit(IN_USE, &b->state))
              //^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unordered-unlock: IN_USE is taken like a lock here, and nothing orders that before the look at bucket.count: drain() sees the new bucket.state and then the old bucket.count
                    return -EBUSY;
            set_bit(IN_USE, &b->state);`,
      'clear_bit_unlock(IN_USE, &b->state);',
    ),
    IN_KERNEL,
  ));

test('silent where such a bit is not given back, or the look takes it', () =>
  Promise.all([
    checkDiagnostics(
      taken('if (test_bit(IN_USE, &b->state)) return -EBUSY; set_bit(IN_USE, &b->state);', ''),
      IN_KERNEL,
    ),
    checkDiagnostics(
      taken(
        'if (test_and_set_bit_lock(IN_USE, &b->state)) return -EBUSY;',
        'clear_bit_unlock(IN_USE, &b->state);',
      ),
      IN_KERNEL,
    ),
  ]));

const OTHER_BITS = `
    #define OPEN 2
    struct task { int id; };
    struct queue { unsigned long state; struct task *owner; int left, sent; };
    void work(struct queue *q);`;

test('a bit of a word of which another bit must be set before', () =>
  checkDiagnostics(
    `${BUCKET}${OTHER_BITS}
    int add(struct queue *q)
    {
            if (!test_bit(OPEN, &q->state) || test_and_set_bit_lock(LOCKED, &q->state))
                    return -EBUSY;
            q->sent++;
            clear_bit(LOCKED, &q->state);
          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unordered-unlock: LOCKED is taken like a lock, and nothing orders the store to queue.sent before it is given back here: add() sees the new queue.state and then the old queue.sent
            return 0;
    }`,
    IN_KERNEL,
  ));

test('a bit that is given back where the owner is still the same', () =>
  checkDiagnostics(
    `${BUCKET}${OTHER_BITS}
    static bool get(struct queue *q, struct task *task)
    {
            if (test_and_set_bit_lock(LOCKED, &q->state))
                    return false;
            q->owner = task;
            return true;
    }
    static void put(struct queue *q, struct task *task)
    {
            if (q->owner == task)
                    clear_bit(LOCKED, &q->state);
    }
    int add(struct queue *q, struct task *task)
    {
            if (!get(q, task))
                    return -EBUSY;
            q->left = task->id;
            q->sent++;
            put(q, task);
          //^^^^^^^^^^^^ warning: unordered-unlock: LOCKED is taken like a lock, and nothing orders the store to queue.sent before it is given back here: add() sees the new queue.state and then the old queue.sent
            return 0;
    }`,
    IN_KERNEL,
  ));

test('of what is stored under the lock that which is accessed least', () =>
  checkDiagnostics(
    `${BUCKET}${OTHER_BITS}
    int add(struct queue *q)
    {
            if (test_and_set_bit_lock(LOCKED, &q->state))
                    return -EBUSY;
            q->left = 3;
            while (q->left)
                    q->left--;
            q->sent++;
            clear_bit(LOCKED, &q->state);
          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unordered-unlock: LOCKED is taken like a lock, and nothing orders the store to queue.sent before it is given back here: add() sees the new queue.state and then the old queue.sent
            return 0;
    }`,
    IN_KERNEL,
  ));

test.each([
  [
    'a release of the bit',
    'if (test_and_set_bit_lock(LOCKED, &b->state)) return; b->count++; clear_bit_unlock(LOCKED, &b->state);',
  ],
  [
    'a barrier before it',
    'if (test_and_set_bit(LOCKED, &b->state)) return; b->count++; smp_mb__before_atomic(); clear_bit(LOCKED, &b->state);',
  ],
  [
    'a release of the word',
    'if (atomic_cmpxchg_acquire(&b->owner, 0, 1)) return; b->count++; atomic_set_release(&b->owner, 0);',
  ],
  [
    'a count of references, which is no lock',
    'if (!atomic_dec_and_test(&b->owner)) return; b->count++; atomic_set(&b->owner, 1);',
  ],
  [
    'the same as refcount_t',
    'if (!refcount_dec_and_test(&b->users)) return; b->count++; refcount_set(&b->users, 1);',
  ],
  [
    'a bit that nothing is decided by',
    'test_and_set_bit(LOCKED, &b->state); b->count++; clear_bit(LOCKED, &b->state);',
  ],
  [
    'nothing stored under it',
    'if (test_and_set_bit(LOCKED, &b->state)) return; work(b); clear_bit(LOCKED, &b->state);',
  ],
])('nothing with %s', (_, body) =>
  checkDiagnostics(
    `${BUCKET}
    void add(struct bucket *b) { ${body} }`,
    IN_KERNEL,
  ),
);

describe('an operation that takes it', () => {
  const gate = (suffix: string, mark = '') => `${BUCKET}
    static bool get(struct bucket *b) { return atomic_cmpxchg${suffix}(&b->owner, 0, 1) == 0; }
    static void put(struct bucket *b) { atomic_set_release(&b->owner, 0); }
    int add(struct bucket *b)
    {
            if (!get(b))
               ${mark}
                    return -EBUSY;
            b->count++;
            put(b);
            return 0;
    }`;

  test('and orders nothing', () =>
    checkDiagnostics(
      gate(
        '_relaxed',
        '//^^^^^^ warning: unordered-unlock: bucket.owner is taken like a lock here, and nothing orders that before the look at bucket.count: add() sees the new bucket.owner and then the old bucket.count',
      ),
      IN_KERNEL,
    ));

  test('and orders nothing, where a barrier stands before it is given back by another one', () =>
    checkDiagnostics(
      gate(
        '_relaxed',
        '//^^^^^^ information: unordered-unlock: bucket.owner is taken like a lock here, and nothing orders that before the look at bucket.count: add() sees the new bucket.owner and then the old bucket.count',
      ).replace('atomic_set_release(', 'smp_mb(); atomic_set('),
      IN_KERNEL,
    ));

  test.each(['_acquire', ''])('silent where it does: cmpxchg%s()', (suffix) =>
    checkDiagnostics(gate(suffix), IN_KERNEL),
  );
});

test('given back on an error path before anything is stored, too', () =>
  checkDiagnostics(
    `${BUCKET}
    static bool get(struct bucket *b) { return !(atomic_fetch_or_relaxed(1, &b->owner) & 1); }
    static void put(struct bucket *b) { atomic_fetch_andnot_release(1, &b->owner); }
    int add(struct bucket *b, int left)
    {
            if (!get(b))
               //^^^^^^ warning: unordered-unlock: bucket.owner is taken like a lock here, and nothing orders that before the look at bucket.count: add() sees the new bucket.owner and then the old bucket.count
                    return -EBUSY;
            if (left < 0) {
                    put(b);
                    return -EINVAL;
            }
            b->count += left;
            put(b);
            return 0;
    }`,
    IN_KERNEL,
  ));

const waitedFor = (unlock: string, mark = '') => `${BUCKET}
    static void lock(struct bucket *b) { wait_on_bit_lock(&b->state, LOCKED, TASK_UNINTERRUPTIBLE); }
    static void unlock(struct bucket *b) { ${unlock} }
    void add(struct bucket *b)
    {
            lock(b);
            b->count++;
            unlock(b);
          ${mark}
    }`;

test('a bit that is waited for', () =>
  checkDiagnostics(
    waitedFor(
      'clear_bit(LOCKED, &b->state); smp_mb__after_atomic(); wake_up_bit(&b->state, LOCKED);',
      '//^^^^^^^^^ warning: unordered-unlock: LOCKED is taken like a lock, and nothing orders the store to bucket.count before it is given back here: add() sees the new bucket.state and then the old bucket.count',
    ),
    IN_KERNEL,
  ));
test('silent: a bit that is waited for and given back by clear_and_wake_up_bit()', () =>
  checkDiagnostics(waitedFor('clear_and_wake_up_bit(LOCKED, &b->state);'), IN_KERNEL));
test('silent: a word that is given back by an atomic operation that is a release', () =>
  checkDiagnostics(
    `${BUCKET}
    int add(struct bucket *b)
    {
            if (atomic_fetch_or_acquire(1, &b->owner) & 1)
                    return -EBUSY;
            b->count++;
            atomic_fetch_andnot_release(1, &b->owner);
            return 0;
    }`,
    IN_KERNEL,
  ));
test('silent: nothing is done under it but counted by an atomic operation', () =>
  checkDiagnostics(
    `${BUCKET}
    struct stats { atomic_t lost; };
    int add(struct bucket *b, struct stats *s)
    {
            if (test_and_set_bit(LOCKED, &b->state))
                    return atomic_read(&s->lost);
            atomic_inc(&s->lost);
            clear_bit(LOCKED, &b->state);
            return 0;
    }`,
    IN_KERNEL,
  ));

const owned = (take: string, give: string, mark = '') => `
    struct log { atomic_t owner; int head; };
    int log_add(struct log *l, int cpu, int length)
    {
            ${take}
              ${mark}
                    return -EBUSY;
            if (length < 0)
                    goto fail;
            l->head += length;
            atomic_set_release(&l->owner, -1);
            return 0;
    fail:
            l->head = 0;
            ${give}
            return -EINVAL;
    }`;

test('taken by a number where it is nobody’s, -1', () =>
  checkDiagnostics(
    owned(
      'if (atomic_cmpxchg_relaxed(&l->owner, -1, cpu) != -1)',
      'atomic_set_release(&l->owner, -1);',
      '//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unordered-unlock: log.owner is taken like a lock here, and nothing orders that before the look at log.head: log_add() sees the new log.owner and then the old log.head',
    ),
    IN_KERNEL,
  ));
test('given back bare on the error path only', () =>
  checkDiagnostics(
    owned(
      'if (atomic_xchg(&l->owner, cpu) != -1)',
      `atomic_set(&l->owner, -1);
          //^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unordered-unlock: log.owner is taken like a lock, and nothing orders the store to log.head before it is given back here: log_add() sees the new log.owner and then the old log.head`,
    ),
    IN_KERNEL,
  ));
test('silent: given back by a release on both', () =>
  checkDiagnostics(
    owned('if (atomic_xchg(&l->owner, cpu) != -1)', 'atomic_set_release(&l->owner, -1);'),
    IN_KERNEL,
  ));
