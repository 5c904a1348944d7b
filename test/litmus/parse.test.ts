/** Reading litmus tests: what is accepted, and where errors are said to be. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLitmus } from '../../server/src/litmus/parse.ts';
import { PRIMITIVES } from '../../server/src/litmus/primitives.ts';
import { check } from '../../server/src/search/check.ts';
import { LineIndex } from '../../server/src/text/line-index.ts';

const TEST = `C MP+wmb+rmb

(*
 * Result: Never
 *)

{ int y = 1; p = &x; }

P0(int *x, int *y)
{
	WRITE_ONCE(*x, 1);
	smp_wmb();
	WRITE_ONCE(*y, 1);
}

P1(int *x, int *y)
{
	int r0 = READ_ONCE(*y);
	smp_rmb();
	if (r0 == 1 | r0 > 2)
		r0 = *x;
}

locations [0:r9; x]
filter (1:r0=1)
exists (1:r0=0 /\\ ~(x=2 \\/ y=0:r9) => p=x)
`;

test.each([
  ['-0x10', -16],
  ['0x10', 16],
  ['-16', -16],
  ['2147483647', 2147483647],
  ['-2147483648', -2147483648],
  ['0xffffffff', -1],
])('%s in the initial state and the condition is %d', (text, value) => {
  const { program } = parseLitmus(
    `C n\n{ x=${text}; }\nP0(int *x)\n{\n\tint r0 = READ_ONCE(*x);\n}\nexists (0:r0=${text})\n`,
  );
  expect(program!.initial[0]!.value).toEqual({ kind: 'integer', value });
  expect(check(program!).observation).toBe('Always');
});

/** herd7 fails with `Int32.of_string`. */
describe('a number of more than 32 bits is refused, as by herd7', () => {
  const told = (state: string, stored: string, condition: string) =>
    parseLitmus(
      `C n\n{ x=${state}; }\nP0(int *x)\n{\n\tWRITE_ONCE(*x, ${stored});\n}\nexists (x=${condition})\n`,
    ).problems.map(({ message }) => message);

  test.each(['2147483648', '4294967296', '0x100000000', '18446744073709551616'])('%s', (text) => {
    const message = `${text} has more than the 32 bits in which herd7 computes`;
    expect(told(text, '1', '1')).toEqual([message]);
    expect(told('1', text, '1')).toEqual([message]);
    expect(told('1', '1', text)).toEqual([message]);
    expect(told('1', '-2147483648', '-2147483648')).toEqual([]);
  });
});

describe('a litmus test', () => {
  test('is read with name, expectation, initial state, threads and condition', () => {
    const { program, problems } = parseLitmus(TEST);
    expect(problems).toEqual([]);
    expect(program).toMatchObject({
      name: 'MP+wmb+rmb',
      expected: 'Never',
      initial: [
        { target: { name: 'y' }, value: { value: 1 }, type: 'int' },
        { target: { name: 'p' }, value: { of: 'x' }, type: '' },
      ],
      threads: [{ parameters: [{ name: 'x' }, { name: 'y' }] }, { index: 1 }],
      observed: [{ thread: 0, name: 'r9' }, { name: 'x' }],
      filter: { kind: 'equals' },
      condition: { quantifier: 'exists', proposition: { kind: 'and', right: { kind: 'implies' } } },
    });
  });

  test('binds operators as C does', () => {
    const { program } = parseLitmus(TEST);
    const statement = program?.threads[1]?.body.find(({ kind }) => kind === 'if');
    expect(statement).toMatchObject({
      condition: { operator: '|', left: { operator: '==' }, right: { operator: '>' } },
      // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
      then: [{ kind: 'assign', value: { kind: 'load', order: 'plain' } }],
    });
  });

  test('may use every primitive of the kernel', () => {
    for (const { name, arity, lvalue, operation } of PRIMITIVES.values()) {
      const operands = ['1', '1', '1'].slice(0, arity);
      if ('location' in operation) operands[operation.location] = lvalue ? '*x' : 'x';
      const text = `C t\n{}\nP0(int *x)\n{\n\t${name}(${operands.join(', ')});\n}\nexists (x=1)\n`;
      expect(parseLitmus(text).problems, name).toEqual([]);
    }
  });

  test("may use herd's internal forms", () => {
    const body =
      '__atomic_op(x, |, 2); __store{release}(*x, 1); __fence{before-atomic}; __atomic_fetch_op{acquire}(x, &~, 1);';
    expect(parseLitmus(`C t\n{}\nP0(int *x) { ${body} }\nexists (x=1)\n`).problems).toEqual([]);
  });
});

