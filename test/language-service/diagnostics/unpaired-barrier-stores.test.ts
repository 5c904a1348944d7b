/** `unpaired-barrier` where one side stores and then looks, or takes a bit: whose store it is, where the look is made, and with what
 *  locks. */

import { describe, test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const inKernel = { inKernel: true };

describe('a value, and the bit that says that it is there', () => {
  const lamp = (before: string, mark = '') => `
    struct lamp { unsigned long work; int value; };
    #define LAMP_SET 1
    void lamp_set_work(struct lamp *lamp)
    {
            /* The value is there: pairs with the smp_mb__before_atomic() in lamp_set(). */
            if (test_and_clear_bit(LAMP_SET, &lamp->work))
                    lamp_show(lamp, READ_ONCE(lamp->value));
    }
    void lamp_set(struct lamp *lamp, int value)
    {
            WRITE_ONCE(lamp->value, value);
            ${before}
            set_bit(LAMP_SET, &lamp->work);${mark}
            schedule_work(lamp);
    }`;

  test('which is taken by an operation that orders, and set by one that does not', () =>
    checkDiagnostics(
      lamp(
        '',
        '\n          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders lamp.value before lamp.work in lamp_set(), as test_and_clear_bit() in lamp_set_work() does on the other side: lamp_set_work() sees the new lamp.work and then the old lamp.value',
      ),
      inKernel,
    ));
  test('silent with a barrier before it', () =>
    checkDiagnostics(lamp('smp_mb__before_atomic();'), inKernel));
  test('silent where a count is taken: its readers may come by another way', () =>
    checkDiagnostics(
      `
    struct step { atomic_t ack; int threads; int state; };
    void step_to(struct step *s, int state)
    {
            atomic_set(&s->ack, s->threads);
            smp_wmb();
            WRITE_ONCE(s->state, state);
    }
    void step_ack(struct step *s)
    {
            /* Everyone has to acknowledge, see step_start(). */
            if (atomic_dec_and_test(&s->ack))
                    step_to(s, s->state + 1);
    }
    void step_start(struct step *s, int threads)
    {
            s->threads = threads;
            step_to(s, 1);
    }`,
      inKernel,
    ));
});

describe('a bit that is set and a mode that is looked at, in a helper', () => {
  const vcpu = (between: string, mark = '') => `
    struct vcpu { int mode; unsigned long requests; long exits; };
    static void vcpu_kick(struct vcpu *v)
    {
            /* Pairs with the barrier in vcpu_enter(). */
            smp_mb__after_atomic();
            if (READ_ONCE(v->mode) == 1)
                    send_interrupt(v);
    }
    void vcpu_request(struct vcpu *v, int request)
    {
            set_bit(request, &v->requests);
            vcpu_kick(v);
    }
    int vcpu_enter(struct vcpu *v)
    {
            WRITE_ONCE(v->mode, 1);
            /* IN_GUEST first, then the requests. */
            ${between}
            if (READ_ONCE(v->requests)) {
            ${mark}
                    WRITE_ONCE(v->mode, 0);
                    return 1;
            }
            run(v);
            WRITE_ONCE(v->mode, 0);
            v->exits++;
            return 0;
    }`;

  test('a lesser barrier on the other side is no order between a store and a look', () =>
    checkDiagnostics(
      vcpu(
        'smp_wmb();',
        '  //^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: vcpu.mode is not always ordered before vcpu.requests in vcpu_enter(), as smp_mb__after_atomic() in vcpu_kick() does on the other side: vcpu_request() misses the new vcpu.mode while vcpu_enter() misses the new vcpu.requests',
      ),
      inKernel,
    ));
  test('silent with a full one', () => checkDiagnostics(vcpu('smp_mb();'), inKernel));
});

describe('a barrier whose comment names the other side, where the one caller of its helper stores', () => {
  const buffer = (early: string, late: string, mark = '') => `
    struct buffer { unsigned long commit; unsigned long read; bool waits; };
    static void buffer_wake(struct buffer *b)
    {
            /* The commit comes first; pairs with the barrier in buffer_poll(). */
            smp_mb();
            if (READ_ONCE(b->waits))
                    wake(b);
    }
    void buffer_commit(struct buffer *b, unsigned long at)
    {
            smp_store_release(&b->commit, at);
            buffer_wake(b);
    }
    static bool buffer_is_empty(struct buffer *b)
    {
            return smp_load_acquire(&b->commit) == READ_ONCE(b->read);
    }
    bool buffer_poll(struct buffer *b)
    {
            if (!buffer_is_empty(b))
                    return true;
            ${early}
            WRITE_ONCE(b->waits, true);
            ${late}
            return !buffer_is_empty(b);
            ${mark}
    }`;

  test('the other one stands before the store', () =>
    checkDiagnostics(
      buffer(
        'poll_wait(b); smp_mb();',
        '',
        '      //^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: buffer.waits is not always ordered before buffer.commit in buffer_poll(), as smp_mb() in buffer_wake() does on the other side: buffer_commit() misses the new buffer.waits while buffer_poll() misses the new buffer.commit',
      ),
      inKernel,
    ));
  test('silent where it stands behind it', () =>
    checkDiagnostics(buffer('', 'smp_mb();'), inKernel));
});

describe('a pointer that is replaced, and the slots of who uses the old one, looked at by a helper', () => {
  const slots = (store: string, mark = '') => `
    struct slot { struct config *used; };
    struct domain { struct config *now; struct slot *slot; };
    static bool is_used(struct domain *d, struct config *c)
    {
            return smp_load_acquire(&d->slot->used) == c;
    }
    void replace(struct domain *d, struct config *new)
    {
            struct config *old = d->now;
            WRITE_ONCE(d->now, new);
            smp_mb();
            while (is_used(d, old))
                    msleep(1);
            kfree(old);
    }
    struct config *get(struct domain *d, struct slot *s)
    {
            struct config *c = READ_ONCE(d->now);
            ${store}
            if (c == READ_ONCE(d->now))
            ${mark}
                    return c;
            return NULL;
    }`;

  test('a release does not keep it before a look', () =>
    checkDiagnostics(
      slots(
        'smp_store_release(&s->used, c);',
        '       //^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: slot.used is not always ordered before domain.now in get(), as smp_mb() in replace() does on the other side: replace() misses the new slot.used while get() misses the new domain.now',
      ),
      inKernel,
    ));
  test('silent with a full barrier', () =>
    checkDiagnostics(slots('WRITE_ONCE(s->used, c); smp_mb();'), inKernel));
});

describe('a lock that is taken behind what is read', () => {
  const fiber = (behind: string, lock: string, mark = '') => `
    struct fiber { int on_cpu; int stack; int cpu; spinlock_t lock; };
    void switch_out(struct fiber *f, int stack)
    {
            f->stack = stack;
            smp_store_release(&f->on_cpu, 0);
    }
    static void wait_off_cpu(struct fiber *f)
    {
            while (READ_ONCE(f->on_cpu))
                    cpu_relax();
            ${behind}
    }
    int migrate(struct fiber *f)
    {
            int stack;
            ${lock}
            wait_off_cpu(f);
            stack = f->stack;
            ${mark}
            spin_lock(&f->lock);
            f->cpu = 1;
            spin_unlock(&f->lock);
            return stack;
    }`;

  test('keeps nothing in order before it', () =>
    checkDiagnostics(
      fiber(
        '',
        '',
        '      //^^^^^^^^ warning: unpaired-barrier: nothing orders fiber.on_cpu before fiber.stack in migrate(), as smp_store_release() in switch_out() does on the other side: migrate() sees the new fiber.on_cpu and then the old fiber.stack',
      ),
      inKernel,
    ));
  test('silent where the wait acquires', () =>
    checkDiagnostics(fiber('smp_acquire__after_ctrl_dep();', ''), inKernel));
  test('silent where a lock is taken before, which who stores holds', () =>
    checkDiagnostics(
      `${fiber('', 'spin_lock(&f->lock); spin_unlock(&f->lock);')}
    void switch_locked(struct fiber *f)
    {
            spin_lock(&f->lock);
            switch_out(f, 2);
            spin_unlock(&f->lock);
    }`,
      inKernel,
    ));
});

describe('what the reader itself stores behind its look at the flag', () => {
  const ring = (store: string, mark = '') => `
    struct item { int owner; };
    struct ring { int tail; int head; int owner; };
    void give(struct ring *r, int tail)
    {
            WRITE_ONCE(r->owner, 0);
            smp_store_release(&r->tail, tail);
    }
    int take(struct ring *r, int next)
    {
            if (READ_ONCE(r->tail) == next)
                    return -1;
            ${store}
            return READ_ONCE(r->owner);
            ${mark}
    }`;

  test('is none of the old values', () =>
    checkDiagnostics(ring('WRITE_ONCE(r->owner, next);'), inKernel));
  test('but what it does not store is', () =>
    checkDiagnostics(
      ring(
        '',
        '     //^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders ring.tail before ring.owner in take(), as smp_store_release() in give() does on the other side: take() sees the new ring.tail and then the old ring.owner',
      ),
      inKernel,
    ));
});

test('silent where a pointer comes of the flag in a way that is not followed: it may be a dependency', () =>
  checkDiagnostics(
    `
    struct node { struct node *child; };
    struct tree { struct node *root; };
    static inline struct node *masked(struct node *r)
    {
            return (void *)((unsigned long)r & ~roundup_pow_of_two(UNKNOWN));
    }
    void grow(struct tree *t, struct node *n, struct node *child)
    {
            n->child = child;
            smp_store_release(&t->root, n);
    }
    struct node *peek(struct tree *t)
    {
            struct node *r = READ_ONCE(t->root), *n;
            if (!r)
                    return NULL;
            n = masked(r);
            if (!n->child)
                    return NULL;
            return n;
    }`,
    inKernel,
  ));

describe('a flag that is cleared before what it announces is read again', () => {
  const limits = (between: string, mark = '') => `
    struct policy { int max; bool changed; int now; };
    void policy_limit(struct policy *p, int max)
    {
            WRITE_ONCE(p->max, max);
            smp_mb();
            WRITE_ONCE(p->changed, true);
    }
    static bool policy_has_changed(struct policy *p)
    {
            if (!READ_ONCE(p->changed))
                    return false;
            WRITE_ONCE(p->changed, false);
            ${between}
            return true;
    }
    int policy_update(struct policy *p)
    {
            if (policy_has_changed(p))
                    p->now = READ_ONCE(p->max);
            ${mark}
            return p->now;
    }`;

  test('has to be cleared first: a read barrier is not enough', () =>
    checkDiagnostics(
      limits(
        'smp_rmb();',
        '               //^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders policy.changed before policy.max in policy_update(), as smp_mb() in policy_limit() does on the other side: policy_update() overwrites the new policy.changed and then takes the old policy.max',
      ),
      inKernel,
    ));
  test('silent with a full barrier', () => checkDiagnostics(limits('smp_mb();'), inKernel));
});

describe('a barrier whose comment says that the other side needs none', () => {
  const tracer = (comment: string, mark = '') => `
    static int enabled;
    static struct tracer *tracer;
    void enable(struct tracer *t)
    {
            WRITE_ONCE(tracer, t);
            /* Must be seen before enabling. ${comment} */
            smp_wmb();
            WRITE_ONCE(enabled, 1);
    }
    struct tracer *current_tracer(void)
    {
            if (!READ_ONCE(enabled))
                    return NULL;
            return READ_ONCE(tracer);
            ${mark}
    }`;

  test.each([
    'The reader is a condition where we\n             * do not need a matching rmb().',
    "The reader doesn't need a corresponding barrier.",
  ])('is believed: %s', (comment) => checkDiagnostics(tracer(comment), inKernel));
  test.each([
    'The reader needs it.',
    'The barrier is not needed on one CPU, where a compiler barrier would do.',
  ])('no other word is: %s', (comment) =>
    checkDiagnostics(
      tracer(
        comment,
        '     //^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders enabled before tracer in current_tracer(), as smp_wmb() in enable() does on the other side: current_tracer() sees the new enabled and then the old tracer',
      ),
      inKernel,
    ),
  );
});

describe('per-CPU variables of which one function has those of its own CPU and the other one those of a CPU that it is told', () => {
  const doorbell = (
    barrier: string,
    { mark = '', cpu = 'cpu', more = '' }: { mark?: string; cpu?: string; more?: string } = {},
  ) => `
    //- /door.h
    #include <linux/percpu.h>
    DECLARE_PER_CPU(atomic_t, rung);
    DECLARE_PER_CPU(atomic_t, open);
    //- /door.c
    #include <linux/percpu.h>
    #include "door.h"
    DEFINE_PER_CPU(atomic_t, rung);
    DEFINE_PER_CPU(atomic_t, open);
    void open_door(u32 bit)
    {
            atomic_or(bit, this_cpu_ptr(&open));
            ${barrier}
            if (atomic_read(this_cpu_ptr(&rung)) & bit)
            ${mark}
                    answer();
    }
    //- /ring.c
    #include <linux/percpu.h>
    #include "door.h"
    void ring(u32 bit, int cpu)
    {
            atomic_or(bit, per_cpu_ptr(&rung, ${cpu}));
            /* The bell first, then the look whether anybody hears it. */
            smp_mb__after_atomic();
            if (atomic_read(per_cpu_ptr(&open, ${cpu})) & bit)
                    send_ipi(${cpu});
    }
    ${more}`;

  test('can be those of one CPU', () =>
    checkDiagnostics(
      doorbell('', {
        mark: '  //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders open before rung in open_door(), as smp_mb__after_atomic() in ring() does on the other side: ring() misses the new open while open_door() misses the new rung',
      }),
      inKernel,
    ));
  test('silent with a barrier in both', () =>
    checkDiagnostics(doorbell('smp_mb__after_atomic();'), inKernel));
  test.each([
    ['the function asks for its own', { cpu: 'smp_processor_id()' }],
    ['its caller does', { more: 'void ring_here(u32 bit) { ring(bit, get_cpu()); put_cpu(); }' }],
  ])('silent where %s: it may be told no other one', (_, by) =>
    checkDiagnostics(doorbell('', by), inKernel),
  );
});

describe('a sender that asks for room, and looks at both indices of the ring behind its barrier', () => {
  const ring = (between: string, mark = '') => `
    struct ring { u32 in, out, wanted, size; };
    u32 take_out(struct ring *r, u32 index)
    {
            smp_store_release(&r->out, index);
            ${between}
            return READ_ONCE(r->wanted);
            ${mark}
    }
    bool await_room(struct ring *r, u32 need)
    {
            WRITE_ONCE(r->wanted, need);
            smp_mb();
            if (r->size - (r->in - READ_ONCE(r->out)) < need)
                    return false;
            WRITE_ONCE(r->wanted, 0);
            return true;
    }
    void put_in(struct ring *r, u32 len)
    {
            if (await_room(r, len))
                    smp_store_release(&r->in, r->in + len);
    }`;

  test('needs the index that others store before they look, which no release gives', () =>
    checkDiagnostics(
      ring(
        '',
        '     //^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: ring.out is not always ordered before ring.wanted in take_out(), as smp_mb() in await_room() does on the other side: await_room() misses the new ring.out while take_out() misses the new ring.wanted',
      ),
      inKernel,
    ));
  test('is told of the helper of a header, not of who calls it for both', () =>
    checkDiagnostics(
      ring(
        '',
        '     //^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: ring.out is not always ordered before ring.wanted in take_out(), as smp_mb() in await_room() does on the other side: await_room() misses the new ring.out while take_out() misses the new ring.wanted',
      )
        .replace('struct ring', '//- /ring.h\n    struct ring')
        .replace('u32 take_out', 'static inline u32 take_out')
        .replace(
          'bool await_room',
          `//- /take.c
    #include "ring.h"
    void take_all(struct ring *r, u32 index)
    {
            if (take_out(r, index))
                    signal(r);
    }
    //- /put.c
    #include "ring.h"
    bool await_room`,
        ),
      inKernel,
    ));
  test('silent with a full barrier', () => checkDiagnostics(ring('smp_mb();'), inKernel));
});
