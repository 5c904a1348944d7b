/** `broken-pairing`: both barriers are there and the bad outcome can still happen. */

import { describe, expect, test } from 'vitest';
import { plain } from '../../../server/src/language-service/markup.ts';
import { checkDiagnostics, hostOf } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

/** Nothing keeps the reader's two reads in order: its barrier stands before both of them. */
const WRONG_SIDE = `
  //- /writer.c
  struct box { int data; int flag; };
  void publish(struct box *b)
  {
          WRITE_ONCE(b->data, 1);
          /* Pairs with the barrier in consume(). */
          smp_wmb();
          WRITE_ONCE(b->flag, 1);
  }
  //- /reader.c
  struct box { int data; int flag; };
  int consume(struct box *b)
  {
          /* Pairs with smp_wmb() in publish(). */
          smp_rmb();
        //^^^^^^^^^ warning: broken-pairing: the pairing with smp_wmb() in publish() is broken: consume() sees the new box.flag and then the old box.data
          if (!READ_ONCE(b->flag))
                  return -1;
          return READ_ONCE(b->data);
  }
`;

test('a read barrier on the wrong side of the reads', () => checkDiagnostics(WRONG_SIDE));

test('the execution is told step by step, reads after the writes that they read from', () => {
  const snapshot = hostOf(readFixture(WRONG_SIDE)).snapshot();
  const [finding] = snapshot.diagnostics('/reader.c');
  const told = finding!.related.map(({ file, line, message }) => `${file}:${line} ${message}`);
  expect(told).toEqual([
    '/writer.c:4 P0: publish() writes box.data = 1',
    '/writer.c:6 P0: publish() smp_wmb()',
    '/writer.c:7 P0: publish() writes box.flag = 1',
    '/reader.c:5 P1: consume() smp_rmb()',
    '/reader.c:6 P1: consume() reads box.flag = 1, from P0',
    '/reader.c:8 P1: consume() reads box.data = 0, a value that has been overwritten',
  ]);
});

test('the other side says the same in lens and hover, in its own words', () => {
  const snapshot = hostOf(readFixture(WRONG_SIDE)).snapshot();
  const [lens] = snapshot.lenses('/writer.c');
  expect(lens!.title).toBe('✗ broken: flag seen before data');
  const hover = snapshot.hover('/writer.c', lens!.span.start, plain(String));
  expect(hover!.text.split('\n').at(-1)).toBe(
    'The pairing with smp_rmb() in consume() is broken: consume() sees the new b->flag and then the old b->data.',
  );
});

test('a pairing that holds is not mentioned', () =>
  checkDiagnostics(`
    struct box { int data; int flag; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            /* Pairs with the barrier in consume(). */
            smp_wmb();
            WRITE_ONCE(b->flag, 1);
    }
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            /* Pairs with smp_wmb() in publish(). */
            smp_rmb();
            return READ_ONCE(b->data);
    }
  `));

test('fields that only a caller accesses may not be what the comment is about', () =>
  checkDiagnostics(`
    struct box { int data; int flag; int valid; };
    static void publish(struct box *b)
    {
            /* Pairs with the barrier in consume(). */
            smp_wmb();
            WRITE_ONCE(b->flag, 1);
    }
    void prepare(struct box *b)
    {
            WRITE_ONCE(b->valid, 1);
            publish(b);
    }
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag) || !READ_ONCE(b->valid))
                    return -1;
            /* Pairs with smp_wmb() in publish(). */
            smp_rmb();
            return READ_ONCE(b->data);
    }
  `));

test('what is read need not be what the release wrote: other bits of the word were stored before', () =>
  checkDiagnostics(`
    struct box { int data; int flags; };
    void change(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            WRITE_ONCE(b->flags, 2);
            /* Pairs with smp_load_acquire() in look(). */
            smp_store_release(&b->flags, 1);
    }
    int look(struct box *b)
    {
            /* Pairs with smp_store_release() in change(). */
            if (!smp_load_acquire(&b->flags))
                    return -1;
            return READ_ONCE(b->data);
    }
  `));

describe('what is stored is a function, and what is compared with is one', () => {
  const hook = (first: string, second: string, marks = ['', '']) => `
    struct hook { void (*fn)(void *); void *arg; };
    void stub(void *arg) {}
    void attach(struct hook *h, void (*fn)(void *), void *arg)
    {
            if (h->fn != stub)
                    return;
            WRITE_ONCE(h->arg, arg);
            /* Pairs with smp_rmb() in call(). */
            smp_wmb();
          ${marks[0]}
            WRITE_ONCE(h->fn, fn);
    }
    void call(struct hook *h)
    {
            void (*fn)(void *);
            void *arg;
            ${first}
            /* Pairs with smp_wmb() in attach(). */
            smp_rmb();
          ${marks[1]}
            ${second}
            fn(arg);
    }`;
  const FUNCTION = 'fn = READ_ONCE(h->fn);';
  const ARGUMENT = 'arg = READ_ONCE(h->arg);';
  const BAD = 'call() takes the old hook.arg and then sees the new hook.fn';

  test('both sides access the two in the same order', () =>
    checkDiagnostics(
      hook(ARGUMENT, FUNCTION, [
        `//^^^^^^^^^ warning: broken-pairing: the pairing with smp_rmb() in call() is broken: ${BAD}`,
        `//^^^^^^^^^ warning: broken-pairing: the pairing with smp_wmb() in attach() is broken: ${BAD}`,
      ]),
    ));

  test('silent where the reader has them the other way round', () =>
    checkDiagnostics(hook(FUNCTION, ARGUMENT)));

  const areas = (count: string) => `
    #define USED 1
    struct area { unsigned long flags; int max; };
    struct area *areas[8];
    int nr_areas;
    void add_area(struct area *a, int max)
    {
            WRITE_ONCE(areas[nr_areas], a);
            /* Pairs with smp_rmb() in first_area(). */
            smp_wmb();
            WRITE_ONCE(nr_areas, nr_areas + 1);
            WRITE_ONCE(a->max, max);
            /* Pairs with the acquire in first_area(). */
            smp_store_release(&a->flags, USED);
    }
    struct area *first_area(void)
    {
            struct area *a;
            int i;
            for (i = 0; i < READ_ONCE(nr_areas); i++) {
                    ${count}
                    a = READ_ONCE(areas[i]);
                    if (smp_load_acquire(&a->flags) & USED)
                            return a;
            }
            return NULL;
    }`;

  test('silent where another barrier, or the way there, orders them as they are', () =>
    checkDiagnostics(areas('smp_rmb();')));
});
