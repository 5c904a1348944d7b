/** Who pairs with whom by the fields alone. */

import { describe, expect, test } from 'vitest';
import { checkInferred, paired } from './support/pairs.ts';

const BOX = 'struct box { int data, flag, other; struct box *next; };\nstatic struct box *the_box;';

describe('shapes', () => {
  test('message passing: write barrier and read barrier', () =>
    checkInferred(
      `${BOX}
      void w(struct box *b) { b->data = 1; smp_wmb(); //@ w
              b->flag = 1; }
      int r(struct box *b) { int f = b->flag; smp_rmb(); //@ r
              return f ? b->data : 0; }`,
      'w - r: MP box.data, box.flag',
    ));

  test('message passing: release and acquire', () =>
    checkInferred(
      `${BOX}
      void w(struct box *b) { b->data = 1; smp_store_release(&b->flag, 1); //@ w
      }
      int r(struct box *b) { if (smp_load_acquire(&b->flag)) //@ r
              return b->data; return 0; }`,
      'w - r: MP box.data, box.flag',
    ));

  test('message passing: a release and a read barrier', () =>
    checkInferred(
      `${BOX}
      void w(struct box *b) { b->data = 1; smp_store_release(&b->flag, 1); //@ w
      }
      int r(struct box *b) { int f = READ_ONCE(b->flag); smp_rmb(); //@ r
              return f ? b->data : 0; }`,
      'w - r: MP box.data, box.flag',
    ));

  test('publishing by RCU', () =>
    checkInferred(
      `${BOX}
      void w(struct box *b) { b->data = 1; rcu_assign_pointer(the_box, b); //@ w
      }
      int r(void) { struct box *b = rcu_dereference(the_box); //@ r
              return b->data; }`,
      'w - r: MP box.data, the_box',
    ));

  test('store buffering: two full barriers', () =>
    checkInferred(
      `${BOX}
      int f(struct box *b) { WRITE_ONCE(b->data, 1); smp_mb(); //@ f
              return READ_ONCE(b->flag); }
      int g(struct box *b) { WRITE_ONCE(b->flag, 1); smp_mb(); //@ g
              return READ_ONCE(b->data); }`,
      'f - g: SB box.data, box.flag',
    ));

  test('load buffering: two full barriers', () =>
    checkInferred(
      `${BOX}
      void f(struct box *b) { int x = READ_ONCE(b->data); smp_mb(); //@ f
              WRITE_ONCE(b->flag, x); }
      void g(struct box *b) { int x = READ_ONCE(b->flag); smp_mb(); //@ g
              WRITE_ONCE(b->data, x); }`,
      'f - g: LB box.data, box.flag',
    ));

  test('a fully ordered atomic operation as one side', () =>
    checkInferred(
      `${BOX}
      void w(struct box *b) { b->data = 1; smp_wmb(); //@ w
              set_bit(READY, &b->flag); }
      int r(struct box *b) { if (test_and_clear_bit(READY, &b->flag)) //@ r
              return b->data; return 0; }`,
      'w - r: MP box.data, box.flag',
    ));
});

describe('one field', () => {
  test('what is written right behind the one barrier and read right before the other', () =>
    checkInferred(
      `${BOX}
      void w(struct box *b) { fill(b); smp_wmb(); //@ w
              b->flag = 1; }
      int r(struct box *b) { int f = b->flag; smp_rmb(); //@ r
              return f ? look(b) : 0; }
      int other(struct box *b) { int f = b->other; smp_rmb();
              return f ? look(b) : 0; }`,
      'w - r',
    ));

  test('far away it says nothing', () =>
    checkInferred(
      `${BOX}
      void w(struct box *b) { fill(b); smp_wmb();
              a(); c(); d(); e(); g(); h(); b->flag = 1; }
      int r(struct box *b) { int f = b->flag; a(); c(); d(); e(); g(); h(); smp_rmb();
              return f ? look(b) : 0; }`,
    ));

  test('a release and a marked read on which others depend', () =>
    checkInferred(
      `${BOX}
      void w(struct box *b) { fill(b); smp_store_release(&the_box, b); //@ w
      }
      int r(void) { struct box *b = READ_ONCE(the_box); //@ r
              return b->data; }`,
      'w - r',
    ));

  test('a release and a marked read that its caller goes on from', () =>
    checkInferred(
      `${BOX}
      void w(struct box *b) { b->data = 1; smp_store_release(&b->next, b); //@ w
      }
      struct box *r(struct box *b) { return READ_ONCE(b->next); //@ r
      }`,
      'w - r',
    ));

  test('an atomic release and an atomic acquire', () =>
    checkInferred(
      `struct box { int data; atomic_t state; };
      void w(struct box *b) { b->data = 1; atomic_fetch_or_release(1, &b->state); //@ w
      }
      int r(struct box *b) { if (atomic_fetch_andnot_acquire(1, &b->state)) //@ r
              return b->data; return 0; }`,
      'w - r: MP box.data, box.state',
    ));

  test('a waiter on the stack of the other side', () =>
    checkInferred(
      `${BOX}
      void wake(struct box *b) { smp_store_release(&b->flag, 1); //@ wake
      }
      void wait(void) { struct box mine; hand_over(&mine);
              while (!READ_ONCE(mine.flag)) relax();
              smp_acquire__after_ctrl_dep(); //@ wait
      }`,
      'wake - wait',
    ));

  test('a bit that a variable numbers can be any', () =>
    checkInferred(
      `${BOX}
      void f(struct box *b, int i) { set_bit(i, &b->flag); smp_mb__after_atomic(); //@ f
              if (b->other) wake(b); }
      void g(struct box *b) { b->other = 1; smp_mb(); //@ g
              if (test_bit(READY, &b->flag)) a(); }`,
      'f - g: SB box.flag, box.other',
    ));
});

