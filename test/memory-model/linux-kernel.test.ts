/** The model on small programs whose answers follow from the kernel's documents (memory-barriers.txt,
 *  tools/memory-model/Documentation), and the parts of an outcome. */

import { describe, expect, test } from 'vitest';
import type { Program, Statement } from '../../server/src/program/program.ts';
import { check } from '../../server/src/search/check.ts';
import { ask, litmus, observe, programOf } from './support/check-litmus.ts';

const PUBLISH = 'WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);';
const STALE = 'exists (1:r0=1 /\\ 1:r1=0)';

describe('message passing', () => {
  const reader = (between: string) =>
    `int r0; int r1; r0 = READ_ONCE(*y); ${between} r1 = READ_ONCE(*x);`;

  test('is forbidden with both barriers, and allowed without either', () => {
    expect(observe([PUBLISH, reader('smp_rmb();')], STALE)).toBe('Never');
    expect(observe([PUBLISH, reader('')], STALE)).toBe('Sometimes');
    expect(observe([PUBLISH.replace('smp_wmb();', ''), reader('smp_rmb();')], STALE)).toBe(
      'Sometimes',
    );
  });

  test('is forbidden with release and acquire', () => {
    const writer = 'WRITE_ONCE(*x, 1); smp_store_release(y, 1);';
    const acquiring = 'int r0; int r1; r0 = smp_load_acquire(y); r1 = READ_ONCE(*x);';
    expect(observe([writer, acquiring], STALE)).toBe('Never');
  });

  test('needs more than a control dependency on the side of the reads', () => {
    const branching = 'int r0; int r1; r0 = READ_ONCE(*y); if (r0) { r1 = READ_ONCE(*x); }';
    expect(observe([PUBLISH, branching], STALE)).toBe('Sometimes');
  });

  test('is kept by an address dependency, even one that cancels out', () => {
    const following = 'int r0; int r1; r0 = READ_ONCE(*y); r1 = READ_ONCE(*(x + (r0 ^ r0)));';
    expect(observe([PUBLISH, following], STALE)).toBe('Never');
  });

  test('through a lock needs the lock on both sides', () => {
    const locked = (body: string) => `spin_lock(s); ${body} spin_unlock(s);`;
    const plainWriter = 'WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1);';
    const reading = 'int r0; int r1; r0 = READ_ONCE(*y); r1 = READ_ONCE(*x);';
    expect(
      observe([locked(plainWriter), `int r0; int r1; ${locked(reading.slice(16))}`], STALE),
    ).toBe('Never');
    expect(observe([locked(plainWriter), reading], STALE)).toBe('Sometimes');
  });
});

describe('store buffering', () => {
  const side = (mine: string, other: string, between: string) =>
    `int r0; WRITE_ONCE(*${mine}, 1); ${between} r0 = READ_ONCE(*${other});`;
  const both = 'exists (0:r0=0 /\\ 1:r0=0)';

  test('needs a full barrier on both sides', () => {
    const [mb, wmb] = ['smp_mb();', 'smp_wmb();'];
    expect(observe([side('x', 'y', mb), side('y', 'x', mb)], both)).toBe('Never');
    expect(observe([side('x', 'y', mb), side('y', 'x', wmb)], both)).toBe('Sometimes');
  });

  test('is forbidden by a value-returning atomic, not by one that failed', () => {
    const atomic = (mine: string, other: string) => side(mine, other, `atomic_inc_return(a);`);
    expect(observe([atomic('x', 'y'), atomic('y', 'x')], both)).toBe('Never');
    const failing = (mine: string, other: string) => side(mine, other, `atomic_cmpxchg(a, 5, 6);`);
    expect(observe([failing('x', 'y'), failing('y', 'x')], both)).toBe('Sometimes');
  });

  test('smp_mb__before_atomic() orders only together with an atomic', () => {
    const with_ = (mine: string, other: string) =>
      side(mine, other, 'smp_mb__before_atomic(); atomic_inc(a);');
    const without = (mine: string, other: string) => side(mine, other, 'smp_mb__before_atomic();');
    expect(observe([with_('x', 'y'), with_('y', 'x')], both)).toBe('Never');
    expect(observe([without('x', 'y'), without('y', 'x')], both)).toBe('Sometimes');
  });
});