describe('an error', () => {
  const at = (text: string) => {
    const { program, problems } = parseLitmus(text);
    expect(program).toBeUndefined();
    const { line, column } = new LineIndex(text).position(problems[0]!.span.start);
    return `${line + 1}:${column + 1}: ${problems[0]!.message}`;
  };
  const inside = (body: string) => `C t\n{}\nP0(int *x)\n{\n${body}\n}\nexists (x=1)\n`;

  test('says where, and what was expected', () => {
    expect(at('AArch64 t\n')).toBe("1:1: expected 'C' and the name of the test on the first line");
    expect(at(inside('WRITE_ONCE(*x, 1)'))).toBe("6:1: expected ';', found '}'");
    expect(at(inside('WRITE_ONCE(*x);'))).toBe('5:1: WRITE_ONCE() takes 2 arguments, not 1');
    expect(at(inside('WRITE_ONCE(x, 1);'))).toBe('5:12: WRITE_ONCE() needs a location, such as *x');
    expect(at(inside('do_something();'))).toBe('5:1: unknown primitive do_something()');
    expect(at(inside('int r0 = smp_mb();'))).toBe('5:10: smp_mb() has no value');
    expect(at(inside('WRITE_ONCE(*q, 1);'))).toBe(
      "5:13: 'q' is neither a parameter nor a register of P0",
    );
    expect(at('C t\n{}\nP1() { }\nexists (x=1)\n')).toBe("3:1: expected thread P0, found 'P1'");
    expect(at('C t\n{}\nP0(int *x) { smp_mb(); }\nexists (x+1)\n')).toMatch(/^4:10: expected '='/);
  });

  test('is reported for nesting beyond reason', () => {
    const deep = `${'('.repeat(5000)}1${')'.repeat(5000)}`;
    expect(at(inside(`int r0 = ${deep};`))).toContain('less deeply nested');
    expect(at(inside(`${'{'.repeat(5000)}`))).toContain('less deeply nested');
  });
});

test('mutated text is an error or has an answer within the budget', () => {
  const pieces = [
    '}',
    '{',
    '(',
    ')',
    ';',
    '*',
    '&',
    '/\\',
    '0',
    '999999999999',
    'while (1)',
    'P1',
    '\u0000',
    'x',
    '"',
    '(*',
    '/*',
    'exists',
    'spin_lock(x);',
    '~',
    ':',
    '\n',
  ];
  const mutation = fc.record({
    at: fc.nat(TEST.length),
    cut: fc.nat(12),
    put: fc.constantFrom('', ...pieces),
  });
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
      let text = TEST;
      for (const { at, cut, put } of mutations)
        text = text.slice(0, at) + put + text.slice(at + cut);
      const { program, problems } = parseLitmus(text);
      if (program === undefined) expect(problems.length).toBeGreaterThan(0);
      else check(program, { budget: { milliseconds: 500, executions: 10_000 } });
    }),
    { numRuns: 600, interruptAfterTimeLimit: 15_000 },
  );
});

describe('what herd7 refuses, or understands in another way than its words, is told', () => {
  const told = (state: string, ending: string) =>
    parseLitmus(
      `C n\n{ ${state} }\nP0(int *x)\n{\n\tint r0 = READ_ONCE(*x);\n}\n${ending}\n`,
    ).problems.map(({ message }) => message);

  test.each([
    ['', 'exists (5:r0=0)', 'P5'],
    ['', 'exists (0:r0=0 \\/ 2:r0=2:r1)', 'P2'],
    ['', 'locations [4:r0]\nexists (0:r0=0)', 'P4'],
    ['7:r1=x;', 'exists (0:r0=0)', 'P7'],
  ])('a thread that is not there: "%s" %s', (state, ending, thread) => {
    expect(told(state, ending)).toEqual([`there is no thread ${thread}`]);
  });

  test.each(['uint8_t x = 300;', 'int16_t x;', 'uint8_t 0:r1 = 3;', 'char x;'])('%s', (state) => {
    expect(told(state, 'exists (x=44)')).toEqual([expect.stringMatching(/less than 32 bits/)]);
  });

  test('but not a pointer to such', () => {
    expect(told('char *p = &x;', 'exists (0:r0=0)')).toEqual([]);
  });
});
