/** Every litmus test of the shared data and of the kernel tree, compared with herd7's verdict in full. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from '../../server/src/search/check.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import { sharedData, WITHOUT_SHARED_DATA } from '../support/shared-data.ts';
import { disagreements, readVerdicts } from './support/herd-verdicts.ts';

/** All of them in one process, with room for a slow and busy machine. */
const TOTAL_CPU_MILLISECONDS = 60_000;
const TIMEOUT = 300_000;

const shared = sharedData('litmus');
const linux = linuxSource();
const builtIn = { answer: check };

describe('verdicts agree with herd7', () => {
  test.skipIf(shared === undefined)(
    `on the shared tests${shared === undefined ? ` (${WITHOUT_SHARED_DATA})` : ''}`,
    () => {
      const verdicts = readVerdicts(join(shared!, 'verdicts.jsonl'));
      const before = process.cpuUsage();
      expect(disagreements(shared!, verdicts, builtIn)).toEqual([]);
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000).toBeLessThan(TOTAL_CPU_MILLISECONDS);
    },
    TIMEOUT,
  );

  test.skipIf(shared === undefined)(
    `on the corners${shared === undefined ? ` (${WITHOUT_SHARED_DATA})` : ''}`,
    () => {
      const verdicts = readVerdicts(join(shared!, 'corners.jsonl'));
      expect(verdicts.length).toBeGreaterThan(15);
      expect(disagreements(shared!, verdicts, builtIn)).toEqual([]);
    },
  );

  test.skipIf(shared === undefined || linux === undefined)(
    `on the kernel's own tests${linux === undefined ? ` (${WITHOUT_LINUX})` : ''}`,
    () => {
      const verdicts = readVerdicts(join(shared!, 'kernel-verdicts.jsonl'));
      expect(verdicts.length).toBeGreaterThan(30);
      expect(disagreements(linux!, verdicts, builtIn)).toEqual([]);
    },
    TIMEOUT,
  );

  test.skipIf(shared === undefined)('on no fewer files than there are', () => {
    const lists = ['verdicts.jsonl', 'corners.jsonl'];
    const verdicts = lists.flatMap((list) => readVerdicts(join(shared!, list)));
    const known = new Set(verdicts.map(({ path }) => path));
    const files = readdirSync(shared!, { recursive: true, encoding: 'utf8' });
    const without = files.filter((file) => file.endsWith('.litmus') && !known.has(file));
    expect(without).toEqual([]);
  });
});
