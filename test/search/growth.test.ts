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
