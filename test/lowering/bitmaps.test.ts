/** Bitmaps are searched as include/linux/find.h has it: from a bit on, up to a size, word by word. */

import { describe, expect, test } from 'vitest';
import { observe } from './support/lower-c.ts';

/** The bits that are set in two words, the size that is searched and the bit to begin with. */
const SEARCHES: readonly (readonly [bits: readonly number[], size: number, from: number])[] = [
  [[3, 70], 128, 0],
  [[3, 70], 128, 3],
  [[3, 70], 128, 4],
  [[3, 70], 128, 64],
  [[3, 70], 70, 4],
  [[3, 70], 71, 70],
  [[63, 64], 128, 64],
  [[], 128, 0],
  [[5], 128, 128],
  [[0, 1, 2, 3], 4, 0],
];

describe('the next bit of a map', () => {
  test.each(SEARCHES)('of %j, %i bits from %i on', (bits, size, from) => {
    const next = (isWanted: (bit: number) => boolean) => {
      for (let bit = from; bit < size; bit++) if (isWanted(bit)) return bit;
      return size;
    };
    const [set, clear] = [next((bit) => bits.includes(bit)), next((bit) => !bits.includes(bit))];
    const words = [0, 1].map((at) =>
      bits
        .filter((bit) => bit >> 6 === at)
        .reduce((word, bit) => word | (1n << BigInt(bit & 63)), 0n),
    );
    const source = `long f(void) {
      unsigned long map[2] = { ${words.map((word) => `${word}UL`).join()} };
      return find_next_bit(map, ${size}, ${from}) * 1000 + find_next_zero_bit(map, ${size}, ${from});
    }`;
    expect(observe({ source, threads: ['v = f();'] }, { '0:v': set * 1000 + clear })).toBe(
      'Always',
    );
  });

  test.each([
    ['for_each_set_bit(bit, map, 100)', 2 * 1000 + 5 + 66],
    ['for_each_clear_bit(bit, map, 7)', 6 * 1000 + 0 + 1 + 2 + 3 + 4 + 6],
    ['bit = 6; for_each_set_bit_from(bit, map, 128)', 1000 + 66],
    ['bit = bitmap_empty(map, 5) * 10 + bitmap_full(map, 7); if (bit)', 1000 + 10],
  ])('a loop: %s', (loop, value) => {
    const source = `long f(void) {
      unsigned long map[2] = { 1UL << 5, 1UL << 2 };
      long bit, all = 0;
      ${loop} all += 1000 + bit;
      return all;
    }`;
    expect(observe({ source, threads: ['v = f();'] }, { '0:v': value })).toBe('Always');
  });
});
