/** `lost-wake-up`: a condition that is tested before the state is set (memory-barriers.txt, "SLEEP AND WAKE-UP FUNCTIONS"). */

import { describe, test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const IN_KERNEL = { inKernel: true };

const pipe = (loop: string, wake = 'p->full = 1; wake_up_interruptible(&p->readers);') => `
    struct pipe { spinlock_t lock; int full; wait_queue_head_t readers, writers; };
    void fill(struct pipe *p) { ${wake} }
    static int is_full(struct pipe *p) { return p->full; }
    void drain(struct pipe *p)
    {
            DECLARE_WAITQUEUE(wait, current);
            add_wait_queue(&p->readers, &wait);
            ${loop}
            __set_current_state(TASK_RUNNING);
            remove_wait_queue(&p->readers, &wait);
    }`;

test('tested first', () =>
  checkDiagnostics(
    pipe(`while (1) {
                    if (p->full) break;
                      //^^^^^^^ information: lost-wake-up: pipe.full is tested before the state is set, and not again: fill() can set it and wake nobody in between, and drain() sleeps on
                    set_current_state(TASK_INTERRUPTIBLE);
                    if (signal_pending(current)) break;
                    schedule();
            }`),
    IN_KERNEL,
  ));

test('tested first, where each sleep ends with the state of one that runs', () =>
  checkDiagnostics(
    pipe(`while (1) {
                    if (p->full) break;
                      //^^^^^^^ information: lost-wake-up: pipe.full is tested before the state is set, and not again: fill() can set it and wake nobody in between, and drain() sleeps on
                    set_current_state(TASK_INTERRUPTIBLE);
                    schedule();
                    __set_current_state(TASK_RUNNING);
            }`),
    IN_KERNEL,
  ));

test('tested by a function that holds a lock meanwhile', () =>
  checkDiagnostics(
    pipe(
      `while (1) {
                    if (is_filled(p)) break;
                      //^^^^^^^^^^^^ information: lost-wake-up: pipe.full is tested before the state is set, and not again: fill() can set it and wake nobody in between, and drain() sleeps on
                    set_current_state(TASK_INTERRUPTIBLE);
                    schedule();
            }`,
    ).replace(
      'void drain',
      'static int is_filled(struct pipe *p) { int full; spin_lock(&p->lock); full = p->full; spin_unlock(&p->lock); return full; }\n    void drain',
    ),
    IN_KERNEL,
  ));

test.each([
  'for (;;) { if (is_full(p)) break; set_current_state(TASK_INTERRUPTIBLE); if (p->full) break; schedule(); }',
  'for (;;) { set_current_state(TASK_INTERRUPTIBLE); if (is_full(p)) break; schedule(); }',
  'for (;;) { set_current_state(TASK_INTERRUPTIBLE); if (p->full) break; schedule(); }',
  'for (;;) { if (p->full) break; set_current_state(TASK_INTERRUPTIBLE); if (!p->full) schedule(); }',
  'for (;;) { if (p->full) break; set_current_state(TASK_INTERRUPTIBLE); if (is_full(p)) break; schedule(); }',
  'set_current_state(TASK_INTERRUPTIBLE); while (!p->full) { schedule(); set_current_state(TASK_INTERRUPTIBLE); }',
  'while (!p->full) { prepare_to_wait(&p->readers, &wait, TASK_INTERRUPTIBLE); if (!p->full) schedule(); }',
  'while (!p->full) { set_current_state(TASK_INTERRUPTIBLE); schedule_timeout(HZ); }',
  'spin_lock(&p->lock); while (!p->full) { set_current_state(TASK_INTERRUPTIBLE); spin_unlock(&p->lock); schedule(); spin_lock(&p->lock); } spin_unlock(&p->lock);',
  'while (!p->full) { set_current_state(TASK_INTERRUPTIBLE); PIPE_UNLOCK(p); schedule(); PIPE_LOCK(p); }',
  'if (p->full) return; for (;;) { set_current_state(TASK_INTERRUPTIBLE); schedule(); if (signal_pending(current)) break; }',
  'for (;;) { if (p->full) p->full = 0; set_current_state(TASK_INTERRUPTIBLE); schedule(); if (signal_pending(current)) break; }',
])('silent: %s', (loop) => checkDiagnostics(pipe(loop), IN_KERNEL));

test.each(['p->full = 1; wake_up(&p->writers);', 'p->full = 1;'])(
  'silent where nobody wakes after the store: %s',
  (wake) =>
    checkDiagnostics(
      pipe(
        'for (;;) { if (p->full) break; set_current_state(TASK_INTERRUPTIBLE); schedule(); }',
        wake,
      ),
      IN_KERNEL,
    ),
);

describe('a function that sleeps once, for a caller that looks again', () => {
  const slots = (wait: string) => `
    struct slots { spinlock_t lock; unsigned int free; wait_queue_head_t wait, idle; };
    static bool has_free(struct slots *s) { return READ_ONCE(s->free) != 0; }
    void put_slot(struct slots *s)
    {
            spin_lock(&s->lock);
            WRITE_ONCE(s->free, s->free + 1);
            spin_unlock(&s->lock);
            wake_up(&s->wait);
    }
    static void await_slot(struct slots *s)
    {
            DEFINE_WAIT(entry);
            ${wait}
            finish_wait(&s->wait, &entry);
    }
    void get_slot(struct slots *s)
    {
            while (!take_slot(s))
                    await_slot(s);
    }`;

  test('tested first', () =>
    checkDiagnostics(
      slots(`if (has_free(s))
              //^^^^^^^^^^^ information: lost-wake-up: slots.free is tested before the state is set, and not again: put_slot() can set it and wake nobody in between, and await_slot() sleeps on
                    return;
            prepare_to_wait(&s->wait, &entry, TASK_UNINTERRUPTIBLE);
            io_schedule();`),
      IN_KERNEL,
    ));

  test.each([
    [
      'tested behind the state',
      'prepare_to_wait(&s->wait, &entry, TASK_UNINTERRUPTIBLE); if (!has_free(s)) io_schedule();',
    ],
    [
      'tested again behind the state',
      'if (has_free(s)) return; prepare_to_wait(&s->wait, &entry, TASK_UNINTERRUPTIBLE); if (!has_free(s)) io_schedule();',
    ],
    [
      'asleep on another queue',
      'if (has_free(s)) return; prepare_to_wait(&s->idle, &entry, TASK_UNINTERRUPTIBLE); io_schedule();',
    ],
    [
      'asleep for a while only',
      'if (has_free(s)) return; prepare_to_wait(&s->wait, &entry, TASK_UNINTERRUPTIBLE); io_schedule_timeout(HZ);',
    ],
  ])('silent where it is %s', (_, wait) => checkDiagnostics(slots(wait), IN_KERNEL));
});

describe('a state that is set without order', () => {
  const loop = (between: string) =>
    `for (;;) { __set_current_state(TASK_INTERRUPTIBLE); ${between} if (p->full) break; schedule(); }`;

  test('before the test', () =>
    checkDiagnostics(
      pipe(`for (;;) {
                    __set_current_state(TASK_INTERRUPTIBLE);
                    if (READ_ONCE(p->full)) break;
                      //^^^^^^^^^^^^^^^^^^ information: lost-wake-up: nothing orders the state before this test of pipe.full: drain() can see it as it was while fill() still finds it running and wakes nobody
                    schedule();
            }`),
      IN_KERNEL,
    ));

  const asked = pipe(`for (;;) {
                    __set_current_state(TASK_INTERRUPTIBLE);
                    if (is_full(p)) break;
                      //^^^^^^^^^^ information: lost-wake-up: nothing orders the state before this test of pipe.full: drain() can see it as it was while fill() still finds it running and wakes nobody
                    schedule();
            }`);

  test('before a test by a small function', () => checkDiagnostics(asked, IN_KERNEL));

  test('silent where the small function orders', () =>
    checkDiagnostics(
      asked.replace('return p->full', 'smp_mb(); return p->full').replace(/\n *\/\/\^.*/, ''),
      IN_KERNEL,
    ));

  test('before a test behind which something orders', () =>
    checkDiagnostics(
      pipe(`__set_current_state(TASK_INTERRUPTIBLE);
            while (!READ_ONCE(p->full)) {
                  //^^^^^^^^^^^^^^^^^^ information: lost-wake-up: nothing orders the state before this test of pipe.full: drain() can see it as it was while fill() still finds it running and wakes nobody
                    smp_mb();
                    schedule();
                    __set_current_state(TASK_INTERRUPTIBLE);
            }`),
      IN_KERNEL,
    ));

  test.each([
    ['behind a full barrier', loop('smp_mb();')],
    ['with a lock', `spin_lock(&p->lock); ${loop('spin_unlock(&p->lock);')}`],
    [
      'that is only woken behind the sleep',
      '__set_current_state(TASK_INTERRUPTIBLE); schedule(); if (p->full) return;',
    ],
    [
      'that ends the sleep',
      'for (;;) { __set_current_state(TASK_RUNNING); if (p->full) break; schedule(); }',
    ],
  ])('silent %s', (_, body) => checkDiagnostics(pipe(body), IN_KERNEL));

  test('silent where the waker takes a lock', () =>
    checkDiagnostics(
      pipe(
        loop(''),
        'spin_lock(&p->lock); p->full = 1; wake_up_interruptible(&p->readers); spin_unlock(&p->lock);',
      ),
      IN_KERNEL,
    ));
});

const reaper = (loop: string, wake = 'wake_up_process(r->task);') => `
    struct reaper { struct task_struct *task; atomic_t pending; };
    struct owner { struct task_struct *task; };
    void queue_it(struct reaper *r, struct owner *o) { atomic_inc(&r->pending); ${wake} }
    static int reap(void *data)
    {
            struct reaper *r = data;
            while (!kthread_should_stop()) {
                    ${loop}
                    reap_some(r, atomic_xchg(&r->pending, 0));
            }
            return 0;
    }`;

const SLEEPS_LATE = `if (!atomic_read(&r->pending)) {
                       //^^^^^^^^^^^^^^^^^^^^^^^^ information: lost-wake-up: reaper.pending is tested before the state is set, and not again: queue_it() can set it and wake nobody in between, and reap() sleeps on
                            set_current_state(TASK_INTERRUPTIBLE);
                            schedule();
                            continue;
                    }`;

const worker = (first: string, then: string) => `
    enum { PARKED, RUN };
    struct worker { struct task_struct *task; unsigned long flags; };
    void run_it(struct worker *w)
    {
            if (test_and_set_bit(RUN, &w->flags))
                    return;
            wake_up_state(w->task, TASK_PARKED);
    }
    static void await_run(struct worker *w)
    {
            for (;;) {
                    ${first}
                    set_current_state(TASK_PARKED);
                    ${then}
                    schedule();
            }
    }`;

test('by an operation that takes the bit, of a task that is woken in its state', () =>
  checkDiagnostics(
    worker(
      `if (test_and_clear_bit(RUN, &w->flags)) break;
                      //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: lost-wake-up: RUN is tested before the state is set, and not again: run_it() can set it and wake nobody in between, and await_run() sleeps on`,
      '',
    ),
    IN_KERNEL,
  ));

test('silent where such an operation looks again', () =>
  checkDiagnostics(
    worker(
      'if (test_bit(RUN, &w->flags)) break;',
      'if (test_and_clear_bit(RUN, &w->flags)) break;',
    ),
    IN_KERNEL,
  ));

test('a task that is on no queue and is woken itself', () =>
  checkDiagnostics(reaper(SLEEPS_LATE), IN_KERNEL));

test.each([
  [
    'tested with the state set',
    `set_current_state(TASK_INTERRUPTIBLE);
     if (!atomic_read(&r->pending)) { schedule(); continue; }
     __set_current_state(TASK_RUNNING);`,
    'wake_up_process(r->task);',
  ],
  ['another task is woken', SLEEPS_LATE.replace(/\/\/.*\n/, '\n'), 'wake_up_process(o->task);'],
])('silent: %s', (_, loop, wake) => checkDiagnostics(reaper(loop, wake), IN_KERNEL));

/** A thread that is told to end by a counter, which helpers of a header move on and look at. */
const reader = (loop: string, name = 'stop_reader') => `
    //- /reader.h
    struct reader { struct task_struct *thread; atomic_t stops; struct list_head frames; };
    static inline void kick_reader(struct reader *r) { wake_up_process(r->thread); }
    static inline void stop_reader(struct reader *r)
    {
            atomic_inc(&r->stops);
            kick_reader(r);
    }
    //- /close.c
    #include "reader.h"
    void close_reader(struct reader *r) { ${name}(r); }
    //- /loop.c
    #include "reader.h"
    static bool has_frames(struct reader *r) { return !list_empty_careful(&r->frames); }
    int read_frames(void *arg)
    {
            struct reader *r = arg;
            ${loop}
            __set_current_state(TASK_RUNNING);
            return 0;
    }`;

describe('where the loop goes on without a sleep, and a helper wakes for the one who stores', () => {
  test('tested first', () =>
    checkDiagnostics(
      reader(`while (1) {
                    if (atomic_read(&r->stops))
                      //^^^^^^^^^^^^^^^^^^^^^^ information: lost-wake-up: reader.stops is tested before the state is set, and not again: stop_reader() can set it and wake nobody in between, and read_frames() sleeps on
                            break;
                    set_current_state(TASK_INTERRUPTIBLE);
                    if (!has_frames(r)) {
                            schedule();
                            continue;
                    }
                    __set_current_state(TASK_RUNNING);
                    read_one(r);
            }`),
      IN_KERNEL,
    ));

  test.each([
    [
      'tested behind the state',
      'while (1) { set_current_state(TASK_INTERRUPTIBLE); if (atomic_read(&r->stops)) break; if (!has_frames(r)) { schedule(); continue; } __set_current_state(TASK_RUNNING); read_one(r); }',
    ],
    [
      'tested again on the way to the sleep',
      'while (1) { if (atomic_read(&r->stops)) break; set_current_state(TASK_INTERRUPTIBLE); if (!has_frames(r) && !atomic_read(&r->stops)) { schedule(); continue; } __set_current_state(TASK_RUNNING); read_one(r); }',
    ],
  ])('silent where it is %s', (_, loop) => checkDiagnostics(reader(loop), IN_KERNEL));
});

/** A task that its own pointer says to be waited for. */
const request = (state: string, sleep = 'io_schedule();', more = '') => `
    struct request { struct task_struct *submitter; };
    void end_request(struct request *rq)
    {
            struct task_struct *task = rq->submitter;
            WRITE_ONCE(rq->submitter, NULL);
            ${more}
            wake_up_process(task);
    }
    void await_request(struct request *rq)
    {
            for (;;) {
                    ${state}(TASK_UNINTERRUPTIBLE);
                    if (!READ_ONCE(rq->submitter)) break;
                       //^^^^^^^^^^^^^^^^^^^^^^^^ SEVERITY: lost-wake-up: nothing orders the state before this test of request.submitter: await_request() can see it as it was while end_request() still finds it running and wakes nobody
                    ${sleep}
            }
            __set_current_state(TASK_RUNNING);
    }`;

const unmarked = (fixture: string) => fixture.replace(/\n *\/\/\^.*/, '');

describe('a task that was read before the store which lets it go', () => {
  test.each(['io_schedule();', 'blk_io_schedule();'])('sleeps by %s', (sleep) =>
    checkDiagnostics(
      request('__set_current_state', sleep).replace('SEVERITY', 'information'),
      IN_KERNEL,
    ),
  );

  test('is a warning where a comment counts on the order', () =>
    checkDiagnostics(
      request(
        '__set_current_state',
        'io_schedule();',
        '/* Pairs with the barrier in await_request(). */',
      ).replace('SEVERITY', 'warning'),
      IN_KERNEL,
    ));

  test('silent where the state is set in order', () =>
    checkDiagnostics(
      unmarked(
        request(
          'set_current_state',
          'io_schedule();',
          '/* Pairs with the barrier in await_request(). */',
        ),
      ),
      IN_KERNEL,
    ));

  test('silent where another task is woken', () =>
    checkDiagnostics(
      unmarked(
        request('__set_current_state').replace('wake_up_process(task)', 'wake_up_process(other)'),
      ),
      IN_KERNEL,
    ));
});

describe('a waker that looks whether somebody sleeps', () => {
  const sleeper = `struct job { wait_queue_head_t wait; int done; int other; };
    void await(struct job *j) { wait_event(j->wait, READ_ONCE(j->done)); }`;

  test('behind a store without a full barrier', () =>
    checkDiagnostics(`${sleeper}
    void finish(struct job *j)
    {
            WRITE_ONCE(j->done, 1);
            if (waitqueue_active(&j->wait))
              //^^^^^^^^^^^^^^^^^^^^^^^^^^ information: lost-wake-up: nothing orders the store to job.done before this look at job.wait: it may find nobody, before await() queues itself, misses the store and sleeps
                    wake_up(&j->wait);
    }`));

  test('is a warning where the comment of the wait counts on the order', () =>
    checkDiagnostics(
      `
    struct job { wait_queue_head_t wait; atomic_t left; };
    void await(struct job *j)
    {
            /* Pairs with the barrier that the last atomic operation of finish() implies. */
            wait_event(j->wait, !atomic_read(&j->left));
    }
    void finish(struct job *j)
    {
            atomic_dec(&j->left);
            if (waitqueue_active(&j->wait))
              //^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: lost-wake-up: nothing orders the store to job.left before this look at job.wait: it may find nobody, before await() queues itself, misses the store and sleeps
                    wake_up(&j->wait);
    }`,
      IN_KERNEL,
    ));

  test('is a warning where a comment names the helper that makes the store', () =>
    checkDiagnostics(
      `
    struct job { wait_queue_head_t wait; int left; int result; };
    int await(struct job *j)
    {
            wait_event(j->wait, !READ_ONCE(j->left));
            /* Pairs with smp_wmb() in set_result(). */
            smp_rmb();
            return j->result;
    }
    static void set_result(struct job *j, int result)
    {
            j->result = result;
            smp_wmb(); /* pairs with await() */
            WRITE_ONCE(j->left, 0);
    }
    static void wake(struct job *j)
    {
            if (waitqueue_active(&j->wait))
              //^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: lost-wake-up: nothing orders the store to job.left before this look at job.wait: it may find nobody, before await() queues itself, misses the store and sleeps
                    wake_up(&j->wait);
    }
    void finish(struct job *j) { set_result(j, 1); wake(j); }`,
      IN_KERNEL,
    ));

  test('and is silent with the atomic operation that is one', () =>
    checkDiagnostics(
      `
    struct job { wait_queue_head_t wait; atomic_t left; };
    void await(struct job *j)
    {
            /* Pairs with the barrier that the last atomic operation of finish() implies. */
            wait_event(j->wait, !atomic_read(&j->left));
    }
    void finish(struct job *j)
    {
            if (!atomic_dec_return(&j->left) && waitqueue_active(&j->wait))
                    wake_up(&j->wait);
    }`,
      IN_KERNEL,
    ));

  test.each(['swait_event_exclusive', 'wait_event'])(
    'whose sleeper asks a function for the condition: %s',
    (wait) =>
      checkDiagnostics(`
    struct job { wait_queue_head_t wait; spinlock_t lock; int done; };
    static bool is_done(struct job *j, int one) { return READ_ONCE(j->done) - one >= 0; }
    void await(struct job *j) { ${wait}(j->wait, is_done(j, 1)); }
    static void advance(struct job *j)
    {
            spin_lock(&j->lock);
            WRITE_ONCE(j->done, 1);
            spin_unlock(&j->lock);
    }
    void finish(struct job *j)
    {
            advance(j);
            if (waitqueue_active(&j->wait))
              //^^^^^^^^^^^^^^^^^^^^^^^^^^ information: lost-wake-up: nothing orders the store to job.done before this look at job.wait: it may find nobody, before await() queues itself, misses the store and sleeps
                    wake_up(&j->wait);
    }`),
  );

  const ring = (take = '', give = '') => `
    struct ring { int head; int tail; };
    struct job { wait_queue_head_t wait; spinlock_t lock; struct ring *ring; };
    static bool has_work(struct job *j)
    {
            bool has;
            ${take}
            has = smp_load_acquire(&j->ring->tail) != READ_ONCE(j->ring->head);
            ${give}
            return has;
    }
    void await(struct job *j)
    {
            DEFINE_WAIT(entry);
            for (;;) {
                    prepare_to_wait(&j->wait, &entry, TASK_UNINTERRUPTIBLE);
                    if (has_work(j))
                            break;
                    schedule();
            }
            finish_wait(&j->wait, &entry);
    }
    static void commit(struct job *j, int tail) { smp_store_release(&j->ring->tail, tail); }
    static void kick(struct job *j)
    {
            if (waitqueue_active(&j->wait))
              //^^^^^^^^^^^^^^^^^^^^^^^^^^ information: lost-wake-up: nothing orders the store to ring.tail before this look at job.wait: it may find nobody, before await() queues itself, misses the store and sleeps
                    wake_up_all(&j->wait);
    }
    void post(struct job *j, int tail)
    {
            spin_lock(&j->lock);
            commit(j, tail);
            spin_unlock(&j->lock);
            kick(j);
    }`;

  test('whose sleeper asks a function for the condition which reads more than that', () =>
    checkDiagnostics(ring(), IN_KERNEL));

  test('nothing where that looks under the lock of the waker', () =>
    checkDiagnostics(unmarked(ring('spin_lock(&j->lock);', 'spin_unlock(&j->lock);')), IN_KERNEL));

  const credited = (comment: string, severity: string) => `
    struct job { wait_queue_head_t wait; spinlock_t lock; int left; };
    void await(struct job *j) { wait_event(j->wait, !READ_ONCE(j->left)); }
    void finish(struct job *j)
    {
            spin_lock(&j->lock);
            WRITE_ONCE(j->left, j->left - 1);
            spin_unlock(&j->lock);
            ${comment}
            if (waitqueue_active(&j->wait))
              //^^^^^^^^^^^^^^^^^^^^^^^^^^ ${severity}: lost-wake-up: nothing orders the store to job.left before this look at job.wait: it may find nobody, before await() queues itself, misses the store and sleeps
                    wake_up(&j->wait);
    }`;

  test.each([
    '/* spin_unlock() implies smp_mb(), so no barrier before this check. */',
    '/* The spin_unlock() is a full memory barrier: no need for another one. */',
  ])('is a warning where a comment takes an unlock for the full barrier: %s', (comment) =>
    checkDiagnostics(credited(comment, 'warning'), IN_KERNEL),
  );

  test.each([
    '/* spin_unlock() is a full barrier? It is no such thing. */',
    '/* Most of the time nobody sleeps here. */',
  ])('and an information where none does: %s', (comment) =>
    checkDiagnostics(credited(comment, 'information'), IN_KERNEL),
  );

  test('nothing where who looks sleeps on another queue', () =>
    checkDiagnostics(`
    struct job { wait_queue_head_t wait, idle; int done; };
    void await(struct job *j) { wait_event(j->idle, READ_ONCE(j->done)); }
    void finish(struct job *j)
    {
            WRITE_ONCE(j->done, 1);
            if (waitqueue_active(&j->wait))
                    wake_up(&j->wait);
    }`));

  test('where the sleeper prepares itself to wait', () =>
    checkDiagnostics(`
    struct job { wait_queue_head_t wait; int done; };
    void await(struct job *j)
    {
            DEFINE_WAIT(entry);
            for (;;) {
                    prepare_to_wait(&j->wait, &entry, TASK_UNINTERRUPTIBLE);
                    if (READ_ONCE(j->done))
                            break;
                    schedule();
            }
            finish_wait(&j->wait, &entry);
    }
    void finish(struct job *j)
    {
            WRITE_ONCE(j->done, 1);
            if (waitqueue_active(&j->wait))
              //^^^^^^^^^^^^^^^^^^^^^^^^^^ information: lost-wake-up: nothing orders the store to job.done before this look at job.wait: it may find nobody, before await() queues itself, misses the store and sleeps
                    wake_up(&j->wait);
    }`));

  test('in a helper, behind the store of its caller', () =>
    checkDiagnostics(`${sleeper}
    static void kick(struct job *j)
    {
            if (waitqueue_active(&j->wait))
              //^^^^^^^^^^^^^^^^^^^^^^^^^^ information: lost-wake-up: nothing orders the store to job.done before this look at job.wait: it may find nobody, before await() queues itself, misses the store and sleeps
                    wake_up(&j->wait);
    }
    void finish(struct job *j)
    {
            smp_store_release(&j->done, 1);
            kick(j);
    }`));

  test('in a helper of a helper, behind a store that the caller of both has made', () =>
    checkDiagnostics(`${sleeper}
    static void __kick(struct job *j)
    {
            if (waitqueue_active(&j->wait))
              //^^^^^^^^^^^^^^^^^^^^^^^^^^ information: lost-wake-up: nothing orders the store to job.done before this look at job.wait: it may find nobody, before await() queues itself, misses the store and sleeps
                    wake_up(&j->wait);
    }
    static void kick(struct job *j) { __kick(j); }
    static void advance(struct job *j) { WRITE_ONCE(j->done, 1); }
    void finish(struct job *j)
    {
            advance(j);
            kick(j);
    }`));

  test('nothing where the look is for something else than a wake-up', () =>
    checkDiagnostics(`${sleeper}
    bool advance(struct job *j)
    {
            WRITE_ONCE(j->done, 1);
            return !waitqueue_active(&j->wait);
    }`));

  test('nothing in a helper of a helper with a full barrier on the way', () =>
    checkDiagnostics(`${sleeper}
    static void __kick(struct job *j) { if (waitqueue_active(&j->wait)) wake_up(&j->wait); }
    static void kick(struct job *j) { smp_mb(); __kick(j); }
    void finish(struct job *j) { WRITE_ONCE(j->done, 1); kick(j); }`));

  test.each([
    [
      'is the one that is waited on',
      '&j->wait',
      `
              //^^^^^^^^^^^^^^^^^^^^^^^ information: lost-wake-up: nothing orders the store to job.done before this look at job.wait: it may find nobody, before await() queues itself, misses the store and sleeps`,
    ],
    ['is another one: nothing', '&j->idle', ''],
  ])('in a helper that is given the queue, which %s', (_, given, mark) =>
    checkDiagnostics(`
    struct job { wait_queue_head_t wait, idle; int done; };
    void await(struct job *j) { wait_event(j->wait, READ_ONCE(j->done)); }
    static void wake_nomb(wait_queue_head_t *queue)
    {
            if (waitqueue_active(queue))${mark}
                    wake_up(queue);
    }
    void finish(struct job *j)
    {
            WRITE_ONCE(j->done, 1);
            wake_nomb(${given});
    }
    bool is_idle(struct job *j) { return list_empty(&j->idle.head); }`),
  );

  test.each([
    [
      'a full barrier between them',
      'WRITE_ONCE(j->done, 1); smp_mb(); if (waitqueue_active(&j->wait)) wake_up(&j->wait);',
    ],
    [
      'an atomic that returns a value',
      'xchg(&j->done, 1); if (waitqueue_active(&j->wait)) wake_up(&j->wait);',
    ],
    [
      'a look that has its barrier',
      'WRITE_ONCE(j->done, 1); if (wq_has_sleeper(&j->wait)) wake_up(&j->wait);',
    ],
    [
      'a store that nobody waits for',
      'WRITE_ONCE(j->other, 1); if (waitqueue_active(&j->wait)) wake_up(&j->wait);',
    ],
    ['no look', 'WRITE_ONCE(j->done, 1); wake_up(&j->wait);'],
  ])('nothing with %s', (_, body) =>
    checkDiagnostics(`${sleeper}
    void finish(struct job *j) { ${body} }`),
  );

  describe('by the bit or the variable that is waited for', () => {
    const bits = (clear: string, rest = '') => `
    enum { INODE_NEW };
    struct inode { unsigned long state; unsigned long other; };
    void await_inode(struct inode *i) { wait_on_bit(&i->state, INODE_NEW, TASK_UNINTERRUPTIBLE); }
    static void clear(struct inode *i) { clear_bit_unlock(INODE_NEW, &i->state); }
    void unlock(struct inode *i)
    {
            ${clear}
            wake_up_bit(&i->state, INODE_NEW);${rest}
    }`;
    const mark = `
          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: lost-wake-up: nothing orders the store to INODE_NEW before this look at inode.state: it may find nobody, before await_inode() queues itself, misses the store and sleeps`;

    test.each([
      ['in the function', 'clear_bit_unlock(INODE_NEW, &i->state);'],
      ['in what it calls', 'clear(i);'],
      ['in what it calls, behind a barrier', 'smp_mb(); clear(i);'],
    ])('cleared %s', (_, clear) => checkDiagnostics(bits(clear, mark), IN_KERNEL));

    test.each([
      ['cleared before a full barrier', 'clear(i); smp_mb__after_atomic();'],
      ['cleared by an operation that is one', 'test_and_clear_bit(INODE_NEW, &i->state);'],
      ['another word that is cleared', 'clear_bit_unlock(INODE_NEW, &i->other);'],
    ])('nothing with %s', (_, clear) => checkDiagnostics(bits(clear), IN_KERNEL));

    test('nothing where the sleeper queues itself under the lock of the waker', () =>
      checkDiagnostics(
        `
    struct pool { spinlock_t lock; int full; };
    void await_room(struct pool *p)
    {
            struct wait_bit_queue_entry entry;
            spin_lock(&p->lock);
            init_wait_var_entry(&entry, &p->full, 0);
            for (;;) {
                    prepare_to_wait_event(__var_waitqueue(&p->full), &entry.wq_entry, TASK_UNINTERRUPTIBLE);
                    if (!p->full)
                            break;
                    spin_unlock(&p->lock);
                    schedule();
                    spin_lock(&p->lock);
            }
            spin_unlock(&p->lock);
    }
    void make_room(struct pool *p)
    {
            spin_lock(&p->lock);
            p->full = 0;
            wake_up_var(&p->full);
            spin_unlock(&p->lock);
    }`,
        IN_KERNEL,
      ));

    test('a variable', () =>
      checkDiagnostics(
        `
    struct pool { atomic_t users; };
    void drain(struct pool *p) { wait_var_event(&p->users, atomic_read(&p->users) == 0); }
    void leave(struct pool *p)
    {
            atomic_dec(&p->users);
            wake_up_var(&p->users);
          //^^^^^^^^^^^^^^^^^^^^^^ information: lost-wake-up: nothing orders the store to pool.users before this look at pool.users: it may find nobody, before drain() queues itself, misses the store and sleeps
    }
    void leave_in_order(struct pool *p)
    {
            if (atomic_dec_and_test(&p->users))
                    wake_up_var(&p->users);
    }`,
        IN_KERNEL,
      ));
  });

  test('whose store comes only behind the wake-up', () =>
    checkDiagnostics(`${sleeper}
    void finish(struct job *j)
    {
            wake_up(&j->wait);
          //^^^^^^^^^^^^^^^^^ information: lost-wake-up: job.done is stored only after this wake-up: await() may look at it before that, and sleep on
            WRITE_ONCE(j->done, 1);
    }`));

  test.each([
    [
      'in a critical section',
      'spin_lock(&l); wake_up(&j->wait); WRITE_ONCE(j->done, 1); spin_unlock(&l);',
    ],
    [
      'with another wake-up behind',
      'wake_up(&j->wait); WRITE_ONCE(j->done, 1); wake_up(&j->wait);',
    ],
    [
      'where it is stored before, too',
      'WRITE_ONCE(j->done, 1); wake_up(&j->wait); WRITE_ONCE(j->done, 2);',
    ],
    ['of what nobody waits for', 'wake_up(&j->wait); WRITE_ONCE(j->other, 1);'],
  ])('nothing %s', (_, body) =>
    checkDiagnostics(`${sleeper}
    void finish(struct job *j) { ${body} }`),
  );
});
