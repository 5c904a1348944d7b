/** `check` over whole trees: from nothing, with what was kept, and with nothing changed; and what becomes of the labelled pairs of
 *  6.1: `npm run bench -- tree`. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linuxSource, WITHOUT_LINUX } from '../../test/support/linux-source.ts';
import { sharedData } from '../../test/support/shared-data.ts';
import { type Row, runSection } from '../bench-section.ts';
import { labelledFigures } from '../labelled-figures.ts';
import { measured } from '../measured-process.ts';

await runSection({ name: 'tree', run });

async function run(): Promise<readonly Row[] | string> {
  const linux = linuxSource();
  const trees = [linux, process.env['BARRIERLENS_LINUX_6_12']];
  const known = trees.filter((tree) => tree !== undefined);
  if (known.length === 0) return WITHOUT_LINUX;
  const data = sharedData('pairs');
  const labelled =
    linux === undefined || data === undefined ? [] : await labelledFigures(linux, data);
  return [...labelled, ...known.flatMap(rowsOf)];
}

/** What one run spent, in seconds and megabytes; its threads included. */
interface Spent {
  readonly cpu: number;
  readonly clock: number;
  readonly memory: number;
  readonly findings: number;
}

function rowsOf(tree: string): readonly Row[] {
  const cache = mkdtempSync(join(tmpdir(), 'barrierlens-bench-'));
  try {
    const cold = check(tree, cache, 'warning');
    // Another level is another run, of the same facts and verdicts.
    const kept = check(tree, cache, 'information');
    const same = check(tree, cache, 'warning');
    return [
      row(`${tree}: from nothing, CPU`, cold.cpu, 's', 120),
      row('… by the clock', cold.clock, 's', 75),
      row('… memory', cold.memory, 'MB', 2000),
      row('… findings', cold.findings, ''),
      row('facts and verdicts kept, CPU', kept.cpu, 's', 8),
      row('nothing changed, CPU', same.cpu, 's', 6),
    ];
  } finally {
    rmSync(cache, { recursive: true });
  }
}

function row(what: string, value: number, unit: string, atMost?: number): Row {
  return { what, value, unit, ...(atMost !== undefined && { bar: { atMost } }), note: 'one run' };
}

function check(tree: string, cache: string, level: string): Spent {
  process.env['BARRIERLENS_CACHE'] = cache;
  const start = performance.now();
  const ran = measured(['check', tree, '--level', level, '--format', 'json']);
  return {
    cpu: ran.cpuSeconds,
    clock: (performance.now() - start) / 1000,
    memory: ran.megabytes,
    findings: (JSON.parse(ran.output) as readonly unknown[]).length,
  };
}
