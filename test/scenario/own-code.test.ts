/** Mistakes in the C that a scenario brings itself: what a compiler would refuse, or what leaves open which of two is meant. */

import { describe, expect, test } from 'vitest';
import { simulateFiles } from '../support/simulated.ts';

const POST = `struct letter { int sealed; int text; };
int post_check(struct letter *l, int depth) { return READ_ONCE(l->sealed) > depth; }
void post_seal(struct letter *l) { WRITE_ONCE(l->text, 7); smp_wmb(); WRITE_ONCE(l->sealed, 1); }
int post_open(struct letter *l)
{
	if (!post_check(l, 0))
		return -1;
	smp_rmb();
	return READ_ONCE(l->text);
}
`;

interface Own {
  readonly state?: string;
  readonly stubs?: string;
  readonly statements?: string;
  readonly suppose?: string;
  readonly never?: string;
}

/** Stubs begin in line 5, the reader in line 8, the invariant in line 9, what is supposed in line 11. */
const scenario = ({ state = '', stubs = '', statements = '', suppose = '', never = '' }: Own) => ({
  'post.c': POST,
  't.scenario': `C post
source: post.c
{ struct letter the_letter = { }; ${state} }
stubs {
	${stubs}
}
P0 { post_seal(&the_letter); }
P1 { seen = post_open(&the_letter); ${statements} }
never unread "sealed, and not written": (P1:seen = 0) ${never}
suppose otherwise "it is so" {
	${suppose || '#define smp_wmb() barrier()'}
}
`,
});

async function told(own: Own): Promise<readonly string[]> {
  const { code, warnings, text } = await simulateFiles(scenario(own), '--suppose');
  if (warnings.length > 0) expect([code, text]).toEqual([2, '']);
  return warnings.map((line) => line.replace('t.scenario:', ''));
}

describe('a name in a macro that nothing has', () => {
  test.each<[Own, string]>([
    [{ stubs: '#define smp_wmb() FOO' }, '5: nothing is called FOO'],
    [{ stubs: '#define smp_wmb() do { FOO; } while (0)' }, '5: nothing is called FOO'],
    [
      { stubs: '#define READY SEALD\n\tenum { SEALED = 1 };', statements: 'r = READY;' },
      '5: nothing is called SEALD; SEALED?',
    ],
    [
      { stubs: '#define TAKE(l) (post_opn(l))', statements: 'r = TAKE(&the_letter);' },
      '5: post_opn() is defined nowhere; post_open()?',
    ],
    [
      {
        stubs: '#define TAKE(l) \\\n\t\tpost_open(l) + \\\n\t\tFOO',
        statements: 'r = TAKE(&the_letter);',
      },
      '7: nothing is called FOO',
    ],
    [{ suppose: '#define smp_wmb() barier()' }, '11: barier() is defined nowhere; barrier()?'],
    [{ suppose: '#define smp_wmb() FOO' }, '11: nothing is called FOO'],
    [
      { suppose: 'void post_seal(struct letter *l) { smp_wbm(); }' },
      '11: smp_wbm() is defined nowhere; smp_wmb()?',
    ],
  ])('%o', async (own, message) => {
    expect(await told(own)).toEqual([message]);
  });

  test.each<Own>([
    { stubs: '#define smp_wmb() do { seen_by = 1; } while (0)', state: 'int seen_by;' },
    {
      stubs: '#define TAKE(to) do { to = 3; mine = to; } while (0)',
      statements: 'int mine; int r; TAKE(r);',
    },
    { stubs: '#define TEXT_OF(l) ((l)->text)', statements: 'r = TEXT_OF(&the_letter);' },
    { stubs: '#define smp_wmb() ({ typeof(1) __a = 2; __a; })' },
    { stubs: '#define NOBODY_USES FOO' },
    { stubs: '#define smp_wmb() /* nothing */' },
  ])('but not what is one where it is used: %o', async (own) => {
    expect(await told(own)).toEqual([]);
  });
});

