/** A file system in which some files have other texts than on the disk, are there in addition, or are not there. */

import { posix } from 'node:path';
import type { DirectoryEntry, FileSystem } from './file-system.ts';
import { tooLarge } from './readable.ts';

/** By path: the text of a file; undefined of one that is not there. */
export type Overlay = ReadonlyMap<string, string | undefined>;

export function overlaid(files: FileSystem, overlay: Overlay): FileSystem {
  const made = (path: string): readonly DirectoryEntry[] =>
    [...overlay].flatMap(([file, text]) =>
      text !== undefined && posix.dirname(file) === path
        ? [{ name: posix.basename(file), kind: 'file' as const }]
        : [],
    );
  return {
    async readText(path, limit, within) {
      if (!overlay.has(path)) return files.readText(path, limit, within);
      const text = overlay.get(path);
      if (text === undefined) return { problem: 'no such file or folder' };
      return text.length > limit ? { problem: tooLarge(limit) } : { value: text };
    },
    async list(path) {
      const listed = await files.list(path);
      if ('problem' in listed) return listed;
      const { real, entries } = listed.value;
      const left = entries.filter(({ name }) => !overlay.has(posix.join(path, name)));
      const all = [...left, ...made(path)].sort((a, b) => (a.name < b.name ? -1 : 1));
      return { value: { real, entries: all } };
    },
    exists: async (path) =>
      overlay.has(path) ? overlay.get(path) !== undefined : files.exists(path),
  };
}
