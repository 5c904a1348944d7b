/** Sites of Linux 6.1 whose comment names a partner, labelled by hand: each is found, with its comment. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { primitive } from '../../server/src/kernel/primitives.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import { sharedData, WITHOUT_SHARED_DATA } from '../support/shared-data.ts';
import { factsOf } from './support/orders.ts';

interface Row {
  readonly file: string;
  readonly line: number;
  readonly primitive: string;
}

const linux = linuxSource();
const data = sharedData('pairs');

/** Files are many and large: every eighth is read. */
const EVERY = 8;

test.skipIf(linux === undefined || data === undefined)(
  `labelled sites (${linux === undefined ? WITHOUT_LINUX : WITHOUT_SHARED_DATA})`,
  async () => {
    const rows = rowsOf(readFileSync(join(data!, 'dev.jsonl'), 'utf8'));
    const files = [...new Set(rows.map(({ file }) => file))].filter(
      (_, index) => index % EVERY === 0,
    );
    const missing: string[] = [];
    for (const file of files) {
      const { sites } = await factsOf(readFileSync(join(linux!, file), 'utf8'), file);
      for (const row of rows.filter((other) => other.file === file)) {
        const site = sites.find(
          (other) => other.line === row.line && other.primitive === row.primitive,
        );
        if (site?.comment === undefined) missing.push(`${file}:${row.line} ${row.primitive}`);
      }
    }
    expect(files.length).toBeGreaterThan(12);
    expect(missing).toEqual([]);
  },
);

/** The rows about primitives: some are about functions of a subsystem that wrap one. */
function rowsOf(text: string): readonly Row[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
    .filter((row) => primitive(row.primitive) !== undefined);
}
