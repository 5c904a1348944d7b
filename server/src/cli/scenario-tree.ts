/** A tree on disk as scenarios see it: the files they name, parsed once. */

import { readdirSync } from 'node:fs';
import { dirname, join, parse as pathParts } from 'node:path';
import { LARGEST_TEXT, readText } from '../disk/read-text.ts';
import { isWithin } from '../disk/within.ts';
import { loadParser } from '../language-service/node-engine.ts';
import { treeConfiguration } from '../lowering/configuration.ts';
import type { LoweringRequest, SourceText } from '../lowering/lowering.ts';
import type { SourceTree } from '../scenario/scenario-request.ts';
import { parseKernelC } from '../syntax/parse.ts';

/** The tree below `root`; its files go by their paths below it, and nothing outside of it is read. Rejects where
 *  the grammar is missing. */
export async function scenarioTree(root: string): Promise<SourceTree> {
  const parser = await loadParser();
  const known = new Map<string, SourceText>();
  const parse: LoweringRequest['parse'] = (file, text, place) => {
    if (place !== undefined) return { file, text, parsed: parseKernelC(parser, text, place) };
    const key = `${file}\n${text}`;
    const source = known.get(key) ?? { file, text, parsed: parseKernelC(parser, text) };
    known.set(key, source);
    return source;
  };
  const textOf = (path: string): string | undefined => {
    const read = readText(join(root, path), LARGEST_TEXT, [root]);
    return 'value' in read ? read.value : undefined;
  };
  return {
    source: (path) => {
      const text = textOf(path);
      return text === undefined ? undefined : parse(path, text);
    },
    configuration: treeConfiguration(textOf),
    beside: (path) => filesIn(root, dirname(path)),
    parse,
  };
}

/** The files of a folder that is or lies below `root`, by their paths below it. */
function filesIn(root: string, folder: string): readonly string[] {
  if (!isWithin(join(root, folder), root)) return [];
  try {
    return readdirSync(join(root, folder)).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Where scenarios may include from: the folders of those that were named, the tree, and the working directory
 *  where one of them lies below it. */
export function openedFolders(scenarios: readonly string[], root: string): readonly string[] {
  const here = process.cwd();
  const isInside = here !== pathParts(here).root && scenarios.some((file) => isWithin(file, here));
  return [root, ...scenarios.map((file) => dirname(file)), ...(isInside ? [here] : [])];
}
