/** Macros: replaced as C has it (C11 6.10.3), with GNU's additions. Every value is also what gcc gives. */

import { describe, expect, test } from 'vitest';
import { lowerScene, observe, outcomeOf, type Scene } from './support/lower-c.ts';

/** A file that defines `long f(void)`, and what it returns. */
type Row = readonly [name: string, source: string, value: number];

function checkRows(rows: readonly Row[]): void {
  test.each(rows)('%s', (_, source, value) => {
    expect(observe({ source, threads: ['v = f();'] }, { '0:v': value })).toBe('Always');
  });
}

describe('a body is text', () => {
  checkRows([
    ['that binds as it falls', '#define SUM 1 + 2\nlong f(void) { return SUM * 3; }', 7],
    [
      'as do its arguments',
      '#define MUL(a, b) a * b\nlong f(void) { return MUL(1 + 2, 3 + 4); }',
      11,
    ],
    [
      'over several lines',
      '#define ADD(a, b) \\\n  ((a) + \\\n   (b))\nlong f(void) { return ADD(1,\n 2); }',
      3,
    ],
    [
      'with comments in it',
      '#define ONE /* the\n first */ 1 // one\nlong f(void) { return ONE; }',
      1,
    ],
    [
      'that sees the locals of its use',
      '#define BOTH x + y\nlong f(void) { int x = 1, y = 2; return BOTH; }',
      3,
    ],
    [
      'whose own locals hide those of its use',
      '#define ADD(v) ({ int t = 10; (v) + t; })\nlong f(void) { int t = 4; return ADD(t) + t; }',
      24,
    ],
    [
      'that ends in the middle',
      '#define IF(c) if (c) {\n#define END }\nlong f(void) { IF(1) return 5; END return 6; }',
      5,
    ],
    ['that is nothing', '#define NOTHING\nlong f(void) { NOTHING return NOTHING 4 NOTHING; }', 4],
    [
      'that no member has that is called like a function of the kernel',
      'struct ops { int (*schedule)(int); };\nstatic int one(int v) { return v + 1; }\nlong f(void) { struct ops o = { one }, *p = &o; return o.schedule(1) + p->schedule(2); }',
      5,
    ],
    [
      'that begins a loop',
      '#define TIMES(i, n) for (i = 0; i < n; i++)\nlong f(void) { int i, s = 0; TIMES(i, 4) s += i; return s; }',
      6,
    ],
    [
      'that is part of a loop',
      '#define UPTO(n) i = 0; i < n; i++\nlong f(void) { int i, s = 0; for (UPTO(5)) s += i; return s; }',
      10,
    ],
    [
      'of statements',
      '#define SWAP(a, b) do { int t = a; a = b; b = t; } while (0)\nlong f(void) { int x = 1, y = 2; SWAP(x, y); return x * 10 + y; }',
      21,
    ],
    [
      'with an else behind it',
      '#define SET(x, v) do { x = v; } while (0)\nlong f(void) { int x = 0; if (0) SET(x, 1); else SET(x, 2); return x; }',
      2,
    ],
    [
      'that is a case',
      '#define CASE(n) case n: return n * 10\nlong f(void) { switch (3) { CASE(2); CASE(3); default: return 0; } }',
      30,
    ],
    [
      'that is a label and a jump',
      '#define RETRY(l) goto l\nlong f(void) { int i = 0; again: if (++i < 3) RETRY(again); return i; }',
      3,
    ],
  ]);
});

