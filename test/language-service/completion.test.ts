/** What is offered behind "Pairs with": the candidates of the barrier below, best first. */

import { expect, test } from 'vitest';
import { hostOf } from './support/check.ts';
import { readFixture } from './support/fixture.ts';

function offered(comment: string, before = ''): readonly string[] {
  const files = readFixture(`
    struct box { int data; int flag; };
    void publish(struct box *b)
    {
            ${before}
            WRITE_ONCE(b->data, 1);
            ${comment}
            smp_wmb();
            WRITE_ONCE(b->flag, 1);
    }
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            smp_rmb();
            return READ_ONCE(b->data);
    }
  `);
  const { path, cursor } = files[0]!;
  const found = hostOf(files).snapshot().completions(path, cursor!);
  return found.map(({ text, detail }) => `${text} (${detail})`);
}

test.each([
  '/* Pairs with $0 */',
  '/*\n             * Order them. Pairs with smp_r$0\n             */',
])('%s', (comment) =>
  expect(offered(comment)).toEqual([
    expect.stringMatching(/^smp_rmb\(\) in consume\(\) \(main\.c:\d+, needed\)$/),
  ]),
);

test.each([
  ['outside of a comment', 'pairs with $0;', ''],
  ['where nothing is claimed', '/* In step with $0 */', ''],
  ['in the comment of something else', '', '/* Pairs with $0 */ b->data = 2;'],
])('nothing %s', (_, comment, before) => expect(offered(comment, before)).toEqual([]));
