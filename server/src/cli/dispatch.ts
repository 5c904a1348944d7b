/** The commands of `barrierlens`: finds one by its name, prints help, runs it. */

import { bounded, printableLines } from '../text/printable.ts';
import { type Command, EXIT, type ExitCode, isBadUse, type Output } from './command.ts';
import type { Described } from './described.ts';
import { oneLine } from './failure.ts';
import { VERSION } from './version.ts';

interface Entry {
  readonly name: string;
  readonly summary: string;
  /** Loaded only when it is called, so that one command does not pay for another. */
  readonly load: () => Promise<Command>;
}

const COMMANDS: readonly Entry[] = [
  {
    name: 'check',
    summary: 'warn about barriers that do not do what they are there for',
    load: async () => (await import('./check.ts')).check,
  },
  {
    name: 'pairs',
    summary: 'list the barriers of files and folders and who pairs with whom',
    load: async () => (await import('./pairs.ts')).pairs,
  },
  {
    name: 'explain',
    summary: 'say what the barrier at a line orders, with whom it pairs and why',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'prove',
    summary:
      'prove or refute the pairings of the barrier at a line on the real code of both functions',
    load: async () => (await import('./prove.ts')).prove,
  },
  {
    name: 'report',
    summary: 'findings, and for each barrier what it orders and with whom it pairs',
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'simulate',
    summary: 'run functions of a tree against each other as scenarios say (livepatch, or your own)',
    load: async () => (await import('./simulate.ts')).simulate,
  },
  {
    name: 'scenario',
    summary: 'begin a scenario for functions that run at the same time',
    load: async () => (await import('./scenario.ts')).scenario,
  },
  {
    name: 'litmus',
    summary: 'run litmus tests under the LKMM and print what herd7 prints',
    load: async () => (await import('./litmus.ts')).litmus,
  },
];

/** Runs `barrierlens ARGS`; returns the exit code: 0 clean, 1 findings, 2 bad use. Nothing in a file that is read,
 *  and no name of one, reaches the terminal as more than text. */
export async function dispatch(args: readonly string[], raw: Output): Promise<ExitCode> {
  const output: Output = {
    write: (text) => raw.write(printableLines(text)),
    warn: (text) => raw.warn(printableLines(bounded(text))),
  };
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h')
    return overview(rest[0], output);
  if (name === '--version' || name === '-V') {
    output.write(`barrierlens ${VERSION}\n`);
    return EXIT.clean;
  }
  if (name === 'completion') return completion(rest, output);
  if (name === 'manual') {
    const { manualPage } = await import('./manual.ts');
    output.write(manualPage(VERSION, await described()));
    return EXIT.clean;
  }
  const entry = COMMANDS.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    output.warn(`barrierlens: there is no command "${name}"; see barrierlens --help\n`);
    return EXIT.badUse;
  }
  return runCommand(entry, rest, output);
}

/** All commands with what they say of themselves. */
function described(): Promise<readonly Described[]> {
  return Promise.all(
    COMMANDS.map(async ({ name, summary, load }) => {
      const { usage, help } = await load();
      return { name, summary, usage, help };
    }),
  );
}

async function completion([given]: readonly string[], output: Output): Promise<ExitCode> {
  const { completionScript, SHELLS } = await import('./completion.ts');
  const shell = SHELLS.find((each) => each === given);
  if (shell === undefined) {
    output.warn(`usage: barrierlens completion ${SHELLS.join('|')}\n`);
    return EXIT.badUse;
  }
  output.write(completionScript(shell, await described()));
  return EXIT.clean;
}

async function runCommand(entry: Entry, args: readonly string[], output: Output) {
  const command = await entry.load();
  if (args.includes('--help') || args.includes('-h')) {
    output.write(`usage: barrierlens ${entry.name} ${command.usage}\n\n${command.help}`);
    return EXIT.clean;
  }
  try {
    return await command.run(args, output);
  } catch (error) {
    const usage = isBadUse(error) ? `usage: barrierlens ${entry.name} ${command.usage}\n` : '';
    output.warn(`barrierlens ${entry.name}: ${oneLine(error)}\n${usage}`);
    return EXIT.badUse;
  }
}

async function overview(of: string | undefined, output: Output): Promise<ExitCode> {
  const entry = COMMANDS.find((candidate) => candidate.name === of);
  if (entry !== undefined) return runCommand(entry, ['--help'], output);
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const rows = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`);
  output.write(
    `usage: barrierlens COMMAND [ARGUMENTS]\n\n${rows.join('')}\n` +
      'barrierlens COMMAND --help says more; barrierlens --version prints the version.\n' +
      'barrierlens manual prints the manual page (| man -l -), and\n' +
      'source <(barrierlens completion bash) lets bash complete commands and options; zsh as well.\n',
  );
  return EXIT.clean;
}
