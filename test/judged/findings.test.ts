/** Findings over the kernel that were judged by reading its code: the true ones are found, the false ones are not. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from '../../server/src/cli/check.ts';
import { linuxSource, WITHOUT_LINUX, WITHOUT_LINUX_6_12 } from '../support/linux-source.ts';

/** A judgement of the warnings of one rule in one file. */
interface Judged {
  readonly tree: '6.1' | '6.12';
  readonly file: string;
  readonly rule: string;
  readonly isRight: boolean;
  readonly why: string;
}

const JUDGED: readonly Judged[] = readFileSync('test/judged/findings.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Judged);

describe.each([
  ['6.1', WITHOUT_LINUX],
  ['6.12', WITHOUT_LINUX_6_12],
] as const)('on Linux %s (%s)', (tree, _needs) => {
  const linux = linuxSource(tree);
  test
    .skipIf(linux === undefined)
    .each(
      JUDGED.filter((row) => row.tree === tree).map(
        (row) => [`${row.file}: ${row.isRight ? '' : 'no '}${row.rule}`, row] as const,
      ),
    )('%s', async (_, { file, rule, isRight }) => {
    const told: string[] = [];
    const output = { write: (text: string) => void told.push(text), warn: () => undefined };
    await check.run(['--level', 'information', '--rule', rule, join(linux!, file)], output);
    const found = told.join('').includes(`[${rule}]`);
    expect(found).toBe(isRight);
  });
});
