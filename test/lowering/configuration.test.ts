/** `#if`: files are read in one configuration, which the answer states; what is not known is told with its place. */

import { describe, expect, test } from 'vitest';
import type { Lowered } from '../../server/src/lowering/lowering.ts';
import { lowerScene, observe, outcomeOf, type Scene } from './support/lower-c.ts';

/** A file that defines `int f(void)`, and what it returns. */
type Row = readonly [name: string, source: string, value: number];

function checkRows(rows: readonly Row[]): void {
  test.each(rows)('%s', (_, source, value) => checkValue({ source, threads: ['v = f();'] }, value));
}

function checkValue(scene: Scene, value: number): void {
  expect(observe(scene, { '0:v': value })).toBe('Always');
}

describe('of alternatives one is there', () => {
  checkRows([
    [
      'functions',
      '#ifdef CONFIG_BOX\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif',
      2,
    ],
    [
      'functions, told the other way',
      '#ifndef CONFIG_BOX\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif',
      1,
    ],
    [
      'macros',
      '#ifdef CONFIG_BOX\n#define N 1\n#else\n#define N 2\n#endif\nint f(void) { return N; }',
      2,
    ],
    [
      'macros with parameters',
      '#if defined(CONFIG_BOX)\n#define GET(x) (x)\n#else\n#define GET(x) ((x) + 1)\n#endif\nint f(void) { return GET(1); }',
      2,
    ],
    [
      'enumerators',
      'enum {\n#ifdef CONFIG_BOX\n A = 5,\n#endif\n B,\n#ifndef CONFIG_BOX\n C = 7,\n#endif\n D };\nint f(void) { return B * 10 + D; }',
      8,
    ],
    [
      'members',
      'struct box {\n#ifdef CONFIG_BOX\n long wide;\n#else\n int narrow;\n#endif\n int last; };\nint f(void) { struct box b = { 1, 2 }; return b.narrow * 10 + b.last + sizeof(b); }',
      20,
    ],
    [
      'structs',
      '#ifdef CONFIG_BOX\nstruct box { long a; };\n#else\nstruct box { int a; };\n#endif\nint f(void) { return sizeof(struct box); }',
      4,
    ],
    [
      'typedefs',
      '#ifdef CONFIG_BOX\ntypedef long word;\n#else\ntypedef short word;\n#endif\nint f(void) { return sizeof(word); }',
      2,
    ],
    [
      'objects',
      '#ifdef CONFIG_BOX\nint n = 1;\n#else\nint n = 2;\n#endif\nint f(void) { return n; }',
      2,
    ],
    [
      'members of a first value',
      'struct box { int a, b; }; struct box box = {\n#ifdef CONFIG_BOX\n .a = 1,\n#else\n .a = 2,\n#endif\n .b = 3 };\nint f(void) { return box.a * 10 + box.b; }',
      23,
    ],
    ['statements', 'int f(void) {\n#ifdef CONFIG_BOX\n return 1;\n#else\n return 2;\n#endif\n}', 2],
    [
      'parts of a statement',
      'int f(void) { int x = 1; return x\n#ifdef CONFIG_BOX\n + 1\n#else\n + 2\n#endif\n ; }',
      3,
    ],
    [
      'parts of a condition',
      'int f(void) { int x = 1; if (x == 1\n#ifndef CONFIG_BOX\n && x == 2\n#endif\n ) return 1; return 2; }',
      2,
    ],
    [
      'an else',
      'int f(void) { int x = 0; if (x)\n#ifdef CONFIG_BOX\n return 1; else\n#endif\n return 2; return 3; }',
      3,
    ],
    [
      'heads of a function',
      '#ifdef CONFIG_BOX\nstatic int g(void)\n#else\nstatic int g(int x)\n#endif\n{\n return sizeof(int); }\nint f(void) { return g(1); }',
      4,
    ],
    [
      'cases',
      'int f(void) { switch (2) {\n#ifdef CONFIG_BOX\n case 2: return 1;\n#endif\n default: return 3; } }',
      3,
    ],
    [
      'nested',
      '#ifndef CONFIG_A\n#ifdef CONFIG_B\n#define N 1\n#elif defined(CONFIG_C)\n#define N 2\n#else\n#define N 3\n#endif\n#else\n#define N 4\n#endif\nint f(void) { return N; }',
      3,
    ],
    [
      'nested in what is not there',
      '#ifdef CONFIG_A\n#ifndef CONFIG_B\nint f(void) { return 1; }\n#endif\n#else\nint f(void) { return 2; }\n#endif',
      2,
    ],
    [
      'in a header that is guarded',
      '#ifndef _BOX_H\n#define _BOX_H\nint f(void) { return 1; }\n#endif',
      1,
    ],
    ['but #if 0', '#if 0\nint f(void) { return 1; }\n#endif\nint f(void) { return 2; }', 2],
    [
      'and not in assembler',
      '#ifdef __ASSEMBLY__\n#define N 1\n#else\n#define N 2\n#endif\nint f(void) { return N; }',
      2,
    ],
  ]);
});

