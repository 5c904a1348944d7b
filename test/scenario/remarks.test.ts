/** Remarks of scenarios: they stay with the barrier that they were made of. */

import { expect, test } from 'vitest';
import { simulateFiles } from '../support/simulated.ts';

const TWO = `struct box { int data; int more; int flag; };
void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	smp_wmb();
	WRITE_ONCE(b->more, 1);
	smp_wmb();
	WRITE_ONCE(b->flag, 1);
}
int consume(struct box *b)
{
	int seen;

	if (!READ_ONCE(b->flag))
		return -1;
	smp_rmb();
	seen = READ_ONCE(b->more) && READ_ONCE(b->data);
	return seen;
}
`;

const SCENARIO = (which: string) => `C box
path: put
source: box.c
{ struct box the_box = { }; }
P0 { publish(&the_box); }
P1 { seen = consume(&the_box); }
never half "half a box is seen": P1:seen = 0
remark publish smp_wmb ${which}: "an old letter: not needed"
`;

/** The barriers of `publish()` of which it is said, by their numbers, and those that the table has. */
async function saidOf(source: string, which: string) {
  const files = { 'box.c': source, 't.scenario': SCENARIO(which) };
  const { text } = await simulateFiles(files, '--json');
  const { needs } = JSON.parse(text) as {
    needs: { barrier: { function: string; ordinal: number }; remarks: { words: string }[] }[];
  };
  const own = needs.filter(({ barrier }) => barrier.function === 'publish');
  const numbers = (rows: typeof own) => [...new Set(rows.map(({ barrier }) => barrier.ordinal))];
  const isSaid = ({ remarks }: (typeof own)[number]) =>
    remarks.some(({ words }) => words === 'an old letter: not needed');
  return { said: numbers(own.filter(isSaid)), of: numbers(own) };
}

const ONE = TWO.replace('\tsmp_wmb();\n', '');
const THREE = TWO.replace('\tsmp_wmb();\n', '\tsmp_wmb();\n\tsmp_wmb();\n');

test('a remark on one of two barriers is not said of the other one, once the first is gone', async () => {
  expect(await saidOf(TWO, '1 of 2')).toEqual({ said: [1], of: [1, 2] });
  expect(await saidOf(ONE, '1 of 2')).toEqual({ said: [], of: [1] });
});

test('nor of any where a third one came; without "of" only the number counts', async () => {
  expect((await saidOf(THREE, '2 of 2')).said).toEqual([]);
  expect(await saidOf(ONE, '1')).toEqual({ said: [1], of: [1] });
});

test.each([
  ['1 of 2', ONE, 'this remark is on smp_wmb() 1 of 2, and publish() has 1'],
  ['2', ONE, 'this remark is on smp_wmb() number 2, and publish() has 1'],
  ['1', ONE.replace('\tsmp_wmb();\n', ''), 'smp_wmb() number 1, and publish() has none'],
])(
  'a remark whose barrier is gone is told, and changes no answer: %s',
  async (which, source, told) => {
    const whole = await simulateFiles({ 'box.c': TWO, 't.scenario': SCENARIO(which) });
    expect(whole).toMatchObject({ code: 0, warnings: [] });
    const { code, warnings } = await simulateFiles({
      'box.c': source,
      't.scenario': SCENARIO(which),
    });
    expect(warnings).toEqual([expect.stringContaining(`t.scenario:8: `)]);
    expect(warnings[0]).toContain(told);
    expect(code).toBeLessThan(2);
  },
);
