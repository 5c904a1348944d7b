/** A comment that names what is not there: the name is corrected, the finding gone, the rest of the comment as it was. */

import { expect, test } from 'vitest';
import { hostOf } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

/** The comment after the only correction that is offered, and the findings then; undefined where none is offered. */
function corrected(comment: string, barrier = 'smp_rmb();') {
  const files = readFixture(`
    struct box { int data; int flag; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            ${comment}
            smp_w$0mb();
            WRITE_ONCE(b->flag, 1);
    }
    int consume_all(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            /* Pairs with smp_wmb() in publish(). */
            ${barrier}
            return READ_ONCE(b->data);
    }
  `);
  const { path, text, cursor } = files[0]!;
  const host = hostOf(files, { inKernel: true });
  const actions = host.snapshot().actions(path, { start: cursor!, end: cursor! });
  const [action] = actions.filter(({ title }) => title.startsWith('Correct the comment: '));
  if (action === undefined) return undefined;
  const [{ span, text: put }] = action.edits as [(typeof action.edits)[number]];
  const now = text.slice(0, span.start) + put + text.slice(span.end);
  host.apply([{ kind: 'buffer', path, text: now }]);
  const codes = host
    .snapshot()
    .diagnostics(path)
    .map(({ code }) => code);
  return { comment: now.split('\n')[4]!.trim(), isClean: !codes.includes('unresolved-claim') };
}

test.each([
  [
    '/* So that it is seen. Pairs with smp_rmb() in consume(). Really. */',
    '/* So that it is seen. Pairs with smp_rmb() in consume_all(). Really. */',
  ],
  ['/* Pairs with smp_mb() in consume_all(). */', '/* Pairs with smp_rmb() in consume_all(). */'],
])('%s', (comment, now) => expect(corrected(comment)).toEqual({ comment: now, isClean: true }));

test('nothing is offered where the comment is right', () =>
  expect(corrected('/* Pairs with smp_rmb() in consume_all(). */')).toBe(undefined));

test.each([
  '/* The corresponding read barrier is in consume_all(). */',
  '/* Pairs with the barrier in consume_all(). */',
  '/* Pairs with rmb() in consume_all(). */',
])('a kind of barrier in words is no wrong name: %s', (comment) =>
  expect(corrected(comment)).toBe(undefined),
);
