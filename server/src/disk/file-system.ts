/** The disk as the language service sees it: a few questions that a shell answers. Nothing here throws. */

import type { Read } from './read.ts';

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
  /** Of a symbolic link: the path without links of what it leads to. */
  readonly target?: string;
}

/** What listing a folder gave. */
export interface Directory {
  /** Its path without symbolic links: the same for a folder that is reached by two ways. */
  readonly real: string;
  readonly entries: readonly DirectoryEntry[];
}

export interface FileSystem {
  /** The text of a regular file of at most `limit` bytes. With `within`, only of one that lies below one of
   *  these folders, symbolic links followed: whatever a file names is read so. */
  readonly readText: (
    path: string,
    limit: number,
    within?: readonly string[],
  ) => Promise<Read<string>>;
  /** Symbolic links are followed; entries that are neither file nor folder are left out. */
  readonly list: (path: string) => Promise<Read<Directory>>;
  readonly exists: (path: string) => Promise<boolean>;
}
