/** The scenario language: what a file says, and how mistakes in it are told. */

import { expect, test } from 'vitest';
import { expandBraces } from '../../server/src/scenario/expand-braces.ts';
import { loadScenario } from '../../server/src/scenario/load-scenario.ts';
import { parseScenario } from '../../server/src/scenario/parse-scenario.ts';
import { initialCases } from '../../server/src/scenario/scenario-cases.ts';

const SMALL = `C message
"One thread publishes,
 the other one looks."
source: kernel/{a,b}.c include/a.h   // brace sets
include: world.scenario
path: enable
{
  int flag = any(0, 1);  /* any(5, 6) in a comment is none */
}
setup { prepare("}"); }
stubs {
  #define NEW 2
  void outside(void) { }
}
P0 { publish(); }
P1 as reader { v1 = look(); }
never I1-seen "the reader sees half of it": (P1:v1 = NEW /\\ ~(box.data != -1)) \\/ 0:r = &box
suppose loose with other "the order is gone" { #define smp_wmb() }
`;

const WORLD = `
stubs { int given; }
suppose other { #define smp_mb() }
depth: 3
never I2-included: P0:x = 1
`;

const read = (files: Readonly<Record<string, string>>) => (file: string) => files[file];

test('a scenario says its name, files, state, threads and invariants, with what it includes', () => {
  const { scenario, problems } = loadScenario(
    'klp/small.scenario',
    read({ 'klp/small.scenario': SMALL, 'klp/world.scenario': WORLD }),
  );
  expect(problems).toEqual([]);
  expect(scenario).toMatchObject({
    name: 'message',
    description: 'One thread publishes, the other one looks.',
    path: 'enable',
    depth: 3,
    unroll: 2,
  });
  expect(scenario?.sources.map(({ name }) => name)).toEqual([
    'kernel/a.c',
    'kernel/b.c',
    'include/a.h',
  ]);
  expect(scenario?.stubs.map(({ file }) => file)).toEqual([
    'klp/world.scenario',
    'klp/small.scenario',
  ]);
  expect(scenario?.actors.map(({ index, task }) => ({ index, task: task?.name }))).toEqual([
    { index: 0, task: undefined },
    { index: 1, task: 'reader' },
  ]);
  expect(scenario?.invariants.map(({ name }) => name)).toEqual(['I2-included', 'I1-seen']);
});

test('files that include one another without end in sight are told, and so is none that is left out', () => {
  const read = (file: string) => {
    const number = Number(/\d+/.exec(file)?.[0]);
    return number < 5000 ? `include: part${number + 1}.scenario\n` : '';
  };
  const { problems } = loadScenario('part1.scenario', read);
  expect(problems.map(({ file, message }) => [file, message])).toEqual([
    ['part101.scenario', 'more than 100 files that each include the next'],
  ]);
});

test('the inside of a block keeps its place in the file', () => {
  const { part } = parseScenario('small.scenario', SMALL);
  const [actor] = part.actors;
  expect(actor?.body.text).toBe(' publish(); ');
  expect(SMALL.startsWith(' publish(); ', actor?.body.offset)).toBe(true);
});

test('/\\ binds tighter than \\/, and names, addresses and registers are told apart', () => {
  const { part } = parseScenario('small.scenario', SMALL);
  expect(part.invariants[0]?.never).toMatchObject({
    kind: 'or',
    left: {
      kind: 'and',
      left: {
        kind: 'compare',
        equal: true,
        left: { kind: 'register', thread: 1, name: 'v1' },
        right: { kind: 'name', name: 'NEW' },
      },
      right: {
        kind: 'not',
        operand: { equal: false, left: { name: 'box.data' }, right: { value: -1 } },
      },
    },
    right: { left: { kind: 'register', thread: 0 }, right: { kind: 'address', of: 'box' } },
  });
});

test('every any(...) of the state is a choice, and all combinations are cases', () => {
  const text = SMALL.replace('int flag', 'struct s box = { .data = any(3, 4, 5) }; int flag');
  const { scenario } = loadScenario(
    'small.scenario',
    read({ 'small.scenario': text, 'world.scenario': WORLD }),
  );
  const { cases, problems } = initialCases(scenario!);
  expect(problems).toEqual([]);
  expect(cases.map(({ choices }) => choices.join(', '))).toEqual(
    ['3', '4', '5'].flatMap((data) => [`.data = ${data}, flag = 0`, `.data = ${data}, flag = 1`]),
  );
  const lengths = new Set(cases.map(({ state }) => state[0]?.text.length));
  expect(lengths.size, 'choices keep the offsets').toBe(1);
});

test.each([
  ['a/{b,c}.{h,c}', ['a/b.h', 'a/b.c', 'a/c.h', 'a/c.c']],
  ['plain.c', ['plain.c']],
  ['a{b}{,c}', ['ab', 'abc']],
  ['a{b{c,d}}e{', ['a{bc}e{', 'a{bd}e{']],
])('brace sets: %s', (pattern, paths) => {
  expect(expandBraces(pattern)).toEqual(paths);
});

