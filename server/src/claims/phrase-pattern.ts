/** Patterns of words: how the rows of the table of phrases are written, and where they match. */

import type { Word } from './word.ts';
import { isBarrierWord } from './word-order.ts';

/** One item of a pattern. */
interface Item {
  /** The item need not be there. */
  readonly isOptional: boolean;
  readonly accepts: (word: Word) => boolean;
  /** How many words it takes at most, as few as possible; one where it is absent. */
  readonly gap?: number;
}

/** A pattern, read. */
export interface Pattern {
  /** The words that it can begin with. */
  readonly firsts: readonly string[];
  readonly items: readonly Item[];
  /** Only looked at, behind what was matched. */
  readonly ahead: readonly Item[];
}

/**
 * Reads a pattern: items apart by spaces. `a|b` is one of these words, `~ly` a word that ends so, `*3` up to three
 * words, names or objects, `<barrier>` a word or name for a barrier, `<name>` a name, `:` that sign. `?` behind
 * an item says that it need not be there; what stands behind `=>` is only looked at. The first item is words.
 */
export function pattern(text: string): Pattern {
  const [taken = '', ahead = ''] = text.split('=>');
  const items = taken.trim().split(' ');
  return {
    firsts: items[0]!.split('|'),
    items: items.map(itemOf),
    ahead: ahead.trim() === '' ? [] : ahead.trim().split(' ').map(itemOf),
  };
}

function itemOf(text: string): Item {
  const isOptional = text.endsWith('?');
  const bare = isOptional ? text.slice(0, -1) : text;
  if (bare.startsWith('*'))
    return { isOptional: true, gap: Number(bare.slice(1)), accepts: isFiller };
  return { isOptional, accepts: acceptor(bare) };
}

function acceptor(item: string): Item['accepts'] {
  if (item === '<barrier>') return isBarrierWord;
  if (item === '<name>') return ({ kind }) => kind === 'name';
  if (item === ':') return (word) => word.kind === 'sign' && word.text === item;
  if (item.startsWith('~'))
    return (word) => word.kind === 'word' && word.text.endsWith(item.slice(1));
  const words = new Set(item.split('|'));
  return (word) => word.kind === 'word' && words.has(word.text.toLowerCase());
}

function isFiller({ kind }: Word): boolean {
  return kind === 'word' || kind === 'name' || kind === 'object' || kind === 'ordinal';
}

/** The index behind the words that the pattern takes from `at` on, or undefined where it does not match. */
export function matchEnd(
  { items, ahead }: Pattern,
  words: readonly Word[],
  at: number,
): number | undefined {
  const end = endOf(items, words, at);
  return end === undefined || endOf(ahead, words, end) === undefined ? undefined : end;
}

function endOf(items: readonly Item[], words: readonly Word[], at: number): number | undefined {
  const [item, ...rest] = items;
  if (item === undefined) return at;
  const { gap = 1, isOptional, accepts } = item;
  if (item.gap === undefined) {
    const word = words[at];
    const end = word !== undefined && accepts(word) ? endOf(rest, words, at + 1) : undefined;
    return end ?? (isOptional ? endOf(rest, words, at) : undefined);
  }
  for (let skipped = 0; skipped <= gap; skipped++) {
    const end = endOf(rest, words, at + skipped);
    if (end !== undefined) return end;
    const word = words[at + skipped];
    if (word === undefined || !accepts(word)) return undefined;
  }
  return undefined;
}
