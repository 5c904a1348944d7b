/** The names of a text as numbers: no name that a text calls or defines is missed. */

import { expect, test } from 'vitest';
import {
  hasAny,
  isAmong,
  nameNumber,
  namesIn,
  wordsIn,
} from '../../server/src/language-service/text-names.ts';

const TEXT = `
#define PLAIN 1
# define \tSPACED(x) (x)
static int
defined(struct box *b)
{
	called (b->field);
	return PLAIN + pointer;
}
`;

test.each(['PLAIN', 'SPACED', 'defined', 'called'])('%s is found', (name) => {
  expect(hasAny(namesIn(TEXT), new Set([nameNumber(name)]))).toBe(true);
});

test.each(['pointer', 'field', 'box', 'define', 'call', 'PLAI'])('%s is not', (name) => {
  expect(hasAny(namesIn(TEXT), new Set([nameNumber(name)]))).toBe(false);
});

test('a text that ends in the middle of a directive ends the walk', () => {
  expect(namesIn('# define').length).toBe(0);
  expect([...namesIn('#define X')]).toEqual([nameNumber('X')]);
});

test('the words of a text are found, and no part of one', () => {
  const words = wordsIn(TEXT);
  const has = (word: string) => isAmong(words, nameNumber(word));
  expect([...(TEXT.match(/\w+/g) ?? [])].filter((word) => !has(word))).toEqual([]);
  expect(['SPAC', 'boxes', 'b_', ''].filter(has)).toEqual([]);
  expect(wordsIn('').length).toBe(0);
});
