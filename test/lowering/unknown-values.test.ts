/** A value that is not known is nothing else: no 0, no branch that is taken, no register that a formula reads. */

import { describe, expect, test } from 'vitest';
import { lowerScene, observe, outcomeOf, type Scene } from './support/lower-c.ts';

function scene(body: string, source = ''): Scene {
  return {
    source: `int x, y; ${source}\nlong f(void) { ${body} }`,
    threads: ['v = f();', 'WRITE_ONCE(x, 1);'],
  };
}

describe('nothing is said of a register that has no value', () => {
  test.each([
    ['what C divides by zero', 'int a = 0; return 1 / a;'],
    ['a shift by more than the width', 'int a = 40; return 1 << a;'],
    ['a shift by less than 0', 'int a = -1; return 1 >> a;'],
    ['a shift of what was read by the width', 'return READ_ONCE(x) << 32;'],
    ['a shift of what was read by less than 0', 'int a = -1; return READ_ONCE(x) >> a;'],
    ['what was read by zero', 'return READ_ONCE(x) / 0;'],
    ['a remainder of what was read', 'int a = READ_ONCE(x); a %= 0; return a;'],
    ['a remainder', 'return 5 % (y * 2);'],
    ['a variable that is not set', 'long a; return a;'],
    ['computed from one', 'long a; return a * 0 + 1;'],
    ['a name that is defined nowhere', 'return UNKNOWN_CONSTANT;'],
    ['compared with one', 'return y == UNKNOWN_CONSTANT;'],
    ['the size of what is not known', 'struct strange *p; return sizeof(*p);'],
    ['an enumerator without a value', 'enum { A = UNKNOWN_CONSTANT }; return A;'],
    ['an element that is given no value', 'int a[2]; a[0] = 1; return a[1];'],
    ['no return', ''],
    ['a branch', 'int a; if (a) return 1; return 0;'],
    ['the condition of ?:', 'int a; return a ? 1 : 2;'],
    ['one side of &&', 'int a; return a && y;'],
    ['a loop', 'int a; while (a) ; return 0;'],
    ['a case', 'int a; switch (a) { case 0: return 1; } return 2;'],
    ['behind a pointer that is not set', 'int *p; return *p;'],
    ['a null pointer', 'int *p = 0; return *p;'],
    [
      'a struct that a block only declares',
      'struct s { char a; }; { struct s; return sizeof(struct s); }',
    ],
    ['an address in an int', 'return (int)&x;'],
    ['a member behind "->" of what is no pointer', 'struct s { int a; } t = { 1 }; return t->a;'],
    ['a member behind "." of a pointer', 'struct s { int a; } t = { 1 }; return (&t).a;'],
  ])('%s', (_, body) => {
    for (const value of [0, 1, 2]) {
      const { observation, unknown } = outcomeOf(scene(body), { '0:v': value });
      expect([observation, unknown !== undefined]).toEqual([undefined, true]);
    }
  });

  test('but of others', () => {
    const { threads, ...rest } = scene('int a; return a;');
    const both = { ...rest, threads: ['v = f(); w = 5;', threads[1]!] };
    expect(observe(both, { '0:w': 5 })).toBe('Always');
    expect(observe(both, { '0:w': 4 })).toBe('Never');
  });
});

describe('arithmetic on what may be an address', () => {
  const tagged = (body: string): Scene => ({
    source: `int x; void *p; int f(void) { unsigned long w = (unsigned long)READ_ONCE(p); ${body} }`,
    threads: ['v = f();', 'WRITE_ONCE(p, &x);'],
  });

  test.each([
    ['in a branch', 'if (w & 1) return 1; return 0;'],
    ['in a result', 'return w & 1;'],
    ['in a conversion', 'return (int)w;'],
    ['in an order of unrelated objects', 'return w < (unsigned long)&p;'],
    ['in a branch of &&', 'if (w && (w & 1)) return 1; return 0;'],
  ])('ends the executions in which it is one: %s', (_, body) => {
    const { observation, unknown } = outcomeOf(tagged(body), { '0:v': 2 });
    expect([observation, unknown !== undefined]).toEqual([undefined, true]);
  });

  test('leaves the others', () => {
    const found = outcomeOf(tagged('return w & 1;'), { '0:v': 0 });
    expect(found.positive).toBeGreaterThan(0);
  });

  test('is none where the address is only compared or handed on', () => {
    const scene = tagged('void *q = (void *)w; return q == &x;');
    expect(observe(scene, { '0:v': 1 })).toBe('Sometimes');
    expect(observe(scene, { '0:v': 2 })).toBe('Never');
  });
});