describe('what is there twice is told, with where the first is', () => {
  test.each<[Own, string]>([
    [
      {
        stubs: 'int twice(void) { return 1; }\n\tint twice(void) { return 2; }',
        statements: 'r = twice();',
      },
      '6: twice is defined twice, first in line 5',
    ],
    [{ stubs: '#define TWO 1\n\t#define TWO 2' }, '6: TWO is defined twice, first in line 5'],
    [
      { stubs: '#define two() 1\n\tint two(void) { return 2; }', statements: 'r = two();' },
      '6: two is defined twice, first in line 5',
    ],
    [
      { stubs: 'struct s { int a; };\n\tstruct s { int b; };' },
      '6: struct s is defined twice, first in line 5',
    ],
    [{ stubs: 'enum { A };\n\tenum { A = 3 };' }, '6: A is defined twice, first in line 5'],
    [
      { suppose: '#define smp_wmb() barrier()\n\t#define smp_wmb() smp_mb()' },
      '12: smp_wmb is defined twice, first in line 11',
    ],
    [
      { never: '\nsuppose otherwise "another" { #define smp_rmb() barrier()\n}\n' },
      '13: there are two suppositions "otherwise", the first in line 10',
    ],
    [
      { never: '\nnever unread "again": (P1:seen = 3)\n' },
      '10: there are two invariants "unread", the first in line 9',
    ],
    [{ never: '\nP1 { x = 1; }\n' }, '10: there are two threads P1, the first in line 8'],
    [{ never: '\nunroll: 2\nunroll: 3\n' }, '11: "unroll:" is said twice'],
  ])('%o', async (own, message) => {
    expect(await told(own)).toEqual([message]);
  });

  test.each<Own>([
    { stubs: '#define smp_wmb() smp_mb()' }, // the supposition has another one
    { stubs: '#ifdef CONFIG_SMP\n#define ONE 1\n#else\n#define ONE 2\n#endif' },
    { stubs: '#define ONE 1\n\t#undef ONE\n\t#define ONE 2' },
    { stubs: 'struct s;\n\tstruct s { int a; };' },
  ])('but not what replaces another, or is an alternative: %o', async (own) => {
    expect(await told(own)).toEqual([]);
  });
});

describe('a jump that leads nowhere', () => {
  test.each<[Own, string]>([
    [{ statements: 'if (seen) goto nowhere; k = 1;' }, '8: there is no label nowhere'],
    [{ statements: 'goto alone; alnoe: k = 1;' }, '8: there is no label alone; alnoe?'],
    [{ statements: 'break; k = 1;' }, '8: "break" stands in no loop and no switch'],
    [{ statements: 'if (seen) continue;' }, '8: "continue" stands in no loop'],
    [{ statements: 'switch (seen) { case 1: continue; }' }, '8: "continue" stands in no loop'],
    [{ statements: 'case 1: k = 1;' }, '8: "case" or "default" stands in no switch'],
    [{ statements: 'if (seen) { default: k = 1; }' }, '8: "case" or "default" stands in no switch'],
    [
      { stubs: 'int stub(void) { goto out; return 1; }', statements: 'r = stub();' },
      '5: there is no label out',
    ],
  ])('%o', async (own, message) => {
    expect(await told(own)).toEqual([message]);
  });

  test.each<Own>([
    { statements: 'again: if (seen == 5) goto again; k = 1;' },
    { statements: 'if (seen) goto out; k = 1; out: k2 = 2;' },
    {
      statements: 'for (int i = 0; i < 2; i++) { if (i) continue; switch (i) { case 0: break; } }',
    },
    { statements: 'while (1) { k = ({ if (seen) break; 1; }); break; }' },
    { statements: 'switch (seen) { case 1: if (seen) { case 2: k = 1; } default: k = 2; }' },
  ])('but not one that does: %o', async (own) => {
    expect(await told(own)).toEqual([]);
  });
});

test('a jump of a thread leads to its label', async () => {
  const { text } = await simulateFiles(
    scenario({
      statements: 'if (seen == 7) goto out; k = 1; out: k2 = 2;',
      never: '\nnever two "": (P1:seen = 7 /\\ P1:k2 = 2)\n',
    }),
  );
  expect(text).toMatch(/two +Sometimes/);
});

