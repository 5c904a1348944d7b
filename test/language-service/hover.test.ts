/** The hover of barriers and fields. */

import { expect, test } from 'vitest';
import { primitives } from '../../server/src/kernel/primitives.ts';
import { plain } from '../../server/src/language-service/markup.ts';
import { renderPrimitive } from '../../server/src/language-service/render-primitive.ts';
import { hoverAt } from './support/check.ts';

const pair = (writer: string, reader: string) => `
  //- /writer.c
  struct box { int data; int flag; };
  void publish(struct box *b)
  {
          WRITE_ONCE(b->data, 1);
          /* Pairs with smp_rmb() in consume(). */
          ${writer}
          WRITE_ONCE(b->flag, 1);
  }
  //- /reader.c
  struct box { int data; int flag; };
  int consume(struct box *b)
  {
          if (!READ_ONCE(b->flag))
                  return -1;
          /* Pairs with smp_wmb() in publish(). */
          smp_rmb();
          return READ_ONCE(${reader});
  }
`;

test('a barrier: the verdict, what it orders, its partner, why', () => {
  const text = hoverAt(pair('smp_$0wmb();', 'b->data'))!;
  expect(text.split('\n')).toEqual([
    '✓ needed: smp_wmb() in publish(), write barrier',
    '  b->data written /writer.c:4 → b->flag written /writer.c:7',
    'pairs with smp_rmb() in consume() /reader.c:7 (by comment and fields)',
    'Without it consume() sees the new b->flag and then the old b->data.',
  ]);
});

test('a field has one name in it, also where it is accessed elsewhere and in the reason', () => {
  const text = hoverAt(`
    struct buf { int data; int flag; };
    struct request { struct buf private; };
    void note(struct buf *buf)
    {
            WRITE_ONCE(buf->flag, 2);
    }
    void publish(struct request *r)
    {
            WRITE_ONCE(r->private.data, 1);
            /* Pairs with smp_rmb() in consume(). */
            smp_w$0mb();
            WRITE_ONCE(r->private.flag, 1);
            note(&r->private);
    }
    int consume(struct request *r)
    {
            if (!READ_ONCE(r->private.flag))
                    return -1;
            /* Pairs with smp_wmb() in publish(). */
            smp_rmb();
            return READ_ONCE(r->private.data);
    }`)!;
  expect(text).toContain('consume() sees the new r->private.flag and then the old r->private.data');
  expect(text).not.toMatch(/\bbuf[.-]/);
});

test('an ordered field: by which barriers', () => {
  const text = hoverAt(pair('smp_wmb();', 'b->da$0ta'))!;
  expect(text).toMatch(/^box\.data is ordered by\n/);
  expect(text).toContain('box.data → box.flag: smp_wmb() in publish() /writer.c:6');
  expect(text).toContain('box.flag → box.data: smp_rmb() in consume() /reader.c:7');
});

test('a field that nothing orders, and plain text', () => {
  expect(
    hoverAt('struct a { int x; }; void f(struct a *a) { a->$0x = 1; smp_mb(); smp_mb(); }'),
  ).toBe(undefined);
  expect(
    hoverAt('struct a { int x; }; vo$0id f(struct a *a) { a->x = 1; smp_mb(); smp_mb(); }'),
  ).toBe(undefined);
});

test('a barrier without a partner says so', () => {
  const text = hoverAt(`
    struct box { int data; int flag; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            smp_w$0mb();
            WRITE_ONCE(b->flag, 1);
    }
  `)!;
  expect(text).toContain('before it: b->data /main.c:4');
  expect(text).toContain('after it: b->flag /main.c:6');
  expect(text).toContain('no partner found');
});

test('where it is alone, what its function accesses itself is named, and not what is done around a call of it', () => {
  const text = hoverAt(`
    struct box { int data; int flag; int more; };
    static void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            smp_w$0mb();
            WRITE_ONCE(b->flag, 1);
    }
    void twice(struct box *b) { b->more = 1; publish(b); b->more = 2; }
  `)!;
  expect(text).toMatch(/before it: b->data \S+\n/);
  expect(text).toMatch(/after it: b->flag \S+\n/);
});

