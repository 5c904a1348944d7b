/** The line that tells how far a command is. */

import { expect, test } from 'vitest';
import { progressInLines, progressOn } from '../../server/src/cli/progress.ts';

test('counts, time left, at most five lines a second, and nothing left in the end', () => {
  const written: string[] = [];
  let time = 0;
  const progress = progressOn(
    (text) => written.push(text),
    () => time,
  );
  progress.told('files', 1);
  progress.told('files', 2);
  time = 1000;
  progress.told('proofs', 0, 4);
  time = 3000;
  progress.told('proofs', 1, 4);
  progress.told('proofs', 2, 4);
  progress.told('proofs', 4, 4);
  progress.end();
  expect(written).toEqual([
    '\rfiles: 1',
    '\rproofs: 0 of 4',
    '\rproofs: 1 of 4, 0:06 left',
    '\rproofs: 4 of 4           ',
    `\r${' '.repeat(14)}\r`,
  ]);
});

test('a line a minute where none can be written again', () => {
  const written: string[] = [];
  let time = 5000;
  const progress = progressInLines(
    (text) => written.push(text),
    () => time,
  );
  progress.told('files', 1);
  time = 64_000;
  progress.told('proofs', 0, 40);
  time = 66_000;
  progress.told('proofs', 1, 40);
  progress.told('proofs', 2, 40);
  time = 126_000;
  progress.told('proofs', 31, 40);
  progress.end();
  expect(written).toEqual(['proofs: 1 of 40, 1:18 left\n', 'proofs: 31 of 40, 0:18 left\n']);
});