describe('RCU', () => {
  const writer = 'WRITE_ONCE(*x, 1); synchronize_rcu(); WRITE_ONCE(*y, 1);';

  test('a grace period waits for readers', () => {
    const reader =
      'int r0; int r1; rcu_read_lock(); r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); rcu_read_unlock();';
    expect(observe([writer, reader], STALE)).toBe('Never');
    expect(
      observe(
        [writer, reader.replace('rcu_read_lock();', '').replace('rcu_read_unlock();', '')],
        STALE,
      ),
    ).toBe('Sometimes');
  });

  test('synchronize_srcu() waits for readers of its own domain only', () => {
    const gp = 'WRITE_ONCE(*x, 1); synchronize_srcu(ss); WRITE_ONCE(*y, 1);';
    const reader = (domain: string) =>
      `int i; int r0; int r1; i = srcu_read_lock(${domain}); r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); srcu_read_unlock(${domain}, i);`;
    expect(observe([gp, reader('ss')], STALE)).toBe('Never');
    expect(observe([gp, reader('s')], STALE)).toBe('Sometimes');
  });

  test('waiting inside a reader is no execution at all', () => {
    const outcome = ask(
      litmus(['rcu_read_lock(); synchronize_rcu(); rcu_read_unlock();'], 'exists (x=0)'),
    );
    expect(outcome).toMatchObject({ positive: 0, negative: 0, observation: 'Never' });
  });
});

describe('flags', () => {
  test('two plain writes race', () => {
    expect(ask(litmus(['*x = 1;', '*x = 2;'], 'exists (x=1)')).flags).toEqual(['data-race']);
  });

  test('a plain write that a release publishes does not', () => {
    const writer = '*x = 1; smp_store_release(y, 1);';
    const reader = 'int r0; int r1; r0 = smp_load_acquire(y); if (r0) { r1 = *x; }';
    expect(ask(litmus([writer, reader], STALE))).toMatchObject({ flags: [], observation: 'Never' });
  });

  test('plain and marked writes to one location in a region are mixed', () => {
    expect(ask(litmus(['*x = 1; WRITE_ONCE(*x, 2);'], 'exists (x=2)')).flags).toEqual([
      'mixed-accesses',
    ]);
  });

  test('a reader that does not end is unbalanced', () => {
    expect(ask(litmus(['rcu_read_lock();'], 'exists (x=0)')).flags).toEqual([
      'unbalanced-rcu-locking',
    ]);
  });
});

describe('values', () => {
  test('a counter that two threads increment ends at two', () => {
    expect(ask(litmus(['atomic_inc(a);', 'atomic_inc(a);'], 'forall (a=2)')).ok).toBe(true);
  });

  test('pointers are followed to what they may point to', () => {
    const writer = 'WRITE_ONCE(*x, 1); rcu_assign_pointer(*p, x);';
    const reader = 'int *r0; int r1; r0 = rcu_dereference(*p); r1 = READ_ONCE(*r0);';
    const { states } = ask(litmus([writer, reader], 'exists (1:r0=x /\\ 1:r1=0)', 'p=z;'));
    expect(states).toEqual(['1:r0=x; 1:r1=1;', '1:r0=z; 1:r1=0;']);
  });

  test('a value may justify itself where only a hidden dependency would forbid it', () => {
    const hidden = 'int r1; r1 = 1; if (READ_ONCE(*x) == 0) { r1 = 0; } WRITE_ONCE(*y, r1);';
    expect(
      observe([hidden, 'int r2; r2 = READ_ONCE(*y); WRITE_ONCE(*x, r2);'], 'exists (0:r1=1)'),
    ).toBe('Sometimes');
  });

  test('a cycle of plain copies holds a value from nowhere, which differs from every number', () => {
    const copy = (from: string, to: string) => `int r0; r0 = *${from}; *${to} = r0;`;
    const { states, flags } = ask(litmus([copy('x', 'y'), copy('y', 'x')], 'exists (~0:r0=0)'));
    expect(states).toHaveLength(2);
    expect(flags).toEqual(['data-race']);
  });

  test('an access through what is no address leaves the answer open', () => {
    const { unknown, observation } = ask(
      litmus(['int *q; int r0; q = READ_ONCE(*p); r0 = READ_ONCE(*q);'], 'exists (0:r0=1)'),
    );
    expect(unknown?.reason).toBe('an access through 0, which is no address');
    expect(observation).toBeUndefined();
  });
});

