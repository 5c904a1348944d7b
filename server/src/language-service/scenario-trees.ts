/** Which scenarios speak of which trees, and the texts of these: the bundled ones around files, the user's where
 *  they stand. */

import { posix } from 'node:path';
import type { FileSystem } from '../disk/file-system.ts';
import { isWithinAny } from '../disk/within.ts';
import { CONFIGURATION_FILES, treeConfiguration } from '../lowering/configuration.ts';
import { allBundledScenarios, readText, scenarioReader } from '../scenario/load-library.ts';
import { loadScenario, type ReadScenario, scenariosAmong } from '../scenario/load-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { TreeTexts } from './simulate-tree.ts';

/** What scenarios of one kind ask of a tree: that it has these files. */
export interface ScenarioNeeds {
  readonly sources: readonly string[];
}

/** Where texts come from. */
export interface TreeReading {
  /** The present text of a file that is known; else it is read. */
  readonly textOf: (file: string) => string | undefined;
  /** The present text of a scenario that is not as on disk. */
  readonly unsaved?: ReadScenario;
  readonly files: FileSystem;
  readonly maxFileSize: number;
}

/** What the bundled scenarios ask, each set of files once. */
export function bundledNeeds(): readonly ScenarioNeeds[] {
  const needs = allBundledScenarios().flatMap((file) => {
    const { scenario } = loadScenario(file, readText);
    return scenario === undefined ? [] : needsOf(scenario);
  });
  return [...new Map(needs.map((each) => [JSON.stringify(each), each])).values()];
}

/** What the user's scenarios ask, those that are whole; `unsaved` gives the texts that are not as on disk. */
export function needsOfScenarios(
  scenarios: Iterable<string>,
  opened: readonly string[],
  unsaved: ReadScenario = NOTHING_UNSAVED,
): readonly ScenarioNeeds[] {
  return [...scenarios].flatMap((file) => {
    const { scenario } = loadScenario(file, readerOf(foldersAround(file, opened), unsaved));
    return scenario === undefined ? [] : needsOf(scenario);
  });
}

/** Of the user's files those that are scenarios, and no parts of others of them. */
export function ownScenarios(
  files: Iterable<string>,
  opened: readonly string[],
  unsaved: ReadScenario = NOTHING_UNSAVED,
): readonly string[] {
  return scenariosAmong([...new Set(files)], (file) =>
    readerOf(foldersAround(file, opened), unsaved),
  );
}

const NOTHING_UNSAVED: ReadScenario = () => undefined;

/** Reads what is unsaved as it is, all else from disk. */
function readerOf(within: readonly string[], unsaved: ReadScenario): ReadScenario {
  const read = scenarioReader(within);
  return (file) => unsaved(file) ?? read(file);
}

function foldersAround(file: string, opened: readonly string[]): readonly string[] {
  return opened.filter((folder) => isWithinAny(file, [folder]));
}

function needsOf({ sources }: Scenario): ScenarioNeeds {
  return { sources: sources.map(({ name }) => name) };
}

/** The roots below which `file` would be one of the sources. */
function rootsOf(file: string, { sources }: ScenarioNeeds): readonly string[] {
  return sources.flatMap((source) =>
    file.endsWith(`/${source}`) ? [file.slice(0, -source.length - 1)] : [],
  );
}

/** Whether some scenario names the file, by the end of its path. */
export function isNamed(file: string, needs: readonly ScenarioNeeds[]): boolean {
  return needs.some((each) => rootsOf(file, each).length > 0);
}

/** The trees around `open` that have every file that one of the kinds of scenarios asks for. */
export async function treesAround(
  open: Iterable<string>,
  needs: readonly ScenarioNeeds[],
  reading: TreeReading,
): Promise<readonly TreeTexts[]> {
  const trees: TreeTexts[] = [];
  const tried = new Set<string>();
  for (const file of open)
    for (const each of needs)
      for (const root of rootsOf(file, each)) {
        const key = JSON.stringify([root, each]);
        if (tried.has(key)) continue;
        tried.add(key);
        const texts = await textsBelow(root, each, reading);
        if (hasAll(texts, each)) trees.push({ root, texts });
      }
  return configured(joined(trees), reading);
}

