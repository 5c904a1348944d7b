/** Every fix that is offered for the shared programs with a known fault leaves C that is read whole, without the finding. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isReadWhole } from '../../../server/src/facts/file-facts.ts';
import { sharedData, WITHOUT_SHARED_DATA } from '../../support/shared-data.ts';
import { fixesIn, hostOf, make } from '../support/check.ts';

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
  test.each(faulty)('%s', { timeout: 120_000 }, async (name) => {
    const files = filesOf(join(cases!, name));
    const broken = hostOf(files, { inKernel: true });
    for (const { path } of files)
      for (const { span, code, message } of broken.snapshot().diagnostics(path)) {
        const isFound = (host: typeof broken) =>
          host
            .snapshot()
            .diagnostics(path)
            .some((each) => each.code === code && each.message === message);
        for (const fix of await fixesIn(broken, path, span)) {
          if (fix.fixes !== code) continue;
          const host = hostOf(files, { inKernel: true });
          make(host, fix);
          expect(isFound(host), `${fix.title}, in ${path}`).toBe(false);
          for (const file of new Set(fix.edits.map(({ file }) => file)))
            for (const fact of host.snapshot().facts(file)!.functions)
              expect(isReadWhole(fact), `${fix.title}: ${fact.name}`).toBe(true);
          fixed.add(`${name} ${code}`);
        }
      }
  });

  test('fixes are offered', () => expect(fixed.size).toBeGreaterThan(0));
});