test('where a warning is about what the function does itself, what is done in callees is left to the details', () => {
  const text = hoverAt(`
    struct box { int data; int flag; int more; int valid; };
    static void note(struct box *b) { WRITE_ONCE(b->more, 1); }
    void publish(struct box *b)
    {
            note(b);
            WRITE_ONCE(b->data, 1);
            /* Pairs with smp_rmb() in consume(). */
            smp_w$0mb();
            WRITE_ONCE(b->flag, 1);
    }
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            if (b->valid)
                    /* Pairs with smp_wmb() in publish(). */
                    smp_rmb();
            return READ_ONCE(b->data) + READ_ONCE(b->more);
    }`)!;
  expect(text).toContain('b->data written');
  expect(text).not.toContain('more');
});

test('a warning is told with the partner that it is about, and in the names of the code', () => {
  const text = hoverAt(`
    struct ring { int head; int tail; };
    void reset(struct ring *r)
    {
            WRITE_ONCE(r->head, 1);
            /* Pairs with smp_load_acquire() in avail() and in empty(). */
            smp_store_re$0lease(&r->tail, 1);
    }
    int avail(struct ring *r)
    {
            /* Pairs with smp_store_release() in reset(). */
            int tail = smp_load_acquire(&r->tail);
            return tail - READ_ONCE(r->head);
    }
    int empty(struct ring *r)
    {
            int head = READ_ONCE(r->head);
            /* Pairs with smp_store_release() in reset(). */
            return head == smp_load_acquire(&r->tail);
    }`)!;
  expect(text).toMatch(/^✗ broken/);
  expect(text).toContain('pairs with smp_load_acquire() in empty()');
  expect(text).toContain('takes the old r->head and then sees the new r->tail');
});

test('a field that was not asked about is no code that is not modelled', () => {
  const text = hoverAt(`
    struct cpu { int result, go, single; };
    void kick(struct cpu *c) { c->result = 0; smp_mb(); c->go = 1; }
    void thread_fun(struct cpu *c)
    {
            if (!c->go)
                    return;
            /* Pairs with kick(). */
            smp$0_mb();
            if (c->single)
                    c->go = 0;
            c->result = 2;
            if (c->result)
                    c->go = 0;
    }`)!;
  expect(text).toMatch(/^\? not known: smp_mb/);
  expect(text).toContain('it may be there for c->single');
});

test('what a pointer leads to is called the same in lines and reasons', () => {
  const text = hoverAt(`
    struct ring { char *buf; int head; };
    void put(struct ring *r, char c)
    {
            r->buf[0] = c;
            /* Pairs with smp_rmb() in get(). */
            smp_w$0mb();
            WRITE_ONCE(r->head, 1);
    }
    int get(struct ring *r)
    {
            int c = 0;
            if (READ_ONCE(r->head) == 2)
                    return 0;
            /* Pairs with smp_wmb() in put(). */
            smp_rmb();
            memcpy(&c, r->buf, 1);
            return c;
    }`)!;
  expect(text).not.toContain('.*');
});

test('an access of a callee or of a caller stands where it stands, not at the call', () => {
  const text = hoverAt(`
    //- /fill.c
    struct box { int data; int flag; };

    void fill(struct box *b) { WRITE_ONCE(b->data, 1); }
    void drain(struct box *b) { smp_mb(); }
    //- /writer.c
    struct box { int data; int flag; };
    static void order(struct box *b)
    {
            fill(b);
            /* Pairs with smp_rmb() in consume(). */
            smp_w$0mb();
    }
    void publish(struct box *b)
    {
            order(b);

            WRITE_ONCE(b->flag, 1);
    }
    //- /reader.c
    struct box { int data; int flag; };
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            /* Pairs with smp_wmb() in order(). */
            smp_rmb();
            return READ_ONCE(b->data);
    }
  `)!;
  expect(text).toContain(
    'box.data written in fill() /fill.c:3 → box.flag written in publish() /writer.c:12',
  );
});

