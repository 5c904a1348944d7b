/** A lens above each barrier, whether its partner is known or not. */

import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../server/src/language-service/config.ts';
import { hoverAt, lensesOf } from './support/check.ts';

const BOTH = `
  struct box { int data; int flag; };
  void publish(struct box *b)
  {
          WRITE_ONCE(b->data, 1);
          smp_wmb();
          WRITE_ONCE(b->flag, 1);
  }
  int consume(struct box *b)
  {
          if (!READ_ONCE(b->flag))
                  return -1;
          smp_rmb();
          return READ_ONCE(b->data);
  }
  void alone(void)
  {
          smp_mb();
          dma_wmb();
  }
`;

test('the verdict, and with whom', () =>
  expect(lensesOf(BOTH)).toEqual([
    '/main.c:5 ✓ needed · pairs with consume()',
    '/main.c:12 ✓ needed · pairs with publish()',
    '/main.c:17 ? no partner found · full barrier',
  ]));

test('where the function on the other side lacks the order, the lens says in which', () =>
  expect(lensesOf(BOTH.replace('          smp_rmb();\n', ''))[0]).toBe(
    '/main.c:5 ✗ no such order in consume()',
  ));

test('a verdict stands beside the partner that it is about', () => {
  const third = `
  void other(struct box *b, struct box *c)
  {
          /* Pairs with publish(). */
          smp_rmb();
          asm("nop");
          c->flag = 2;
  }
  `;
  const claimed = BOTH.replace('smp_wmb();', '/* Pairs with consume(). */ smp_wmb();');
  expect(lensesOf(claimed + third)[0]).toBe('/main.c:5 ✓ needed · pairs with consume() +1');
});

test('marked accesses that a comment pairs order nothing: no question is open', () => {
  const marked = `
    struct box { int cpu; };
    void set(struct box *b)
    {
            /* Pairs with the READ_ONCE() in get(). */
            WRITE_ONCE(b->cpu, 1);
    }
    int get(struct box *b)
    {
            /* Pairs with the WRITE_ONCE() in set(). */
            return READ_ONCE(b->cpu);
    }
  `;
  expect(lensesOf(marked)).toEqual([
    '/main.c:5 · marked, orders nothing · pairs with get()',
    '/main.c:10 · marked, orders nothing · pairs with set()',
  ]);
  expect(hoverAt(marked.replace('WRITE_ONCE(b', 'WRITE_$0ONCE(b'))).toContain(
    'nothing is ordered by them',
  );
});

test('can be switched off', () =>
  expect(
    lensesOf(BOTH, {
      settings: { ...DEFAULT_SETTINGS, codeLens: { enable: false, implied: true } },
    }),
  ).toEqual([]));

test('an operation that implies a barrier has one where its comment relies on it', () => {
  const fixture = `
    struct box { int data; unsigned long flags; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            smp_wmb();
            set_bit(0, &b->flags);
    }
    int consume(struct box *b)
    {
            /* Also serves as a read barrier. Pairs with smp_wmb() in publish(). */
            if (!test_and_clear_bit(0, &b->flags))
                    return -1;
            return READ_ONCE(b->data);
    }
  `;
  expect(lensesOf(fixture).map((lens) => lens.split(' ')[0])).toEqual(['/main.c:5', '/main.c:11']);
  const settings = { ...DEFAULT_SETTINGS, codeLens: { enable: true, implied: false } };
  expect(lensesOf(fixture, { settings }).map((lens) => lens.split(' ')[0])).toEqual(['/main.c:5']);
});
