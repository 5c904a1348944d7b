/** What grows with the number of threads or accesses that do the same: the answer comes all the same. */

import { describe, expect, test } from 'vitest';
import { ask, litmus } from '../memory-model/support/check-litmus.ts';

describe('one thread that changes one location again and again', () => {
  test.each([40, 200])('%i times', (times) => {
    const body = `int r0; ${'r0 = atomic_inc_return(a);'.repeat(times)}`;
    const condition = `exists (0:r0=${times} /\\ a=${times})`;
    expect(ask(litmus([body], condition))).toMatchObject({ positive: 1, negative: 0 });
  });

  test('while another one looks', () => {
    const bodies = ['atomic_inc(a);'.repeat(40), 'int r0; r0 = atomic_read(a);'];
    const outcome = ask(litmus(bodies, 'exists (1:r0=40)'));
    expect(outcome).toMatchObject({ positive: 1, negative: 40 });
    expect(outcome.states).toHaveLength(41);
  });

  test('while another one changes it once', () => {
    const bodies = ['atomic_inc(a);'.repeat(40), 'int r0; r0 = atomic_xchg(a, 1000);'];
    const outcome = ask(litmus(bodies, 'exists (1:r0=40 /\\ a=1000)'));
    expect(outcome).toMatchObject({ positive: 1, negative: 40 });
    expect(outcome.states).toHaveLength(41);
  });
});

describe('one thread that looks at a location again and again', () => {
  const writer = 'WRITE_ONCE(*x, 1); WRITE_ONCE(*x, 3);';
  const looks = (size: number, look: (at: number) => string) =>
    litmus([writer, copies(size, look).join(' ')], 'exists (x=1)');

  // In as many ways as two changes fall between and around the reads; herd7 7.58 counts the first two.
  test.each([
    [3, 28],
    [4, 45],
    [6, 91],
  ])('%i times twice, and decides by whether it has changed', (size, count) => {
    const look = (at: number) =>
      `int r${at}; int s${at}; r${at} = READ_ONCE(*x); s${at} = READ_ONCE(*x); if (r${at} - s${at}) { WRITE_ONCE(*z, 1); }`;
    expect(ask(looks(size, look), { budget: { steps: 10_000 } })).toMatchObject({
      positive: 0,
      negative: count,
    });
  });

  test('in conditions of two reads that have no order', () => {
    const look = () => 'if (READ_ONCE(*x) - READ_ONCE(*x)) { WRITE_ONCE(*z, 1); }';
    expect(ask(looks(5, look))).toMatchObject({ positive: 0, negative: 131 });
  });
});

/** A thread body, so many times. */
function copies(size: number, body: (thread: number) => string): readonly string[] {
  return Array.from({ length: size }, (_, thread) => body(thread));
}

describe('threads that write one location', () => {
  test.each([
    [8, 5040],
    [12, 39916800],
  ])('%i of them, in all orders', (size, orders) => {
    const bodies = copies(size, (thread) => `WRITE_ONCE(*x, ${thread + 1});`);
    const outcome = ask(litmus(bodies, 'exists (x=1)'));
    expect(outcome).toMatchObject({ positive: orders, negative: orders * (size - 1) });
    expect(outcome.states).toHaveLength(size);
    expect(outcome.unknown).toBeUndefined();
  });

  test('nobody comes in between a read-modify-write, as herd7 counts', () => {
    const bodies = [
      'int r0; r0 = atomic_xchg_relaxed(a, 1);',
      'atomic_set(a, 2);',
      'atomic_set(a, 3);',
    ];
    const outcome = ask(litmus(bodies, 'exists (0:r0=2 /\\ a=1)'));
    expect(outcome).toMatchObject({ positive: 1, negative: 5 });
  });

  test('a witness has them in one of the orders', () => {
    const bodies = copies(6, (thread) => `WRITE_ONCE(*x, ${thread + 1});`);
    const { witness } = ask(litmus(bodies, 'exists (x=3)'), { witness: true });
    expect(witness?.final).toBe('[x]=3;');
    expect(witness?.edges.filter(({ relation }) => relation === 'co')).toHaveLength(6);
  });
});

/** Threads that do the same, and how many executions herd7 finds for two, three and four of them; `all` says how many
 *  there are for any number. */