test('a stand-in takes what the function takes that it stands in for', async () => {
  const at = 'post_check() takes 2 arguments in post.c:2, not';
  expect(await told({ stubs: 'int post_check(struct letter *l) { return 1; }' })).toEqual([
    `5: ${at} 1`,
  ]);
  expect(await told({ suppose: 'int post_check(void) { return 1; }' })).toEqual([`11: ${at} 0`]);
  expect(await told({ suppose: '#define post_check(l) 1' })).toEqual([`11: ${at} 1`]);
  expect(await told({ suppose: '#define post_check(l, depth) 1' })).toEqual([]);
  expect(await told({ suppose: '#define post_check(l, ...) 1' })).toEqual([]);
  expect(
    await told({ stubs: 'int post_check(struct letter *l, int depth) { return 1; }' }),
  ).toEqual([]);
});

describe('quotes that are not closed are told where they open', () => {
  test.each([
    ['never b "the other: (P1:seen = 1)\nnever c "third": (P1:seen = 2)\n', 10],
    ['never b "the other\n  over two lines: (P1:seen = 1)\nnever c "": (P1:seen = 2)\n', 10],
    ['never b "": (P1:seen = 1) accepted: "for now\nnever c "third": (P1:seen = 2)\n', 10],
    [
      'never b "": (P1:seen = 1)\nremark post_seal smp_wmb: "needed\nnever c "third": (P1:seen = 2)\n',
      11,
    ],
  ])('%s', async (never, line) => {
    expect(await told({ never: `\n${never}` })).toEqual([
      `${line}: the quote that begins here is never closed`,
    ]);
  });

  test('but words may stand on several lines', async () => {
    expect(await told({ never: '\nnever b "the\n  other": (P1:seen = 1)\n' })).toEqual([]);
  });
});

test('names are separated by blanks', async () => {
  const why = 'is no name of C; names are separated by blanks, not by ","';
  expect(await told({ never: '\napplies: post_open, post_seal\n' })).toEqual([
    `10: "post_open," ${why}`,
  ]);
  expect(await told({ never: '\nfollow: post_open,post_seal\n' })).toEqual([
    `10: "post_open,post_seal" ${why}`,
  ]);
});

describe('a type that nothing has', () => {
  test.each<[Own, string]>([
    [{ state: 'u23 late;' }, '3: there is no type u23; u32?'],
    [{ statements: 'unt r = 3; k = r;' }, '8: there is no type unt; int?'],
    [{ statements: 'r = (lettr)3;' }, '8: there is no type lettr'],
    [
      { stubs: 'int stub(unt x) { return 1; }', statements: 'r = stub(1);' },
      '5: there is no type unt; int?',
    ],
    [
      { stubs: 'unt stub(void) { return 1; }', statements: 'r = stub();' },
      '5: there is no type unt; int?',
    ],
    [{ statements: 'width_of_nobody_t r = 3; k = r;' }, '8: there is no type width_of_nobody_t'],
  ])('%o', async (own, message) => {
    const [first] = await told(own);
    expect(first).toContain(message);
  });

  test.each<Own>([
    {
      state:
        'u32 a; unsigned long long b; bool c; atomic_t d; spinlock_t e; size_t f; struct list_head g;',
    },
    { stubs: 'typedef unsigned char tiny;', statements: 'tiny r = 3; k = (tiny)r;' },
    { statements: 'typedef int own; own r = 3; typeof(r) k = 2; enum { A } e = A; void *p = 0;' },
  ])('but not what there is: %o', async (own) => {
    expect(await told(own)).toEqual([]);
  });
});

