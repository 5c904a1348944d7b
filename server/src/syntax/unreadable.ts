/** What C that cannot be read was meant to be, where a misspelt keyword tells it. */

import type { Span } from '../text/span.ts';
import { keywordMeant } from './words.ts';

/** So much is looked at on each side of what cannot be read. */
const REACH = 200;

/** What is said of a place that cannot be read: the keyword that a word in front of another was meant to be, if any. */
export function unreadable(text: string, { start, end }: Span, said: string): string {
  const before = withoutComments(text.slice(Math.max(0, start - REACH), start));
  const after = withoutComments(text.slice(end, end + REACH));
  const from = Math.max(...[...';{}'].map((each) => before.lastIndexOf(each))) + 1;
  const behind = after.search(/[;{}]/);
  const statement = [
    before.slice(from),
    withoutComments(text.slice(start, end)),
    after.slice(0, behind < 0 ? after.length : behind),
  ].join('');
  for (const { 1: word = '' } of statement.matchAll(/\b([a-z_]+)\s+(?=[A-Za-z_])/g)) {
    const meant = keywordMeant(word);
    if (meant !== undefined) return `${said}: ${word}; ${meant}?`;
  }
  return said;
}

/** A piece of a text, which may begin and end inside a comment. */
function withoutComments(piece: string): string {
  const [open, close] = [piece.indexOf('/*'), piece.indexOf('*/')];
  const begin = close >= 0 && (open < 0 || close < open) ? close + 2 : 0;
  return piece.slice(begin).replace(/\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$)|\/\/.*/g, ' ');
}
