/** The disk under Node, as the language service asks for it. */

import { access, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Directory, DirectoryEntry, FileSystem, Read } from './file-system.ts';

export const nodeFileSystem: FileSystem = { readText, list, exists };

async function readText(path: string, limit: number): Promise<Read<string>> {
  try {
    const { size } = await stat(path);
    if (size > limit) return { problem: `not analysed: ${size} bytes, the limit is ${limit}` };
    return { value: await readFile(path, 'utf8') };
  } catch (error) {
    return { problem: reason(error) };
  }
}

async function list(path: string): Promise<Read<Directory>> {
  try {
    const { dev, ino } = await stat(path);
    const found = await readdir(path, { withFileTypes: true });
    const entries = await Promise.all(found.map((entry) => follow(path, entry)));
    return {
      value: {
        identity: `${dev}:${ino}`,
        entries: entries.flat().sort((a, b) => (a.name < b.name ? -1 : 1)),
      },
    };
  } catch (error) {
    return { problem: reason(error) };
  }
}

interface Dirent {
  readonly name: string;
  readonly isFile: () => boolean;
  readonly isDirectory: () => boolean;
  readonly isSymbolicLink: () => boolean;
}

/** The entry with symbolic links followed; none for sockets, devices and links to nowhere. */
async function follow(folder: string, entry: Dirent): Promise<readonly DirectoryEntry[]> {
  const target = entry.isSymbolicLink()
    ? await stat(join(folder, entry.name)).catch(() => undefined)
    : entry;
  if (target?.isDirectory()) return [{ name: entry.name, kind: 'directory' }];
  return target?.isFile() ? [{ name: entry.name, kind: 'file' }] : [];
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function reason(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'no permission to read it';
    case 'ELOOP':
      return 'a loop of symbolic links';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
