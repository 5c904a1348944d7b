/** The functions that a sentence names without saying that they are partners: "f() sees the new value". */

import type { Said } from './claim.ts';
import { isOperation, spelled } from './operations.ts';
import { CALLED, CALLERS } from './vocabulary.ts';
import type { Word } from './word.ts';
import { isConstant, textOf } from './word-order.ts';

/** Claims of style `mention`, one a function, for those that are in no claim of `said`. */
export function mentionsIn(sentence: readonly Word[], said: readonly Said[]): readonly Said[] {
  const known = new Set(said.flatMap(({ functions }) => functions));
  const found: Said[] = [];
  sentence.forEach((word, at) => {
    if (word.kind !== 'name' || isConstant(word)) return;
    const functions = word.names.map(spelled);
    if (functions.some((name) => isOperation(name) || known.has(name))) return;
    if (isCaller(sentence, at) || isInside(word, said)) return;
    for (const name of functions) known.add(name);
    const bare = word.call ? {} : ({ isBare: true } as const);
    found.push({ style: 'mention', functions, ...bare, span: word.span });
  });
  return found;
}

/** "called by f()": it is on this side. */
function isCaller(sentence: readonly Word[], at: number): boolean {
  return CALLERS.has(textOf(sentence[at - 1])) && CALLED.has(textOf(sentence[at - 2]));
}

function isInside({ span }: Word, said: readonly Said[]): boolean {
  return said.some((claim) => claim.span.start <= span.start && span.end <= claim.span.end);
}
