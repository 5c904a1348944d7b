/** Laws of the pre-pass: nothing moves, and what is plain C already stays as it is. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { preparedText } from '../../server/src/syntax/prepass.ts';
import { tokenize } from '../../server/src/syntax/tokens.ts';

const name = fc.constantFrom('a', 'box', 'count', 'next_item', 'x1');

/** Expressions, statements and functions that standard C has and no macro is needed for. */
const { statement } = fc.letrec<{ expression: string; statement: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small' },
    name,
    fc.integer({ min: 0, max: 99 }).map(String),
    fc
      .tuple(tie('expression'), fc.constantFrom('+', '==', '&&', '|', '<<', '='), tie('expression'))
      .map(([a, o, b]) => `(${a} ${o} ${b})`),
    fc.tuple(name, tie('expression')).map(([f, a]) => `${f}(${a}, &${f})`),
    fc.tuple(name, name).map(([p, f]) => `${p}->${f}[0].${p}`),
    tie('expression').map((a) => `(unsigned long)${a}`),
    tie('expression').map((a) => `(struct box *)${a}`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a} ? ${b} : "text %d\\n")`),
  ),
  statement: fc.oneof(
    { depthSize: 'small' },
    tie('expression').map((e) => `${e};`),
    fc.tuple(name, tie('expression')).map(([v, e]) => `struct box *${v} = ${e}, other[3];`),
    fc
      .tuple(tie('expression'), tie('statement'))
      .map(([e, s]) => `if (${e})\n\t\t${s}\n\telse {\n\t\t${s}\n\t}`),
    fc.tuple(tie('expression'), tie('statement')).map(([e, s]) => `while (${e}) {\n\t\t${s}\n\t}`),
    fc.tuple(name, tie('statement')).map(([v, s]) => `for (${v} = 0; ${v} < 3; ${v}++)\n\t\t${s}`),
    fc
      .tuple(tie('expression'), tie('statement'))
      .map(
        ([e, s]) =>
          `switch (${e}) {\n\tcase 1:\n\t\t${s}\n\t\tbreak;\n\tdefault:\n\t\treturn ${e};\n\t}`,
      ),
    fc.tuple(name, tie('statement')).map(([l, s]) => `goto ${l};\n${l}_done:\n\t${s}`),
    tie('statement').map((s) => `do {\n\t\t${s}\n\t} while (0);`),
  ),
}));

const plainFile = fc
  .array(fc.tuple(name, fc.array(statement, { maxLength: 4 })), { maxLength: 4 })
  .map((functions) =>
    functions
      .map(
        ([f, body]) =>
          `static inline int ${f}(struct box *a, const char *fmt)\n{\n\t${body.join('\n\t')}\n}\n`,
      )
      .join('\nstruct box { int a; unsigned long b[4]; };\nextern int count;\n'),
  );

/** Pieces of kernel C, whole and broken, in any order. */
const kernelText = fc
  .array(
    fc.oneof(
      statement,
      fc.constantFrom(
        '#ifdef CONFIG_SMP\n',
        '#else\n',
        '#endif\n',
        '#if 0\n',
        '#define M(x) \\\n\tdo { x; } while (0)\n',
        '/* note\n */',
        '// line\n',
        'list_for_each_entry(p, h, n) {',
        'for_each(x)\n\t',
        '{',
        '}',
        '(',
        ')',
        ';\n',
        'case 1 ... 5:',
        'static __init ',
        'struct box __user *',
        'asm volatile("nop" : : "r" (x));',
        'SYSCALL_DEFINE1(f, int, x)\n{',
        'container_of(p, struct box, m)',
        '"open',
        "'",
        '\\\n',
        '\r\n',
        'é',
        '\u0000',
        'f(, )',
        'out:\n',
        'EXPORT_SYMBOL(f)\n',
        'typeof(*p) x',
        'DECLARE_BITMAP(a, 5)',
        'struct s {',
        'else',
        'do {',
        '} while_each(x);',
        '100baseT',
        'goto *x;',
      ),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(' '));

const lineEnds = (text: string) =>
  [...text.matchAll(/[\r\n]/g)].map(({ index, 0: end }) => [index, end]);

test('the length and all line ends are preserved', () => {
  fc.assert(
    fc.property(fc.oneof(kernelText, plainFile, fc.string({ unit: 'binary' })), (text) => {
      const prepared = preparedText(text);
      expect(prepared.length).toBe(text.length);
      expect(lineEnds(prepared)).toEqual(lineEnds(text));
    }),
    { numRuns: 400 },
  );
});

test('plain C stays as it is', () => {
  fc.assert(
    fc.property(plainFile, (text) => {
      expect(preparedText(text)).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test('what was prepared needs no more preparation', () => {
  const file =
    'static __init int f(struct box __user *p)\n{\n\tfor_each(x, p)\n\t\tg(x, struct box);\n}\nEXPORT_SYMBOL(f);\n';
  const once = preparedText(file);
  expect(preparedText(once)).toBe(once);
});

test.each([
  ['static int __init f(void) { }', 'static int        f(void) { }'],
  ['void f(void)\n{\n\tfor_each(a, b) {\n\t}\n}', 'void f(void)\n{\n\twhile   (a, b) {\n\t}\n}'],
  ['void f(void)\n{\n\tg(struct box, x);\n}', 'void f(void)\n{\n\tg(__________, x);\n}'],
  [
    'void f(void)\n{\n\tswitch (x) {\n\tcase 1 ... 5:\n\t\tg();\n\t}\n}',
    'void f(void)\n{\n\tswitch (x) {\n\tcase 1 ||  5:\n\t\tg();\n\t}\n}',
  ],
  ['MODULE_LICENSE("GPL");\nint x;', '                      \nint x;'],
  [
    '#define A 1\n#if A > 1 /* b */\nint x;\n#endif /* A */\n',
    '           \n#if 1            \nint x;\n#endif        \n',
  ],
])('%j becomes %j', (text, prepared) => {
  expect(preparedText(text)).toBe(prepared);
});

test('tokens: each character belongs to one token, comment, line or space', () => {
  fc.assert(
    fc.property(kernelText, (text) => {
      const { tokens, comments, directives, continuations } = tokenize(text);
      const covered = new Uint8Array(text.length);
      const cover = (start: number, end: number) => covered.fill(1, start, end);
      for (const { start, end } of [...comments, ...directives]) cover(start, end);
      for (const at of continuations) cover(at, at + 1);
      for (const { start, end, text: word } of tokens) {
        expect(text.slice(start, end)).toBe(word);
        expect(covered.subarray(start, end).every((mark) => mark === 0)).toBe(true);
        cover(start, end);
      }
      const rest = [...text].map((_, at) => at).filter((at) => covered[at] === 0);
      expect(rest.filter((at) => text.charCodeAt(at) > 32)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
