/** Whether files that were edited still say the same to who looks names up in them, as long as nothing is wrong with these. */

import { comparedOnce, outsideOf } from '../lowering/edited-bodies.ts';
import { fileIndex } from '../lowering/file-index.ts';
import type { SourceText } from '../lowering/lowering.ts';
import { type Counts, calledOf, membersOf, onceForEach, wordsOf } from './source-words.ts';

type Sources = readonly SourceText[];

/** Whether the files differ in bodies of functions only, in which the same words stand as anywhere before. How often, and
 *  in which order, nobody asks who finds every name (known-names.ts): that a member is named twice is all that counts. */
export const areAlike = comparedOnce(
  (before, now) =>
    before.length === now.length &&
    now.every((text, at) => isAlike(before[at]!, text)) &&
    haveSame(wordsOf, 1, before, now) &&
    haveSame(calledOf, 1, before, now) &&
    haveSame(membersOf, 2, before, now) &&
    now.every((_, at) => sharedAlike(before, now, at)),
);

function isAlike(before: SourceText, now: SourceText): boolean {
  if (before.parsed === now.parsed) return true;
  return before.file === now.file && wordsOutside(before) === wordsOutside(now);
}

/** What stands outside of bodies, but for blank space. */
const wordsOutside = onceForEach((text) => outsideOf(text).replace(/\s+/g, ' ').trim());

/** Whether each word that one of the files has now or had before is there as often as before, as far as `most`. */
function haveSame(
  countsOf: (text: SourceText) => Counts,
  most: number,
  before: Sources,
  now: Sources,
): boolean {
  const count = (word: string, texts: readonly SourceText[]) =>
    Math.min(
      most,
      texts.reduce((sum, text) => sum + (countsOf(text).get(word) ?? 0), 0),
    );
  return now.every((text, at) => {
    const [old, own] = [countsOf(before[at]!), countsOf(text)];
    if (old === own) return true;
    const isSame = (word: string) =>
      old.get(word) === own.get(word) || count(word, before) === count(word, now);
    return [...old.keys()].every(isSame) && [...own.keys()].every(isSame);
  });
}

/** Whether functions that several files define stand there as before: these are compared (ambiguous-names.ts). */
function sharedAlike(before: Sources, now: Sources, at: number): boolean {
  const [old, own] = [before[at]!, now[at]!];
  if (old.parsed === own.parsed) return true;
  const others = now.filter((each) => each !== own);
  return [...fileIndex(own.parsed).functions.keys()]
    .filter((name) => others.some(({ parsed }) => fileIndex(parsed).functions.has(name)))
    .every((name) => writtenIn(old, name) === writtenIn(own, name));
}

function writtenIn({ parsed, text }: SourceText, name: string): string {
  const found = fileIndex(parsed).functions.get(name) ?? [];
  return found.map(({ span }) => text.slice(span.start, span.end)).join('\n');
}