describe('first values that are for nothing', () => {
  const given = (declaration: string) => ({
    ...scenario({ state: 'int other;', statements: 'k = given();' }),
    'post.c': `${POST}\nint given(void) { ${declaration}; return v.text; }\n`,
    't.scenario': scenario({ statements: 'k = given();' })['t.scenario'].replace(
      'never unread',
      'never k "it has another value": (P1:k != 7)\nnever unread',
    ),
  });

  test.each([
    ['struct letter v = { .text = 7, .texts = 8 }', '.texts, which is no member of struct letter'],
    ['struct { int text, row[2]; } v = { .text = 7, .row[2] = 1 }', '[2] of an array of 2'],
    [
      'struct { int text, row[2]; } v = { .text = 7, .row = { [1 ... 3] = 1 } }',
      '[3] of an array of 2',
    ],
    ['struct letter v = { .text.of = 7 }', '.of, which is no member of what has none'],
    ['struct letter v = { .text[0] = 7 }', '[0] of what is no array'],
    ['struct letter v = { 1, 7, 9 }', 'for which no member or element is left'],
  ])('%s', async (declaration, message) => {
    const { text } = await simulateFiles(given(declaration));
    expect(text).toMatch(/k +unknown: post\.c:12: a first value for/);
    expect(text).toContain(message);
  });

  test.each([
    'struct letter v = { .sealed = 1, .text = 7 }',
    'struct { int text, row[2]; } v = { .text = 7, .row = { [1] = 1 } }',
    'struct { union { int text; int name; }; } v = { .text = 7 }',
  ])('but not those that are for something: %s', async (declaration) => {
    const { text } = await simulateFiles(given(declaration));
    expect(text).toMatch(/k +Never/);
  });

  test('of an object, and two for one member', async () => {
    const outside = scenario({ state: 'int row[1 + 1] = { [2] = 1 };', statements: 'k = row[1];' });
    const { text } = await simulateFiles(outside);
    expect(text).toMatch(
      /unread +unknown: \S*t\.scenario:3: a first value for \[2\] of an array of 2/,
    );
    expect(await told({ state: 'struct letter a = { .text = 1, .text = 2 };' })).toEqual([
      '3: .text is given two first values',
    ]);
  });
});

test.each<[Own, string]>([
  [{ state: 'int post_check;' }, '3: post_check is an object here, and a function elsewhere'],
  [
    { state: 'int number;', never: '\nP2 as number { k = 1; }\n' },
    '10: number is no struct, and a thread is one as "current"',
  ],
  [
    { state: 'struct letter *to;', never: '\nP2 as to { k = 1; }\n' },
    '10: to is no struct, and a thread is one as "current"',
  ],
])('an object of another kind than it is used as: %o', async (own, message) => {
  expect(await told(own)).toEqual([message]);
});

test('a statement that is but a name which nothing defines may be anything', async () => {
  const files = scenario({});
  const { text } = await simulateFiles({
    ...files,
    'post.c': POST.replace('smp_wmb();', 'WRITE_BARRIER;'),
  });
  expect(text).toMatch(
    /unread +unknown: post\.c:3: WRITE_BARRIER, which no file that is read defines/,
  );
});

describe('the same mistake in several places', () => {
  test('of threads with the same statements is told of each', async () => {
    const files = scenario({ statements: 'unheard(3);' });
    const text = files['t.scenario'].replace(
      /^P1 .*$/m,
      (thread) => `${thread}\n${thread.replace('P1', 'P2')}`,
    );
    const { warnings } = await simulateFiles({ ...files, 't.scenario': text });
    expect(warnings).toEqual([
      't.scenario:8: unheard() is defined nowhere',
      't.scenario:9: unheard() is defined nowhere',
    ]);
  });
});

test('what threads with the same statements do is told at the lines of each', async () => {
  const files = scenario({
    statements: 'early = READ_ONCE(the_letter.text);',
    never: '\nnever late "": (P2:early = 7)',
  });
  const text = files['t.scenario'].replace(
    /^P1 .*$/m,
    (thread) => `${thread}\n${thread.replace('P1', 'P2')}`,
  );
  const found = await simulateFiles({ ...files, 't.scenario': text });
  expect(found.text).toMatch(/scenario:8 P1\(\) +P1: reads letter\.text/);
  expect(found.text).toMatch(/scenario:9 P2\(\) +P2: reads letter\.text/);
  expect(found.text).not.toMatch(/scenario:8 P[12]\(\) +P2/);
});

