/** `misplaced-access`: what one half of a release and an acquire announces is accessed on the wrong side of the other half. */

import { describe, test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const STRUCT = 'struct box { int size; int data; int ready; };';

const WRITER = `
    void fill(struct box *b, int size)
    {
            b->size = size;
            b->data = 1;
            smp_store_release(&b->ready, 1);
    }`;

const READER = `
    int empty(struct box *b, int limit)
    {
            if (!smp_load_acquire(&b->ready))
                    return -1;
            if (b->size > limit)
                    return 0;
            return b->data;
    }`;

describe('a read before the acquire', () => {
  test('whose value is used behind it', () =>
    checkDiagnostics(`
    ${STRUCT}${WRITER}
    int empty(struct box *b, int limit)
    {
            int size = b->size;
                     //^^^^^^^ warning: misplaced-access: box.size is read before box.ready, by which it is announced, and used behind it: empty() takes the old box.size and then sees the new box.ready

            if (!smp_load_acquire(&b->ready))
                    return -1;
            return size > limit ? 0 : b->data;
    }`));

  test('whose value is used behind the read barrier', () =>
    checkDiagnostics(`
    ${STRUCT}
    void fill(struct box *b, int size)
    {
            b->size = size;
            b->data = 1;
            smp_wmb();
            WRITE_ONCE(b->ready, 1);
    }
    int empty(struct box *b, int limit)
    {
            int size = b->size;
                     //^^^^^^^ warning: misplaced-access: box.size is read before box.ready, by which it is announced, and used behind it: empty() takes the old box.size and then sees the new box.ready

            if (!READ_ONCE(b->ready))
                    return -1;
            smp_rmb();
            return size > limit ? 0 : b->data;
    }`));

  test('with a lock that is taken only behind it', () =>
    checkDiagnostics(`
    ${STRUCT}${WRITER}
    static bool is_ready(struct box *b) { return smp_load_acquire(&b->ready); }
    int empty(struct box *b, int limit)
    {
            int size = READ_ONCE(b->size), data = -1;
                     //^^^^^^^^^^^^^^^^^^ warning: misplaced-access: box.size is read before box.ready, by which it is announced, and used behind it: empty() takes the old box.size and then sees the new box.ready

            mutex_lock(&box_mutex);
            if (is_ready(b) && size <= limit)
                    data = b->data;
            mutex_unlock(&box_mutex);
            return data;
    }`));

  test('whose value the caller is given', () =>
    checkDiagnostics(`
    ${STRUCT}${WRITER}
    struct copy { int size; int data; };
    int try_empty(struct box *b, struct copy *copy)
    {
            copy->size = b->size;
                       //^^^^^^^ warning: misplaced-access: box.size is read before box.ready, by which it is announced, and used behind it: try_empty() takes the old box.size and then sees the new box.ready
            if (!smp_load_acquire(&b->ready))
                    return -EAGAIN;
            copy->data = b->data;
            return 0;
    }`));

  const queued = (body: string) => `
    ${STRUCT}${WRITER}
    struct request { int size; int data; };
    static void request_fill(struct request *r, const struct box *b, int data)
    {
            r->data = data;
            r->size = b->size;
    }
    static inline int box_size(const struct box *b) { return b->size; }
    static inline bool is_ready(const struct box *b) { return smp_load_acquire(&b->ready); }
    ${body}`;
  const EARLY = (reader: string) =>
    `warning: misplaced-access: box.size is read before box.ready, by which it is announced, and used behind it: ${reader}() takes the old box.size and then sees the new box.ready`;

  test('by a helper that fills an object with it, which is used behind it', () =>
    checkDiagnostics(
      queued(`
    int queue(struct box *b, int data)
    {
            struct request r;
            request_fill(&r, b, data);
          //^^^^^^^^^^^^^^^^^^^^^^^^^ ${EARLY('queue')}
            if (!is_ready(b))
                    return -EIO;
            return submit(&r);
    }`),
    ));

  test('by a helper that returns it', () =>
    checkDiagnostics(
      queued(`
    int queue(struct box *b, int data)
    {
            int size = box_size(b);
                     //^^^^^^^^^^^ ${EARLY('queue')}
            if (!is_ready(b))
                    return -EIO;
            return submit(data, size);
    }`),
    ));

  test.each([
    ['is used before it', 'if (box_size(b) > data || !is_ready(b)) return -EIO; return 0;'],
    [
      'fills an object that is used before it',
      'struct request r; request_fill(&r, b, data); trace(&r); return is_ready(b) ? 0 : -EIO;',
    ],
    [
      'fills the object again behind it',
      `struct request r; request_fill(&r, b, data); if (!is_ready(b)) return -EIO;
       request_fill(&r, b, data); return submit(&r);`,
    ],
  ])('silent where what a helper has read %s', (_, body) =>
    checkDiagnostics(queued(`int queue(struct box *b, int data) { ${body} }`)),
  );

  test('silent where it is kept in the object itself', () =>
    checkDiagnostics(`
    ${STRUCT.replace('int data;', 'int data; int seen;')}${WRITER}
    int try_empty(struct box *b)
    {
            b->seen = b->size;
            if (!smp_load_acquire(&b->ready))
                    return -EAGAIN;
            return b->data;
    }`));

  test('that is given to the function with the acquire', () =>
    checkDiagnostics(`
    ${STRUCT}${WRITER}
    static int take(struct box *b, int size)
    {
            if (!smp_load_acquire(&b->ready))
                    return -1;
            return use(size);
    }
    int empty(struct box *b)
    {
            return take(b, b->size);
                         //^^^^^^^ warning: misplaced-access: box.size is read before box.ready, by which it is announced, and used behind it: empty() takes the old box.size and then sees the new box.ready
    }`));

  test.each([
    [
      'that is only used before it',
      `int size = b->size;
       if (size > limit)
               return 0;
       if (!smp_load_acquire(&b->ready))
               return -1;
       return b->data;`,
    ],
    [
      'that is read again behind it',
      `int size = b->size;
       if (!smp_load_acquire(&b->ready))
               return -1;
       size = b->size;
       return size > limit ? 0 : b->data;`,
    ],
    [
      'under a lock',
      `int size;
       spin_lock(&box_lock);
       size = b->size;
       if (!smp_load_acquire(&b->ready))
               size = 0;
       spin_unlock(&box_lock);
       return size;`,
    ],
    [
      'under a lock that is held until behind the acquire',
      `int size;
       mutex_lock(&box_mutex);
       size = READ_ONCE(b->size);
       if (!smp_load_acquire(&b->ready))
               size = 0;
       mutex_unlock(&box_mutex);
       return size;`,
    ],
    [
      'of a field that nothing announces',
      `int unit = b->unit;
       if (!smp_load_acquire(&b->ready))
               return -1;
       return unit * b->size;`,
    ],
  ])('silent: %s', (_, body) =>
    checkDiagnostics(`
    struct box { int size; int data; int ready; int unit; };${WRITER}
    int empty(struct box *b, int limit)
    {
       ${body}
    }`),
  );
});

describe('a store behind the release', () => {
  test('of what the reader looks at behind its acquire', () =>
    checkDiagnostics(`
    ${STRUCT}
    void fill(struct box *b, int size)
    {
            b->data = 1;
            smp_store_release(&b->ready, 1);
            b->size = size;
          //^^^^^^^ warning: misplaced-access: box.size is stored only behind box.ready, by which it is announced: empty() sees the new box.ready and then the old box.size
    }${READER}`));

  test('where another function stores the field and announces that behind it', () =>
    checkDiagnostics(`
    ${STRUCT}
    void copy(struct box *b, struct box *from)
    {
            b->size = from->size;
            smp_store_release(&b->ready, 1);
    }
    void fill(struct box *b, int size)
    {
            b->data = 1;
            smp_store_release(&b->ready, 1);
            b->size = size;
          //^^^^^^^ warning: misplaced-access: box.size is stored only behind box.ready, by which it is announced: empty() sees the new box.ready and then the old box.size
    }${READER}`));

  test('through helpers of one caller', () =>
    checkDiagnostics(`
    ${STRUCT}
    static void set_size(struct box *b, int size)
    {
            b->size = size;
    }
    static void make_ready(struct box *b)
    {
            /* Pairs with empty(). */
            smp_store_release(&b->ready, 1);
    }
    void fill(struct box *b, int size)
    {
            b->data = 1;
            make_ready(b);
            set_size(b, size);
          //^^^^^^^^^^^^^^^^^ warning: misplaced-access: box.size is stored only behind box.ready, by which it is announced: empty() sees the new box.ready and then the old box.size
    }${READER}`));

  test.each([
    [
      'that is made before, too',
      'b->size = 1; smp_store_release(&b->ready, 1); b->size = size;',
      '',
    ],
    [
      'of a field that others store as well',
      'smp_store_release(&b->ready, 1); b->size = size;',
      'void init(struct box *b) { b->size = 0; }',
    ],
    ['where the announcement is taken back', 'smp_store_release(&b->ready, 0); b->size = 0;', ''],
    [
      'of a field that the reader does not need',
      'smp_store_release(&b->ready, 1); b->unit = 2;',
      '',
    ],
  ])('silent: %s', (_, body, more) =>
    checkDiagnostics(`
    struct box { int size; int data; int ready; int unit; };
    ${more}
    void fill(struct box *b, int size)
    {
            ${body}
    }${READER}`),
  );
});

describe('a counter that is moved before and behind the stores', () => {
  const counted = (reader: string) => `
    struct clock { spinlock_t lock; unsigned int seq; int base; int mult; };
    void adjust(struct clock *c, int base, int mult)
    {
            spin_lock(&c->lock);
            WRITE_ONCE(c->seq, c->seq + 1);
            smp_wmb();
            WRITE_ONCE(c->base, base);
            WRITE_ONCE(c->mult, mult);
            smp_wmb();
            WRITE_ONCE(c->seq, c->seq + 1);
            spin_unlock(&c->lock);
    }
    int now(struct clock *c)
    {
            unsigned int seq;
            int base, mult;
${reader}
            return base * mult;
    }`;

  test('which is looked at only before the reads', () =>
    checkDiagnostics(
      counted(`            while (READ_ONCE(c->seq) & 1)
                    cpu_relax();
            smp_rmb();
            base = READ_ONCE(c->base);
                 //^^^^^^^^^^^^^^^^^^ warning: misplaced-access: clock.base is read behind clock.seq, which is not looked at again behind it: now() takes the old clock.seq and then sees the new clock.base
            mult = READ_ONCE(c->mult);`),
    ));

  test.each([
    [
      'looked at again',
      'do { seq = READ_ONCE(c->seq) & ~1u; smp_rmb(); base = READ_ONCE(c->base); mult = READ_ONCE(c->mult); smp_rmb(); } while (READ_ONCE(c->seq) != seq);',
    ],
    [
      'of no interest under the lock',
      'spin_lock(&c->lock); if (READ_ONCE(c->seq) & 1) seq = 0; base = READ_ONCE(c->base); mult = READ_ONCE(c->mult); spin_unlock(&c->lock);',
    ],
  ])('silent where it is %s', (_, reader) => checkDiagnostics(counted(reader)));
});

describe('a length that is read again behind its acquire', () => {
  const log = (reader: string, length = 'l->len + 1') => `
    struct log { spinlock_t lock; unsigned int len; int text[64]; char name[4096]; };
    void append(struct log *l, int word, const char *name)
    {
            spin_lock(&l->lock);
            l->text[l->len] = word;
            memcpy(l->name + l->len, name, 1);
            smp_store_release(&l->len, ${length});
            spin_unlock(&l->lock);
    }
    int sum(struct log *l, char *to)
    {
            unsigned int i, len;
            int sum = 0;
            if (!smp_load_acquire(&l->len))
                    return 0;
${reader}
            return sum;
    }`;

  test('as the bound of a loop', () =>
    checkDiagnostics(
      log(`            for (i = 0; i < l->len; i++)
                          //^^^^^^ warning: misplaced-access: log.len is read again behind its acquire, by a read that orders nothing before log.text: sum() sees the new log.len and then the old log.text
                    sum += l->text[i];`),
    ));

  test('as the size of a copy', () =>
    checkDiagnostics(
      log(`            memcpy(to, l->name, l->len);
                              //^^^^^^ warning: misplaced-access: log.len is read again behind its acquire, by a read that orders nothing before log.name: sum() sees the new log.len and then the old log.name`),
    ));

  test('where the writer moves it on by a variable', () =>
    checkDiagnostics(
      log(
        `            for (i = 0; i < l->len; i++)
                          //^^^^^^ warning: misplaced-access: log.len is read again behind its acquire, by a read that orders nothing before log.text: sum() sees the new log.len and then the old log.text
                    sum += l->text[i];`,
        'end + 1',
      ).replace('spin_lock(&l->lock);', 'unsigned int end = l->len;'),
    ));

  test.each([
    ['kept', 'len = smp_load_acquire(&l->len); for (i = 0; i < len; i++) sum += l->text[i];'],
    ['what the address depends on', 'len = l->len; sum = l->text[len - 1];'],
    ['read again behind the reads', 'sum = l->text[0]; trace_len(l->len);'],
    [
      'looked at under the lock',
      'spin_lock(&l->lock); for (i = 0; i < l->len; i++) sum += l->text[i]; spin_unlock(&l->lock);',
    ],
  ])('silent where it is %s', (_, reader) => checkDiagnostics(log(`            ${reader}`)));

  test('silent where it is only a flag', () =>
    checkDiagnostics(log('            if (l->len) sum = l->text[0];', '1')));
});

describe('an array that is read before what its reader acquires', () => {
  const pool = (setup: string, mark = '') => `
    struct pool { int *packets; int *ids; atomic_t free; };
    void setup(struct pool *p, int n)
    {
            ${setup}
            atomic_set_release(&p->free, n);
    }
    int take(struct pool *p)
    {
            int *packets = p->packets;
          ${mark}
            int free = atomic_read_acquire(&p->free);
            if (!free)
                    return -1;
            return packets[free];
    }`;

  test('is read too early', () =>
    checkDiagnostics(
      pool(
        'p->packets = more(n);',
        '               //^^^^^^^^^^ warning: misplaced-access: pool.packets is read before pool.free, by which it is announced, and used behind it: take() takes the old pool.packets and then sees the new pool.free',
      ),
      { inKernel: true },
    ));

  test('silent where it is set up', () =>
    checkDiagnostics(
      pool('p->packets = kcalloc(n, 4, GFP_KERNEL); p->ids = kcalloc(n, 4, GFP_KERNEL);'),
      { inKernel: true },
    ));
});

describe('a read behind the release that gives the object back', () => {
  const box = (use: string) => `
    struct box { unsigned int busy; int data; };
    void fill(struct box *b, int data)
    {
            smp_cond_load_acquire(&b->busy, !VAL);
            WRITE_ONCE(b->busy, 1);
            b->data = data;
    }
    static void leave(struct box *b) { smp_store_release(&b->busy, 0); }
    int empty(struct box *b)
    {
            int data = 0;
            ${use}
            return data;
    }`;
  test('finds what the next one has stored', () =>
    checkDiagnostics(
      box(`leave(b);
            data = b->data;
                 //^^^^^^^ warning: misplaced-access: box.data is read only behind box.busy, by which it is given back: fill() takes it and stores the box.data that empty() then reads
            `),
    ));
  test.each([
    ['it is read before', 'data = b->data; leave(b);'],
    ['it is taken again', 'leave(b); smp_cond_load_acquire(&b->busy, !VAL); data = b->data;'],
    ['it is taken again by an exchange', 'leave(b); if (!xchg(&b->busy, 1)) data = b->data;'],
    ['a lock is taken', 'spin_lock(&all); leave(b); data = b->data; spin_unlock(&all);'],
  ])('silent: %s', (_, use) => checkDiagnostics(box(use)));
});

describe('a store behind a flag that is set behind a barrier', () => {
  const records = (fill: string) => `
    struct record { int finished; long addr; long misc; };
    void fill(struct record *r, long addr)
    {
            r->addr = addr;
            ${fill}
    }
    void copy(struct record *to, struct record *r)
    {
            to->addr = r->addr;
            to->misc = r->misc;
    }
    int take(struct record *buffer, struct record *r)
    {
            if (!READ_ONCE(r->finished))
                    return 0;
            smp_rmb();
            copy(buffer, r);
            return 1;
    }`;
  test('comes too late, where others only copy the field out', () =>
    checkDiagnostics(
      records(`smp_wmb(); WRITE_ONCE(r->finished, 1); r->misc = 0;
                                                 //^^^^^^^ warning: misplaced-access: record.misc is stored only behind record.finished, by which it is announced: take() sees the new record.finished and then the old record.misc`),
      { inKernel: true },
    ));
  test.each([
    ['it is stored before', 'r->misc = 0; smp_wmb(); WRITE_ONCE(r->finished, 1);'],
    [
      'it is stored before, too',
      'r->misc = 0; smp_wmb(); WRITE_ONCE(r->finished, 1); r->misc = 1;',
    ],
  ])('silent: %s', (_, fill) => checkDiagnostics(records(fill), { inKernel: true }));
});
