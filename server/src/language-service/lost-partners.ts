/**
 * Partners that an edit took away. The saved text of a file is what its author last stood by: a barrier that paired
 * there and is missing in the buffer is reported to the other side at once, and after saving until the comment of that
 * side or the code says otherwise.
 */

import { isReadWhole, type Site } from '../facts/file-facts.ts';
import { functionsNamed } from '../facts/functions-of-file.ts';
import type { Partnership, PlacedSite } from '../pairing/pairing.ts';
import type { Span } from '../text/span.ts';
import type { Tree } from './tree.ts';
import { isNoteworthy, isStrong, type OrderedFields, orderPhrase, sharedOrders } from './words.ts';

/** A file as it was saved, with all that was known then. */
export interface Saved {
  readonly tree: Tree;
  readonly text: string;
}

/** A pairing of the saved text that the buffer no longer has. */
export interface LostPartner {
  /** The side that is still there. */
  readonly left: PlacedSite;
  /** The side that is gone, as it stood in the saved text. */
  readonly gone: PlacedSite;
  /** The saved text of its file, and where its function stands there. */
  readonly was: { readonly text: string; readonly home: Span };
  /** What the pairing was about, as `left` orders it. */
  readonly orders: readonly OrderedFields[];
  /** What is left there and gives one of the orders without being a barrier: a dependency, an atomic. */
  readonly instead: readonly Site[];
}

/** The pairings over `file` as it was `saved` whose side in `file` is missing in `now`, while the function it
 *  stood in is still there and was read whole. A barrier that was replaced by another one that
 *  still orders the same fields for the partner is not missed. */
export function lostPartners(
  file: string,
  { tree: saved, text }: Saved,
  now: Tree,
): readonly LostPartner[] {
  const before = saved.facts(file);
  const after = now.facts(file);
  if (before === undefined || after === undefined) return [];
  return before.sites.filter(isNoteworthy).flatMap((site) => {
    const [then, home] = [before, after].map((facts) => functionsNamed(facts, site.function)[0]);
    if (home === undefined || !isReadWhole(home) || !isGone(file, site, saved, now)) return [];
    const was = { text, home: then?.span ?? site.span };
    return lostBy({ file, site }, saved, now).map((each) => ({ ...each, was }));
  });
}

/** Whether the function has fewer uses of the site's primitive than before. */
function isGone(file: string, site: Site, saved: Tree, now: Tree): boolean {
  const uses = (tree: Tree) =>
    tree.sitesIn(file, site.function).filter(({ primitive }) => primitive === site.primitive);
  return uses(now).length < uses(saved).length;
}

function lostBy(gone: PlacedSite, saved: Tree, now: Tree): readonly Omit<LostPartner, 'was'>[] {
  const partnerships = saved.partnerships(gone.file, gone.site.id);
  const claimed = partnerships.filter(({ pairing }) => pairing.sources.includes('claimed'));
  return (claimed.length > 0 ? claimed : partnerships.filter(isSure)).flatMap((partnership) => {
    const left = now.site({ file: partnership.partner.file, id: partnership.partner.site.id });
    if (left === undefined || left.site.uncertain) return [];
    if (!isStillMeant(partnership.partner, left, gone)) return [];
    const orders = sharedOrders({ ...partnership, side: partnership.side === 0 ? 1 : 0 });
    const still = partnershipsWith(now, left, gone);
    const barriers = still.filter(({ partner }) => isNoteworthy(partner.site));
    const missing = without(orders, barriers);
    const lost = orders.length > 0 ? missing.length > 0 : barriers.length === 0;
    if (!lost) return [];
    const others = still.filter(
      (each) => !barriers.includes(each) && without(missing, [each]).length < missing.length,
    );
    return [{ left, gone, orders: missing, instead: others.map(({ partner }) => partner.site) }];
  });
}

/** The side that is left says what it said then, or still names the function. */
function isStillMeant(then: PlacedSite, left: PlacedSite, gone: PlacedSite): boolean {
  const isNamed = left.site.claims.some(({ functions }) => functions.includes(gone.site.function));
  return isNamed || then.site.comment?.text === left.site.comment?.text;
}

/** Only inferred, and hardly to be doubted. */
function isSure({ pairing, partner }: Partnership): boolean {
  return isStrong(pairing) && isNoteworthy(partner.site);
}

/** The orders that none of the partnerships is about. */
function without(
  orders: readonly OrderedFields[],
  partnerships: readonly Partnership[],
): readonly OrderedFields[] {
  const kept = new Set(partnerships.flatMap(sharedOrders).map(orderPhrase));
  return orders.filter((order) => !kept.has(orderPhrase(order)));
}

/** The sites of the function that lost one with which `left` is still paired. */
function partnershipsWith(now: Tree, left: PlacedSite, gone: PlacedSite): readonly Partnership[] {
  return now
    .partnerships(left.file, left.site.id)
    .filter(
      ({ partner }) => partner.file === gone.file && partner.site.function === gone.site.function,
    );
}
