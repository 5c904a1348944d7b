/** Integers: widths, signs, conversions and constants, with the values that gcc gives on a 64-bit machine (`-fwrapv`). */

import { describe, expect, test } from 'vitest';
import { observe, type Scene } from './support/lower-c.ts';

const TYPES = `
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32;
typedef unsigned long long u64; typedef signed char s8; typedef long long s64;
enum colour { RED, GREEN = 5, BLUE, WIDE = 1 << 4, SUM = BLUE | WIDE, LAST = sizeof(int) * 2, NEXT };
enum sign { MINUS = -2, NOUGHT = MINUS + 2 };
struct pair { u8 low; u32 high; };
struct mixed { char c; short s; int i; long l; char t; };
union both { u32 word; u8 byte; };
struct bits { unsigned a : 3; unsigned b : 5; u32 c; };
struct list { struct list *next; };
int numbers[6]; u16 halves[3]; struct pair pairs[4]; char text[] = "hello"; int given[] = { [2] = 7, 8 };
int grid[2][3];`;

/** A function body, and what it returns. */
type Row = readonly [body: string, value: number | bigint];

/** Also compiled by gcc with these types: each function returns this. */
function checkRows(rows: readonly Row[], type = 'long long'): void {
  test.each(rows)('%s', (body, value) => {
    const scene: Scene = {
      source: `${TYPES}\n${type} f(void) { ${body} }`,
      threads: ['v = f();'],
    };
    expect(observe(scene, { '0:v': value })).toBe('Always');
  });
}

describe('constants', () => {
  checkRows([
    ['return 010;', 8],
    ['return 0x10UL;', 16],
    ['return 0b101;', 5],
    ["return 'A';", 65],
    ["return '\\n' + '\\0' + '\\x41' + '\\101' + '\\'';", 179],
    ["return '\\x7f';", 127],
    ['return 2147483647 + 1;', -2147483648],
    ['return 2147483648 + 1;', 2147483649],
    ['return 0x80000000 + 0x80000000;', 0],
    ['return 0xffffffff + 1;', 0],
    ['return 0xffffffffffULL;', 1099511627775n],
    ['return 1ULL << 40;', 1099511627776n],
    ['return 18446744073709551615ULL > 5;', 1],
    ['return -1 < 0u;', 0],
    ['return -1L < 0u;', 1],
    ['return sizeof(1) * 100 + sizeof(1L) * 10 + sizeof(2147483648);', 488],
    ['return sizeof(0xffffffff) * 10 + sizeof(0x100000000);', 48],
    ['return true + true + false;', 2],
    ['return INT_MIN + 1 == -INT_MAX;', 1],
    ['return UINT_MAX + 1;', 0],
    ['return U32_MAX + 1L;', 4294967296n],
    ['return (ULONG_MAX >> 1) == LONG_MAX && LONG_MIN + LONG_MAX == -1;', 1],
  ]);
});

describe('conversions', () => {
  checkRows([
    ['int x = 0x1ff; return (u8)x;', 255],
    ['int x = 0x1ff; return (unsigned char)x + (signed char)x;', 254],
    ['u8 c = 255; c++; return c;', 0],
    ['s8 c = 127; c++; return c;', -128],
    ['u16 c = 0; c--; return c;', 65535],
    ['u8 c = 200; c += 100; return c;', 44],
    ['u8 c = 200; return c + 100;', 300],
    ['u8 c = 1; c <<= 9; return c;', 0],
    ['u8 c = 0xf0; return ~c;', -241],
    ['u8 c = 0xf0; return (u8)~c;', 15],
    ['unsigned a = 0; a = a - 1; return a > 5;', 1],
    ['unsigned a = 0; a -= 1; return a / 0x40000000u;', 3],
    ['unsigned a = 5; return a - 6;', 4294967295n],
    ['unsigned a = 5; return (int)(a - 6);', -1],
    ['unsigned a = 5; long b = -6; return a + b;', -1],
    ['unsigned a = 5; int b = -6; return a + b;', 4294967295n],
    ['unsigned a = 5; int b = -6; return a + b > 0;', 1],
    ['u16 a = 5; int b = -6; return a + b;', -1],
    ['u64 a = 0; a--; return a > 5;', 1],
    ['u64 a = 0; a--; return a >> 60;', 15],
    ['s64 a = -16; return a >> 2;', -4],
    ['int a = -16; return (unsigned)a >> 28;', 15],
    ['unsigned long a = 1; return a << 63 >> 62;', 2],
    ['int a = 1; return a << 31;', -2147483648],
    ['long a = 0x123456789abcL; return (int)a;', 1450744508],
    ['long a = 0x1ffffffffL; return (u32)a;', 4294967295n],
    ['long a = 0x1ffffffffL; int b = a; return b;', -1],
    ['bool b = 4; return b;', 1],
    ['bool b = 256; u8 c = 256; return b * 10 + c;', 10],
    ['_Bool b = (u8)256; return b;', 0],
    ['bool b = 0; b--; return b;', 1],
    ['return (bool)"text";', 1],
    ['return -7 / 2;', -3],
    ['return -7 % 3;', -1],
    ['return -7 % 3u;', 0],
    ['return 7u % 3 - 2;', 4294967295n],
    ['long a = -7; return a / 2 * 10 + a % 2;', -31],
    ['return 1 ? -1 : 0u;', 4294967295n],
    ['int a = -1; return (1 ? a : 0u) > 0;', 1],
    ['u8 a = 3; s8 b = -3; return a > b;', 1],
    ['u32 a = 3; s8 b = -3; return a > b;', 0],
    ['return !5 + !!5 + !0;', 2],
    ['int a = 3; typeof(a) b = a; __auto_type c = b; return b + c;', 6],
    ['u8 a = 255; __auto_type b = a; b++; return b;', 0],
    ['u8 a = 255; typeof(a + 0) b = a; b++; return b;', 256],
    ['int a = 3; int *p; int b = *(typeof(p))&a; return b;', 3],
    ['int a = 3; return -(typeof(a))-a + !(u8)~255;', 4],
    ['u8 a = 255; typeof(+a) b = a; return sizeof(b) * 10 + sizeof(a);', 41],
    ['long x = 5; return ({ typeof(x) y = x << 40; y; });', 5497558138880n],
    ['unsigned a = 1; return -a;', 4294967295n],
    ['u8 a = 1; return -a;', -1],
    ['enum colour c = RED; return c - 1 > 0;', 1],
    ['enum sign s = MINUS; return s < 0;', 1],
  ]);
});