const KINDS = {
  'take a lock': {
    body: 'spin_lock(s); spin_unlock(s);',
    herd: [2, 6, 24],
    all: (size: number) => factorial(size),
    steps: 1_000,
  },
  'add under a lock': {
    body: 'int r0; spin_lock(s); r0 = READ_ONCE(*x); WRITE_ONCE(*x, r0 + 1); spin_unlock(s);',
    herd: [2, 6, 24],
    all: (size: number) => factorial(size),
    steps: 10_000,
  },
  'write the same': {
    body: 'WRITE_ONCE(*x, 1);',
    herd: [2, 6, 24],
    all: (size: number) => factorial(size),
    steps: 10,
  },
  'add by a read-modify-write': {
    body: 'int r0; r0 = atomic_inc_return(a);',
    herd: [2, 6, 24],
    all: (size: number) => factorial(size),
    steps: 4_000,
  },
  'exchange without an order': {
    body: 'int r0; r0 = atomic_xchg_relaxed(a, 1);',
    herd: [2, 6, 24],
    all: (size: number) => factorial(size),
    steps: 10_000,
  },
  'add by plain accesses': {
    body: '*x = *x + 1;',
    herd: [4, 36, 576],
    all: (size: number) => factorial(size) ** 2,
    steps: 10_000,
  },
  'add by marked accesses': {
    body: 'int r0; r0 = READ_ONCE(*x); WRITE_ONCE(*x, r0 + 1);',
    herd: [4, 36, 576],
    all: (size: number) => factorial(size) ** 2,
    steps: 30_000,
  },
  'compare and exchange': {
    body: 'int r0; r0 = atomic_cmpxchg(a, 0, 1);',
    herd: [2, 3, 4],
    all: (size: number) => size,
    steps: 100,
  },
};

function factorial(size: number): number {
  return size < 2 ? 1 : size * factorial(size - 1);
}

describe.each(Object.entries(KINDS))('threads that all %s', (_, { body, herd, all, steps }) => {
  const same = (size: number, condition: string) =>
    litmus(
      copies(size, () => body),
      condition,
    );

  test.each([2, 3, 4])('%i of them, as herd7 counts', (size) => {
    const { positive, negative } = ask(same(size, 'exists (x=1 /\\ a=1)'));
    expect(positive + negative).toBe(herd[size - 2]);
  });

  test.each(['exists', '~exists', 'forall'])(
    'eight of them in a few steps, with %s',
    (quantifier) => {
      const outcome = ask(same(8, `${quantifier} (x=1 \\/ a=1)`), { budget: { steps } });
      expect(outcome.unknown).toBeUndefined();
      expect(outcome.positive + outcome.negative).toBe(all(8));
    },
  );

  test('twelve of them have an answer or none, after so many steps', () => {
    const { positive, negative, unknown } = ask(same(12, 'exists (x=1)'), {
      budget: { steps: 2_000 },
    });
    if (unknown === undefined) expect(positive + negative).toBe(all(12));
    else expect(unknown.reason).toMatch(/^more than \d+ (steps of the search|executions)$/);
  });
});

describe('threads that each write a value of their own', () => {
  const writers = (size: number, body: (thread: number) => string) =>
    litmus(copies(size, body), 'exists (x=2)');

  // herd7 7.58 counts the first two.
  test.each([
    [3, 2, 4],
    [4, 6, 18],
    [18, factorial(17), 17 * factorial(17)],
  ])('%i of them once', (size, positive, negative) => {
    const outcome = ask(
      writers(size, (thread) => `WRITE_ONCE(*x, ${thread + 1});`),
      { budget: { steps: 100 } },
    );
    expect(outcome).toMatchObject({ positive, negative });
    expect(outcome.states).toHaveLength(size);
    expect(outcome.unknown).toBeUndefined();
  });

  test('twenty-four of them, more often than can be counted', () => {
    const outcome = ask(
      writers(24, (thread) => `WRITE_ONCE(*x, ${thread + 1});`),
      { budget: { steps: 500 } },
    );
    expect(outcome.observation).toBe('Sometimes');
    expect(outcome.states).toHaveLength(24);
    expect(outcome.unknown?.reason).toBe('more than 9007199254740991 executions');
  });

  // herd7 7.58 counts the same: the last of two writes is one's own last one, or another thread's.
  test.each([
    [
      'twice, the last one alike',
      3,
      (thread: number) => `WRITE_ONCE(*x, ${thread + 1}); WRITE_ONCE(*x, 2);`,
      90,
      0,
    ],
    [
      'twice, the last one its own',
      3,
      (thread: number) => `WRITE_ONCE(*x, 9); WRITE_ONCE(*x, ${thread + 1});`,
      30,
      60,
    ],
    [
      'once or twice',
      3,
      (thread: number) =>
        `WRITE_ONCE(*x, ${thread + 1});${thread === 2 ? 'WRITE_ONCE(*x, 2);' : ''}`,
      9,
      3,
    ],
  ] as const)('%s', (_, size, body, positive, negative) => {
    expect(ask(writers(size, body))).toMatchObject({ positive, negative });
  });
});

