/**
 * The real editor, installed on first use into a cache outside the project: code-server (VS Code's own
 * workbench and extension host, served to a browser) and the Node that it needs, both from npm.
 */

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What it takes to start the editor. */
export interface Toolchain {
  /** The Node that runs it. */
  readonly node: string;
  /** code-server's entry. */
  readonly entry: string;
}

const NODE_MAJOR = '24';
const CODE_SERVER = '4.139.1';

/** Returns the installed editor, installing what is missing. Progress goes to `say`, a line at a time.
 *  Throws with a sentence for the user where the machine lacks something that npm cannot give. */
export async function editorToolchain(say: (line: string) => void): Promise<Toolchain> {
  const cache = join(
    process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    'barrierlens/editor',
  );
  const nodeFolder = join(cache, `node-${NODE_MAJOR}`);
  const release = join(
    nodeFolder,
    `node_modules/node/node_modules/node-${process.platform}-${process.arch}`,
  );
  const node = join(release, 'bin/node');
  await install(nodeFolder, `node@${NODE_MAJOR}`, 'about 120 MB', {}, say);

  const serverFolder = join(cache, `code-server-${CODE_SERVER}`);
  if (!isInstalled(serverFolder)) requireBuildTools();
  const environment = {
    // The headers of the Node that will run it: its native modules are compiled here.
    npm_config_nodedir: release,
    // Where npm runs this script, it says here that its own Node installs; code-server believes it.
    npm_config_user_agent: undefined,
    PATH: `${join(release, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
  };
  const size = 'about 620 MB, two minutes or more';
  await install(serverFolder, `code-server@${CODE_SERVER}`, size, environment, say);
  return { node, entry: join(serverFolder, 'node_modules/code-server/out/node/entry.js') };
}

/** Written when an install has come to its end, so that a broken one is made again. */
function marker(folder: string): string {
  return join(folder, 'installed');
}

function isInstalled(folder: string): boolean {
  return existsSync(marker(folder));
}

async function install(
  folder: string,
  what: string,
  size: string,
  environment: Readonly<NodeJS.ProcessEnv>,
  say: (line: string) => void,
): Promise<void> {
  if (isInstalled(folder)) return;
  say(`Installing ${what} (${size}) to ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await npmInstall(folder, what, environment, say);
  writeFileSync(marker(folder), `${what}\n`);
}

/** npm's own words go to a file; what is said is that it is still at work, every ten seconds. */
function npmInstall(
  folder: string,
  what: string,
  environment: Readonly<NodeJS.ProcessEnv>,
  say: (line: string) => void,
): Promise<void> {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const log = join(folder, 'npm.log');
  const clock = setInterval(() => say(`  ${what}: still at work after ${seconds()}`), 10_000);
  return new Promise((done, fail) => {
    const npm = spawn('npm', ['install', '--no-audit', '--no-fund', what], {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: Buffer[] = [];
    npm.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    npm.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    npm.on('error', fail);
    npm.on('close', (status) => {
      clearInterval(clock);
      writeFileSync(log, Buffer.concat(output));
      if (status === 0) say(`  ${what}: installed in ${seconds()}`);
      if (status === 0) done();
      else fail(new Error(`npm install ${what} failed; its last words:\n${lastLines(log)}`));
    });
  });
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
}

/** code-server compiles native modules when it is installed. */
function requireBuildTools(): void {
  const tools = ['python3', 'make', 'g++'].filter((tool) => findProgram([tool]) === undefined);
  const headers = ['/usr/include/gssapi.h', '/usr/include/gssapi/gssapi.h'];
  const missing = [
    ...tools,
    ...(process.platform === 'linux' && !headers.some(existsSync) ? ['libkrb5-dev'] : []),
  ];
  if (missing.length === 0) return;
  throw new Error(
    `The editor cannot be installed: missing ${missing.join(', ')}.\n` +
      'On Debian: apt-get install --no-install-recommends python3 make g++ libkrb5-dev',
  );
}

/** The first of `names` that is on the PATH, as a full path. */
export function findProgram(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}
