/** The work that nobody waits for: reading the tree around open files, solving pairings, running scenarios. */

import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileSystem } from '../disk/file-system.ts';
import { isWithinAny } from '../disk/within.ts';
import { breathe } from '../language-service/breathe.ts';
import type { Engine } from '../language-service/engine.ts';
import type { Change, Host, TablesFor } from '../language-service/host.ts';
import { isKernelText, mayPair } from '../language-service/kernel-text.ts';
import { createProofThread } from '../language-service/node-proof-thread.ts';
import type { Announcements } from './announcements.ts';
import { createExtent, type Extent } from './extent.ts';
import type { Publisher } from './publisher.ts';
import { createReading, type Reading } from './reading.ts';
import { createScenarioFiles, type ScenarioFiles } from './scenario-files.ts';
import { createSimulating } from './simulating.ts';
import { createSolving } from './solving.ts';
import { createStatusBoard } from './status.ts';

export interface Background {
  readonly reading: Pick<Reading, 'opened' | 'facts'>;
  readonly extent: Pick<Extent, 'isLeftOut' | 'part'>;
  /** Facts changed: pairings and scenarios of open files are to be solved again, after a pause. */
  readonly changed: () => void;
  /** These scenarios of the user's are there. */
  readonly found: (scenarios: readonly string[]) => void;
  /** The editor has this text of a scenario, or none any more. */
  readonly scenario: (path: string, text: string | undefined) => void;
  /** A file changed on disk. */
  readonly reread: (path: string, apply: (changes: readonly Change[]) => void) => Promise<void>;
  /** The trees around files of which scenarios speak. */
  readonly treesAround: ScenarioFiles['treesAround'];
  /** What scenarios were found to say of the texts. */
  readonly tablesFor: TablesFor;
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
  /** Where scenarios may be read: the folders that the user has open, and those of the project's scenarios. */
  readonly folders: () => readonly string[];
}

/** Nothing is read yet. */
export function createBackground(parts: Parts): Background {
  const { announce, engine, host, files, publisher, open, kernels, folders } = parts;
  let stopped = false;
  const isStopped = () => stopped;
  const extent = createExtent({ host, files, isStopped, found: (all) => simulating.found(all) });
  const status = createStatusBoard({
    announce,
    snapshot: host.snapshot,
    open: () => open.keys(),
    warnings: publisher.warnings,
    part: extent.part,
  });

  const show = (paths: Iterable<string>) => {
    publisher.publish(host.snapshot(), paths);
    announce.lensesChanged();
    status.changed();
  };

  const reading = createReading({
    ...parts,
    status,
    extent,
    isStopped,
    cameMore() {
      solving.cameMore();
      status.cameMore();
      announce.lensesChanged();
    },
    async done(scenarios) {
      changed();
      if (scenarios === undefined) return;
      simulating.found(scenarios);
      show(open.keys());
      await publishEach(parts, isStopped);
    },
  });

  const solving = createSolving({
    host,
    proofs: createProofThread(engine, { isBehind: true }),
    focus: () => new Set(open.keys()),
    progress: () => reading.progress(),
    solved: show,
    someSolved: announce.lensesChanged,
    left: status.proving,
  });

  const scenarios = createScenarioFiles({ host, files, folders: () => [...folders(), ...kernels] });
  const simulating = createSimulating({
    host,
    open: () => open.keys(),
    scenarios,
    show,
    running: status.simulating,
    unanswered: status.unanswered,
    log: (message) => announce.log('error', message),
    report(message) {
      announce.log('error', message);
      status.trouble(message);
    },
  });

  const changed = () => {
    status.changed();
    solving.changed();
    simulating.changed();
  };

  return {
    reading,
    extent,
    changed,
    found: simulating.found,
    scenario: simulating.edited,
    treesAround: scenarios.treesAround,
    tablesFor: simulating.tablesFor,
    async reread(path, apply) {
      if (path.endsWith('.scenario')) {
        simulating.found(extent.hasBegun() ? [path] : []);
        return;
      }
      const text = await textWorthReading(path, parts, extent);
      if (text !== undefined) apply([{ kind: 'disk', path, text }]);
    },
    stop() {
      stopped = true;
      status.stop();
      solving.stop();
      simulating.stop();
      reading.stop();
    },
  };
}

/** A file at a time, so that a question is answered in between. */
async function publishEach(
  { host, publisher }: Pick<Parts, 'host' | 'publisher'>,
  isStopped: () => boolean,
): Promise<void> {
  for (const path of host.snapshot().files()) {
    await breathe();
    if (!isStopped()) publisher.publish(host.snapshot(), [path]);
  }
}

/** The text of a file that changed, where it is known or, once a folder was read, worth knowing. */
async function textWorthReading(
  path: string,
  { host, files, kernels }: Pick<Parts, 'host' | 'files' | 'kernels'>,
  extent: Pick<Extent, 'hasBegun' | 'isLeftOut'>,
): Promise<string | undefined> {
  const known = host.snapshot().facts(path) !== undefined;
  const { index, operations } = host.snapshot().settings;
  const found = await files.readText(path, index.maxFileSize);
  if (!('value' in found)) return undefined;
  const inTree = isWithinAny(path, kernels);
  const isRead = extent.hasBegun() && !extent.isLeftOut(path);
  const worth =
    isRead && mayPair(found.value, operations.names) && isKernelText(found.value, inTree);
  return known || worth ? found.value : undefined;
}
