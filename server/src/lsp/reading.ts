/** Reads the tree around open files into the host, and says how far that is. */

import type { FileSystem } from '../disk/file-system.ts';
import type { FileFacts } from '../facts/file-facts.ts';
import type { Engine } from '../language-service/engine.ts';
import type { Header } from '../language-service/headers.ts';
import type { Host } from '../language-service/host.ts';
import { type Indexed, indexTree } from '../language-service/index-tree.ts';
import { type FactsThread, startFactsThread } from '../language-service/node-facts-thread.ts';
import { countSources } from '../language-service/tree-scan.ts';
import type { Announcements } from './announcements.ts';
import type { Extent } from './extent.ts';
import { inGroups } from './groups.ts';
import type { StatusBoard } from './status.ts';

/** `opening`: a file still asks for what is done first; `reading`: files are read, or are to be. */
export type Progress = 'opening' | 'reading' | 'read';

export interface Reading {
  /** Reads what an opened file makes worth reading, behind what is read now and what the file asks for `first`; `folder` is the user's
   *  around it. */
  readonly opened: (path: string, folder: string | undefined, first?: Promise<void>) => void;
  readonly progress: () => Progress;
  /** The facts of a text, found in another thread where there is one. */
  readonly facts: (path: string, text: string, headers: readonly Header[]) => Promise<FileFacts>;
  readonly stop: () => void;
}

interface Parts {
  readonly announce: Announcements;
  readonly engine: Pick<Engine, 'facts'>;
  readonly host: Host;
  readonly files: FileSystem;
  readonly status: StatusBoard;
  readonly extent: Pick<Extent, 'rootsFor' | 'part'>;
  /** Kernel trees that were found are added. */
  readonly kernels: Set<string>;
  readonly isStopped: () => boolean;
  /** Told that more files were read: what is shown is to be found again. */
  readonly cameMore: () => void;
  /** Told when all that a file asked for was read: the scenarios that were met, or nothing where nothing was new. */
  readonly done: (scenarios: ReadonlySet<string> | undefined) => Promise<void>;
}

/** Nothing is read, and no thread runs, before it is asked for. */
export function createReading(parts: Parts): Reading {
  const { announce, engine, host, files, status, extent, kernels, isStopped, cameMore, done } =
    parts;
  let thread: FactsThread | undefined;
  let reading: Promise<void> = Promise.resolve();
  let opening = 0;
  let asked = 0;

  /** It keeps the headers that it was told, and what it has made of them. */
  const release = () => {
    thread?.stop();
    thread = undefined;
  };

  const facts: Reading['facts'] = async (path, text, headers) => {
    if (!isStopped()) thread ??= startFactsThread();
    return (await thread?.read(path, text, headers)) ?? engine.facts(path, text, headers);
  };

  const read = async (roots: readonly string[], isPart: boolean) => {
    const { settings, moment } = host.snapshot();
    const progress = announce.progress('BarrierLens', 'reading barriers');
    let total: number | undefined;
    const below = { files, roots, cancelled: isStopped };
    void countSources(below).then((count) => {
      total = count;
    });
    status.reading({ read: 0 });
    host.apply([{ kind: 'coverage', coverage: { ...moment.coverage, extent: 'reading' } }]);
    const groups = inGroups(host, cameMore);
    try {
      const found = await indexTree({
        ...settings.index,
        ...below,
        isPart,
        host: groups,
        readFacts: facts,
        foundKernel: (root) => void kernels.add(root),
        progress({ analysed, read: count }) {
          if (analysed % 10 === 0) progress.report(`${analysed} files with barriers`);
          status.reading({ read: count, ...(total !== undefined && { total }) });
        },
      });
      groups.snapshot();
      tellProblems(announce, status, found);
      return found.scenarios;
    } finally {
      groups.stop();
      status.reading();
      progress.done();
    }
  };

  const logged = (error: unknown) => announce.log('error', String(error));

  const readFor = async (path: string, folder: string | undefined) => {
    const roots = await extent.rootsFor(path, folder);
    return roots.length === 0 || isStopped()
      ? undefined
      : await read(roots, extent.part() !== undefined);
  };

  return {
    opened(path, folder, first = Promise.resolve()) {
      opening++;
      asked++;
      const isReady = first.catch(logged).finally(() => opening--);
      reading = reading
        .then(() => isReady)
        .then(() => readFor(path, folder))
        .catch(logged)
        .then((scenarios) => {
          asked--;
          if (asked === 0) release();
          return done(scenarios ?? undefined);
        })
        .catch(logged);
    },
    progress: () => (opening > 0 ? 'opening' : asked > 0 ? 'reading' : 'read'),
    facts,
    stop: release,
  };
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