describe('a macro can stand for', () => {
  checkRows([
    [
      'a type',
      '#define WORD unsigned char\nlong f(void) { WORD w = 257; return w + (WORD)-1; }',
      256,
    ],
    [
      'the type of its argument',
      '#define COPY(x) typeof(x) copy = (x)\nlong f(void) { unsigned char c = 255; COPY(c); copy++; return copy; }',
      0,
    ],
    [
      'a declaration',
      '#define LOCAL(n, v) int n = v\nlong f(void) { LOCAL(a, 3); LOCAL(b, 4); return a * b; }',
      12,
    ],
    [
      'a first value',
      '#define PAIR { 3, 4 }\nstruct pair { int a, b; }; struct pair p = PAIR;\nlong f(void) { struct pair q = PAIR; return p.a * 10 + q.b; }',
      34,
    ],
    [
      'members of a first value',
      '#define SET(m, v) .m = v\nstruct pair { int a, b; }; struct pair p = { SET(b, 4), SET(a, 3) };\nlong f(void) { return p.a * 10 + p.b; }',
      34,
    ],
    [
      'a member',
      '#define FIELD(p, m) ((p)->m)\nstruct pair { int a; struct { int b; } in; }; struct pair p = { 3, { 4 } };\nlong f(void) { return FIELD(&p, a) * 10 + FIELD(&p, in.b); }',
      34,
    ],
    [
      'members of a struct',
      '#define MEMBERS int a; int b;\nstruct pair { MEMBERS };\nlong f(void) { struct pair p = { 1, 2 }; return p.b * 10 + sizeof(p); }',
      28,
    ],
    [
      'a length',
      '#define N 3\nint numbers[N * 2];\nlong f(void) { return sizeof(numbers) / sizeof(numbers[0]) + N; }',
      9,
    ],
    ['an enumerator', '#define FIRST 4\nenum { A = FIRST, B };\nlong f(void) { return B; }', 5],
    [
      'the name of a function',
      '#define get box_get\nstatic long get(void) { return 7; }\nlong f(void) { return box_get() + get(); }',
      14,
    ],
    [
      'a function that is called',
      '#define CALL(fn, x) fn(x)\nstatic long twice(long x) { return x * 2; }\nlong f(void) { return CALL(twice, 4); }',
      8,
    ],
    ['an operator', '#define OP +\n#define EQ ==\nlong f(void) { return (1 OP 2) EQ 3; }', 1],
    [
      'an object',
      '#define counter the_counter\nint the_counter = 5;\nlong f(void) { counter++; return the_counter; }',
      6,
    ],
    [
      'a struct',
      '#define DECLARE(n) struct n { int v; }\nDECLARE(box);\nlong f(void) { struct box b = { 4 }; return b.v; }',
      4,
    ],
    [
      'functions',
      '#define OPS(n, v) \\\n static int n##_get(void) { return v; } \\\n static int n##_twice(void) { return 2 * n##_get(); }\nOPS(box, 4)\nOPS(bag, 5)\nlong f(void) { return box_twice() * 100 + bag_twice(); }',
      810,
    ],
    [
      'the head of a function',
      '#define GETTER(n) static int get_##n(int x)\nGETTER(sum)\n{\n return x + 1;\n}\nlong f(void) { return get_sum(4); }',
      5,
    ],
    [
      'objects',
      '#define BOX(n, v) int n##_box = v\nBOX(red, 3);\nstatic BOX(blue, 4);\nlong f(void) { return red_box * 10 + blue_box; }',
      34,
    ],
  ]);
});

describe('arguments', () => {
  checkRows([
    [
      'are evaluated as often as they are written',
      '#define TWICE(x) ((x) + (x))\nlong f(void) { int i = 1; int r = TWICE(i++); return r * 10 + i; }',
      33,
    ],
    [
      'or not at all',
      '#define FIRST(x, y) (x)\nlong f(void) { int i = 1; int r = FIRST(i, i++); return r * 10 + i; }',
      11,
    ],
    [
      'or once, where the macro keeps their value',
      '#define MAX(a, b) ({ typeof(a) _a = (a); typeof(b) _b = (b); _a > _b ? _a : _b; })\nlong f(void) { int i = 3; int m = MAX(i++, 2); return m * 10 + i; }',
      34,
    ],
    [
      'are replaced before they are put in',
      '#define A 1\n#define ID(x) x\nlong f(void) { return ID(ID(A) + A); }',
      2,
    ],
    [
      'may be none',
      '#define CAT(a, b, c) a ## b ## c\nlong f(void) { int x = 4; return CAT(, x, ); }',
      4,
    ],
    [
      'may hold commas in parentheses',
      '#define FIRST(a) a\nstatic int add(int a, int b) { return a + b; }\nlong f(void) { return FIRST(add(1, 2)); }',
      3,
    ],
    [
      'may be statements',
      '#define DO(s) do { s; } while (0)\nlong f(void) { int x = 0; DO(x = 1; x += 2); return x; }',
      3,
    ],
    [
      'may be types',
      '#define SIZE(t) sizeof(t)\nlong f(void) { return SIZE(unsigned long) * 10 + SIZE(char *); }',
      88,
    ],
    [
      'may stand on the lines after the name',
      '#define ADD(a, b) ((a) + (b))\nlong f(void) { return ADD\n (1,\n  2\n ); }',
      3,
    ],
  ]);
});