describe('eight threads of each of which something is asked', () => {
  const registers = copies(8, (thread) => `${thread}:r0;`).join(' ');

  test('take turns in all orders', () => {
    const bodies = copies(8, () => 'int r0; r0 = atomic_inc_return(a);');
    const asked = `locations [${registers}]\nexists (0:r0=1 /\\ 1:r0=2 /\\ 7:r0=3)`;
    const outcome = ask(litmus(bodies, asked), { budget: { steps: 6_000 } });
    expect(outcome).toMatchObject({ positive: 120, negative: 40200 });
    expect(outcome.states).toHaveLength(40320);
    expect(outcome.unknown).toBeUndefined();
  });

  test('one of them wins', () => {
    const bodies = copies(8, () => 'int r0; r0 = atomic_xchg(a, 1);');
    const outcome = ask(litmus(bodies, `locations [${registers}]\nforall (0:r0=0)`));
    expect(outcome).toMatchObject({ positive: 5040, negative: 35280, ok: false });
    expect(outcome.states).toHaveLength(8);
  });
});

describe('threads that read, then compare and exchange', () => {
  const body = 'int r0; int r1; r0 = atomic_read(a); r1 = atomic_cmpxchg(a, r0, r0 + 1);';
  const adding = (size: number) =>
    litmus(
      copies(size, () => body),
      `exists (a=${size})`,
    );

  test.each([
    [2, 4],
    [3, 27],
    [4, 280],
  ])('%i of them, as herd7 counts', (size, count) => {
    const { positive, negative } = ask(adding(size));
    expect(positive + negative).toBe(count);
  });

  test('eight of them in a few steps', () => {
    const outcome = ask(adding(8), { budget: { steps: 15_000 } });
    expect(outcome).toMatchObject({ positive: 40320, observation: 'Sometimes' });
    expect(outcome.unknown).toBeUndefined();
  });
});

describe('what has no answer', () => {
  const lockers = litmus(
    copies(
      12,
      (thread) =>
        `spin_lock(s); WRITE_ONCE(*x, ${thread}); spin_unlock(s); spin_lock(s); spin_unlock(s);`,
    ),
    'exists (x=99)',
  );

  test('is unknown after so many steps, always the same', () => {
    const outcome = ask(lockers, { budget: { steps: 500 } });
    expect(outcome.unknown?.reason).toBe('more than 500 steps of the search');
    expect(outcome.observation).toBeUndefined();
    expect(ask(lockers, { budget: { steps: 500 } })).toEqual(outcome);
  });

  test('more executions than a number counts exactly', () => {
    const bodies = copies(19, () => 'WRITE_ONCE(*x, 1);');
    expect(ask(litmus(bodies, 'exists (x=1)')).unknown?.reason).toMatch(/executions$/);
  });
});

test('a condition of ten thousand terms', () => {
  const terms = Array.from({ length: 10_000 }, (_, at) => `x=${at + 2}`).join(' \\/ ');
  const bodies = ['WRITE_ONCE(*x, 1);'];
  expect(ask(litmus(bodies, `~exists (${terms})`))).toMatchObject({ ok: true, negative: 1 });
});

