/** The disk under Node, as the language service asks for it: nothing waits for a slow disk. */

import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { access, type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Directory, DirectoryEntry, FileSystem } from './file-system.ts';
import { problemOf, type Read } from './read.ts';
import { readText as readTextAtOnce } from './read-text.ts';
import { OPEN_TO_READ, tooLarge, whyNoFile } from './readable.ts';
import { isWithinAny, OUTSIDE } from './within.ts';

export const nodeFileSystem: FileSystem = { readText, list, exists };

/** The same for who has nothing else to do meanwhile: a tree is read in a third of the work. */
export const waitingFileSystem: FileSystem = {
  readText: async (path, limit, within) => readTextAtOnce(path, limit, within),
  list: async (path) => listAtOnce(path),
  exists: async (path) => existsSync(path),
};

async function readText(
  path: string,
  limit: number,
  within?: readonly string[],
): Promise<Read<string>> {
  try {
    const real = within === undefined ? path : await realpath(path);
    if (within !== undefined && !isWithinAny(real, await realFolders(within)))
      return { problem: OUTSIDE };
    const stats = await stat(real);
    const refused = whyNoFile(stats) ?? (stats.size > limit ? tooLarge(limit) : undefined);
    if (refused !== undefined) return { problem: refused };
    const file = await open(real, OPEN_TO_READ);
    const bytes = await firstBytes(file, limit + 1, stats.size).finally(() => file.close());
    return bytes.length > limit ? { problem: tooLarge(limit) } : { value: bytes.toString('utf8') };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/** One that is not there has nothing in it. */
function realFolders(folders: readonly string[]): Promise<readonly string[]> {
  return Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
}

const PART = 1 << 16;

/** At most `most` bytes: `size`, which the system tells, only says how much is asked for at first. */
async function firstBytes(file: FileHandle, most: number, size: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let left = most, next = size + 1; left > 0; next = PART) {
    const part = Buffer.allocUnsafe(Math.min(left, next));
    const { bytesRead } = await file.read(part, 0, part.length, null);
    if (bytesRead === 0) break;
    parts.push(part.subarray(0, bytesRead));
    left -= bytesRead;
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

async function list(path: string): Promise<Read<Directory>> {
  try {
    const real = await realpath(path);
    const found = await readdir(path, { withFileTypes: true });
    const entries = await Promise.all(found.map((entry) => follow(path, entry)));
    return { value: { real, entries: byName(entries.flat()) } };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function listAtOnce(path: string): Read<Directory> {
  try {
    const real = realpathSync.native(path);
    const found = readdirSync(path, { withFileTypes: true });
    const entries = found.flatMap((entry) => followAtOnce(path, entry));
    return { value: { real, entries: byName(entries) } };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function followAtOnce(folder: string, entry: Dirent): readonly DirectoryEntry[] {
  const { name } = entry;
  if (!entry.isSymbolicLink()) return entryOf(entry, { name });
  try {
    const target = realpathSync.native(join(folder, name));
    return entryOf(statSync(target), { name, target });
  } catch {
    return [];
  }
}

function byName(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

interface Dirent {
  readonly name: string;
  readonly isFile: () => boolean;
  readonly isDirectory: () => boolean;
  readonly isSymbolicLink: () => boolean;
}

/** The entry with symbolic links followed; none for sockets, devices and links to nowhere. */
async function follow(folder: string, entry: Dirent): Promise<readonly DirectoryEntry[]> {
  const { name } = entry;
  if (!entry.isSymbolicLink()) return entryOf(entry, { name });
  try {
    const target = await realpath(join(folder, name));
    return entryOf(await stat(target), { name, target });
  } catch {
    return [];
  }
}

function entryOf(
  what: Pick<Dirent, 'isFile' | 'isDirectory'>,
  entry: Omit<DirectoryEntry, 'kind'>,
): readonly DirectoryEntry[] {
  if (what.isDirectory()) return [{ ...entry, kind: 'directory' }];
  return what.isFile() ? [{ ...entry, kind: 'file' }] : [];
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
