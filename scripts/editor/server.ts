/** Starts the real editor on this machine, with the extension installed, and stops it. */

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Toolchain } from './toolchain.ts';

export interface EditorOptions {
  /** The .vsix to install. */
  readonly extension: string;
  /** Holds the editor's settings, extensions and logs; made where it is missing. */
  readonly data: string;
  /** More settings of the user's. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** More environment for the editor and all that it starts. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunningEditor {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The process that runs it, which ends when the editor does. */
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** No gallery, no telemetry, no updates: the editor talks to this machine alone. */
const QUIET_FLAGS = [
  '--auth=none',
  '--disable-telemetry',
  '--disable-update-check',
  '--disable-workspace-trust',
  '--disable-getting-started-override',
];

const USER_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'files.autoSave': 'off',
  'editor.minimap.enabled': false,
};

/** Installs the extension and starts the editor on a free port of 127.0.0.1; resolves when it answers. */
export async function startEditor(
  tools: Toolchain,
  options: EditorOptions,
): Promise<RunningEditor> {
  const user = join(options.data, 'user');
  mkdirSync(join(user, 'User'), { recursive: true });
  writeFileSync(
    join(user, 'User/settings.json'),
    JSON.stringify({ ...USER_SETTINGS, ...options.settings }, null, 2),
  );
  const folders = ['--user-data-dir', user, '--extensions-dir', join(options.data, 'extensions')];

  const installing = launch(tools, [...folders, '--install-extension', options.extension], options);
  const status = await ended(installing);
  if (status !== 0) throw new Error(`the extension could not be installed; see ${logOf(options)}`);

  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const child = launch(tools, [...QUIET_FLAGS, ...folders, '--bind-addr', address], options);
  const url = `http://${address}`;
  await answering(url, child, options);
  return { url, process: child, stop: () => stop(child) };
}

/** The address of a folder in a running editor. */
export function folderUrl(editor: string, folder: string): string {
  return `${editor}/?folder=${encodeURIComponent(folder)}`;
}

function logOf({ data }: EditorOptions): string {
  return join(data, 'code-server.log');
}

function launch(tools: Toolchain, args: readonly string[], options: EditorOptions): ChildProcess {
  const log = createWriteStream(logOf(options), { flags: 'a' });
  const child = spawn(tools.node, [tools.entry, ...args], {
    env: { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout?.pipe(log);
  child.stderr?.pipe(log);
  return child;
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const end = ended(child);
  child.kill('SIGTERM');
  await end;
}

/** A port that nobody listened on a moment ago. */
function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') done(address.port);
        else fail(new Error('no free port'));
      });
    });
  });
}

/** Asks until the editor answers; fails when it ends or a minute has passed. */
async function answering(url: string, child: ChildProcess, options: EditorOptions): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resume) => setTimeout(resume, 100));
  }
  await stop(child);
  throw new Error(`the editor did not start; see ${logOf(options)}`);
}
