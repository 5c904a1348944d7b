/** Calls that are left out: what their arguments do is done all the same, and their values are open. */

import { describe, expect, test } from 'vitest';
import { allStatements, lowerScene, observe, programOf, type Scene } from './support/lower-c.ts';

const value = (body: string): Scene => ({
  source: `int x, y; int f(void) { ${body} }`,
  state: 'int x, y;',
  threads: ['v = f();', 'WRITE_ONCE(x, 1);'],
});

describe('arguments', () => {
  test.each([
    ['int a = 1; pr_info("%d", a++); return a;', 2],
    ['int a = 1; dev_warn(0, "%d", (a = 5)); return a;', 5],
    ['int a = 1; kfree((void *)(long)++a); return a;', 2],
    ['int a = 1; WARN_ON(a++); return a;', 2],
    ['int a = 1; if (WARN_ON_ONCE(a++ == 1)) return 10 + a; return a;', 12],
    ['int a = 1; if (WARN(a > 1, "%d", a)) return 1; return 0;', 0],
  ])('that do something are evaluated: %s', (body, result) => {
    expect(observe(value(body), { '0:v': result })).toBe('Always');
  });

  test('that only read are not', () => {
    const { threads } = lowerScene(value('pr_info("%d %d", READ_ONCE(x), x); return 0;'));
    expect(allStatements(threads[0]!.body).map(({ kind }) => kind)).toEqual(['assign']);
  });
});

describe('values', () => {
  test.each([
    ['cond_resched() ? 3 : 4', [3, 4], [0, 1]],
    ['schedule_timeout(5) ? 3 : 4', [3, 4], [0]],
    ['schedule_timeout(5) > 100 ? 3 : 4', [3, 4], [0]],
    ['schedule_timeout(5) < 0 ? 3 : 4', [4], [3]],
    ['try_module_get(0)', [0, 1], [2, -1]],
    ['signal_pending(current)', [0, 1], [2]],
    ['any(7, 9)', [7, 9], [0, 8]],
  ])('any that there may be: %s', (expression, possible, impossible) => {
    const scene = value(`return ${expression};`);
    for (const result of possible)
      expect(observe(scene, { '0:v': result })).toBe(possible.length > 1 ? 'Sometimes' : 'Always');
    for (const result of impossible) expect(observe(scene, { '0:v': result })).toBe('Never');
  });

  test('one value is the same wherever it goes', () => {
    const twice = value('int a = cond_resched(); WRITE_ONCE(y, a); return a;');
    for (const [y, v] of [
      [0, 0],
      [1, 1],
    ] as const)
      expect(observe({ ...twice, observed: ['y'] }, { y, '0:v': v })).toBe('Sometimes');
    expect(observe(twice, { y: 0, '0:v': 1 })).toBe('Never');
    expect(observe(twice, { y: 1, '0:v': 0 })).toBe('Never');
  });

  test('what is asked of it at the end counts, too', () => {
    const scene = value('WRITE_ONCE(y, schedule_timeout(1)); return 0;');
    for (const y of [0, 7, 4000]) expect(observe(scene, { y })).toBe('Sometimes');
    expect(observe(scene, { y: -1 })).toBe('Never');
  });

  test('one that goes to another thread is compared there', () => {
    const scene: Scene = {
      source: 'int x; int f(void) { return READ_ONCE(x) == 12; }',
      state: 'int x;',
      threads: ['WRITE_ONCE(x, schedule_timeout(1));', 'v = f();'],
    };
    expect(observe(scene, { '1:v': 1 })).toBe('Sometimes');
    expect(observe(scene, { '1:v': 0 })).toBe('Sometimes');
  });

  test('one that is computed with has no answer', () => {
    const lowered = lowerScene(value('return schedule_timeout(5) * 3;'));
    expect(() => programOf(lowered, { '0:v': 12 })).toThrow(/computed with/);
  });
});