describe('# and ##', () => {
  checkRows([
    [
      'make names',
      '#define BIT_OF(n) BIT_##n\nenum { BIT_READY = 6 };\nlong f(void) { return BIT_OF(READY); }',
      6,
    ],
    ['make numbers', '#define HEX(n) 0x##n##UL\nlong f(void) { return HEX(1f); }', 31],
    [
      'take arguments as they are written',
      '#define X 1\n#define CAT(a, b) a##b\nlong f(void) { int X1 = 3, X2 = 4; return CAT(X, 2); }',
      4,
    ],
    [
      'or replaced, one macro further',
      '#define X 1\n#define CAT_(a, b) a##b\n#define CAT(a, b) CAT_(a, b)\nlong f(void) { return CAT(X, X); }',
      11,
    ],
    [
      'make what is replaced again',
      '#define AB 5\n#define CAT(a, b) a ## b\nlong f(void) { return CAT(A, B); }',
      5,
    ],
    [
      'make operators',
      '#define GLUE(a, b) a ## b\nlong f(void) { int x = 1; x GLUE(+, =) 4; return x GLUE(<, <) 2; }',
      20,
    ],
    [
      'make strings',
      '#define STR(x) #x\nlong f(void) { char s[] = STR(a  +  b); return sizeof(s) * 1000 + s[2]; }',
      6043,
    ],
    [
      'with their quotes kept',
      '#define STR(x) #x\nlong f(void) { char s[] = STR("a\\n"); return sizeof(s) * 1000 + s[0] + s[2]; }',
      6126,
    ],
    [
      'in both, a name of its own',
      '#define SHOW(x) ((int)sizeof(#x) + x##_value)\nlong f(void) { int box_value = 10; return SHOW(box); }',
      14,
    ],
  ]);
});

describe('variable arguments', () => {
  checkRows([
    [
      'take the rest',
      '#define CALL(fn, ...) fn(__VA_ARGS__)\nstatic int g(int a, int b) { return a * 10 + b; }\nlong f(void) { return CALL(g, 1, 2); }',
      12,
    ],
    [
      'under a name',
      '#define CALL(fn, args...) fn(args)\nstatic int g(int a, int b) { return a * 10 + b; }\nlong f(void) { return CALL(g, 1, 2); }',
      12,
    ],
    [
      'may be none',
      '#define CALL(fn, ...) fn(__VA_ARGS__)\nstatic int g(void) { return 4; }\nlong f(void) { return CALL(g); }',
      4,
    ],
    [
      'without the comma before them then',
      '#define CALL(fn, a, ...) fn(a, ##__VA_ARGS__)\nstatic int g(int a) { return a; }\nstatic int h(int a, int b) { return a * 10 + b; }\nlong f(void) { return CALL(g, 4) * 100 + CALL(h, 5, 6); }',
      456,
    ],
    [
      'also under a name',
      '#define CALL(fn, a, rest...) fn(a, ##rest)\nstatic int g(int a) { return a; }\nlong f(void) { return CALL(g, 4); }',
      4,
    ],
    [
      'with what stands only beside some',
      '#define CALL(fn, a, ...) fn(a __VA_OPT__(,) __VA_ARGS__)\nstatic int g(int a) { return a; }\nstatic int h(int a, int b) { return a * 10 + b; }\nlong f(void) { return CALL(g, 4) * 100 + CALL(h, 5, 6); }',
      456,
    ],
    [
      'are counted',
      '#define COUNT_(a, b, c, n, ...) n\n#define COUNT(...) COUNT_(__VA_ARGS__, 3, 2, 1)\nlong f(void) { return COUNT(x) * 100 + COUNT(x, y) * 10 + COUNT(x, y, z); }',
      123,
    ],
    [
      'in strings',
      '#define STR(...) #__VA_ARGS__\nlong f(void) { char s[] = STR(a, b); return sizeof(s) * 1000 + s[1]; }',
      5044,
    ],
  ]);
});

describe('a macro is not replaced', () => {
  checkRows([
    [
      'inside itself',
      '#define x (1 + x)\nlong f(void) { int x_ = 1;\n#undef x\n int x = 4;\n#define x (1 + x)\n return x; }',
      5,
    ],
    [
      'inside itself by way of another',
      '#define a b + 1\n#define b a * 2\n#undef a\n#undef b\nlong f(void) { int a = 3;\n#define a b + 1\n#define b a * 2\n return a; }',
      7,
    ],
    [
      'as a function that it calls of its name',
      'static int get(int x) { return x + 1; }\n#define get(x) (get(x) * 2)\nlong f(void) { return get(4); }',
      10,
    ],
    [
      'without parentheses where it has parameters',
      '#define get(x) 1\nlong f(void) { int get = 4; return get; }',
      4,
    ],
    [
      'before it is defined',
      'static int n(void) { return 1; }\nstatic int g(void) { return n(); }\n#define n() 2\nlong f(void) { return g() * 10 + n(); }',
      12,
    ],
    [
      'after it is taken back',
      '#define N 1\nstatic int g(void) { return N; }\n#undef N\nenum { N = 2 };\nlong f(void) { return g() * 10 + N; }',
      12,
    ],
    ['in a string', '#define a bc\nlong f(void) { return sizeof("a"); }', 2],
  ]);
});

