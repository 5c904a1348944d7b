/** Verdicts over the kernel that were judged by reading its code: the engine is kept to the right ones and off the wrong ones. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyse } from '../../server/src/cli/analysis.ts';
import { noCache } from '../../server/src/disk/cache.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';

/** A judgement of the verdict on a barrier and its likeliest partner, with the reason. */
interface Judged {
  readonly tree: '6.1' | '6.12';
  readonly file: string;
  readonly function: string;
  readonly primitive: string;
  readonly verdict: string;
  readonly isRight: boolean;
  /** Whether the engine leaves it open so far: executions are left out. */
  readonly isOpen?: boolean;
  readonly why: string;
}

const JUDGED: readonly Judged[] = readFileSync('test/judged/verdicts.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Judged);

const linux = linuxSource();

describe.skipIf(linux === undefined)(`on Linux 6.1 (${WITHOUT_LINUX})`, () => {
  test.each(
    JUDGED.map(
      (row) =>
        [
          `${row.function}(): ${row.primitive}() ${row.isRight ? '' : 'not '}${row.verdict}`,
          row,
        ] as const,
    ),
  )(
    '%s',
    async (_, { file, function: name, primitive, verdict, isRight, isOpen }) => {
      const found = await verdictOn(join(linux!, file), name, primitive);
      if (isRight) expect(found).toBe(isOpen === true ? 'unknown' : verdict);
      else expect(found).not.toBe(verdict);
    },
    60_000,
  );
});

async function verdictOn(
  path: string,
  name: string,
  primitive: string,
): Promise<string | undefined> {
  const analysis = await analyse([path], { verdicts: 'none', relativeTo: 'path', cache: noCache });
  const { tree } = analysis.snapshot.moment;
  const site = tree
    .facts(path)
    ?.sites.find((each) => each.function === name && each.primitive === primitive);
  expect(site).toBeDefined();
  const [partnership] = tree.partnerships(path, site!.id);
  if (partnership === undefined) return undefined;
  const { moment } = analysis.solve([partnership.pairing]);
  return moment.verdictOf(partnership.pairing)?.answer?.verdict.kind;
}
