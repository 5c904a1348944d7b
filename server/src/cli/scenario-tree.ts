/** A tree on disk as scenarios see it: the files they name, parsed once. */

import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadParser } from '../language-service/node-engine.ts';
import type { SourceText } from '../lowering/lowering.ts';
import { readText } from '../scenario/load-library.ts';
import type { SourceTree } from '../scenario/scenario-request.ts';
import { parseKernelC } from '../syntax/parse.ts';

/** The tree below `root`; its files go by their paths below it. Rejects where the grammar is missing. */
export async function scenarioTree(root: string): Promise<SourceTree> {
  const parser = await loadParser();
  const known = new Map<string, SourceText>();
  const parse = (file: string, text: string): SourceText => {
    const key = `${file}\n${text}`;
    const source = known.get(key) ?? { file, text, parsed: parseKernelC(parser, text) };
    known.set(key, source);
    return source;
  };
  return {
    source: (path) => {
      const text = readText(join(root, path));
      return text === undefined ? undefined : parse(path, text);
    },
    beside: (path) => filesIn(root, dirname(path)),
    parse,
  };
}

/** The files of a folder below `root`, by their paths below it. */
function filesIn(root: string, folder: string): readonly string[] {
  try {
    return readdirSync(join(root, folder)).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
