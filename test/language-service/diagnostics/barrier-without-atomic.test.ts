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