describe('conditions are worth what C says', () => {
  const holds = (condition: string, lines = ''): Scene => ({
    source: `${lines}\n#if ${condition}\nint f(void) { return 1; }\n#else\nint f(void) { return 0; }\n#endif`,
    threads: ['v = f();'],
  });
  const rows: readonly (readonly [condition: string, value: number, lines?: string])[] = [
    ['1 + 2 * 3 == 7', 1],
    ['(1 + 2) * 3 == 9 && !0', 1],
    ['0 || 0x10 == 16', 1],
    ['010 == 8', 1],
    ["'a' == 97", 1],
    ["'\\x7f' > 0", 1],
    ['-1 > 0u', 1],
    ['-1 < 0', 1],
    ['1 ? 0 : 1', 0],
    ['(2 || 1 / 0)', 1],
    ['5 % 3 == 2 && 7 / 2 == 3 && -7 / 2 == -3', 1],
    ['1 << 40 == 1099511627776', 1],
    ['~0 == -1 && (6 ^ 3) == 5 && (6 & 3) == 2 && (4 | 1) == 5', 1],
    ['0xffffffffffffffff == -1', 1],
    ['9223372036854775807 + 1 < 0', 1],
    ['1 == 1L && 3 > 2 && 3 >= 3 && 2 <= 2 && 1 != 2', 1],
    ['defined A && defined(B)', 1, '#define A\n#define B 0'],
    ['defined C || !defined A', 0, '#define A\n#define C\n#undef C'],
    ['A == 3 && TWICE(A) == 6', 1, '#define A (1 + 2)\n#define TWICE(x) ((x) * 2)'],
    ['HAS', 1, '#define A 1\n#define HAS (defined(A) && A)'],
    ['A', 0, '#define A B\n#define B 1\n#undef B'],
    ['BITS_PER_LONG == 64 && __SIZEOF_POINTER__ == 8', 1],
    ['IS_ENABLED(CONFIG_SMP) && !IS_ENABLED(CONFIG_BOX)', 1],
    ['IS_ENABLED(CONFIG_BOX) || IS_BUILTIN(CONFIG_BAG)', 1, '#define CONFIG_BOX_MODULE 1'],
    ['IS_MODULE(CONFIG_BOX) && !IS_BUILTIN(CONFIG_BOX)', 1, '#define CONFIG_BOX_MODULE 1'],
    ['CONFIG_NUMBER > 3', 1, '#define CONFIG_NUMBER 4'],
  ];
  test.each(rows.map(([condition, value, lines = '']) => [condition, value, lines] as const))(
    '%s',
    (condition, value, lines) => checkValue(holds(condition, lines), value),
  );
});