test.each([
  [
    'suppose other "words" with otherwise {\n}',
    'a supposition is written suppose other [with OTHER, ...] "words" { ... }',
  ],
  [
    'suppose other with otherwise',
    'a supposition is written suppose other [with OTHER, ...] "words" { ... }',
  ],
])('what is supposed otherwise than it is written draws one message: %s', async (text, message) => {
  const files = scenario({});
  const { warnings } = await simulateFiles({
    ...files,
    't.scenario': `${files['t.scenario']}${text}\n`,
  });
  expect(warnings).toEqual([`t.scenario:13: ${message}`]);
});

test('a comment between the parts that does not end is told where it begins', async () => {
  const files = scenario({});
  const text = files['t.scenario'].replace('never unread', '/* */ // *\n/* never unread');
  const { warnings } = await simulateFiles({ ...files, 't.scenario': text });
  expect(warnings).toEqual(['t.scenario:10: the comment that begins here is never closed']);
});

test('a typedef of itself is told', async () => {
  const { warnings } = await simulateFiles(
    scenario({
      stubs: 'typedef leaf_t branch_t; typedef branch_t leaf_t;',
      state: 'leaf_t leaf = 1;',
    }),
  );
  expect(warnings).toEqual([
    't.scenario:3: the typedef leaf_t leads back to itself: no type is behind it',
  ]);
});

