/** Folders that a flow may change at will: copies outside the project, gone when the flow ends. */

import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

export interface Workspace {
  /** The folder that the editor opens. */
  readonly folder: string;
  remove(): void;
}

/** The headers that livepatch's types and helpers come from. */
const HEADERS = ['livepatch', 'list', 'rculist', 'rcupdate', 'ftrace', 'sched', 'thread_info'];

/** A small kernel tree with the livepatch code of the sources at `linux`, opened at `kernel/livepatch`. */
export function livepatchWorkspace(linux: string): Workspace {
  const root = temporaryFolder();
  for (const mark of ['Kbuild', 'Kconfig', 'MAINTAINERS']) writeFileSync(join(root, mark), '');
  copy(linux, root, 'kernel/livepatch');
  for (const header of HEADERS) copy(linux, root, `include/linux/${header}.h`);
  return workspace(root, 'kernel/livepatch');
}

/** A copy of a folder of the project. */
export function copyOf(folder: string): Workspace {
  const root = temporaryFolder();
  cpSync(folder, join(root, basename(folder)), { recursive: true });
  return workspace(root, basename(folder));
}

/** A folder of the given files. */
export function workspaceOf(files: Readonly<Record<string, string>>): Workspace {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return workspace(root, '.');
}

function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'barrierlens-workspace-')));
}

function copy(from: string, to: string, part: string): void {
  cpSync(join(from, part), join(to, part), { recursive: true });
}

function workspace(root: string, folder: string): Workspace {
  return {
    folder: join(root, folder),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