describe('what parameters and results are converted to', () => {
  const convert = (type: string, argument: string): Scene => ({
    source: `${TYPES}\n${type} g(${type} x) { return x; } long long f(void) { return g(${argument}); }`,
    threads: ['v = f();'],
  });
  test.each([
    ['u8', '300', 44],
    ['s8', '200', -56],
    ['u32', '-1', 4294967295n],
    ['bool', '2', 1],
    ['unsigned long', '1UL << 32', 4294967296n],
  ] as const)('%s of %s', (type, argument, value) => {
    expect(observe(convert(type, argument), { '0:v': value })).toBe('Always');
  });
});

describe('enumerators', () => {
  checkRows([
    ['return RED * 1000 + GREEN * 100 + BLUE * 10 + WIDE;', 576],
    ['return SUM;', 22],
    ['return LAST * 10 + NEXT;', 89],
    ['return MINUS + NOUGHT;', -2],
    ['switch (GREEN) { case RED: return 1; case BLUE - 1: return 2; default: return 3; }', 2],
  ]);
});

describe('switch', () => {
  checkRows([
    ['int n = 0; switch (3) { if (0) { case 3: n = 5; } } return n;', 5],
    ['int n = 0; switch (3) { { case 3: n++; } } return n;', 1],
    ['int n = 0; switch (3) { if (0) { default: n = 5; } case 1: n++; } return n;', 6],
    ['int n = 0; switch (4) { n = 3; while (n < 2) { case 4: n++; } } return n;', 2],
    [
      'int n = 0; switch (4) { again: n = 3; break; case 4: n++; if (n == 1) goto again; } return n;',
      3,
    ],
    ['u8 c = 255; switch (c + 1) { case 0: return 1; case 256: return 2; } return 3;', 2],
    ['unsigned a = 0; switch (a - 1) { case -1: return 1; default: return 2; }', 1],
    ['s8 a = -1; switch (a) { case 255: return 1; case -1: return 2; } return 3;', 2],
    ['u32 a = 7; switch (a) { case 1 ... 4: return 1; case 5 ... 9: return 2; } return 3;', 2],
    ['long a = 1L << 32; switch (a) { case 0: return 1; default: return 2; }', 2],
  ]);
});

describe('sizes', () => {
  checkRows([
    ['return sizeof(char) + sizeof(short) + sizeof(int) + sizeof(long) + sizeof(void *);', 23],
    ['return sizeof(numbers) / sizeof(numbers[0]);', 6],
    ['return sizeof numbers + sizeof halves + sizeof(grid[0]);', 42],
    ['return sizeof(struct pair) * 10 + sizeof(pairs);', 112],
    ['return sizeof(struct mixed);', 24],
    ['return sizeof(union both) * 10 + sizeof(struct bits);', 48],
    ['return sizeof(text) * 10 + sizeof("ab");', 63],
    ['return sizeof(given) / sizeof(given[0]) * 100 + given[2] * 10 + given[3];', 478],
    ['struct pair *p; return sizeof(*p) * 100 + sizeof(p) * 10 + sizeof(p->low);', 881],
    ['return _Alignof(struct mixed) * 10 + __alignof__(short);', 82],
    ['return offsetof(struct mixed, l) * 10 + offsetof(struct mixed, s);', 82],
    ['return sizeof(u8[3]) + sizeof(int (*)[4]);', 11],
    ['return sizeof(struct { char a; int b; char c; });', 12],
    ['return sizeof(int) > -1;', 0],
    ['return sizeof(enum colour) + sizeof(RED) + sizeof(bool);', 9],
  ]);
});

describe('bits and fields of words', () => {
  checkRows([
    ['return __builtin_ctz(40) * 100 + __builtin_ctzll(1ULL << 40);', 340],
    ['return __builtin_clz(40) * 100 + __builtin_clzl(40);', 2658],
    ['return __builtin_ffs(0) * 100 + __builtin_ffsll(1ULL << 40);', 41],
    ['return __builtin_popcount(-1) * 100 + __builtin_popcountl(-1L);', 3264],
    ['return __builtin_bswap16(0x1234);', 13330],
    ['return __builtin_bswap32(0x12345678);', 2018915346],
    ['return __builtin_bswap64(0x0102030405060708ULL);', 578437695752307201n],
    ['return FIELD_GET(GENMASK(7, 4), 0x35a);', 5],
    ['return FIELD_PREP(0xf0, 3) | FIELD_MAX(0xf00);', 63],
    ['return FIELD_GET(0xff00000000000000ULL, 0x0102030405060708ULL);', 1],
    ['return le32_to_cpu(cpu_to_le32(5)) * 10 + (cpu_to_be16(1) == 0x100);', 51],
    ['int i = 3; return array_index_nospec(i, 4) * 10 + array_index_nospec(i, 3);', 30],
  ]);
});
