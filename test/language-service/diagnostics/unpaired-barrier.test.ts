/** `unpaired-barrier`: fires where the other side accesses the same fields with nothing between, and only there. */

import { describe, test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

test('a writer whose reader has no read barrier', () =>
  checkDiagnostics(`
    //- /writer.c
    struct box { int data; int flag; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            /* See the smp_rmb() in consume(). */
            smp_wmb();
          //^^^^^^^^^ warning: unpaired-barrier: nothing in consume() pairs with it: consume() sees the new box.flag and then the old box.data
            WRITE_ONCE(b->flag, 1);
    }
    //- /reader.c
    struct box { int data; int flag; };
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            return READ_ONCE(b->data);
    }
  `));

test('a reader whose writer has no write barrier', () =>
  checkDiagnostics(`
    struct box { int data; int flag; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            WRITE_ONCE(b->flag, 1);
    }
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            /* See the smp_wmb() in publish(). */
            smp_rmb();
          //^^^^^^^^^ warning: unpaired-barrier: nothing in publish() pairs with it: consume() sees the new box.flag and then the old box.data
            return READ_ONCE(b->data);
    }
  `));

test.each([
  ['count', ''],
  [
    'box',
    `
          //^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders box.data before box.valid in set_up(), as smp_rmb() in consume() does on the other side: consume() sees the new box.valid and then the old box.data`,
  ],
])('the flag is the field that the comment names, and not the nearest: %s', (named, mark) =>
  checkDiagnostics(
    `
    struct box { int data; int count; int valid; };
    void add(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            /* Pairs with smp_rmb() in consume(). */
            smp_wmb();
            WRITE_ONCE(b->count, 1);
    }
    void set_up(struct box *b)
    {
            WRITE_ONCE(b->data, 0);
            WRITE_ONCE(b->valid, 1);${mark}
    }
    int consume(struct box *b)
    {
            int count = READ_ONCE(b->count);
            if (!READ_ONCE(b->valid) || !count)
                    return -1;
            /* The ${named} before the data; pairs with smp_wmb() in add(). */
            smp_rmb();
            return READ_ONCE(b->data);
    }`,
    { inKernel: true },
  ),
);

test('as much is read as there is room for: the smaller of what was published and of what is left', () =>
  checkDiagnostics(
    `
    struct ring { unsigned long head, tail; char data[64]; };
    void publish(struct ring *r, char c)
    {
            r->data[r->head & 63] = c;
            WRITE_ONCE(r->head, r->head + 1);
          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders ring.data before ring.head in publish(), as smp_load_acquire() in available() does on the other side: consume() sees the new ring.head and then the old ring.data
    }
    static unsigned long available(struct ring *r) { return smp_load_acquire(&r->head) - r->tail; }
    unsigned long consume(struct ring *r, char *to, unsigned long room)
    {
            unsigned long tail = r->tail & 63;
            unsigned long n = min(available(r), 64 - tail);

            n = min(room, n);
            if (!n)
                    return 0;
            memcpy(to, &r->data[tail], n);
            smp_store_release(&r->tail, r->tail + n);
            return n;
    }
  `,
    { inKernel: true },
  ));

const QUEUE = `
    struct task_struct;
    struct waiter { struct task_struct *task; struct list_head list; int state; void *message; };
    struct queue { spinlock_t lock; struct list_head waiters; };
    struct operations { int (*open)(void); };
    struct file { const struct operations *f_op; };
    extern const struct operations queue_operations;
    static int sleep_on(struct queue *q, struct waiter *w)
    {
            list_add_tail(&w->list, &q->waiters);
            for (;;) {
                    spin_unlock(&q->lock);
                    schedule();
                    if (smp_load_acquire(&w->state) == 1)
                            return 0;
                    spin_lock(&q->lock);
                    if (signal_pending(current)) {
                            list_del(&w->list);
                            break;
                    }
            }
            spin_unlock(&q->lock);
            return -EINTR;
    }`;

const receive = (check: string) => `
    void *receive(struct file *file, struct queue *q)
    {
            struct waiter wait;

            ${check}
            spin_lock(&q->lock);
            wait.task = current;
            WRITE_ONCE(wait.state, 0);
            if (sleep_on(q, &wait))
                    return NULL;
            return wait.message;
    }`;

const send = (store: string, mark = '') => `
    void send(struct queue *q, void *message)
    {
            struct waiter *w;

            spin_lock(&q->lock);
            w = list_first_entry_or_null(&q->waiters, struct waiter, list);
            if (w) {
                    w->message = message;
                    list_del(&w->list);
                    ${store}
                  ${mark}
            }
            spin_unlock(&q->lock);
    }`;

describe('what a function waits with on its stack', () => {
  const MARK =
    '//^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders waiter.message before waiter.state in send(), as smp_load_acquire() in sleep_on() does on the other side: receive() sees the new waiter.state and then the old waiter.message';

  test('is stored without an order, while a helper acquires it for its caller', () =>
    checkDiagnostics(QUEUE + receive('') + send('WRITE_ONCE(w->state, 1);', MARK), {
      inKernel: true,
    }));

  test('and the file is looked at first', () =>
    checkDiagnostics(
      QUEUE +
        receive('if (file->f_op != &queue_operations) return NULL;') +
        send('WRITE_ONCE(w->state, 1);', MARK),
      { inKernel: true },
    ));

  test('silent where no task can be found by it', () =>
    checkDiagnostics(
      QUEUE.replace('struct task_struct *task;', 'void *task;') +
        receive('') +
        send('WRITE_ONCE(w->state, 1);'),
      { inKernel: true },
    ));

  test('silent behind a release', () =>
    checkDiagnostics(QUEUE + receive('') + send('smp_store_release(&w->state, 1);'), {
      inKernel: true,
    }));
});

test('an acquire on the other side is an order', () =>
  checkDiagnostics(`
    struct box { int data; int flag; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            /* Pairs with the acquire in consume(). */
            smp_wmb();
            WRITE_ONCE(b->flag, 1);
    }
    int consume(struct box *b)
    {
            if (!smp_load_acquire(&b->flag))
                    return -1;
            return READ_ONCE(b->data);
    }
  `));

test('a lock between the two accesses may be the order', () =>
  checkDiagnostics(`
    struct box { int data; int flag; spinlock_t lock; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            /* Pairs with the lock in consume(). */
            smp_wmb();
            WRITE_ONCE(b->flag, 1);
    }
    int consume(struct box *b)
    {
            int data = 0;
            if (!READ_ONCE(b->flag))
                    return -1;
            spin_lock(&b->lock);
            data = b->data;
            spin_unlock(&b->lock);
            return data;
    }
    void publish_locked(struct box *b)
    {
            spin_lock(&b->lock);
            publish(b);
            spin_unlock(&b->lock);
    }
  `));

test('a device barrier has its partner in the device', () =>
  checkDiagnostics(`
    struct ring { int descriptor; int doorbell; };
    void kick(struct ring *r)
    {
            r->descriptor = 1;
            /* The device, see poll(). */
            dma_wmb();
            WRITE_ONCE(r->doorbell, 1);
    }
    void start(struct ring *r)
    {
            r->descriptor = 1;
            /* The device, see poll(). */
            wmb();
            WRITE_ONCE(r->doorbell, 1);
    }
    int poll(struct ring *r)
    {
            return READ_ONCE(r->doorbell) + READ_ONCE(r->descriptor);
    }
  `));

test('code that the parser cannot follow is not judged', () =>
  checkDiagnostics(`
    struct box { int data; int flag; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            /* Pairs with consume(). */
            smp_wmb();
            WRITE_ONCE(b->flag, 1);
    }
    int consume(struct box *b)
    {
            if (READ_ONCE(b->flag) {
            return READ_ONCE(b->data);
    }
  `));

describe('without a comment', () => {
  const put = (body: string) => `
    struct box { int data; int flag; spinlock_t lock; int count; char text[16]; };
    void put(struct box *b, const char *from, int n)
    {
            ${body}
    }`;
  const ordered = put('b->data = 1; smp_wmb(); WRITE_ONCE(b->flag, 1);');

  test('a reader that tests the flag and then reads what is behind it', () =>
    checkDiagnostics(`${ordered}
    int get(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            return b->data;
                 //^^^^^^^ warning: unpaired-barrier: nothing orders box.flag before box.data in get(), as smp_wmb() in put() does on the other side: get() sees the new box.flag and then the old box.data
    }`));

  test('a writer whose reader has an acquire', () =>
    checkDiagnostics(`
    struct box { int data; int flag; };
    void put(struct box *b)
    {
            b->data = 1;
            WRITE_ONCE(b->flag, 1);
          //^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders box.data before box.flag in put(), as smp_load_acquire() in get() does on the other side: get() sees the new box.flag and then the old box.data
    }
    int get(struct box *b)
    {
            return smp_load_acquire(&b->flag) ? b->data : -1;
    }`));

  test('helpers whose callers have the payload', () =>
    checkDiagnostics(`
    struct ring { unsigned int head, tail; int slots[64]; };
    static inline bool ring_peek(struct ring *r) { return READ_ONCE(r->head) != r->tail; }
    static inline void ring_commit(struct ring *r) { smp_wmb(); WRITE_ONCE(r->head, r->head + 1); }
    void produce(struct ring *r, int v)
    {
            r->slots[r->head & 63] = v;
            ring_commit(r);
    }
    int consume(struct ring *r)
    {
            if (!ring_peek(r))
                    return -1;
            return r->slots[r->tail & 63];
                 //^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders ring.head before ring.slots in consume(), as smp_wmb() in ring_commit() does on the other side: consume() sees the new ring.head and then the old ring.slots
    }`));

  test('a second flag beside a sound pair', () =>
    checkDiagnostics(`
    struct box { int a, b, ready, state; };
    void put(struct box *o)
    {
            o->a = 1;
            smp_wmb(); /* pairs with get() */
            WRITE_ONCE(o->ready, 1);
            o->b = 1;
            WRITE_ONCE(o->state, 1);
          //^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: box.b is not always ordered before box.state in put(), as smp_rmb() in get() does on the other side: get() sees the new box.state and then the old box.b
    }
    int get(struct box *o)
    {
            int x = 0;
            if (READ_ONCE(o->ready)) {
                    smp_rmb(); /* pairs with put() */
                    x = o->a;
            }
            if (READ_ONCE(o->state)) {
                    smp_rmb();
                    x += o->b;
            }
            return x;
    }`));

  const kick = `struct cpu { int sleeping, work; };
    void kick(struct cpu *c)
    {
            WRITE_ONCE(c->work, 1);
            smp_mb();
            if (READ_ONCE(c->sleeping))
                    wake(c);
    }`;

  test('a store and a look behind it, as another function has with a full barrier', () =>
    checkDiagnostics(`${kick}
    void enter(struct cpu *c)
    {
            WRITE_ONCE(c->sleeping, 1);
            smp_wmb();
            if (!READ_ONCE(c->work))
               //^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: cpu.sleeping is not always ordered before cpu.work in enter(), as smp_mb() in kick() does on the other side: kick() misses the new cpu.sleeping while enter() misses the new cpu.work
                    halt(c);
    }`));

  test('nothing where both have the full barrier', () =>
    checkDiagnostics(`${kick}
    void enter(struct cpu *c)
    {
            WRITE_ONCE(c->sleeping, 1);
            smp_mb();
            if (!READ_ONCE(c->work))
                    halt(c);
    }`));

  test.each([
    [
      'both sides are ordered',
      ordered,
      'if (!smp_load_acquire(&b->flag)) return -1; return b->data;',
    ],
    [
      'what is read first decides nothing',
      ordered,
      'int f = READ_ONCE(b->flag); return f + b->data;',
    ],
    [
      'the reader has a lock that a caller of the writer has, too',
      `${ordered}
    void put_locked(struct box *b)
    {
            spin_lock(&b->lock);
            put(b, 0, 0);
            spin_unlock(&b->lock);
    }`,
      'spin_lock(&b->lock); if (!b->flag) return -1; return b->data;',
    ],
    [
      'what is copied to an array is not what stands behind it',
      put('memcpy(b->text, from, n); b->data = 1; smp_store_release(&b->flag, 1);'),
      'if (!smp_load_acquire(&b->flag)) return -1; return b->data;',
    ],
  ])('nothing where %s', (_, writer, reader) =>
    checkDiagnostics(`${writer}
    int get(struct box *b) { ${reader} }`),
  );

  test('nothing where a caller has the lock', () =>
    checkDiagnostics(`${ordered}
    void put_locked(struct box *b)
    {
            spin_lock(&b->lock);
            put(b, 0, 0);
            spin_unlock(&b->lock);
    }
    static int get(struct box *b) { if (!b->flag) return -1; return b->data; }
    int get_locked(struct box *b)
    {
            int data;
            spin_lock(&b->lock);
            data = get(b);
            spin_unlock(&b->lock);
            return data;
    }`));

  test('nothing of an object that its function has just made', () =>
    checkDiagnostics(`
    struct box { int data; int flag; };
    struct box *make(void)
    {
            struct box *b = kzalloc(sizeof(*b), GFP_KERNEL);
            b->data = 1;
            b->flag = 1;
            return b;
    }
    int get(struct box *b)
    {
            return smp_load_acquire(&b->flag) ? b->data : -1;
    }`));

  /** A helper that stores an entry and then the flag, and who calls it. */
  const filling = (caller: string) => `
    struct box { int data; int flag; };
    static void fill(struct box *b, int data)
    {
            b->data = data;
            b->flag = 1;
    }
    ${caller}
    int get(struct box *b)
    {
            return smp_load_acquire(&b->flag) ? b->data : -1;
    }`;

  test.each([
    [
      'by its function, which has made it',
      'struct box *b = kzalloc(sizeof(*b), GFP_KERNEL); fill(b, 2);',
    ],
    ['as a variable of its function', 'struct box new; fill(&new, 1); publish(&new);'],
  ])('nothing of an object that a helper is given %s', (_, body) =>
    checkDiagnostics(filling(`void make(void) { ${body} }`), { inKernel: true }),
  );

  test('but where one of its callers gives it one that others know', () =>
    checkDiagnostics(
      filling(`void make(void) { struct box new; fill(&new, 1); publish(&new); }
    void set(struct box *b) { fill(b, 1); }`).replace(
        '            b->flag = 1;',
        `            b->flag = 1;
          //^^^^^^^ warning: unpaired-barrier: nothing orders box.data before box.flag in fill(), as smp_load_acquire() in get() does on the other side: get() sees the new box.flag and then the old box.data`,
      ),
      { inKernel: true },
    ));

  test('nothing where a helper in another file has the order', () =>
    checkDiagnostics(`
    //- /box.h
    struct box { int data; int flag; };
    void order_stores(void);
    //- /order.c
    #include "box.h"
    void order_stores(void) { smp_wmb(); }
    //- /put.c
    #include "box.h"
    void put(struct box *b) { b->data = 1; order_stores(); WRITE_ONCE(b->flag, 1); }
    //- /get.c
    #include "box.h"
    int get(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            /* after flag, see put() */
            smp_rmb();
            return b->data;
    }`));
});

test('a ring whose entries are copied as a whole, by an index of its own', () =>
  checkDiagnostics(`
    struct entry { int type; int body; };
    struct ring { int head; int tail; struct entry slot[8]; };
    void produce(struct ring *r, int type, int body)
    {
            struct entry *e = &r->slot[r->head & 7];
            e->type = type;
            e->body = body;
            WRITE_ONCE(r->head, r->head + 1);
          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders entry.type before ring.head in produce(), as smp_rmb() in consume() does on the other side: consume() sees the new ring.head and then the old entry.type
    }
    int consume(struct ring *r, struct entry *out)
    {
            if (READ_ONCE(r->head) == r->tail)
                    return 0;
            smp_rmb();
            *out = r->slot[r->tail & 7];
            WRITE_ONCE(r->tail, r->tail + 1);
            return 1;
    }
  `));

test('the same with an order on both sides', () =>
  checkDiagnostics(`
    struct entry { int type; int body; };
    struct ring { int head; int tail; struct entry slot[8]; };
    void produce(struct ring *r, int type, int body)
    {
            struct entry *e = &r->slot[r->head & 7];
            e->type = type;
            e->body = body;
            smp_store_release(&r->head, r->head + 1);
    }
    int consume(struct ring *r, struct entry *out)
    {
            if (READ_ONCE(r->head) == r->tail)
                    return 0;
            smp_rmb();
            *out = r->slot[r->tail & 7];
            smp_store_release(&r->tail, r->tail + 1);
            return 1;
    }
  `));

const counted = (between: string, mark = '') => `
    struct fix { unsigned int count; int lat; int lon; };
    void publish(struct fix *f, int lat, int lon)
    {
            WRITE_ONCE(f->count, f->count + 1);
            ${between}
            WRITE_ONCE(f->lat, lat);
            WRITE_ONCE(f->lon, lon);
${mark}
            smp_wmb();
            WRITE_ONCE(f->count, f->count + 1);
    }
    void look(struct fix *f, int *lat, int *lon)
    {
            unsigned int count;
            do {
                    count = smp_load_acquire(&f->count);
                    *lat = READ_ONCE(f->lat);
                    *lon = READ_ONCE(f->lon);
                    smp_rmb();
            } while (count & 1 || count != READ_ONCE(f->count));
    }`;

test('a sequence count whose writer does not order it before the fields', () =>
  checkDiagnostics(
    counted(
      '',
      '          //^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: fix.count is not always ordered before fix.lon in publish(), as smp_rmb() in look() does on the other side: look() sees the new fix.lon and then the old fix.count',
    ),
  ));

test('silent with its write barrier', () => checkDiagnostics(counted('smp_wmb();')));

test('what is read of an index is only compared and counted down', () =>
  checkDiagnostics(`
    struct entry { int stamp; int id; };
    struct log { unsigned int head; struct entry entries[64]; };
    void emit(struct log *l, int stamp, int id)
    {
            struct entry *e = &l->entries[l->head];
            e->stamp = stamp;
            e->id = id;
            smp_store_release(&l->head, l->head + 1);
    }
    unsigned int drain(struct log *l, unsigned int from, void (*take)(int stamp, int id))
    {
            unsigned int left = READ_ONCE(l->head) - from;
            while (left--) {
                    take(l->entries[from].stamp, l->entries[from].id);
                                               //^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders log.head before entry.id in drain(), as smp_store_release() in emit() does on the other side: drain() sees the new log.head and then the old entry.id
                    from++;
            }
            return from;
    }
  `));

const busy = (give: string, mark = '') => `
    struct task { int class; int busy; };
    void set_up(struct task *t, int class)
    {
            t->class = class;
            t->busy = 0;
${mark}
    }
    void give(struct task *t) { ${give} }
    int take(struct task *t)
    {
            if (smp_load_acquire(&t->busy))
                    return -1;
            return t->class;
    }`;

test('silent where the flag is stored plainly and others mark it: nobody knows the object yet', () =>
  checkDiagnostics(busy('smp_store_release(&t->busy, 0);')));

test('but not where nobody marks it', () =>
  checkDiagnostics(
    busy(
      'smp_mb();',
      '          //^^^^^^^ warning: unpaired-barrier: nothing orders task.class before task.busy in set_up(), as smp_load_acquire() in take() does on the other side: take() sees the new task.busy and then the old task.class',
    ),
  ));

describe('silent of an object that is being set up, which nobody knows yet', () => {
  const filled = (setUp: string, mark = '') => `
    struct operations { int (*read)(void); };
    struct box { int data; int flag; spinlock_t lock; };
    struct inode { struct box box; const struct operations *i_ops; };
    static const struct operations box_ops;
    static struct box *BOX(struct inode *inode) { return &inode->box; }
    void fill(struct inode *inode)
    {
            struct box *b = BOX(inode);
            ${setUp}
            b->data = 1;
            WRITE_ONCE(b->flag, 1);
${mark}
    }
    int get(struct inode *inode)
    {
            struct box *b = BOX(inode);
            return smp_load_acquire(&b->flag) ? b->data : -1;
    }`;

  test('its lock', () => checkDiagnostics(filled('spin_lock_init(&b->lock);')));
  test('its operations', () => checkDiagnostics(filled('inode->i_ops = &box_ops;')));
  test('but not where neither is set up', () =>
    checkDiagnostics(
      filled(
        '',
        '          //^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders box.data before box.flag in fill(), as smp_load_acquire() in get() does on the other side: get() sees the new box.flag and then the old box.data',
      ),
    ));
});

test('a flag that is asserted decides nothing: it was seen before', () =>
  checkDiagnostics(`
    struct box { int data; int ready; };
    void put(struct box *b) { WRITE_ONCE(b->data, 1); smp_store_release(&b->ready, 1); }
    int use(struct box *b)
    {
            if (WARN_ON_ONCE(!b->ready))
                    return -1;
            return b->data;
    }`));

describe('a count that has to come to a number', () => {
  const shards = (store: string) => `
    #define SHARDS 4
    struct job { int sum[SHARDS]; atomic_t finished; };
    void finish(struct job *j, int shard, int sum)
    {
            j->sum[shard] = sum;
            ${store}
    }
    int total(struct job *j)
    {
            int i, total = 0;
            if (atomic_read_acquire(&j->finished) != SHARDS)
                    return -EAGAIN;
            for (i = 0; i < SHARDS; i++)
                    total += j->sum[i];
            return total;
    }`;

  test('by an operation that orders nothing', () =>
    checkDiagnostics(
      shards(`atomic_inc(&j->finished);
          //^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders job.sum before job.finished in finish(), as atomic_read_acquire() in total() does on the other side: total() sees the new job.finished and then the old job.sum`),
      { inKernel: true },
    ));

  test.each(['atomic_inc_return(&j->finished);', 'smp_wmb(); atomic_inc(&j->finished);'])(
    'silent behind %s',
    (store) => checkDiagnostics(shards(store), { inKernel: true }),
  );
});

describe('a function that runs beside itself', () => {
  const get = (behind: string) => `
    enum { NEW, BUSY, DONE };
    struct region { atomic_t state; long base; };
    long get(struct region *r)
    {
            int old = atomic_cmpxchg(&r->state, NEW, BUSY);
            if (old == BUSY)
                    return -EAGAIN;
            if (old == NEW) {
                    r->base = probe();
                    atomic_set_release(&r->state, DONE);
            }
            ${behind}
    }`;

  test('and relies on a cmpxchg() that fails for order', () =>
    checkDiagnostics(
      get(`return r->base;
                 //^^^^^^^ warning: unpaired-barrier: nothing orders region.state before region.base in get(), as atomic_set_release() in get() does on the other side: get() sees the new region.state and then the old region.base`),
      { inKernel: true },
    ));

  test.each(['smp_rmb(); return r->base;', 'return 0;'])('silent where it is not: %s', (behind) =>
    checkDiagnostics(get(behind), { inKernel: true }),
  );

  test('silent where it takes a lock so', () =>
    checkDiagnostics(
      `
    struct box { atomic_t lock; int data; };
    int add(struct box *b)
    {
            if (atomic_cmpxchg(&b->lock, 0, 1) != 0)
                    return -EBUSY;
            b->data++;
            atomic_set_release(&b->lock, 0);
            return b->data > 0 ? 0 : 1;
    }`,
      { inKernel: true },
    ));
});

describe('a full barrier in a helper, between what its caller has stored and what it looks at', () => {
  const queue = (between: string, mark = '') => `
    struct queue { int index; int is_quiet; };
    static bool must_kick(struct queue *q)
    {
            smp_mb();
            return !READ_ONCE(q->is_quiet);
    }
    void add(struct queue *q, int index)
    {
            smp_store_release(&q->index, index);
            if (must_kick(q))
                    kick(q);
    }
    bool enable(struct queue *q, int last)
    {
            WRITE_ONCE(q->is_quiet, 0);
            ${between}
            return READ_ONCE(q->index) != last;
            ${mark}
    }`;

  test('met by a function that has a lesser one', () =>
    checkDiagnostics(
      queue(
        'smp_wmb();',
        `     //^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: queue.is_quiet is not always ordered before queue.index in enable(), as smp_mb() in must_kick() does on the other side: add() misses the new queue.is_quiet while enable() misses the new queue.index`,
      ),
      { inKernel: true },
    ));

  test('silent where both have one', () =>
    checkDiagnostics(queue('smp_mb();'), { inKernel: true }));
});

describe('a function that nobody runs beside', () => {
  const ring = (other: string) => `
    struct ring { int *slots; void **infos; int last; int mark; };
    int look(struct ring *r)
    {
            if (READ_ONCE(r->mark) != 1)
                    return 0;
            smp_rmb();
            return READ_ONCE(r->last);
    }
    ${other}`;
  const BAD =
    'warning: unpaired-barrier: nothing orders ring.last before ring.mark in setup(), as smp_rmb() in look() does on the other side: look() sees the new ring.mark and then the old ring.last';

  test('is not one that gives one member memory', () =>
    checkDiagnostics(
      ring(`void setup(struct ring *r, int n)
    {
            r->slots = kcalloc(n, sizeof(int), GFP_KERNEL);
            r->last = 0;
            r->mark = 1;
          //^^^^^^^ ${BAD}
    }`),
      { inKernel: true },
    ));

  test('silent where it gives several members theirs', () =>
    checkDiagnostics(
      ring(`void setup(struct ring *r, int n)
    {
            r->slots = kcalloc(n, sizeof(int), GFP_KERNEL);
            r->infos = kcalloc(n, sizeof(void *), GFP_KERNEL);
            r->last = 0;
            r->mark = 1;
    }`),
      { inKernel: true },
    ));

  test('silent where several are the memory that one is given', () =>
    checkDiagnostics(
      `
    struct ring { int *slots; int *last; int *mark; };
    int look(struct ring *r)
    {
            if (!READ_ONCE(r->mark))
                    return 0;
            smp_rmb();
            return *READ_ONCE(r->last);
    }
    void setup(struct ring *r, int n)
    {
            r->slots = kcalloc(n, sizeof(int), GFP_KERNEL);
            r->last = r->slots;
            r->mark = r->slots;
    }`,
      { inKernel: true },
    ));

  const stats = (other: string) => `
    struct stats { int *counts; int *rates; int n; };
    void add(struct stats *s, int i, int *counts)
    {
            WRITE_ONCE(s->counts, counts);
            smp_store_release(&s->n, i + 1);
    }
    void drop(struct stats *s)
    {
            int i = READ_ONCE(s->n);
            if (i == 0)
                    return;
            ${other}
    }`;

  test('is not one that frees one member', () =>
    checkDiagnostics(
      stats(`consume(s->counts);
                  //^^^^^^^^^ warning: unpaired-barrier: nothing orders stats.n before stats.counts in drop(), as smp_store_release() in add() does on the other side: drop() sees the new stats.n and then the old stats.counts`),
      { inKernel: true },
    ));

  test('silent where it frees several', () =>
    checkDiagnostics(stats('kfree(s->counts); kfree(s->rates);'), { inKernel: true }));
});

describe('what is looked at before a barrier', () => {
  const queue = (look: string, mark = '') => `
    struct tx_queue { unsigned long state; };
    struct ring { struct tx_queue *queue; int count; };
    bool is_stopped(struct tx_queue *q);
    int reclaim(struct ring *r)
    {
            if (!${look})
                    return 0;
            smp_rmb();
            return READ_ONCE(r->count);
    }
    void start(struct ring *r, struct tx_queue *q)
    {
            r->count = 0;
            r->queue = q;
          ${mark}
    }`;

  test('is a pointer that is tested', () =>
    checkDiagnostics(
      queue(
        'r->queue',
        '//^^^^^^^^ warning: unpaired-barrier: nothing orders ring.count before ring.queue in start(), as smp_rmb() in reclaim() does on the other side: reclaim() sees the new ring.queue and then the old ring.count',
      ),
      { inKernel: true },
    ));

  test('silent where it is what the pointer leads to', () =>
    checkDiagnostics(queue('is_stopped(r->queue)'), { inKernel: true }));
});

test('silent where the field is not looked at a second time, but in a helper that stands before', () =>
  checkDiagnostics(
    `
    struct ring { void *queue; int count; };
    static int avail(struct ring *r) { return r->count; }
    void reclaim(struct ring *r)
    {
            account(r->queue);
            smp_mb();
            if (avail(r))
                    wake(r);
    }
    void start(struct ring *r, void *q)
    {
            r->count = 0;
            r->queue = q;
    }`,
    { inKernel: true },
  ));

describe('a sequence count of helpers', () => {
  const ORDERED = {
    begin: 'smp_wmb();',
    end: 'smp_wmb();',
    begun: 'smp_rmb();',
    retried: 'smp_rmb();',
  };
  const counted = (
    { begin, end, begun, retried }: typeof ORDERED,
    [stored, read, ended = '', looked = '']: readonly string[] = ['', ''],
  ) => `
    struct times { unsigned int seq; unsigned long user; unsigned long total; };
    static inline void times_begin(struct times *t)
    {
            WRITE_ONCE(t->seq, t->seq + 1);
            ${begin}
    }
    static inline void times_end(struct times *t)
    {
            ${end}
            WRITE_ONCE(t->seq, t->seq + 1);
    }
    static inline unsigned int times_begun(const struct times *t)
    {
            unsigned int seq;

            while ((seq = READ_ONCE(t->seq)) & 1)
                    cpu_relax();
            ${begun}
            return seq;
    }
    static inline bool times_moved(const struct times *t, unsigned int seq)
    {
            ${retried}
            return READ_ONCE(t->seq) != seq;
    }
    void times_add(struct times *t, unsigned long user)
    {
            times_begin(t);
            WRITE_ONCE(t->user, t->user + user);${stored}
            times_end(t);${ended}
            t->total++;
    }
    unsigned long times_user(const struct times *t)
    {
            unsigned long user;
            unsigned int seq;

            do {
                    seq = times_begun(t);
                    user = READ_ONCE(t->user);${read}
            } while (times_moved(t, seq));${looked}
            return user;
    }`;

  const W = 'warning: unpaired-barrier: ';
  const STORED = (text: string) => `
          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ${W}${text}`;
  const STORED_END = (text: string) => `
          //^^^^^^^^^^^^ ${W}${text}`;
  const LOOK = (text: string) => `
                   //^^^^^^^^^^^^^^^^^^^ ${W}${text}`;
  const READ = (text: string) => `
                         //^^^^^^^^^^^^^^^^^^ ${W}${text}`;

  const ORDERS = (one: string, other: string, where: string, as: string) =>
    `nothing orders times.${one} before times.${other} in ${where}(), as ${as}() does on the other side: `;

  test('silent with its four barriers', () => checkDiagnostics(counted(ORDERED)));
  test('whose writer stores the field before the count is odd', () =>
    checkDiagnostics(
      counted({ ...ORDERED, begin: '' }, [
        STORED(
          `${ORDERS('seq', 'user', 'times_add', 'smp_rmb() in times_moved')}times_user() sees the new times.user and then the old times.seq`,
        ),
        '',
      ]),
    ));
  test('the same where the comment of the second look names the count', () =>
    checkDiagnostics(
      counted(
        {
          ...ORDERED,
          begin: '',
          retried: '/* Make sure that seq is read again after the data. */ smp_rmb();',
        },
        [
          STORED(
            `${ORDERS('seq', 'user', 'times_add', 'smp_rmb() in times_moved')}times_user() sees the new times.user and then the old times.seq`,
          ),
          '',
        ],
      ),
    ));
  test('whose writer stores the field when the count is even', () =>
    checkDiagnostics(
      counted({ ...ORDERED, end: '' }, [
        '',
        '',
        STORED_END(
          `${ORDERS('user', 'seq', 'times_add', 'smp_rmb() in times_begun')}times_user() sees the new times.seq and then the old times.user`,
        ),
      ]),
    ));
  test('whose reader reads the field before the count', () =>
    checkDiagnostics(
      counted({ ...ORDERED, begun: '' }, [
        '',
        READ(
          `${ORDERS('seq', 'user', 'times_user', 'smp_wmb() in times_end')}times_user() sees the new times.seq and then the old times.user`,
        ),
      ]),
    ));
  test('whose reader reads the field behind the second look', () =>
    checkDiagnostics(
      counted({ ...ORDERED, retried: '' }, [
        '',
        '',
        '',
        LOOK(
          `${ORDERS('user', 'seq', 'times_user', 'smp_wmb() in times_begin')}times_user() sees the new times.user and then the old times.seq`,
        ),
      ]),
    ));
});

describe('a latch of two copies', () => {
  const latched = (behind: string, mark = '') => `
    struct copy { unsigned long value; };
    struct latch { unsigned int seq; struct copy copy[2]; };
    static inline void latch_flip(struct latch *l)
    {
            smp_wmb();
            WRITE_ONCE(l->seq, l->seq + 1);
            ${behind}
    }
    static void copy_fill(struct copy *c, unsigned long value)
    {
            WRITE_ONCE(c->value, value);
    }
    void latch_set(struct latch *l, unsigned long value)
    {
            latch_flip(l);
            copy_fill(&l->copy[0], value);${mark}
            latch_flip(l);
            copy_fill(&l->copy[1], value);
    }
    static inline unsigned int latch_begin(const struct latch *l)
    {
            unsigned int seq = READ_ONCE(l->seq);

            smp_rmb();
            return seq;
    }
    static inline bool latch_moved(const struct latch *l, unsigned int seq)
    {
            smp_rmb();
            return READ_ONCE(l->seq) != seq;
    }
    unsigned long latch_value(const struct latch *l)
    {
            unsigned long value;
            unsigned int seq;

            do {
                    seq = latch_begin(l);
                    value = READ_ONCE(l->copy[seq & 1].value);
            } while (latch_moved(l, seq));
            return value;
    }`;
  const FAULT =
    'unpaired-barrier: nothing orders latch.seq before copy.value in latch_set(), as smp_rmb() in latch_moved() does on the other side: latch_value() sees the new copy.value and then the old latch.seq';

  test('the copy may change before its readers are sent to the other one', () =>
    checkDiagnostics(
      latched(
        '',
        `
          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: ${FAULT}`,
      ),
    ));
  test('silent with a barrier on both sides of the count', () =>
    checkDiagnostics(latched('smp_wmb();')));
});

test('a bit that a wait acquires, and what clears it does not release', () =>
  checkDiagnostics(
    `
    enum { INODE_NEW };
    struct inode { unsigned long state; int size; };
    int size_of(struct inode *i)
    {
            /* wait_on_bit() tests the bit with acquire semantics. */
            wait_on_bit(&i->state, INODE_NEW, TASK_UNINTERRUPTIBLE);
            return i->size;
    }
    void fill(struct inode *i)
    {
            i->size = 1;
            clear_bit(INODE_NEW, &i->state);
          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders inode.size before inode.state in fill(), as wait_on_bit() in size_of() does on the other side: size_of() sees the new inode.state and then the old inode.size
    }
    void fill_in_order(struct inode *i)
    {
            i->size = 1;
            clear_bit_unlock(INODE_NEW, &i->state);
    }
  `,
    { inKernel: true },
  ));

describe('a full barrier between what is cleared and what is then taken', () => {
  const worked = (between: string) => `
    struct job { int queued; unsigned long latest; };
    void job_run(struct job *j)
    {
            WRITE_ONCE(j->queued, 0);
            smp_mb();
            flush(READ_ONCE(j->latest));
    }
    void job_submit(struct job *j, unsigned long latest)
    {
            WRITE_ONCE(j->latest, latest);
            ${between}
            queue(j);
    }`;

  test('and who stores it looks without one', () =>
    checkDiagnostics(
      worked(`if (READ_ONCE(j->queued)) return;
              //^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders job.latest before job.queued in job_submit(), as smp_mb() in job_run() does on the other side: job_run() misses the new job.latest while job_submit() misses the new job.queued`),
    ));
  test('silent with one', () =>
    checkDiagnostics(worked('smp_mb(); if (READ_ONCE(j->queued)) return;')));
});

test('silent where the other side stores a hint without order, and what counts with a barrier', () =>
  checkDiagnostics(`
    struct ring { int quiet; unsigned int head; };
    bool ring_kicks(struct ring *r, unsigned int head)
    {
            WRITE_ONCE(r->head, head);
            smp_mb();
            return !READ_ONCE(r->quiet);
    }
    bool ring_poll(struct ring *r, unsigned int seen)
    {
            WRITE_ONCE(r->quiet, 1);
            if (READ_ONCE(r->head) != seen)
                    return true;
            WRITE_ONCE(r->quiet, 0);
            smp_mb();
            return READ_ONCE(r->head) != seen;
    }`));

describe('a thread that says it sleeps, then looks for work, round by round until it is told to stop', () => {
  const polled = (between: string, look: string, goesOn = '!kthread_should_stop()') => `
    //- /queue.h
    struct queue { unsigned int tail; unsigned int head; int idle; struct wait_queue_head wait; };
    static inline bool queue_has_work(struct queue *q)
    {
            return smp_load_acquire(&q->tail) != q->head;
    }
    //- /submit.c
    #include "queue.h"
    void queue_submit(struct queue *q)
    {
            WRITE_ONCE(q->tail, q->tail + 1);
            /* The new tail is there before the poller is asked whether it sleeps. */
            smp_mb();
            if (READ_ONCE(q->idle))
                    wake_up(&q->wait);
    }
    //- /poll.c
    #include "queue.h"
    static void queue_set_idle(struct queue *q)
    {
            WRITE_ONCE(q->idle, 1);
            ${between}
    }
    int queue_poll(void *data)
    {
            struct queue *q = data;
            while (${goesOn}) {
                    while (queue_has_work(q))
                            q->head++;
                    queue_set_idle(q);
                    ${look}
                    WRITE_ONCE(q->idle, 0);
            }
            return 0;
    }`;

  test.each(['!kthread_should_stop()', 'poller_is_wanted()'])(
    'without a barrier between the two, while %s',
    (goesOn) =>
      checkDiagnostics(
        polled(
          '',
          `if (!queue_has_work(q))
                       //^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders queue.idle before queue.tail in queue_poll(), as smp_mb() in queue_submit() does on the other side: queue_submit() misses the new queue.idle while queue_poll() misses the new queue.tail
                            schedule();`,
          goesOn,
        ),
        { inKernel: true },
      ),
  );
  test('silent with one, which a helper holds, though it wakes without one', () =>
    checkDiagnostics(
      polled('smp_mb(); /* before the last look */', 'if (!queue_has_work(q)) schedule();'),
      { inKernel: true },
    ));
});

describe('a transmit queue that is stopped where there is no room, then looked at again', () => {
  const queued = (of: string, stop: string, isStopped: string, wake: string, again: string) => `
    struct ring { ${of}; int index; unsigned int used; unsigned int cleaned; };
    static inline unsigned int ring_room(struct ring *r)
    {
            return 256 - (READ_ONCE(r->used) - READ_ONCE(r->cleaned));
    }
    void ring_clean(struct ring *r, unsigned int done)
    {
            WRITE_ONCE(r->cleaned, r->cleaned + done);
            /* The room is there before the queue is asked whether it stands. */
            smp_mb();
            if (${isStopped} && ring_room(r) >= 16)
                    ${wake};
    }
    int ring_stop(struct ring *r, unsigned int need)
    {
            ${stop};
            ${again}
    }`;
  const looks = `if (ring_room(r) < need)
              //^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders netdev_queue.state before ring.cleaned in ring_stop(), as smp_mb() in ring_clean() does on the other side: ring_clean() misses the new netdev_queue.state while ring_stop() misses the new ring.cleaned
                    return -EBUSY;
            return 0;`;
  const families = [
    [
      'struct net_device *dev',
      'netif_stop_queue(r->dev)',
      'netif_queue_stopped(r->dev)',
      'netif_wake_queue(r->dev)',
    ],
    [
      'struct netdev_queue *txq',
      'netif_tx_stop_queue(r->txq)',
      'netif_tx_queue_stopped(r->txq)',
      'netif_tx_wake_queue(r->txq)',
    ],
    [
      'struct net_device *dev',
      'netif_stop_subqueue(r->dev, r->index)',
      '__netif_subqueue_stopped(r->dev, r->index)',
      'netif_wake_subqueue(r->dev, r->index)',
    ],
  ] as const;

  test.each(families)('without a barrier: %s, %s', (of, stop, isStopped, wake) =>
    checkDiagnostics(queued(of, stop, isStopped, wake, looks), { inKernel: true }),
  );
  test.each(families)('silent with one: %s, %s', (of, stop, isStopped, wake) =>
    checkDiagnostics(
      queued(of, stop, isStopped, wake, 'smp_mb(); return ring_room(r) < need ? -EBUSY : 0;'),
      { inKernel: true },
    ),
  );
});

describe('a slot that is given back, where the side that fills it depends on what it read, too', () => {
  const mailed = (back: string) => `
    struct note { int code; };
    struct mail { unsigned int written; unsigned int taken; struct note notes[16]; };
    bool mail_send(struct mail *m, int code)
    {
            /* A slot is not filled before it is given back. */
            if (m->written - smp_load_acquire(&m->taken) >= 16)
                    return false;
            m->notes[m->written % 16].code = code;
            smp_store_release(&m->written, m->written + 1);
            return true;
    }
    int mail_take(struct mail *m)
    {
            struct note copy;
            if (smp_load_acquire(&m->written) == m->taken)
                    return -1;
            copy = m->notes[m->taken % 16];
            ${back}
            return copy.code;
    }`;

  test('by a store that orders nothing', () =>
    checkDiagnostics(
      mailed(`WRITE_ONCE(m->taken, m->taken + 1);
          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: note.code is not always ordered before mail.taken in mail_take(), as smp_load_acquire() in mail_send() does on the other side: mail_send() and mail_take() both read what the other writes only later`),
      { inKernel: true },
    ));
  test('silent of a release', () =>
    checkDiagnostics(mailed('smp_store_release(&m->taken, m->taken + 1);'), { inKernel: true }));
});

describe('a flag that is waited for with a lock held, which who sets the flag cannot need', () => {
  const asked = (waited: string) => `
    struct chip { struct mutex lock; spinlock_t queued; wait_queue_head_t wait; int answered; int result; };
    int chip_ask(struct chip *c)
    {
            mutex_lock(&c->lock);
            ${waited}
            mutex_unlock(&c->lock);
            return 0;
    }
    void chip_answer(struct chip *c, int result)
    {
            c->result = result;
            /* The result before the flag. */
            smp_wmb();
            WRITE_ONCE(c->answered, 1);
            wake_up(&c->wait);
    }
    void chip_reset(struct chip *c)
    {
            mutex_lock(&c->lock);
            chip_answer(c, 0);
            mutex_unlock(&c->lock);
    }`;

  test('and its condition orders nothing', () =>
    checkDiagnostics(
      asked(`wait_event(c->wait, READ_ONCE(c->answered));
            consume(c->result);
                  //^^^^^^^^^ warning: unpaired-barrier: nothing orders chip.answered before chip.result in chip_ask(), as smp_wmb() in chip_answer() does on the other side: chip_ask() sees the new chip.answered and then the old chip.result`),
      { inKernel: true },
    ));
  test.each([
    'wait_event(c->wait, smp_load_acquire(&c->answered)); consume(c->result);',
    'wait_event(c->wait, READ_ONCE(c->answered)); smp_rmb(); /* after the flag */ consume(c->result);',
    'wait_event_lock_irq(c->wait, READ_ONCE(c->answered), c->queued); consume(c->result);',
    'if (READ_ONCE(c->answered)) consume(c->result);',
  ])('silent: %s', (waited) => checkDiagnostics(asked(waited), { inKernel: true }));
});

describe('a count that all others change by an atomic operation', () => {
  const pinned = (taken: string) => `
    struct map { atomic_t pins; int *log; };
    void map_open(struct map *m, int *log, int users)
    {
            m->log = log;
            ${taken}
            start_users(m, users);
    }
    void map_unpin(struct map *m)
    {
            smp_mb__before_atomic();
            atomic_dec(&m->pins);
    }
    bool map_try_free(struct map *m)
    {
            if (atomic_read_acquire(&m->pins))
                    return false;
            release_log(READ_ONCE(m->log));
            return true;
    }`;

  test('is set where nobody knows the object', () =>
    checkDiagnostics(pinned('atomic_set(&m->pins, users);')));
  test('but not where it is counted, too', () =>
    checkDiagnostics(
      pinned(`atomic_add(users, &m->pins);
          //^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders map.log before map.pins in map_open(), as atomic_read_acquire() in map_try_free() does on the other side: map_try_free() sees the new map.pins and then the old map.log`),
    ));
});

describe('a slot that is given back to who fills it', () => {
  const slot = (give: string, mark = '') => `
    struct slot { int busy; int request; };
    static void take(struct slot *s)
    {
            smp_cond_load_acquire(&s->busy, !VAL);
            WRITE_ONCE(s->busy, 1);
    }
    static void give(struct slot *s) { ${give} }
    void send(struct slot *s, int request)
    {
            take(s);
            s->request = request;
            kick(s);
    }
    void receive(struct slot *s)
    {
            int request = s->request;
            give(s);
          ${mark}
            serve(request);
    }`;

  test('by a store that can be seen before the last look at it', () =>
    checkDiagnostics(
      slot(
        'WRITE_ONCE(s->busy, 0);',
        '//^^^^^^^ warning: unpaired-barrier: nothing orders slot.request before slot.busy in receive(), as smp_cond_load_acquire() in take() does on the other side: send() and receive() both read what the other writes only later',
      ),
      { inKernel: true },
    ));

  test.each([
    ['a release', 'smp_store_release(&s->busy, 0);'],
    ['a barrier', 'smp_mb(); WRITE_ONCE(s->busy, 0);'],
  ])('silent where it is %s', (_, give) => checkDiagnostics(slot(give), { inKernel: true }));
});

describe('a record that is copied as a whole behind the look at its index', () => {
  const ring = (look: string, take: string, mark = '') => `
    struct event { unsigned long data; long res; };
    struct ring { unsigned int head, tail; struct event events[64]; };
    void complete_one(struct ring *r, unsigned long data, long res)
    {
            struct event *e = &r->events[r->tail % 64];
            e->data = data;
            e->res = res;
            smp_wmb();
            WRITE_ONCE(r->tail, r->tail + 1);
    }
    long read_one(struct ring *r, void __user *to, struct event *copy)
    {
            unsigned int tail, head = r->head;
            struct event *e = &r->events[head % 64];

            ${look}
            if (head == tail)
                    return 0;
            ${take}
${mark}
            smp_store_release(&r->head, head + 1);
            return 1;
    }`;
  const FAULT =
    'warning: unpaired-barrier: ring.tail is not always ordered before event.res in read_one(), as smp_wmb() in complete_one() does on the other side: read_one() sees the new ring.tail and then the old event.res';

  test('to user space, where the barrier stands before the look', () =>
    checkDiagnostics(
      ring(
        'smp_rmb(); tail = READ_ONCE(r->tail);',
        'if (copy_to_user(to, e, sizeof(*e))) return -EFAULT;',
        `              //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ${FAULT}`,
      ),
    ));

  test('by memcpy(), without one', () =>
    checkDiagnostics(
      ring(
        'tail = READ_ONCE(r->tail);',
        'memcpy(copy, e, sizeof(*e));',
        `          //^^^^^^^^^^^^^^^^^^^^^^^^^^^ ${FAULT}`,
      ),
    ));

  test.each([
    'if (copy_to_user(to, e, sizeof(*e))) return -EFAULT;',
    'memcpy(copy, e, sizeof(*e));',
  ])('silent where the barrier stands between: %s', (take) =>
    checkDiagnostics(ring('tail = READ_ONCE(r->tail); smp_rmb();', take)),
  );
});

const flushed = (comment: string, code: string, mark = '') => `
    struct space { atomic_t generation; struct space *loaded; };
    void flush(struct space *s, int cpu)
    {
            /* ${comment} */
            atomic_inc_return(&s->generation);
            if (READ_ONCE(s->loaded) != s)
                    return;
            send_it(cpu);
    }
    int load(struct space *s, int seen)
    {
            ${code}
            return atomic_read(&s->generation) != seen;${mark}
    }`;

test('what orders for the compiler alone is no partner of a full barrier', () =>
  checkDiagnostics(
    flushed(
      'A full barrier, which synchronizes with the one in load().',
      'WRITE_ONCE(s->loaded, s); barrier();',
      `
                 //^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: space.loaded is not always ordered before space.generation in load(), as atomic_inc_return() in flush() does on the other side: flush() misses the new space.loaded while load() misses the new space.generation`,
    ),
    { inKernel: true },
  ));

test('unless it is named', () =>
  checkDiagnostics(
    flushed('Pairs with barrier() in load().', 'WRITE_ONCE(s->loaded, s); barrier();'),
    { inKernel: true },
  ));

describe('silent of what a helper stores for the function that sets the object up', () => {
  const filled = (setUp: string, mark = '') => `
    struct tree { int depth; int state; spinlock_t lock; };
    void mark_ready(struct tree *t)
    {
            WRITE_ONCE(t->state, 2);
    }
    void grow(struct tree *t)
    {
            t->depth = 3;
            smp_wmb();
            mark_ready(t);
    }
    void init(struct tree *t)
    {
            ${setUp}
            t->depth = 2;
            mark_ready(t);
${mark}
    }
    void open(struct tree *t)
    {
            init(t);
    }
    int depth_of(struct tree *t)
    {
            return smp_load_acquire(&t->state) < 2 ? -1 : t->depth;
    }`;

  test('its lock', () => checkDiagnostics(filled('spin_lock_init(&t->lock);')));
  test('but not where it is not set up', () =>
    checkDiagnostics(
      filled(
        '',
        '          //^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders tree.depth before tree.state in init(), as smp_load_acquire() in depth_of() does on the other side: depth_of() sees the new tree.state and then the old tree.depth',
      ),
    ));
});

test('beside the pointer that is the flag: what it leads to is ordered, the members around it are not', () =>
  checkDiagnostics(
    `
    struct desc { int status; };
    struct slot { struct desc *ready; int bytes; };
    void fill(struct slot *s, struct desc *d, int bytes)
    {
            WRITE_ONCE(s->bytes, bytes);
            WRITE_ONCE(d->status, 1);
            smp_wmb();
            WRITE_ONCE(s->ready, d);
    }
    int clean(struct slot *s)
    {
            struct desc *d = READ_ONCE(s->ready);
            if (!d || !READ_ONCE(d->status))
                    return 0;
            return READ_ONCE(s->bytes);
                 //^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders slot.ready before slot.bytes in clean(), as smp_wmb() in fill() does on the other side: clean() sees the new slot.ready and then the old slot.bytes
    }`,
    { inKernel: true },
  ));

describe('the last one of those who count down', () => {
  const put = (down: string, behind = '', mark = '') => `
    struct session { atomic_t refs; refcount_t users; int buffers; };
    void put(struct session *s)
    {
            if (${down} != 1)
                    return;
            ${behind}
            free_buffers(s->buffers);
                       ${mark}
    }
    void work(struct session *s)
    {
            s->buffers = 1;
            put(s);
    }`;
  test('has released its own accesses, and reads those of the others', () =>
    checkDiagnostics(
      put(
        'atomic_fetch_sub_release(1, &s->refs)',
        '',
        '//^^^^^^^^^^ warning: unpaired-barrier: nothing orders session.refs before session.buffers in put(), as atomic_fetch_sub_release() in put() does on the other side: put() sees the new session.refs and then the old session.buffers',
      ),
      { inKernel: true },
    ));
  test.each([
    ['it acquires, too', 'atomic_fetch_sub(1, &s->refs)', ''],
    [
      'it acquires behind',
      'atomic_fetch_sub_release(1, &s->refs)',
      'smp_acquire__after_ctrl_dep();',
    ],
    ['a barrier stands behind', 'atomic_fetch_sub_release(1, &s->refs)', 'smp_rmb();'],
  ])('silent: %s', (_, down, behind) => checkDiagnostics(put(down, behind), { inKernel: true }));
});

describe('a ring in a part of a struct of a header that has no name of its own', () => {
  const ring = (look: string, mark = '') => `
    //- /ring.h
    #define SLOTS 8
    struct slot { int op; long addr; };
    struct ring { struct { u32 head; u32 tail; struct slot slots[SLOTS]; } sq; };
    //- /push.c
    #include "ring.h"
    void push(struct ring *r, int op, long addr)
    {
            u32 tail = r->sq.tail;
            struct slot *s = &r->sq.slots[tail % SLOTS];
            s->op = op;
            s->addr = addr;
            smp_store_release(&r->sq.tail, tail + 1);
    }
    //- /pop.c
    #include "ring.h"
    bool pop(struct ring *r, struct slot *out)
    {
            if (r->sq.head == ${look})
                    return false;
            *out = r->sq.slots[r->sq.head % SLOTS];
    ${mark}
            return true;
    }`;
  test('copied by a reader that orders nothing', () =>
    checkDiagnostics(
      ring(
        'READ_ONCE(r->sq.tail)',
        '             //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders ring.sq.tail before slot.addr in pop(), as smp_store_release() in push() does on the other side: pop() sees the new ring.sq.tail and then the old slot.addr',
      ),
      { inKernel: true },
    ));
  test('silent behind an acquire', () =>
    checkDiagnostics(ring('smp_load_acquire(&r->sq.tail)'), { inKernel: true }));
});