describe('what is said and means nothing', () => {
  test.each<[Own, string]>([
    [{ never: '\nfilter:\nunroll: 2\n' }, '10: "filter:" says nothing'],
    [{ never: '\nfilter:\n\nnever b "again": (P1:seen = 3)\n' }, '10: "filter:" says nothing'],
    [{ statements: 'smp_mb(1); k = 1;' }, '8: smp_mb() takes 0 arguments, not 1'],
    [{ statements: 'int k; WRITE_ONCE(k);' }, '8: WRITE_ONCE() takes 2 arguments, not 1'],
    [{ statements: 'k = READ_ONCE();' }, '8: READ_ONCE() takes 1 argument, not 0'],
    [
      { state: 'spinlock_t bolt;', statements: 'spin_lock(); spin_unlock(&bolt);' },
      '8: spin_lock() takes 1 argument, not 0',
    ],
    [
      { state: 'spinlock_t bolt;', statements: 'unsigned long f; spin_lock_irqsave(&bolt);' },
      '8: spin_lock_irqsave() takes 2 arguments, not 1',
    ],
    [
      { state: 'atomic_t count;', statements: 'atomic_inc(1, &count);' },
      '8: atomic_inc() takes 1 argument, not 2',
    ],
    [
      { state: 'struct list_head row, one;', statements: 'list_add_rcu(&one);' },
      '8: list_add_rcu() takes 2 arguments, not 1',
    ],
    [
      { statements: 'unsinged int k = 1;' },
      '8: this is no C that can be read: unsinged; unsigned?',
    ],
    [{ statements: 'statik int k = 1;' }, '8: this is no C that can be read: statik; static?'],
    [
      { stubs: '#define DEEP(by) ((by) + 1)\n', statements: 'k = DEEP;' },
      '9: the macro DEEP is given no arguments; DEEP()?',
    ],
    [{ statements: 'opened = post_open;' }, '8: post_open is not called; post_open()?'],
    [{ statements: 'post_open;' }, '8: post_open is not called; post_open()?'],
    [
      { statements: 'int the_letter = 3;' },
      '8: the_letter is an object of the state, and cannot be a variable, too',
    ],
    [{ statements: 'k = post_seal(&the_letter);' }, '8: post_seal() returns nothing'],
    [{ statements: 'int k = post_seal(&the_letter);' }, '8: post_seal() returns nothing'],
    [{ statements: 'k = post_open(7);' }, '8: 7 does not fit struct letter *'],
    [
      { statements: 'k = post_check(&the_letter, &the_letter);' },
      '8: a value of type struct letter * does not fit int',
    ],
    [
      { stubs: '#define DEEP(by) ((by) + 1)\n', statements: 'k = DEEP(1, 2);' },
      '9: DEEP() takes 1 argument, not 2',
    ],
    [
      { state: 'void (*at)(struct letter *) = post_sael;' },
      '3: nothing is called post_sael; post_seal?',
    ],
    [
      { stubs: 'enum post_kind { PLAIN };', state: 'enum post_knd kind;' },
      '3: there is no enum post_knd; enum post_kind?',
    ],
    [
      {
        state: 'struct note { unsigned kind : 2; int mood : 3; } n;',
        never: '\nnever k "k": (n.kind = 4)',
      },
      '10: n.kind is of type unsigned int:2, which has no value 4',
    ],
    [
      {
        state: 'struct note { unsigned kind : 2; int mood : 3; } n;',
        never: '\nnever k "k": (n.mood = 4)',
      },
      '10: n.mood is of type int:3, which has no value 4',
    ],
    [{ state: 'int row[2] = { 1, 2, 3 };' }, '3: a first value for [2] of an array of 2'],
    [{ state: 'int row[2] = { [2] = 3 };' }, '3: a first value for [2] of an array of 2'],
    [{ state: 'int row[3] = { [2] = 3, 4 };' }, '3: a first value for [3] of an array of 3'],
    [{ statements: 'k = sizeof(struct leter);' }, '8: there is no struct leter; struct letter?'],
    [{ statements: 'k = sizeof(leter_x);' }, '8: nothing is called leter_x'],
    [
      { statements: 'k = offsetof(struct letter, txt);' },
      '8: no member txt of struct letter; text?',
    ],
    [
      { statements: 'switch (seen) { case 1: k = 1; break; case 0x1: k = 2; }' },
      '8: "case 1" stands twice in a switch',
    ],
    [
      { statements: 'switch (seen) { default: k = 1; break; default: k = 2; }' },
      '8: "default" stands twice in a switch',
    ],
    [{ statements: 'out: k = 1; goto out; out: k = 2;' }, '8: there are two labels out'],
    [
      { statements: 'const int limit = 1; limit = 2;' },
      '8: limit is const, and is not assigned to',
    ],
    [
      { state: 'const int limit = 1;', statements: 'limit++;' },
      '8: limit is const, and is not assigned to',
    ],
    [{ suppose: 'int mood = 3;' }, '11: there is no mood to replace'],
    [{ suppose: '/* nothing yet */' }, '10: the supposition "otherwise" says nothing'],
  ])('%o', async (own, message) => {
    expect(await told(own)).toEqual([message]);
  });

  test.each<Own>([
    { statements: 'opened = post_open; k = opened(&the_letter);' },
    { statements: 'f = post_open;', never: '\nnever it "is that function": (P1:f != post_open)' },
    { statements: 'f = post_open;', never: '\nnever it "is that function": (P1:f != &post_open)' },
    {
      stubs: '#define DEEP 3\n#define USE(f) f(2)\n#define ADD(x) ((x) + 1)\n',
      statements: 'k = DEEP + USE(ADD);',
    },
    { never: '\nfilter:\n\t(P1:seen = 3)\n' },
    { stubs: '#define NONE() 0\n#define ALL(x...) (x)\n', statements: 'k = NONE() + ALL(1, 2);' },
    {
      stubs: 'enum post_kind { PLAIN };',
      state: 'enum post_kind kind;',
      statements: 'k = post_open(0);',
    },
    {
      state: 'struct note { unsigned kind : 2; int mood : 3; } n;',
      never: '\nnever k "k": (n.mood = -4 /\\ n.kind = 3)',
    },
    { state: 'int row[2] = { 1, 2 }, rows[2][2] = { 1, 2, 3, 4 }, more[2][2] = { { 1 }, { 2 } };' },
    { state: 'struct pair { int a, b; } pairs[2] = { 1, 2, 3, 4 }; int some[] = { 1, 2 };' },
    {
      statements:
        'k = sizeof(struct letter) + sizeof(int) + sizeof(the_letter.text) + sizeof seen;',
    },
    { statements: 'k = offsetof(struct letter, text);' },
    {
      statements:
        'switch (seen) { case 1: switch (k) { case 1: default: break; } break; case 2: default: k = 2; }',
    },
    { statements: 'const int *at = &the_letter.text; at = &the_letter.sealed; k = *at;' },
    { statements: 'const int limit = 1; k = limit;' },
  ])('but not %o', async (own) => {
    expect(await told(own)).toEqual([]);
  });

  test('a supposition that is built on itself', async () => {
    const files = scenario({});
    const more =
      'suppose one with other "words" {\n#define smp_rmb() barrier()\n}\nsuppose other with one "words" {\n#define smp_mb() barrier()\n}\n';
    const text = `${files['t.scenario']}${more}`;
    const { warnings } = await simulateFiles({ ...files, 't.scenario': text });
    expect(warnings).toEqual(['t.scenario:13: the supposition "one" is built on itself']);
  });
});

