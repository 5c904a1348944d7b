/** Lines that are no longer than a window is wide. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withinColumns } from '../../server/src/cli/columns.ts';

test('a short line stays as it is, with its indentation', () => {
  expect(withinColumns('  a b\n\n c\n')).toBe('  a b\n\n c\n');
});

test('a long line is broken between words, the rest is indented', () => {
  const long = `  ${'word '.repeat(40)}end`;
  const lines = withinColumns(long).split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/^ {6}word word/);
  expect(lines[1]).toMatch(/ end$/);
});

test('a word that is longer than the width stays whole', () => {
  const path = 'x/'.repeat(100);
  expect(withinColumns(`at ${path} here`).split('\n')).toContain(`    ${path}`);
});

test('no line of shorter words is too long, and no word is lost or changed', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z:>]{1,100}$/), { maxLength: 60 }), (words) => {
      const lines = withinColumns(`    ${words.join(' ')}`).split('\n');
      expect(lines.filter((line) => line.length > 160)).toEqual([]);
      expect(
        lines
          .join(' ')
          .split(/ +/)
          .filter((word) => word !== ''),
      ).toEqual(words);
    }),
    { seed: 9 },
  );
});
