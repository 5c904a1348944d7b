/** Go to definition on a barrier is its partners; references are all sites of the pairing. */

import { expect, test } from 'vitest';
import { placesAt } from './support/check.ts';

const TWO_READERS = (writer: string, first: string) => `
  //- /writer.c
  struct box { int data; int flag; };
  void publish(struct box *b)
  {
          WRITE_ONCE(b->data, 1);
          /* Pairs with the read barriers in consume() and peek(). */
          ${writer};
          WRITE_ONCE(b->flag, 1);
  }
  //- /readers.c
  struct box { int data; int flag; };
  int consume(struct box *b)
  {
          if (!READ_ONCE(b->flag))
                  return -1;
          /* Pairs with smp_wmb() in publish(). */
          ${first};
          return READ_ONCE(b->data);
  }
  int peek(struct box *b)
  {
          if (!READ_ONCE(b->flag))
                  return -1;
          /* Pairs with smp_wmb() in publish(). */
          smp_rmb();
          return READ_ONCE(b->data);
  }
`;

test('from the writer to both readers', () =>
  expect([...placesAt(TWO_READERS('smp_$0wmb()', 'smp_rmb()'), 'definition')].sort()).toEqual([
    '/readers.c:15',
    '/readers.c:7',
  ]));

test('from one reader: the writer; all sites of the pairing: the other reader too', () => {
  const fixture = TWO_READERS('smp_wmb()', 'smp_r$0mb()');
  expect(placesAt(fixture, 'definition')).toEqual(['/writer.c:6']);
  expect([...placesAt(fixture, 'references')].sort()).toEqual([
    '/readers.c:15',
    '/readers.c:7',
    '/writer.c:6',
  ]);
});

test('beside a barrier there is nothing to go to', () =>
  expect(placesAt('void f$0(void) { smp_mb(); smp_rmb(); }', 'definition')).toEqual([]));
