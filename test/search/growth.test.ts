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

  test('a witness has them in one of the orders', () => {
    const bodies = copies(6, (thread) => `WRITE_ONCE(*x, ${thread + 1});`);
    const { witness } = ask(litmus(bodies, 'exists (x=3)'), { witness: true });
    expect(witness?.final).toBe('[x]=3;');
    expect(witness?.edges.filter(({ relation }) => relation === 'co')).toHaveLength(6);
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
