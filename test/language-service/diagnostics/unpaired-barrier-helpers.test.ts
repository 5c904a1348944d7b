/** `unpaired-barrier` where helpers look at the flag, set it, or lead to what it stands for. */

import { describe, test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const inKernel = { inKernel: true };

describe('a look that a helper of a helper acquires', () => {
  const entry = (store: string, mark = '') => `
    struct entry { unsigned int flags; unsigned long *inode; spinlock_t lock; };
    static inline unsigned int entry_type(struct entry *e) { return smp_load_acquire(&e->flags) & 7; }
    static inline bool entry_is_miss(struct entry *e) { return entry_type(e) == 0; }
    int walk(struct entry *e, unsigned long **inode)
    {
            if (entry_is_miss(e))
                    return -ENOENT;
            *inode = e->inode;
            return 0;
    }
    void instantiate(struct entry *e, unsigned long *inode, unsigned int type)
    {
            ${store}
    ${mark}
    }`;

  test('and is set before what it stands for', () =>
    checkDiagnostics(
      entry(
        'smp_store_release(&e->flags, type); e->inode = inode;',
        '                                          //^^^^^^^^ warning: misplaced-access: entry.inode is stored only behind entry.flags, by which it is announced: walk() sees the new entry.flags and then the old entry.inode',
      ),
      inKernel,
    ));

  test('silent where it is set behind that', () =>
    checkDiagnostics(entry('e->inode = inode; smp_store_release(&e->flags, type);'), inKernel));
});

describe('a look that a helper makes for its caller, with another field beside it', () => {
  const stream = (store: string, mark = '') => `
    struct stream { unsigned long hw, appl; u32 stamp[8]; wait_queue_head_t sleep; };
    static unsigned long avail(struct stream *s) { return smp_load_acquire(&s->hw) - s->appl; }
    void elapsed(struct stream *s, u32 clock)
    {
            unsigned long at = s->hw;
            WRITE_ONCE(s->stamp[at % 8], clock);
            ${store}
    ${mark}
            wake_up(&s->sleep);
    }
    int stamp_of(struct stream *s, u32 *clock)
    {
            int err = wait_event_interruptible(s->sleep, avail(s) > 0);
            if (err)
                    return err;
            *clock = READ_ONCE(s->stamp[s->appl % 8]);
            return 0;
    }`;

  test('is for what the caller reads then', () =>
    checkDiagnostics(
      stream(
        'WRITE_ONCE(s->hw, at + 1);',
        '      //^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders stream.stamp before stream.hw in elapsed(), as smp_load_acquire() in avail() does on the other side: stamp_of() sees the new stream.hw and then the old stream.stamp',
      ),
      inKernel,
    ));

  test('silent of a release', () =>
    checkDiagnostics(stream('smp_store_release(&s->hw, at + 1);'), inKernel));
});

test('an object that is a member of another one, and is reached by a pointer on the other side', () => {
  const calls = (unlock: string, mark = '') => `
    struct call { struct llist_node list; unsigned int flags; void (*func)(void *info); void *info; };
    struct cpu { struct llist_head queue; struct call call; };
    DEFINE_PER_CPU(struct cpu, cpus);
    static void run_one(struct call *c)
    {
            void (*func)(void *info) = c->func;
            void *info = c->info;
            ${unlock}
    ${mark}
            func(info);
    }
    void run_all(void)
    {
            struct call *c, *next;
            llist_for_each_entry_safe(c, next, llist_del_all(&this_cpu_ptr(&cpus)->queue), list)
                    run_one(c);
    }
    void send(int cpu, void (*func)(void *info), void *info)
    {
            struct call *c = &this_cpu_ptr(&cpus)->call;
            smp_cond_load_acquire(&c->flags, !VAL);
            WRITE_ONCE(c->flags, 1);
            c->func = func;
            c->info = info;
            llist_add(&c->list, &per_cpu_ptr(&cpus, cpu)->queue);
    }`;
  return Promise.all([
    checkDiagnostics(
      calls(
        'WRITE_ONCE(c->flags, 0);',
        '      //^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders call.func before call.flags in run_one(), as smp_cond_load_acquire() in send() does on the other side: send() and run_one() both read what the other writes only later',
      ),
      inKernel,
    ),
    checkDiagnostics(calls('smp_store_release(&c->flags, 0);'), inKernel),
  ]);
});

test('a count that a helper behind the barrier counts down', () => {
  const entity = (barrier: string, mark = '') => `
    struct queue { spinlock_t lock; struct list_head jobs; atomic_t count; };
    struct entity { struct queue queue; unsigned long *last; };
    static int queue_count(struct queue *q) { return atomic_read(&q->count); }
    static void queue_pop(struct queue *q)
    {
            spin_lock(&q->lock);
            list_del(q->jobs.next);
            spin_unlock(&q->lock);
            atomic_dec(&q->count);
    }
    void pop(struct entity *e, unsigned long *job)
    {
            WRITE_ONCE(e->last, job);
            smp_wmb();
            queue_pop(&e->queue);
    }
    int select(struct entity *e)
    {
            unsigned long *last;
            if (queue_count(&e->queue))
                    return 0;
            ${barrier}
            last = READ_ONCE(e->last);
    ${mark}
            return last && !*last;
    }`;
  return Promise.all([
    checkDiagnostics(
      entity(
        '',
        '             //^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders queue.count before entity.last in select(), as smp_wmb() in pop() does on the other side: select() sees the new queue.count and then the old entity.last',
      ),
      inKernel,
    ),
    checkDiagnostics(entity('smp_rmb();'), inKernel),
  ]);
});

describe('a new object, which is found by a helper that its maker asks, too', () => {
  const node = (publish: string, found: string, mark = '') => `
    struct info { int size; };
    struct node { struct info *info; };
    static struct info *info_of(struct node *n) { return smp_load_acquire(&n->info); }
    int setup(struct node *n, int size)
    {
            struct info *new;

            if (info_of(n))
                    return 0;
            new = kmalloc(sizeof(*new), GFP_KERNEL);
            if (!new)
                    return -ENOMEM;
            new->size = size;
            ${publish};
    ${mark}
            return 0;
    }
    int size_of(struct node *n)
    {
            struct info *info = info_of(n);

            return info ? ${found} : 0;
    }`;

  test('is known by an exchange that orders nothing', () =>
    checkDiagnostics(
      node(
        'cmpxchg_relaxed(&n->info, NULL, new)',
        'info->size',
        '      //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders info.size before node.info in setup(), as smp_load_acquire() in info_of() does on the other side: size_of() sees the new node.info and then the old info.size',
      ),
      inKernel,
    ));

  test('silent of one that releases', () =>
    checkDiagnostics(node('cmpxchg_release(&n->info, NULL, new)', 'info->size'), inKernel));

  test('silent where nobody looks at what is behind it', () =>
    checkDiagnostics(node('cmpxchg_relaxed(&n->info, NULL, new)', '1'), inKernel));
});

describe('a ring whose helpers are in a header that others include', () => {
  const ring = (look: string, mark = '') => `
    //- /lib/ring.h
    struct slot { int address, length; };
    struct ring { unsigned int head, tail, filled, seen; struct slot *slots; };
    static inline struct slot *ring_reserve(struct ring *r)
    {
            return &r->slots[r->filled++ & 7];
    }
    static inline void ring_submit(struct ring *r)
    {
            smp_store_release(&r->head, r->filled);
    }
    static inline unsigned int ring_entries(struct ring *r)
    {
            unsigned int entries = r->seen - r->tail;

            if (!entries) {
                    r->seen = ${look};
                    entries = r->seen - r->tail;
            }
            return entries;
    }
    //- /ring.c
    #include "lib/ring.h"
    static void fill(struct ring *r, int length)
    {
            ring_reserve(r)->length = length;
    }
    void send(struct ring *r, int length)
    {
            fill(r, length);
            ring_submit(r);
    }
    int receive(struct ring *r, struct mutex *one, int budget)
    {
            unsigned int left = ring_entries(r);
            int done = 0;

            while (left-- && done < budget)
                    done += r->slots[r->tail++ & 7].length;
    ${mark}
            return done;
    }`;

  test('and whose index is kept before it is compared', () =>
    checkDiagnostics(
      ring(
        'READ_ONCE(r->head)',
        '                      //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders ring.head before slot.length in receive(), as smp_store_release() in ring_submit() does on the other side: receive() sees the new ring.head and then the old slot.length',
      ),
      inKernel,
    ));
  test('silent of an acquire', () =>
    checkDiagnostics(ring('smp_load_acquire(&r->head)'), inKernel));
});

describe('two loops with more ways than are looked through', () => {
  const queue = (look: string, mark = '') => `
    struct event { int type, value; };
    struct queue { unsigned int head, tail; struct event event[32]; };
    static unsigned int room(struct queue *q) { return 32 - (q->head - smp_load_acquire(&q->tail)); }
    static unsigned int avail(struct queue *q) { return ${look} - q->tail; }
    void interrupt(struct queue *q, void __iomem *regs, int dropped)
    {
            unsigned int status;

            while ((status = readl(regs))) {
                    unsigned int value = readl(regs + 4);

                    if (!room(q)) {
                            dropped++;
                            continue;
                    }
                    q->event[q->head & 31].type = status;
                    q->event[q->head & 31].value = value;
                    smp_store_release(&q->head, q->head + 1);
            }
    }
    int receive(struct queue *q, struct event __user *to, int count)
    {
            struct event got;
            int ret = 0;

            while (ret < count && avail(q)) {
                    got.value = q->event[q->tail & 31].value;
    ${mark}
                    smp_store_release(&q->tail, q->tail + 1);
                    if (copy_to_user(to, &got, sizeof(got))) {
                            if (!ret)
                                    ret = -EFAULT;
                            break;
                    }
                    ret++;
            }
            return ret;
    }`;

  test('show the outcome in fewer rounds', () =>
    checkDiagnostics(
      queue(
        'READ_ONCE(q->head)',
        '                          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: queue.head is not always ordered before event.value in receive(), as smp_store_release() in interrupt() does on the other side: receive() sees the new queue.head and then the old event.value',
      ),
      inKernel,
    ));
  test('silent of an acquire', () =>
    checkDiagnostics(queue('smp_load_acquire(&q->head)'), inKernel));
});

describe('a flag that is polled for some time', () => {
  const asked = (poll: string, mark = '') => `
    struct box { int data; int done; };
    void answer(struct box *b, int data)
    {
            b->data = data;
            smp_store_release(&b->done, 1);
    }
    static inline bool is_done(const struct box *b, unsigned int us)
    {
            ${poll}
            return false;
    }
    int ask(struct box *b)
    {
            if (!is_done(b, 500))
                    return -ETIMEDOUT;
            return b->data;${mark}
    }`;
  const MARK = `
                 //^^^^^^^ warning: unpaired-barrier: nothing orders box.done before box.data in ask(), as smp_store_release() in answer() does on the other side: ask() sees the new box.done and then the old box.data`;

  test.each([
    ['which counts down', 'while (us--) { if (READ_ONCE(b->done)) return true; udelay(1); }'],
    [
      'of very many rounds',
      'int i; for (i = 0; i < 100000; i++) { if (READ_ONCE(b->done)) return true; udelay(1); }',
    ],
  ])('by a loop %s', (_, poll) => checkDiagnostics(asked(poll, MARK)));

  test('silent where the poll acquires it', () =>
    checkDiagnostics(
      asked('while (us--) { if (smp_load_acquire(&b->done)) return true; udelay(1); }'),
    ));

  const SENT = `
    struct box { int data; int full; };
    int send(struct box *b, int data)
    {
            int i;
            for (i = 0; i < 1000; i++) {
                    if (!READ_ONCE(b->full))
                            break;
                    udelay(1);
            }
            if (i == 1000)
                    return -ETIMEDOUT;
            WRITE_ONCE(b->data, data);
            smp_store_release(&b->full, 1);
            return 0;
    }
    int take(struct box *b)
    {
            int data;
            if (!smp_load_acquire(&b->full))
                    return -1;
            data = READ_ONCE(b->data);
            smp_store_release(&b->full, 0);
            return data;
    }`;

  test('silent where a store depends on it', () => checkDiagnostics(SENT));
});
