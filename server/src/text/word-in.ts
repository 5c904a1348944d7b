/** Whole words of a text. */

import type { Span } from './span.ts';

/** Where a word stands first in a part of a text; undefined where it does not. */
export function wordIn(
  text: string,
  word: string,
  { start, end }: Span = { start: 0, end: text.length },
): Span | undefined {
  for (let at = text.indexOf(word, start); at !== -1; at = text.indexOf(word, at + 1)) {
    const stop = at + word.length;
    if (stop > end) return undefined;
    if (!isLetter(text[at - 1]) && !isLetter(text[stop])) return { start: at, end: stop };
  }
  return undefined;
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character);
}
