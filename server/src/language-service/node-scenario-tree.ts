/** A tree on disk as scenarios see it: the files they name, read and parsed once. */

import { dirname, join } from 'node:path';
import { LARGEST_TEXT, namesIn, readText } from '../disk/read-text.ts';
import { isWithin } from '../disk/within.ts';
import { treeConfiguration } from '../lowering/configuration.ts';
import type { LoweringRequest, SourceText } from '../lowering/lowering.ts';
import type { SourceTree } from '../scenario/scenario-request.ts';
import { parseKernelC } from '../syntax/parse.ts';
import { loadParser } from './node-engine.ts';

/** The tree below `root` as it is while one question is answered; its files go by their paths below it, and nothing outside of it
 *  is read. What is `present` of a file, by its whole path, counts instead of what is on disk. Rejects where the grammar is missing. */
export async function scenarioTree(
  root: string,
  present: (path: string) => string | undefined = () => undefined,
): Promise<SourceTree> {
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
    const whole = join(root, path);
    const read = readText(whole, LARGEST_TEXT, [root]);
    return present(whole) ?? ('value' in read ? read.value : undefined);
  };
  const sources = new Map<string, SourceText | undefined>();
  return {
    source: (path) => {
      if (!sources.has(path)) {
        const text = textOf(path);
        sources.set(path, text === undefined ? undefined : parse(path, text));
      }
      return sources.get(path);
    },
    configuration: treeConfiguration(textOf),
    beside: (path) => filesIn(root, dirname(path)),
    parse,
  };
}

/** The files of a folder that is or lies below `root`, by their paths below it. */
function filesIn(root: string, folder: string): readonly string[] {
  const whole = join(root, folder);
  return isWithin(whole, root) ? namesIn(whole).map((name) => join(folder, name)) : [];
}
