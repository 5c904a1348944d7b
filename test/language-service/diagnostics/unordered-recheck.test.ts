/** `unordered-recheck`: a second look at a counter that nothing orders behind what it vouches for (seqlock.rst). */

import { test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const count = (read: string) => `
    struct slot { unsigned int count; int key; int value; };
    void fill(struct slot *s, int key, int value)
    {
            WRITE_ONCE(s->count, s->count + 1);
            smp_wmb();
            s->key = key;
            s->value = value;
            smp_store_release(&s->count, s->count + 1);
    }
    bool peek(struct slot *s, int *key)
    {
            unsigned int before, after;
            ${read}
    }`;

const inHelper = (fixture: string) =>
  fixture.replace('s->key = key;', 'set(s, key);').replace(
    'void fill',
    `static void set(struct slot *s, int key)
    {
            s->key = key;
    }
    void fill`,
  );

const FAULT =
  'unordered-recheck: nothing orders the read of slot.key before this second read of slot.count: peek() can take the new slot.key for the old one';

test('an acquire behind the reads', () =>
  checkDiagnostics(
    count(`before = smp_load_acquire(&s->count);
            *key = s->key;
            return before == smp_load_acquire(&s->count);
                           //^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: ${FAULT}`),
  ));

test('where a helper of the writer stores what is read', () =>
  checkDiagnostics(
    inHelper(
      count(`before = smp_load_acquire(&s->count);
            *key = s->key;
            return before == smp_load_acquire(&s->count);
                           //^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: ${FAULT}`),
    ),
  ));

test('marked reads only', () =>
  checkDiagnostics(
    count(`before = READ_ONCE(s->count);
            *key = s->key;
            after = READ_ONCE(s->count);
                  //^^^^^^^^^^^^^^^^^^^ information: ${FAULT}
            return before == after;`),
  ));

test('the first look in the middle of a condition, with a read barrier behind it', () =>
  checkDiagnostics(
    count(`do {
                    while ((before = READ_ONCE(s->count)) & 1)
                            cpu_relax();
                    smp_rmb();
                    *key = s->key;
            } while (READ_ONCE(s->count) != before);
                   //^^^^^^^^^^^^^^^^^^^ warning: ${FAULT}
            return true;`),
  ));

test.each([
  'before = smp_load_acquire(&s->count); *key = s->key; smp_rmb(); return before == READ_ONCE(s->count);',
  'before = READ_ONCE(s->count); smp_rmb(); *key = s->key; smp_rmb(); after = READ_ONCE(s->count); return before == after;',
  'before = READ_ONCE(s->count); *key = smp_load_acquire(&s->key); return before == READ_ONCE(s->count);',
  'before = READ_ONCE(s->count); read_it(s, key); return before == READ_ONCE(s->count);',
  'before = READ_ONCE(s->count); return before == READ_ONCE(s->count);',
  'before = smp_load_acquire(&s->count); *key = s->key; wait_var_event(&s->count, smp_load_acquire(&s->count) != before); return true;',
])('silent: %s', (read) => checkDiagnostics(count(read)));

test('silent where nobody stores what was read in between', () =>
  checkDiagnostics(`
    struct slot { unsigned int count; int key; };
    void next(struct slot *s) { smp_store_release(&s->count, s->count + 1); }
    bool peek(struct slot *s, int *key)
    {
            unsigned int before = smp_load_acquire(&s->count);
            *key = s->key;
            return before == READ_ONCE(s->count);
    }`));
