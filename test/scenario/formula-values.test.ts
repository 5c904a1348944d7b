/** What the values in a formula are worth: what C says of constants, macros and enumerators. */

import { expect, test } from 'vitest';
import { observationsIn, simulateFiles } from '../support/simulated.ts';

const HEADER = `#define EMPTY NOTHING
#define NOTHING (-1)
#define FLAG (1 << 3)
#define MASK (FLAG | 0x40)
#define LOW(bits) ((1 << (bits)) - 1)
enum colour { RED = 2, GREEN, BLUE = 9, GREY, PALE = FLAG | RED, PALER, DEEP = sizeof(long) };
struct paint { int tone; };
void mix(struct paint *p) { WRITE_ONCE(p->tone, 1); }
`;

const scenario = (assigned: string, value: string) => `C value
source: paint.h
{ struct paint the_paint = { }; struct paint other_paint = { }; }
P0 { r = ${assigned}; mix(&the_paint); }
P1 { mix(&the_paint); }
never equal "the register has this value": (P0:r = ${value})
never other "it has another one": (P0:r != ${value})
`;

/** What is written in the formula, and the number that C 2011, 6.4 and 6.6, makes of it. */
const VALUES: readonly (readonly [value: string, number: string])[] = [
  ['EMPTY', '-1'],
  ['FLAG', '8'],
  ['MASK', '72'],
  ['LOW(4)', '15'],
  ['RED', '2'],
  ['GREEN', '3'],
  ['GREY', '10'],
  ['PALE', '10'],
  ['PALER', '11'],
  ['DEEP', '8'],
  ['-12', '-12'],
  ['0x1f', '31'],
  ['-0x10', '-16'],
  ['017', '15'],
  ['20u', '20'],
  ["'A'", '65'],
  ['(7)', '7'],
  ['((7))', '7'],
  ['~0', '-1'],
  ['~MASK & 0x7f', '55'],
  ['1 + 2 * 3', '7'],
  ['(1 + 2) * 3', '9'],
  ['17 / 5', '3'],
  ['17 % 5', '2'],
  ['-17 / 5', '-3'],
  ['1 << 2 + 1', '8'],
  ['6 & 3 | 8', '10'],
  ['6 ^ 3', '5'],
  ['BLUE - RED', '7'],
  ['-FLAG', '-8'],
  ['LOW(LOW(2))', '7'],
  // What C and the kernel's own headers have, whether or not a source includes them.
  ['true', '1'],
  ['false', '0'],
  ['NULL', '0'],
  ['INT_MAX', '2147483647'],
  ['INT_MIN', '-2147483648'],
  ['LONG_MIN', '-9223372036854775808'],
  ['LLONG_MAX', '9223372036854775807'],
  ['SSIZE_MAX', '9223372036854775807'],
  ['U8_MAX + 1', '256'],
  ['U32_MIN', '0'],
  ['BITS_PER_LONG', '64'],
];

test.each(VALUES)('%s is %s', async (value, number) => {
  const files = (text: string) => ({ 'paint.h': HEADER, 't.scenario': text });
  const same = await observationsIn(files(scenario(number, value)));
  expect(same).toEqual({ equal: 'Sometimes', other: 'Never' });
  const different = await observationsIn(files(scenario(`${number} + 1`, value)));
  expect(different).toEqual({ equal: 'Never', other: 'Sometimes' });
});

test('an address is a value, too, and a value may stand on the left', async () => {
  const text = scenario('&the_paint', '&other_paint').replace(
    '(P0:r = &other_paint)',
    '(&the_paint = P0:r)',
  );
  expect(await observationsIn({ 'paint.h': HEADER, 't.scenario': text })).toEqual({
    equal: 'Sometimes',
    other: 'Sometimes',
  });
});

test('a comparison of two values is none', async () => {
  const text = scenario('1', '1').replace('(P0:r = 1)', '(1 = 2)');
  const { code, warnings } = await simulateFiles({ 'paint.h': HEADER, 't.scenario': text });
  expect(warnings).toEqual([
    't.scenario:6: a comparison needs a register or a location on one side',
  ]);
  expect(code).toBe(2);
});

test.each([
  ['a location in an expression', 'the_paint.tone + 1', 'the_paint is no constant'],
  ['a division by zero', '1 / 0', 'has no value that is known before the program runs'],
])('what has no value is told: %s', async (_, value, message) => {
  const { code, warnings } = await simulateFiles({
    'paint.h': HEADER,
    't.scenario': scenario('1', value),
  });
  expect(warnings[0]).toContain(message);
  expect(code).toBe(2);
});

test('values beyond 32 bits are compared as they are', async () => {
  const text = scenario('1UL << 40', '0x10000000000');
  expect(await observationsIn({ 'paint.h': HEADER, 't.scenario': text })).toEqual({
    equal: 'Sometimes',
    other: 'Never',
  });
});

const operations = (state: string, formula: string) => ({
  'ops.c': `struct ops { void (*go)(int *x); };
void set(int *x) { WRITE_ONCE(*x, 1); }
void clear(int *x) { WRITE_ONCE(*x, 0); }
`,
  't.scenario': `C value
source: ops.c
{ struct ops the_ops = { .go = set }; int the_x = 1; int the_row[2] = { 1, 2 }; ${state} }
P0 { f = the_ops.go; clear(&the_x); }
P1 { set(&the_x); }
never it "is so": (${formula})
`,
});