describe('executions that are too many to count', () => {
  const increments = (condition: string) =>
    litmus(
      copies(8, () => 'int r0; r0 = READ_ONCE(*x); WRITE_ONCE(*x, r0 + 1);'),
      condition,
    );
  const inTurn = copies(8, (thread) => `${thread}:r0=${thread}`).join(' /\\ ');
  const few = { budget: { steps: 8_000 } };

  test.each(['exists', '~exists'] as const)(
    '%s: the one that is asked for is found',
    (quantifier) => {
      const outcome = ask(increments(`${quantifier} (x=8 /\\ ${inTurn})`), few);
      expect(outcome).toMatchObject({ observation: 'Sometimes', ok: quantifier === 'exists' });
      expect(outcome.unknown?.reason).toBe('more than 8000 steps of the search');
    },
  );

  test('forall: the one that speaks against it is found', () => {
    const outcome = ask(increments(`forall (~(x=8 /\\ ${inTurn}))`), few);
    expect(outcome).toMatchObject({ observation: 'Sometimes', ok: false });
  });

  test('that there is none is said where that takes fewer steps', () => {
    const outcome = ask(increments(`exists (x=8 /\\ ${inTurn} /\\ 0:r0=1)`), few);
    expect(outcome).toMatchObject({ observation: 'Never', ok: false, positive: 0 });
    expect(outcome.unknown).toBeDefined();
  });

  test('what nothing is found of stays unknown', () => {
    const outcome = ask(increments(`exists (x=8 /\\ ${inTurn})`), { budget: { steps: 20 } });
    expect(outcome.observation).toBeUndefined();
  });
});

test('a path of a thread costs steps by its length', () => {
  const names = ['x', 'y', 'z'];
  const values = [1, 2, 3, 4, 5, 6];
  const reader = names.map(
    (name, at) => `int r${at} = READ_ONCE(*${name}); if (r${at} == 9) { WRITE_ONCE(*x, 9); }`,
  );
  const writers = names.map((name) => values.map((value) => `WRITE_ONCE(*${name}, ${value});`));
  const bodies = [reader, ...writers].map((statements) => statements.join(' '));
  const text = litmus(bodies, 'exists (x=9)');
  expect(ask(text).unknown).toBeUndefined();
  expect(ask(text, { budget: { steps: 1000, stepsOfNode: 0 } }).unknown).toBeUndefined();
  const { unknown } = ask(text, { budget: { steps: 1000 } });
  expect(unknown?.reason).toBe('more than 1000 steps of the search');
});

test('a program that computes with too many pairs of values is not answered, but at once', () => {
  const writes = (place: string) =>
    Array.from({ length: 300 }, (_, at) => `WRITE_ONCE(*${place}, ${at});`).join(' ');
  const compared = Array.from({ length: 60 }, (_, at) => `int e${at}; e${at} = r0 == r1;`).join(
    ' ',
  );
  const reader = `int r0; int r1; r0 = READ_ONCE(*x); r1 = READ_ONCE(*y); ${compared}`;
  const outcome = ask(litmus([writes('x'), writes('y'), reader], 'exists (2:e0=1)'));
  expect(outcome.unknown?.reason).toMatch(/more values than are pursued/);
});

test('of more threads than 64 nothing is asked', () => {
  const outcome = ask(litmus(Array(300).fill('*x = *x + 1;'), 'exists (x=1)'));
  expect(outcome).toMatchObject({ positive: 0, negative: 0 });
  expect(outcome.unknown?.reason).toBe('more than 64 threads');
});

describe('what doubles with each line of a thread has no answer, but at once', () => {
  const nested = (loop: string) => `${loop.repeat(30)} WRITE_ONCE(*x, 2); ${'}'.repeat(30)}`;

  test.each([
    ['a value', `int r; r = READ_ONCE(*x); ${'r = r * r + 3;'.repeat(60)}`],
    ['loops in loops on what is known', `int r; r = 1; ${nested('while (r) {')}`],
    ['loops in loops on what is read', nested('while (READ_ONCE(*x)) {')],
  ])('%s', (_, body) => {
    const outcome = ask(litmus([body, 'WRITE_ONCE(*x, 1);'], '~exists (x=77)'));
    expect(outcome.observation).toBeUndefined();
    expect(outcome.unknown?.reason).toMatch(/more/);
  });
});

test('read-side sections in one another are matched in one go', () => {
  const body = `${'rcu_read_lock();'.repeat(500)} *x = 1; ${'rcu_read_unlock();'.repeat(500)}`;
  const outcome = ask(litmus([body], 'exists (x=1)'));
  expect(outcome).toMatchObject({ positive: 1, negative: 0, flags: [] });
});
