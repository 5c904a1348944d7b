/** Brings claims and inference together: one pairing per two sites, with all that speaks for it. */

import { fieldName } from '../facts/file-facts.ts';
import { bySureness, inOrder, pairKey, refKey, refOf } from './orient.ts';
import type { Pairing, PairingResult, ResolvedClaim, SharedOrder, SiteRef } from './pairing.ts';
import { isAssertion } from './resolve.ts';
import { sharedOrders } from './shape.ts';
import type { Side } from './side.ts';

/** The `inferred` pairings and those of the resolved `claims`, the surest first. */
export function combine(
  inferred: Iterable<Pairing>,
  claims: readonly ResolvedClaim[],
  sideOf: (ref: SiteRef) => Side | undefined,
): Omit<PairingResult, 'completed'> {
  const pairings = new Map<string, Pairing>();
  const claimed = new Set<string>();
  for (const claim of claims)
    for (const pairing of claimedPairings(claim, sideOf)) {
      merge(pairings, pairing);
      if (isAssertion(claim.claim)) claimed.add(refKey(claim.from));
    }
  for (const pairing of inferred) {
    const isRival = pairing.sites.some((site) => claimed.has(refKey(site)));
    if (pairings.has(pairKey(pairing)) || !isRival || pairing.score >= RIVAL_SCORE)
      merge(pairings, pairing);
  }
  return { pairings: [...pairings.values()].sort(bySureness), claims };
}

/** A site whose comment names its partner is given another only for a good reason. */
const RIVAL_SCORE = 0.6;

const SURE = { assertion: 0.95, hint: 0.75, generic: 0.6 } as const;

function claimedPairings(
  { from, claim, targets, status, via }: ResolvedClaim,
  sideOf: (ref: SiteRef) => Side | undefined,
): readonly Pairing[] {
  if (status !== 'resolved' && status !== 'not-point-to-point') return [];
  const claiming = sideOf(from);
  return targets.flatMap((target) => {
    const other = sideOf(target);
    if (claiming === undefined || other === undefined || claiming === other) return [];
    const score =
      status === 'resolved' ? (isAssertion(claim) ? SURE.assertion : SURE.hint) : SURE.generic;
    const names =
      claim.functions.length === 0
        ? 'this place'
        : claim.functions.map((name) => `${name}()`).join(', ');
    const reason = `the comment in ${claiming.site.function}() names ${names}${via === undefined ? '' : `: ${via}`}`;
    const [first, second] = inOrder(claiming, other);
    return [
      {
        sites: [refOf(first), refOf(second)],
        sources: ['claimed'],
        orders: sharedOrders(first, second),
        score,
        reasons: [reason],
      },
    ];
  });
}

/** Adds a pairing, or what it says to the same one found before. */
function merge(pairings: Map<string, Pairing>, pairing: Pairing): void {
  const key = pairKey(pairing);
  const known = pairings.get(key);
  if (known === undefined) {
    pairings.set(key, pairing);
    return;
  }
  const sources = [...new Set([...known.sources, ...pairing.sources])];
  const reasons = [...new Set([...known.reasons, ...pairing.reasons])];
  const isNews = sources.length > known.sources.length;
  pairings.set(key, {
    ...known,
    orders: merged(known.orders, pairing.orders),
    sources,
    reasons,
    score: isNews
      ? Math.round((1 - (1 - known.score) * (1 - pairing.score)) * 1000) / 1000
      : Math.max(known.score, pairing.score),
  });
}

function merged(
  known: readonly SharedOrder[],
  more: readonly SharedOrder[],
): readonly SharedOrder[] {
  const key = ({ shape, first, second }: SharedOrder) =>
    `${shape} ${fieldName(first)} ${fieldName(second)}`;
  const ranked = more.length > 0 ? more : known;
  const seen = new Set(ranked.map(key));
  return [...ranked, ...known.filter((order) => !seen.has(key(order)))];
}
