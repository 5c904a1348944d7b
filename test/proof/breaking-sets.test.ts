/** The search for minimal breaking sets, against the definition tried on every subset. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minimalBreakingSets } from '../../server/src/proof/breaking-sets.ts';

/** A property that breaks when all of one of these sets is taken away. */
function restingOn(sets: readonly (readonly number[])[]) {
  return (removed: readonly number[]) =>
    sets.some((set) => set.every((item) => removed.includes(item)));
}

/** By definition: the subsets that break while none of their proper subsets does. */
function byDefinition(size: number, breaks: (removed: readonly number[]) => boolean) {
  const subsets = Array.from({ length: 2 ** size }, (_, bits) =>
    Array.from({ length: size }, (_, item) => item).filter((item) => (bits >> item) & 1),
  );
  return subsets
    .filter(breaks)
    .filter((set) => !set.some((item) => breaks(set.filter((other) => other !== item))))
    .map((set) => set.join())
    .sort();
}

test('a needed item, and two of which one has to stay', () => {
  const { sets, complete } = minimalBreakingSets(5, restingOn([[3], [0, 4]]), 100);
  expect(complete).toBe(true);
  expect(sets.map((set) => set.join()).sort()).toEqual(['0,4', '3']);
});

test('nothing is found where nothing matters, or where the property is broken from the start', () => {
  expect(minimalBreakingSets(4, () => false, 100)).toEqual({ sets: [], complete: true });
  expect(minimalBreakingSets(4, () => true, 100)).toEqual({ sets: [[]], complete: true });
});

test('a search that runs out of questions says so', () => {
  const breaks = restingOn([[0], [1], [2, 3]]);
  expect(minimalBreakingSets(4, breaks, 1).complete).toBe(false);
});

test('any family of breaking sets is found, and nothing else', () => {
  const size = 6;
  const family = fc.array(fc.uniqueArray(fc.nat(size - 1), { minLength: 1 }), { maxLength: 5 });
  fc.assert(
    fc.property(family, (sets) => {
      const breaks = restingOn(sets);
      const found = minimalBreakingSets(size, breaks, 10_000);
      expect(found.complete).toBe(true);
      expect(found.sets.map((set) => set.join()).sort()).toEqual(byDefinition(size, breaks));
    }),
    { verbose: true },
  );
});
