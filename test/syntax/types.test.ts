/** What the AST says of types: how declarators nest, how structs are laid out, what enumerators are said to be. */

import { expect, test } from 'vitest';
import type { Declarator, Member, TypeName } from '../../server/src/syntax/ast.ts';
import { parseKernelC } from '../../server/src/syntax/parse.ts';
import { testParser } from '../support/parser.ts';
import { printExpression as print } from './print.ts';

const parser = await testParser();

/** `array 2 of pointer to int`. */
function inWords({ derived = [], pointers, base }: TypeName): string {
  const steps = derived.map((step) => {
    if (step.kind !== 'array') return step.kind === 'pointer' ? 'pointer to' : 'function giving';
    return step.length === undefined ? 'array of' : `array ${print(step.length)} of`;
  });
  const stars = derived.length === 0 ? Array(pointers).fill('pointer to') : [];
  return [...steps, ...stars, base].join(' ');
}

function globalOf(text: string): Declarator {
  return parseKernelC(parser, text).globals[0]!;
}

test.each([
  ['int *a;', 'pointer to int'],
  ['int **a;', 'pointer to pointer to int'],
  ['int *a[2];', 'array 2 of pointer to int'],
  ['int (*a)[2];', 'pointer to array 2 of int'],
  ['int a[2][N];', 'array 2 of array N of int'],
  ['int a[] = { 1 };', 'array of int'],
  ['int (*a)(void) = 0;', 'pointer to function giving int'],
  ['int *(*a[3])(void) = { 0 };', 'array 3 of pointer to function giving pointer to int'],
])('%s', (text, words) => {
  expect(inWords(globalOf(text).type)).toBe(words);
});

function layout(member: Member): string {
  switch (member.kind) {
    case 'field': {
      const bits = member.bits === undefined ? '' : ` : ${print(member.bits)}`;
      return `${member.name}${bits}${member.attributes.alignment ? ' aligned' : ''}`;
    }
    case 'nested':
      return `${member.isUnion ? 'union' : 'struct'} { ${member.members.map(layout).join('; ')} }`;
    case 'alternatives':
      return member.branches
        .map(({ condition, members }) => `[${condition}] ${members.map(layout).join('; ')}`)
        .join(' ');
  }
}

test.each([
  ['int a, *b;', 'a; b'],
  ['unsigned a:1, :3, b:2; int :0; int c;', 'a : 1;  : 3; b : 2;  : 0; c'],
  ['union { int w; struct { char l, h; }; }; int z;', 'union { w; struct { l; h } }; z'],
  ['int a;\n#ifdef X\nint b;\n#else\nint c;\n#endif\n', 'a; [ifdef X] b [else] c'],
  ['int a; u8 b __aligned(8);', 'a; b aligned'],
])('struct s { %s };', (members, expected) => {
  const [struct] = parseKernelC(parser, `struct s { ${members} };`).structs;
  expect(struct!.members.map(layout).join('; ')).toBe(expected);
  expect(struct!.isUnion).toBe(false);
});

test('unions, packed and aligned structs, and structs without a name', () => {
  const { structs, functions } = parseKernelC(
    parser,
    `union u { int a; char b; };
     struct p { char a; int b; } __packed;
     typedef struct { int a; } __aligned(64) t;
     void f(void) { struct { int m; } s; s.m = 1; }`,
  );
  expect(structs.map(({ name, isUnion, attributes }) => [name, isUnion, attributes])).toEqual([
    ['t', false, { alignment: { bytes: 64 } }],
    ['union u', true, {}],
    ['struct p', false, { isPacked: true }],
  ]);
  const declaration = functions[0]!.body[0]!;
  const [declarator] = declaration.kind === 'declaration' ? declaration.declarators : [];
  expect(declarator!.type.definition?.members.map(layout)).toEqual(['m']);
});

test('enumerators: what they are said to be, what they follow, and of which type they are', () => {
  const { enumerators } = parseKernelC(
    parser,
    'enum e { A, B, C = 1 << 3, D, E = -2, F }; enum { G };',
  );
  expect(
    enumerators.map(({ name, value, written, after, of }) => [
      name,
      value,
      written && print(written),
      after,
      of,
    ]),
  ).toEqual([
    ['A', 0, undefined, undefined, 'enum e'],
    ['B', 1, undefined, 'A', 'enum e'],
    ['C', undefined, '(<< 1 3)', undefined, 'enum e'],
    ['D', undefined, undefined, 'C', 'enum e'],
    ['E', -2, '-2', undefined, 'enum e'],
    ['F', -1, undefined, 'E', 'enum e'],
    ['G', 0, undefined, undefined, 'enum of G'],
  ]);
});
