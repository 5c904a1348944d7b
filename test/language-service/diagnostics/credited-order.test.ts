/** `credited-order`: a comment that takes a lock for a full barrier, or what orders nothing for a barrier. */

import { test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const queue = (line: string, comment: string, marks = '') => `
    struct bucket { spinlock_t lock; atomic_t waiters; int chain; };
    int queue(struct bucket *b)
    {
            atomic_inc(&b->waiters);
            ${comment}
            ${line}
            ${marks}
            return b->chain;
    }
    int pending(struct bucket *b)
    {
            smp_mb();
            return atomic_read(&b->waiters);
    }
  `;

test('a lock that is said to imply smp_mb()', () =>
  checkDiagnostics(
    queue(
      'spin_lock(&b->lock); /* implies smp_mb(); (A) */',
      '',
      '//^^^^^^^^^^^^^^^^^^^ warning: credited-order: the comment of spin_lock() on bucket.lock takes it for a full barrier, and it is none: what stands before it can come later than what stands behind it',
    ).replace('            //^', '          //^'),
  ));

test('not where the comment says the opposite', () =>
  checkDiagnostics(
    queue('spin_lock(&b->lock);', '/* Taking it implies a full barrier? It does not. */'),
  ));

test('not where the comment may be that of the barrier behind it', () =>
  checkDiagnostics(
    queue(
      'spin_lock(&b->lock); /* is a full barrier with what follows */',
      '',
      'smp_mb__after_spinlock();',
    ),
  ));

test.each([
  '/* Pairs with the implied memory barrier\n * of atomic_dec_return() in give(). */',
  '/* The smp_mb() below pairs with what is an implied full barrier there. */',
])('not where the comment speaks of another one: %s', (comment) =>
  checkDiagnostics(
    queue('spin_lock(&b->lock);', comment, 'b->chain = 1; b->chain = 2;\n\n\n\n smp_mb();'),
  ),
);

const IN_KERNEL = { inKernel: true };

const read = (comment: string, mark = '') => `
    struct mirror { int head; atomic_t synced; unsigned long flags; };
    int get(struct mirror *m)
    {
            ${comment}
            if (!atomic_read(&m->synced))
${mark}
                    return -1;
            return READ_ONCE(m->head);
    }`;

test.each([
  ['/* atomic_read() is an acquire: what follows sees the rest. */', 'an acquire'],
  ['/* Here atomic_read() implies a\n * full memory barrier. */', 'a barrier'],
])('an operation without an order: %s', (comment, what) =>
  checkDiagnostics(
    read(
      comment,
      `               //^^^^^^^^^^^^^^^^^^^^^^^ warning: credited-order: the comment of atomic_read() on mirror.synced takes it for ${what}, and it orders nothing`,
    ),
    IN_KERNEL,
  ),
);

test.each([
  '/* atomic_read() is not an acquire, and need not be. */',
  '/* atomic_inc_return() is a full barrier on the other side. */',
  '/* atomic_read() is enough, the value is a hint. */',
])('silent where the comment says nothing wrong: %s', (comment) => checkDiagnostics(read(comment)));
