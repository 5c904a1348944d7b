/** Findings where a barrier, or the access that it stands beside, is in a function-like macro of the file or of a header of its folder. */

import { describe, test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const FINISH = `#define record_finish(r) \\
      do { \\
              smp_wmb(); \\
              WRITE_ONCE((r)->finished, 1); \\
      } while (0)`;
const READY = `#define record_ready(r) \\
      ({ \\
              bool __ready = READ_ONCE((r)->finished); \\
              smp_rmb(); \\
              __ready; \\
      })`;

const records = (
  fill: string,
  take: string,
  finish = FINISH,
  ready = READY,
  mark = '',
  header = '/record.h',
) => `
    //- ${header}
    struct record { int finished; long addr; long misc; };
    ${finish}
    ${ready}
    //- /fill.c
    #include "record.h"
    void fill(struct record *r, long addr)
    {
            ${fill}
    }
    //- /take.c
    #include "record.h"
    long take(struct record *r)
    {
            ${take}
            return r->addr + r->misc;
    ${mark}
    }`;

const FILL = 'r->addr = addr; r->misc = 0; record_finish(r);';
const TAKE = 'if (!record_ready(r)) return 0;';

describe('a macro that announces', () => {
  test('too early', () =>
    checkDiagnostics(
      records(
        `r->addr = addr; record_finish(r); r->misc = 0;
                                            //^^^^^^^ warning: misplaced-access: record.misc is stored only behind record.finished, by which it is announced: take() sees the new record.finished and then the old record.misc`,
        TAKE,
      ),
      { inKernel: true },
    ));

  test('without a barrier', () =>
    checkDiagnostics(
      records(
        `r->addr = addr; r->misc = 0; record_finish(r);
                                       //^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders record.addr before record.finished in fill(), as smp_rmb() in take() does on the other side: take() sees the new record.finished and then the old record.addr`,
        TAKE,
        '#define record_finish(r) WRITE_ONCE((r)->finished, 1)',
      ),
      { inKernel: true },
    ));

  test('silent where both are right', () =>
    checkDiagnostics(records(FILL, TAKE), { inKernel: true }));
});

describe('a macro that looks', () => {
  test('without a barrier', () =>
    checkDiagnostics(
      records(
        FILL,
        TAKE,
        FINISH,
        '#define record_ready(r) READ_ONCE((r)->finished)',
        '                       //^^^^^^^ warning: unpaired-barrier: nothing orders record.finished before record.misc in take(), as smp_wmb() in fill() does on the other side: take() sees the new record.finished and then the old record.misc',
      ),
      { inKernel: true },
    ));
});

describe('a macro of a public header that is but a name for a call', () => {
  const header = '/include/linux/record.h';
  const check = (take: string, ready: string, mark = '') =>
    checkDiagnostics(
      records(FILL, take, FINISH, ready, mark, header)
        .replace(FINISH, '')
        .replace('record_finish(r);', 'smp_wmb(); WRITE_ONCE(r->finished, 1);')
        .replaceAll('"record.h"', '<linux/record.h>'),
      { inKernel: true },
    );
  test('looks without a barrier', () =>
    check(
      TAKE,
      '#define record_ready(r) (READ_ONCE((r)->finished))',
      '                       //^^^^^^^ warning: unpaired-barrier: nothing orders record.finished before record.misc in take(), as smp_wmb() in fill() does on the other side: take() sees the new record.finished and then the old record.misc',
    ));
  test('silent where it is something else in another configuration', () =>
    check(
      TAKE,
      `#ifdef CONFIG_RECORDS
    #define record_ready(r) ({ record_wait(r); 1; })
    #else
    #define record_ready(r) (READ_ONCE((r)->finished))
    #endif`,
    ));
  test('acquires: silent', () =>
    check(TAKE, '#define record_ready(r) smp_load_acquire(&(r)->finished)'));
});

describe('a barrier of a macro', () => {
  const device = (first: string, second: string) => `
    struct device { int status; int mode; int rate; };
    #define set_status(d, s) do { ${first} ${second} } while (0)
    void start(struct device *d, int rate)
    {
            d->rate = rate;
            set_status(d, 1);
            WRITE_ONCE(d->mode, 1);
    }
    int rate(struct device *d)
    {
            if (!READ_ONCE(d->mode))
                    return 0;
            return d->rate;
    }`;
  test('orders what the macro itself accesses: silent of what its users store on both sides', () =>
    checkDiagnostics(device('WRITE_ONCE((d)->status, s);', 'smp_wmb();'), { inKernel: true }));
});
