/** The barrier that an edit took away is put back as it stood, where that is found to mend. */

import { expect, test } from 'vitest';
import type { Host } from '../../../server/src/language-service/host.ts';
import { edit, fixesAt, hostOf, make, solveAll } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

const CODE = 'missing-partner-barrier';

/** A writer and a reader, the writer's barrier written in one of several ways. */
const pair = (barrier: string, reader = 'smp_rmb();') => `
//- /writer.c
struct box { int data; int flag; int count; };
void publish(struct box *b)
{
	WRITE_ONCE(b->count, 7);
	WRITE_ONCE(b->data, 1);
${barrier}
	WRITE_ONCE(b->flag, 1);
	b->count = 2;
}
//- /reader.c
struct box { int data; int flag; int count; };
int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	/* Pairs with the barrier in publish(). */
	${reader}
	return READ_ONCE(b->data);
}
`;

/** The ways in which a barrier is written. */
const WRITTEN = [
  '\tsmp_wmb();',
  '\t/* Pairs with smp_rmb() in consume(). */\n\tsmp_wmb();',
  '\t/*\n\t * The data first.\n\t */\n\tsmp_wmb();\n',
  '\tsmp_wmb();\t/* pairs with smp_rmb() in consume() */',
  '\n\n\tsmp_mb ( ) ;\n',
];

/** The ways in which it is lost: what stands there instead of the lines. */
const LOST: Readonly<Record<string, (barrier: string) => string>> = {
  deleted: () => '',
  'its line deleted': (barrier) => barrier.replace(/\n?.*smp_w?mb.*/, ''),
  'commented out': (barrier) => barrier.replace(/smp_w?mb ?\( ?\) ?;/, '/* $& */'),
  'commented out to the end of the line': (barrier) => barrier.replace(/smp_w?mb/, '// $&'),
  'made a read barrier': (barrier) => barrier.replace(/smp_w?mb/, 'smp_rmb'),
  'made a barrier of the compiler': (barrier) => barrier.replace(/smp_w?mb/, 'barrier'),
};

function textOf(host: Host, path: string): string {
  return host.snapshot().moment.textOf(path)!;
}

function codesIn(host: Host, path: string): readonly string[] {
  return host
    .snapshot()
    .diagnostics(path)
    .map(({ code }) => code);
}

for (const [how, lose] of Object.entries(LOST))
  test(`put back byte for byte, however it is written: ${how}`, async () => {
    for (const barrier of WRITTEN) {
      const host = hostOf(readFixture(pair(barrier)));
      const saved = textOf(host, '/writer.c');
      edit(host, '/writer.c', barrier, lose(barrier));
      solveAll(host);
      expect(codesIn(host, '/reader.c'), barrier).toContain(CODE);
      const [fix, ...others] = await fixesAt(host, '/reader.c', 'smp_rmb();');
      expect(others).toEqual([]);
      expect(fix!.title).toMatch(/^Put back smp_w?mb\(\) in publish\(\): forbidden after this$/);
      make(host, fix!);
      expect(textOf(host, '/writer.c')).toBe(saved);
      expect(codesIn(host, '/reader.c')).not.toContain(CODE);
    }
  });

test('what else was edited stays as it is', async () => {
  const host = hostOf(readFixture(pair(WRITTEN[1]!)));
  edit(host, '/writer.c', `${WRITTEN[1]}\n`, '\tb->count = 4;\n');
  edit(host, '/writer.c', 'b->count, 7', 'b->count, 5');
  solveAll(host);
  const [fix] = await fixesAt(host, '/reader.c', 'smp_rmb();');
  make(host, fix!);
  expect(textOf(host, '/writer.c')).toContain(
    '\tb->count = 4;\n\t/* Pairs with smp_rmb() in consume(). */\n\tsmp_wmb();\n\tWRITE_ONCE(b->flag',
  );
  expect(textOf(host, '/writer.c')).toContain('b->count, 5');
});

test('offered also where it stood', async () => {
  const host = hostOf(readFixture(pair(WRITTEN[0]!)));
  edit(host, '/writer.c', `${WRITTEN[0]}\n`, '');
  solveAll(host);
  expect(await fixesAt(host, '/writer.c', 'WRITE_ONCE(b->flag')).toHaveLength(1);
  expect(await fixesAt(host, '/writer.c', 'struct box')).toEqual([]);
});

test('offered after saving too', async () => {
  const host = hostOf(readFixture(pair(WRITTEN[1]!)));
  const saved = textOf(host, '/writer.c');
  edit(host, '/writer.c', `${WRITTEN[1]}\n`, '');
  host.apply([{ kind: 'disk', path: '/writer.c', text: textOf(host, '/writer.c'), isSaved: true }]);
  solveAll(host);
  const [fix] = await fixesAt(host, '/reader.c', 'smp_rmb();');
  make(host, fix!);
  expect(textOf(host, '/writer.c')).toBe(saved);
});

test('not offered where the outcome can happen all the same', async () => {
  const host = hostOf(readFixture(pair(WRITTEN[1]!)));
  edit(host, '/writer.c', `${WRITTEN[1]}\n`, '');
  edit(host, '/reader.c', '\tif (!READ_ONCE(b->flag))\n\t\treturn -1;\n', '\tint f;\n');
  edit(
    host,
    '/reader.c',
    'smp_rmb();\n',
    'smp_rmb();\n\tf = READ_ONCE(b->flag);\n\tif (!f)\n\t\treturn -1;\n',
  );
  solveAll(host);
  expect(codesIn(host, '/reader.c')).toContain(CODE);
  const offered = await fixesAt(host, '/reader.c', 'smp_rmb();');
  expect(offered.map(({ title }) => title)).toEqual([]);
});

/** A reader of which nobody knows what it does: the two functions alone say nothing. */
const UNKNOWN = pair(WRITTEN[1]!, 'asm volatile("hlt" : : "r" (b) : "memory");\n\tsmp_rmb();');

test('not offered where nobody knows whether that forbids it', async () => {
  const host = hostOf(readFixture(UNKNOWN));
  edit(host, '/writer.c', `${WRITTEN[1]}\n`, '');
  solveAll(host);
  expect(codesIn(host, '/reader.c')).toContain(CODE);
  expect(await fixesAt(host, '/reader.c', 'smp_rmb();')).toEqual([]);
});

test.each([
  ['needed', 1],
  ['redundant', 0],
] as const)(
  'a scenario that was simulated with the barrier calls it %s',
  async (verdict, count) => {
    const host = hostOf(readFixture(UNKNOWN));
    const saved = textOf(host, '/writer.c');
    const barrier = { file: '/writer.c', function: 'publish', primitive: 'smp_wmb', ordinal: 1 };
    const row = { barrier, path: 'all', invariant: 'I', words: '', orders: [], verdict, by: [] };
    const texts = new Map([['/writer.c', saved]]);
    const table = { texts, rows: [row], violations: [], unanswered: [] };
    edit(host, '/writer.c', `${WRITTEN[1]}\n`, '');
    solveAll(host);
    const found = await fixesAt(host, '/reader.c', 'smp_rmb();', (of) =>
      of('/writer.c') === saved ? [table] : [],
    );
    expect(found).toHaveLength(count);
  },
);
