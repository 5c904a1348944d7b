/** What types and constants select before anything runs: `_Generic`, gcc's builtins, casts. Every value is also what gcc gives. */

import { describe, expect, test } from 'vitest';
import { observe, outcomeOf } from './support/lower-c.ts';

const TYPES = `
typedef long word; typedef struct box *box_p; struct box { int a; }; struct bag { int a; };
enum colour { RED }; enum sign { MINUS = -1 };
const char *name; char *const fixed = 0; const struct box *shown; volatile int *port; const int *const *two; const char letters[3];
typedef const char *name_t; const struct box *show(void); const int limit = 3; const long *limits[2];
int numbers[3]; struct box box; unsigned char byte; long wide; char *text; static long twice(int x) { return 2L * x; }`;

/** An expression, and what it is worth. */
type Row = readonly [expression: string, value: number];

function checkRows(rows: readonly Row[]): void {
  test.each(rows)('%s', (expression, value) => {
    const source = `${TYPES}\nlong f(void) { int i = 4; long w = 5; return ${expression}; }`;
    expect(observe({ source, threads: ['v = f();'] }, { '0:v': value })).toBe('Always');
  });
}

describe('_Generic', () => {
  checkRows([
    ['_Generic(i, int: 1, long: 2)', 1],
    ['_Generic(w, int: 1, long: 2)', 2],
    ['_Generic(i, default: 1, long: 2)', 1],
    ['_Generic(byte, int: 1, unsigned char: 2, default: 3)', 2],
    ['_Generic(byte + 0, int: 1, unsigned char: 2, default: 3)', 1],
    ["_Generic('a', char: 1, int: 2)", 2],
    ['_Generic(1UL, long: 1, unsigned long: 2, unsigned long long: 3)', 2],
    ['_Generic(1ULL, long: 1, unsigned long: 2, unsigned long long: 3)', 3],
    ['_Generic(&box, struct bag *: 1, struct box *: 2, void *: 3)', 2],
    ['_Generic(box, struct bag: 1, struct box: 2)', 2],
    ['_Generic(numbers, int *: 1, default: 2)', 1],
    ['_Generic(text, unsigned char *: 1, char *: 2)', 2],
    ['_Generic((word)1, int: 1, long: 2)', 2],
    ['_Generic((box_p)0, struct box *: 1, default: 2)', 1],
    ['_Generic(i++, int: 7, default: 8) + i', 11],
    ['_Generic(text, char *: 1, const char *: 2)', 1],
    ['_Generic(name, char *: 1, const char *: 2)', 2],
    ['_Generic(name, char *: 1, default: 2)', 2],
    ['_Generic(fixed, char *: 1, default: 2)', 1],
    ['_Generic(fixed, char *const: 1, default: 2)', 2],
    ['_Generic(i, const int: 1, default: 2)', 2],
    ['_Generic(limit, int: 1, default: 2)', 1],
    ['_Generic(&limit, int *: 1, const int *: 2)', 2],
    ['_Generic(&i, int *: 1, const int *: 2)', 1],
    ['_Generic((name_t)0, char *: 1, char const *: 2)', 2],
    ['_Generic(shown, struct box *: 1, const struct box *: 2)', 2],
    ['_Generic(&shown->a, int *: 1, const int *: 2)', 2],
    ['_Generic(&(*shown).a, int *: 1, const int *: 2)', 2],
    ['_Generic(show(), struct box *: 1, const struct box *: 2)', 2],
    ['_Generic(port, int *: 1, volatile int *: 2, const volatile int *: 3)', 2],
    ['_Generic((const volatile int *)port, volatile int *: 2, const volatile int *: 3)', 3],
    ['_Generic(two, const int **: 1, int *const *: 2, const int *const *: 3)', 3],
    ['_Generic(*two, const int *: 1, int *: 2)', 1],
    ['_Generic(letters, char *: 1, const char *: 2)', 2],
    ['_Generic(&letters[1], char *: 1, const char *: 2)', 2],
    ['_Generic("text", char *: 1, const char *: 2)', 1],
    ['_Generic(name + 1, char *: 1, const char *: 2)', 2],
    ['_Generic(i ? name : text, char *: 1, const char *: 2)', 2],
    ['_Generic(limits[i & 1], long *: 1, const long *: 2)', 2],
    ['_Generic(({ const char *q = text; q; }), char *: 1, const char *: 2)', 2],
    ['_Generic((typeof(name))0, char *: 1, const char *: 2)', 2],
    ['_Generic((const typeof(i) *)0, int *: 1, const int *: 2)', 2],
    ['_Generic(i, int: w, default: i)', 5],
    ['_Generic(i, int: twice, default: 0)(4)', 8],
    ['sizeof(_Generic(i, int: byte, default: w))', 1],
    ['_Generic((enum colour)0, unsigned int: 1, default: 2)', 1],
    ['_Generic((enum sign)0, int: 1, default: 2)', 1],
  ]);
  test('gives a place', () => {
    const source =
      'long f(void) { int a = 1; long b = 2; *_Generic(a, int: &b, long: &a) = 5; return a * 10 + b; }';
    expect(observe({ source, threads: ['v = f();'] }, { '0:v': 15 })).toBe('Always');
  });
});

