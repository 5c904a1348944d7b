/** What orders is offered in place of what does not, where control flow tells the finding. */

import { expect, test } from 'vitest';
import { fixesIn, hostOf, make } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

/** The only fix of the only finding of `code`, and the text after it, in which that is not found any more. */
async function fixed(fixture: string, code: string) {
  const path = '/main.c';
  const host = hostOf(readFixture(fixture), { inKernel: true });
  const found = () =>
    host
      .snapshot()
      .diagnostics(path)
      .filter((each) => each.code === code);
  expect(found()).toHaveLength(1);
  const offered = await fixesIn(host, path, found()[0]!.span);
  const fixes = offered.filter((each) => each.fixes === code);
  expect(fixes).toHaveLength(1);
  make(host, fixes[0]!);
  expect(found()).toEqual([]);
  return { title: fixes[0]!.title, text: host.snapshot().moment.textOf(path)! };
}

test('a look at a queue behind a store', async () => {
  const { title, text } = await fixed(
    `
struct job { wait_queue_head_t wait; int done; };
void await(struct job *j) { wait_event(j->wait, READ_ONCE(j->done)); }
void finish(struct job *j)
{
	WRITE_ONCE(j->done, 1);
	if (waitqueue_active(&j->wait))
		wake_up(&j->wait);
}`,
    'lost-wake-up',
  );
  expect(title).toBe('Use wq_has_sleeper(), which begins with a full barrier');
  expect(text).toContain('\tif (wq_has_sleeper(&j->wait))\n');
});

test('a barrier for an atomic operation beside none', async () => {
  const { title, text } = await fixed(
    `
struct box { int data; int flag; };
int swap(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	smp_mb__after_atomic();
	return READ_ONCE(b->flag);
}`,
    'barrier-without-atomic',
  );
  expect(title).toBe('Use smp_mb(), which needs no atomic operation beside it');
  expect(text).toContain('\tsmp_mb();\n');
});

test('a second read of a counter', async () => {
  const { title, text } = await fixed(
    `
struct slot { unsigned int count; int key; };
void fill(struct slot *s, int key)
{
	WRITE_ONCE(s->count, s->count + 1);
	smp_wmb();
	s->key = key;
	smp_store_release(&s->count, s->count + 1);
}
bool peek(struct slot *s, int *key)
{
	unsigned int before = smp_load_acquire(&s->count);

	*key = s->key;
	return before == smp_load_acquire(&s->count);
}`,
    'unordered-recheck',
  );
  expect(title).toBe('Insert smp_rmb() before the second read');
  expect(text).toContain('\t*key = s->key;\n\tsmp_rmb();\n\treturn before');
});
