/** Invariants that a scenario accepts to be violated: with a reason, and not more than was accepted. */

import { expect, test } from 'vitest';
import { loadScenario } from '../../server/src/scenario/load-scenario.ts';
import { simulateFiles } from '../support/simulated.ts';

const BOX = `struct box { int data; int flag; };
void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	note(b);
	WRITE_ONCE(b->flag, 1);
}
int consume(struct box *b)
{
	int seen;

	if (!READ_ONCE(b->flag))
		return -1;
	smp_rmb();
	seen = READ_ONCE(b->data);
	return seen;
}
`;

const scenario = (accepted: string) => `C box
source: box.c
{ struct box the_box = { }; }
stubs { void note(struct box *b) { } }
P0 { publish(&the_box); }
P1 { seen = consume(&the_box); }
never half "half a box is seen": (P1:seen = 0)
	${accepted}
never overfull "more than was put in": P1:seen = 2 ${accepted}
suppose note-orders "note() is a full barrier" { void note(struct box *b) { smp_mb(); } }
`;

const ACCEPTED = 'accepted with note-orders: "note() takes a lock\n\t that orders"';

async function invariantsOf(source: string, accepted: string) {
  const files = { 'box.c': source, 't.scenario': scenario(accepted) };
  const { text } = await simulateFiles(files, '--json');
  const { scenarios } = JSON.parse(text) as {
    scenarios: { invariant: string; observation: string; accepted?: string }[];
  };
  return scenarios.map(({ invariant, observation, accepted: reason }) => [
    invariant,
    observation,
    reason,
  ]);
}

test('a violation that is accepted is told with the reason; what holds is not spoken of', async () => {
  const reason = 'note() takes a lock that orders';
  expect(await invariantsOf(BOX, ACCEPTED)).toEqual([
    ['half', 'Sometimes', reason],
    ['overfull', 'Never', undefined],
  ]);
  expect(await invariantsOf(BOX, 'accepted: "so it is"')).toContainEqual([
    'half',
    'Sometimes',
    'so it is',
  ]);
  expect(await invariantsOf(BOX, '')).toContainEqual(['half', 'Sometimes', undefined]);
});

test('what goes wrong also under what it is accepted with is not accepted', async () => {
  const worse = BOX.replace('smp_rmb();', '');
  expect(await invariantsOf(worse, ACCEPTED)).toContainEqual(['half', 'Sometimes', undefined]);
});

test('while it is not known whether it is what was accepted, it is not known', async () => {
  const half = BOX.replace('seen = READ_ONCE(b->data);', 'seen = READ_ONCE(b->);');
  expect(await invariantsOf(half, ACCEPTED)).toContainEqual(['half', 'unknown', undefined]);
  const other = BOX.replace('return -1;', 'return -1 +;');
  expect(await invariantsOf(other, ACCEPTED)).toContainEqual(['half', 'unknown', undefined]);
});

test('a reason that is missing and a supposition that is not there are mistakes', () => {
  const problemsOf = (accepted: string) =>
    loadScenario('t.scenario', () => scenario(accepted)).problems.map(({ message }) => message);
  expect(problemsOf('accepted with note-order: "why"')).toContainEqual(
    'there is no supposition "note-order"; note-orders?',
  );
  for (const accepted of ['accepted', 'accepted with', 'accepted with note-orders "why"'])
    expect(new Set(problemsOf(accepted))).toEqual(
      new Set([
        'what is accepted is written accepted: "reason", or accepted with SUPPOSITION, ...: "reason", behind the formula',
      ]),
    );
});
