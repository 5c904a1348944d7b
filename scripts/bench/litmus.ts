/** The simulation core on all shared litmus tests and on the kernel's: `npm run bench -- litmus`. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linuxSource } from '../../test/support/linux-source.ts';
import { sharedData, WITHOUT_SHARED_DATA } from '../../test/support/shared-data.ts';
import { median, type Row, runSection } from '../bench-section.ts';
import { measured } from '../measured-process.ts';

interface Verdict {
  readonly path: string;
  readonly observation: string;
  readonly positive: number;
  readonly negative: number;
  readonly cpu_s: number;
}

interface Answer extends Omit<Verdict, 'cpu_s'> {
  readonly ms: number;
}

/** How often each of the kernel's tests is run. */
const ROUNDS = 7;

await runSection({ name: 'litmus', run });

async function run(): Promise<readonly Row[] | string> {
  const shared = sharedData('litmus');
  if (shared === undefined) return WITHOUT_SHARED_DATA;
  const linux = linuxSource();
  return [...allTests(shared), ...(linux === undefined ? [] : singleTests(linux))];
}

/** One process over everything, against what herd7 took on the same kind of machine. */
function allTests(shared: string): readonly Row[] {
  const lines = readFileSync(join(shared, 'verdicts.jsonl'), 'utf8').trim().split('\n');
  const verdicts = new Map(
    lines.map((line) => JSON.parse(line) as Verdict).map((one) => [join(shared, one.path), one]),
  );
  const { output, cpuSeconds, megabytes } = measured(['litmus', '--json', shared]);
  const answers = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer)
    .filter(({ path }) => verdicts.has(path));
  const theirs = [...verdicts.values()].reduce((sum, { cpu_s }) => sum + cpu_s, 0);
  const disagreeing = answers.filter((answer) => !agree(answer, verdicts.get(answer.path)));
  return [
    { what: 'tests', value: answers.length, unit: '' },
    { what: 'disagreements with herd7', value: disagreeing.length, unit: '', bar: { atMost: 0 } },
    { what: 'all tests, CPU', value: cpuSeconds, unit: 's', bar: { atMost: theirs / 50 } },
    { what: 'times as fast as herd7', value: theirs / cpuSeconds, unit: '', bar: { atLeast: 50 } },
    {
      what: 'slowest test',
      value: Math.max(...answers.map(({ ms }) => ms)) / 1000,
      unit: 's',
      bar: { atMost: 5 },
    },
    { what: 'memory', value: megabytes, unit: 'MB', bar: { atMost: 1000 } },
  ];
}

function agree(answer: Answer, verdict: Verdict | undefined): boolean {
  return (
    answer.observation === verdict?.observation &&
    answer.positive === verdict.positive &&
    answer.negative === verdict.negative
  );
}

/** Each of the kernel's tests as a process of its own, above what an empty Node process costs. Other work
 *  on the machine disturbs such short processes, so that each runs in turn with an empty one, in rounds. */
function singleTests(linux: string): readonly Row[] {
  const folder = join(linux, 'tools/memory-model/litmus-tests');
  const files = readdirSync(folder).filter((file) => file.endsWith('.litmus'));
  const spent = new Map<string, number[]>(files.map((file) => [file, []]));
  const empty: number[] = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const [file, times] of spent) {
      empty.push(measured(undefined).cpuSeconds);
      times.push(measured(['litmus', join(folder, file)]).cpuSeconds);
    }
  const above = [...spent].map(([file, times]) => ({
    file,
    milliseconds: (median(times) - median(empty)) * 1000,
  }));
  const worst = above.reduce((one, other) => (other.milliseconds > one.milliseconds ? other : one));
  const bar = { atMost: 40 };
  return [
    {
      what: 'one kernel test as a process, CPU above an empty Node, median',
      value: median(above.map(({ milliseconds }) => milliseconds)),
      unit: 'ms',
      bar,
      note: `${files.length} tests, the median of ${ROUNDS} runs of each`,
    },
    { what: 'the same, worst test', value: worst.milliseconds, unit: 'ms', bar, note: worst.file },
  ];
}
