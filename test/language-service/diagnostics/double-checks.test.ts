/** `unordered-publication` of initialisation that is checked twice: without the lock, then under it. */

import { describe, test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const prepared = (look: string, store: string) => `
    struct codec { struct mutex lock; bool ready; unsigned int poly; unsigned int rounds; };
    static void codec_fill(struct codec *c)
    {
            c->poly = 0x82f63b78;
            c->rounds = 4;
    }
    static void codec_prepare(struct codec *c)
    {
            ${look}
                    return;
            mutex_lock(&c->lock);
            if (!c->ready) {
                    codec_fill(c);
                    ${store}
            }
            mutex_unlock(&c->lock);
    }
    unsigned int codec_run(struct codec *c, unsigned int value)
    {
            codec_prepare(c);
            return value ^ c->poly;
    }`;

test('variables of the file, where one helper looks and another one takes the lock', () => {
  const tables = (look: string, store: string, mark = '') => `
    static DEFINE_MUTEX(init_lock);
    static bool ready;
    static unsigned int fold;
    static void fill(void) { fold = 7; }
    static void init(void)
    {
            mutex_lock(&init_lock);
            if (!ready) {
                    fill();
                    ${store}
    ${mark}
            }
            mutex_unlock(&init_lock);
    }
    static inline void prepare(void)
    {
            if (likely(${look}))
                    return;
            init();
    }
    unsigned int update(unsigned int value)
    {
            prepare();
            return value ^ fold;
    }`;
  return Promise.all([
    checkDiagnostics(
      tables(
        'ready',
        'ready = true;',
        '              //^^^^^ information: unordered-publication: nothing orders the store to fold before ready, by which it is announced: update() sees the new ready and then the old fold',
      ),
      { inKernel: true },
    ),
    checkDiagnostics(tables('smp_load_acquire(&ready)', 'smp_store_release(&ready, true);'), {
      inKernel: true,
    }),
  ]);
});

describe('a flag that is looked at without the lock, and set under it behind what it stands for', () => {
  test.each([
    ['READ_ONCE(c->ready)', 'WRITE_ONCE(c->ready, true);', 'WRITE_ONCE(c->ready, true)'.length],
    ['c->ready', 'c->ready = true;', 'c->ready'.length],
  ] as const)('by %s', (look, store, marked) =>
    checkDiagnostics(
      prepared(
        `if (${look})`,
        `${store}
                  //${'^'.repeat(marked)} information: unordered-publication: nothing orders the store to codec.poly before codec.ready, by which it is announced: codec_run() sees the new codec.ready and then the old codec.poly`,
      ),
      { inKernel: true },
    ),
  );

  test.each([
    ['smp_load_acquire(&c->ready)', 'smp_store_release(&c->ready, true);'],
    ['0', 'c->ready = true;'],
  ])('silent where it is ordered, or looked at under the lock alone: %s', (look, store) =>
    checkDiagnostics(prepared(`if (${look})`, store), { inKernel: true }),
  );

  const shared = (set: string, look = 'atomic_inc_not_zero(&c->users)', mark = '') => `
    struct cache { struct mutex lock; atomic_t users; void *page; };
    static void cache_fill(struct cache *c, void *page)
    {
            c->page = page;
            ${set}
    ${mark}
    }
    void *cache_get(struct cache *c, void *page)
    {
            if (!${look}) {
                    mutex_lock(&c->lock);
                    if (!${look})
                            cache_fill(c, page);
                    mutex_unlock(&c->lock);
            }
            return c->page;
    }`;

  test('by a count that a helper sets', () =>
    checkDiagnostics(
      shared(
        'atomic_set(&c->users, 1);',
        undefined,
        '      //^^^^^^^^^^^^^^^^^^^^^^^^ information: unordered-publication: nothing orders the store to cache.page before cache.users, by which it is announced: cache_get() sees the new cache.users and then the old cache.page',
      ),
      { inKernel: true },
    ));

  test('silent where the helper releases it', () =>
    checkDiagnostics(shared('atomic_set_release(&c->users, 1);'), { inKernel: true }));
});