describe('a field that everybody orders', () => {
  /** Functions of another file, more than a field is of use for. */
  const crowd = Array.from(
    { length: 100 },
    (_, at) => `void c${at}(struct box *b) { fill(b); smp_wmb(); b->flag = ${at}; }`,
  ).join('\n');

  test('says who belongs together in a file where few do', () =>
    checkInferred(
      `//- /many.c
      ${BOX}
      ${crowd}
      //- /few.c
      ${BOX}
      void w(struct box *b) { fill(b); smp_wmb(); //@ w
              b->flag = 1; }
      int r(struct box *b) { int f = b->flag; smp_rmb(); //@ r
              return f ? look(b) : 0; }`,
      'w - r',
    ));

  test('says nothing of two files', () =>
    checkInferred(
      `//- /few.c
      ${BOX}
      int r(struct box *b) { int f = b->flag; smp_rmb();
              return f ? look(b) : 0; }
      //- /many.c
      ${BOX}
      ${crowd}`,
    ));
});

describe('a field whose struct one side does not know', () => {
  const sides = (field: string) => `struct box { int data, ${field}; };
      void w(struct box *b) { fill(b); smp_wmb(); //@ w
              b->${field} = 1; }
      int r(void) { int f = lost()->${field}; smp_rmb(); //@ r
              return f ? look() : 0; }`;

  test('is the one of that name, where that has several words', () =>
    checkInferred(sides('rx_hard_ack'), 'w - r'));

  test('is any, where it has one', () => checkInferred(sides('ack')));
});

describe('no pair', () => {
  test('two write sides', () =>
    checkInferred(
      `${BOX}
      void f(struct box *b) { b->data = 1; smp_wmb(); b->flag = 1; }
      void g(struct box *b) { b->flag = 2; smp_wmb(); b->data = 2; }`,
    ));

  test('the reader reads in the same order', () =>
    checkInferred(
      `${BOX}
      void w(struct box *b) { b->data = 1; smp_wmb(); b->flag = 1; }
      int r(struct box *b) { int d = b->data; smp_rmb(); return d + b->flag; }`,
    ));

  test('fields of the same name in different structs', () =>
    checkInferred(
      `${BOX} struct bag { int data, flag; };
      void w(struct box *b) { b->data = 1; smp_wmb(); b->flag = 1; }
      int r(struct bag *b) { int f = b->flag; smp_rmb(); return f + b->data; }`,
    ));

  test('different bits of one word', () =>
    checkInferred(
      `${BOX}
      void w(struct box *b) { b->data = 1; smp_wmb(); set_bit(ONE, &b->flag); }
      int r(struct box *b) { if (test_and_clear_bit(TWO, &b->flag)) return b->data; return 0; }`,
    ));

  test('locks', () =>
    checkInferred(
      `${BOX}
      void f(struct box *b) { spin_lock(&b->other); b->data = 1; spin_unlock(&b->other); }
      void g(struct box *b) { spin_lock(&b->other); b->data = 2; spin_unlock(&b->other); }`,
    ));

  test('two atomic operations that only imply an order', () =>
    checkInferred(
      `${BOX}
      void f(struct box *b) { b->data = 1; atomic_xchg(&b->flag, 1); }
      int g(struct box *b) { if (atomic_xchg(&b->flag, 0)) return b->data; return 0; }`,
    ));
});

test('of two readers the one that meets both fields comes first, with its reason', async () => {
  const { result, markOf } = await paired(
    `${BOX}
    void w(struct box *b) { b->data = 1; smp_wmb(); //@ w
            b->flag = 1; }
    int far(struct box *b) { int f = b->flag; smp_rmb(); //@ far
            a(); c(); d(); e(); g(); h(); i(); j(); k(); l(); m(); n(); o(); p(); q(); return b->data; }
    int near(struct box *b) { int f = b->flag; smp_rmb(); //@ near
            return b->data; }`,
  );
  const [first, second] = result.pairings;
  expect(first?.sites.map(markOf)).toEqual(['w', 'near']);
  expect(second?.score).toBeLessThan(first!.score);
  expect(first?.reasons[0]).toBe('w() orders box.data before box.flag, near() the reverse (MP)');
});

test('a claim and the fields together are surer than either', async () => {
  const { result } = await paired(
    `${BOX}
    void w(struct box *b) { b->data = 1; /* pairs with r() */ smp_wmb(); b->flag = 1; }
    int r(struct box *b) { int f = b->flag; smp_rmb(); return f ? b->data : 0; }`,
  );
  expect(result.pairings).toHaveLength(1);
  expect(result.pairings[0]?.sources).toEqual(['claimed', 'inferred']);
  expect(result.pairings[0]?.score).toBeGreaterThan(0.95);
});
