/** Which of some sites a claim can mean, by its words and by what they order, and the best of them. */

import type { Claim } from '../claims/claim.ts';
import { type Fit, fitOf, nameMatch } from './fit.ts';
import { refOf } from './orient.ts';
import type { ClaimStatus } from './pairing.ts';
import type { Found, Seeker } from './seeker.ts';
import type { Side } from './side.ts';

/** So many equally good sites can all be meant ("the writers of f()"); more means that we do not know. */
const MOST_TARGETS = 4;

/** The answer that the sites of `fits` are meant. */
export function foundAt(fits: readonly Fit[]): Found {
  const isLock = fits.every(
    ({ side: { site } }) => site.category === 'lock' || site.category === 'unlock',
  );
  const status: ClaimStatus = isLock
    ? 'ordered-otherwise'
    : fits.length > MOST_TARGETS
      ? 'ambiguous'
      : 'resolved';
  return { status, targets: fits.map(({ side }) => refOf(side)), via: fits[0]!.via };
}

/** The candidates that can be meant, by label or ordinal where the claim has one. */
export function fitting(candidates: readonly Side[], { from, claim }: Seeker): readonly Fit[] {
  const { label, ordinal } = claim;
  const labelled =
    label === undefined ? [] : candidates.filter(({ site }) => site.labels.includes(label));
  if (label?.includes(':') === true && labelled.length === 0) return [];
  const pool = labelled.length > 0 ? labelled : candidates;
  const counted = ordinal === undefined ? pool : nth(pool, claim, ordinal);
  return counted.flatMap((candidate) => fitOf(from, claim, candidate) ?? []);
}

/** The best, and all that are equally good. */
export function best(fits: readonly Fit[]): readonly Fit[] {
  const most = Math.max(...fits.map(({ points }) => points));
  return fits.filter(({ points }) => points > most - NEAR_TIE);
}

const NEAR_TIE = 2;

/** "the 2nd smp_wmb()": of the sites of that primitive, or of all barriers, in text order. */
function nth(candidates: readonly Side[], { primitive }: Claim, ordinal: number): readonly Side[] {
  const counted = candidates
    .filter(
      ({ site }) =>
        site.explicit && (primitive === undefined || nameMatch(primitive, site) !== 'other'),
    )
    .sort((a, b) => a.site.span.start - b.site.span.start);
  const found = counted[ordinal - 1];
  return found === undefined ? [] : [found];
}
