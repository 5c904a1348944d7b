/** Which sites the comments of barriers mean. */

import { describe, test } from 'vitest';
import { checkClaims } from './support/pairs.ts';

describe('in one file', () => {
  test('the named primitive in the named function', () =>
    checkClaims(
      `
      struct box { int data, flag, other; };
      void writer(struct box *b)
      {
              b->data = 1;
              /* Pairs with smp_rmb() in reader(). */
              smp_wmb(); //@ wmb
              b->flag = 1;
      }
      int reader(struct box *b)
      {
              smp_mb(); //@ mb
              if (!b->flag)
                      return 0;
              /* Pairs with smp_wmb() in writer(). */
              smp_rmb(); //@ rmb
              return b->data;
      }`,
      'wmb -> rmb',
      'rmb -> wmb',
    ));

  test('the kind that is named', () =>
    checkClaims(
      `
      void writer(struct box *b)
      {
              b->data = 1;
              smp_store_release(&b->flag, 1); //@ release
              smp_wmb(); //@ wmb
              b->other = 1;
      }
      int f(struct box *b)
      {
              int flag = b->other;
              /* The corresponding write barrier is in writer(). */
              smp_rmb(); //@ rmb
              return flag + b->flag;
      }
      int g(struct box *b)
      {
              /* Paired w/ release in writer() */
              return smp_load_acquire(&b->flag); //@ acquire
      }`,
      'rmb -> wmb',
      'acquire -> release',
    ));

  test('what an atomic operation does is its name, whatever it does it to', () =>
    checkClaims(
      `
      void activate(struct box *b)
      {
              int old = atomic_read(&b->state);
              do {
                      smp_rmb();
              } while (!atomic_try_cmpxchg(&b->state, &old, old | 1)); //@ cmpxchg
      }
      int f(struct box *b)
      {
              /* Paired with the cmpxchg() in activate(). */
              return atomic_read_acquire(&b->state); //@ acquire
      }`,
      'acquire -> cmpxchg',
    ));

  test('what a function does by way of one that does little but call it', () =>
    checkClaims(
      `
      void set_busy(struct box *b)
      {
              b->data = 1;
              smp_wmb(); //@ wmb
              b->flag = 1;
      }
      void mark(struct box *b)
      {
              set_busy(b);
      }
      void start(struct box *b)
      {
              mark(b);
      }
      int f(struct box *b)
      {
              int flag = b->flag;
              /* Pairs with start(). */
              smp_rmb(); //@ rmb
              return flag + b->data;
      }`,
      'rmb -> wmb',
    ));

  test('an operation of which no function is named: the one that meets the same fields', () =>
    checkClaims(
      `
      struct box { int data, flag, other, more; };
      void setup(struct box *b)
      {
              b->other = 1;
              smp_wmb(); //@ unrelated
              b->more = 1;
      }
      void set_mode(struct box *b)
      {
              b->data = 1;
              /* Pairs with smp_rmb() before reading data, where nobody is named. */
              smp_wmb(); //@ wmb
              b->flag = 1;
      }
      int reader(struct box *b)
      {
              if (!b->flag)
                      return 0;
              /* Matches smp_wmb() when the mode is set. */
              smp_rmb(); //@ rmb
              return b->data;
      }
      int alone(struct box *b)
      {
              int x = b->flag;
              /* Matches smp_mb() in user space. */
              smp_rmb();
              return b->other + x;
      }`,
      'wmb -> rmb',
      'rmb -> wmb',
    ));

  test('the 1st and the 2nd', () =>
    checkClaims(
      `
      void init(struct box *b)
      {
              b->a = 1;
              smp_wmb(); //@ first
              b->b = 1;
              smp_wmb(); //@ second
              b->c = 1;
      }
      int f(struct box *b)
      {
              int c = b->c;
              /* See the comment for the 2nd smp_wmb() in init(). */
              smp_rmb(); //@ one
              c += b->b;
              /* Pairs with the 1st smp_wmb() in init(). */
              smp_rmb(); //@ two
              return c + b->a;
      }`,
      'one -> second',
      'two -> first',
    ));

  test('by the fields, where the comment names only the function', () =>
    checkClaims(
      `
      struct box { int a, b, c; };
      void init(struct box *b)
      {
              b->a = 1;
              /* Pairs with f(). */
              smp_wmb(); //@ ab
              b->b = 1;
              /* Pairs with f(). */
              smp_wmb(); //@ bc
              b->c = 1;
      }
      int f(struct box *p)
      {
              int c = READ_ONCE(p->c);
              smp_rmb(); //@ cb
              c += READ_ONCE(p->b);
              smp_rmb(); //@ ba
              return c + p->a;
      }`,
      'ab -> ba',
      'bc -> cb',
    ));

  test('fields of the same name in another struct do not count', () =>
    checkClaims(
      `
      struct box { int a, b; };
      struct bag { int a, b; };
      void init(struct box *b)
      {
              b->a = 1;
              /* Pairs with f(). */
              smp_wmb(); //@ init
              b->b = 1;
      }
      int f(struct box *p, struct bag *q)
      {
              int b = READ_ONCE(q->b);
              smp_rmb(); //@ bag
              b += READ_ONCE(q->a) + READ_ONCE(p->b);
              smp_rmb(); //@ box
              return b + p->a;
      }`,
      'init -> box',
    ));

  test('above, below and labels', () =>
    checkClaims(
      `
      int f(struct box *b)
      {
              /* pairs with smp_store_release() below */
              if (smp_load_acquire(&b->ready)) //@ load
                      return 0;
              fill(b);
              /* pairs with smp_load_acquire() above */
              smp_store_release(&b->ready, 1); //@ store
              return 1;
      }
      void g(struct box *b) { b->x = 1; smp_mb(); /* A matches B */ //@ a
              b->y = READ_ONCE(b->z); }
      void h(struct box *b) { b->z = 1; smp_mb(); /* B matches A */ //@ b
              b->y = READ_ONCE(b->x); }`,
      'load -> store',
      'store -> load',
      'a -> b',
      'b -> a',
    ));

  test('a barrier that an atomic operation implies', () =>
    checkClaims(
      `
      void f(struct box *b)
      {
              b->data = 1;
              /* Pairs with the checks at the beginning of g(). */
              smp_wmb(); //@ wmb
              set_bit(READY, &b->flags);
      }
      int g(struct box *b)
      {
              if (!test_and_clear_bit(READY, &b->flags)) //@ test
                      return 0;
              return b->data;
      }`,
      'wmb -> test',
    ));

  test('in a function that the named one calls', () =>
    checkClaims(
      `
      static int fetch(struct box *b)
      {
              int flag = b->flag;
              smp_rmb(); //@ rmb
              return flag ? b->data : 0;
      }
      int reader(struct box *b)
      {
              return fetch(b);
      }
      void writer(struct box *b)
      {
              b->data = 1;
              /* pairs with the rmb in reader() */
              smp_wmb(); //@ wmb
              b->flag = 1;
      }`,
      'wmb -> rmb',
    ));

  test('further down, if the operation is named', () =>
    checkClaims(
      `
      static int get_bit(struct box *b) { return test_and_set_bit(BUSY, &b->map); } //@ bit
      static int get_any(struct box *b) { return get_bit(b); }
      int get(struct box *b) { return get_any(b); }
      void stop(struct box *b)
      {
              WRITE_ONCE(b->stopped, 1);
              /* Pairs with the barrier implied by test_and_set_bit() in get(). */
              smp_mb(); //@ mb
              if (READ_ONCE(b->map))
                      wait(b);
      }`,
      'mb -> bit',
    ));

  test('the function itself before those that it calls', () =>
    checkClaims(
      `
      static void fill(struct box *b) { b->a = 1; smp_mb(); b->b = 1; }
      void attach(struct box *b)
      {
              fill(b);
              b->data = 1;
              /* Pairs with the barrier in get(). */
              smp_wmb(); //@ wmb
              b->flag = 1;
      }
      int get(struct box *b)
      {
              int flag = b->flag;
              /* Pairs with the mb() in attach(). */
              smp_rmb(); //@ rmb
              return flag + b->data;
      }`,
      'wmb -> rmb',
      'rmb -> wmb',
    ));

  test('a function that is only mentioned, where its fields bear it out', () =>
    checkClaims(
      `
      struct box { int data, flag, other; };
      int poll(struct box *b)
      {
              int flag = READ_ONCE(b->flag);
              smp_rmb(); //@ rmb
              return flag + READ_ONCE(b->data);
      }
      int close(struct box *b) { int a = b->other; smp_rmb(); return a; } //@ other
      void fill(struct box *b)
      {
              b->data = 1;
              /* or else poll() takes an empty box for a full one */
              smp_wmb(); //@ wmb
              b->flag = 1;
      }
      void full(struct box *b)
      {
              b->data = 1;
              /* close() does not care */
              smp_mb(); //@ mb
              b->flag = 1;
      }`,
      'wmb -> rmb',
    ));

  test('a comment on a marked write, and on the call of a helper that orders', () =>
    checkClaims(
      `
      struct box { int state, flag, data; };
      static int take(struct box *b) { return smp_load_acquire(&b->flag); }
      static int peek(struct box *b) { return b->flag; }
      void set(struct box *b)
      {
              /* Paired with READ_ONCE() in get(). */
              WRITE_ONCE(b->state, 1); //@ write
              smp_store_release(&b->flag, 1); //@ release
      }
      int get(struct box *b)
      {
              return READ_ONCE(b->state); //@ read
      }
      int try(struct box *b)
      {
              /* Pairs with smp_store_release() in set(). */
              int flag = take(b); //@ take
              /* Pairs with the barrier in set(). */
              flag += peek(b);
              return flag + b->data;
      }`,
      'write -> read',
      'take -> release',
    ));

  test('a comment below what it is about', () =>
    checkClaims(
      `
      int try(struct box *b)
      {
              if (smp_load_acquire(&b->ready)) { //@ load
                      /* Pairs with the release in fill(). */
                      use(b);
              }
              b->count = xchg(&b->new, 0); //@ xchg
              /* xchg() implies a barrier, which pairs with the smp_wmb() in fill(). */
              use(b);
              return b->count;
      }
      void fill(struct box *b)
      {
              b->data = 1;
              smp_wmb(); //@ wmb
              b->new = 1;
              smp_store_release(&b->ready, 1); //@ store
      }`,
      'load -> store',
      'xchg -> wmb',
    ));

  test('an access that is marked as the comment says, and orders nothing', () =>
    checkClaims(
      `
      int get(struct box *b)
      {
              /* Paired with WRITE_ONCE() in set(). */
              return READ_ONCE(b->state); //@ read
      }
      void set(struct box *b)
      {
              WRITE_ONCE(b->state, 1);
      }`,
      'read -> ordered-otherwise',
    ));

  test('never two write sides', () =>
    checkClaims(
      `
      void f(struct box *b)
      {
              b->data = 1;
              /* Pairs with the barrier in g(). */
              smp_wmb(); //@ f
              b->flag = 1;
      }
      void g(struct box *b)
      {
              b->data = 2;
              smp_wmb(); //@ g
              b->flag = 2;
      }`,
      'f -> function-has-no-barrier',
    ));

  test('what a comment abbreviates', () =>
    checkClaims(
      `
      void usb_box_unthrottle(struct box *b)
      {
              clear_bit(THROTTLED, &b->flags);
              smp_mb__after_atomic(); //@ after
              submit(b->urb);
      }
      void callback(struct box *b)
      {
              b->urb = 1;
              /* Matches the smp_mb__after_atomic() in unthrottle(). */
              smp_mb(); //@ mb
              test_bit(THROTTLED, &b->flags);
      }`,
      'mb -> after',
    ));

  test('the stub under #else is not meant', () =>
    checkClaims(
      `
      #ifdef CONFIG_BOX
      static int reader(struct box *b)
      {
              int flag = b->flag;
              smp_rmb(); //@ rmb
              return flag ? b->data : 0;
      }
      #else
      static inline int reader(struct box *b) { return 0; }
      #endif
      void writer(struct box *b)
      {
              b->data = 1;
              smp_wmb(); /* pairs with reader() */ //@ wmb
              b->flag = 1;
      }`,
      'wmb -> rmb',
    ));
});

