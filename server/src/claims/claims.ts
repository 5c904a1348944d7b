/** Reads from a comment what it says about the partner of a barrier ("Pairs with smp_rmb() in f()"). */

import { type Claim, isDescription, type Said } from './claim.ts';
import { labelPairs, labelsIn } from './labels.ts';
import { mentionsIn } from './mentions.ts';
import { type NamedPartner, readPartners } from './partners.ts';
import { matchEnd } from './phrase-pattern.ts';
import { PHRASES_BY_WORD, type Phrase } from './phrases.ts';
import { proseOf } from './prose.ts';
import { DEMONSTRATIVES } from './vocabulary.ts';
import type { Word } from './word.ts';
import { isBarrierWord, textOf } from './word-order.ts';
import { sentencesOf, wordsOf } from './words.ts';

/** What a comment says. */
export interface CommentReading {
  /** In text order; one per function, label or place named. */
  readonly said: readonly Said[];
  /** The labels by which it names its own site. */
  readonly labels: readonly string[];
  /** Whether it says more than is read. */
  readonly isCut: boolean;
}

/** How many claims, and phrases that may make one, are read of a comment: those of more explain everything and claim nothing. */
export const MOST_CLAIMS = 64;
const MOST_PHRASES = 256;

/** Reads the comment that begins at `offset` of its file, with or without its delimiters. */
export function readComment(comment: string, offset: number): CommentReading {
  const words = wordsOf(proseOf(comment));
  const isLegend = labelPairs(words).size > 1;
  const said: Said[] = [];
  let phrases = 0;
  for (const sentence of sentencesOf(words)) {
    if (said.length > MOST_CLAIMS || phrases > MOST_PHRASES) break;
    const found = phrasesIn(sentence);
    phrases += found.length;
    for (const one of claimsIn(sentence, found.slice(0, MOST_PHRASES), sentence[0] === words[0]))
      if (!isLegend || one.functions.length > 0 || one.label === undefined) said.push(one);
  }
  const isCut = said.length > MOST_CLAIMS || phrases > MOST_PHRASES;
  const read = said.slice(0, MOST_CLAIMS).map((one) => moved(one, offset));
  return { said: read, labels: labelsIn(words), isCut };
}

function moved(said: Said, offset: number): Said {
  const { instead, span } = said;
  const there = { start: span.start + offset, end: span.end + offset };
  const others = instead?.map((one) => moved(one, offset));
  return { ...said, span: there, ...(others === undefined ? {} : { instead: others }) };
}

/** The claims of a comment that stands to a site of the function `own` in the way `attach`. */
export function claimsFor(
  { said }: CommentReading,
  own: string,
  attach: Claim['attach'],
): readonly Claim[] {
  const meant = said.flatMap((one) =>
    one.functions.includes(own) && one.label === undefined ? meantByOthers(one) : [one],
  );
  const named = new Set(meant.filter(isClaim).flatMap(({ functions }) => functions));
  const isNews = (one: Said) => {
    if (isClaim(one)) return true;
    if (one.functions.some((name) => named.has(name))) return false;
    for (const name of one.functions) named.add(name);
    return true;
  };
  return meant.filter(isNews).map(({ instead: _, ...claim }) => ({ ...claim, attach }));
}

function isClaim({ style }: Said): boolean {
  return style !== 'mention';
}

/** What a claim means that names the function of its own site. */
function meantByOthers(one: Said): readonly Said[] {
  return one.instead ?? (one.style === 'mention' ? [] : [one]);
}

/** What one sentence claims: what its phrases say, then the functions that it only mentions. */
function claimsIn(
  sentence: readonly Word[],
  phrases: readonly FoundPhrase[],
  isOpening: boolean,
): readonly Said[] {
  const said: Said[] = [];
  for (const found of phrases) {
    if (said.length > MOST_CLAIMS) return said;
    for (const partner of partnersOf(found, sentence)) {
      if (said.at(-1)?.span.end === partner.span.end) continue;
      if (found.phrase.isCommon && !speaksOfOrder(sentence, found, isOpening, partner)) continue;
      said.push(partner);
    }
  }
  return [...said, ...mentionsIn(sentence, said)];
}