test('brace sets that stand for more than anybody means', () => {
  expect(expandBraces('{a,b}'.repeat(9))).toHaveLength(512);
  expect(expandBraces('{a,b}'.repeat(24))).toBe(undefined);
  const { problems } = parseScenario('s', `C s\nsource: x.c ${'{a,b}'.repeat(24)}\n`);
  expect(problems.map(({ message }) => message)).toEqual(['this stands for too many files']);
});

/** Checks that a mistake is reported with this reason, on the line marked in the text. */
function checkMistake(text: string, line: number, reason: string): void {
  const file = 'wrong.scenario';
  const { problems } = loadScenario(file, read({ [file]: text }));
  const lines = problems.map(({ message, span }) => ({
    line: text.slice(0, span.start).split('\n').length,
    message,
  }));
  expect(lines).toContainEqual({ line, message: expect.stringContaining(reason) });
}

const frame = (line: string) => `C wrong\n"It is wrong."\nsource: a.c\n${line}\n`;
const whole = (line: string) => `${frame('P0 { f(); }\nnever bad: P0:x = 1')}${line}\n`;

test.each([
  ['an unknown header', whole('colour: red'), 6, 'there is no header "colour:"'],
  ['a header without a value', whole('source:'), 6, '"source:" says nothing'],
  ['a bound that is none', whole('unroll: many'), 6, 'needs a number from 1 to 999, not "many"'],
  ['a depth that no stack has', whole('depth: 100'), 6, 'needs a number from 1 to 99, not "100"'],
  ['something that starts no item', whole('? nothing'), 6, 'expected a header'],
  ['a block that never ends', whole('stubs { int x;'), 6, 'the "{" of the stubs is never closed'],
  ['a thread without braces', frame('P0 f();'), 4, 'expected "{" with P0'],
  ['an invariant without a formula', whole('never other: '), 6, 'expected a register'],
  ['an invariant without a name', whole('never : x = 1'), 6, '"never" needs a name'],
  ['a missing relation', whole('never other: (P0:x /\\ P0:y)'), 6, 'expected "=" or "!="'],
  ['a missing parenthesis', whole('never other: (P0:x = 1'), 6, 'expected ")"'],
  ['two threads of one number', whole('P0 { g(); }'), 6, 'there are two threads P0'],
  ['two invariants of one name', whole('never bad: x = 1'), 6, 'there are two invariants "bad"'],
  ['a gap between the threads', whole('P2 { g(); }'), 6, 'thread P1 is missing'],
  [
    'a file that is not there',
    whole('include: none.scenario'),
    6,
    '"none.scenario" cannot be read',
  ],
  ['a base that is not there', whole('suppose a with b { }'), 6, 'there is no supposition "b"'],
  ['no name', whole('').replace('C wrong', ''), 1, 'the first line must be "C"'],
  ['no source', whole('').replace('source: a.c', ''), 1, 'no "source:"'],
  ['no invariant', frame('P0 { f(); }'), 1, 'there is no invariant'],
  ['a colon', whole('stubs: { }'), 6, 'the "{" stands right behind "stubs", without a ":"'],
  ['a colon', whole('P1 as a: { }'), 6, 'the "{" stands right behind "as a", without a ":"'],
  ['no thread', frame('never bad: x = 1'), 1, 'there is no thread'],
])('a mistake is told with its line and reason: %s', (_, text, line, reason) => {
  checkMistake(text, line, reason);
});

test('a formula of 10,000 terms is read, one nested beyond reason told to be', () => {
  const asking = (formula: string) =>
    parseScenario('t', `C t\nP0 { v = 1; }\nnever I: ${formula}\n`);
  const long = asking(Array(10_000).fill('P0:v = 1').join(' /\\ '));
  expect(long.problems).toEqual([]);
  const deep = asking(`${'('.repeat(100_000)}P0:v = 1${')'.repeat(100_000)}`);
  expect(deep.problems[0]?.message).toContain('less deeply nested');
});

test('remarks name a barrier by its function, primitive and number, and the page that explains them', () => {
  const { part, problems } = parseScenario(
    'r.scenario',
    `C r
remark publish smp_wmb 2 of 3: "the review:
  not needed" docs/r.md#why
remark look smp_rmb: "needed"
remark look: "needed"
`,
  );
  expect(
    part.remarks.map(({ file, span, ...said }) => ({ ...said, at: [file, span.start] })),
  ).toEqual([
    {
      function: 'publish',
      primitive: 'smp_wmb',
      ordinal: 2,
      of: 3,
      words: 'the review: not needed',
      page: 'docs/r.md#why',
      at: ['r.scenario', 11],
    },
    {
      function: 'look',
      primitive: 'smp_rmb',
      ordinal: 1,
      words: 'needed',
      page: '',
      at: ['r.scenario', 83],
    },
  ]);
  expect(problems.map(({ message }) => message)).toEqual([
    '"remark" needs a function, a primitive, a ":" and words in quotes',
  ]);
});
