/** What is done before the threads start is done as C has it; what it leaves and is not known is told. */

import { describe, expect, test } from 'vitest';
import { lowerScene, observe, type Scene } from './support/lower-c.ts';

function sceneOf(setup: string): Scene {
  const source = 'int x, y; atomic_t v; spinlock_t l; int *p;';
  return { source, setup, threads: ['r = READ_ONCE(x);'] };
}

describe('conditional updates before the threads start', () => {
  test.each([
    ['cmpxchg(&x, 0, 5);', 5],
    ['x = 1; cmpxchg(&x, 0, 5);', 1],
    ['if (cmpxchg(&x, 0, 5) == 0) x++;', 6],
    ['int o = 0; if (try_cmpxchg(&y, &o, 5)) x = y;', 5],
    ['int o = 1; if (!try_cmpxchg(&y, &o, 5)) x = y * 10 + o + 3;', 3],
    ['if (atomic_add_unless(&v, 5, 1)) x = atomic_read(&v);', 5],
    ['x = 7; if (atomic_inc_not_zero(&v)) x = 8;', 7],
    ['x = atomic_fetch_add_unless(&v, 2, 9) * 10 + atomic_read(&v);', 2],
    ['atomic_set(&v, 1); if (atomic_dec_if_positive(&v) == 0) x = 8;', 8],
  ])('%s', (setup, value) => {
    expect(observe(sceneOf(setup), { '0:r': value })).toBe('Always');
  });
});

describe('what is not known after it', () => {
  test.each([
    ['int u; x = u;', 'x is not known after the setup'],
    ['if (spin_trylock(&l)) x = 7;', 'a setup that does not come to its end'],
    ['x = *p;', 'a setup that does not come to its end'],
  ])('%s', (setup, message) => {
    const { notModelled } = lowerScene(sceneOf(setup));
    expect(notModelled.map((each) => each.message)).toContain(message);
  });
});

describe('first values of what nobody defines', () => {
  const held = (first: string): Scene => ({
    source: `struct s { struct rw_semaphore sem; struct mutex m; spinlock_t l; int v; } s = ${first};
void f(void) { mutex_lock(&s.m); s.v++; mutex_unlock(&s.m); }`,
    threads: ['f();', 'f(); r = s.v;'],
  });

  test.each([
    ['{ 0 }', 2],
    ['{ .m = __MUTEX_INITIALIZER(s.m), .v = 3 }', 5],
    ['{ .l = __SPIN_LOCK_UNLOCKED(s.l), .sem = __RWSEM_INITIALIZER(s.sem), .v = 1 }', 3],
    ['{ .sem = { 0 }, .m = { 0 }, .v = 2 }', 4],
  ])('%s', (first, value) => {
    expect(observe(held(first), { 's.v': value })).toBe('Always');
  });
});
