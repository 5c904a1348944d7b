/** Every fix that is offered for the shared programs with a known fault leaves C that is read whole, without the finding, and with no
 *  outcome that is warned about; undoing it gives every byte back. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedData, WITHOUT_SHARED_DATA } from '../../support/shared-data.ts';
import { checkOfferedFixes } from '../support/offered-fixes.ts';

const cases = sharedData('cases');

/** The C files of a tree, by their paths below it. */
function filesOf(folder: string) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[ch]$/.test(file))
    .map((file) => ({
      path: `/${file.split('\\').join(posix.sep)}`,
      text: readFileSync(join(folder, file), 'utf8'),
      marks: [],
    }));
}

/** The folders of programs in which there is something to be found. */
const faulty = (
  cases === undefined ? [] : readFileSync(join(cases, 'cases.jsonl'), 'utf8').trim().split('\n')
)
  .map((line) => JSON.parse(line) as { readonly dir: string; readonly expect: string })
  .filter(({ expect: expected }) => expected === 'finding')
  .map((each) => each.dir);

/** The findings for which something was offered. */
const fixed = new Set<string>();

describe.skipIf(cases === undefined)(`shared programs (${WITHOUT_SHARED_DATA})`, () => {
  test.each(faulty)('%s', async (name) => {
    const codes = await checkOfferedFixes(filesOf(join(cases!, name)));
    for (const code of codes) fixed.add(`${name} ${code}`);
  });

  test('fixes are offered', () => expect(fixed.size).toBeGreaterThan(0));
});
