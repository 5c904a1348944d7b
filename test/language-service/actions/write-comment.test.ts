/** The comment of a barrier written from its pairing. */

import { expect, test } from 'vitest';
import { applyActionAt } from '../support/check.ts';

test('what is ordered and with whom it pairs, indented as the barrier', () =>
  expect(
    applyActionAt(`
      struct box { int data; int flag; };
      int consume(struct box *b)
      {
              if (!READ_ONCE(b->flag))
                      return -1;
              smp_r$0mb();
              return READ_ONCE(b->data);
      }
      void publish(struct box *b)
      {
              WRITE_ONCE(b->data, 1);
              smp_wmb();
              WRITE_ONCE(b->flag, 1);
      }
    `),
  ).toContain(`
                return -1;
        /*
         * Order box.flag before box.data.
         * Pairs with smp_wmb() in publish().
         */
        smp_rmb();
`));
