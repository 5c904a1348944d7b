/** Relations are values: however many are made beside each other, none changes another. What works on whole
 *  rows is what it says pair by pair. */

import { expect, test } from 'vitest';
import {
  addMoved,
  addPair,
  closure,
  complementOf,
  copyOf,
  emptyRelation,
  forwardClosure,
  fromEvent,
  has,
  keptApart,
  pairsOf,
  relationOf,
} from '../../server/src/memory-model/relation.ts';

/** Sizes of one word and of several in a row; the last needs more than a piece of memory for itself. */
const SIZES = [1, 31, 32, 33, 64, 100, 300];

test('relations that are filled one after the other keep their own pairs', () => {
  const made = Array.from({ length: 500 }, (_, at) => {
    const size = SIZES[at % SIZES.length]!;
    const relation = emptyRelation(size);
    expect(pairsOf(relation)).toEqual([]);
    const pair = [at % size, (at * 7) % size] as const;
    addPair(relation, ...pair);
    addPair(relation, size - 1, size - 1);
    return { relation, expected: [pair, [size - 1, size - 1]] as const };
  });
  for (const { relation, expected } of made)
    for (const [from, to] of pairsOf(relation))
      expect(expected.some(([left, right]) => left === from && right === to)).toBe(true);
});

test.each([
  ['a copy', copyOf],
  ['what is kept apart', keptApart],
])('%s does not follow the original', (_, copy) => {
  const relation = emptyRelation(40);
  addPair(relation, 3, 39);
  const other = copy(relation);
  addPair(relation, 5, 6);
  expect(pairsOf(other)).toEqual([[3, 39]]);
});

test('what is kept apart holds no memory but its own', () => {
  const { bits } = keptApart(emptyRelation(40));
  expect(bits.buffer.byteLength).toBe(bits.byteLength);
});

test.each([1, 31, 32, 33, 63, 64, 100])('with %i events, pair by pair', (size) => {
  const relation = relationOf(size, (from, to) => (from * 5 + to * 3) % 11 < 2);
  const complement = complementOf(relation);
  expect(pairsOf(complement)).toEqual(
    pairsOf(relationOf(size, (from, to) => !has(relation, from, to))),
  );
  const forward = relationOf(size, (from, to) => from < to && has(relation, from, to));
  expect(pairsOf(forwardClosure(forward))).toEqual(pairsOf(closure(forward)));
  const event = size >>> 1;
  expect(pairsOf(fromEvent(event, relation))).toEqual(
    pairsOf(relation).filter(([from]) => from === event),
  );
  for (const offset of [0, 1, 31, 32, 33, 70]) {
    const larger = emptyRelation(size + offset + 5);
    addMoved(larger, relation, offset);
    expect(pairsOf(larger)).toEqual(
      pairsOf(relation).map(([from, to]) => [from + offset, to + offset]),
    );
  }
});
