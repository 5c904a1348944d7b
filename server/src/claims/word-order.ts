/** English word order in claims: what a word means from the words that stand around it. */

import { isOperation, kindOfOperation, spelled } from './operations.ts';
import {
  ARTICLES,
  BARRIER_NOUNS,
  EDGES,
  ENDS,
  LIST_WORDS,
  PLACES,
  PURPOSES,
  STOPS_SEARCH,
} from './vocabulary.ts';
import type { Word } from './word.ts';

/** A place in the words after a phrase, and what was found before it. */
export interface Reading {
  readonly words: readonly Word[];
  readonly at: number;
  readonly partners: readonly { readonly label?: string }[];
  readonly described?: object;
  readonly direction?: 'above' | 'below';
}

/** "f() for shared sockets, and g()": the list goes on after a few words about f. */
export function listResumes(reading: Reading): boolean {
  const ahead = reading.words.slice(reading.at + 1, reading.at + 7);
  const comma = ahead.findIndex((word) => word.kind !== 'word');
  if (ahead[comma]?.kind !== 'join') return false;
  const joins = textAt(reading, reading.at + comma + 2);
  const next = ahead[comma + 2];
  return (joins === 'and' || joins === 'or') && next?.kind === 'name' && next.call;
}

/** "f() update in g()", "task_work_add() in g()": the partner is g. */
export function isFoundInAnother(reading: Reading, word: Word & { kind: 'name' }): boolean {
  for (let ahead = reading.at + 1; ahead <= reading.at + (word.call ? 3 : 5); ahead++) {
    const next = reading.words[ahead];
    if (next?.kind !== 'word') return false;
    const text = next.text.toLowerCase();
    if (text === 'in' || text === 'inside' || text === 'within')
      return namesFunction(reading, ahead + 1);
    if (LIST_WORDS.has(text) || STOPS_SEARCH.has(text)) return false;
  }
  return false;
}

function namesFunction(reading: Reading, at: number): boolean {
  const first = reading.words[at];
  const word = first?.kind === 'word' && ARTICLES.has(first.text) ? reading.words[at + 1] : first;
  return word?.kind === 'name' && !isOperation(spelled(word.names[0]!)) && !isConstant(word);
}

/** "the path from A() through B() to C()": only C is the partner. */
export function isOnRoute(reading: Reading): boolean {
  const before = previousText(reading);
  if (before !== 'from' && before !== 'through' && before !== 'via') return false;
  return reading.words
    .slice(reading.at + 1, reading.at + 8)
    .some(
      (word, index, ahead) =>
        word.kind === 'word' && word.text === 'to' && ahead[index + 1]?.kind === 'name',
    );
}

/** A bare name is a partner only where a function's name is expected. */
export function standsAsPlace(reading: Reading): boolean {
  if (reading.at === 0 || reading.partners.length > 0) return true;
  const before = reading.words[reading.at - 1]!;
  if (before.kind === 'join' || before.kind === 'object') return true;
  return (
    before.kind === 'word' && (PLACES.has(before.text.toLowerCase()) || isBarrierNoun(before.text))
  );
}

/** A letter is a label right after the phrase, in a list of labels, in brackets, or after "barrier" or the name of one. */
export function standsAsLabel(reading: Reading): boolean {
  if (reading.at === 0)
    return !/^[a-z]/.test(textAt(reading, 1)) || LIST_WORDS.has(textAt(reading, 1));
  const before = reading.words[reading.at - 1]!;
  if (before.kind === 'sign') return before.text === '(' && signAt(reading, reading.at + 1) === ')';
  if (before.kind === 'name' && isOperation(spelled(before.names[0]!))) return true;
  const isListed = before.kind === 'join' || LIST_WORDS.has(previousText(reading) ?? '');
  return (
    isBarrierNoun(previousText(reading) ?? '') ||
    (isListed && reading.partners.at(-1)?.label !== undefined)
  );
}

/** Whether the words from here on no longer say who the partner is. */
export function endsClaim(reading: Reading, lower: string): boolean {
  if (ENDS.has(lower)) return true;
  if (lower === 'and' && reading.direction !== undefined && reading.described !== undefined)
    return true;
  const next = textAt(reading, reading.at + 1);
  return (lower === 'to' && PURPOSES.has(next)) || (lower === 'for' && next.endsWith('ing'));
}

/** "at the end of the function": where in the function the partner stands. */
export function edgeOfFunction(reading: Reading, lower: string): 'above' | 'below' | undefined {
  const edge = EDGES.get(lower);
  const rest = [1, 2, 3].map((step) => textAt(reading, reading.at + step)).join(' ');
  return /^(?:of|in|inside) (?:the|this|same|our) function/.test(rest) ? edge : undefined;
}

/** `release` before a noun ("the release barrier", "release store") names no operation yet. */
export function isAdjective(reading: Reading): boolean {
  return isBarrierNoun(textAt(reading, reading.at + 1));
}

/** A name in capitals without parentheses: a constant or a label, no function. */
export function isConstant(word: Word & { kind: 'name' }): boolean {
  return !word.call && /^[A-Z0-9_]+$/.test(word.names[0]!);
}

/** The word before, articles skipped; empty for anything else. */
export function previousText(reading: Reading): string | undefined {
  const text = textAt(reading, reading.at - 1);
  return ARTICLES.has(text) ? textAt(reading, reading.at - 2) : text;
}

/** The word at a place in lower case; empty where a name or sign stands. */
export function textAt(reading: Reading, at: number): string {
  return textOf(reading.words[at]);
}

/** A word in lower case; empty for a name or a sign. */
export function textOf(word: Word | undefined): string {
  return word?.kind === 'word' ? word.text.toLowerCase() : '';
}

/** The sign at a place. */
export function signAt(reading: Reading, at: number): string | undefined {
  const word = reading.words[at];
  return word?.kind === 'sign' ? word.text : undefined;
}

/** What a claim calls its partner when it does not name it. */
export function isBarrierNoun(text: string): boolean {
  return BARRIER_NOUNS.has(text.toLowerCase());
}

/** A word or name for an operation that orders. */
export function isBarrierWord(word: Word): boolean {
  if (word.kind === 'name') return isOperation(spelled(word.names[0]!));
  return (
    word.kind === 'word' && (isBarrierNoun(word.text) || kindOfOperation(word.text) !== undefined)
  );
}