describe('across files', () => {
  const WRITER = `
      void publish(struct box *b)
      {
              b->data = 1;
              /* Pairs with smp_rmb() in consume(). */
              smp_wmb(); //@ wmb
              b->flag = 1;
      }`;
  const READER = `consume(struct box *b)
      {
              int flag = b->flag;
              smp_rmb(); //@ rmb
              return flag ? b->data : 0;
      }`;

  test('a global function of another folder', () =>
    checkClaims(`//- /drivers/a.c\n${WRITER}\n//- /lib/b.c\nint ${READER}`, 'wmb -> rmb'));

  test('an inline function of a header', () =>
    checkClaims(
      `//- /drivers/a.c\n${WRITER}\n//- /include/b.h\nstatic inline int ${READER}`,
      'wmb -> rmb',
    ));

  test('the nearest of several definitions', () =>
    checkClaims(
      `//- /drivers/box/a.c\n${WRITER}\n//- /drivers/box/b.c\nint ${READER}
//- /sound/c.c\nint ${READER.replace('//@ rmb', '//@ far')}`,
      'wmb -> rmb',
    ));

  test('a static function of another folder that does something else is not meant', () =>
    checkClaims(
      `//- /drivers/a.c\n${WRITER}\n//- /sound/b.c
      static void consume(struct tune *t) { play(t); }`,
      'wmb -> function-missing',
    ));

  test('the order that a called function in another file completes', () =>
    checkClaims(
      `//- /box/core.c
      void enable(struct box *b)
      {
              init(b);
              /* so that handler() will see the state before the stack */
              smp_wmb(); //@ enable
              push(b);
      }
      //- /box/box.c
      void init(struct box *b) { b->state = 1; }
      void push(struct box *b) { b->stack = b; }
      int handler(struct box *b)
      {
              int x = b->other;
              smp_rmb(); //@ wrong
              x += b->stack != 0;
              smp_rmb(); //@ right
              return x + b->state;
      }`,
      'enable -> right',
    ));
});

