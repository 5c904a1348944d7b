/** Where the project's parts are, and how a script calls another program. Scripts run in the project's root. */

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** The project's root folder. */
export const root = process.cwd();

/** The finished extension. */
export const extensionPackage = resolve(root, 'barrierlens.vsix');

/** A path as the user typed it: relative to where `npm run` was called, not to the project. */
export function userPath(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? root, path);
}

/** Runs a program with the script's own input and output; returns its exit status. */
export function run(program: string, args: readonly string[]): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.on('error', fail);
    child.on('close', (status) => done(status ?? 1));
  });
}

/** Runs a program in `folder`, with more of an `environment`, and keeps its output to itself; throws with the output where it fails. */
export function runQuietly(
  program: string,
  args: readonly string[],
  folder: string = root,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', fail);
    child.on('close', (status) => {
      if (status === 0) done();
      else fail(new Error(`${program} failed:\n${Buffer.concat(output)}`));
    });
  });
}
