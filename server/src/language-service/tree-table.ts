/** The page of all that scenarios say of a tree of texts, as `barrierlens simulate --html` shows it of one on disk. */

import { type TransitionTable, transitionTable } from '../proof/transition-table.ts';
import { allBundledScenarios, readText } from '../scenario/load-library.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/span.ts';
import { loadParser } from './node-engine.ts';
import { parsedTexts } from './parsed-texts.ts';
import { sourceTree, type TreeTexts } from './simulate-tree.ts';
import { type Page, pageOf } from './table-page.ts';

/** So many texts are kept parsed while the page is made. */
const MOST_TEXTS = 5000;

/** The page, whose files go by their paths below the root of the tree; undefined where no scenario speaks of it. Rejects where
 *  the C grammar is missing. */
export async function pageOfTree(asked: TreeTexts): Promise<Page | undefined> {
  const parse = parsedTexts(await loadParser(), MOST_TEXTS);
  const tree = sourceTree(asked, parse, parse);
  const read = (file: string) => asked.said?.get(file) ?? readText(file);
  const files = [...allBundledScenarios(), ...(asked.scenarios ?? [])];
  const table: TransitionTable = transitionTable(files, read, tree, new Map());
  const textOf = (file: string) => asked.texts.get(file) ?? read(file);
  const lines = new Map<string, LineIndex>();
  const show = ({ file, span }: Place) => {
    const index = lines.get(file) ?? new LineIndex(textOf(file) ?? '');
    lines.set(file, index);
    return `${file}:${index.position(span.start).line + 1}`;
  };
  return table.answers.length === 0 ? undefined : pageOf(table, tree, textOf, show);
}
