/** Every litmus test of the shared data and of the kernel tree, compared with herd7's verdict in full. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseLitmus } from '../../server/src/litmus/parse.ts';
import { check } from '../../server/src/search/check.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import { sharedData, WITHOUT_SHARED_DATA } from '../support/shared-data.ts';

interface Verdict {
  readonly path: string;
  readonly name: string;
  readonly observation: string;
  readonly states: number;
  readonly positive: number;
  readonly negative: number;
  readonly flags: readonly string[];
  readonly final_states?: readonly string[];
}

/** All of them in one process, with room for a slow and busy machine. */
const TOTAL_CPU_MILLISECONDS = 60_000;
const TIMEOUT = 300_000;

const shared = sharedData('litmus');
const linux = linuxSource();

describe('verdicts agree with herd7', () => {
  test.skipIf(shared === undefined)(
    `on the shared tests${shared === undefined ? ` (${WITHOUT_SHARED_DATA})` : ''}`,
    () => {
      const verdicts = readVerdicts(join(shared!, 'verdicts.jsonl'));
      const before = process.cpuUsage();
      expect(disagreements(shared!, verdicts)).toEqual([]);
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000).toBeLessThan(TOTAL_CPU_MILLISECONDS);
    },
    TIMEOUT,
  );

  test.skipIf(shared === undefined || linux === undefined)(
    `on the kernel's own tests${linux === undefined ? ` (${WITHOUT_LINUX})` : ''}`,
    () => {
      const verdicts = readVerdicts(join(shared!, 'kernel-verdicts.jsonl'));
      expect(verdicts.length).toBeGreaterThan(30);
      expect(disagreements(linux!, verdicts)).toEqual([]);
    },
    TIMEOUT,
  );

  test.skipIf(shared === undefined)('on no fewer files than there are', () => {
    const known = new Set(readVerdicts(join(shared!, 'verdicts.jsonl')).map(({ path }) => path));
    const files = readdirSync(shared!, { recursive: true, encoding: 'utf8' });
    const without = files.filter((file) => file.endsWith('.litmus') && !known.has(file));
    expect(without).toEqual([]);
  });
});

function readVerdicts(path: string): readonly Verdict[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Verdict);
}

/** What differs, a line each. */
function disagreements(folder: string, verdicts: readonly Verdict[]): readonly string[] {
  return verdicts.flatMap((verdict) => {
    const { program, problems } = parseLitmus(readFileSync(join(folder, verdict.path), 'utf8'));
    if (program === undefined) return [`${verdict.path}: ${problems[0]?.message}`];
    const { observation, positive, negative, flags, states } = check(program);
    const ours = { name: program.name, observation, positive, negative, flags };
    const theirs = {
      name: verdict.name,
      observation: verdict.observation,
      positive: verdict.positive,
      negative: verdict.negative,
      flags: verdict.flags.toSorted(),
    };
    if (JSON.stringify(ours) !== JSON.stringify(theirs))
      return [`${verdict.path}: ${JSON.stringify(ours)} instead of ${JSON.stringify(theirs)}`];
    if (states.length !== verdict.states) return [`${verdict.path}: ${states.length} states`];
    const expected = verdict.final_states?.map(anonymous).toSorted().join('\n');
    const found = states.toSorted().join('\n');
    return expected === undefined || found === expected ? [] : [`${verdict.path}: other states`];
  });
}

/** herd numbers values out of thin air by a counter of its own. */
function anonymous(state: string): string {
  return state.replaceAll(/=S\d+;/g, '=S1;');
}
