/** The labels by which comments name the sites they stand at: `A` of "A matches D", `f:X` of `LMM(f:X)`. */

import type { Word } from './word.ts';
import { isBarrierNoun, textOf } from './word-order.ts';

/** The labels by which the words of a comment name its own site. */
export function labelsIn(words: readonly Word[]): readonly string[] {
  const legend = labelPairs(words);
  const labels = words.flatMap((_, at) => labelAt(words, at) ?? []);
  return [...new Set(labels)].filter((label) => legend.size <= 1 || !legend.has(label));
}

/** The labels of which the comment says with whom they pair. One that says it of several explains them
 *  all ("where A pairs with D, and B pairs with C") and is about no site of its own. */
export function labelPairs(words: readonly Word[]): ReadonlySet<string> {
  const pairs = words.flatMap((_, at) => {
    const label = letterAt(words, at);
    if (label === undefined) return [];
    const end = pairingEnd(words, label.end);
    const other = end === undefined ? undefined : letterAt(words, end);
    return other === undefined ? [] : [label.letter];
  });
  return new Set(pairs);
}

/** The label that the comment gives its site in the words at `at`. */
function labelAt(words: readonly Word[], at: number): string | undefined {
  const word = words[at]!;
  if (word.kind === 'label') return word.isBorne ? word.label : undefined;
  const before = words[at - 1];
  if (word.kind === 'name') return isNamedFor(words, at) ? word.names[0] : undefined;
  const found = letterAt(words, at);
  if (found === undefined) return undefined;
  const { letter, end } = found;
  const isFirst = before === undefined;
  if (isFirst && (found.isBracketed || isBreak(words[end]))) return letter;
  const isSet = isFirst || isBreak(before) || isBarrier(before);
  if (isSet && pairingEnd(words, end) !== undefined) return letter;
  return isBarrier(before) && opensBarrier(words, at - 1) ? letter : undefined;
}

/** `See SEM_BARRIER_1 for purpose/pairing`: a label that several sites bear. */
function isNamedFor(words: readonly Word[], at: number): boolean {
  const word = words[at]!;
  const isConstant =
    word.kind === 'name' && !word.call && word.names[0]!.includes('_') && isCapital(word.names[0]!);
  return isConstant && textOf(words[at - 1]) === 'see' && textOf(words[at + 1]) === 'for';
}

interface Letter {
  readonly letter: string;
  /** The word behind it and its brackets. */
  readonly end: number;
  readonly isBracketed: boolean;
}

/** `A`, `(A)` or `A1` at a place. Without brackets "I" is no label. */
function letterAt(words: readonly Word[], at: number): Letter | undefined {
  const isOpen = isSign(words[at], '(');
  const word = words[isOpen ? at + 1 : at];
  if (word?.kind !== 'word' || !isLetter(word.text)) return undefined;
  const isBracketed = isOpen && isSign(words[at + 2], ')');
  if (isOpen !== isBracketed || (!isBracketed && isSign(words[at - 1], '('))) return undefined;
  return isBracketed || word.text[0] !== 'I'
    ? { letter: word.text, end: isBracketed ? at + 3 : at + 1, isBracketed }
    : undefined;
}

/** A capital, with a digit or without. */
export function isLetter(text: string): boolean {
  const [first = '', second = '0', ...rest] = text;
  return first >= 'A' && first <= 'Z' && second >= '0' && second <= '9' && rest.length === 0;
}

/** Behind "matches", "pairs with" or "is paired with" at `at`, over a comma. */
function pairingEnd(words: readonly Word[], at: number): number | undefined {
  let end = words[at]?.kind === 'join' ? at + 1 : at;
  if (textOf(words[end]) === 'is' && textOf(words[end + 1]) === 'paired') end++;
  else if (!MATCHES.has(textOf(words[end]))) return undefined;
  return textOf(words[end + 1]) === 'with' ? end + 2 : end + 1;
}

const MATCHES: ReadonlySet<string> = new Set(['matches', 'matchees', 'pairs']);

/** "Barrier (A)", "implicit memory barrier A": not "the barrier (A) in f()", which is another's. */
function opensBarrier(words: readonly Word[], at: number): boolean {
  const before = words[at - 1];
  return before === undefined || before.kind === 'stop' || OWN_BARRIER.has(textOf(words[at - 1]));
}

const OWN_BARRIER: ReadonlySet<string> = new Set(['full', 'implicit', 'implied', 'memory']);

/** What a label can stand between. */
function isBreak(word: Word | undefined): boolean {
  if (word === undefined || word.kind === 'stop' || word.kind === 'join') return true;
  return word.kind === 'sign' && (word.text === ':' || word.text === '-');
}

function isBarrier(word: Word | undefined): boolean {
  return word?.kind === 'word' && isBarrierNoun(word.text);
}

function isSign(word: Word | undefined, text: string): boolean {
  return word?.kind === 'sign' && word.text === text;
}

function isCapital(name: string): boolean {
  return name.toUpperCase() === name;
}
