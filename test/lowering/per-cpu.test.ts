/** Per-CPU variables: an object for each CPU, a CPU for each thread (Documentation/core-api/this_cpu_ops.rst). */

import { describe, expect, test } from 'vitest';
import { lowerScene, observe, outcomeOf, type Scene } from './support/lower-c.ts';

const SOURCE = `
struct stat { int hits; struct { long sum; } in; };
DEFINE_PER_CPU(int, count);
static DEFINE_PER_CPU_SHARED_ALIGNED(struct stat, stats);
DEFINE_PER_CPU(struct stat *, best);
int done;
void write_own(void) { this_cpu_write(count, 5); smp_wmb(); WRITE_ONCE(done, 1); }
int read_of(int cpu) { int d = READ_ONCE(done); smp_rmb(); return d * 10 + READ_ONCE(per_cpu(count, cpu)); }
int read_weakly(int cpu) { int d = READ_ONCE(done); return d * 10 + READ_ONCE(*per_cpu_ptr(&count, cpu)); }
`;

const scene = (...threads: string[]): Scene => ({ source: SOURCE, threads });

describe('each thread is on a CPU of its own', () => {
  test.each<readonly [string, string, string, number]>([
    ['v = this_cpu_read(count);', 'this_cpu_write(count, 1);', 'v', 0],
    ['this_cpu_write(count, 3); v = this_cpu_read(count);', 'this_cpu_write(count, 1);', 'v', 3],
    ['__this_cpu_write(count, 3); v = per_cpu(count, 0);', '', 'v', 3],
    ['this_cpu_write(count, 3); v = per_cpu(count, 1);', '', 'v', 0],
    ['raw_cpu_add(count, 4); this_cpu_inc(count); v = this_cpu_sub_return(count, 2);', '', 'v', 3],
    [
      'this_cpu_inc(stats.hits); this_cpu_add(stats.in.sum, 7); v = per_cpu(stats, 0).in.sum + per_cpu(stats.hits, 0);',
      '',
      'v',
      8,
    ],
    [
      'struct stat *s = this_cpu_ptr(&stats); s->hits = 6; v = per_cpu_ptr(&stats, 0)->hits;',
      '',
      'v',
      6,
    ],
    [
      'this_cpu_write(count, 3); v = this_cpu_xchg(count, 4) * 10 + this_cpu_read(count);',
      '',
      'v',
      34,
    ],
    [
      'this_cpu_write(count, 3); v = this_cpu_cmpxchg(count, 3, 5) * 100 + this_cpu_cmpxchg(count, 3, 6) * 10 + this_cpu_read(count);',
      '',
      'v',
      355,
    ],
    ['get_cpu_var(count) = 2; put_cpu_var(count); v = *raw_cpu_ptr(&count);', '', 'v', 2],
    ['per_cpu(count, smp_processor_id()) = 2; v = this_cpu_read(count);', '', 'v', 2],
    [
      'typeof(per_cpu(stats, 0)) s; s.hits = 4; v = s.hits + sizeof(s) + sizeof(per_cpu(count, 1));',
      '',
      'v',
      24,
    ],
    [
      'this_cpu_write(best, this_cpu_ptr(&stats)); this_cpu_read(best)->hits = 3; v = this_cpu_read(stats.hits);',
      '',
      'v',
      3,
    ],
    [
      'int i, s = 0; per_cpu(count, 1) = 2; for (i = 0; i < 2; i++) s += per_cpu(count, i) + i * 10; v = s;',
      '',
      'v',
      12,
    ],
    [
      'int i, s = 0; per_cpu(count, 1) = 2; for_each_possible_cpu(i) s += per_cpu(count, i) + i * 10; v = s + num_online_cpus() * 100;',
      '',
      'v',
      212,
    ],
  ])('%s %s', (one, other, register, value) => {
    expect(observe(scene(one, other), { [`0:${register}`]: value })).toBe('Always');
  });

  test('the objects of other CPUs are seen, in order only where there are barriers', () => {
    expect(observe(scene('write_own();', 'v = read_of(0);'), { '1:v': 10 })).toBe('Never');
    expect(observe(scene('write_own();', 'v = read_of(0);'), { '1:v': 15 })).toBe('Sometimes');
    expect(observe(scene('write_own();', 'v = read_weakly(0);'), { '1:v': 10 })).toBe('Sometimes');
    expect(observe(scene('write_own();', 'v = read_of(1);'), { '1:v': 10 })).toBe('Sometimes');
  });

  test('an index that is read is of either CPU', () => {
    const both = scene(
      'v = per_cpu(count, READ_ONCE(done)); ',
      'this_cpu_write(count, 5); WRITE_ONCE(done, 1);',
    );
    expect(observe(both, { '0:v': 5 })).toBe('Sometimes');
    expect(observe(both, { '0:v': 0 })).toBe('Sometimes');
  });

  test('that is what the answer rests on', () => {
    const { assumptions } = lowerScene(scene('v = this_cpu_read(count);', ''));
    expect(assumptions.map(({ kind }) => kind)).toContain('own-cpu');
  });
});

describe('what is not known is said', () => {
  test('a CPU that no thread is on', () => {
    expect(
      outcomeOf(scene('v = per_cpu(count, 7);', ''), { '0:v': 0 }).observation,
    ).toBeUndefined();
  });

  test.each([
    [
      'a first value',
      'DEFINE_PER_CPU(int, n) = 5; int f(void) { return this_cpu_read(n); }',
      /first value/,
    ],
    [
      'one that is declared only',
      'DECLARE_PER_CPU(int, n); int f(void) { return this_cpu_read(n); }',
      /first value/,
    ],
    ['what is allocated', 'int *n; int f(void) { return *this_cpu_ptr(n); }', /per-CPU object/],
  ])('%s', (_, source, message) => {
    const said = lowerScene({ source, threads: ['v = f();', ''] }).notModelled;
    expect(said.map((each) => each.message).join()).toMatch(message);
  });
});
