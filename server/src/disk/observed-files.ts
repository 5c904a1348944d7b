/** A file system that remembers what it was asked and what it saw, and whether all of that is still so. */

import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { FileSystem } from './file-system.ts';
import type { Read } from './read.ts';

/** What was seen, as plain data. Of files that had just been written the content counts, of others what git goes by:
 *  size, times and the file's number. */
export interface Observations {
  readonly texts: ReadonlyMap<string, string>;
  readonly folders: ReadonlyMap<string, string>;
  readonly existing: ReadonlyMap<string, boolean>;
}

export interface ObservedFiles {
  readonly files: FileSystem;
  readonly observations: () => Observations;
}

/** `files`, observed from now on. A text is read anew under each of its bounds, and counts once. */
export function observing(files: FileSystem): ObservedFiles {
  const texts = new Map<string, string>();
  const folders = new Map<string, string>();
  const existing = new Map<string, boolean>();
  return {
    observations: () => ({ texts, folders, existing }),
    files: {
      async readText(path, limit, within) {
        const before = stateOf(path);
        const read = await files.readText(path, limit, within);
        const key = JSON.stringify([path, limit, ...(within ?? [])]);
        texts.set(key, before ?? `content ${hashOf(read)}`);
        return read;
      },
      async list(path) {
        const listed = await files.list(path);
        folders.set(path, hashOf(listed));
        return listed;
      },
      async exists(path) {
        const exists = await files.exists(path);
        existing.set(path, exists);
        return exists;
      },
    },
  };
}

/** Whether `files` would show the same again. */
export async function isUnchanged(
  { texts, folders, existing }: Observations,
  files: FileSystem,
): Promise<boolean> {
  for (const [path, was] of existing) if ((await files.exists(path)) !== was) return false;
  for (const [path, was] of folders) if (hashOf(await files.list(path)) !== was) return false;
  for (const [key, was] of texts) {
    const [path, limit, ...within] = JSON.parse(key) as [string, number, ...string[]];
    if (!was.startsWith('content ')) {
      if (stateOf(path) !== was) return false;
      continue;
    }
    const read = await files.readText(path, limit, within.length === 0 ? undefined : within);
    if (`content ${hashOf(read)}` !== was) return false;
  }
  return true;
}

/** What is written within a few ticks of the clock can be written once more without a trace. */
const YOUNG = 2000;

/** What tells one state of a file from another without reading it; undefined where that does not tell. */
function stateOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  const latest = Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs));
  return Date.now() - latest < YOUNG ? undefined : [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

function hashOf(answer: Read<unknown>): string {
  return createHash('sha256').update(JSON.stringify(answer)).digest('hex');
}
