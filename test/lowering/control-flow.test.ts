/** Branches, jumps and loops: control dependencies reach as far as the LKMM has them, and no further. */

import { describe, expect, test } from 'vitest';
import { observe, outcomeOf, type Scene } from './support/lower-c.ts';

/** Load buffering: thread 0 reads x and writes y by `body`; thread 1 the other way round, ordered. */
function loadBuffering(body: string): Scene {
  return {
    source: `int x, y, z;\nint h(int r) { BUG_ON(!r); return r; }\nint f(void)\n{\n        int r = READ_ONCE(x);\n        ${body}\n        return r;\n}`,
    state: 'int x, y, z;',
    threads: ['v = f();', 'w = READ_ONCE(y); smp_mb(); WRITE_ONCE(x, 1);'],
  };
}

const BOTH = { '0:v': 1, '1:w': 1 };

describe('a store depends on a load when the load decides whether it is done', () => {
  test.each([
    ['inside an if', 'if (r) WRITE_ONCE(y, 1);'],
    ['after an early return', 'if (!r) return r; WRITE_ONCE(y, 1);'],
    ['between a goto and its label', 'if (!r) goto out; WRITE_ONCE(y, 1);\nout:'],
    ['after a goto out of a nested if', 'if (!z) { if (!r) goto out; }  WRITE_ONCE(y, 1);\nout:'],
    ['under the second operand of &&', 'if (z == 0 && r) WRITE_ONCE(y, 1);'],
    ['under the first operand of a &&', 'if (r && READ_ONCE(z) == 0) WRITE_ONCE(y, 1);'],
    ['in a case', 'switch (r) { case 1: WRITE_ONCE(y, 1); break; default: break; }'],
    [
      'in a case that another falls into',
      'switch (r) { case 1: z = 3; case 2: WRITE_ONCE(y, 1); }',
    ],
    ['in the body of a loop', 'while (r) { WRITE_ONCE(y, 1); break; }'],
    ['after continue', 'do { if (!r) continue; WRITE_ONCE(y, 1); } while (0);'],
    ['after BUG_ON()', 'BUG_ON(r == 0); WRITE_ONCE(y, 1);'],
    ['after a BUG() inside a nested if', 'if (!z) { if (!r) BUG(); z = 2; } WRITE_ONCE(y, 1);'],
    ['after a BUG_ON() in a call', 'r = h(r); WRITE_ONCE(y, 1);'],
  ])('%s', (_, body) => {
    expect(observe(loadBuffering(body), BOTH)).toBe('Never');
    expect(observe(loadBuffering(body), { '1:w': 0 })).not.toBe('Never');
  });
});

describe('a store that is done either way depends on nothing', () => {
  test.each([
    ['after an if', 'if (r) z = 1; WRITE_ONCE(y, 1);'],
    ['after an if and its else', 'if (r) z = 1; else z = 2; WRITE_ONCE(y, 1);'],
    ['after the label that a goto leads to', 'if (r) goto out; z = 1;\nout:\n WRITE_ONCE(y, 1);'],
    ['after a switch', 'switch (r) { case 1: z = 1; break; default: z = 2; } WRITE_ONCE(y, 1);'],
    ['after a jump that is never taken', 'if (0) goto out; if (r) z = 1; WRITE_ONCE(y, 1);\nout:'],
    ['under a flag set in a branch', 'int t; if (r) t = 1; else t = 1; if (t) WRITE_ONCE(y, 1);'],
  ])('%s', (_, body) => {
    expect(observe(loadBuffering(body), BOTH)).toBe('Sometimes');
  });

  test('after a call whose branches return', () => {
    const scene = loadBuffering('g(r); WRITE_ONCE(y, 1);');
    const called = 'int z; int g(int r) { if (r) return 1; z = 1; return 2; }\n';
    expect(observe({ ...scene, source: called + scene.source }, BOTH)).toBe('Sometimes');
  });
});

describe('a value computed from a load depends on it', () => {
  test.each([
    ['arithmetic', 'WRITE_ONCE(y, r + 1 - 1);'],
    ['not not', 'WRITE_ONCE(y, !!r);'],
    ['xor with itself', 'WRITE_ONCE(y, 1 + (r ^ r));'],
    ['through a local', 'int a = r; int b = a; WRITE_ONCE(y, b);'],
    ['through a local struct', 'struct { int m; } s; s.m = r; WRITE_ONCE(y, s.m);'],
    ['through a pointer to a local', 'int a = 0; int *p = &a; *p = r; WRITE_ONCE(y, a);'],
    ['chosen by an if', 'int a = 5; if (z == 0) a = r; WRITE_ONCE(y, a);'],
  ])('%s', (_, body) => {
    expect(observe(loadBuffering(body), BOTH)).toBe('Never');
  });
});

