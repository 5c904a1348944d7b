/** Reads from a comment what it says about the partner of a barrier ("Pairs with smp_rmb() in f()"). */

import type { Span } from '../text/span.ts';
import type { Claim } from './claim.ts';
import { type NamedPartner, readPartners, type Strictness } from './partners.ts';
import { LABEL_PAIRS, ORDER_WORDS, OWN_LABELS, PHRASES, type Phrase } from './phrases.ts';
import { proseOf, wordsFrom } from './words.ts';

/**
 * The pairing claims of a comment, in text order; one per function, label or place named.
 *
 * @param comment the comment as it stands in the file, with or without its delimiters
 * @param offset where the comment begins in its file; the spans of the claims are offsets of the file
 * @param attach how the comment stands to the site the claims are for
 */
export function parseClaims(
  comment: string,
  offset: number,
  attach: Claim['attach'] = 'preceding',
): readonly Claim[] {
  const prose = proseOf(comment);
  const isLegend = labelPairs(prose).size > 1;
  const claims: Claim[] = [];
  for (const { phrase, at, end } of phrasesIn(prose)) {
    const words = wordsFrom(prose, end);
    for (const partner of readPartners(words, strictnessOf(phrase))) {
      if (claims.some((claim) => repeats(claim, partner, offset))) continue;
      if (isLegend && partner.functions.length === 0 && partner.label !== undefined) continue;
      if (phrase.isCommon === true && !speaksOfOrder(prose, at, partner)) continue;
      claims.push(claimOf(phrase, partner, { start: at, end }, offset, attach));
    }
  }
  return claims.sort((a, b) => a.span.start - b.span.start);
}

/** The labels by which the comment names its own site: `A` of "A matches D", `f:X` of `LMM(f:X)`. */
export function labelsOf(comment: string): string[] {
  const prose = proseOf(comment);
  const legend = labelPairs(prose);
  const labels = OWN_LABELS.flatMap((pattern) =>
    [...prose.matchAll(pattern)].map((match) =>
      match[2] === undefined ? match[1]! : `${match[1]}:${match[2]}`,
    ),
  );
  return [...new Set(labels)].filter((label) => legend.size <= 1 || !legend.has(label));
}

/** The labels of which the comment says with whom they pair. One that says it of several explains them
 *  all ("where A pairs with D, and B pairs with C") and is about no site of its own. */
function labelPairs(prose: string): ReadonlySet<string> {
  return new Set([...prose.matchAll(LABEL_PAIRS)].map((match) => match[1]!));
}

/** A label claims by itself; else the sentence up to the partner has to speak of barriers, or the comment to
 *  begin with the phrase. */
function speaksOfOrder(prose: string, at: number, partner: NamedPartner): boolean {
  if (partner.label !== undefined || partner.primitive !== undefined) return true;
  const before = prose.slice(0, at);
  const sentence = before.slice(Math.max(0, before.search(/[.;][^.;]*$/)));
  return /^\s*$/.test(before) || ORDER_WORDS.test(sentence);
}

interface FoundPhrase {
  readonly phrase: Phrase;
  readonly at: number;
  readonly end: number;
}

/** The phrases of the prose in text order; where two overlap, the earlier row of the table counts. */
function phrasesIn(prose: string): readonly FoundPhrase[] {
  const found: FoundPhrase[] = [];
  for (const phrase of PHRASES)
    for (const match of prose.matchAll(phrase.words)) {
      const [at, end] = [match.index, match.index + match[0].length];
      if (!found.some((other) => at < other.end && other.at < end)) found.push({ phrase, at, end });
    }
  return found.sort((a, b) => a.at - b.at);
}

function strictnessOf(phrase: Phrase): Strictness {
  if (phrase.next !== undefined) return `next-${phrase.next}`;
  return phrase.style === 'see' ? 'near' : 'sentence';
}

/** Whether an earlier claim of the comment said this already, from the same words. */
function repeats(claim: Claim, partner: NamedPartner, offset: number): boolean {
  return claim.span.end === partner.span.end + offset;
}

function claimOf(
  phrase: Phrase,
  partner: NamedPartner,
  words: Span,
  offset: number,
  attach: Claim['attach'],
): Claim {
  const span = { start: words.start + offset, end: partner.span.end + offset };
  return { ...partner, style: styleOf(phrase, partner), span, attach };
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
