/** Loops that try again until their `cmpxchg()` succeeds: what a failed round has read is not seen by the next one. */

import { expect, test } from 'vitest';
import { observationsIn } from '../support/simulated.ts';

const files = (threads: number, body: string) => ({
  'count.c': `struct count { int n; int failed; };
int add(struct count *c)
{
	int old;
	${body}
	return old;
}
`,
  't.scenario': `C count
source: count.c
{ struct count c = { }; }
${Array.from({ length: threads }, (_, at) => `P${at} { r = add(&c); }`).join('\n')}
never lost "an increment is lost": (c.n != ${threads})
never twice "two see one number": (P0:r = P1:r)
never second "the first thread is the second": (P0:r = 1)
never failed "a round has failed": (c.failed = 1)
`,
});

const READ = 'old = READ_ONCE(c->n);';
const CHANGE = 'cmpxchg(&c->n, old, old + 1)';

test.each([
  [2, `do { ${READ} } while (${CHANGE} != old);`],
  [3, `do { ${READ} } while (${CHANGE} != old);`],
  [2, `do { ${READ} } while (old != ${CHANGE});`],
  [2, `do { ${READ} } while (!(${CHANGE} == old));`],
  [2, `for (;;) { ${READ} if (${CHANGE} == old) break; }`],
])('%i threads: %s', async (threads, body) => {
  expect(await observationsIn(files(threads, body))).toEqual({
    lost: 'Never',
    twice: 'Never',
    second: 'Sometimes',
    failed: 'Never',
  });
});

test('what a failed round stores is seen', async () => {
  const body = `for (;;) { ${READ} if (${CHANGE} == old) break; WRITE_ONCE(c->failed, 1); }`;
  expect(await observationsIn(files(2, body))).toMatchObject({ failed: 'Sometimes' });
});

test('a round that succeeds and goes on is none that waits', async () => {
  const body = `int done = 0; do { ${READ} if (${CHANGE} == old) done++; } while (done < 2);`;
  const { lost } = await observationsIn(files(2, body));
  expect(['Always', 'unknown']).toContain(lost);
});