describe('loops', () => {
  const counting = (loop: string, unroll = 2): Scene => ({
    source: `int x; int f(void) { int i, n = 0; ${loop} return n; }`,
    state: 'int x;',
    threads: ['v = f();', 'WRITE_ONCE(x, 1);'],
    unroll,
  });

  test.each([
    ['for (i = 0; i < 5; i++) n += i;', 10],
    ['for (i = 0; i < 5; i++) { if (i == 1) continue; if (i == 4) break; n += i; }', 5],
    ['i = 3; while (i--) n++;', 3],
    ['i = 3; do n++; while (--i);', 3],
    ['i = 0;\nagain:\n n++; if (++i < 2) goto again;', 2],
  ])('with known rounds are followed to their end: %s', (loop, result) => {
    expect(observe(counting(loop), { '0:v': result })).toBe('Always');
  });

  test('with unknown rounds end at the bound, which is no answer', () => {
    const waiting = 'while (!READ_ONCE(x)) n++;';
    expect(observe(counting(waiting), { '0:v': 2 })).toBe('Sometimes');
    const beyond = outcomeOf(counting(waiting), { '0:v': 3 });
    expect(beyond.observation).toBeUndefined();
    expect(beyond.unknown?.reason).toMatch(/rounds/);
    expect(observe(counting(waiting, 3), { '0:v': 3 })).toBe('Sometimes');
  });
});

describe('expressions with branches in them', () => {
  const value = (expression: string): Scene => ({
    source: `int x; int one(void) { return 1; } int f(void) { int r = READ_ONCE(x); return ${expression}; }`,
    state: 'int x = 4;',
    threads: ['v = f();', 'WRITE_ONCE(x, 4);'],
  });
  test.each([
    ['r ? 10 : 20', 10],
    ['r ?: 20', 4],
    ['r && one()', 1],
    ['!r || READ_ONCE(x) == 5', 0],
    ['({ int t = r; t * 2; })', 8],
    ['(r, 3)', 3],
    ['~r & 7', 3],
    ['-r', -4],
    ['r << 2 | r >> 1', 18],
  ])('%s', (expression, result) => {
    expect(observe(value(expression), { '0:v': result })).toBe('Always');
  });
});

describe('a thread that halts', () => {
  const halting = (halt: string): Scene => ({
    source: `int x, y; int f(void) { WRITE_ONCE(x, 1); ${halt} WRITE_ONCE(y, 1); return 5; }`,
    state: 'int x, y;',
    threads: ['before = 3; v = f();', 'w = READ_ONCE(x);'],
    observed: ['x', 'y'],
  });

  test.each(['BUG();', 'BUG_ON(READ_ONCE(x));'])(
    'has done what stands before, and nothing else: %s',
    (halt) => {
      expect(observe(halting(halt), { x: 1, y: 0 })).toBe('Always');
      expect(observe(halting(halt), { '1:w': 1 })).toBe('Sometimes');
    },
  );

  test('leaves variables without a value that it did not come to assign', () => {
    expect(observe(halting('BUG();'), { '0:before': 3 })).toBe('Always');
    for (const value of [0, 5]) expect(observe(halting('BUG();'), { '0:v': value })).toBe('Never');
  });

  test('on one path only goes on on the other', () => {
    const scene = halting('BUG_ON(READ_ONCE(z)); z = 2;');
    const other = { ...scene, source: `int z; ${scene.source}`, state: 'int x, y, z;' };
    const both = { ...other, threads: [...other.threads, 'WRITE_ONCE(z, 1);'] };
    expect(observe(both, { y: 1, '0:v': 5 })).toBe('Sometimes');
    expect(observe(both, { y: 0, '0:before': 3 })).toBe('Sometimes');
    expect(observe(both, { y: 1, '0:before': 0 })).toBe('Never');
    expect(observe(both, { y: 0, '0:v': 5 })).toBe('Never');
  });
});

test('assume() drops the executions in which it fails, and orders nothing', () => {
  const scene = loadBuffering('assume(r == 1); WRITE_ONCE(y, 1);');
  expect(observe(scene, BOTH)).toBe('Sometimes');
  expect(observe(scene, { '0:v': 0 })).toBe('Never');
});