describe('a value that does not fit what takes it', () => {
  const stubs = `struct parcel { u8 small; s8 low; char plain; unsigned int wide; bool fits; struct parcel *next; long *count;
		void *any; struct letter *letter; struct letter own; u8 row[2]; };
	int weigh(struct parcel *p, long *count, void *any) { return READ_ONCE(p->wide); }
	#define POISON 5`;
  const parcel = (fields: string) => ({ stubs, state: `struct parcel box = { ${fields} };` });
  const call = (given: string) => ({ ...parcel(''), statements: `k = weigh(${given});` });

  test.each<[Own, string]>([
    [parcel('.small = 300'), '3: 300 does not fit u8'],
    [parcel('.low = 200'), '3: 200 does not fit s8'],
    [parcel('.wide = 0x100000000'), '3: 0x100000000 does not fit unsigned int'],
    [parcel('.row = { 1, 256 }'), '3: 256 does not fit u8'],
    [parcel('.row[1] = -300'), '3: -300 does not fit u8'],
    [parcel('.wide = &the_letter'), '3: a value of type struct letter * does not fit unsigned int'],
    [parcel('.next = 5'), '3: 5 does not fit struct parcel *'],
    [
      parcel('.next = &the_letter'),
      '3: a value of type struct letter * does not fit struct parcel *',
    ],
    [parcel('.letter = &the_letter.text'), '3: a value of type int * does not fit struct letter *'],
    [
      { stubs, state: 'int few; long *count = &few;' },
      '3: a value of type int * does not fit long *',
    ],
    [
      { stubs, statements: 'struct parcel *own = &the_letter; k = 1;' },
      '11: a value of type struct letter * does not fit struct parcel *',
    ],
    [call('&the_letter, 0, 0'), '11: a value of type struct letter * does not fit struct parcel *'],
    [call('&box, &box.wide, 0'), '11: a value of type unsigned int * does not fit long *'],
    [call('&box.next, 0, 0'), '11: a value of type struct parcel ** does not fit struct parcel *'],
    [call('box.letter, 0, 0'), '11: a value of type struct letter * does not fit struct parcel *'],
  ])('%o', async (own, message) => {
    expect(await told(own)).toEqual([message]);
  });

  test.each<Own>([
    parcel(
      '.small = 255, .low = -128, .plain = 200, .wide = -1, .fits = 2, .next = &box, .any = &the_letter, .letter = &box.own',
    ),
    parcel('.small = (u8)300, .next = (struct parcel *)5, .letter = (void *)&box'),
    parcel('.small = -1, .next = 0, .letter = NULL, .count = (long *)&the_letter.text'),
    call('&box, box.count, &box.count'),
    { stubs, state: 'void *token = 1; char *bytes = &the_letter;' },
    call('box.next, 0, box.row'),
    call('box.any, box.any, box.next'),
    call('(struct parcel *)&the_letter, 0, 0'),
    {
      stubs: `${stubs}\n#ifdef CONFIG_WIDE\ntypedef struct parcel *to_t;\n#else\ntypedef struct parcel *to_t;\n#endif`,
      state: 'struct parcel box; to_t to = &box;',
      statements: 'box_of = to; k = weigh(box_of, 0, 0); l = weigh(to, 0, 0);',
    },
  ])('but not %o', async (own) => {
    expect(await told(own)).toEqual([]);
  });

  test.each([
    [
      'box.next = &the_letter',
      'box.next is of type struct parcel *, which is compared with struct letter *',
    ],
    ['box.next != 5', 'box.next is of type struct parcel *, and 5 is no pointer'],
    ['P1:mine = &box.small', 'P1:mine is of type struct parcel *, which is compared with u8 *'],
    [
      'box.letter = box.next',
      'box.letter is of type struct letter *, which is compared with struct parcel *',
    ],
  ])('in a formula: %s', async (formula, message) => {
    const never = `\nnever it "is so": (${formula})`;
    const own = { ...parcel(''), statements: 'struct parcel *mine = &box;', never };
    expect(await told(own)).toEqual([`13: ${message}`]);
  });

  test.each([
    'box.next = &box',
    'box.next != 0',
    'box.any = &the_letter',
    'box.letter = &box.own',
    'P1:mine = box.next',
    'P1:seen = 5',
    'box.next = POISON',
  ])('but not: %s', async (formula) => {
    const never = `\nnever it "is so": (${formula})`;
    const own = { ...parcel(''), statements: 'struct parcel *mine = &box;', never };
    expect(await told(own)).toEqual([]);
  });
});