test('the second operand of && matters only where the first holds', () => {
  const set = scene('if (READ_ONCE(x) && UNKNOWN_CONSTANT) return 1; return 2;');
  expect(outcomeOf(set, { '0:v': 2 }).positive).toBeGreaterThan(0);
  expect(outcomeOf(set, { '0:v': 1 }).observation).toBeUndefined();
});

describe('a variable that is set on one path only', () => {
  const body = (rest: string) => `int a; int r = READ_ONCE(x); if (r) a = 5; ${rest}`;

  test('has its value there', () => {
    const set = scene(body('if (r) return a; return 7;'));
    expect(observe(set, { '0:v': 5 })).toBe('Sometimes');
    expect(observe(set, { '0:v': 7 })).toBe('Sometimes');
    expect(observe(set, { '0:v': 0 })).toBe('Never');
  });

  test('is not known where the paths have joined', () => {
    const set = scene(body('return a;'));
    const { observation, unknown } = outcomeOf(set, { '0:v': 0 });
    expect([observation, unknown?.reason]).toEqual([undefined, expect.stringMatching(/not set/)]);
    expect(outcomeOf(set, { '0:v': 5 }).positive).toBeGreaterThan(0);
  });

  test('is not what a branch goes by', () => {
    const set = scene(body('if (a == 5) return 1; return 2;'));
    expect(outcomeOf(set, { '0:v': 2 }).observation).toBeUndefined();
    expect(outcomeOf(set, { '0:v': 1 }).positive).toBeGreaterThan(0);
  });

  test('matters to nobody who does not ask', () => {
    const set = scene(body('return 3;'));
    expect(observe(set, { '0:v': 3 })).toBe('Always');
  });

  test('is not stored', () => {
    const set = scene(body('WRITE_ONCE(y, a); return 3;'));
    const stored = { ...set, threads: [...set.threads, 'w = READ_ONCE(y);'] };
    expect(outcomeOf(stored, { '2:w': 6 }).observation).toBeUndefined();
    expect(outcomeOf(stored, { '2:w': 5 }).positive).toBeGreaterThan(0);
  });
});

test('a divisor that another thread makes 0 ends the executions in which it is', () => {
  const scene: Scene = {
    source: 'int x = 2; int f(void) { return 10 / READ_ONCE(x); }',
    threads: ['v = f();', 'WRITE_ONCE(x, 0); WRITE_ONCE(x, 1);'],
  };
  expect(observe(scene, { '0:v': 5 })).toBe('Sometimes');
  const other = outcomeOf(scene, { '0:v': 0 });
  expect(other.observation).toBeUndefined();
  expect(other.unknown?.reason).toMatch(/division by zero/);
});

test('the size of what is read as a function type is not known, though GNU C has one of functions', () => {
  const source =
    'static int add(int x) { return x; } long f(void) { return sizeof(add(({ int q = 1; q; }))); }';
  const { unknown } = outcomeOf({ source, threads: ['r = f();'] }, { '0:r': 1 });
  expect(unknown?.reason).toContain('the value of a size');
});

test.each([
  'int z[sizeof(z)];',
  'typedef int z[sizeof(z)];',
  'typedef int a[sizeof(z)], z[sizeof(a)];',
])('a length that asks for itself is not known, as it is no C: %s', (declared) => {
  const source = `${declared} long f(void) { return sizeof(z); }`;
  const { unknown } = outcomeOf({ source, threads: ['r = f();'] }, { '0:r': 1 });
  expect(unknown?.reason).toContain('the value of a size');
});

describe('what a primitive does that is given too much or too little', () => {
  test.each([
    ['atomic_inc(&count, 2);', 'atomic_inc() takes 1 argument, not 2'],
    ['spin_lock();', 'spin_lock() takes 1 argument, not 0'],
    ['WRITE_ONCE(x);', 'WRITE_ONCE() takes 2 arguments, not 1'],
    ['smp_mb(1);', 'smp_mb() takes 0 arguments, not 1'],
  ])('%s', (statement, reason) => {
    const { notModelled } = lowerScene(
      scene(`${statement} return READ_ONCE(x);`, 'atomic_t count;'),
    );
    expect(notModelled.map(({ message }) => message)).toEqual([reason]);
  });
});

test('the words of comments around a half-typed statement are no misspelt keywords', () => {
  const { notModelled } = lowerScene(
    scene(
      '/* This has no effect; until the end. It has no effect. */ int a = st\n\nprintk("%d\\n", a); /* no more */ return a;',
    ),
  );
  expect(notModelled[0]?.message).toBe('C that cannot be read');
});

test('a misspelt keyword is no annotation', () => {
  const { notModelled } = lowerScene(scene('unsinged int a = 1; return a;'));
  expect(notModelled[0]?.message).toBe('C that cannot be read: unsinged; unsigned?');
});
