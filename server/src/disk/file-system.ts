/** The disk as the language service sees it: a few questions that a shell answers. Nothing here throws. */

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
}

/** What listing a folder gave; `identity` tells the same folder reached by two ways (symbolic links). */
export interface Directory {
  readonly identity: string;
  readonly entries: readonly DirectoryEntry[];
}

/** An answer, or why there is none. */
export type Read<Value> = { readonly value: Value } | { readonly problem: string };

export interface FileSystem {
  /** The text of a file of at most `limit` bytes. */
  readonly readText: (path: string, limit: number) => Promise<Read<string>>;
  /** Symbolic links are followed; entries that are neither file nor folder are left out. */
  readonly list: (path: string) => Promise<Read<Directory>>;
  readonly exists: (path: string) => Promise<boolean>;
}
