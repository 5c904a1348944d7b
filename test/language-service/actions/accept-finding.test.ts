/** A finding is accepted where it stands, once a reason is written. */

import { expect, test } from 'vitest';
import type { Action } from '../../../server/src/language-service/actions/action.ts';
import type { Host } from '../../../server/src/language-service/host.ts';
import { hostOf, make } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

const PATH = '/main.c';

function offered(host: Host, start: number): readonly Action[] {
  return host
    .snapshot()
    .actions(PATH, { start, end: start })
    .filter(({ title }) => title.startsWith('Accept'));
}

const codes = (host: Host) =>
  host
    .snapshot()
    .diagnostics(PATH)
    .map(({ code }) => code);

/** The text after the only finding was accepted with a reason. */
function accepted(body: string): string {
  const host = hostOf(readFixture(body));
  const [code] = codes(host);
  const [action, ...others] = offered(host, host.snapshot().diagnostics(PATH)[0]!.span.start);
  expect(others).toEqual([]);
  expect(action!.title).toBe(`Accept ${code} here, for a reason`);
  make(host, action!);
  expect(codes(host), 'without a reason').toEqual([code]);
  const [{ span, cursor }] = action!.edits as [Action['edits'][number]];
  const text = host.snapshot().moment.textOf(PATH)!;
  const at = span.start + cursor!;
  host.apply([{ kind: 'buffer', path: PATH, text: `${text.slice(0, at)}asm${text.slice(at)}` }]);
  expect(codes(host), 'with a reason').toEqual([]);
  return host.snapshot().moment.textOf(PATH)!;
}

test('of a barrier, above its comment, which still says with whom it pairs', () => {
  const text = accepted(
    `
void publish(struct box *b)
{
	b->data = 1;
	/* Pairs with smp_rmb() in consume(). */
	smp_wmb();
	b->flag = 1;
}
int consume(struct box *b) { return b->count; }`,
  );
  expect(text).toContain(
    '\tb->data = 1;\n\t/* barrierlens: ok(unresolved-claim): asm */\n\t/* Pairs with smp_rmb() in consume(). */\n\tsmp_wmb();',
  );
});

test('in the middle of a statement, above the line', () => {
  const text = accepted(
    `
struct box { int data; int flag; };
void publish(struct box *b)
{
	b->data = 1;
	/* For get(), which see. */
	smp_wmb();
	WRITE_ONCE(b->flag, 1);
}
int get(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	return 1 +
		b->data;
}`,
  );
  expect(text).toContain(
    '\treturn 1 +\n\t\t/* barrierlens: ok(unpaired-barrier): asm */\n\t\tb->data;',
  );
});