test('so it is where no partner tells what a barrier orders', () => {
  const text = hoverAt(`
    //- /fill.c
    struct box { int data; int flag; };
    void fill(struct box *b) { WRITE_ONCE(b->data, 1); }
    void drain(struct box *b) { smp_mb(); }
    //- /writer.c
    struct box { int data; int flag; };
    static void raise(struct box *b)
    {
            WRITE_ONCE(b->flag, 1);
    }
    void publish(struct box *b)
    {
            fill(b);
            smp_w$0mb();
            raise(b);
    }
  `)!;
  expect(text).toContain('before it: box.data /fill.c:2');
  expect(text).toContain('after it: box.flag /writer.c:4');
});

/** The hover on the first use of a primitive in a function with only these statements. */
function taught(statements: string): readonly string[] {
  const fixture = `
    void f(atomic_t *a, spinlock_t *lock, int *p, int old, int new)
    {
            ${statements}
    }
  `;
  return hoverAt(fixture, { inKernel: true })!.split('\n');
}

test.each([
  ['atomic_i$0nc(a);', 'Keeps no other access in order.', 'Documentation/atomic_t.txt'],
  ['cmpx$0chg(p, old, new);', 'one that fails orders nothing', 'Documentation/atomic_t.txt'],
  ['spin_l$0ock(lock);', 'What stands before it may still be done behind it.', 'Documentation/'],
  ['atomic_dec_and_te$0st(a);', 'Keeps all accesses before it in front of ', 'Documentation/'],
  ['wake_up_b$0it(a, 0);', 'without a full barrier between the two the sleeper', 'wait_bit.c'],
])('%s: what it orders and what not, and who says so', (statements, words, document) => {
  const lines = taught(statements);
  expect(lines.length).toBeLessThanOrEqual(12);
  expect(lines.join('\n')).toContain(words);
  expect(lines.at(-1)).toContain(document);
});

test('no primitive of the kernel is taught in more than 12 lines, and each names its section', () => {
  for (const each of primitives.values()) {
    const lines = renderPrimitive(each, plain(String)).split('\n');
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines.at(-1)).toMatch(/^\S+, ".+"$/);
    expect(lines.join('\n')).toMatch(/For example .+;/);
  }
});

test('what one caller does before a barrier is not told with what another one does behind it', () => {
  const text = hoverAt(`
    struct box { int data; int flag; };
    struct lid { int open; int shut; };
    static void between(void)
    {
            /* Pairs with smp_mb() in look(). */
            smp_m$0b();
    }
    void fill(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            between();
    }
    void close(struct lid *l)
    {
            between();
            WRITE_ONCE(l->shut, 1);
    }
    int look(int *seen)
    {
            int old = READ_ONCE(*seen);
            /* Pairs with smp_mb() in between(). */
            smp_mb();
            return old;
    }`)!;
  expect(text).not.toMatch(/data.*→.*shut/);
  expect(text).toMatch(/before it: box\.data/);
});

test('what is read of another object of the type gives no name to the field that the verdict is about', () => {
  const text = hoverAt(`
    struct name { int len; int set; };
    void give(struct name *own, struct name *from)
    {
            own->len = 1;
            copy(own, READ_ONCE(from->len));
            smp_st$0ore_release(&own->set, 1);
    }
    int take(struct name *name)
    {
            if (!READ_ONCE(name->set))
                    return -1;
            smp_rmb();
            return READ_ONCE(name->len);
    }`)!;
  expect(text).toContain('Without it take() sees the new own->set and then the old own->len.');
});

test.each([
  ['set_bit(0, &b->flags)', 'test_bit(0, &b->flags)', 'clear_bit(0, &b->flags)'],
  ['netif_tx_stop_queue(b->q)', 'netif_tx_queue_stopped(b->q)', 'netif_tx_wake_queue(b->q)'],
])('who sets a bit and then looks is not said to see what was there: %s', (set, test, clear) => {
  const text = hoverAt(`
    struct netdev_queue { unsigned long state; };
    struct box { unsigned long flags; int room; struct netdev_queue *q; };
    int fill(struct box *b)
    {
            ${set};
            smp_m$0b();
            return READ_ONCE(b->room);
    }
    void make_room(struct box *b)
    {
            WRITE_ONCE(b->room, 1);
            smp_mb();
            if (${test})
                    ${clear};
    }`)!;
  expect(text).toMatch(/^✓ needed/);
  expect(text).toMatch(
    /Without it fill\(\) misses the new b->room while make_room\(\) misses the new \S+\./,
  );
});
