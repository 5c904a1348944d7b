/** The words that stand where the parser could not follow: a function of that name may be one that is being written. */

import type { FileFacts } from '../facts/file-facts.ts';
import type { FileMoment } from './moment.ts';

/** Whether the word stands in such a place of any file. */
export function isUnread(word: string, { tree, textOf }: FileMoment): boolean {
  for (const [file, facts] of tree.files)
    if (unreadWords(facts, textOf(file)).has(word)) return true;
  return false;
}

/** A name may stand so far before the place where the parser lost its way. */
const LEAD = 200;

const NONE: ReadonlySet<string> = new Set();

const known = new WeakMap<FileFacts, ReadonlySet<string>>();

function unreadWords(facts: FileFacts, text: string | undefined): ReadonlySet<string> {
  if (facts.problems.length === 0 || text === undefined) return NONE;
  const found = known.get(facts);
  if (found !== undefined) return found;
  const parts = facts.problems.map(({ span: { start, end } }) =>
    text.slice(Math.max(0, start - LEAD), end),
  );
  const words = new Set(parts.flatMap((part) => part.match(/\w+/g) ?? []));
  known.set(facts, words);
  return words;
}
