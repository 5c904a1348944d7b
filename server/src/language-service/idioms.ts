/** Functions that are only right with an order, by what they do, as pairings to be proved: with whom, over which fields. */

import { waivesPartner } from '../claims/waived.ts';
import { type Access, type FileFacts, fieldName, type Site } from '../facts/file-facts.ts';
import { functionsCalling } from '../facts/functions-of-file.ts';
import { mayBeBesideAtomic, sideOfAtomic } from '../facts/void-barrier.ts';
import { remembering } from '../memo/once.ts';
import { announcements } from '../pairing/announcements.ts';
import { doubleChecks } from '../pairing/double-checks.ts';
import { folderOf } from '../pairing/function-index.ts';
import type { FunctionsOfTree } from '../pairing/functions-of-tree.ts';
import { handMadeLocks } from '../pairing/hand-made-locks.ts';
import { type OneSided, oneSidedOrders } from '../pairing/one-sided.ts';
import type { Pairing, Partnership, PlacedSite, ResolvedClaim } from '../pairing/pairing.ts';
import { publications } from '../pairing/publications.ts';
import { sharedLocks } from '../pairing/shared-locks.ts';
import { isDeliberate } from '../pairing/side.ts';
import {
  type FindMeetings,
  type Meeting,
  storeBufferings,
  takes,
} from '../pairing/store-buffering.ts';
import { oneSidedPairings, pairingsOf } from './bare-side.ts';

/** What is known of the functions, and of who pairs already. */
interface Known extends FunctionsOfTree {
  readonly files: readonly FileFacts[];
  readonly completed: (placed: PlacedSite) => Site;
  readonly claims: (file: string, id: string) => readonly ResolvedClaim[];
  readonly partnerships: (file: string, id: string) => readonly Partnership[];
}

/** The idioms of a tree: all, or those with a side in a file. Each question is answered from what was found for those before. */
export function idiomsOf(known: Known): (file?: string) => readonly Pairing[] {
  const find = {
    buffering: storeBufferings(known),
    locks: handMadeLocks(known),
    unordered: publications('unordered', known),
    early: publications('early', known),
    announced: announcements(known),
    checked: doubleChecks(known),
  };
  const barriers = oneSidedOrders(known, sharedLocks(known));
  const sitesIn = remembering((file: string) => orderingSites(known.facts(file), known));
  const metBy = remembering(barriers.metBy);
  const isNews = (found: OneSided) => !isOfCallers(found, known) && !isAsked(found, known);
  const isMet = (each: Meeting, isCounted: (found: OneSided) => boolean) =>
    isOneSided(each, sitesOf(each, sitesIn).flatMap(metBy).filter(isCounted));

  /** The orders of barriers of `home` that functions of `file` may be among those to meet. */
  const metFrom = (home: string, file: string) => {
    const isReached = ({ field }: Access) => known.reached(file).has(fieldName(field));
    return sitesIn(home)
      .filter(({ site: { orders } }) =>
        orders.some(({ before, after }) => before.some(isReached) || after.some(isReached)),
      )
      .filter((site) => barriers.mayBeMetIn(file, site))
      .flatMap(metBy);
  };

  return (file) => {
    const isHere = (of: { readonly file: string }) => file === undefined || of.file === file;
    const meetings = (found: FindMeetings) =>
      found(file).filter(({ functions }) => functions.some(isHere));
    const asked = (file === undefined ? known.files.map((of) => of.file) : filesNear(file, known))
      .flatMap((home) =>
        file === undefined || home === file ? sitesIn(home).flatMap(metBy) : metFrom(home, file),
      )
      .filter(({ site, function: met }) => isHere(site) || isHere(met))
      .filter(isNews);
    return [
      ...oneSidedPairings(asked),
      ...pairingsOf(
        'store-buffering',
        meetings(find.buffering).filter((each) => !isMet(each, isNews)),
      ),
      ...pairingsOf('hand-made-lock', meetings(find.locks)),
      ...pairingsOf('publication', [
        ...meetings(find.unordered),
        ...meetings(find.early),
        ...meetings(find.announced).filter((each) => !isMet(each, () => true)),
        ...meetings(find.checked),
      ]),
    ];
  };
}

/** The sites in the files of the two functions that are of one of them, or order what it does. */
function sitesOf(
  { functions }: Meeting,
  sitesIn: (file: string) => readonly PlacedSite[],
): readonly PlacedSite[] {
  const names = new Set(functions.map(({ fact }) => fact.name));
  const isCalled = ({ caller }: Access) => caller !== undefined && names.has(caller);
  const files = new Set(functions.map(({ file }) => file));
  return [...files]
    .flatMap(sitesIn)
    .filter(
      ({ site }) =>
        names.has(site.function) ||
        site.orders.some(({ before, after }) => before.some(isCalled) || after.some(isCalled)),
    );
}

/** The files with barriers that functions of a file may be the other side of: those of its folder, and headers of which that
 *  calls a function with one. */
function filesNear(file: string, known: Known): readonly string[] {
  const home = folderOf(file);
  const isCalled = remembering((name: string) =>
    known.folder(home).some((facts) => functionsCalling(facts, name).length > 0),
  );
  return known.files
    .filter(
      (of) =>
        folderOf(of.file) === home ||
        (of.file.endsWith('.h') && of.sites.some((site) => isCalled(site.function))),
    )
    .map((of) => of.file);
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
  facts: FileFacts | undefined,
  { completed, functions, partnerships }: Known,
): readonly PlacedSite[] {
  if (facts === undefined) return [];
  const { file, sites } = facts;
  const isNamed = (file: string, { id, primitive }: Site) =>
    takes(primitive) &&
    partnerships(file, id).some(({ pairing }) => pairing.sources.includes('claimed'));
  return sites.flatMap((site) =>
    (isDeliberate(site) || isNamed(file, site)) &&
    !site.uncertain &&
    !waivesPartner(site.comment?.text ?? '') &&
    !site.category.startsWith('rcu-') &&
    (sideOfAtomic(site.primitive) === undefined || mayBeBesideAtomic(site, functions)) &&
    (site.domain === 'smp' || site.domain === 'virt')
      ? [{ file, site: completed({ file, site }) }]
      : [],
  );
}

/** Whether a comment says of the barrier that it is for that function, and the fields are those of a caller: what else it
 *  may be about is not known, but where a full barrier has one caller only, which stores what the other one looks at behind its own store. */
function isOfCallers(
  { site: { file, site }, function: { fact }, order }: OneSided,
  { calling, claims }: Known,
): boolean {
  if (!order.accesses[0].some(({ caller }) => caller !== undefined)) return false;
  if (!claims(file, site.id).some(({ claim }) => claim.functions.includes(fact.name))) return false;
  return (order.shape !== 'SB' && order.shape !== 'R') || calling(site.function).length > 1;
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
