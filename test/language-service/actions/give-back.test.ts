/** What gives a lock back that code makes of a bit or a word is made a release where a simulation says so. */

import { expect, test } from 'vitest';
import { fixesIn, hostOf, make } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

const BUCKET = `
#define LOCKED 0
struct bucket { unsigned long state; int count; atomic_t owner; int busy; };`;

/** The titles of what is offered in the file, and its text after the first one, in which nothing is found any more. */
async function offered(code: string) {
  const path = '/main.c';
  const host = hostOf(readFixture(`${BUCKET}\n${code}`), { inKernel: true });
  const found = () =>
    host
      .snapshot()
      .diagnostics(path)
      .filter(({ code }) => code === 'unordered-unlock');
  expect(found()).toHaveLength(1);
  const fixes = await fixesIn(host, path, found()[0]!.span);
  if (fixes[0] !== undefined) {
    make(host, fixes[0]);
    expect(found()).toEqual([]);
  }
  return {
    titles: fixes.map(({ title }) => title),
    text: host.snapshot().moment.textOf(path)!,
  };
}

test('a bit that clear_bit() gives back', async () => {
  const { titles, text } = await offered(`
int add(struct bucket *b)
{
	if (test_and_set_bit(LOCKED, &b->state))
		return -EBUSY;
	b->count++;
	clear_bit(LOCKED, &b->state);
	return 0;
}`);
  expect(titles).toEqual(['Give LOCKED back by clear_bit_unlock() in add(): forbidden after this']);
  expect(text).toContain('\n\tclear_bit_unlock(LOCKED, &b->state);\n');
});

test('a word that a helper sets', async () => {
  const { titles, text } = await offered(`
static bool get(struct bucket *b) { return atomic_cmpxchg_acquire(&b->owner, 0, 1) == 0; }
static void put(struct bucket *b) { atomic_set(&b->owner, 0); }
int add(struct bucket *b)
{
	if (!get(b))
		return -EBUSY;
	b->count++;
	put(b);
	return 0;
}`);
  expect(titles).toEqual([
    'Give bucket.owner back by atomic_set_release() in put(): forbidden after this',
  ]);
  expect(text).toContain('{ atomic_set_release(&b->owner, 0); }');
});

test('a word that is stored to', async () => {
  const { titles, text } = await offered(`
int add(struct bucket *b)
{
	if (cmpxchg(&b->busy, 0, 1))
		return -EBUSY;
	b->count++;
	WRITE_ONCE(b->busy, 0);
	return 0;
}`);
  expect(titles).toEqual([
    'Give bucket.busy back by smp_store_release() in add(): forbidden after this',
  ]);
  expect(text).toContain('\tsmp_store_release(&b->busy, 0);');
});

test('an atomic operation that has no release of its own', async () => {
  const { titles, text } = await offered(`
int add(struct bucket *b)
{
	if (atomic_cmpxchg(&b->owner, 0, 1))
		return -EBUSY;
	b->count++;
	atomic_dec(&b->owner);
	return 0;
}`);
  expect(titles).toEqual(['Insert smp_mb__before_atomic() in add(): forbidden after this']);
  expect(text).toContain('\tsmp_mb__before_atomic();\n\tatomic_dec(&b->owner);\n');
});