describe('what stands in stubs outside of functions', () => {
  test.each([
    ['#defin LATE 1', 'there is no "#defin"; #define?'],
    ['#define LATE 1\n#else', '6: no "#if" stands before this "#else"'],
    ['#endif', 'no "#if" stands before this "#endif"'],
    ['#include "post.h"', '"#include" reads nothing here: "source:" names files'],
    ['#define', '"#define" needs a name'],
    ['#define LATE(x ((x) * 2)', 'the parameters of LATE have no ")" behind them'],
    ['#define LATE(x ((x) * 2', 'the parameters of LATE have no ")" behind them'],
    ['#define LATE(x) ((x) * 2', 'the macro LATE lacks a ")"'],
    ['#define READ_ONCE(x) x)', 'the macro READ_ONCE lacks a "("'],
    ['#undef post_oepn', 'there is no macro post_oepn; post_open?'],
    ['#undef smp_wmb', 'smp_wmb is no macro, and "#undef" takes nothing away'],
    [
      'post_open(struct letter *l) { return 1; }',
      'post_open() has no type for what it returns; void post_open()?',
    ],
    ['the_letter.sealed = 1;', 'this is a statement, and stands in no function'],
    ['post_seal(&the_letter);', 'this is a statement, and stands in no function'],
    ['int late;\n\tlate = 1;', '6: this is a statement, and stands in no function'],
    ['smp_wmb() barrier()', 'smp_wmb(...) defines nothing here; "#define smp_wmb(...)"?'],
    ['smp_wmb() do { } while (0)', 'smp_wmb(...) defines nothing here; "#define smp_wmb(...)"?'],
  ])('%s', async (stubs, message) => {
    const at = /^\d/.test(message) ? '' : '5: ';
    expect(await told({ stubs: `${stubs}\n` })).toEqual([`${at}${message}`]);
    const moved = message.replace(/^\d+/, (line) => `${Number(line) + 6}`);
    expect(await told({ suppose: `${stubs}\n` })).toEqual([`${at && '11: '}${moved}`]);
  });

  test.each([
    '#if 1\n#define LATE 1\n#elif 0\n#else\n#endif\n#pragma once\n#undef POST_NOWHERE',
    '#undef smp_wmb\n#define smp_wmb() barrier()',
    '#define LATE(x, ...) f((x), "(", \'(\', ## __VA_ARGS__) /* ( */ \\\n\t+ 1',
    'static int late; typedef struct { int a; } late_t; late_t later; LATE_MAKER(x)\n',
    'SYSCALL_DEFINE1(late, int, x) { return x; }',
    'static_assert(sizeof(int) == 4);\n#define LATE() (1)\n#define LATER (LATE())',
  ])('but not %s', async (stubs) => {
    expect(await told({ stubs: `${stubs}\n` })).toEqual([]);
  });

  test('a macro whose parameters are parted from its name', async () => {
    const stubs = '#define TWICE (x) ((x) * 2)\n';
    expect(await told({ stubs, statements: 'k = TWICE(seen);' })).toEqual([
      '5: the macro TWICE takes nothing, as a blank is before its "("; TWICE(x)?',
    ]);
  });
});
