/** What docs/livepatch.md quotes of the answer on Linux 6.1 is what the command line says of it today. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import { runCommand } from '../support/simulated.ts';

const linux = linuxSource();

/** The blocks of code behind a sentence of the page, up to the next sentence, line by line. */
function quotedBehind(sentence: string): readonly string[] {
  const page = readFileSync('docs/livepatch.md', 'utf8');
  const at = page.indexOf(sentence);
  expect(at, `the page says "${sentence}"`).toBeGreaterThan(0);
  const after = page.slice(page.indexOf('\n\n', at)).replace(/\n+(?=\S)[\s\S]*/, '');
  return linesOf(after);
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => line.trim() || []);
}

test.skipIf(linux === undefined)(`the table (${WITHOUT_LINUX})`, async () => {
  const { text } = await runCommand('simulate', 'livepatch', '--tree', linux!);
  const quoted = quotedBehind('Of Linux 6.1 (four of its twelve rows):');
  expect(quoted.length).toBeGreaterThan(8);
  expect(linesOf(text)).toEqual(expect.arrayContaining([...quoted]));
});

test.skipIf(linux === undefined)(`a comment, and what is told (${WITHOUT_LINUX})`, async () => {
  const args = ['simulate', 'livepatch', '--tree', linux!, '--comments'];
  const { text, warnings } = await runCommand(...args);
  const quoted = quotedBehind('Of Linux 6.1, for the write barrier of `__klp_disable_patch()`:');
  expect(quoted.length).toBeGreaterThan(8);
  expect(linesOf(text).join('\n')).toContain(quoted.join('\n'));
  expect(warnings).toEqual(
    expect.arrayContaining([...quotedBehind('so is where a barrier is not enough:')]),
  );
});
