/**
 * Mutated input: `npm run fuzz [-- SECONDS [SEED]]` changes kernel C, litmus tests, models and scenarios at random and asks the
 * command line about each, and says to the language server what no editor would. Wanted is an exit status of 0 to 2, or an answer
 * to each request, within 10 s of CPU and 1 GB; what gives another is kept.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { type Case, casesOf } from './fuzz/cases.ts';
import { mutated, numbersFrom } from './fuzz/mutate.ts';
import { protocolFuzz } from './fuzz/protocol.ts';

const CPU_SECONDS = 10;
const MEGABYTES = 1024;
const KEPT = 'test-results/fuzz';

/** One of so many inputs is a session of the protocol. */
const SESSIONS = 5;

/** What the thread says of an input; undefined where all is well. */
interface Report {
  readonly problem: string | undefined;
}

interface Question {
  readonly args: readonly string[];
  /** Whether the input is as it was: then it can be read. */
  readonly isWhole: boolean;
}

async function answer({ args, isWhole }: Question): Promise<string | undefined> {
  const { dispatch } = await import('../server/src/cli/dispatch.ts');
  const texts: string[] = [];
  const code: number = await dispatch(args, {
    write: () => undefined,
    warn: (text) => texts.push(text),
  });
  const failure = texts.find((text) =>
    /RangeError|TypeError|Maximum call|is not a function|Cannot read prop/.test(text),
  );
  if (failure !== undefined) return failure.trim();
  const isGood = code === 0 || code === 1 || (code === 2 && !isWhole);
  return isGood ? undefined : `exit status ${code} ${texts.join('')}`;
}

/** The thread: an answer for each question, one after the other. */
function serve(): void {
  const port = parentPort!;
  port.on('message', (question: Question) => {
    void answer(question).then(
      (problem) => port.postMessage({ problem } satisfies Report),
      (error: unknown) => port.postMessage({ problem: String(error) } satisfies Report),
    );
  });
}

/** Asks one question of the thread; the problem is also that it dies, or works on for too long. */
function ask(worker: Worker, question: Question): Promise<string | undefined> {
  return new Promise((resolve) => {
    const before = process.cpuUsage();
    const timer = setInterval(() => {
      const { user, system } = process.cpuUsage(before);
      if ((user + system) / 1e6 > CPU_SECONDS) end(`more than ${CPU_SECONDS} s of CPU`);
    }, 500);
    const answered = ({ problem }: Report) => end(problem);
    const failed = (error: Error) => end(String(error));
    const ended = (code: number) => end(`the thread ended with ${code}`);
    const end = (problem: string | undefined) => {
      clearInterval(timer);
      worker.off('message', answered).off('error', failed).off('exit', ended);
      resolve(problem);
    };
    worker.on('message', answered).on('error', failed).on('exit', ended);
    worker.postMessage(question);
  });
}

function newWorker(): Worker {
  return new Worker(new URL(import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
  });
}

function keep({ name }: Pick<Case, 'name'>, text: string, at: string, problem: string): void {
  const folder = join(KEPT, at);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'problem.txt'), `${problem}\n`);
  console.log(`${join(folder, name)}: ${problem}`);
}

async function fuzz(seconds: number, seed: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-fuzz-'));
  const cases = casesOf(folder);
  const end = Date.now() + seconds * 1000;
  const server = protocolFuzz();
  let worker = newWorker();
  let count = 0;
  let sessions = 0;
  let problems = 0;
  const readable = new Set<Case>();
  for (; Date.now() < end; count++) {
    const random = numbersFrom(seed + count);
    const one = cases[random(cases.length)]!;
    const text = mutated(one.text, cases[random(cases.length)]!.text, random);
    if (random(SESSIONS) === 0) {
      sessions++;
      const messages = server.messages(text, random);
      const problem = await server.tell(messages);
      if (problem === undefined) continue;
      problems++;
      keep({ name: 'messages.json' }, JSON.stringify(messages), String(seed + count), problem);
      continue;
    }
    if (!readable.has(one)) {
      const problem = await ask(worker, { args: one.args, isWhole: true });
      if (problem !== undefined) throw new Error(`${one.path} as it is: ${problem}`);
      readable.add(one);
    }
    writeFileSync(one.path, text);
    const problem = await ask(worker, { args: one.args, isWhole: false });
    writeFileSync(one.path, one.text);
    if (problem === undefined) continue;
    problems++;
    keep(one, text, String(seed + count), problem);
    await worker.terminate();
    worker = newWorker();
  }
  await worker.terminate();
  server.stop();
  rmSync(folder, { recursive: true });
  console.log(
    `seed ${seed}: ${count} inputs, ${sessions} of them sessions, ${problems} with a problem`,
  );
  process.exitCode = problems === 0 ? 0 : 1;
}

if (isMainThread) {
  const [seconds = '60', seed = String(Date.now() % 1_000_000_000)] = process.argv.slice(2);
  await fuzz(Number(seconds), Number(seed));
} else serve();
