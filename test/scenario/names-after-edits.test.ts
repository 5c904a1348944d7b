/** After an edit of the tree, what is said of a scenario's names is what is said of them afresh. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkNames } from '../../server/src/scenario/check-names.ts';
import { bundledScenarios, readText } from '../../server/src/scenario/load-library.ts';
import { loadScenario } from '../../server/src/scenario/load-scenario.ts';
import type { Scenario } from '../../server/src/scenario/scenario.ts';
import { initialCases } from '../../server/src/scenario/scenario-cases.ts';
import { loweringRequest, scenarioSources } from '../../server/src/scenario/scenario-request.ts';
import { parseText, RFC_V2 } from '../support/scenario-tree.ts';

type Texts = Readonly<Record<string, string>>;

const HEADER = `#define SEALED 4
#define LATE (HOUR << 1)
#define HOUR 60
struct letter { int state; int text; struct letter *next; };
static inline int stamp(int price) { return price + 1; }
`;
const POST = `
static int fee(int price) { return price; }
static int rare(void)
{
#define EARLY 1
#undef OFTEN
	return 0;
}
void letter_write(struct letter *l, int text)
{
	int waked_streets, walked_streets = 0;
	void *hook = &post_bell;

	mailbox_lock();
	(mailbox_unluck)();
	l->text = fee(text);
	waked_streets = current->walked_streets;
	WRITE_ONCE(l->state, SEALED);
}
`;
const OFFICE = `
static int fee(int price) { return price; }
int letter_read(struct letter *l)
{
	return READ_ONCE(l->state) == SEALED ? l->text : -1;
}
`;
const TREE: Texts = { 'letter.h': HEADER, 'post.c': POST, 'office.c': OFFICE };

const SCENARIO = `C mail
source: letter.h post.c office.c
{
	struct letter the_letter = { .state = 0 };
	struct task_struct postman = { .walked_streets = 0 };
	int early = EARLY;
}
stubs {
	void mailbox_lock(void) { }
	void mailbox_unlock(void) { }
}
P0 as postman { post_bell(); letter_write(&the_letter, fee(7)); }
P1 { seen = letter_read(&the_letter); }
never unwritten "no text": (P1:seen = 0)
never late "too late": (P1:seen = stamp(LATE))
`;

const SAID: Texts = { 't.scenario': SCENARIO };

/** What is wrong with the scenario in a tree, and what its second formula compares with. */
function said(scenario: Scenario, texts: Texts) {
  const tree = {
    source: (file: string) => {
      const text = texts[file];
      return text === undefined ? undefined : parseText(file, text);
    },
    parse: parseText,
  };
  const { sources } = scenarioSources(scenario, tree);
  const cases = initialCases(scenario).cases.map((start) =>
    loweringRequest(scenario, sources, start, [], tree, 'marked'),
  );
  const { problems, invariants, filter } = checkNames(scenario, cases);
  return { problems: problems.map(({ message }) => message), formulas: [...invariants, filter] };
}

function mail(): Scenario {
  return loadScenario('t.scenario', (file) => SAID[file]).scenario!;
}

/** What is said after the edit, told of the same scenario before; afresh it has to be the same. */
function saidAfter(file: string, from: string, to: string) {
  const scenario = mail();
  expect(said(scenario, TREE).problems).toEqual([]);
  expect(TREE[file]).toContain(from);
  const edited = { ...TREE, [file]: TREE[file]!.replaceAll(from, to) };
  const after = said(scenario, edited);
  expect(after).toEqual(said({ ...scenario }, edited));
  expect(said(scenario, TREE).problems).toEqual([]);
  return after;
}

test('a scenario is the same object as long as its texts are', () => {
  expect(mail()).toBe(mail());
});

test.each([
  [
    'a call, by a word that is there',
    'post.c',
    '(mailbox_unluck)',
    'mailbox_unluck',
    'mailbox_unlock()',
  ],
  ['a member, by a word that is there', 'post.c', '>walked_s', '>waked_s', 'walked_streets; waked'],
  ['a function of which only code speaks', 'post.c', 'post_bell', 'post_belle', 'post_bell() is'],
  ['a constant of a body', 'post.c', '#define EARLY', '#undef EARLY', 'nothing is called EARLY'],
  [
    'what a function takes, in words that are there',
    'office.c',
    'letter *l)',
    'letter *l, int text)',
    'takes 2',
  ],
  ['a call that a stub stands in for', 'post.c', 'mailbox_lock', 'mailbox_look', 'mailbox_lock()'],
  ['a member of one that is defined', 'letter.h', 'int state', 'int stat', 'no member state'],
  ['a function', 'office.c', 'letter_read(', 'letter_raed(', 'letter_read() is defined nowhere'],
  ['what a function takes', 'office.c', 'struct letter *l)', 'struct letter *l, int x)', 'takes 2'],
  [
    'what two files have each for itself',
    'post.c',
    'return price;',
    'return 2;',
    'fee is one thing',
  ],
  ['a constant', 'letter.h', 'LATE (', 'LATER (', 'LATE is no constant'],
])('%s is renamed or changed, and told', (_, file, from, to, message) => {
  expect(saidAfter(file, from, to).problems.join()).toContain(message);
});

test.each([
  ['a macro behind a macro', 'HOUR 60', 'HOUR 80', 161],
  ['a function that a formula calls', 'price + 1', 'price + 2', 122],
])('%s is another one, and the formula compares with its value', (_, from, to, value) => {
  const { problems, formulas } = saidAfter('letter.h', from, to);
  expect(problems).toEqual([]);
  expect(formulas[1]).toMatchObject({ right: { kind: 'integer', value } });
});

/** A small pseudo-random generator, so that a failing run can be repeated from its seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** A word of the text goes, becomes another one, or is nearly itself, in one place or in all. */
function randomEdit(text: string, random: (below: number) => number): string {
  const words = text.match(/\b[A-Za-z_]\w*/g) ?? [''];
  const [word, other] = [words[random(words.length)]!, words[random(words.length)]!];
  const by = ['', other, `${word}x`, word.slice(1), ` ${word}\n`, `(${word})`][random(6)]!;
  const places = new RegExp(`\\b${word}\\b`, random(2) === 0 ? 'g' : '');
  return text.replace(places, by);
}

test('random edits of the sample, and back', () => {
  const seed = Number(process.env['SEED'] ?? 20261128);
  const random = randomOf(seed);
  const scenarios = bundledScenarios()
    .filter((file) => file.includes('/rfc-v2/'))
    .flatMap((file) => loadScenario(file, readText).scenario ?? []);
  const names = [...new Set(scenarios.flatMap(({ sources }) => sources.map(({ name }) => name)))];
  const sample = Object.fromEntries(
    names.map((file) => [file, readFileSync(join(RFC_V2, file), 'utf8')]),
  );
  let texts: Texts = sample;
  for (let step = 0; step < 150; step++) {
    const file = names[random(names.length)]!;
    texts = { ...(random(3) === 0 ? sample : texts), [file]: randomEdit(texts[file]!, random) };
    const scenario = scenarios[random(scenarios.length)]!;
    const where = `seed ${seed}, step ${step}, ${scenario.name}`;
    expect(said(scenario, texts), where).toEqual(said({ ...scenario }, texts));
    expect(said(scenario, sample), where).toEqual(said({ ...scenario }, sample));
  }
});
