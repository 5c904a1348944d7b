/** Jumps, pointers to functions and guards: where control goes is where C and gcc let it go. */

import { describe, expect, test } from 'vitest';
import { lowerScene, observe, outcomeOf, type Scene } from './support/lower-c.ts';

const run = (source: string, call: string, more: Partial<Scene> = {}): Scene => ({
  source,
  state: '',
  threads: [`v = ${call};`],
  ...more,
});

const TRY = '#define TRY(x) ({ int e = (x); if (e < 0) return e; e; })\n';

describe('as gcc has it', () => {
  test.each<readonly [source: string, call: string, value: number]>([
    ['int f(void) { int i = 0; for (;;) { i += 3; if (i > 20) break; } return i; }', 'f()', 21],
    ['int f(void) { int i = 0; while (1) { if (i == 9) return i; i++; } }', 'f()', 9],
    [
      'int f(int e) { int r = 2; if (e) goto in; r = 3; { r += 10; in: r *= 2; } return r; }',
      'f(0) * 100 + f(1)',
      2604,
    ],
    [
      'int f(int e) { int r = 1; if (e == 1) goto yes; if (r == 2) { yes: r += 5; } else { r += 9; } return r; }',
      'f(0) * 100 + f(1)',
      1006,
    ],
    [
      'int f(int n) { int i = n, s = 0; if (n > 2) goto in; for (i = 0; i < 4; i++) { s += 10; in: s += i; } return s; }',
      'f(0) * 100 + f(3)',
      4603,
    ],
    [
      'int f(int n) { int s = 0; if (n) goto two; switch (n) { case 0: s += 1; break; case 7: two: s += 2; case 8: s += 4; } return s; }',
      'f(0) * 10 + f(1)',
      16,
    ],
    ['int f(void) { int n = 0; { again: n++; } if (n < 2) goto again; return n; }', 'f()', 2],
    [`${TRY}int f(int a) { int v = TRY(a) + 1; return v * 2; }`, 'f(3) * 10 + f(-5)', 75],
    [`${TRY}int g(int a) { return a - TRY(a); } int f(int a) { return g(a) + 1; }`, 'f(-5)', -4],
    [`${TRY}int f(int a) { return a > 2 ? TRY(a - 9) : TRY(a); }`, 'f(2) * 10 + f(4)', 15],
    [
      'int f(void) { int i, s = 0; for (i = 0; i < 9; i++) { int k = ({ if (i == 3) break; i; }); s += k; } return s * 10 + i; }',
      'f()',
      33,
    ],
    [
      'int f(void) { int i, s = 0; for (i = 0; i < 4; i++) s += ({ if (i == 2) continue; i; }); return s; }',
      'f()',
      4,
    ],
    [
      'int f(int a) { return ({ int r = 1; if (a) goto out; r = 2; out: r; }); }',
      'f(0) * 10 + f(1)',
      21,
    ],
    [
      'int f(int a) { int r = 5; ({ if (a) goto out; r = 6; }); r += 10; out: return r; }',
      'f(0) * 10 + f(1)',
      165,
    ],
  ])('%s', (source, call, value) => {
    expect(observe(run(source, call, { unroll: 3 }), { '0:v': value })).toBe('Always');
  });
});

test('a path that has jumped out of an expression is not joined by the others', () => {
  const scene: Scene = {
    source: `int x, y; ${'\n'}${TRY}int f(void) { int v = TRY(READ_ONCE(x)); WRITE_ONCE(y, 1); return v; }`,
    state: 'int x = -1, y;',
    threads: ['v = f();', 'w = READ_ONCE(y); smp_mb(); WRITE_ONCE(x, 3);'],
    observed: ['y'],
  };
  expect(observe(scene, { '0:v': -1, y: 1 })).toBe('Never');
  expect(observe(scene, { '0:v': 3, y: 1 })).toBe('Sometimes');
  expect(observe(scene, { '0:v': 3, y: 0 })).toBe('Never');
  expect(observe(scene, { '1:w': 1 })).toBe('Never'); // the write depends on what was read
});

test('a jump out of what is not always evaluated has no answer where the ways do not meet', () => {
  const { notModelled } = lowerScene({
    source: `int x, y; ${'\n'}${TRY}int f(void) { int v = READ_ONCE(x) ? TRY(READ_ONCE(y)) : 7; return v; }`,
    state: 'int x, y;',
    threads: ['v = f();', 'WRITE_ONCE(x, 1); WRITE_ONCE(y, -1);'],
  });
  expect(notModelled.map(({ message }) => message).join()).toMatch(/jump out of/);
});

