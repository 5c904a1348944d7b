/**
 * The words of a comment: splits its prose into names of functions and primitives, labels, files and the
 * small words between them, each with its place. Linear: every character is looked at a bounded number of times.
 */

import type { Word } from './word.ts';
import { scanWord } from './word-scan.ts';

/** The words of `prose` in text order. */
export function wordsOf(prose: string): readonly Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < prose.length) {
    const { word, end } = scanWord(prose, at);
    if (word !== undefined) words.push(word);
    at = end;
  }
  return words;
}

/** The sentences of the prose: its words, cut behind each stop. */
export function sentencesOf(words: readonly Word[]): readonly (readonly Word[])[] {
  const sentences: Word[][] = [[]];
  for (const word of words) {
    sentences.at(-1)!.push(word);
    if (word.kind === 'stop') sentences.push([]);
  }
  return sentences.filter((sentence) => sentence.length > 0);
}
