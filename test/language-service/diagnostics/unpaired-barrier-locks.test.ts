/** `unpaired-barrier` where the reader holds a lock: it is no order unless the other side can hold it, too. */

import { describe, test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const WARNED =
  'warning: unpaired-barrier: nothing orders rec.done before rec.data in drain(), as smp_wmb() in add() does on the other side: drain() sees the new rec.done and then the old rec.data';

/** A log that is written without a lock, and read under one. */
const log = (lock: string, unlock: string, { mark = '', more = '', record = RECORD } = {}) => `
    ${record}
    static DEFINE_MUTEX(readers);
    void add(struct rec *r, int data)
    {
            r->data = data;
            smp_wmb();
            WRITE_ONCE(r->done, 1);
    }
    int drain(struct rec *r)
    {
            int data = -1;
            ${lock}
            if (READ_ONCE(r->done))
                    data = r->data;
                         ${mark}
            ${unlock}
            return data;
    }
    ${more}`;

const RECORD = 'struct rec { int data; int done; struct mutex lock; };';
const inKernel = { inKernel: true };
const mark = `//^^^^^^^ ${WARNED}`;

describe('a lock that only the reader takes', () => {
  test('a variable of its file', () =>
    checkDiagnostics(log('mutex_lock(&readers);', 'mutex_unlock(&readers);', { mark }), inKernel));
  test('a member of a struct of its folder', () =>
    checkDiagnostics(log('mutex_lock(&r->lock);', 'mutex_unlock(&r->lock);', { mark }), inKernel));
});

describe('silent', () => {
  test.each([
    [
      'the writer takes it',
      'void late(struct rec *r) { mutex_lock(&r->lock); add(r, 1); mutex_unlock(&r->lock); }',
    ],
    [
      'who calls the writer three calls deep takes it',
      `void one(struct rec *r) { add(r, 1); }
    void two(struct rec *r) { one(r); }
    void late(struct rec *r) { mutex_lock(&r->lock); two(r); mutex_unlock(&r->lock); }`,
    ],
    [
      'who calls the writer takes one of which nothing is known',
      'void late(struct rec *r) { chip_lock(r); add(r, 1); chip_unlock(r); }',
    ],
  ])('where %s', (_, more) =>
    checkDiagnostics(log('mutex_lock(&r->lock);', 'mutex_unlock(&r->lock);', { more }), inKernel),
  );
  test('where nothing is known of the lock', () =>
    checkDiagnostics(log('chip_lock(r);', 'chip_unlock(r);'), inKernel));
  test('where the struct is none of the folder: code elsewhere may take it', () =>
    checkDiagnostics(
      `
    //- /core/rec.h
    ${RECORD}
    //- /log.c
    #include "core/rec.h"
    ${log('mutex_lock(&r->lock);', 'mutex_unlock(&r->lock);', { record: '' })}`,
      inKernel,
    ));
});

describe('a lock that what the writer calls takes', () => {
  const entered = (leave: string, found = '') =>
    log('mutex_lock(&r->lock);', 'mutex_unlock(&r->lock);', { mark: found })
      .replace('r->data = data;', 'enter(r); r->data = data;')
      .replace(
        'void add(',
        `static void enter(struct rec *r) { mutex_lock(&r->lock); ${leave} }\n    void add(`,
      );
  test('and gives back before the stores', () =>
    checkDiagnostics(entered('count++; mutex_unlock(&r->lock);', mark), inKernel));
  test('silent: and keeps', () => checkDiagnostics(entered('count++;'), inKernel));
});

test('a variable of another file of the folder', () =>
  checkDiagnostics(
    `
    //- /locks.c
    DEFINE_MUTEX(readers);
    //- /locks.h
    extern struct mutex readers;
    //- /log.c
    #include "locks.h"
    ${log('mutex_lock(&readers);', 'mutex_unlock(&readers);', { mark }).replace('static DEFINE_MUTEX(readers);', '')}`,
    inKernel,
  ));
