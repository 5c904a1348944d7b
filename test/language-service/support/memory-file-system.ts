/** A disk made of a table, for tests of what is read and in which order. */

import { posix } from 'node:path';
import type { FileSystem } from '../../../server/src/disk/file-system.ts';
import { isWithinAny, OUTSIDE } from '../../../server/src/disk/within.ts';

export interface MemoryFileSystem extends FileSystem {
  /** The paths whose text was read, in order. */
  readonly reads: readonly string[];
}

/** Files by absolute path; `unreadable` folders and files answer with a problem; `links` make a folder
 *  appear at another place too. */
export function memoryFileSystem(
  files: Readonly<Record<string, string>>,
  odd: {
    readonly unreadable?: readonly string[];
    readonly links?: Readonly<Record<string, string>>;
  } = {},
): MemoryFileSystem {
  const reads: string[] = [];
  const links = odd.links ?? {};
  const real = (path: string): string => {
    const link = Object.keys(links).find((each) => path === each || path.startsWith(`${each}/`));
    return link === undefined ? path : real(links[link]! + path.slice(link.length));
  };
  const all = [...Object.keys(files), ...Object.keys(links)];
  const isFolder = (path: string) => all.some((file) => file.startsWith(`${path}/`));
  return {
    reads,
    async readText(given, limit, within) {
      const path = real(given);
      if (within !== undefined && !isWithinAny(path, within.map(real))) return { problem: OUTSIDE };
      reads.push(given);
      const text = files[path];
      if (odd.unreadable?.includes(path) || text === undefined)
        return { problem: 'no permission to read it' };
      return text.length > limit ? { problem: 'too large' } : { value: text };
    },
    async list(given) {
      const path = real(given);
      if (odd.unreadable?.includes(path) || !isFolder(path))
        return { problem: 'no permission to read it' };
      const names = new Set(
        all
          .filter((file) => file.startsWith(`${path}/`))
          .map((file) => file.slice(path.length + 1).split('/')[0]!),
      );
      const entries = [...names].sort().map((name) => {
        const target = real(posix.join(path, name));
        const kind = isFolder(target) ? 'directory' : 'file';
        return { name, kind, ...(target !== posix.join(path, name) && { target }) } as const;
      });
      return { value: { real: path, entries } };
    },
    async exists(given) {
      const path = real(given);
      return path in files || isFolder(path);
    },
  };
}