describe('claims that lead to no barrier', () => {
  const writer = (comment: string) => `
      void writer(struct box *b)
      {
              b->data = 1;
              /* ${comment} */
              smp_wmb(); //@ wmb
              b->flag = 1;
      }`;

  test('no such function', () =>
    checkClaims(writer('Pairs with smp_rmb() in nobody().'), 'wmb -> function-missing'));

  test('a function without any barrier', () =>
    checkClaims(
      `${writer('Pairs with smp_rmb() in reader().')}
      int reader(struct box *b) { return b->flag ? b->data : 0; }`,
      'wmb -> function-has-no-barrier',
    ));

  test('a function with another barrier', () =>
    checkClaims(
      `${writer('Pairs with smp_load_acquire() in reader().')}
      void reader(struct other *o) { o->x = 1; smp_wmb(); o->y = 1; }`,
      'wmb -> function-has-no-barrier',
    ));

  test('the other side is ordered by a lock', () =>
    checkClaims(
      `${writer('Pairs with reader().')}
      int reader(struct box *b)
      {
              spin_lock(&b->lock);
              return b->flag ? b->data : 0;
      }`,
      'wmb -> ordered-otherwise',
    ));

  test('the other side is ordered by a call', () =>
    checkClaims(
      `${writer('Pairs with queue_box_work() in reader().')}
      void reader(struct box *b) { queue_box_work(b); }`,
      'wmb -> ordered-otherwise',
    ));

  test('a macro is not looked into', () =>
    checkClaims(
      `#define box_wait(b) wait(b)
      ${writer('Pairs with box_wait().')}`,
      'wmb -> ordered-otherwise',
    ));

  test('a generic partner', () =>
    checkClaims(writer('Paired with wq_has_sleeper().'), 'wmb -> not-point-to-point'));
});
