/** Functions that are only right with an order, by what they do, as pairings to be proved: with whom, over which fields. */

import { type FileFacts, fieldName, type Site } from '../facts/file-facts.ts';
import { mayBeBesideAtomic, sideOfAtomic } from '../facts/void-barrier.ts';
import { announcements } from '../pairing/announcements.ts';
import { doubleChecks } from '../pairing/double-checks.ts';
import type { PlacedFunction } from '../pairing/function-index.ts';
import { handMadeLocks } from '../pairing/hand-made-locks.ts';
import type { FunctionsOf } from '../pairing/met-orders.ts';
import { type OneSided, oneSidedOrders } from '../pairing/one-sided.ts';
import type { Pairing, Partnership, PlacedSite, ResolvedClaim } from '../pairing/pairing.ts';
import { publications } from '../pairing/publications.ts';
import { isDeliberate } from '../pairing/side.ts';
import { type Meeting, storeBufferings } from '../pairing/store-buffering.ts';
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
  const oneSided = oneSidedOrders(orderingSites(files, known), functions, known);
  return [
    ...oneSidedPairings(
      oneSided.filter((found) => !isOfCallers(found, known) && !isAsked(found, known)),
    ),
    ...pairingsOf('store-buffering', storeBufferings(functions, known)),
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
      functions.some(({ fact }) => fact === found.function.fact) &&
      functions.some(
        ({ file, fact }) => file === found.site.file && fact.name === found.site.site.function,
      ) &&
      [found.order.first, found.order.second].every((field) => fields.has(fieldName(field))),
  );
}

/** The operations that somebody has put there to order what CPUs do, and that do. RCU's are told as publications. */
function orderingSites(
  files: readonly FileFacts[],
  { completed, functions }: Known,
): readonly PlacedSite[] {
  return files.flatMap(({ file, sites }) =>
    sites.flatMap((site) =>
      isDeliberate(site) &&
      !site.uncertain &&
      !site.category.startsWith('rcu-') &&
      (sideOfAtomic(site.primitive) === undefined || mayBeBesideAtomic(site, functions)) &&
      (site.domain === 'smp' || site.domain === 'virt')
        ? [{ file, site: completed({ file, site }) }]
        : [],
    ),
  );
}

/** Whether a comment says of the barrier that it is for that function, and the fields are those of a caller: what else it
 *  may be about is not known. */
function isOfCallers(
  { site: { file, site }, function: { fact }, order }: OneSided,
  { claims }: Known,
): boolean {
  const isNamed = claims(file, site.id).some(({ claim }) => claim.functions.includes(fact.name));
  return isNamed && order.accesses[0].some(({ caller }) => caller !== undefined);
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
