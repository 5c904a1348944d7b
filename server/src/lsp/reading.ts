/** Reads the tree around open files into the host, and says how far that is. */

import type { FileSystem } from '../disk/file-system.ts';
import type { Change, Host } from '../language-service/host.ts';
import { type Indexed, indexTree } from '../language-service/index-tree.ts';
import { type FactsThread, startFactsThread } from '../language-service/node-facts-thread.ts';
import { countSources } from '../language-service/tree-scan.ts';
import type { Announcements } from './announcements.ts';
import type { StatusBoard } from './status.ts';

export interface Reading {
  /** Resolves when all below the roots that matters was read. */
  readonly read: (roots: readonly string[]) => Promise<void>;
  readonly stop: () => void;
}

interface Parts {
  readonly announce: Announcements;
  readonly host: Host;
  readonly files: FileSystem;
  readonly status: StatusBoard;
  /** Kernel trees that were found are added. */
  readonly kernels: Set<string>;
  readonly isStopped: () => boolean;
  /** Told that more files were read. */
  readonly cameMore: () => void;
  /** Told the scenarios that were met, when all was read. */
  readonly done: (scenarios: ReadonlySet<string>) => void;
}

const READING: Change = {
  kind: 'coverage',
  coverage: { extent: 'reading', elsewhere: new Set() },
};

/** Nothing is read, and no thread runs, before it is asked for. */
export function createReading(parts: Parts): Reading {
  const { announce, host, files, status, kernels, isStopped, cameMore, done } = parts;
  let thread: FactsThread | undefined;

  const read = async (roots: readonly string[]) => {
    const { index } = host.snapshot().settings;
    if (!index.enable || isStopped()) return;
    const progress = announce.progress('BarrierLens', 'reading barriers');
    let total: number | undefined;
    const asked = { files, roots, cancelled: isStopped };
    void countSources(asked).then((count) => {
      total = count;
    });
    status.reading({ read: 0 });
    thread ??= startFactsThread();
    host.apply([READING]);
    try {
      const found = await indexTree({
        ...index,
        ...asked,
        host,
        readFacts: thread?.read ?? (async () => undefined),
        foundKernel: (root) => void kernels.add(root),
        progress({ analysed, read: count }) {
          if (analysed % 10 === 0) progress.report(`${analysed} files with barriers`);
          status.reading({ read: count, ...(total !== undefined && { total }) });
          cameMore();
        },
      });
      tellProblems(announce, status, found);
      done(found.scenarios);
    } finally {
      status.reading();
      progress.done();
    }
  };

  return { read, stop: () => thread?.stop() };
}

function tellProblems(
  announce: Announcements,
  status: StatusBoard,
  { analysed, problems }: Indexed,
): void {
  announce.log('info', `read ${analysed} files with barriers`);
  for (const { path, message } of problems) {
    announce.log('warn', `${path}: ${message}`);
    status.trouble(`${path}: ${message}`);
  }
}
