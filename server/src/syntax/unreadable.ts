/** What C that cannot be read was meant to be, where a misspelt keyword tells it. */

import type { Span } from '../text/span.ts';
import { keywordMeant } from './words.ts';

/** So much is looked at on each side of what cannot be read. */
const REACH = 200;

/** What is said of a place that cannot be read: the keyword that a word in front of another was meant to be, if any. */
export function unreadable(text: string, { start, end }: Span, said: string): string {
  const before = text.slice(Math.max(0, start - REACH), start);
  const after = text.slice(end, end + REACH);
  const from =
    start - before.length + Math.max(...[...';{}'].map((each) => before.lastIndexOf(each))) + 1;
  const behind = after.search(/[;{}]/);
  const to = behind < 0 ? end + after.length : end + behind;
  for (const { 1: word = '' } of text.slice(from, to).matchAll(/\b([a-z_]+)\s+(?=[A-Za-z_])/g)) {
    const meant = keywordMeant(word);
    if (meant !== undefined) return `${said}: ${word}; ${meant}?`;
  }
  return said;
}
