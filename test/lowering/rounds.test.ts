/** What a thread brings into memory late, because others had to run first, is seen by those that ran before it. */

import { describe, expect, test } from 'vitest';
import { observe, type Scene } from './support/lower-c.ts';

/** Threads that hand a value on, each to the one before it. */
function handedOn(first: string, ...others: readonly string[]): Scene {
  const state = 'int x; int y; int z; int *p = &z;';
  return { source: '', state, threads: [first, ...others] };
}

const HANDS_ON = ['WRITE_ONCE(x, READ_ONCE(y));', 'WRITE_ONCE(y, 5);'];

describe('a value that comes through two threads', () => {
  test('is seen by who reads it', () => {
    const scene = handedOn('int hit = 0; if (READ_ONCE(x) == 5) hit = 1;', ...HANDS_ON);
    expect(observe(scene, { '0:hit': 1 })).toBe('Sometimes');
    expect(observe(scene, { '0:hit': 0 })).toBe('Sometimes');
  });

  test('is seen by who has just written another', () => {
    const scene = handedOn('WRITE_ONCE(x, 1); int v = READ_ONCE(x);', ...HANDS_ON);
    expect(observe(scene, { '0:v': 5 })).toBe('Sometimes');
    expect(observe(scene, { '0:v': 0 })).toBe('Sometimes');
    expect(observe(scene, { '0:v': 1 })).toBe('Sometimes');
  });

  test('is seen by who has just written another and is alone at first', () => {
    const scene = handedOn(
      'WRITE_ONCE(x, 1); int v = READ_ONCE(x);',
      'if (READ_ONCE(y) == 5) WRITE_ONCE(x, 7);',
      'if (READ_ONCE(z) == 5) WRITE_ONCE(y, 5);',
      'WRITE_ONCE(z, 5);',
    );
    expect(observe(scene, { '0:v': 7 })).toBe('Sometimes');
    expect(observe(scene, { '0:v': 1 })).toBe('Sometimes');
    expect(observe(scene, { '0:v': 0 })).toBe('Never');
  });

  test('a pointer leads there', () => {
    const scene = handedOn(
      'int v = READ_ONCE(*READ_ONCE(p));',
      'if (READ_ONCE(y) == 5) WRITE_ONCE(p, &x);',
      'WRITE_ONCE(y, 5);',
      'WRITE_ONCE(x, 3);',
    );
    expect(observe(scene, { '0:v': 3 })).toBe('Sometimes');
  });
});

describe('what another thread comes to late, and this one had for its own', () => {
  const late = (first: string, last: string): Scene => ({
    state: 'union both { u32 whole; u8 low; }; union both both; unsigned long word; int x; int y;',
    threads: [first, `if (READ_ONCE(y) == 5) ${last}`, 'WRITE_ONCE(y, 5);'],
    observed: ['x'],
  });

  test.each([
    ['a location', 'WRITE_ONCE(x, 1); int v = READ_ONCE(x);', 'WRITE_ONCE(x, 3);'],
    ['a bit, by its word', 'set_bit(2, &word); int v = test_bit(2, &word) ? 1 : 3;', 'word = 8;'],
    ['a word, by its bits', 'unsigned long v = READ_ONCE(word) >> 1;', 'word = 6;'],
    ['a part, by the whole', 'u8 v = READ_ONCE(both.low);', 'WRITE_ONCE(both.whole, 259);'],
    ['the whole, by a part', 'u32 v = READ_ONCE(both.whole);', 'WRITE_ONCE(both.low, 3);'],
  ])('%s', (_, first, last) => {
    expect(observe(late(first, last), { '0:v': 3 })).toBe('Sometimes');
    expect(observe(late(first, ';'), { '0:v': 3 })).toBe('Never');
  });
});
