/** What an edit took away is put back where a scenario was found to hold with it and can be violated without it. */

import { expect, test } from 'vitest';
import type { NeedTable, Violation } from '../../../server/src/language-service/need-table.ts';
import { edit, fixesAt, hostOf, make } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

const PATH = '/stop.c';
const WAIT = '\t/* All have seen it. */\n\twait_for_all();\n';
const fixture = readFixture(`
struct box { int data; int flag; };
void stop(struct box *b)
{
	WRITE_ONCE(b->flag, 0);
${WAIT}	WRITE_ONCE(b->data, 0);
}
`).map((file) => ({ ...file, path: PATH }));

const BARRIER = { file: PATH, function: 'stop', primitive: 'wait_for_all', ordinal: 1 };
const ROW = {
  barrier: BARRIER,
  path: 'stop',
  invariant: 'I1',
  words: '',
  orders: [],
  verdict: 'needed',
  by: [],
} as const;

const violation = (text: string, invariant = 'I1'): Violation => {
  const start = text.indexOf('WRITE_ONCE(b->flag');
  return {
    scenario: 'box-stops',
    path: 'stop',
    invariant,
    words: 'half a box is seen',
    at: { file: PATH, span: { start, end: start + 5 } },
    missing: [],
    start: [],
    actors: {},
    steps: [],
    assumptions: [],
  };
};

const table = (text: string, ...violations: readonly Violation[]): NeedTable => ({
  texts: new Map([[PATH, text]]),
  rows: [ROW],
  violations,
  unanswered: [],
});

/** What is offered at `words` after the edit, where the scenario can be violated since then. */
async function offered(old: string, now: string, words: string, ...before: readonly Violation[]) {
  const host = hostOf(fixture);
  const textOf = () => host.snapshot().moment.textOf(PATH)!;
  const then = table(textOf(), ...before);
  edit(host, PATH, old, now);
  const text = textOf();
  const tables = [table(text, violation(text))];
  host.apply([{ kind: 'needs', tables, earlier: [...tables, then] }]);
  const known = [then, ...tables];
  const fixes = await fixesAt(host, PATH, words, (of) =>
    known.filter(({ texts }) => of(PATH) === texts.get(PATH)),
  );
  return { host, fixes, textOf, saved: then.texts.get(PATH)! };
}

test.each([
  ['deleted', ''],
  ['commented out', '\t// wait_for_all();\n'],
])('a call that is %s, byte for byte', async (_, now) => {
  for (const words of ['WRITE_ONCE(b->flag', 'WRITE_ONCE(b->data']) {
    const { host, fixes, textOf, saved } = await offered(WAIT, now, words);
    expect(fixes.map(({ title }) => title)).toEqual([
      'Put back wait_for_all() in stop(): forbidden after this',
    ]);
    make(host, fixes[0]!);
    expect(textOf()).toBe(saved);
  }
});

test('not elsewhere', async () => {
  expect((await offered(WAIT, '', 'struct box')).fixes).toEqual([]);
});

test('not where something new was written instead', async () => {
  expect((await offered(WAIT, '\tmake_room(b);\n', 'WRITE_ONCE(b->flag')).fixes).toEqual([]);
});

test('not where another invariant could be violated then', async () => {
  const other = violation(fixture[0]!.text, 'I2');
  expect((await offered(WAIT, '', 'WRITE_ONCE(b->flag', other)).fixes).toEqual([]);
});
