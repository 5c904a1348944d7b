/** Functions that are only right with an order, by what they do, as pairings to be proved: with whom, over which fields. */

import { waivesPartner } from '../claims/waived.ts';
import { type FileFacts, fieldName, type Site } from '../facts/file-facts.ts';
import { mayBeBesideAtomic, sideOfAtomic } from '../facts/void-barrier.ts';
import { announcements } from '../pairing/announcements.ts';
import { doubleChecks } from '../pairing/double-checks.ts';
import { callersOf, type PlacedFunction } from '../pairing/function-index.ts';
import { handMadeLocks } from '../pairing/hand-made-locks.ts';
import type { FunctionsOf } from '../pairing/met-orders.ts';
import { type OneSided, oneSidedOrders } from '../pairing/one-sided.ts';
import type { Pairing, Partnership, PlacedSite, ResolvedClaim } from '../pairing/pairing.ts';
import { publications } from '../pairing/publications.ts';
import { sharedLocks } from '../pairing/shared-locks.ts';
import { isDeliberate } from '../pairing/side.ts';
import { type Meeting, storeBufferings, takes } from '../pairing/store-buffering.ts';
import { oneSidedPairings, pairingsOf } from './bare-side.ts';

/** What is known of the functions, and of who pairs already. */
interface Known extends FunctionsOf {
  readonly completed: (placed: PlacedSite) => Site;
  readonly claims: (file: string, id: string) => readonly ResolvedClaim[];
  readonly partnerships: (file: string, id: string) => readonly Partnership[];
}

/** The idioms over `functions`, which `files` define. */
export function idiomsOf(
  files: readonly FileFacts[],
  functions: readonly PlacedFunction[],
  known: Known,
): readonly Pairing[] {
  const mayShareLock = sharedLocks(files, functions, known);
  const sites = orderingSites(files, known);
  const oneSided = oneSidedOrders(sites, functions, known, mayShareLock);
  const asked = oneSided.filter(
    (found) => !isOfCallers(found, functions, known) && !isAsked(found, known),
  );
  return [
    ...oneSidedPairings(asked),
    ...pairingsOf(
      'store-buffering',
      storeBufferings(functions, known).filter((each) => !isOneSided(each, asked)),
    ),
    ...pairingsOf('hand-made-lock', handMadeLocks(functions, known)),
    ...pairingsOf('publication', [
      ...publications('unordered', functions, known),
      ...publications('early', functions, known),
      ...announcements(functions, known).filter((each) => !isOneSided(each, oneSided)),
      ...doubleChecks(functions, known),
    ]),
  ];
}

/** Whether the order of one side of a meeting is missed on the other: it is asked about as that. */
function isOneSided({ functions, order }: Meeting, oneSided: readonly OneSided[]): boolean {
  const fields = new Set([order.first, order.second].map(fieldName));
  return oneSided.some(
    (found) =>
      found.order.shape === order.shape &&
      functions.some(({ fact }) => fact === found.function.fact) &&
      functions.some(({ file, fact }) => file === found.site.file && isOf(found, fact.name)) &&
      [found.order.first, found.order.second].every((field) => fields.has(fieldName(field))),
  );
}

/** Whether the barrier is that function's, or its accesses. */
function isOf({ site: { site }, order }: OneSided, name: string): boolean {
  return site.function === name || order.accesses[0].some(({ caller }) => caller === name);
}

/** The operations that somebody has put there to order what CPUs do, and that do. RCU's are told as publications. */
function orderingSites(
  files: readonly FileFacts[],
  { completed, functions, partnerships }: Known,
): readonly PlacedSite[] {
  const isNamed = (file: string, { id, primitive }: Site) =>
    takes(primitive) &&
    partnerships(file, id).some(({ pairing }) => pairing.sources.includes('claimed'));
  return files.flatMap(({ file, sites }) =>
    sites.flatMap((site) =>
      (isDeliberate(site) || isNamed(file, site)) &&
      !site.uncertain &&
      !waivesPartner(site.comment?.text ?? '') &&
      !site.category.startsWith('rcu-') &&
      (sideOfAtomic(site.primitive) === undefined || mayBeBesideAtomic(site, functions)) &&
      (site.domain === 'smp' || site.domain === 'virt')
        ? [{ file, site: completed({ file, site }) }]
        : [],
    ),
  );
}

/** Whether a comment says of the barrier that it is for that function, and the fields are those of a caller: what else it
 *  may be about is not known, but where a full barrier has one caller only, which stores what the other one looks at behind its own store. */
function isOfCallers(
  { site: { file, site }, function: { fact }, order }: OneSided,
  functions: readonly PlacedFunction[],
  { claims }: Known,
): boolean {
  if (!order.accesses[0].some(({ caller }) => caller !== undefined)) return false;
  if (!claims(file, site.id).some(({ claim }) => claim.functions.includes(fact.name))) return false;
  const callers = callersOf(functions).get(site.function) ?? [];
  return (order.shape !== 'SB' && order.shape !== 'R') || callers.length > 1;
}

/** Whether a comment pairs the barrier with one in that function, and they have but those two fields in common: that is
 *  asked already, but for what is misplaced. */
function isAsked(
  { site: { file, site }, function: { fact }, order }: OneSided,
  { partnerships }: Known,
): boolean {
  if (order.misplaced !== undefined) return false;
  const fields = new Set([order.first, order.second].map(fieldName));
  return partnerships(file, site.id).some(
    ({ pairing: { orders, sources }, partner }) =>
      partner.site.function === fact.name &&
      sources.includes('claimed') &&
      orders.length === 1 &&
      [orders[0]!.first, orders[0]!.second].every((field) => fields.has(fieldName(field))),
  );
}
