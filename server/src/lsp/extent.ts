/** How much of the user's folders is read: a folder whole, or, of one that is too large, the folders of the files that were opened. */

import { basename, dirname } from 'node:path';
import type { FileSystem } from '../disk/file-system.ts';
import { isWithinAny } from '../disk/within.ts';
import type { Host } from '../language-service/host.ts';
import { countSources, scenariosBelow } from '../language-service/tree-scan.ts';

export interface Extent {
  /** What is to be read for an opened file, in this order; what was named before is not named again. `folder` is the user's around it. */
  readonly rootsFor: (path: string, folder: string | undefined) => Promise<readonly string[]>;
  /** Whether something was named. */
  readonly hasBegun: () => boolean;
  /** Whether a file lies in a folder of the user's that is only read in part, and in no part of it that was named. */
  readonly isLeftOut: (path: string) => boolean;
  /** What is only read in part, in a sentence. */
  readonly part: () => string | undefined;
}

/** Nothing is named yet. `found` is told the scenarios in the rest of a folder that is read in part. */
export function createExtent(parts: {
  readonly files: FileSystem;
  readonly host: Pick<Host, 'snapshot'>;
  readonly found: (scenarios: ReadonlySet<string>) => void;
  readonly isStopped: () => boolean;
}): Extent {
  const { files, host, found, isStopped } = parts;
  const named = new Set<string>();
  const large = new Set<string>();
  const walking = { files, cancelled: isStopped };

  const isLarge = async (folder: string, most: number): Promise<boolean> =>
    (await countSources({ ...walking, roots: [folder] }, most)) > most;

  const partOf = async (path: string, most: number): Promise<string> =>
    (await isLarge(dirname(path), most)) ? path : dirname(path);

  const readInPart = async (folder: string) => {
    if (large.has(folder)) return;
    large.add(folder);
    found(await scenariosBelow(walking, folder));
  };

  const isLeftOut = (path: string) => isWithinAny(path, large) && !isWithinAny(path, named);

  return {
    async rootsFor(path, folder) {
      const { enable, maxFiles } = host.snapshot().settings.index;
      if (!enable) return [];
      const isWhole =
        folder === undefined || named.has(folder) || !(await isLarge(folder, maxFiles));
      if (isWhole) large.delete(folder ?? '');
      else void readInPart(folder);
      const wanted = isWhole
        ? [dirname(path), ...(folder === undefined ? [] : [folder])]
        : [await partOf(path, maxFiles)];
      const roots = wanted.filter((root) => !isWithinAny(root, named));
      for (const root of roots) named.add(root);
      return [...new Set(roots)];
    },
    hasBegun: () => named.size > 0,
    isLeftOut,
    part() {
      const [folder] = large;
      if (folder === undefined) return undefined;
      return `Of ${basename(folder)}, which has more C files than barrierlens.index.maxFiles, the folders of the open files are read, and what speaks of the same fields around them. All of it is read with a higher limit, or by barrierlens check.`;
    },
  };
}