describe('what is not known', () => {
  const messages = ({ notModelled }: Lowered): readonly string[] =>
    notModelled.map(({ message }) => message);
  test.each([
    [
      'among statements',
      'int f(void) {\n#if SOMETHING > 3\n return 1;\n#else\n return 2;\n#endif\n}',
    ],
    [
      'around a function',
      '#ifdef SOMETHING\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif',
    ],
    [
      'around a macro',
      '#ifdef SOMETHING\n#define N 1\n#else\n#define N 2\n#endif\nint f(void) { return N; }',
    ],
    [
      'around a macro that would win',
      '#ifdef SOMETHING\n#define g(x) 1\n#endif\nint g(int x) { return 2; }\nint f(void) { return g(1); }',
    ],
    [
      'around a macro behind another',
      '#ifdef SOMETHING\n#define N 1\n#else\n#define N 2\n#endif\n#define M N\nint f(void) { return M; }',
    ],
    [
      'around a first value',
      '#ifdef SOMETHING\nint n = 1;\n#else\nint n = 2;\n#endif\nint f(void) { return n; }',
    ],
    [
      'in a first value',
      '#ifdef SOMETHING\n#define N 1\n#else\n#define N 2\n#endif\nint n = N;\nint f(void) { return n; }',
    ],
    [
      'among members of one name',
      'struct box {\n#ifdef SOMETHING\n short n;\n#else\n int n;\n#endif\n};\nint f(void) { struct box b = { 1 }; return b.n; }',
    ],
    [
      'around a type',
      '#ifdef SOMETHING\ntypedef long word;\n#else\ntypedef short word;\n#endif\nint f(void) { return sizeof(word); }',
    ],
    [
      'before an enumerator',
      'enum {\n#ifdef SOMETHING\n A = 5,\n#endif\n B };\nint f(void) { return B; }',
    ],
    [
      'of a compiler',
      '#if __has_attribute(box)\n#define N 1\n#else\n#define N 2\n#endif\nint f(void) { return N; }',
    ],
  ])('is told %s', (_, source) => {
    const place = source.indexOf('#if');
    const { notModelled } = lowerScene({ source, threads: ['v = f();'] });
    const found = notModelled.filter(({ place: { span } }) => span.start === place);
    expect(found.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^#if(?:def)? on (?:SOMETHING|__has_attribute\(\)), of which nothing/),
    ]);
  });
  test.each([
    [
      'in what nobody looks at',
      '#ifdef SOMETHING\nint g(void) { return 1; }\n#endif\nint f(void) { return 2; }',
    ],
    [
      'where it decides nothing',
      '#if defined(SOMETHING) && 0\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif',
    ],
    [
      'where the other side is enough',
      '#if defined(SOMETHING) || 1\nint f(void) { return 2; }\n#endif',
    ],
    [
      'for a member that comes beside',
      'struct box { int n;\n#ifdef SOMETHING\n int m;\n#endif\n};\nint f(void) { struct box b = { 2 }; return b.n; }',
    ],
    [
      'that a file takes back',
      '#undef SOMETHING\n#ifdef SOMETHING\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif',
    ],
    [
      'that is for another reader',
      '#ifdef __CHECKER__\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif',
    ],
  ])('does not matter %s', (_, source) => {
    expect(messages(lowerScene({ source, threads: ['v = f();'] }))).toEqual([]);
    checkValue({ source, threads: ['v = f();'] }, 2);
  });
  test('is known once a stub says it', () => {
    const source =
      '#ifdef SOMETHING\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif';
    checkValue({ source, stubs: '#define SOMETHING 1', threads: ['v = f();'] }, 1);
  });
});

