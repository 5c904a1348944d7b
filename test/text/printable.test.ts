/** What of a file's text a message shows. */

import { expect, test } from 'vitest';
import { bounded, printable, printableLines } from '../../server/src/text/printable.ts';

test('a word that is longer than a name of a file can be is told by its beginning and length', () => {
  const word = 'w'.repeat(256);
  expect(bounded(`no ${word}(), ${word}`)).toBe(
    `no ${'w'.repeat(40)}... (256 characters)(), ${'w'.repeat(40)}... (256 characters)`,
  );
});

test.each(['', 'x', 'w'.repeat(255), `${'a/b.c '.repeat(1000)}`])('%s stays', (text) =>
  expect(bounded(text)).toBe(text),
);

test('what would do something on a terminal is told by its number', () => {
  expect(printable('a\nb\u202e')).toBe('a\\u000ab\\u202e');
  expect(printableLines('a\n\tb\u0007')).toBe('a\n\tb\\u0007');
  expect(printableLines('a\r\n\rb')).toBe('a\r\n\\u000db');
});
