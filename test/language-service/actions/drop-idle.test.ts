/** A barrier that nobody needs is dropped, with the one that is only there for it, where a simulation without them says so. */

import { expect, test } from 'vitest';
import { fixesIn, hostOf, make } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

const BOX = 'struct box { int data; int flag; spinlock_t lock; };';
const RELEASED = `
	WRITE_ONCE(b->data, 1);
	smp_wmb();
	smp_store_release(&b->flag, 1);`;
const LOCKED_WRITER = `
	spin_lock(&b->lock);
	WRITE_ONCE(b->data, 1);

	smp_wmb();

	WRITE_ONCE(b->flag, 1);
	spin_unlock(&b->lock);`;
const ACQUIRED = `
	int data = 0;
	if (smp_load_acquire(&b->flag))
		data = READ_ONCE(b->data);
	return data;`;
const LOCKED_READER = `
	int data = 0;
	spin_lock(&b->lock);
	if (READ_ONCE(b->flag)) {
		smp_rmb();
		data = READ_ONCE(b->data);
	}
	spin_unlock(&b->lock);
	return data;`;

/** What is offered at the writer's barrier to be dropped, and the text after it. */
async function dropped(writer: string, reader: string, others = '') {
  const path = '/main.c';
  const files = readFixture(`${BOX}
void publish(struct box *b)
{${writer}
}
int consume(struct box *b)
{${reader}
}
${others}`);
  const host = hostOf(files, { inKernel: true });
  const start = files[0]!.text.indexOf('smp_wmb();');
  const fixes = await fixesIn(host, path, { start, end: start });
  const drops = fixes.filter(({ title }) => title.startsWith('Drop '));
  expect(drops.length).toBeLessThan(2);
  if (drops[0] === undefined) return undefined;
  make(host, drops[0]);
  return { title: drops[0].title, text: host.snapshot().moment.textOf(path)! };
}

test('beside a release, where the partner does not need it', async () => {
  const found = await dropped(RELEASED, ACQUIRED);
  expect(found?.title).toBe('Drop smp_wmb() in publish(): nothing is lost');
  expect(found?.text).toContain('WRITE_ONCE(b->data, 1);\n\tsmp_store_release(&b->flag, 1);\n');
});

test.each([
  ['in locks', LOCKED_WRITER, LOCKED_READER],
  [
    'with their comments',
    RELEASED.replace('smp_wmb', '/* Pairs with smp_rmb() in consume(). */\n\tsmp_wmb'),
    ACQUIRED.replace(
      'flag))\n\t\tdata = READ_ONCE(b->data);',
      'flag)) {\n\t\t/* Pairs with smp_wmb() in publish(). */\n\t\tsmp_rmb();\n\t\tdata = READ_ONCE(b->data);\n\t}',
    ),
  ],
])('both sides that only serve each other, in one edit: %s', async (_, writer, reader) => {
  const found = await dropped(writer, reader);
  expect(found?.title).toBe(
    'Drop smp_wmb() in publish() and smp_rmb() in consume(): nothing is lost',
  );
  expect(found?.text).toMatch(/WRITE_ONCE\(b->data, 1\);\n\n?\t(?:WRITE_ONCE|smp_store_release)/);
  expect(found?.text).toMatch(/b->flag\)\) \{\n\t\tdata = READ_ONCE\(b->data\);/);
});

test('not one that is needed', async () => {
  expect(
    await dropped(LOCKED_WRITER.replace(/\tspin_\w+\(&b->lock\);\n?/g, ''), LOCKED_READER),
  ).toBe(undefined);
});

test.each([
  ['another function changes both', 'void reset(struct box *b) { b->flag = 0; b->data = 0; }'],
  [
    'a caller may come to something else',
    'void first(struct box *b) { b->data = 2; publish(b); other = 1; }',
  ],
])('not where %s', async (_, others) => {
  expect(await dropped(RELEASED, ACQUIRED, others)).toBe(undefined);
});

test.each([
  ['something else stands around it', RELEASED.replace('smp_wmb', 'count = 1;\n\tsmp_wmb')],
  ['what is called is not known', RELEASED.replace('smp_wmb', 'tell(b);\n\tsmp_wmb')],
  ['it is all that an if does', RELEASED.replace('smp_wmb', 'if (b->lock)\n\t\tsmp_wmb')],
])('not where %s', async (_, writer) => {
  expect(await dropped(writer, ACQUIRED)).toBe(undefined);
});

test('not where the comment of a partner that stays names it', async () => {
  const named = ACQUIRED.replace('\tif (', '\t/* Pairs with smp_wmb() in publish(). */\n\tif (');
  expect(await dropped(RELEASED, named)).toBe(undefined);
});