/** The trees that the user's scenarios speak of: a scenario's is the nearest folder around it, within `opened`, below
 *  which all its files are; else that below which most are, where it will be said what is missing. */
export async function treesOfScenarios(
  scenarios: Iterable<string>,
  opened: readonly string[],
  reading: TreeReading,
): Promise<readonly TreeTexts[]> {
  const trees: TreeTexts[] = [];
  for (const file of scenarios) {
    const within = foldersAround(file, opened);
    const read = readerOf(within, reading.unsaved ?? NOTHING_UNSAVED);
    const text = read(file);
    if (text === undefined) continue;
    const { scenario } = loadScenario(file, read);
    const tree = scenario && (await treeOf(scenario, within, reading));
    const said = (scenario?.files ?? [{ file, text }]).map(
      (each) => [each.file, each.text] as const,
    );
    trees.push({
      root: tree?.root ?? posix.dirname(file),
      texts: tree?.texts ?? new Map(),
      scenarios: [file],
      said: new Map(said),
    });
  }
  return configured(joined(trees), reading);
}

async function treeOf(
  scenario: Scenario,
  opened: readonly string[],
  reading: TreeReading,
): Promise<TreeTexts | undefined> {
  const needs = needsOf(scenario);
  let most: TreeTexts | undefined;
  for (let root = posix.dirname(scenario.file); isWithinAny(root, opened); ) {
    const texts = await textsBelow(root, needs, reading);
    if (texts.size > (most?.texts.size ?? 0)) most = { root, texts };
    if (hasAll(texts, needs) || root === posix.dirname(root)) return most;
    root = posix.dirname(root);
  }
  return most;
}

/** The trees with what they say of their configuration. */
async function configured(
  trees: readonly TreeTexts[],
  reading: TreeReading,
): Promise<readonly TreeTexts[]> {
  const found: TreeTexts[] = [];
  for (const tree of trees) {
    const texts = new Map<string, string | undefined>();
    for (const file of CONFIGURATION_FILES)
      texts.set(file, await textBelow(tree.root, `${tree.root}/${file}`, reading));
    found.push({ ...tree, configuration: treeConfiguration((file) => texts.get(file)) });
  }
  return found;
}

/** The trees, those of the same root as one. */
export function joined(trees: readonly TreeTexts[]): readonly TreeTexts[] {
  const byRoot = new Map<string, TreeTexts>();
  for (const { root, texts, configuration, scenarios = [], said = new Map() } of trees) {
    const known = byRoot.get(root);
    byRoot.set(root, {
      root,
      texts: new Map([...(known?.texts ?? []), ...texts]),
      ...(configuration && { configuration }),
      scenarios: [...(known?.scenarios ?? []), ...scenarios],
      said: new Map([...(known?.said ?? []), ...said]),
    });
  }
  return [...byRoot.values()];
}

async function textsBelow(
  root: string,
  { sources }: ScenarioNeeds,
  reading: TreeReading,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const source of sources) {
    const text = await textBelow(root, `${root}/${source}`, reading);
    if (text !== undefined) texts.set(source, text);
  }
  return texts;
}

function hasAll(texts: ReadonlyMap<string, string>, { sources }: ScenarioNeeds): boolean {
  return sources.every((source) => texts.has(source));
}

async function textBelow(
  root: string,
  path: string,
  { textOf, files, maxFileSize }: TreeReading,
): Promise<string | undefined> {
  const text = textOf(path);
  if (text !== undefined) return text;
  const found = await files.readText(path, maxFileSize, [root]);
  return 'value' in found ? found.value : undefined;
}
