/** Measures what the project promises: `npm run bench [-- SECTION...]`. The sections are the files of `scripts/bench/`. */

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { basename, join } from 'node:path';
import { REPORT } from './bench-section.ts';
import { bundle } from './bundle.ts';
import { root, run } from './project.ts';

const RESULTS = 'test-results';

const known = readdirSync('scripts/bench').map((file) => basename(file, '.ts'));
/** Minutes of work for each tree. */
const ONLY_WHEN_ASKED: ReadonlySet<string> = new Set(['tree', 'open-tree']);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0)
  throw new Error(`no section ${unknown.join(', ')}; there are ${known.join(', ')}`);

await bundle();
mkdirSync(RESULTS, { recursive: true });
const report = join(root, RESULTS, 'bench.jsonl');
rmSync(report, { force: true });
process.env[REPORT] = report;

const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
console.log(`Node ${process.version}, ${availableParallelism()} × ${processor}`);
for (const name of asked.length > 0 ? asked : known.filter((name) => !ONLY_WHEN_ASKED.has(name))) {
  const status = await run(process.execPath, ['scripts/run.mjs', `bench/${name}`]);
  if (status !== 0) process.exitCode = 1;
}