describe('pointers to functions', () => {
  const table = (call: string): Scene => ({
    source: `int sel; int inc(int a) { return a + 1; } int dbl(int a) { return a * 2; }
struct ops { int (*fn)(int); }; struct ops one = { inc }, two = { .fn = dbl };
int (*const table[])(int) = { inc, dbl };
struct ops *cur = &one;
int f(void) { return ${call}; }`,
    state: 'int sel;',
    threads: ['v = f();', 'WRITE_ONCE(sel, 1); WRITE_ONCE(cur, &two);'],
  });

  test.each(['READ_ONCE(cur)->fn(5)', '(READ_ONCE(sel) ? dbl : inc)(5)'])(
    'lead to each of the functions that they may point to: %s',
    (call) => {
      expect(observe(table(call), { '0:v': 6 })).toBe('Sometimes');
      expect(observe(table(call), { '0:v': 10 })).toBe('Sometimes');
      expect(observe(table(call), { '0:v': 5 })).toBe('Never');
    },
  );

  test.each([
    'int (*hook)(int) = dbl; int f(void) { return hook(5); }',
    'typedef int (*cb_t)(int); static cb_t hook = dbl; int f(void) { return (*hook)(5); }',
    'int (*const hook)(int) = dbl; int f(void) { int (*own)(int) = hook; return own(5); }',
  ])('that are objects of a file are called by their names: %s', (hook) => {
    expect(observe(run(`int dbl(int a) { return a * 2; } ${hook}`, 'f()'), { '0:v': 10 })).toBe(
      'Always',
    );
  });

  test('from a table are known', () => {
    expect(observe(table('table[1](5)'), { '0:v': 10 })).toBe('Always');
  });

  test('to nothing end what can be known', () => {
    const scene = table('READ_ONCE(cur)->fn(5)');
    const empty = { ...scene, source: scene.source!.replace('= { .fn = dbl }', '= { 0 }') };
    expect(outcomeOf(empty, { '0:v': 7 }).unknown?.reason).toMatch(/to no function/);
  });
});

describe('guards', () => {
  const adding = (body: string, lock = 'struct mutex m;'): Scene => ({
    source: `int n; ${lock} int add(void) { ${body} }`,
    state: `int n; ${lock}`,
    threads: ['v = add();', 'w = add();'],
    observed: ['n'],
  });

  test.each([
    ['guard(mutex)(&m); int k = READ_ONCE(n); WRITE_ONCE(n, k + 1); return k;', undefined],
    [
      'guard(mutex)(&m); int k = READ_ONCE(n); if (k) { WRITE_ONCE(n, 2); return k; } WRITE_ONCE(n, 1); return 0;',
      undefined,
    ],
    [
      'scoped_guard(mutex, &m) { int k = READ_ONCE(n); WRITE_ONCE(n, k + 1); return k; } return 9;',
      undefined,
    ],
    [
      'scoped_guard(spinlock_irqsave, &l) { int k = READ_ONCE(n); WRITE_ONCE(n, k + 1); if (!k) break; } return 0;',
      'spinlock_t l;',
    ],
    [
      '{ guard(rwsem_write)(&s); int k = READ_ONCE(n); WRITE_ONCE(n, k + 1); } return 0;',
      'struct rw_semaphore s;',
    ],
  ])('hold until control leaves the block: %s', (body, lock) => {
    expect(observe(adding(body, lock), { n: 1 })).toBe('Never');
    expect(observe(adding(body, lock), { n: 2 })).not.toBe('Never');
  });

  test('are released at the end of the block, not later', () => {
    const body = 'int k; { guard(mutex)(&m); k = READ_ONCE(n); } WRITE_ONCE(n, k + 1); return k;';
    expect(observe(adding(body), { n: 1 })).toBe('Sometimes');
  });
});

describe('what cannot be followed is said', () => {
  const MACROS = `
#define AUTO(f) __attribute__((cleanup(f)))
#define HELD(name) AUTO(put) int name = 0
#define FREED(name) int *name __free(kfree) = 0
`;
  const said = (body: string) =>
    lowerScene(
      run(`${MACROS} int g(void); void put(int *p); int f(void) { ${body} return 0; }`, 'f()'),
    )
      .notModelled.map(({ message }) => message)
      .join();

  test.each([
    ['void *p = &&out; goto *p; out:', /cannot be read/],
    ['guard(no_such_class)(&f);', /guard of a class/],
    ['int *p __free(put) = 0;', /cleaned up/],
    ['int p __attribute__((cleanup(put))) = 0;', /cleaned up/],
    ['int p __attribute__((unused, __cleanup__(put))) = 0;', /cleaned up/],
    ['AUTO(put) int p = 0;', /cleaned up/],
    ['HELD(p);', /cleaned up/],
    ['call_rcu(0, 0);', /callback runs after a grace period/],
    ['schedule_on_each_cpu(0);', /waits until every CPU/],
  ])('%s', (body, message) => expect(said(body)).toMatch(message));

  test.each(['int *p __free(kfree) = 0;', 'FREED(p);', '/* not __free(put) here */'])(
    'but this is no matter: %s',
    (body) => expect(said(body)).toBe(''),
  );
});
