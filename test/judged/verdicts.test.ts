/**
 * Verdicts over the kernel that were judged by reading its code: the engine is kept to the right ones and off the wrong ones.
 * `drawn.jsonl` has 80 pairings of each tree that were drawn at random (seed 20261128, as `npm run judge` draws), the answers at
 * that time, whether its two fields are those that the code is about (`areMeant`), and of each verdict whether it is right, of
 * each `unknown` whether a reader of the two functions could say more (`isAnswerable`). What is answered since then is in `verdicts.jsonl`.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyse } from '../../server/src/cli/analysis.ts';
import { noCache } from '../../server/src/disk/cache.ts';
import { linuxSource, WITHOUT_LINUX, WITHOUT_LINUX_6_12 } from '../support/linux-source.ts';

/** A judgement of the verdict on a barrier and its likeliest partner, with the reason. */
interface Judged {
  readonly tree: '6.1' | '6.12';
  readonly file: string;
  /** Where it was drawn. */
  readonly line?: number;
  readonly function: string;
  readonly primitive: string;
  readonly verdict: string;
  readonly isRight: boolean;
  /** Whether the engine leaves it open so far: executions are left out. */
  readonly isOpen?: boolean;
  /** Whether headers are needed that are only found in a whole tree: in a part of it the engine may leave it open. */
  readonly isOpenInPart?: boolean;
  readonly why: string;
}

const JUDGED: readonly Judged[] = ['verdicts', 'drawn']
  .flatMap((name) => readFileSync(`test/judged/${name}.jsonl`, 'utf8').trim().split('\n'))
  .map((line) => JSON.parse(line) as Judged)
  .filter(({ verdict }) => verdict !== 'unknown');

describe.each([
  ['6.1', WITHOUT_LINUX],
  ['6.12', WITHOUT_LINUX_6_12],
] as const)('on Linux %s (%s)', (tree, _needs) => {
  const linux = linuxSource(tree);
  test
    .skipIf(linux === undefined)
    .each(
      JUDGED.filter((row) => row.tree === tree).map(
        (row) =>
          [
            `${row.function}(): ${row.primitive}() ${row.isRight ? '' : 'not '}${row.verdict}`,
            row,
          ] as const,
      ),
    )('%s', async (_, row) => {
    const { pair, own } = await verdictOn(join(linux!, row.file), row);
    if (row.isRight && row.isOpenInPart === true) expect([row.verdict, 'unknown']).toContain(pair);
    else if (row.isRight) expect(pair).toBe(row.isOpen === true ? 'unknown' : row.verdict);
    else expect([pair, own]).not.toContain(row.verdict);
  });
});

/** What is said of the likeliest pairing of a barrier, and of the barrier in it. */
async function verdictOn(
  path: string,
  { function: name, primitive, line }: Judged,
): Promise<{ readonly pair?: string; readonly own?: string }> {
  const analysis = await analyse([path], { verdicts: 'none', relativeTo: 'path', cache: noCache });
  const { tree } = analysis.snapshot.moment;
  const site = tree
    .facts(path)
    ?.sites.find(
      (each) =>
        each.function === name &&
        each.primitive === primitive &&
        (line === undefined || each.line === line),
    );
  expect(site).toBeDefined();
  const [partnership] = tree.partnerships(path, site!.id);
  if (partnership === undefined) return {};
  const { moment } = analysis.solve([partnership.pairing]);
  const answer = moment.verdictOf(partnership.pairing)?.answer;
  if (answer === undefined) return {};
  const own = answer.orders.at(-1)?.sides[partnership.side].kind;
  return { pair: answer.verdict.kind, ...(own !== undefined && { own }) };
}