describe('a thread that jumps back', () => {
  const waiting = (body: string): Scene => ({
    source: `int x, y, l; int f(void) { ${body} }`,
    state: 'int x, y, l;',
    threads: ['v = f();', 'WRITE_ONCE(x, 1); smp_wmb(); WRITE_ONCE(y, 1); WRITE_ONCE(y, 2);'],
  });

  test.each([
    'again: if (!READ_ONCE(y)) goto again; smp_rmb(); return READ_ONCE(x);',
    'int v; again: v = READ_ONCE(y); if (v == 0) { cpu_relax(); goto again; } smp_rmb(); return READ_ONCE(x);',
    'again: if (cmpxchg(&y, 2, 3) != 2) goto again; return READ_ONCE(x);',
  ])('only to wait needs no bound: %s', (body) => {
    expect(observe(waiting(body), { '0:v': 1 })).toBe('Always');
  });

  test.each([
    'int n = 0; again: n++; if (!READ_ONCE(y)) goto again; return n;',
    'again: xchg(&l, READ_ONCE(l) + 1); if (!READ_ONCE(y)) goto again; return READ_ONCE(l);',
  ])('with something done meanwhile does: %s', (body) => {
    expect(observe(waiting(body), { '0:v': 2 })).toBe('Sometimes');
    expect(outcomeOf(waiting(body), { '0:v': 9 }).unknown?.reason).toMatch(/jump back/);
  });

  test('for ever has done what stands before', () => {
    const body =
      'WRITE_ONCE(x, 5); for (;;) { again: if (READ_ONCE(l)) goto again; else goto again; } return 1;';
    expect(observe({ ...waiting(body), observed: ['x'] }, { x: 5 })).toBe('Sometimes');
  });
});

describe('a thread that waits is no longer idle where a round does something', () => {
  /** y is seen at 1 twice, with a 0 in between: two rounds have written it. */
  const twice = (loop: string): Scene => ({
    source: `int x, y;\nvoid f(void) { ${loop} }`,
    state: 'int x, y; spinlock_t l;',
    threads: [
      'f();',
      'v = READ_ONCE(y); WRITE_ONCE(y, 0); smp_mb(); w = READ_ONCE(y); WRITE_ONCE(x, 1);',
    ],
  });

  test.each([
    ['writes', 'do { WRITE_ONCE(y, 1); } while (!READ_ONCE(x));'],
    ['exchanges', 'do { xchg(&y, 1); } while (!READ_ONCE(x));'],
    ['may set', 'do { cmpxchg(&y, 0, 1); } while (!READ_ONCE(x));'],
  ])('that %s', (_, loop) => {
    expect(observe(twice(loop), { '1:v': 1, '1:w': 1 })).toBe('Sometimes');
  });

  test('but a round that only fails to set does nothing', () => {
    const loop = 'if (cmpxchg(&y, 0, 1) == 0) while (!READ_ONCE(x)) cmpxchg(&y, 2, 1);';
    expect(observe(twice(loop), { '1:v': 1, '1:w': 1 })).toBe('Never');
  });

  test('nor does one that finds a lock of a bit taken', () => {
    const loop =
      'if (!test_and_set_bit_lock(3, &z)) while (!READ_ONCE(x)) test_and_set_bit_lock(3, &z);';
    const scene = { ...twice(loop), state: 'int x, y; unsigned long z;' };
    expect(observe(scene, { '1:v': 1 })).toBe('Never');
  });

  test('also where it leaves the value that it found: it hides from whom that came', () => {
    const scene: Scene = {
      source:
        'int x, y; void f(void) { while (READ_ONCE(y) != 2) ; while (xchg_relaxed(&y, 2)) ; }\n' +
        'void g(void) { WRITE_ONCE(x, 1); smp_store_release(&y, 2); }',
      state: 'int x, y;',
      threads: ['f();', 'g();', 'v = smp_load_acquire(&y); w = READ_ONCE(x); WRITE_ONCE(y, 0);'],
    };
    expect(observe(scene, { '2:v': 2, '2:w': 0 })).toBe('Sometimes');
  });
});

test('what one path was decided by is not asked of a path that never came to it', () => {
  const scene: Scene = {
    source:
      'int x, y;\nint ready(int s)\n{\n  if (s == 5) return 0;\n  if (READ_ONCE(y) == 1) return 0;\n  return 1;\n}',
    state: 'int x, y;',
    threads: [
      's = READ_ONCE(x); v = 2; if (ready(s)) v = 3;',
      'WRITE_ONCE(x, 5); WRITE_ONCE(y, 1);',
    ],
  };
  expect(observe(scene, { '0:s': 5, '0:v': 3 })).toBe('Never');
  expect(observe(scene, { '0:s': 5, '0:v': 2 })).toBe('Sometimes');
  expect(observe(scene, { '0:s': 0, '0:v': 3 })).toBe('Sometimes');
});
