/** What the command line spends: a process of its own that reports it when it ends. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CLI = 'dist/cli.cjs';

/** Runs the command line (or an empty program) in a process that reports what it spent. */
export function measured(args: readonly string[] | undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-bench-'));
  const report = join(folder, 'spent.json');
  const hook = join(folder, 'hook.cjs');
  writeFileSync(
    hook,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(report)}, JSON.stringify({ cpu: process.cpuUsage(), rss: process.resourceUsage().maxRSS })));`,
  );
  const empty = join(folder, 'empty.cjs');
  writeFileSync(empty, '');
  const program = args === undefined ? [empty] : [CLI, ...args];
  const { stdout } = spawnSync(process.execPath, ['-r', hook, ...program], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const { cpu, rss } = JSON.parse(readFileSync(report, 'utf8')) as {
    cpu: NodeJS.CpuUsage;
    rss: number;
  };
  rmSync(folder, { recursive: true });
  return { output: stdout, cpuSeconds: (cpu.user + cpu.system) / 1e6, megabytes: rss / 1024 };
}
