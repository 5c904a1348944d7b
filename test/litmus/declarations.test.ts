/** Declarations of litmus tests that herd7 7.58 refuses, and those that it takes. */

import { expect, test } from 'vitest';
import { parseLitmus } from '../../server/src/litmus/parse.ts';

function problemsOf(parameters: string, initial = '', statement = ''): readonly string[] {
  const text = `C t\n\n{ ${initial} }\n\nP0(${parameters})\n{\n\tWRITE_ONCE(*x, 1);\n\t${statement}\n}\nexists (x=1)\n`;
  return parseLitmus(text).problems.map(({ message }) => message);
}

test.each([
  ['int *x, int *x', 'x is a parameter of P0 twice'],
  ['int *x, atomic_t *x', 'x is a parameter of P0 twice'],
  ['int *x, int y', 'y is no pointer: what threads share is passed as "int *y"'],
  ['int *x, atomic_t y', 'y is no pointer: what threads share is passed as "int *y"'],
  ...[
    'size_t',
    'u8',
    'u32',
    'unsigned long',
    'unsigned int',
    'long long',
    'short',
    'bool',
    'struct box',
  ].map((type) => [`${type} *x`, `litmus tests have no type ${type}; int?`]),
  ['*x', 'litmus tests have no type "*"; int?'],
])('parameters: %s', (parameters, message) => {
  expect(problemsOf(parameters!)).toEqual([message]);
});

test.each([
  ['x=1; x=2;', 'x is given two initial values'],
  ['x=1; int x;', 'x is given two initial values'],
  ['0:x=y;', 'x is a parameter of P0: it points to the location x, and takes no initial value'],
  ['0:r=1; 0:r=1;', '0:r is given two initial values'],
  ['u8 y;', 'litmus tests have no type u8; int?'],
  ['size_t y = 3;', 'litmus tests have no type size_t; int?'],
  ['spinlock_t y;', 'litmus tests have no initial value of type spinlock_t; int?'],
  ['int64_t y = 3;', 'litmus tests have no initial value of type int64_t; int?'],
  ['const int y = 3;', 'litmus tests have no initial value of type const int; int?'],
])('initial state: %s', (initial, message) => {
  expect(problemsOf('int *x', initial)).toEqual([message]);
});

test.each(['size_t r = 1;', 'unsigned long r = 1;', 'ssize_t r;'])('register: %s', (statement) => {
  const type = statement.replace(/ r.*/, '');
  expect(problemsOf('int *x', '', statement)).toEqual([`litmus tests have no type ${type}; int?`]);
});

test.each([
  'int',
  'char',
  'long',
  'void',
  'int8_t',
  'uint16_t',
  'int32_t',
  'uint64_t',
  'intptr_t',
  'uintptr_t',
  'atomic_t',
  'atomic_int',
  'spinlock_t',
  'mtx_t',
  'struct srcu_struct',
  'volatile int',
  'const int',
  'int const',
  'int volatile',
  '_Atomic int',
  'int *',
])('but not %s *x', (type) => {
  expect(problemsOf(`${type} *x, int *y`, 'x=0; y=1; 0:r=2; int z = 3;', 'long r;')).toEqual([]);
});
