/** The scenarios of a session: the bundled ones, and those of the user's that were found; and the trees they speak of. */

import type { FileSystem } from '../disk/file-system.ts';
import { isWithinAny } from '../disk/within.ts';
import type { Host } from '../language-service/host.ts';
import type { NeedTable } from '../language-service/need-table.ts';
import {
  bundledNeeds,
  isNamed,
  joined,
  needsOfScenarios,
  ownScenarios,
  type ScenarioNeeds,
  type TreeReading,
  treesAround,
  treesOfScenarios,
} from '../language-service/scenario-trees.ts';
import type { TreeTexts } from '../language-service/simulate-tree.ts';

export interface ScenarioFiles {
  /** Scenarios of the user's that were found. */
  readonly add: (files: Iterable<string>) => void;
  /** The text of a scenario in the editor, until it is closed; returns the scenarios that are there by it. */
  readonly show: (file: string, text: string | undefined) => Iterable<string>;
  /** Reads what all of them ask of a tree, as they are now. */
  readonly read: () => void;
  /** Whether one of them names the file, as they were read last. */
  readonly isNamed: (file: string) => boolean;
  /** The trees around the open files that they speak of, with their texts. */
  readonly treesAround: (open: readonly string[]) => Promise<readonly TreeTexts[]>;
  /** What the user's scenarios do not answer, a message each with its place. */
  readonly unanswered: (table: NeedTable) => readonly string[];
}

/** None of the user's is known yet; they may read from the `folders`. */
export function createScenarioFiles(parts: {
  readonly host: Host;
  readonly files: FileSystem;
  readonly folders: () => readonly string[];
}): ScenarioFiles {
  const { host, files, folders } = parts;
  const own = new Set<string>();
  let bundled: readonly ScenarioNeeds[] | undefined;
  let needs: readonly ScenarioNeeds[] = [];
  const buffers = new Map<string, string>();
  const unsaved = (file: string) => buffers.get(file);
  const wanted = () => {
    const { excluded } = host.snapshot().settings;
    return [...own].filter((file) => !isWithinAny(file, excluded));
  };
  return {
    add(found) {
      for (const file of found) own.add(file);
    },
    show(file, text) {
      if (text === undefined) buffers.delete(file);
      else buffers.set(file, text);
      return buffers.has(file) ? [file] : [];
    },
    read() {
      bundled ??= bundledNeeds();
      needs = [...bundled, ...needsOfScenarios(wanted(), folders(), unsaved)];
    },
    isNamed: (file) => isNamed(file, needs),
    async treesAround(open) {
      bundled ??= bundledNeeds();
      const { settings, moment } = host.snapshot();
      const { maxFileSize } = settings.index;
      const reading: TreeReading = { textOf: moment.textOf, unsaved, files, maxFileSize };
      const scenarios = ownScenarios(wanted(), folders(), unsaved);
      const trees = await treesOfScenarios(scenarios, folders(), reading);
      return joined([
        ...(await treesAround(open, bundled, reading)),
        ...trees.filter((tree) => open.some((path) => isIn(path, tree))),
      ]);
    },
    unanswered: (table) =>
      table.unanswered
        .filter(({ scenarios }) => scenarios.some((each) => own.has(each)))
        .map(({ file, line, message }) => `${file}:${line}: ${message}`),
  };
}

function isIn(path: string, { root, texts }: TreeTexts): boolean {
  return path.startsWith(`${root}/`) && texts.has(path.slice(root.length + 1));
}