test.each([
  ['the_ops.go = set', 'Sometimes'],
  ['the_ops.go = &set', 'Sometimes'],
  ['P0:f = clear', 'Never'],
  ['the_row[1] = 2', 'Sometimes'],
])(
  'a function’s name is its address, an element has its value: %s is %s',
  async (formula, kind) => {
    expect(await observationsIn(operations('', formula))).toEqual({ it: kind });
  },
);

test.each([
  ['', 'set = 0', 'a comparison needs a register or a location on one side'],
  ['', 'the_row = 1', 'the_row is an array: a formula can speak of one element, as the_row[0]'],
  ['int the_x = 2;', 'the_x = 1', 'the_x is defined twice'],
])('what has no value is told, and what has two: %s %s', async (state, formula, message) => {
  const { code, warnings } = await simulateFiles(operations(state, formula));
  expect(code).toBe(2);
  expect(warnings).toEqual([expect.stringContaining(message)]);
});

const HELD = `struct held { unsigned int count; unsigned char small; char plain; signed char low; long wide; bool flag; };
void keep(struct held *h)
{
	WRITE_ONCE(h->count, -1);
	WRITE_ONCE(h->small, 255);
	WRITE_ONCE(h->plain, 200);
	WRITE_ONCE(h->wide, -9223372036854775808);
}
`;
const MAKEFILE = 'VERSION = 6\nPATCHLEVEL = 6\nSUBLEVEL = 0\nKBUILD_CFLAGS := -std=gnu11';

const held = (formula: string, makefile?: string) => ({
  'held.c': HELD,
  ...(makefile && { Makefile: makefile }),
  't.scenario': `C value
source: held.c
{ struct held the_held = { }; }
P0 { keep(&the_held); char c = the_held.plain; unsigned long all = -1; int same = c == the_held.plain; }
P1 { keep(&the_held); }
never it "is so": (${formula})
`,
});

test.each([
  [
    'the_held.count = -1',
    'the_held.count is of type unsigned int, which has no value -1; 4294967295?',
  ],
  ['the_held.small != 256', 'the_held.small is of type unsigned char, which has no value 256'],
  ['the_held.flag = 2', 'the_held.flag is of type _Bool, which has no value 2'],
  ['the_held.count != &the_held', 'the_held.count is of type unsigned int, which holds no address'],
  ['P0:all = -1', 'P0:all is of type unsigned long, which has no value -1; 18446744073709551615?'],
  ['P0:same = 4294967295', 'P0:same is of type int, which has no value 4294967295; -1?'],
])('a value that the type does not have is told: %s', async (formula, message) => {
  const { code, warnings } = await simulateFiles(held(formula));
  expect(warnings).toEqual([`t.scenario:6: ${message}`]);
  expect(code).toBe(2);
});

test.each(['the_held.plain = 200', 'the_held.plain != -56', 'P0:c = 200', 'P0:c = P0:same'])(
  'whether a plain char has a sign is known by the Makefile, or told: %s',
  async (formula) => {
    const { code, warnings } = await simulateFiles(held(formula));
    expect(warnings[0]).toContain(
      'is a plain char, of which no kernel Makefile says whether it has a sign',
    );
    expect(code).toBe(2);
  },
);

test.each([
  ['the_held.plain = 100', undefined, 'Never'],
  ['P0:c = the_held.plain', undefined, 'Sometimes'],
  ['P0:c = 200', `${MAKEFILE} -funsigned-char\n`, 'Sometimes'],
  ['P0:c = -56', `${MAKEFILE}\n`, 'Sometimes'],
  ['the_held.wide = -9223372036854775808', undefined, 'Sometimes'],
  ['the_held.wide != -9223372036854775807 - 1', undefined, 'Never'],
])('what is told by neither: %s is %s', async (formula, makefile, kind) => {
  expect(await observationsIn(held(formula, makefile))).toEqual({ it: kind });
});

/** An object and its first member, an array and its first element, and the members of a union (C11 6.7.2.1). */
const places = (formula: string) => ({
  'part.c': `struct part { struct { int one, two; } in; int row[2]; union { int left; long right; } u; };
void point(void **to, void *place) { WRITE_ONCE(*to, place); }
`,
  't.scenario': `C value
source: part.c
{ struct part a = { }; struct part b = { }; void *whole; void *first; void *array; void *element; void *left; void *right; }
P0 {
	point(&whole, &a); point(&first, &a.in.one); point(&array, &a.row); point(&element, &a.row[0]);
	point(&left, &a.u.left); point(&right, &a.u.right);
	int n = READ_ONCE(whole) == READ_ONCE(first) && READ_ONCE(array) == READ_ONCE(element) && READ_ONCE(left) == READ_ONCE(right);
	int m = READ_ONCE(whole) == READ_ONCE(array) || READ_ONCE(element) != (void *)&a.row;
	void *own = READ_ONCE(first);
}
P1 { point(&whole, &a.in); }
filter: (whole != 0)
never it "is so": (${formula})
`,
});

test.each([
  ['whole != &a', 'Never'],
  ['whole != &a.in.one', 'Never'],
  ['whole != first', 'Never'],
  ['P0:own != whole', 'Never'],
  ['whole = &a.in.two', 'Never'],
  ['whole = &b', 'Never'],
  ['array != &a.row[0]', 'Never'],
  ['array = &a.row[1]', 'Never'],
  ['array != element', 'Never'],
  ['left != right', 'Never'],
  ['left = element', 'Never'],
  ['P0:n != 1', 'Never'],
  ['P0:m != 0', 'Never'],
])('what is one address is equal, in C and in formulas: %s is %s', async (formula, kind) => {
  expect(await observationsIn(places(formula))).toEqual({ it: kind });
});
