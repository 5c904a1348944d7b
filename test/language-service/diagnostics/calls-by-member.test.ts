/** Findings whose accesses stand in functions that are called through a member of a struct (`ops->run(x)`). */

import { describe, test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const inKernel = { inKernel: true };

describe('what a function of a table stores before a flag', () => {
  const mounted = (order: string, mark: string, told: string, stored: string) => `
    //- /fs.h
    struct super;
    struct fs_type { int (*fill)(struct super *sb); void (*kill)(struct super *sb); };
    struct super { unsigned long flags; const struct fs_type *type; long reserved; };
    //- /ram.c
    #include "fs.h"
    static int ram_fill(struct super *sb) { sb->reserved = 16; return 0; }
    static void ram_kill(struct super *sb) { }
    ${told}
    //- /super.c
    #include "fs.h"
    int mount(struct super *sb)
    {
            int err = ${stored};
            if (err)
                    return err;
            ${order}
            WRITE_ONCE(sb->flags, 1);
    ${mark}
            return 0;
    }
    long count(struct super *sb)
    {
            if (!READ_ONCE(sb->flags))
                    return 0;
            smp_rmb();
            return READ_ONCE(sb->reserved);
    }`;
  const table = 'const struct fs_type ram_type = { .fill = ram_fill, .kill = ram_kill };';
  const mark = `      //^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders super.reserved before super.flags in mount(), as smp_rmb() in count() does on the other side: count() sees the new super.flags and then the old super.reserved`;

  test.each([
    ['by an initializer', table, 'sb->type->fill(sb)'],
    ['called as C once wanted it', table, '(*sb->type->fill)(sb)'],
    [
      'by an initializer of an array',
      'const struct fs_type types[] = { { .fill = ram_fill }, { } };',
      'sb->type->fill(sb)',
    ],
    [
      'by an assignment',
      'void ram_init(struct fs_type *type) { type->fill = ram_fill; }',
      'sb->type->fill(sb)',
    ],
    [
      'beside a smaller table',
      `${table} static int no_fill(struct super *sb) { return 0; } const struct fs_type none = { .fill = no_fill };`,
      'sb->type->fill(sb)',
    ],
  ])('%s', (_, told, stored) => checkDiagnostics(mounted('', mark, told, stored), inKernel));

  test.each([
    ['where the two are ordered', 'smp_wmb();', table],
    [
      'where more than one is assigned',
      '',
      'static int no_fill(struct super *sb) { return 0; } void ram_init(struct fs_type *type, int no) { if (no) type->fill = no_fill; else type->fill = ram_fill; }',
    ],
    ['where nothing is stored in the member', '', 'int (*fill)(struct super *sb) = ram_fill;'],
  ])('silent %s', (_, order, told) =>
    checkDiagnostics(mounted(order, '', told, 'sb->type->fill(sb)'), inKernel),
  );
});

describe('functions of one table for both sides', () => {
  const service = (first: string, second: string, mark = '') => `
    struct service;
    struct scheduler { int (*init)(struct service *s); int (*schedule)(struct service *s, int from); };
    struct service { const struct scheduler *scheduler; int mask; };
    static int hash_init(struct service *s) { s->mask = 255; return 0; }
    static int hash_schedule(struct service *s, int from) { return from & s->mask; }
    static int first_schedule(struct service *s, int from) { return 0; }
    const struct scheduler hash = { .init = hash_init, .schedule = hash_schedule };
    const struct scheduler first = { .schedule = first_schedule };
    int bind(struct service *s, const struct scheduler *scheduler)
    {
            ${first}
            ${second}
    ${mark}
            return 0;
    }
    int pick(struct service *s, int from)
    {
            const struct scheduler *scheduler = smp_load_acquire(&s->scheduler);
            if (!scheduler)
                    return -1;
            return scheduler->schedule(s, from);
    }`;
  const release = 'smp_store_release(&s->scheduler, scheduler);';
  const init = 'if (scheduler->init) scheduler->init(s);';

  test('the field is stored behind the release', () =>
    checkDiagnostics(
      service(
        release,
        init,
        '                           //^^^^^^^^^^^^^^^^^^ warning: misplaced-access: service.mask is stored only behind service.scheduler, by which it is announced: pick() sees the new service.scheduler and then the old service.mask',
      ),
      inKernel,
    ));

  test('silent where it is stored before', () =>
    checkDiagnostics(service(init, release), inKernel));
});