describe('the definition in force is that before the use', () => {
  checkRows([
    [
      'of several in a file',
      '#define N 1\nstatic int g(void) { return N; }\n#undef N\n#define N 2\nlong f(void) { return g() * 10 + N; }',
      12,
    ],
    [
      'inside a function',
      'long f(void) { int r = 0;\n#define ADD(x) r += x\n ADD(1);\n#undef ADD\n#define ADD(x) r += 10 * x\n ADD(2);\n return r; }',
      21,
    ],
    [
      'not where another macro that uses it is defined',
      '#define N 1\n#define GET() N\n#undef N\n#define N 2\nlong f(void) { return GET(); }',
      2,
    ],
  ]);
  test('of a header, and of no other .c file', () => {
    const files = {
      'a.h': '#define N 3',
      'b.c': '#define N 4\n#define M 5\nint g(void) { return N; }',
      'a.c': 'int g(void); long f(void) { return N * 10 + g(); }',
    };
    expect(observe({ files, threads: ['v = f();'] }, { '0:v': 34 })).toBe('Always');
    const wrong = { ...files, 'a.c': 'long f(void) { return M; }' };
    const { observation, unknown } = outcomeOf(
      { files: wrong, threads: ['v = f();'] },
      { '0:v': 5 },
    );
    expect([observation, unknown !== undefined]).toEqual([undefined, true]);
  });
});

describe('what C does not allow is told at its place, and is not nothing', () => {
  const wrongIn = (source: string): readonly string[] => {
    const { notModelled } = lowerScene({ source, threads: ['v = f();'] });
    return notModelled.map(({ place }) => source.slice(place.span.start, place.span.end));
  };
  test.each<readonly [string, string, string]>([
    ['too few arguments', '#define ADD(a, b) a + b\nlong f(void) { return ADD(1); }', 'ADD(1)'],
    ['too many', '#define ONE(a) a\nlong f(void) { return ONE(1, 2); }', 'ONE(1, 2)'],
    [
      'what makes no token',
      '#define CAT(a, b) a##b\nlong f(void) { int x = 1; return CAT(x, +1); }',
      'CAT(x, +1)',
    ],
  ])('%s', (_, source, place) => {
    expect(wrongIn(source)).toContain(place);
  });
  test('a body that is no C', () => {
    const source = '#define STRANGE(x) x @ [ (\nlong f(void) { int x = 1; STRANGE(x); return 1; }';
    expect(wrongIn(source)).not.toEqual([]);
  });
  test('macros without end', () => {
    const lines = Array.from({ length: 30 }, (_, n) => `#define A${n + 1}(x) A${n}(x) A${n}(x)`);
    const source = `#define A0(x) x;\n${lines.join('\n')}\nlong f(void) { A30(1) return 1; }`;
    expect(wrongIn(source)).not.toEqual([]);
  });
});

describe('places and names of orders stay those of the text', () => {
  const sitesOf = (scene: Scene): readonly string[] =>
    lowerScene(scene).sites.map(({ site }) => site);
  const publish = 'void g(int *p) { WRITE_ONCE(*p, 1); ORDER(); WRITE_ONCE(p[1], 1); }\n';
  test('of what a macro brings, the use of the macro', () => {
    const source = `#define ORDER() smp_wmb()\nint a[2];\n${publish}void f(void) { smp_wmb(); ORDER(); g(a); }`;
    const scene = { source, threads: ['f();', 'r = READ_ONCE(a[0]);'] };
    expect(sitesOf(scene)).toEqual([
      'source.c:f:smp_wmb:1',
      'source.c:f:ORDER:1',
      'source.c:g:ORDER:1',
    ]);
  });
  test('of what is written among its arguments, the argument', () => {
    const source = '#define DO(x) do { x; } while (0)\nvoid f(void) { smp_mb(); DO(smp_mb()); }';
    const { sites } = lowerScene({ source, threads: ['f();'] });
    const texts = sites.map(({ place }) => source.slice(place.span.start, place.span.end));
    expect(texts).toEqual(['smp_mb()', 'smp_mb()']);
    expect(sites.map(({ ordinal }) => ordinal)).toEqual([1, 2]);
  });
});

test('a stub means the objects of the scenario also where a local hides them', () => {
  const source = 'int g(void);\nlong f(void) { int box = 1; return TAKE(box); }';
  const stubs = '#define TAKE(x) (box * 10 + (x))';
  const scene = { source, stubs, state: 'int box = 4;', threads: ['v = f();'] };
  expect(observe(scene, { '0:v': 41 })).toBe('Always');
});

/** Two tokens for each, in the argument of another: 2^40 of them, or one as long. */
test.each([
  ['x + x', ''],
  ['NAMED(x) NAMED(x)', '#define NAMED(x) #x\n'],
])('arguments that double in each other come to an end, and are unknown: %s', (body, others) => {
  const nested = `${'TWICE('.repeat(40)}1${')'.repeat(40)}`;
  const source = `${others}#define TWICE(x) ${body}\nlong f(void) { return sizeof(${nested}); }`;
  expect(lowerScene({ source, threads: ['v = f();'] }).notModelled).not.toEqual([]);
});