/** The partners that a phrase names: behind it, or before it where it points back to this place. */
function partnersOf(found: FoundPhrase, sentence: readonly Word[]): readonly Said[] {
  const { phrase, at, end } = found;
  const ahead = sentence.slice(end, end + MOST_WORDS);
  if (phrase.style === 'see')
    return readPartners(ahead, 'near')
      .filter((one) => !isDescription(one))
      .map((one) => said(found, sentence, one));
  const behind = readPartners(sentence.slice(Math.max(0, at - MOST_WORDS), at), 'sentence')
    .filter(({ functions }) => functions.length > 0)
    .map((one) => said(found, sentence, one));
  const partners = readPartners(ahead, 'sentence').filter(
    (one) => !isDescription(one) || canDescribe(phrase),
  );
  const isHere = partners.every(({ functions }) => functions.length === 0) && pointsHere(ahead);
  if (isHere && behind.length > 0) return behind;
  return partners.map((one) => ({
    ...said(found, sentence, one),
    ...(behind.length > 0 && one.functions.length > 0 ? { instead: behind } : {}),
  }));
}

/** "pairs with smp_wmb() when the mode is set": words that only speak of the other side. "In combination with smp_mb()" and
 *  "ordered against the smp_wmb()" may speak of this side. */
function canDescribe({ style, isCommon }: Phrase): boolean {
  return style === 'synchronizes' ? isCommon !== true : style !== 'ordered-against';
}

/** How many words before and behind a phrase may name its partner. */
const MOST_WORDS = 60;

/** "pairs with this one", "with the barrier here". */
function pointsHere(words: readonly Word[]): boolean {
  return words.slice(0, 3).some((word) => DEMONSTRATIVES.has(textOf(word)));
}

function said({ phrase, at }: FoundPhrase, sentence: readonly Word[], partner: NamedPartner): Said {
  const start = Math.min(sentence[at]!.span.start, partner.span.start);
  const end = Math.max(sentence[at]!.span.end, partner.span.end);
  return { ...partner, style: styleOf(phrase, partner), span: { start, end } };
}

/** A label claims by itself; else the sentence up to the partner has to speak of barriers, or the comment to
 *  begin with the phrase. */
function speaksOfOrder(
  sentence: readonly Word[],
  { at, end }: FoundPhrase,
  isOpening: boolean,
  partner: NamedPartner,
): boolean {
  if (partner.label !== undefined || partner.primitive !== undefined) return true;
  if (isOpening && at === 0) return true;
  return sentence.slice(Math.max(0, at - MOST_WORDS), end).some(isBarrierWord);
}

interface FoundPhrase {
  readonly phrase: Phrase;
  /** The words of the phrase: from, and behind it. */
  readonly at: number;
  readonly end: number;
}

/** The phrases of a sentence in text order, none over another. */
function phrasesIn(sentence: readonly Word[]): readonly FoundPhrase[] {
  const found: FoundPhrase[] = [];
  for (let at = 0; at < sentence.length; at++) {
    const phrase = phraseAt(sentence, at);
    if (phrase === undefined) continue;
    found.push(phrase);
    at = phrase.end - 1;
  }
  return found;
}

function phraseAt(sentence: readonly Word[], at: number): FoundPhrase | undefined {
  for (const phrase of PHRASES_BY_WORD.get(textOf(sentence[at])) ?? []) {
    if (isRuledOut(phrase, sentence[at - 1])) continue;
    const end = matchEnd(phrase.pattern, sentence, at);
    if (end !== undefined) return { phrase, at, end };
  }
  return undefined;
}

function isRuledOut({ notAfter }: Phrase, before: Word | undefined): boolean {
  if (notAfter === undefined || before === undefined) return false;
  return before.kind === 'name' || notAfter.has(textOf(before));
}

function styleOf(phrase: Phrase, partner: NamedPartner): Claim['style'] {
  if (
    partner.label !== undefined &&
    (partner.functions.length === 0 || partner.label.includes(':'))
  )
    return 'label';
  if (partner.functions.length === 0 && partner.direction !== undefined) return 'relative';
  return phrase.style;
}
