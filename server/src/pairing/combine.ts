/** Brings claims and inference together: one pairing per two sites, with all that speaks for it. */

import { fieldName } from '../facts/file-facts.ts';
import type { InferredPair } from './infer.ts';
import type { Pairing, PairingResult, ResolvedClaim, SharedOrder, SiteRef } from './pairing.ts';
import { isAssertion, refOf } from './resolve.ts';
import { reversed, sharedOrders } from './shape.ts';
import type { Side } from './side.ts';

/** The pairings of `pairs` and of the resolved `claims`, the surest first. */
export function combine(
  pairs: readonly InferredPair[],
  claims: readonly ResolvedClaim[],
  sideOf: (ref: SiteRef) => Side | undefined,
): PairingResult {
  const pairings = new Map<string, Pairing>();
  const claimed = new Set<string>();
  for (const claim of claims)
    for (const pairing of claimedPairings(claim, sideOf)) {
      merge(pairings, pairing);
      if (isAssertion(claim.claim)) claimed.add(keyOf(claim.from));
    }
  for (const pair of pairs) {
    const pairing = inferredPairing(pair);
    const isRival = pairing.sites.some((site) => claimed.has(keyOf(site)));
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
    return [
      oriented([claiming, other], sharedOrders(claiming, other), ['claimed'], score, [reason]),
    ];
  });
}

function inferredPairing({ sides, orders, score, reasons }: InferredPair): Pairing {
  return oriented(sides, orders, ['inferred'], score, reasons);
}

/** The writing side first; of two that do both, the one that stands first. */
function oriented(
  sides: readonly [Side, Side],
  orders: readonly SharedOrder[],
  sources: Pairing['sources'],
  score: number,
  reasons: readonly string[],
): Pairing {
  const [a, b] = sides;
  const isReversed =
    a.role === b.role
      ? compare(refOf(a), refOf(b)) > 0
      : a.role === 'reader' || (a.role === 'both' && b.role === 'writer');
  return isReversed
    ? { sites: [refOf(b), refOf(a)], orders: orders.map(reversed), sources, score, reasons }
    : { sites: [refOf(a), refOf(b)], orders, sources, score, reasons };
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

function pairKey({ sites: [a, b] }: Pairing): string {
  const [left, right] = [keyOf(a), keyOf(b)];
  return left < right ? `${left}\n${right}` : `${right}\n${left}`;
}

function keyOf({ file, id }: SiteRef): string {
  return `${file}\n${id}`;
}

function bySureness(a: Pairing, b: Pairing): number {
  return b.score - a.score || compare(a.sites[0], b.sites[0]) || compare(a.sites[1], b.sites[1]);
}

function compare(a: SiteRef, b: SiteRef): number {
  return keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0;
}
