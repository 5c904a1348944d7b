/** `barrier-without-atomic`: smp_mb__before_atomic() and smp_mb__after_atomic() beside what is no read-modify-write (atomic_t.txt, ORDERING). */

import { test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const counter = (code: string) => `
    struct counter { atomic_t left; unsigned long flags; int batch; };
    void reset(struct counter *c)
    {
            ${code}
    }
    static int other(struct counter *c) { smp_mb(); return READ_ONCE(c->batch); }`;

test('before atomic_set()', () =>
  checkDiagnostics(
    counter(`WRITE_ONCE(c->batch, 8);
            smp_mb__before_atomic();
          //^^^^^^^^^^^^^^^^^^^^^^^ warning: barrier-without-atomic: smp_mb__before_atomic() orders nothing: the write of counter.left beside it is no atomic read-modify-write
            atomic_set(&c->left, 1);`),
  ));

test('behind atomic_read()', () =>
  checkDiagnostics(
    counter(`if (atomic_read(&c->left)) {
            smp_mb__after_atomic();
          //^^^^^^^^^^^^^^^^^^^^^^ warning: barrier-without-atomic: smp_mb__after_atomic() orders nothing: the read of counter.left beside it is no atomic read-modify-write
            WRITE_ONCE(c->batch, 8); }`),
  ));

test('before atomic_read(), whatever is woken then', () =>
  checkDiagnostics(
    counter(`WRITE_ONCE(c->batch, 8);
            smp_mb__before_atomic();
          //^^^^^^^^^^^^^^^^^^^^^^^ warning: barrier-without-atomic: smp_mb__before_atomic() orders nothing: the read of counter.left beside it is no atomic read-modify-write
            if (atomic_read(&c->left))
                    wake_up_all(&box_queue);`),
  ));

test('before atomic_read(), whatever is counted in what is called behind it', () =>
  checkDiagnostics(`
    struct counter { atomic_t left; int batch; };
    static void take(struct counter *c) { atomic_dec(&c->left); }
    void reset(struct counter *c)
    {
            WRITE_ONCE(c->batch, 8);
            smp_mb__before_atomic();
          //^^^^^^^^^^^^^^^^^^^^^^^ warning: barrier-without-atomic: smp_mb__before_atomic() orders nothing: the read of counter.left beside it is no atomic read-modify-write
            if (atomic_read(&c->left))
                    take(c);
    }
    static int other(struct counter *c) { smp_mb(); return READ_ONCE(c->batch); }`));

test('silent: the operation is the first thing of what is called', () =>
  checkDiagnostics(`
    struct counter { atomic_t left; int batch; };
    static void take(struct counter *c) { atomic_dec(&c->left); }
    void reset(struct counter *c)
    {
            WRITE_ONCE(c->batch, 8);
            smp_mb__before_atomic();
            take(c);
            if (atomic_read(&c->left))
                    wake_up_all(&box_queue);
    }
    static int other(struct counter *c) { smp_mb(); return READ_ONCE(c->batch); }`));

test.each([
  'smp_mb__before_atomic(); atomic_dec(&c->left);',
  'smp_mb__before_atomic(); clear_bit(0, &c->flags);',
  'smp_mb__before_atomic(); if (READ_ONCE(c->batch)) atomic_inc(&c->left);',
  'atomic_inc(&c->left); smp_mb__after_atomic(); WRITE_ONCE(c->batch, 1);',
  'set_bit(0, &c->flags); if (READ_ONCE(c->batch)) smp_mb__after_atomic();',
  'smp_mb__before_atomic(); drop_it(c); atomic_set(&c->left, 0);',
  'WRITE_ONCE(c->batch, 1); smp_mb__before_atomic();',
])('silent: %s', (code) => checkDiagnostics(counter(code)));

const spaceOf = (release: string, comment: string) => `
    struct queue { atomic_t used; int waiting; };
    static void space_freed(struct queue *q)
    {
            if (atomic_read(&q->used) < 8) {
                    /* ${comment} */
                    smp_mb__after_atomic();
                  //^^^^^^^^^^^^^^^^^^^^^^
                    if (READ_ONCE(q->waiting))
                            wake_up_all(&box_queue);
            }
    }
    void buffer_free(struct queue *q)
    {
            ${release}
            space_freed(q);
    }
    static int other(struct queue *q) { WRITE_ONCE(q->waiting, 1); smp_mb(); return atomic_read(&q->used); }`;

test('silent: the comment counts on the operation of a caller', () =>
  checkDiagnostics(
    spaceOf('atomic_dec(&q->used);', 'rely on atomic_dec() from buffer_free()').replace(
      /\n *\/\/\^+/,
      '',
    ),
  ));

test('the caller that the comment counts on has no operation', () =>
  checkDiagnostics(
    spaceOf('atomic_set(&q->used, 0);', 'rely on atomic_dec() from buffer_free()').replace(
      '//^^^^^^^^^^^^^^^^^^^^^^',
      '//^^^^^^^^^^^^^^^^^^^^^^ warning: barrier-without-atomic: smp_mb__after_atomic() orders nothing: the read of queue.used beside it is no atomic read-modify-write',
    ),
  ));

test('the comment names another function than a caller', () =>
  checkDiagnostics(
    spaceOf('atomic_dec(&q->used);', 'pairs with smp_mb() in other()').replace(
      '//^^^^^^^^^^^^^^^^^^^^^^',
      '//^^^^^^^^^^^^^^^^^^^^^^ warning: barrier-without-atomic: smp_mb__after_atomic() orders nothing: the read of queue.used beside it is no atomic read-modify-write',
    ),
  ));
