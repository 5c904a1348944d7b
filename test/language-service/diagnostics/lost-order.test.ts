/** `lost-order`: a patch takes a barrier away, or makes it weaker, and nothing orders in its place. */

import { expect, test } from 'vitest';
import { annotatedFindings, type Edit, hostOf } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

const SLEEPER = `
  //- /ring.c
  struct ring { int flags; int tail; int limit; };
  int may_sleep(struct ring *r)
  {
          WRITE_ONCE(r->flags, 1);
          /* The store of the flag comes before the look at the tail, which user space moves. */
          smp_mb();
          return READ_ONCE(r->tail) == READ_ONCE(r->limit);
  }
`;

/** The findings of this rule after the edits, each on its line. */
function lostBy(edits: readonly Edit[], isOfPatch = true, fixture = SLEEPER): readonly string[] {
  const files = readFixture(fixture);
  const snapshot = hostOf(files, { edits, isOfPatch, inKernel: true }).snapshot();
  return files.flatMap(({ path }) =>
    annotatedFindings(snapshot, path, false)
      .split('\n')
      .filter((line) => line.includes('lost-order'))
      .map((line) => line.replace(/^\W*\^+ /, '')),
  );
}

const change = (old: string, text: string): Edit => ({ file: '/ring.c', old, text });

test('the barrier is taken away, its comment left', () => {
  expect(lostBy([change('        smp_mb();\n', '')])).toEqual([
    'warning: lost-order: smp_mb() is taken away, and nothing orders ring.flags → ring.tail in may_sleep() any more; its comment is left',
  ]);
});

test('with its comment', () => {
  const comment =
    '        /* The store of the flag comes before the look at the tail, which user space moves. */\n';
  expect(lostBy([change(`${comment}        smp_mb();\n`, '')])).toEqual([
    'warning: lost-order: smp_mb() is taken away, and nothing orders ring.flags → ring.tail in may_sleep() any more',
  ]);
});

test('a weaker barrier in its place', () => {
  expect(lostBy([change('smp_mb', 'smp_wmb')])).toEqual([
    'warning: lost-order: smp_wmb() in place of smp_mb() does not order ring.flags → ring.tail; its comment is left',
  ]);
});

test('nothing that it ordered is in the function: the comment alone', () => {
  const wake = `
    //- /ring.c
    struct ring { int flags; int tail; };
    void wake(struct ring *r)
    {
            /* What the caller has stored comes before the look at the flags. */
            smp_mb();
            if (READ_ONCE(r->flags))
                    kick(r);
    }
  `;
  expect(lostBy([change('        smp_mb();\n', '')], true, wake)).toEqual([
    'warning: lost-order: smp_mb() is taken away; its comment is left',
  ]);
});

test.each([
  { what: 'a stronger operation', edit: change('WRITE_ONCE(r->flags, 1)', 'xchg(&r->flags, 1)') },
  { what: 'a helper that is called', edit: change('WRITE_ONCE(r->flags, 1)', 'announce(r)') },
  { what: 'the accesses are gone', edit: change('WRITE_ONCE(r->flags, 1);', ';') },
])('silent: $what', ({ edit }) => {
  const comment =
    '        /* The store of the flag comes before the look at the tail, which user space moves. */\n';
  expect(lostBy([change(`${comment}        smp_mb();\n`, ''), edit])).toEqual([]);
});

test('silent: the barrier moves, a stronger one, a text that is only edited', () => {
  expect(
    lostBy([
      change('        smp_mb();\n', ''),
      change('        return', '        smp_mb();\n        return'),
    ]),
  ).toEqual([]);
  expect(lostBy([change('r->limit', 'r->tail + 1')])).toEqual([]);
  expect(lostBy([change('        smp_mb();\n', '')], false)).toEqual([]);
});

test('silent where the partner is told of', () => {
  const pair = `
    //- /ring.c
    struct ring { int flags; int tail; };
    void publish(struct ring *r)
    {
            WRITE_ONCE(r->tail, 1);
            /* Pairs with smp_rmb() in consume(). */
            smp_wmb();
            WRITE_ONCE(r->flags, 1);
    }
    int consume(struct ring *r)
    {
            if (!READ_ONCE(r->flags))
                    return -1;
            /* Pairs with smp_wmb() in publish(). */
            smp_rmb();
            return READ_ONCE(r->tail);
    }
  `;
  expect(lostBy([change('        smp_wmb();\n', '')], true, pair)).toEqual([]);
});