describe('the configuration is stated', () => {
  const assumed = (scene: Scene): readonly string[] =>
    lowerScene(scene)
      .assumptions.filter(({ kind }) => kind === 'configuration')
      .map(({ message }) => message);
  const alternatives = (option: string) =>
    `#ifdef ${option}\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif`;
  test('an option that nobody speaks of is not set', () => {
    const scene = { source: alternatives('CONFIG_BOX'), threads: ['v = f();'] };
    expect(assumed(scene)).toEqual(['CONFIG_BOX is taken as not set; a stub may define it']);
  });
  test('there are several processors', () => {
    const scene = { source: alternatives('CONFIG_SMP'), threads: ['v = f();'] };
    checkValue(scene, 1);
    expect(assumed(scene)).toEqual(['CONFIG_SMP is taken as set; a stub may define it']);
  });
  test('what nobody looks at is not stated', () => {
    const source =
      '#ifdef CONFIG_BOX\nint g(void) { return 1; }\n#endif\nint f(void) { return 2; }';
    expect(assumed({ source, threads: ['v = f();'] })).toEqual([]);
  });
  test('what the text itself says is not assumed', () => {
    const source = `#define CONFIG_BOX 1\n${alternatives('CONFIG_BOX')}`;
    expect(assumed({ source, threads: ['v = f();'] })).toEqual([]);
  });
  test('also in C itself', () => {
    const source = 'int f(void) { if (IS_ENABLED(CONFIG_BOX)) return 1; return 2; }';
    const scene = { source, threads: ['v = f();'] };
    checkValue(scene, 2);
    expect(assumed(scene)).toEqual(['CONFIG_BOX is taken as not set; a stub may define it']);
    checkValue({ ...scene, stubs: '#define CONFIG_BOX 1' }, 1);
  });
  test('a definition for want of another is named', () => {
    const source = '#ifndef LIMIT\n#define LIMIT 4\n#endif\nint f(void) { return LIMIT; }';
    expect(assumed({ source, threads: ['v = f();'] })).toEqual([
      'LIMIT is what its file says for want of another definition',
    ]);
  });
  test("a tree's .config is followed", () => {
    const config = {
      file: '.config',
      text: 'CONFIG_BOX=y\nCONFIG_BAG=m\nCONFIG_NUMBER=7\n# CONFIG_SACK is not set\nCONFIG_SMP=n\n',
    };
    const scene = (option: string): Scene => ({
      source: alternatives(option),
      configuration: { config },
      threads: ['v = f();'],
    });
    checkValue(scene('CONFIG_BOX'), 1);
    checkValue(scene('CONFIG_BAG'), 2);
    checkValue(scene('CONFIG_BAG_MODULE'), 1);
    checkValue(scene('CONFIG_SACK'), 2);
    checkValue(scene('CONFIG_SMP'), 1);
    const number = 'int f(void) { return CONFIG_NUMBER; }';
    checkValue({ ...scene(''), source: number }, 7);
    expect(assumed(scene('CONFIG_SACK'))).toEqual(['CONFIG_SACK is not set in .config']);
    expect(assumed(scene('CONFIG_BOX'))).toEqual(['CONFIG_BOX is set in .config']);
  });
  test("a tree's version is that of its Makefile", () => {
    const makefile = { file: 'Makefile', text: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 300\n' };
    const source =
      '#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 255) && LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)\nint f(void) { return 1; }\n#endif';
    checkValue({ source, configuration: { makefile }, threads: ['v = f();'] }, 1);
    const { notModelled } = lowerScene({ source, threads: ['v = f();'] });
    expect(notModelled).not.toEqual([]);
  });
});

describe('several files', () => {
  const scene = (files: Readonly<Record<string, string>>): Scene => ({
    files,
    threads: ['v = f();'],
  });
  test('a function that an architecture may have of its own is the one for all, which is said', () => {
    const files = { 'box.h': '#ifndef open_box\nint open_box(void) { return 3; }\n#endif' };
    checkValue({ files, threads: ['v = open_box();'] }, 3);
    const { assumptions } = lowerScene({ files, threads: ['v = open_box();'] });
    expect(assumptions.map(({ message }) => message)).toContain(
      'open_box is taken as not defined: the version for all architectures is meant',
    );
  });
  test('a header decides for a file', () => {
    checkValue(
      scene({
        'a.h': '#ifdef CONFIG_SMP\n#define HAS_BOX 1\n#endif',
        'a.c':
          '#ifdef HAS_BOX\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif',
      }),
      1,
    );
  });
  test.each([
    ['declared before', { 'a.h': 'extern int k;', 'b.c': 'int k = 4;' }],
    ['declared after', { 'b.c': 'int k = 4;', 'z.h': 'extern int k;' }],
    ['declared in the same file', { 'b.c': 'extern int k; int k = 4; extern int k;' }],
    ['first without a value', { 'b.c': 'int k; int k = 4; int k;' }],
    ['of another file, without a value in this', { 'b.c': 'int k = 4;', 'c.c': 'int k;' }],
    [
      'of another file, where a third has one of its own',
      { 'b.c': 'static int k = 5;', 'c.c': 'int k = 4;' },
    ],
  ])('the value of an object is that of its definition: %s', (_, files) => {
    checkValue(scene({ ...files, 'f.c': 'extern int k; int f(void) { return k; }' }), 4);
  });
  test('each file has its own static object and function', () => {
    const own = (value: number, name: string) =>
      `static int k = ${value}; static int get(void) { return k; } int ${name}(void) { return get(); }`;
    checkValue(
      scene({
        'a.c': own(1, 'g'),
        'b.c': own(2, 'h'),
        'f.c': 'int f(void) { return g() * 10 + h(); }',
      }),
      12,
    );
  });
  test('what is only declared has no value', () => {
    const { notModelled } = lowerScene(scene({ 'a.c': 'extern int k; int f(void) { return k; }' }));
    expect(notModelled.map(({ message }) => message)).toEqual([
      'the first value of k is not known: it is only declared here',
    ]);
  });
  test('what a macro makes that is defined nowhere has none, but for locks and the like', () => {
    const said = (object: string) =>
      lowerScene(scene({ 'a.c': `${object}; int f(void) { return READ_ONCE(k); }` }));
    expect(said('static DEFINE_FULL_THING(k)').notModelled.map(({ message }) => message)).toEqual([
      'the first value of k is not known: DEFINE_FULL_THING() makes it',
    ]);
    checkValue(
      scene({
        'a.c': `static DEFINE_SPINLOCK(k); static DECLARE_BITMAP(b, 65); static HLIST_HEAD(h); static DEFINE_SEMAPHORE(s);
int f(void) { spin_lock(&k); return ARRAY_SIZE(b) * 100 + hlist_empty(&h) * 10 + s.count; }`,
      }),
      211,
    );
  });
  test('a declaration in a function is that of the object', () => {
    checkValue(scene({ 'a.c': 'int k = 4;\nint f(void) { extern int k; return k; }' }), 4);
  });
});

describe('the sign of plain char', () => {
  const source = "int f(int i) { char c = i; return c; }\nint g(void) { return '\\x80'; }";
  const kernel = 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 9\n';
  const scene = (call: string, text?: string): Scene => ({
    source,
    threads: [`v = ${call};`],
    ...(text && { configuration: { makefile: { file: 'Makefile', text } } }),
  });
  const since62 = `${kernel}KBUILD_CFLAGS += -fshort-wchar\nKBUILD_CFLAGS += -funsigned-char\n`;

  test("is that of the kernel's Makefile", () => {
    checkValue(scene('f(200)', since62), 200);
    checkValue(scene('g()', since62), 128);
    checkValue(scene("sizeof(L'a')", since62), 2);
    checkValue(scene('f(200)', kernel), -56);
    checkValue(scene('g()', kernel), -128);
  });
  test.each(['f(200)', 'g()', 'f(-1)'])('is not known where no kernel says it: %s', (call) => {
    for (const text of [undefined, 'obj-m += box.o\nccflags-y := -funsigned-char\n'])
      expect(outcomeOf(scene(call, text), { '0:v': 200 }).unknown?.reason).toMatch(/char/);
  });
  test('matters where it does only', () => {
    checkValue(scene('f(100)'), 100);
    checkValue(scene("(unsigned char)f(127) + 'a' + !'\\0'"), 225);
  });
});
