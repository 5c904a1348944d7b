/** Which trees around the open files the bundled scenarios could speak of, and the texts of their files. */

import type { FileSystem } from '../disk/file-system.ts';
import { bundledScenarios, readText } from '../scenario/load-library.ts';
import { loadScenario } from '../scenario/load-scenario.ts';
import type { TreeTexts } from './simulate-tree.ts';

/** What scenarios of one kind ask of a tree: that it has these files, and these functions in them. */
export interface ScenarioNeeds {
  readonly sources: readonly string[];
  readonly applies: readonly string[];
}

/** What the bundled scenarios ask, each set of files and functions once. */
export function bundledNeeds(): readonly ScenarioNeeds[] {
  const needs = bundledScenarios().flatMap((file) => {
    const { scenario } = loadScenario(file, readText);
    return scenario === undefined
      ? []
      : { sources: namesOf(scenario.sources), applies: namesOf(scenario.applies) };
  });
  return [...new Map(needs.map((each) => [JSON.stringify(each), each])).values()];
}

function namesOf(said: readonly { readonly name: string }[]): readonly string[] {
  return said.map(({ name }) => name);
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

/** The trees around `open` that have every file and, as far as their words tell, every function that one of
 *  the kinds of scenarios asks for. The present text of a file comes from `textOf`, else from the disk. */
export async function treesAround(
  open: Iterable<string>,
  needs: readonly ScenarioNeeds[],
  textOf: (file: string) => string | undefined,
  files: FileSystem,
  maxFileSize: number,
): Promise<readonly TreeTexts[]> {
  const trees = new Map<string, TreeTexts>();
  const tried = new Set<string>();
  const readIn = (root: string) => async (path: string) => {
    const text = textOf(path);
    if (text !== undefined) return text;
    const found = await files.readText(path, maxFileSize, [root]);
    return 'value' in found ? found.value : undefined;
  };
  for (const file of open)
    for (const each of needs)
      for (const root of rootsOf(file, each)) {
        const key = JSON.stringify([root, each]);
        if (tried.has(key)) continue;
        tried.add(key);
        const texts = await textsBelow(root, each, readIn(root));
        if (texts === undefined) continue;
        const known = trees.get(root)?.texts ?? [];
        trees.set(root, { root, texts: new Map([...known, ...texts]) });
      }
  return [...trees.values()];
}

async function textsBelow(
  root: string,
  { sources, applies }: ScenarioNeeds,
  read: (path: string) => Promise<string | undefined>,
): Promise<ReadonlyMap<string, string> | undefined> {
  const texts = new Map<string, string>();
  for (const source of sources) {
    const text = await read(`${root}/${source}`);
    if (text === undefined) return undefined;
    texts.set(source, text);
  }
  const all = [...texts.values()];
  const isThere = (name: string) => all.some((text) => text.includes(name));
  return applies.every(isThere) ? texts : undefined;
}
