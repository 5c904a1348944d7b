/** Goes through the files below a folder: each folder once, in spite of symbolic links, and none outside of it. */

import { posix } from 'node:path';
import type { DirectoryEntry, FileSystem } from './file-system.ts';
import { isWithinAny, OUTSIDE } from './within.ts';

/** What a walk comes by, in order. */
export type Walked =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'problem'; readonly path: string; readonly message: string };

export interface WalkRequest {
  readonly files: Pick<FileSystem, 'list'>;
  readonly root: string;
  /** Folders to which links below the root may lead, besides the root itself. */
  readonly within?: readonly string[];
  readonly isWanted: (name: string) => boolean;
  /** Names that are passed over, of files and of folders. */
  readonly isSkipped?: (name: string) => boolean;
  /** Asked between folders; true ends the walk. */
  readonly cancelled?: () => boolean;
}

/** Enough folders for any tree; a bound against file systems without end. */
const MOST_FOLDERS = 20_000;

/** The wanted files below the root, a folder's own before those of its folders, by name; and what could not be
 *  read, whose rest goes on. */
export async function* walk(request: WalkRequest): AsyncGenerator<Walked> {
  const { files, root, isWanted, isSkipped = () => false, cancelled = () => false } = request;
  const opened = await realFolders(files, [root, ...(request.within ?? [])]);
  const isOutside = ({ target }: DirectoryEntry) =>
    target !== undefined && !isWithinAny(target, opened);
  const waiting = [root];
  const seen = new Set<string>();
  for (let at = 0; at < waiting.length; at++) {
    if (cancelled()) return;
    const folder = waiting[at]!;
    if (at === MOST_FOLDERS) {
      const message = `only the first ${MOST_FOLDERS} folders below it were read`;
      yield { kind: 'problem', path: root, message };
      return;
    }
    const listed = await files.list(folder);
    if ('problem' in listed) {
      yield { kind: 'problem', path: folder, message: listed.problem };
      continue;
    }
    if (seen.has(listed.value.real)) continue;
    seen.add(listed.value.real);
    for (const entry of listed.value.entries) {
      const isFolder = entry.kind === 'directory';
      if (isSkipped(entry.name) || !(isFolder || isWanted(entry.name))) continue;
      const path = posix.join(folder, entry.name);
      if (isOutside(entry)) yield { kind: 'problem', path, message: OUTSIDE };
      else if (isFolder) waiting.push(path);
      else yield { kind: 'path', path };
    }
  }
}

async function realFolders(
  files: Pick<FileSystem, 'list'>,
  folders: readonly string[],
): Promise<readonly string[]> {
  const listed = await Promise.all(folders.map((folder) => files.list(folder)));
  return listed.flatMap((each) => ('value' in each ? [each.value.real] : []));
}
