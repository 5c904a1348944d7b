/**
 * Asks herd7 for its answers to the tests that are exported for the bundled scenarios: `npm run herd-answers`. It
 * takes the `herd7` of the path and the model of a Linux 6.1 tree, asks only what has no answer yet, each test for a
 * minute at most, and says where an answer is not ours.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ANSWERS_FILE,
  exportsOf,
  isAnswerTo,
  ownAnswer,
  readAnswers,
  storedAnswer,
  testsOf,
} from '../test/support/herd-answers.ts';
import { linuxSource, WITHOUT_LINUX, WITHOUT_LINUX_6_12 } from '../test/support/linux-source.ts';

const linux = linuxSource();
const newer = linuxSource('6.12');
if (linux === undefined) throw new Error(WITHOUT_LINUX);
if (newer === undefined) throw new Error(WITHOUT_LINUX_6_12);
const model = join(linux, 'tools/memory-model');

const tests = new Map(
  exportsOf({ '6.1': linux, '6.12': newer }).flatMap((each) => [...testsOf(each)]),
);
const answers = new Map(
  [...readAnswers()].filter(([id, answer]) => isAnswerTo(answer, tests.get(id) ?? '')),
);
for (const [id, text] of tests) {
  const answer = answers.get(id) ?? ask(id, text);
  if (answer !== undefined) store(id, answer);
}
for (const [id, answer] of answers) {
  const own = ownAnswer(tests.get(id)!);
  if (own === answer) continue;
  console.error(`${id}: herd7 says ${answer}, we say ${own}`);
  process.exitCode = 1;
}
console.log(`${answers.size} of ${tests.size} tests have an answer of herd7.`);

/** Answers are stored as they come: what was asked before an interruption is not asked again. */
function store(id: string, answer: string): void {
  answers.set(id, answer);
  const lines = [...answers].map((row) => `${row.join(' ')}\n`);
  writeFileSync(ANSWERS_FILE, lines.sort().join(''));
}

/** What herd7 says to a test. Its exit status is 0 also where it could not read it: then it observes nothing. */
function ask(id: string, text: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-herd7-'));
  try {
    const file = join(folder, 'asked.litmus');
    writeFileSync(file, text);
    const { stdout, error } = spawnSync('herd7', ['-conf', 'linux-kernel.cfg', file], {
      cwd: model,
      encoding: 'utf8',
      timeout: 60_000,
    });
    const word = /^Observation \S+ (\w+)/m.exec(stdout ?? '')?.[1];
    const states = /^States (\d+)$/m.exec(stdout ?? '')?.[1];
    const counts = /^Positive: (\d+) Negative: (\d+)$/m.exec(stdout ?? '');
    if (word !== undefined && states !== undefined && counts !== null)
      return storedAnswer(text, word, [Number(states), Number(counts[1]), Number(counts[2])]);
    console.error(`${id}: herd7 has no answer (${error?.message ?? stdout})`);
    process.exitCode = 1;
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
