/** `unordered-publication`: an object that is found before it is filled. Expectations follow rcu_dereference.rst and the
 *  litmus tests MP+pooncerelease+poacquireonce and MP+onceassign+derefonce. */

import { describe, test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const IN_KERNEL = { inKernel: true };

const TABLE = `
    struct entry { int size; void *data; };
    struct table { struct mutex lock; struct entry *slots[8]; };`;

const FIND = `
    int find(struct table *t, int i)
    {
            struct entry *e = READ_ONCE(t->slots[i]);
            return e ? e->size : 0;
    }`;

test('stored plainly under a lock that the reader does not take', () =>
  checkDiagnostics(
    `${TABLE}
    void put(struct table *t, int i, struct entry *e)
    {
            mutex_lock(&t->lock);
            e->size = 8;
            t->slots[i] = e;
          //^^^^^^^^^^^ information: unordered-publication: nothing orders the store to entry.size before table.slots, by which the object is found: find() sees the new table.slots and then the old entry.size
            mutex_unlock(&t->lock);
    }${FIND}`,
    IN_KERNEL,
  ));

test('filled by a function that is called', () =>
  checkDiagnostics(
    `${TABLE}
    static void fill(struct entry *e, int size) { e->size = size; }
    void put(struct table *t, int i, struct entry *e)
    {
            mutex_lock(&t->lock);
            fill(e, 8);
            WRITE_ONCE(t->slots[i], e);
          //^^^^^^^^^^^^^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to entry.size before table.slots, by which the object is found: find() sees the new table.slots and then the old entry.size
            mutex_unlock(&t->lock);
    }${FIND}`,
    IN_KERNEL,
  ));

test.each([
  ['a release', 'e->size = 8; smp_store_release(&t->slots[i], e);'],
  ['a write barrier', 'e->size = 8; smp_wmb(); t->slots[i] = e;'],
  ['an object that is only counted', 't->slots[i] = e; e->size++;'],
])('silent: %s', (_, code) =>
  checkDiagnostics(
    `${TABLE}
    void put(struct table *t, int i, struct entry *e)
    {
            mutex_lock(&t->lock);
            ${code}
            mutex_unlock(&t->lock);
    }${FIND}`,
    IN_KERNEL,
  ),
);

test('silent where the reader takes the lock, or all its callers do', () =>
  checkDiagnostics(
    `${TABLE}
    void put(struct table *t, int i, struct entry *e)
    {
            mutex_lock(&t->lock);
            e->size = 8;
            t->slots[i] = e;
            mutex_unlock(&t->lock);
    }
    static int look(struct table *t, int i)
    {
            struct entry *e = t->slots[i];
            return e ? e->size : 0;
    }
    int find(struct table *t, int i)
    {
            int size;
            mutex_lock(&t->lock);
            size = look(t, i);
            mutex_unlock(&t->lock);
            return size;
    }`,
    IN_KERNEL,
  ));

const start = (code: string) => `
    struct context { int mode; void (*old)(int); };
    struct socket { struct context *context; };
    struct context *start(struct socket *s)
    {
            struct context *c = kzalloc(sizeof(*c), GFP_KERNEL);
            if (!c)
                    return NULL;
            ${code}
            return c;
    }
    static struct context *context_of(struct socket *s) { return s->context; }
    void use(struct socket *s)
    {
            struct context *c = context_of(s);
            c->old(1);
    }`;

test('a field that is stored behind rcu_assign_pointer()', () =>
  checkDiagnostics(
    start(`rcu_assign_pointer(s->context, c);
            c->old = old_handler;
          //^^^^^^ information: unordered-publication: context.old is stored after socket.context, by which others go already: use() sees the new socket.context and then the old context.old`),
    IN_KERNEL,
  ));

test.each([
  'c->old = old_handler; rcu_assign_pointer(s->context, c);',
  'c->old = old_handler; rcu_assign_pointer(s->context, c); c->old = new_handler;',
])('silent where it was stored before: %s', (code) => checkDiagnostics(start(code), IN_KERNEL));

const FILTERS = `
    struct filter { int key; int action; struct list_head node; struct hlist_node hnode; };
    LIST_HEAD(filters);
    struct hlist_head table[8];
    DEFINE_SPINLOCK(filters_lock);`;

test('a field that is stored behind list_add_rcu()', () =>
  checkDiagnostics(
    `${FILTERS}
    int add(int key, int action)
    {
            struct filter *f = kzalloc(sizeof(*f), GFP_KERNEL);
            if (!f)
                    return -ENOMEM;
            f->key = key;
            spin_lock(&filters_lock);
            list_add_rcu(&f->node, &filters);
            f->action = action;
          //^^^^^^^^^ information: unordered-publication: filter.action is stored after filters, by which others go already: match() sees the new filters and then the old filter.action
            spin_unlock(&filters_lock);
            return 0;
    }
    int match(int key)
    {
            struct filter *f;
            int ret = 0;
            rcu_read_lock();
            list_for_each_entry_rcu(f, &filters, node) {
                    if (f->key != key)
                            continue;
                    ret = f->action;
                    break;
            }
            rcu_read_unlock();
            return ret;
    }`,
    IN_KERNEL,
  ));

test('and behind hlist_add_head_rcu(), but not before it', () =>
  checkDiagnostics(
    `${FILTERS}
    int add(int key, int action)
    {
            struct filter *f = kzalloc(sizeof(*f), GFP_KERNEL);
            if (!f)
                    return -ENOMEM;
            f->key = key;
            hlist_add_head_rcu(&f->hnode, &table[key & 7]);
            f->action = action;
          //^^^^^^^^^ information: unordered-publication: filter.action is stored after table, by which others go already: match() sees the new table and then the old filter.action
            return 0;
    }
    int match(int key)
    {
            struct filter *f;
            hlist_for_each_entry_rcu(f, &table[key & 7], hnode)
                    if (f->key == key)
                            return f->action;
            return 0;
    }`,
    IN_KERNEL,
  ));

const linked = (before: string, after: string) => `${FILTERS}
    static void link(struct filter *f)
    {
            spin_lock(&filters_lock);
            list_add_tail_rcu(&f->node, &filters);
            spin_unlock(&filters_lock);
    }
    int add(int key, int action)
    {
            struct filter *f = kzalloc(sizeof(*f), GFP_KERNEL);
            if (!f)
                    return -ENOMEM;
            f->key = key;
            ${before}
            link(f);
${after}
            return 0;
    }
    int match(int key)
    {
            struct filter *f;
            list_for_each_entry_rcu(f, &filters, node)
                    if (f->key == key)
                            return f->action;
            return 0;
    }`;

test('a field that is stored behind a function that adds the object to a list', () =>
  checkDiagnostics(
    linked(
      '',
      `            f->action = action;
          //^^^^^^^^^ information: unordered-publication: filter.action is stored after filters, by which others go already: match() sees the new filters and then the old filter.action`,
    ),
    IN_KERNEL,
  ));

test('silent where it is stored before that', () =>
  checkDiagnostics(linked('f->action = action;', ''), IN_KERNEL));

const opened = (code: string, look: string) => `
    struct stream { int id; int rate; int mode; };
    struct server { struct mutex lock; struct idr idr; struct xarray streams; };
    static void prepare(struct stream *s, int rate) { s->rate = rate; }
    int open(struct server *sv, int rate)
    {
            int id;
            struct stream *s = kzalloc(sizeof(*s), GFP_KERNEL);
            if (!s)
                    return -ENOMEM;
            s->mode = 1;
            mutex_lock(&sv->lock);
${code}
            mutex_unlock(&sv->lock);
            return id;
    }
    int rate_of(struct server *sv, int id)
    {
            struct stream *s;
            unsigned long index;
            int rate = -ENOENT;
            rcu_read_lock();
            ${look}
                    rate = s->rate + s->mode;
            rcu_read_unlock();
            return rate;
    }`;

const LATE = (pointer: string) =>
  `information: unordered-publication: stream.rate is stored after server.${pointer}, by which others go already: rate_of() sees the new server.${pointer} and then the old stream.rate`;

test.each([
  [
    'idr_alloc()',
    'idr',
    'id = idr_alloc(&sv->idr, s, 1, 0, GFP_KERNEL);',
    's = idr_find(&sv->idr, id); if (s)',
  ],
  [
    'xa_alloc()',
    'streams',
    'xa_alloc(&sv->streams, &id, s, xa_limit_31b, GFP_KERNEL);',
    's = xa_load(&sv->streams, id); if (s)',
  ],
  [
    'xa_store()',
    'streams',
    'xa_store(&sv->streams, id, s, GFP_KERNEL);',
    'xa_for_each(&sv->streams, index, s)',
  ],
])('a field that is stored behind %s', (_, pointer, store, look) =>
  checkDiagnostics(
    opened(
      `            ${store}
            s->rate = rate;
          //^^^^^^^ ${LATE(pointer)}`,
      look,
    ),
    IN_KERNEL,
  ),
);

test('or by a function that is called behind it', () =>
  checkDiagnostics(
    opened(
      `            xa_store(&sv->streams, 1, s, GFP_KERNEL);
            prepare(s, rate);
          //^^^^^^^^^^^^^^^^ ${LATE('streams')}`,
      's = xa_load(&sv->streams, id); if (s)',
    ),
    IN_KERNEL,
  ));

const registered = (code: string) => `
    struct stream { int id; int rate; };
    struct server { struct mutex lock; struct idr idr; };
    static void prepare(struct stream *s, int rate) { s->rate = rate; }
    int add(struct server *sv, struct stream *s, int rate)
    {
            mutex_lock(&sv->lock);
            s->id = 1;
${code}
            mutex_unlock(&sv->lock);
            return 0;
    }
    int rate_of(struct server *sv, int id)
    {
            struct stream *s;
            int rate = -ENOENT;
            rcu_read_lock();
            s = idr_find(&sv->idr, id);
            if (s)
                    rate = s->rate;
            rcu_read_unlock();
            return rate;
    }`;

test('a field of an object that a function is given, and gives a number', () =>
  checkDiagnostics(
    registered(`            idr_alloc(&sv->idr, s, 1, 0, GFP_KERNEL);
            prepare(s, rate);
          //^^^^^^^^^^^^^^^^ ${LATE('idr')}`),
    IN_KERNEL,
  ));

test.each([
  ['that is stored before', 'prepare(s, rate); idr_alloc(&sv->idr, s, 1, 0, GFP_KERNEL);'],
  ['that may have had one before', 'idr_replace(&sv->idr, s, 1); prepare(s, rate);'],
])('silent of an object that a function is given, with a field %s', (_, code) =>
  checkDiagnostics(registered(`            ${code}`), IN_KERNEL),
);

test.each([
  's->rate = rate; id = idr_alloc(&sv->idr, s, 1, 0, GFP_KERNEL);',
  'prepare(s, rate); id = idr_alloc(&sv->idr, s, 1, 0, GFP_KERNEL); prepare(s, rate);',
  'id = idr_alloc(&sv->idr, NULL, 1, 0, GFP_KERNEL); s->rate = rate; idr_replace(&sv->idr, s, id);',
])('silent where the index leads to it later: %s', (code) =>
  checkDiagnostics(opened(`            ${code}`, 's = idr_find(&sv->idr, id); if (s)'), IN_KERNEL),
);

const queued = (code: string, run = 'scrub(r->start, r->count);') => `
    struct request { struct work_struct work; struct tasklet_struct tasklet; int start; int count; struct mutex lock; };
    static void run(struct work_struct *work)
    {
            struct request *r = container_of(work, struct request, work);
            ${run}
    }
    static irqreturn_t handle(int irq, void *data)
    {
            struct request *r = data;
            scrub(r->start, r->count);
            return IRQ_HANDLED;
    }
    static int loop(void *data)
    {
            struct request *r = data;
            while (!kthread_should_stop())
                    scrub(r->start, r->count);
            return 0;
    }
    int ask(int irq, int start)
    {
            struct request *r = kzalloc(sizeof(*r), GFP_KERNEL);
            if (!r)
                    return -ENOMEM;
            INIT_WORK(&r->work, run);
            r->count = 1;
${code}
            return 0;
    }`;

const STARTED = (by: string, runs: string) =>
  `information: unordered-publication: request.start is stored after ${by}(), which lets ${runs}() run: ${runs}() runs and takes the old request.start`;

test.each([
  ['queue_work', 'run', 'queue_work(system_wq, &r->work);'],
  ['schedule_work', 'run', 'if (!schedule_work(&r->work)) return 0;'],
  ['request_irq', 'handle', 'if (request_irq(irq, handle, IRQF_SHARED, "ask", r)) return -EBUSY;'],
  ['kthread_run', 'loop', 'if (IS_ERR(kthread_run(loop, r, "ask"))) return -ENOMEM;'],
])('a field of a new object that is stored behind %s()', (by, runs, call) =>
  checkDiagnostics(
    queued(`            ${call}
            r->start = start;
          //^^^^^^^^ ${STARTED(by, runs)}`),
    IN_KERNEL,
  ),
);

test('where the function that it starts takes a lock only behind its read', () =>
  checkDiagnostics(
    queued(
      `            schedule_work(&r->work);
            r->start = start;
          //^^^^^^^^ ${STARTED('schedule_work', 'run')}`,
      'scrub(r->start, r->count); mutex_lock(&r->lock); r->count = 0; mutex_unlock(&r->lock);',
    ),
    IN_KERNEL,
  ));

test.each([
  ['stored before', 'r->start = start; queue_work(system_wq, &r->work);', undefined],
  [
    'read under a lock, which the writer may hold',
    'schedule_work(&r->work); r->start = start;',
    'mutex_lock(&r->lock); scrub(r->start, r->count); mutex_unlock(&r->lock);',
  ],
  [
    'stored before, too',
    'r->start = 0; queue_work(system_wq, &r->work); r->start = start;',
    undefined,
  ],
  ['not read there', 'queue_work(system_wq, &r->work); r->start = start;', 'scrub(0, r->count);'],
  [
    'read under a lock there',
    'queue_work(system_wq, &r->work); r->start = start;',
    'mutex_lock(&r->lock); scrub(r->start, r->count); mutex_unlock(&r->lock);',
  ],
  ['the end of a timer', 'schedule_delayed_work(&r->work, HZ); r->start = start;', undefined],
])('silent: a field that is %s', (_, code, run) =>
  checkDiagnostics(queued(`            ${code}`, run), IN_KERNEL),
);

const finished = (code: string) => `
    struct command { struct completion done; int length; int result; };
    void finish(struct command *c, int length)
    {
${code}
    }
    int execute(struct command *c)
    {
            start(c);
            wait_for_completion(&c->done);
            return c->length;
    }`;

test('a field that is stored behind complete(), and read behind the wait for it', () =>
  checkDiagnostics(
    finished(
      `            complete(&c->done);
            c->length = length;
          //^^^^^^^^^ information: unordered-publication: command.length is stored after command.done, by which others go already: execute() sees the new command.done and then the old command.length`,
    ),
    IN_KERNEL,
  ));

test.each([
  '            c->length = length; complete(&c->done);',
  '            complete(&c->done); c->result = length;',
  '            mutex_lock(&m); complete(&c->done); c->length = length; mutex_unlock(&m);',
])(
  'silent where it is stored before, where nobody reads it, and in a critical section: %s',
  (code) => checkDiagnostics(finished(code), IN_KERNEL),
);

test('silent where all fields are stored before an object is added to a list', () =>
  checkDiagnostics(
    `${FILTERS}
    int add(int key, int action)
    {
            struct filter *f = kzalloc(sizeof(*f), GFP_KERNEL);
            if (!f)
                    return -ENOMEM;
            f->key = key;
            f->action = action;
            list_add_rcu(&f->node, &filters);
            return 0;
    }
    int match(int key)
    {
            struct filter *f;
            list_for_each_entry_rcu(f, &filters, node)
                    if (f->key == key)
                            return f->action;
            return 0;
    }`,
    IN_KERNEL,
  ));

describe('a flag that announces fields', () => {
  const probe = (store: string, look: string, { mark = '', more = '' } = {}) => `
    struct probe { int result; int done; spinlock_t lock; wait_queue_head_t queue; };
    ${more}
    void finish(struct probe *p, int result)
    {
            p->result = result;
            ${store}
${mark}
    }
    int result_of(struct probe *p)
    {
            ${look}
            return p->result;
    }`;
  const SET = 'WRITE_ONCE(p->done, 1);';
  const LOOK = 'if (!READ_ONCE(p->done)) return -1;';
  const MARK =
    '          //^^^^^^^^^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to probe.result before probe.done, by which it is announced: result_of() sees the new probe.done and then the old probe.result';

  test('marked on both sides, and ordered on none', () =>
    checkDiagnostics(probe(SET, LOOK, { mark: MARK })));

  test('looked at under a lock which who sets it does not take', () =>
    checkDiagnostics(
      probe(SET, `spin_lock(&p->lock); ${LOOK} spin_unlock(&p->lock);`, { mark: MARK }),
    ));

  test('with fields that are marked, too', () =>
    checkDiagnostics(
      probe(SET, LOOK, { mark: MARK })
        .replace('p->result = result', 'WRITE_ONCE(p->result, result)')
        .replace('return p->result', 'return READ_ONCE(p->result)'),
    ));

  test('that the reader waits for', () =>
    checkDiagnostics(
      probe(`${SET} wake_up(&p->queue);`, 'wait_event(p->queue, READ_ONCE(p->done));', {
        mark: MARK,
      }),
    ));

  const completion = { more: 'struct completion { unsigned int done; };' };
  const probed = (store: string, look: string, mark = '') =>
    probe(store, look, { ...completion, mark }).replace(
      'spinlock_t lock;',
      'spinlock_t lock; struct completion over; struct completion other;',
    );

  test('silent where the reader has waited for what is completed behind it', () =>
    checkDiagnostics(
      probed(`${SET} complete_all(&p->over);`, `wait_for_completion(&p->over); ${LOOK}`),
    ));

  test.each([
    ['another one', `${SET} complete_all(&p->over);`, `wait_for_completion(&p->other); ${LOOK}`],
    [
      'a time only',
      `${SET} complete_all(&p->over);`,
      `wait_for_completion_timeout(&p->over, 5); ${LOOK}`,
    ],
    [
      'only behind the look',
      `${SET} complete_all(&p->over);`,
      `${LOOK} wait_for_completion(&p->over);`,
    ],
  ])('not where it waits for %s', (_, store, look) => checkDiagnostics(probed(store, look, MARK)));

  const counted = (moved: string, mark = '') => `
    struct clock { unsigned int version; long base; long offset; };
    static inline void clock_begin(struct clock *c)
    {
            WRITE_ONCE(c->version, c->version + 1);
            smp_wmb();
    }
    static inline void clock_end(struct clock *c)
    {
            smp_wmb();
            WRITE_ONCE(c->version, c->version + 1);
    }
    static inline unsigned int clock_begun(const struct clock *c)
    {
            unsigned int version = READ_ONCE(c->version) & ~1;
            smp_rmb();
            return version;
    }
    static inline bool clock_moved(const struct clock *c, unsigned int version)
    {
            smp_rmb();
            return READ_ONCE(c->version) != version;
    }
    void clock_set(struct clock *c, long base, long offset)
    {
            clock_begin(c);
            WRITE_ONCE(c->base, base);
            WRITE_ONCE(c->offset, offset);
${mark}
            clock_end(c);
    }
    long clock_read(const struct clock *c)
    {
            unsigned int version;
            long now;
            do {
                    version = clock_begun(c);
                    now = READ_ONCE(c->offset) ? READ_ONCE(c->base) : 0;
            } while (${moved});
            return now;
    }`;

  test('silent of fields that a count vouches for', () =>
    checkDiagnostics(counted('clock_moved(c, version)')));

  test('but not where the count is not looked at again', () =>
    checkDiagnostics(
      counted(
        'version & 1',
        '          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to clock.base before clock.offset, by which it is announced: clock_read() sees the new clock.offset and then the old clock.base',
      ),
    ));

  const registered = (store: string, look: string, mark = '') => `
    struct rule { int key; int action; };
    static struct rules { spinlock_t lock; unsigned int count; struct rule rules[16]; } rules;
    void add(int key, int action)
    {
            unsigned int n;
            spin_lock(&rules.lock);
            n = rules.count;
            rules.rules[n].key = key;
            rules.rules[n].action = action;
            ${store}
${mark}
            spin_unlock(&rules.lock);
    }
    int find(int key)
    {
            unsigned int i, n = ${look};
            for (i = 0; i < n; i++)
                    if (rules.rules[i].key == key)
                            return rules.rules[i].action;
            return 0;
    }`;

  test('or a count of entries', () =>
    checkDiagnostics(
      registered(
        'WRITE_ONCE(rules.count, n + 1);',
        'READ_ONCE(rules.count)',
        '          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to rule.action before rules.count, by which it is announced: find() sees the new rules.count and then the old rule.action',
      ),
    ));

  test('silent where the count is released and acquired', () =>
    checkDiagnostics(
      registered('smp_store_release(&rules.count, n + 1);', 'smp_load_acquire(&rules.count)'),
    ));

  test.each([
    [
      'released and acquired',
      'smp_store_release(&p->done, 1);',
      'if (!smp_load_acquire(&p->done)) return -1;',
    ],
    ['ordered on both sides', `smp_wmb(); ${SET}`, `${LOOK} smp_rmb();`],
    [
      'set and looked at under a lock',
      `spin_lock(&p->lock); ${SET} spin_unlock(&p->lock);`,
      `spin_lock(&p->lock); ${LOOK} spin_unlock(&p->lock);`,
    ],
    ['ordered for the compiler, on one CPU', `barrier(); ${SET}`, LOOK],
    ['not looked at', SET, ''],
    ['that does not decide', SET, 'trace_it(READ_ONCE(p->done));'],
  ])('silent: %s', (_, store, look) => checkDiagnostics(probe(store, look)));

  const loaded = (look: string, more = '') => `
    struct blob { const u8 *data; size_t size; bool done; };
    static DEFINE_MUTEX(blob_lock);
    static void blob_finish(struct blob *b)
    {
            mutex_lock(&blob_lock);
            WRITE_ONCE(b->done, true);
            mutex_unlock(&blob_lock);
    }
    static bool blob_is_done(struct blob *b)
    {
            bool done;
            ${look}
            return done;
    }
    void blob_load(struct blob *b, const u8 *data, size_t size)
    {
            b->data = data;
            b->size = size;
            blob_finish(b);
    ${more}
    }
    size_t blob_size(struct blob *b)
    {
            return blob_is_done(b) ? b->size : 0;
    }`;

  test('that helpers set and look at', () =>
    checkDiagnostics(
      loaded(
        'done = READ_ONCE(b->done);',
        '      //^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to blob.size before blob.done, by which it is announced: blob_size() sees the new blob.done and then the old blob.size',
      ),
      IN_KERNEL,
    ));

  test('silent where the helper looks under the lock', () =>
    checkDiagnostics(
      loaded('mutex_lock(&blob_lock); done = READ_ONCE(b->done); mutex_unlock(&blob_lock);'),
      IN_KERNEL,
    ));

  const appended = (store: string, mark = '') => `
    struct rate { unsigned long hz; unsigned int volt; };
    struct rates { struct mutex lock; unsigned int nr; struct rate rates[16]; };
    void append(struct rates *t, unsigned long hz, unsigned int volt)
    {
            struct rate *r;
            mutex_lock(&t->lock);
            r = &t->rates[t->nr];
            r->hz = hz;
            r->volt = volt;
            ${store}
${mark}
            mutex_unlock(&t->lock);
    }
    unsigned int last_volt(struct rates *t)
    {
            unsigned int nr = READ_ONCE(t->nr);
            const struct rate *r;
            if (!nr)
                    return 0;
            r = &t->rates[nr - 1];
            return r->volt;
    }`;

  test('a bit of the object, for a field of a part of it that is marked', () =>
    checkDiagnostics(
      `
    #define REQ_CLOCK 2
    struct arch { long next; };
    struct vcpu { unsigned long requests; struct arch arch; };
    static inline void make_request(int request, struct vcpu *v) { set_bit(request, &v->requests); }
    static inline bool check_request(int request, struct vcpu *v)
    {
            if (!test_bit(request, &v->requests))
                    return false;
            clear_bit(request, &v->requests);
            return true;
    }
    void set_clock(struct vcpu *v, long next)
    {
            WRITE_ONCE(v->arch.next, next);
            make_request(REQ_CLOCK, v);
          //^^^^^^^^^^^^^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to arch.next before vcpu.requests, by which it is announced: enter() sees the new vcpu.requests and then the old arch.next
    }
    static long clock(struct vcpu *v) { return READ_ONCE(v->arch.next); }
    long enter(struct vcpu *v) { return check_request(REQ_CLOCK, v) ? clock(v) : 0; }`,
      IN_KERNEL,
    ));

  test('silent: another bit of the word is looked at', () =>
    checkDiagnostics(
      `
    enum { CONGESTED, PENDING };
    struct pool { unsigned long flags; int queued; };
    void enqueue(struct pool *p, int queued)
    {
            WRITE_ONCE(p->queued, queued);
            set_bit(CONGESTED, &p->flags);
    }
    int should_sleep(struct pool *p)
    {
            return test_bit(PENDING, &p->flags) ? 0 : READ_ONCE(p->queued);
    }`,
      IN_KERNEL,
    ));

  test('a count of entries that are reached through a pointer', () =>
    checkDiagnostics(
      appended(
        'WRITE_ONCE(t->nr, t->nr + 1);',
        '          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to rate.volt before rates.nr, by which it is announced: last_volt() sees the new rates.nr and then the old rate.volt',
      ),
      IN_KERNEL,
    ));

  test('silent where it is released: what is read depends on it', () =>
    checkDiagnostics(appended('smp_store_release(&t->nr, t->nr + 1);'), IN_KERNEL));

  test('silent where it is a sequence counter', () =>
    checkDiagnostics(`
    struct base { int running; seqcount_t seq; };
    void run(struct base *b)
    {
            b->running = 1;
            raw_write_seqcount_barrier(&b->seq);
            b->running = 0;
    }
    int is_running(struct base *b)
    {
            if (raw_read_seqcount_begin(&b->seq)) return -1;
            return b->running;
    }`));

  test('silent where others store the field without a flag', () =>
    checkDiagnostics(probe(SET, LOOK, { more: 'void clear(struct probe *p) { p->result = 0; }' })));

  const engine = (store: string, mark = '') => `
    struct engine { int ring; int runs; atomic_t state; };
    void start(struct engine *e)
    {
            ${store}
            atomic_set(&e->state, 0);
${mark}
    }
    int next(struct engine *e, int ring)
    {
            if (atomic_cmpxchg(&e->state, 0, 1) != 0)
                    return -1;
            if (READ_ONCE(e->ring) != ring)
                    WRITE_ONCE(e->ring, ring);
            return 0;
    }
    void stop(struct engine *e) { atomic_set_release(&e->state, 0); }`;

  test('stored as others store it, who have taken the state', () =>
    checkDiagnostics(
      engine(
        'WRITE_ONCE(e->ring, 1);',
        '          //^^^^^^^^^^^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to engine.ring before engine.state, by which it is announced: next() sees the new engine.state and then the old engine.ring',
      ),
      IN_KERNEL,
    ));

  test('silent where it is stored plainly and others mark their stores: nobody knows the object yet', () =>
    checkDiagnostics(engine('e->ring = 1;'), IN_KERNEL));
});

describe('an entry that is pushed by an atomic operation', () => {
  const stack = (push: string, mark = '') => `
    struct job { struct job *next; int cost; };
    struct jobs { struct job *head; };
    static void push(struct jobs *s, struct job *j)
    {
            struct job *first = READ_ONCE(s->head), *old;
            for (;;) {
                    j->next = first;
                    old = ${push};
                    if (old == first)
                            break;
                    first = old;
            }
    }
    int submit(struct jobs *s, int cost)
    {
            struct job *j = kmalloc(sizeof(*j), GFP_KERNEL);
            if (!j)
                    return -ENOMEM;
            j->cost = cost;
            push(s, j);
          ${mark}
            return 0;
    }
    int take(struct jobs *s)
    {
            struct job *j = xchg(&s->head, NULL);
            return j ? j->cost : 0;
    }`;

  test('in a helper, by one that orders nothing', () =>
    checkDiagnostics(
      stack(
        'cmpxchg_relaxed(&s->head, first, j)',
        '//^^^^^^^^^^ information: unordered-publication: nothing orders the store to job.cost before jobs.head, by which the object is found: take() sees the new jobs.head and then the old job.cost',
      ),
      { inKernel: true },
    ));

  test.each(['cmpxchg_release', 'cmpxchg'])('silent where it is %s()', (operation) =>
    checkDiagnostics(stack(`${operation}(&s->head, first, j)`), { inKernel: true }),
  );

  const installed = (reader: string, mark = '') => `
    struct table { spinlock_t lock; int max; };
    struct port { struct table *table; };
    int install(struct port *p, int max)
    {
            struct table *t = kzalloc(sizeof(*t), GFP_KERNEL);
            if (!t)
                    return -ENOMEM;
            spin_lock_init(&t->lock);
            t->max = max;
            if (cmpxchg_relaxed(&p->table, NULL, t))
              ${mark}
                    kfree(t);
            return 0;
    }
    static inline struct table *table_of(struct port *p) { return READ_ONCE(p->table); }
    int room(struct port *p, int used)
    {
            struct table *t = table_of(p);
            int left;
            ${reader}
            spin_unlock(&t->lock);
            return left;
    }`;

  test('where the reader takes the lock of the object behind a look at it', () =>
    checkDiagnostics(
      installed(
        'if (!t || used > t->max) return -1; spin_lock(&t->lock); left = t->max - used;',
        '//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to table.max before port.table, by which the object is found: room() sees the new port.table and then the old table.max',
      ),
      { inKernel: true },
    ));
});

describe('an object that another function makes and fills', () => {
  const tables = (store: string, mark = '') => `
    struct table { int size; };
    struct port { struct table *table; struct mutex lock; };
    static struct table *table_alloc(int size)
    {
            struct table *t = kzalloc(sizeof(*t), GFP_KERNEL);
            if (t)
                    t->size = size;
            return t;
    }
    int install(struct port *p, int size)
    {
            struct table *t = table_alloc(size);
            if (!t)
                    return -ENOMEM;
            mutex_lock(&p->lock);
            ${store}
          ${mark}
            mutex_unlock(&p->lock);
            return 0;
    }
    int use(struct port *p)
    {
            struct table *t = rcu_dereference(p->table);
            return t ? t->size : 0;
    }`;

  test('and that is stored by what is for objects which nobody reads yet', () =>
    checkDiagnostics(
      tables(
        'RCU_INIT_POINTER(p->table, t);',
        '//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to table.size before port.table, by which the object is found: use() sees the new port.table and then the old table.size',
      ),
      IN_KERNEL,
    ));

  test('silent where it is stored by what is meant for that', () =>
    checkDiagnostics(tables('rcu_assign_pointer(p->table, t);'), IN_KERNEL));

  test('silent where the other function only finds it', () =>
    checkDiagnostics(
      tables('RCU_INIT_POINTER(p->table, t);')
        .replace('kzalloc(sizeof(*t), GFP_KERNEL)', 'find()')
        .replaceAll('table_alloc', 'table_of'),
      IN_KERNEL,
    ));
});

describe('an object that a helper adds under the lock of its caller', () => {
  const chain = (store: string, mark = '') => `
    struct clock { struct clock *next; int rate; };
    struct chain { struct clock *first; struct mutex lock; };
    static void link(struct chain *c, struct clock *k)
    {
            k->next = c->first;
            ${store}
    }
    int add(struct chain *c, int rate)
    {
            struct clock *k = kzalloc(sizeof(*k), GFP_KERNEL);
            if (!k)
                    return -ENOMEM;
            k->rate = rate;
            mutex_lock(&c->lock);
            link(c, k);
          ${mark}
            mutex_unlock(&c->lock);
            return 0;
    }
    int rate(struct chain *c)
    {
            struct clock *k = READ_ONCE(c->first);
            return k ? k->rate : 0;
    }`;

  test('by a store that orders nothing', () =>
    checkDiagnostics(
      chain(
        'WRITE_ONCE(c->first, k);',
        '//^^^^^^^^^^ information: unordered-publication: nothing orders the store to clock.rate before chain.first, by which the object is found: rate() sees the new chain.first and then the old clock.rate',
      ),
      IN_KERNEL,
    ));

  test.each([
    ['a release', 'smp_store_release(&c->first, k);'],
    ['a barrier', 'smp_wmb(); WRITE_ONCE(c->first, k);'],
  ])('silent where %s orders it', (_, store) => checkDiagnostics(chain(store), IN_KERNEL));
});

test('a field that is stored behind list_add_rcu(), where the reader goes through all of the list', () =>
  checkDiagnostics(
    `struct rule { int prio; struct list_head node; };
    struct rules { struct list_head all; struct mutex lock; };
    int add(struct rules *r, int prio)
    {
            struct rule *new = kzalloc(sizeof(*new), GFP_KERNEL);
            if (!new)
                    return -ENOMEM;
            mutex_lock(&r->lock);
            list_add_rcu(&new->node, &r->all);
            new->prio = prio;
          //^^^^^^^^^ information: unordered-publication: rule.prio is stored after rules.all, by which others go already: best() sees the new rules.all and then the old rule.prio
            mutex_unlock(&r->lock);
            return 0;
    }
    int best(struct rules *r)
    {
            struct rule *each;
            int best = -1;
            rcu_read_lock();
            list_for_each_entry_rcu(each, &r->all, node) {
                    if (each->prio > best)
                            best = each->prio;
            }
            rcu_read_unlock();
            return best;
    }`,
    IN_KERNEL,
  ));

test('the same where the reader picks one of them by a function, and reads the field behind the walk', () =>
  checkDiagnostics(
    `struct rule { int prio; int action; struct list_head node; };
    struct rules { struct list_head all; struct mutex lock; bool (*better)(struct rule *a, struct rule *b); };
    int add(struct rules *r, int prio, int action)
    {
            struct rule *new = kzalloc(sizeof(*new), GFP_KERNEL);
            if (!new)
                    return -ENOMEM;
            new->prio = prio;
            mutex_lock(&r->lock);
            list_add_rcu(&new->node, &r->all);
            mutex_unlock(&r->lock);
            new->action = action;
          //^^^^^^^^^^^ information: unordered-publication: rule.action is stored after rules.all, by which others go already: action_of() sees the new rules.all and then the old rule.action
            return 0;
    }
    int action_of(struct rules *r)
    {
            struct rule *each, *best = NULL;
            int action = -1;
            rcu_read_lock();
            list_for_each_entry_rcu(each, &r->all, node) {
                    if (!best || r->better(each, best))
                            best = each;
            }
            if (best)
                    action = best->action;
            rcu_read_unlock();
            return action;
    }`,
    IN_KERNEL,
  ));

const RULES = `
    struct rule { int prio; struct list_head node; };
    struct rules { struct mutex lock; struct list_head all; };`;

const HIGHEST = `
    int highest(struct rules *r)
    {
            struct rule *each;
            int prio = 0;

            rcu_read_lock();
            list_for_each_entry_rcu(each, &r->all, node)
                    prio = each->prio;
            rcu_read_unlock();
            return prio;
    }`;

test.each(['list_add(&new->node, &r->all)', 'list_add_tail(&new->node, &r->all)'])(
  'added to a list that is walked without the lock: %s',
  (add) =>
    checkDiagnostics(
      `${RULES}
    void insert(struct rules *r, struct rule *new, int prio)
    {
            mutex_lock(&r->lock);
            new->prio = prio;
            ${add};
          //${'^'.repeat(add.length)} information: unordered-publication: nothing orders the store to rule.prio before rules.all, by which the object is found: highest() sees the new rules.all and then the old rule.prio
            mutex_unlock(&r->lock);
    }${HIGHEST}`,
      IN_KERNEL,
    ),
);

test('added to such a list, where a branch before that has given the lock back and returned', () =>
  checkDiagnostics(
    `${RULES}
    int insert(struct rules *r, struct rule *new, int prio)
    {
            struct rule *each;

            new->prio = prio;
            mutex_lock(&r->lock);
            list_for_each_entry(each, &r->all, node) {
                    if (each->prio == prio) {
                            mutex_unlock(&r->lock);
                            return -EEXIST;
                    }
            }
            list_add(&new->node, &r->all);
          //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to rule.prio before rules.all, by which the object is found: highest() sees the new rules.all and then the old rule.prio
            mutex_unlock(&r->lock);
            return 0;
    }${HIGHEST}`,
    IN_KERNEL,
  ));

test.each([
  ['added by the RCU form', 'list_add_rcu(&new->node, &r->all)', '_rcu'],
  ['the walk leaves it to a lock of its callers', 'list_add(&new->node, &r->all)', ''],
  ['another list is walked', 'list_add(&new->node, &r->old)', '_rcu'],
])('silent: %s', (_, add, form) =>
  checkDiagnostics(
    `struct rule { int prio; struct list_head node; };
    struct rules { struct mutex lock; struct list_head all, old; };
    void insert(struct rules *r, struct rule *new, int prio)
    {
            mutex_lock(&r->lock);
            new->prio = prio;
            ${add};
            mutex_unlock(&r->lock);
    }
    int highest(struct rules *r)
    {
            struct rule *each;
            int prio = 0;

            list_for_each_entry${form}(each, &r->all, node)
                    prio = each->prio;
            return prio;
    }`,
    IN_KERNEL,
  ),
);

const stats = (again = '') => `
    struct stats { int version; };
    struct signal { spinlock_t lock; struct stats *stats; };
    static struct stats *new_stats(void)
    {
            struct stats *s = kmem_cache_zalloc(cache, 0);
            if (s)
                    s->version = 9;
            return s;
    }
    static struct stats *stats_of(struct signal *sig)
    {
            struct stats *s;
            if (sig->stats)
                    goto out;
            s = new_stats();
            spin_lock(&sig->lock);
            if (!sig->stats) {
                    sig->stats = s;
MARK
                    s = NULL;
            }
            spin_unlock(&sig->lock);
            if (s)
                    kmem_cache_free(cache, s);
    out:
            return sig->stats;
    }
    int version_of(struct signal *sig)
    {
            struct stats *s = stats_of(sig);
            ${again}
            return s ? s->version : 0;
    }`;

test('found by a function that returns it at its end', () =>
  checkDiagnostics(
    stats().replace(
      'MARK',
      '                  //^^^^^^^^^^ information: unordered-publication: nothing orders the store to stats.version before signal.stats, by which the object is found: version_of() sees the new signal.stats and then the old stats.version',
    ),
    IN_KERNEL,
  ));

test('silent where the reader then takes the lock under which it is stored', () =>
  checkDiagnostics(
    stats('spin_lock(&sig->lock); spin_unlock(&sig->lock);').replace('MARK', ''),
    IN_KERNEL,
  ));

/** A pool that is switched on for a device which is in use: its timer is set up then, under the lock of the device. */
const device = (switchOn: string, use = 'READ_ONCE(d->user)') => `
    struct pool { int left; };
    struct user { int id; };
    struct device { struct mutex lock; struct pool *pool; struct timer_list refill; struct user *user; };
    static int make_pool(struct device *d)
    {
            struct pool *pool = alloc_pages_exact(4096, GFP_KERNEL);
            if (!pool)
                    return -ENOMEM;
            d->pool = pool;
            return 0;
    }
    int switch_on(struct device *d, struct user *user)
    {
            int ret;
            ${switchOn}
    }
    void give_back(struct device *d, int n)
    {
            if (${use})
                    pool_add(d->pool, n);
    }`;

const UNDER_LOCK = `mutex_lock(&d->lock);
            timer_setup(&d->refill, refill, 0);
            ret = make_pool(d);
            if (!ret)
                    WRITE_ONCE(d->user, user);
                  //^^^^^^^^^^^^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to device.pool before device.user, by which it is announced: give_back() sees the new device.user and then the old device.pool
            mutex_unlock(&d->lock);
            return ret;`;

test('a part of an object whose lock is held is set up, not the object', () =>
  checkDiagnostics(device(UNDER_LOCK), IN_KERNEL));

test.each([
  [
    'ordered on both sides',
    UNDER_LOCK.replace(/WRITE_ONCE[^;]*;\n.*\n/, 'smp_store_release(&d->user, user);\n'),
    'smp_load_acquire(&d->user)',
  ],
  [
    'an object whose lock is set up, too',
    `mutex_init(&d->lock);
            ${UNDER_LOCK.replace(/\n *\/\/\^.*/, '')}`,
    undefined,
  ],
])('silent: %s', (_, code, use) => checkDiagnostics(device(code, use), IN_KERNEL));

/** A configuration that is found by a pointer, once a count says that it may be looked at. */
const counted = (set: string, look: string, mark = '') => `
    struct config { int size; };
    struct disk { struct mutex lock; refcount_t refs; struct config *config; };
    int configure(struct disk *d)
    {
            struct config *c = kzalloc(sizeof(*c), GFP_KERNEL);
            if (!c)
                    return -ENOMEM;
            c->size = 512;
            mutex_lock(&d->lock);
            if (refcount_read(&d->refs)) {
                    mutex_unlock(&d->lock);
                    kfree(c);
                    return -EBUSY;
            }
            WRITE_ONCE(d->config, c);
          ${mark}
            ${set}
            mutex_unlock(&d->lock);
            return 0;
    }
    int size_of(struct disk *d)
    {
            struct config *c;
            ${look}
            c = READ_ONCE(d->config);
            return c ? c->size : 0;
    }`;

const FOUND =
  '//^^^^^^^^^^^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to config.size before disk.config, by which the object is found: size_of() sees the new disk.config and then the old config.size';

describe('a pointer behind a count that is set last', () => {
  test('silent: the reader looks at the count first', () =>
    checkDiagnostics(
      counted(
        'smp_wmb(); refcount_set(&d->refs, 1);',
        'if (!refcount_inc_not_zero(&d->refs)) return 0; smp_mb__after_atomic();',
      ),
      IN_KERNEL,
    ));
  test('that the reader does not look at', () =>
    checkDiagnostics(counted('smp_wmb(); refcount_set(&d->refs, 1);', '', FOUND), IN_KERNEL));
});

describe('a count of entries that a helper fills', () => {
  const stream = (count: string, look: string, mark = '') => `
    struct period { int frames; int late; };
    struct stream { atomic_t filled; unsigned int taken; struct period periods[16]; };
    static void fill(struct period *p, int frames)
    {
            p->frames = frames;
    }
    void elapsed(struct stream *s, int frames)
    {
            unsigned int n = atomic_read(&s->filled);
            fill(&s->periods[n % 16], frames);
            ${count}
${mark}
    }
    int next(struct stream *s)
    {
            if (${look} == s->taken)
                    return -1;
            return s->periods[s->taken % 16].frames;
    }`;
  test('by an operation that orders nothing', () =>
    checkDiagnostics(
      stream(
        'atomic_inc(&s->filled);',
        'atomic_read(&s->filled)',
        '          //^^^^^^^^^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to period.frames before stream.filled, by which it is announced: next() sees the new stream.filled and then the old period.frames',
      ),
      IN_KERNEL,
    ));
  test('silent where both order', () =>
    checkDiagnostics(
      stream('smp_mb__before_atomic(); atomic_inc(&s->filled);', 'atomic_read_acquire(&s->filled)'),
      IN_KERNEL,
    ));
});

describe('an entry of a list that is added to and taken from without a lock', () => {
  const queue = (early: string, late: string, mark = '') => `
    struct entry { struct llist_node node; long ino; long stamp; };
    struct queue { struct llist_head list; struct work_struct work; };
    void raise(struct queue *q, long ino)
    {
            struct entry *e = kmalloc(sizeof(*e), GFP_ATOMIC);
            e->ino = ino;
            ${early}
            llist_add(&e->node, &q->list);
            ${late}
${mark}
            schedule_work(&q->work);
    }
    static void deliver(struct entry *e)
    {
            emit(e->ino, e->stamp);
    }
    void drain(struct queue *q)
    {
            struct entry *e, *tmp;
            struct llist_node *l = llist_reverse_order(llist_del_all(&q->list));
            llist_for_each_entry_safe(e, tmp, l, node)
                    deliver(e);
    }`;
  test('filled behind its addition, and read by a helper', () =>
    checkDiagnostics(
      queue(
        '',
        'e->stamp = now();',
        '          //^^^^^^^^ information: unordered-publication: entry.stamp is stored after queue.list, by which others go already: drain() sees the new queue.list and then the old entry.stamp',
      ),
      IN_KERNEL,
    ));
  test('silent where it is filled before', () =>
    checkDiagnostics(queue('e->stamp = now();', ''), IN_KERNEL));
});
