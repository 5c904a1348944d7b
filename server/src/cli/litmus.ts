/** `barrierlens litmus`: runs litmus tests under the LKMM and prints what herd7 prints. */

import { makeFolder } from '../disk/write-text.ts';
import { BadUse, type Command, EXIT, Failure, type Output, readArguments } from './command.ts';
import { testsOf } from './litmus-files.ts';
import { type LitmusRun, type RunOptions, runLitmusFile } from './litmus-run.ts';

export const litmus: Command = {
  usage:
    '[FILE|DIR|@LIST]... [--json] [--states] [-j N] [--time-limit S] [--model DIR] [--dot|--svg DIR]',
  help: `Runs each litmus test FILE, those below each DIR, and those named in each LIST,
and prints final states, counts and observation as herd7 does.

  --json          a line of JSON for each test instead
  --states        with --json: the final states themselves, too
  -j N            on N threads
  --time-limit S  give a test up after S seconds; its answer is then unknown
  --model DIR     under the .bell, .cat and .def of DIR (a kernel's tools/memory-model)
  --dot DIR       write an execution that decides the condition as DIR/NAME.dot
  --svg DIR       the same as DIR/NAME.svg
  -conf FILE      accepted for herd's sake, and ignored

Exit code: 0; 1 where a test or a folder cannot be read, or a picture not be
written; 2 for bad use.
`,
  async run(args, output) {
    const { paths, options } = readArguments(withoutConfiguration(args), {
      json: 'boolean',
      states: 'boolean',
      j: 'string',
      'time-limit': 'string',
      model: 'string',
      dot: 'string',
      svg: 'string',
    });
    if (paths.length === 0) throw new BadUse('no litmus test is named');
    let hasUnread = false;
    const unread = (path: string, why: string) => {
      hasUnread = true;
      output.warn(`${path}: ${why}\n`);
    };
    const files: string[] = [];
    for (const path of paths) files.push(...(await testsOf(path, unread)));
    for (const folder of [options.dot, options.svg]) {
      const problem = folder === undefined ? undefined : makeFolder(folder);
      if (problem !== undefined) throw new Failure(problem);
    }
    const runOptions: RunOptions = {
      form: options.json !== true ? 'text' : options.states === true ? 'json-states' : 'json',
      seconds: numberOf('--time-limit', options['time-limit']),
      model: options.model,
      dot: options.dot,
      svg: options.svg,
    };
    const threads = numberOf('-j', options.j) ?? 1;
    const show = (result: LitmusRun) => report(result, output);
    const failed =
      threads === 1
        ? await runHere(files, runOptions, show)
        : await (await import('./litmus-threads.ts')).runOnThreads(
            files,
            runOptions,
            threads,
            show,
          );
    return failed || hasUnread ? EXIT.findings : EXIT.clean;
  },
};

/** herd's options are words after a single dash; `-j` becomes one of ours. */
function withoutConfiguration(args: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const argument = args[at]!;
    const jobs = /^-j(\d*)$/.exec(argument);
    if (argument === '-conf') at++;
    else if (jobs !== null) kept.push('--j', jobs[1] === '' ? (args[++at] ?? '') : jobs[1]!);
    else kept.push(argument);
  }
  return kept;
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text === '' || !(value > 0)) throw new BadUse(`${option} needs a number, not "${text}"`);
  return value;
}

async function runHere(
  files: readonly string[],
  options: RunOptions,
  show: (result: LitmusRun) => void,
): Promise<boolean> {
  let failed = false;
  for (const file of files) {
    const result = await runLitmusFile(file, options);
    show(result);
    failed ||= result.failed;
  }
  return failed;
}

function report({ out, err }: LitmusRun, output: Output): void {
  if (out !== '') output.write(out);
  if (err !== '') output.warn(err);
}
