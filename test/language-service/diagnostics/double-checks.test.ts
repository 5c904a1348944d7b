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
});
