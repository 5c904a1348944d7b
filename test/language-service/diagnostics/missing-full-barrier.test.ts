/** `missing-full-barrier`: a store and a look in two functions, without a full barrier in each. Expectations follow atomic_t.txt
 *  (ORDERING), atomic_bitops.txt and the litmus test SB+fencembonceonces. */

import { describe, test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const IN_KERNEL = { inKernel: true };

const REQUEST = `
//- /request.h
struct request { atomic_t users; atomic_t dying; wait_queue_head_t queue; };`;

const drop = (between: string, mark = '') => `
//- /drop.c
#include "request.h"
void drop(struct request *r)
{
        atomic_dec(&r->users);
        ${between}
        if (atomic_read(&r->dying))
        ${mark}
                wake_up(&r->queue);
}`;

const kill = (between: string, mark = '') => `
//- /kill.c
#include "request.h"
void kill(struct request *r)
{
        atomic_inc(&r->dying);
        ${between}
        wait_event(r->queue, atomic_read(&r->users) == 0);
        ${mark}
}`;

const BOTH_MISS = 'kill() misses the new request.users while drop() misses the new request.dying';

test('void atomics order nothing', () =>
  checkDiagnostics(
    REQUEST +
      drop('') +
      kill(
        '',
        `                   //^^^^^^^^^^^^^^^^^^^^^^ information: missing-full-barrier: nothing orders the store to request.dying before the look at request.users: ${BOTH_MISS}`,
      ),
    IN_KERNEL,
  ));

test('a full barrier on one side shows that the order is meant, and is told of where it looks itself', () =>
  checkDiagnostics(
    REQUEST +
      drop(
        '',
        `  //^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders request.users before request.dying in drop(), as smp_mb__after_atomic() in kill() does on the other side: ${BOTH_MISS}`,
      ) +
      kill('smp_mb__after_atomic();'),
    IN_KERNEL,
  ));

test('a full barrier on one side shows that the order is meant, wherever the look behind it is made', () =>
  checkDiagnostics(
    REQUEST +
      drop(
        '',
        `  //^^^^^^^^^^^^^^^^^^^^^^ warning: missing-full-barrier: nothing orders the store to request.users before the look at request.dying: ${BOTH_MISS}`,
      ) +
      kill('smp_mb__after_atomic();')
        .replace('wait_event(r->queue, atomic_read(&r->users) == 0)', 'drain(r)')
        .replace(
          'void kill',
          `static void __drain(struct request *r) { wait_event(r->queue, atomic_read(&r->users) == 0); }
static void drain(struct request *r) { __drain(r); }
void kill`,
        ),
    IN_KERNEL,
  ));

test('silent with a full barrier on both sides', () =>
  checkDiagnostics(REQUEST + drop('smp_mb__after_atomic();') + kill('smp_mb();'), IN_KERNEL));

test('a value-returning atomic is a full barrier', () =>
  checkDiagnostics(
    REQUEST +
      drop('').replace('atomic_dec(&r->users);', 'if (!atomic_dec_and_test(&r->users)) return;') +
      kill('smp_mb();'),
    IN_KERNEL,
  ));

test('silent where both sides hold one lock', () =>
  checkDiagnostics(
    `
    struct box { spinlock_t lock; unsigned long flags; int waiting; };
    void one(struct box *b)
    {
            spin_lock(&b->lock);
            set_bit(0, &b->flags);
            if (READ_ONCE(b->waiting)) wake(b);
            spin_unlock(&b->lock);
    }
    void other(struct box *b)
    {
            spin_lock(&b->lock);
            WRITE_ONCE(b->waiting, 1);
            if (test_bit(0, &b->flags)) wake(b);
            spin_unlock(&b->lock);
    }`,
    IN_KERNEL,
  ));

test('a look in a function that is called, a store to a list under a lock', () =>
  checkDiagnostics(
    `
    struct hw { spinlock_t lock; struct list_head queue; unsigned long state; };
    static bool pending(struct hw *h) { return !list_empty_careful(&h->queue); }
    void run(struct hw *h) { if (pending(h)) issue(h); }
    void restart(struct hw *h)
    {
            clear_bit(RESTART, &h->state);
            run(h);
    }
    void add(struct hw *h, struct list_head *entry)
    {
            spin_lock(&h->lock);
            list_add_tail(entry, &h->queue);
            spin_unlock(&h->lock);
            if (!test_bit(RESTART, &h->state))
               //^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: missing-full-barrier: nothing orders the store to hw.queue before the look at hw.state: add() misses the new hw.state while restart() misses the new hw.queue
                    run(h);
    }`,
    IN_KERNEL,
  ));

const enter = (name: string, own: string, other: string, above = '', mark = '') => `
    int ${name}(struct gate *g)
    {
            ${above}
            smp_store_release(&g->${own}, 1);
            if (smp_load_acquire(&g->${other})) {
            ${mark}
                    smp_store_release(&g->${own}, 0);
                    return 0;
            }
            return 1;
    }`;

const GATE = 'struct gate { int reader; int writer; };';
const BOTH_ENTER =
  'read_enter() misses the new gate.writer while write_enter() misses the new gate.reader';
const UNORDERED = `missing-full-barrier: nothing orders the store to gate.reader before the look at gate.writer: ${BOTH_ENTER}`;

test('two that back off from each other', () =>
  checkDiagnostics(
    GATE +
      enter(
        'read_enter',
        'reader',
        'writer',
        '',
        `  //^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: ${UNORDERED}`,
      ) +
      enter('write_enter', 'writer', 'reader'),
  ));

test('a comment that one is there for the other shows that it is meant', () =>
  checkDiagnostics(
    GATE +
      enter(
        'read_enter',
        'reader',
        'writer',
        '/* Pairs with the acquire in write_enter(). */',
        `  //^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: ${UNORDERED}`,
      ) +
      enter('write_enter', 'writer', 'reader'),
  ));

test('silent where only one of them backs off', () =>
  checkDiagnostics(`${GATE}
    int read_enter(struct gate *g)
    {
            WRITE_ONCE(g->reader, 1);
            return READ_ONCE(g->writer) ? 0 : 1;
    }${enter('write_enter', 'writer', 'reader')}`));

describe('an operation that is conditional orders nothing where it fails', () => {
  const poller = (queue: string, mark = '') => `
    struct poller { int state; int target; };
    void run(struct poller *p)
    {
            xchg(&p->state, 0);
            if (READ_ONCE(p->target) != 1)
                    apply(p);
    }
    void set(struct poller *p, int target)
    {
            WRITE_ONCE(p->target, target);
            if (${queue} == 0)
            ${mark}
                    start(p);
    }`;

  test('cmpxchg()', () =>
    checkDiagnostics(
      poller(
        'cmpxchg(&p->state, 0, 1)',
        `  //^^^^^^^^^^^^^^^^^^^^^^^^ information: missing-full-barrier: nothing orders the store to poller.target before the look at poller.state: run() misses the new poller.target while set() misses the new poller.state`,
      ),
      IN_KERNEL,
    ));

  test('silent where it always orders', () =>
    checkDiagnostics(poller('xchg(&p->state, 1)'), IN_KERNEL));
});

describe('work that a bit says is pending', () => {
  const work = (clear: string, mark = '') => `
    #define PENDING 0
    struct monitor { unsigned long flags; int events; int handled; };
    void post(struct monitor *m, int nr)
    {
            WRITE_ONCE(m->events, nr);
            if (!test_and_set_bit(PENDING, &m->flags))
                    queue(m);
    }
    void run(struct monitor *m)
    {
            ${clear}
            int nr = READ_ONCE(m->events);
                   ${mark}
            if (nr != m->handled)
                    handle(m, nr);
    }`;

  test('and that is cleared without order before the look at the work', () =>
    checkDiagnostics(
      work(
        'clear_bit(PENDING, &m->flags);',
        '//^^^^^^^^^^^^^^^^^^^^ information: missing-full-barrier: nothing orders the store to monitor.flags before the look at monitor.events: post() misses the new monitor.flags while run() misses the new monitor.events',
      ),
      IN_KERNEL,
    ));

  test.each([
    'clear_bit(PENDING, &m->flags); smp_mb__after_atomic();',
    'test_and_clear_bit(PENDING, &m->flags);',
  ])('silent: %s', (clear) => checkDiagnostics(work(clear), IN_KERNEL));
});

test('a bit that a helper gives back before the queue is looked at again', () => {
  const connection = (giveBack: string, mark = '') => `
    struct connection { spinlock_t lock; struct list_head queue; unsigned long flags; };
    static bool claim(struct connection *c) { return !test_and_set_bit(0, &c->flags); }
    static void give_back(struct connection *c)
    {
            ${giveBack}
    }
    int transmit(struct connection *c)
    {
            if (!claim(c))
                    return 0;
            send_all(c);
            give_back(c);
            return !list_empty(&c->queue);
    ${mark}
    }
    int enqueue(struct connection *c, struct list_head *item)
    {
            spin_lock(&c->lock);
            list_add_tail(item, &c->queue);
            spin_unlock(&c->lock);
            return transmit(c);
    }`;
  const MARK =
    '              //^^^^^^^^^^^^^^^^^^^^^ information: missing-full-barrier: nothing orders the store to connection.flags before the look at connection.queue: transmit() misses the new connection.queue while enqueue() misses the new connection.flags';
  return Promise.all([
    checkDiagnostics(connection('clear_bit_unlock(0, &c->flags);', MARK), IN_KERNEL),
    checkDiagnostics(
      connection('clear_bit_unlock(0, &c->flags); smp_mb__after_atomic();'),
      IN_KERNEL,
    ),
  ]);
});

const flow = (between: string, mark = '') => `
#define FULL 0
#define QUEUED 1
struct flow { atomic_t bytes; unsigned long flags; int limit; };
void wake(struct flow *f);
void completed(struct flow *f, int n)
{
        unsigned long flags;

        if (atomic_sub_return(n, &f->bytes) < 0)
                return;
        flags = READ_ONCE(f->flags);
        if ((flags & BIT(FULL)) && !(flags & BIT(QUEUED)))
                wake(f);
}
bool has_no_room(struct flow *f)
{
        if (atomic_read(&f->bytes) <= f->limit)
                return false;
        set_bit(FULL, &f->flags);
        ${between}
        if (atomic_read(&f->bytes) > f->limit)
        ${mark}
                return true;
        return false;
}`;

describe('a bit that the other side looks at in its word', () => {
  test('and nothing orders its setting', () =>
    checkDiagnostics(
      flow(
        '',
        `  //^^^^^^^^^^^^^^^^^^^^^^ information: missing-full-barrier: nothing orders the store to flow.flags before the look at flow.bytes: completed() misses the new flow.flags while has_no_room() misses the new flow.bytes`,
      ),
      IN_KERNEL,
    ));
  test('silent behind a full barrier', () =>
    checkDiagnostics(flow('smp_mb__after_atomic();'), IN_KERNEL));
});

/** Jobs of a crew, and a hand that says of itself that it has nothing to do. */
const crew = (push = '', rest = '', calls = ['wake_up_process(h->task);', 'schedule();']) => `
    struct crew { spinlock_t lock; struct list_head jobs; struct task_struct *master; };
    struct hand { struct crew *crew; struct task_struct *task; unsigned long state; };
    struct job { struct list_head entry; };
    static bool has_jobs(struct crew *c) { return !list_empty(&c->jobs); }
    static bool may_rest(struct hand *h) { return !has_jobs(h->crew); }
    static void call_for(struct hand *h)
    {
            if (!test_bit(IDLE, &h->state) || !test_and_clear_bit(IDLE, &h->state))
                    return;
            ${calls[0]}
    }
    void push(struct crew *c, struct hand *h, struct job *job)
    {
            spin_lock(&c->lock);
            list_add_tail(&job->entry, &c->jobs);
            spin_unlock(&c->lock);
            ${push}
            call_for(h);
          //^^^^^^^^^^^ information: missing-full-barrier: nothing orders the store to crew.jobs before the look at hand.state: push() misses the new hand.state while rest() misses the new crew.jobs
    }
    void rest(struct hand *h)
    {
            set_current_state(TASK_INTERRUPTIBLE);
            set_bit(IDLE, &h->state);
            ${rest}
            if (may_rest(h))
                    ${calls[1]}
            __set_current_state(TASK_RUNNING);
    }`;

const withoutMark = (fixture: string) => fixture.replace(/\n *\/\/\^.*/, '');

describe('what is to be done in one object, who is idle in another one', () => {
  test('where the one wakes and the other one sleeps', () => checkDiagnostics(crew(), IN_KERNEL));

  test('silent with a full barrier in both', () =>
    checkDiagnostics(withoutMark(crew('smp_mb();', 'smp_mb__after_atomic();')), IN_KERNEL));

  test('silent where both wake and nobody sleeps', () =>
    checkDiagnostics(
      withoutMark(crew('', '', ['wake_up_process(h->task);', 'wake_up_process(h->crew->master);']))
        .replace('__set_current_state(TASK_RUNNING);', '')
        .replace('set_current_state(TASK_INTERRUPTIBLE);', ''),
      IN_KERNEL,
    ));

  test('silent where nobody wakes or sleeps', () =>
    checkDiagnostics(
      withoutMark(crew('', '', ['note_hand(h);', 'note_rest(h);']))
        .replace('__set_current_state(TASK_RUNNING);', '')
        .replace('set_current_state(TASK_INTERRUPTIBLE);', ''),
      IN_KERNEL,
    ));
});

describe('a look at another bit of the word', () => {
  const log = `
    struct log { unsigned long state; u32 head; u32 tail; struct work_struct work; };
    enum { LOG_QUEUED, LOG_CLOSING };
    static void kick(struct log *l)
    {
            if (!test_and_set_bit(LOG_QUEUED, &l->state))
                    schedule_work(&l->work);
    }
    void add(struct log *l)
    {
            smp_store_release(&l->head, l->head + 1);
            if (!test_bit(LOG_CLOSING, &l->state))
                    kick(l);
    }
    static int flush(struct log *l)
    {
            u32 head = smp_load_acquire(&l->head);
            if (l->tail == head)
                    return 0;
            l->tail = head;
            return 1;
    }
    void work(struct log *l)
    {
            clear_bit(LOG_QUEUED, &l->state);
            smp_mb__after_atomic();
            while (flush(l))
                    emit(l);
    }`;
  test('is none at the one that is cleared: silent, as the look at that is ordered', () =>
    checkDiagnostics(log, IN_KERNEL));
});
