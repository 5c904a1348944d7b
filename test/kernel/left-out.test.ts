/** What is left out of programs: each row names a header that has the function or macro. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { leftOut } from '../../server/src/kernel/left-out.ts';
import { primitive } from '../../server/src/kernel/primitives.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';

test('what is left out has no operation in the table of primitives', () => {
  const both = [...leftOut.keys()].filter((name) => primitive(name)?.operation !== undefined);
  expect(both).toEqual([]);
});

const linux = linuxSource();

describe.skipIf(linux === undefined)(`headers (${WITHOUT_LINUX})`, () => {
  test('each name stands in the document of its row', () => {
    const texts = new Map<string, string>();
    const textOf = (document: string) => {
      const known = texts.get(document) ?? readFileSync(join(linux!, document), 'utf8');
      texts.set(document, known);
      return known;
    };
    const missing = [...leftOut].filter(
      ([name, { document }]) => !new RegExp(`\\b${name}\\b`).test(textOf(document)),
    );
    expect(missing.map(([name, { document }]) => `${name}: ${document}`)).toEqual([]);
  });
});
