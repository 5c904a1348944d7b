/** How fast litmus tests are answered: all shared ones in one process beside herd7's own time, and one as a process. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linuxSource } from '../../test/support/linux-source.ts';
import { sharedData, WITHOUT_SHARED_DATA } from '../../test/support/shared-data.ts';
import type { Row } from '../bench-section.ts';
import { median, runSection } from '../bench-section.ts';

/** A test with its answer as herd7 gave it. */
interface Verdict {
  readonly path: string;
  readonly observation: string;
  readonly states: number;
  readonly positive: number;
  readonly negative: number;
  readonly cpu_s: number;
}

/** Our answer, a line of `barrierlens litmus --json`. */
interface Answer extends Omit<Verdict, 'cpu_s'> {
  readonly ms: number;
  readonly unknown?: string;
}

interface Usage {
  readonly output: string;
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

const FAMILIES = ['corpus', 'generated', 'fuzz', 'fuzz2'];
const ROUNDS = 15;
const KERNEL_TEST = 'tools/memory-model/litmus-tests/MP+fencewmbonceonce+fencermbonceonce.litmus';

await runSection({ name: 'litmus', run });

async function run(): Promise<readonly Row[] | string> {
  const shared = sharedData('litmus');
  if (shared === undefined) return WITHOUT_SHARED_DATA;
  return [...allTests(shared), ...oneTest()];
}

function allTests(shared: string): readonly Row[] {
  const verdicts = linesOf<Verdict>(readFileSync(join(shared, 'verdicts.jsonl'), 'utf8'));
  const ours = measure(['litmus', '--json', ...FAMILIES.map((family) => join(shared, family))]);
  const answers = linesOf<Answer>(ours.output);
  const byPath = new Map(answers.map((answer) => [answer.path.slice(shared.length + 1), answer]));
  const differing = verdicts.filter((verdict) => !agrees(verdict, byPath.get(verdict.path)));
  for (const { path } of differing) console.log(`  differs from herd7: ${path}`);
  const herd = verdicts.reduce((sum, { cpu_s }) => sum + cpu_s, 0);
  const slowest = Math.max(...answers.map(({ ms }) => ms));
  return [
    {
      what: `${verdicts.length} tests in one process`,
      value: ours.cpuSeconds,
      unit: 's',
      bar: { atMost: Math.round(herd / 50) },
      note: `CPU; herd7 took ${Math.round(herd)} s`,
    },
    { what: '  the slowest of them', value: slowest / 1000, unit: 's', bar: { atMost: 5 } },
    { what: '  memory at most', value: ours.megabytes, unit: 'MB', bar: { atMost: 1000 } },
    {
      what: '  answers that differ from herd7',
      value: differing.length,
      unit: '',
      bar: { atMost: 0 },
    },
  ];
}

function agrees(verdict: Verdict, answer: Answer | undefined): boolean {
  const keys = ['observation', 'states', 'positive', 'negative'] as const;
  return answer !== undefined && keys.every((key) => answer[key] === verdict[key]);
}

/** One kernel test as a process, above what an empty Node process costs. */
function oneTest(): readonly Row[] {
  const linux = linuxSource();
  if (linux === undefined) return [];
  const file = join(linux, KERNEL_TEST);
  const times = (args: readonly string[]) =>
    median(Array.from({ length: ROUNDS }, () => 1000 * measure(args).cpuSeconds));
  return [
    {
      what: 'one kernel test as a process',
      value: times(['litmus', file]) - times([]),
      unit: 'ms',
      bar: { atMost: 40 },
      note: `CPU above an empty Node process, medians of ${ROUNDS}`,
    },
  ];
}

/** Runs the command line, or an empty program, and measures the process from within at its end. */
function measure(args: readonly string[]): Usage {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-bench-'));
  const report = join(folder, 'usage.json');
  const atExit = `
    const { writeFileSync } = require('node:fs');
    process.on('exit', () => {
      const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
      writeFileSync(${JSON.stringify(report)}, JSON.stringify({ cpu: userCPUTime + systemCPUTime, maxRSS }));
    });`;
  const start = args.length === 0 ? '' : "require('./dist/cli.cjs');";
  const node = ['-e', `${atExit}${start}`, '--', ...(args.length === 0 ? [] : ['cli', ...args])];
  const { stdout } = spawnSync(process.execPath, node, { encoding: 'utf8', maxBuffer: 2 ** 30 });
  const { cpu, maxRSS } = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(folder, { recursive: true });
  return { output: stdout, cpuSeconds: cpu / 1e6, megabytes: maxRSS / 1024 };
}

function linesOf<Line>(text: string): readonly Line[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}