describe('__builtin_types_compatible_p', () => {
  checkRows([
    ['__builtin_types_compatible_p(int, int)', 1],
    ['__builtin_types_compatible_p(int, long)', 0],
    ['__builtin_types_compatible_p(long, long long)', 0],
    ['__builtin_types_compatible_p(char, signed char)', 0],
    ['__builtin_types_compatible_p(unsigned, unsigned int)', 1],
    ['__builtin_types_compatible_p(word, long)', 1],
    ['__builtin_types_compatible_p(typeof(i), int)', 1],
    ['__builtin_types_compatible_p(typeof(numbers), typeof(&numbers[0]))', 0],
    ['__builtin_types_compatible_p(const int, int)', 1],
    ['__builtin_types_compatible_p(char *, const char *)', 0],
    ['__builtin_types_compatible_p(char *const, char *)', 1],
    ['__builtin_types_compatible_p(char **, char *const *)', 0],
    ['__builtin_types_compatible_p(typeof(name), const char *)', 1],
    ['__builtin_types_compatible_p(typeof(name), char *)', 0],
    ['__builtin_types_compatible_p(typeof(*name), char)', 1],
    ['__builtin_types_compatible_p(typeof(&shown->a), typeof(&box.a))', 0],
    ['__builtin_types_compatible_p(name_t, char const *)', 1],
    ['__builtin_types_compatible_p(struct box, struct bag)', 0],
    ['__builtin_types_compatible_p(enum colour, enum sign)', 0],
    ['__builtin_types_compatible_p(box_p, struct box *)', 1],
  ]);
});

describe('__builtin_choose_expr', () => {
  checkRows([
    ['__builtin_choose_expr(1, i, w)', 4],
    ['__builtin_choose_expr(sizeof(long) == 4, i, w)', 5],
    ['__builtin_choose_expr(__builtin_types_compatible_p(typeof(w), long), 1, i++) + i', 5],
    ['sizeof(__builtin_choose_expr(1, byte, w))', 1],
  ]);
});

describe('casts to types that only a declaration makes such', () => {
  checkRows([
    ['(word)i', 4],
    ['(word)(i + 1)', 5],
    ['(word)-1', -1],
    ['(word)+i', 4],
    ['sizeof((word)(byte))', 8],
    ['(word)-(i < 5)', -1],
    ['_Generic((word)-(i < 5), int: 1, long: 2)', 2],
    ['sizeof((word)-(i & 1))', 8],
    ['(typeof(byte))(257)', 1],
    ['(typeof(byte))-1', 255],
    ['(typeof(byte))-1 * 3', 765],
    ['_Generic((word)-i * 3, int: 1, long: 2)', 2],
    ['_Generic((char)-i * 3, int: 1, long: 2)', 1],
    ['_Generic(1 + (word)-i * 3, int: 1, long: 2)', 2],
    ['(typeof(w))i', 4],
    ['(__typeof__(i))(w)', 5],
  ]);
});

describe('pointers to functions', () => {
  const TABLE = 'static long one(int x) { return x + 1; } static long two(int x) { return x * 2; }';
  test.each<readonly [string, string, number]>([
    [
      'in a constant table',
      'static long (*const table[2])(int) = { one, two }; long f(void) { int i = 3; return table[i & 1](4) * 10 + table[0](4); }',
      85,
    ],
    [
      'in a constant local',
      'long f(void) { long (*const g)(int) = two; return g(4) * 10 + (*g)(5); }',
      90,
    ],
  ])('%s', (_, source, value) => {
    expect(
      observe({ source: `${TABLE}\n${source}`, threads: ['v = f();'] }, { '0:v': value }),
    ).toBe('Always');
  });
});

describe('nothing is selected by a type that is not known', () => {
  test.each([
    '_Generic(*strange, int: 1, default: 2)',
    '__builtin_types_compatible_p(struct_t, int)',
    '__builtin_types_compatible_p(int[3], typeof(numbers))',
  ])('%s', (expression) => {
    const source = `${TYPES}\nlong f(struct_t *strange) { return ${expression}; }`;
    expect(() => outcomeOf({ source, threads: ['v = f(0);'] }, { '0:v': 1 })).toThrow(
      'a choice by types',
    );
  });
});
