/** Whatever the text is, there is an answer, and it says where it is not to be trusted. */

import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { controlFlow } from '../../server/src/syntax/control-flow.ts';
import { parseKernelC } from '../../server/src/syntax/parse.ts';
import { testParser } from '../support/parser.ts';
import { printStatements } from './print.ts';

const parser = await testParser();

const GOOD = 'static int before(void)\n{\n\tsmp_mb();\n\treturn 0;\n}\n';
const LAST = 'static int after(void)\n{\n\tsmp_rmb();\n\treturn 1;\n}\n';

test.each([
  ['an expression half typed', 'void f(struct box *b)\n{\n\tg();\n\tb->\n}\n'],
  ['a call half typed', 'void f(struct box *b)\n{\n\tg(b, \n\th();\n}\n'],
  ['a condition half typed', 'void f(struct box *b)\n{\n\tg();\n\tif (b->x\n}\n'],
  ['a brace not closed', 'void f(struct box *b)\n{\n\tg();\n\tif (b) {\n\t\th();\n}\n'],
  ['the last brace missing', 'void f(struct box *b)\n{\n\tg();\n\n'],
  ['a brace too many', 'void f(struct box *b)\n{\n\tg();\n\t}\n}\n'],
  ['a string not closed', 'void f(struct box *b)\n{\n\tg("x);\n}\n'],
  ['an #if not closed', 'void f(struct box *b)\n{\n#ifdef A\n\tg();\n}\n'],
  ['an #endif alone', 'void f(struct box *b)\n{\n#endif\n\tg();\n}\n'],
  ['a header half typed', 'static void f(struct \n\n'],
])('%s leaves the functions around it whole', (_, middle) => {
  const { functions } = parseKernelC(parser, `${GOOD}\n${middle}\n${LAST}`);
  const [first] = functions;
  const last = functions.at(-1);
  expect([first?.name, first?.errors]).toEqual(['before', []]);
  expect([last?.name, last?.errors]).toEqual(['after', []]);
  expect(printStatements(last!.body)).toBe('{(smp_rmb); (return 1)}');
});

test('thousands of faults in a row end the function they stand in', () => {
  const middle = `void f(struct box *b)\n{\n\tx = ${'*)('.repeat(20_000)}y;\n}\n`;
  const { functions } = parseKernelC(parser, `${GOOD}\n${middle}\n${LAST}`);
  expect(functions.map(({ name, errors }) => [name, errors.length])).toEqual([
    ['before', 0],
    ['f', 1],
    ['after', 0],
  ]);
});

test('a long text is read whole, however busy machine and process are with other things', () => {
  const text = 'int f(struct box *b) { return b->data + 1; }\n'.repeat(2000);
  const { now } = performance;
  let asked = 0;
  const stolen = () => 0.1 * Math.floor(asked++ / 20);
  const time = vi.spyOn(performance, 'now').mockImplementation(() => {
    return now.call(performance) + 1000 * stolen();
  });
  const spent = vi.spyOn(process, 'cpuUsage').mockImplementation(() => {
    return { user: 1e6 * stolen(), system: 0 };
  });
  try {
    expect(parser.tree(text).errors).toEqual([]);
    expect(asked).toBeGreaterThan(1000);
  } finally {
    time.mockRestore();
    spent.mockRestore();
  }
});

test.each([
  ['b->\n', '(g)'],
  ['if (b->x\n', '(g)'],
  ['h(b, c\n', '(g)'],
])('a function in which %j is typed says so and keeps what comes before', (typed, kept) => {
  const { functions } = parseKernelC(parser, `void f(struct box *b)\n{\n\tg();\n\t${typed}}\n`);
  expect(functions[0]?.errors.length).toBeGreaterThan(0);
  expect(printStatements(functions[0]!.body)).toContain(kept);
});

test('nothing, blanks and other alphabets', () => {
  for (const text of [
    '',
    '\n\n',
    '   ',
    '/* only */',
    '// only',
    '#',
    '#if',
    'é漢字',
    '\ufeffint x;',
  ]) {
    const file = parseKernelC(parser, text);
    expect(file.functions).toEqual([]);
  }
});

test('any text has an answer, and so has the control flow of what is found', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '(',
    ')',
    ';',
    '\n',
    'f',
    ' x ',
    '=',
    '#if A\n',
    '#else\n',
    '#endif\n',
    'if',
    'else ',
    'for',
    'do',
    'while',
    'case 1:',
    'switch',
    'goto x;',
    'x:',
    '"',
    "'",
    '/*',
    '*/',
    '\\',
    'int ',
    'struct ',
    '*',
    ',',
    'list_for_each(a, b)',
    'void f(void)\n{\n',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
        fc.string({ unit: 'binary', maxLength: 200 }),
      ),
      (text) => {
        for (const definition of parseKernelC(parser, text).functions) {
          expect(definition.span.end).toBeLessThanOrEqual(text.length);
          expect(controlFlow(definition).steps[0]?.kind).toBe('entry');
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('a binary file', () => {
  const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 7919 + (at >> 3)) % 256);
  expect(() => parseKernelC(parser, new TextDecoder('latin1').decode(bytes))).not.toThrow();
});

test.each([
  [
    'parentheses',
    (depth: number) => `void f(void)\n{\n\tx = ${'('.repeat(depth)}1${')'.repeat(depth)};\n}\n`,
  ],
  [
    'braces',
    (depth: number) => `void f(void)\n{\n${'{'.repeat(depth)}g();${'}'.repeat(depth)}\n}\n`,
  ],
  [
    'else if',
    (depth: number) => `void f(void)\n{\n\t${'if (x) g(); else '.repeat(depth)} h();\n}\n`,
  ],
  ['a sum', (depth: number) => `void f(void)\n{\n\tx = ${'a + '.repeat(depth)} 1;\n}\n`],
  [
    'pointers',
    (depth: number) => `void f(void)\n{\n\tint ${'*'.repeat(depth)}p = ${'*'.repeat(depth)}q;\n}\n`,
  ],
  [
    'structs without names',
    (depth: number) => `struct s { ${'struct { '.repeat(depth)}int a;${' } t;'.repeat(depth)} };\n`,
  ],
  ['#if', (depth: number) => `${'#if A\n'.repeat(depth)}int x;\n${'#endif\n'.repeat(depth)}`],
  [
    'brackets that never close',
    (depth: number) => `void f(void)\n{\n\t${'g(['.repeat(depth)}\n}\n`,
  ],
])('%s nested deeply', (_, nested) => {
  for (const depth of [100, 20_000]) {
    const file = parseKernelC(parser, nested(depth));
    for (const definition of file.functions) controlFlow(definition);
  }
});

test('a file of five megabytes', () => {
  const text = GOOD.repeat(Math.ceil(5_000_000 / GOOD.length));
  const { functions } = parseKernelC(parser, text);
  expect(functions.length).toBe(text.length / GOOD.length);
  expect(functions.every(({ errors }) => errors.length === 0)).toBe(true);
});
