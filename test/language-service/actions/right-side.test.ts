/** An access on the wrong side of its announcement is offered on the right one, where a simulation says that it is seen in order then. */

import { expect, test } from 'vitest';
import { fixesIn, hostOf, make } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

const CODE = 'misplaced-access';

/** What is offered for the first such finding, and the text after it, in which that is not found any more. */
async function fixed(fixture: string) {
  const path = '/main.c';
  const host = hostOf(readFixture(fixture), { inKernel: true });
  const found = () =>
    host
      .snapshot()
      .diagnostics(path)
      .filter(({ code }) => code === CODE);
  expect(found()).toHaveLength(1);
  const offered = await fixesIn(host, path, found()[0]!.span);
  const fixes = offered.filter((each) => each.fixes === CODE);
  if (fixes.length === 0) return undefined;
  expect(fixes).toHaveLength(1);
  make(host, fixes[0]!);
  expect(found()).toEqual([]);
  return { title: fixes[0]!.title, text: host.snapshot().moment.textOf(path)! };
}

const BOX = `
struct box { int size; int data; int ready; };
`;
const WRITER = `
void fill(struct box *b, int size)
{
	b->size = size;
	b->data = 1;
	smp_store_release(&b->ready, 1);
}
`;
const READER = `
int empty(struct box *b, int limit)
{
	if (!smp_load_acquire(&b->ready))
		return -1;
	if (b->size > limit)
		return 0;
	return b->data;
}
`;

test('a store behind the release, with its comment', async () => {
  const { title, text } = (await fixed(`${BOX}
void fill(struct box *b, int size)
{
	b->data = 1;
	/* Now it is there. */
	smp_store_release(&b->ready, 1);
	/* As much as there is. */
	b->size = size;
}
${READER}`))!;
  expect(title).toBe('Store b->size before b->ready: forbidden after this');
  expect(text).toContain(
    '\tb->data = 1;\n\t/* As much as there is. */\n\tb->size = size;\n\t/* Now it is there. */\n\tsmp_store_release(&b->ready, 1);\n}\n',
  );
});

test.each([
  ['\tint size = b->size;\n', '\tint size;\n'],
  ['\tint size;\n\n\tsize = b->size;\n', '\tint size;\n\n'],
])('a read before the acquire: %j', async (early, left) => {
  const { title, text } = (await fixed(`${BOX}${WRITER}
int empty(struct box *b, int limit)
{
${early}
	if (!smp_load_acquire(&b->ready))
		return -1;
	if (size > limit)
		return 0;
	return b->data;
}
`))!;
  expect(title).toBe('Read b->size behind b->ready: forbidden after this');
  expect(text).toContain(
    `${left}\n\tif (!smp_load_acquire(&b->ready))\n\t\treturn -1;\n\tsize = b->size;\n\tif (size > limit)\n`,
  );
});

test('a second read of a length', async () => {
  const { title, text } = (await fixed(`
struct log { spinlock_t lock; unsigned int len; int text[64]; };
void append(struct log *l, int word)
{
	spin_lock(&l->lock);
	l->text[l->len] = word;
	smp_store_release(&l->len, l->len + 1);
	spin_unlock(&l->lock);
}
int sum(struct log *l)
{
	unsigned int i;
	int sum = 0;

	if (!smp_load_acquire(&l->len))
		return 0;
	for (i = 0; i < l->len; i++)
		sum += l->text[i];
	return sum;
}
`))!;
  expect(title).toBe('Load l->len by smp_load_acquire() here, too: forbidden after this');
  expect(text).toContain('i < smp_load_acquire(&l->len); i++');
});

test.each([
  [
    'a store that is only made on one path',
    `${BOX}
void fill(struct box *b, int size)
{
	b->data = 1;
	smp_store_release(&b->ready, 1);
	if (size > 0) {
		b->size = size;
	}
}
${READER}`,
  ],
  [
    'a read whose value is also used before the acquire',
    `${BOX}${WRITER}
int empty(struct box *b, int limit)
{
	int size = b->size;

	trace(size);
	if (!smp_load_acquire(&b->ready))
		return -1;
	return size > limit ? 0 : b->data;
}
`,
  ],
])('nothing is offered for %s', async (_, fixture) => expect(await fixed(fixture)).toBe(undefined));