describe('bounds', () => {
  test('a loop that may run longer makes "never" unknown', () => {
    const spin = 'int r0; r0 = READ_ONCE(*x); while (r0 == 0) { r0 = READ_ONCE(*x); }';
    const outcome = ask(litmus([spin, 'WRITE_ONCE(*x, 1);'], 'exists (0:r0=0)'));
    expect(outcome.unknown?.reason).toBe('the loop runs more than 2 times');
    expect(outcome.observation).toBeUndefined();
    expect(outcome.states).toEqual(['0:r0=1;']);
  });

  test('a budget of executions or events that is spent is said', () => {
    const text = litmus(['WRITE_ONCE(*x, 1);', 'int r0; r0 = READ_ONCE(*x);'], 'exists (1:r0=2)');
    expect(ask(text, { budget: { events: 1 } }).unknown?.reason).toBe(
      'an execution of more than 1 events',
    );
    expect(ask(text, { budget: { events: 1 } }).observation).toBeUndefined();
  });

  test('a stop that assumes something away drops its executions, one at a bound does not', () => {
    const program = programOf(
      litmus(
        ['int r0; r0 = READ_ONCE(*x); if (r0) { smp_mb(); }', 'WRITE_ONCE(*x, 1);'],
        'exists (0:r0=1)',
      ),
    );
    expect(check(withStop(program, 'discard'))).toMatchObject({
      observation: 'Never',
      positive: 0,
    });
    const bounded = check(withStop(program, 'bound'));
    expect(bounded.unknown?.reason).toBe('assumed');
    expect(bounded.observation).toBeUndefined();
  });
});

/** The program with a `stop` in place of what its first thread does in its `if`. */
function withStop(program: Program, why: 'discard' | 'bound'): Program {
  const stop = (at: Statement): Statement => ({
    kind: 'stop',
    why,
    reason: 'assumed',
    span: at.span,
  });
  return {
    ...program,
    threads: program.threads.map((thread) => ({
      ...thread,
      body: thread.body.map((statement) =>
        // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
        statement.kind === 'if' ? { ...statement, then: [stop(statement)] } : statement,
      ),
    })),
  };
}

describe('witnesses', () => {
  test('an allowed execution has its events with spans, rf and co', () => {
    const text = litmus(
      [PUBLISH, 'int r0; int r1; r0 = READ_ONCE(*y); r1 = READ_ONCE(*x);'],
      STALE,
    );
    const { witness } = ask(text, { witness: true });
    expect(witness?.final).toBe('1:r0=1; 1:r1=0;');
    expect(witness?.forbidden).toBeUndefined();
    const read = witness?.events.find(({ kind, value }) => kind === 'read' && value === '1');
    expect(text.slice(read?.span.start, read?.span.end)).toBe('READ_ONCE(*y)');
  });

  test('a forbidden one names its axiom and cycle', () => {
    const sides = (mine: string, other: string) =>
      `int r0; WRITE_ONCE(*${mine}, 1); smp_mb(); r0 = READ_ONCE(*${other});`;
    const text = litmus([sides('x', 'y'), sides('y', 'x')], 'exists (0:r0=0 /\\ 1:r0=0)');
    const { forbidden } = ask(text, { counterpart: true }).counterpart!;
    expect(forbidden?.axiom).toBe('propagation');
    expect(forbidden?.cycle.map(({ relation }) => relation)).toEqual(['fr', 'mb', 'fr', 'mb']);
  });

  test('where coherence forbids it, the cycle is in one location', () => {
    const reader = 'int r0; int r1; r0 = READ_ONCE(*x); r1 = READ_ONCE(*x);';
    const { counterpart } = ask(litmus(['WRITE_ONCE(*x, 1);', reader], STALE), {
      counterpart: true,
    });
    expect(counterpart?.forbidden?.axiom).toBe('coherence');
  });
});

test('threads that add to one counter: an execution for each order of the threads', () => {
  const threads = Array.from({ length: 7 }, () => 'int r0; r0 = atomic_add_return(1, a);');
  const { positive, negative, states } = ask(litmus(threads, 'exists (0:r0=1)'));
  // 7! orders; in 6! of them the first thread is the first.
  expect([positive, negative, states.length]).toEqual([720, 4320, 7]);
});

describe('relaxations', () => {
  const program = programOf(
    litmus([PUBLISH, 'int r0; int r1; r0 = READ_ONCE(*y); smp_rmb(); r1 = READ_ONCE(*x);'], STALE),
  );
  const marked: Program = {
    ...program,
    threads: program.threads.map((thread) => ({
      ...thread,
      body: thread.body.map((statement) =>
        statement.kind === 'fence'
          ? {
              ...statement,
              origin: { file: 'f.c', span: statement.span, function: 'f', site: statement.tag },
            }
          : statement,
      ),
    })),
  };

  test('take away exactly the order they name', () => {
    const relax = (site: string, before: string, after: string) =>
      check({ ...marked, relaxations: [{ site, before: [before], after: [after] }] }).observation;
    expect(check(marked).observation).toBe('Never');
    expect(relax('wmb', 'x', 'y')).toBe('Sometimes');
    expect(relax('rmb', 'y', 'x')).toBe('Sometimes');
    expect(relax('wmb', 'y', 'x')).toBe('Never');
    expect(relax('mb', 'x', 'y')).toBe('Never');
  });
});
