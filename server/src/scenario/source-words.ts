/** The words of C texts, wherever they stand: what code uses, names as members, and calls. */

import type { SourceText } from '../lowering/lowering.ts';
import type { SourceFile } from '../syntax/ast.ts';

/** How often a text has each word, or names each member. */
export type Counts = ReadonlyMap<string, number>;

export const wordsOf = onceForEach(({ text }) => wordsIn(text));

export function wordsIn(text: string): Counts {
  return counted(text.match(/\b[A-Za-z_]\w*/g) ?? []);
}

export const membersOf = onceForEach(({ text }) => membersIn(text));

export function membersIn(text: string): Counts {
  return counted([...text.matchAll(/(?:\.|->)\s?([A-Za-z_]\w*)/g)].map(([, name = '']) => name));
}

/** What stands before a parenthesis. */
export const calledOf = onceForEach(({ text }) => calledIn(text));

export function calledIn(text: string): Counts {
  return counted(text.match(/\b[A-Za-z_]\w*(?=\s?\()/g) ?? []);
}

function counted(words: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** What is found in a text, kept as long as that is. */
export function onceForEach<Found>(find: (text: SourceText) => Found): (text: SourceText) => Found {
  const found = new WeakMap<SourceFile, { readonly found: Found }>();
  return (text) => {
    const known = found.get(text.parsed) ?? { found: find(text) };
    found.set(text.parsed, known);
    return known.found;
  };
}
