/** The work that nobody waits for: reading the tree around open files, solving pairings, running scenarios. */

import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileSystem } from '../disk/file-system.ts';
import { isWithinAny } from '../disk/within.ts';
import type { Engine } from '../language-service/engine.ts';
import type { Change, Host } from '../language-service/host.ts';
import { type Indexed, indexTree } from '../language-service/index-tree.ts';
import { isKernelText, mayPair } from '../language-service/kernel-text.ts';
import { type FactsThread, startFactsThread } from '../language-service/node-facts-thread.ts';
import { createProofThread } from '../language-service/node-proof-thread.ts';
import type { Announcements } from './announcements.ts';
import type { Publisher } from './publisher.ts';
import { createScenarioFiles } from './scenario-files.ts';
import { createSimulating } from './simulating.ts';
import { createSolving } from './solving.ts';

export interface Background {
  /** Reads `nearest` and then `folder` (the user's, around it), each once in a session. */
  readonly index: (nearest: string, folder: string | undefined) => void;
  /** Facts changed: pairings and scenarios of open files are to be solved again, after a pause. */
  readonly changed: () => void;
  /** The editor has this text of a scenario, or none any more. */
  readonly scenario: (path: string, text: string | undefined) => void;
  /** A file changed on disk. */
  readonly reread: (path: string, apply: (changes: readonly Change[]) => void) => Promise<void>;
  readonly stop: () => void;
}

interface Parts {
  readonly announce: Announcements;
  readonly engine: Engine;
  readonly host: Host;
  readonly files: FileSystem;
  readonly publisher: Publisher;
  readonly open: ReadonlyMap<string, TextDocument>;
  /** Kernel trees that were found are added. */
  readonly kernels: Set<string>;
  /** The folders that the user has open. */
  readonly folders: ReadonlySet<string>;
}

const READING: Change = {
  kind: 'coverage',
  coverage: { extent: 'reading', elsewhere: new Set() },
};

/** Nothing is read yet. */
export function createBackground(parts: Parts): Background {
  const { announce, engine, host, files, publisher, open, kernels, folders } = parts;
  const read = new Set<string>();
  let indexing: Promise<void> = Promise.resolve();
  let running = 0;
  let stopped = false;

  const show = (paths: Iterable<string>) => {
    publisher.publish(host.snapshot(), paths);
    announce.lensesChanged();
  };

  let thread: FactsThread | undefined;

  const readTree = async (roots: readonly string[]) => {
    const { index } = host.snapshot().settings;
    if (!index.enable || stopped) return;
    const progress = announce.progress('BarrierLens', 'reading barriers');
    running++;
    thread ??= startFactsThread();
    host.apply([READING]);
    try {
      const request = { ...index, host, files, roots, cancelled: () => stopped };
      const done = await indexTree({
        ...request,
        readFacts: thread?.read ?? (async () => undefined),
        foundKernel: (root) => void kernels.add(root),
        progress: ({ analysed }) => {
          if (analysed % 10 === 0) progress.report(`${analysed} files with barriers`);
        },
      });
      logProblems(announce, done);
      simulating.found(done.scenarios);
      const detail = `${host.snapshot().files().length} files with barriers are known`;
      announce.status({ state: 'current', detail });
    } finally {
      running--;
      progress.done();
    }
    show([...host.snapshot().files(), ...open.keys()]);
    changed();
  };

  const solving = createSolving({
    host,
    proofs: createProofThread(engine, { isBehind: true }),
    focus: () => new Set(open.keys()),
    solved(touched) {
      show(touched);
      const detail = 'all pairings of the open files are solved';
      announce.status({ state: running > 0 ? 'running' : 'current', detail });
    },
  });

  const simulating = createSimulating({
    host,
    open: () => open.keys(),
    scenarios: createScenarioFiles({ host, files, folders: () => [...folders, ...kernels] }),
    show,
    report: (message) => announce.log('error', message),
  });

  const changed = () => {
    solving.changed();
    simulating.changed();
  };

  return {
    index(nearest, folder) {
      const roots = [nearest, ...(folder === undefined ? [] : [folder])].filter(
        (root) => !read.has(root),
      );
      for (const root of roots) read.add(root);
      if (roots.length === 0) return;
      announce.status({ state: 'running', detail: 'reading the files around' });
      indexing = indexing
        .then(() => readTree(roots))
        .catch((error: unknown) => announce.log('error', String(error)));
    },
    changed,
    scenario: simulating.edited,
    async reread(path, apply) {
      if (path.endsWith('.scenario')) {
        simulating.found(read.size > 0 ? [path] : []);
        return;
      }
      const text = await textWorthReading(path, parts, read.size > 0);
      if (text !== undefined) apply([{ kind: 'disk', path, text }]);
    },
    stop() {
      stopped = true;
      solving.stop();
      simulating.stop();
      thread?.stop();
    },
  };
}

/** The text of a file that changed, where it is known or, once a folder was read, worth knowing. */
async function textWorthReading(
  path: string,
  { host, files, kernels }: Pick<Parts, 'host' | 'files' | 'kernels'>,
  reads: boolean,
): Promise<string | undefined> {
  const known = host.snapshot().facts(path) !== undefined;
  const { maxFileSize } = host.snapshot().settings.index;
  const found = await files.readText(path, maxFileSize);
  if (!('value' in found)) return undefined;
  const inTree = isWithinAny(path, kernels);
  const worth = reads && mayPair(found.value) && isKernelText(found.value, inTree);
  return known || worth ? found.value : undefined;
}

function logProblems(announce: Announcements, { analysed, problems }: Indexed): void {
  announce.log('info', `read ${analysed} files with barriers`);
  for (const { path, message } of problems) announce.log('warn', `${path}: ${message}`);
}
