/** Sites, orders and pairings in the words in which they are shown. */

import { type Access, type Field, type Site, shownField } from '../facts/file-facts.ts';
import type { Category } from '../kernel/primitive.ts';
import type {
  Pairing,
  Partnership,
  PlacedAccess,
  PlacedSite,
  SharedOrder,
} from '../pairing/pairing.ts';

/** Whether a reader would look for a partner of the site: a barrier on its own line, or an operation
 *  whose order a comment relies on. Device and compiler barriers have no partner in C. */
export function isNoteworthy(site: Site): boolean {
  if (site.domain !== 'smp' && site.domain !== 'virt') return false;
  return site.explicit || site.claims.length > 0;
}

/** Whether anything about the site can order accesses around it: all but accesses that are only marked
 *  and barriers for the compiler. */
export function canOrder({ category }: Site): boolean {
  return category !== 'marked-access' && category !== 'compiler-barrier';
}

/** `smp_wmb() in publish()`. */
export function siteTitle(site: Site): string {
  return `${site.primitive}() in ${site.function}()`;
}

/** One ordered pair of fields as a site orders them, with the shape in which the partner meets it. */
export interface OrderedFields {
  readonly before: Field;
  readonly after: Field;
  /** Where the site's side accesses them, in program order. */
  readonly accesses: readonly [PlacedAccess, PlacedAccess];
}

/** What a pairing is about, as the side of `partnership` orders it. */
export function sharedOrders({ pairing, side }: Partnership): readonly OrderedFields[] {
  return pairing.orders.map((order) => orderOf(order, side));
}

/** An order as one side of the pairing has it: in its program order. */
export function orderOf({ first, second, accesses }: SharedOrder, side: 0 | 1): OrderedFields {
  const [before, after] = side === 0 ? [first, second] : [second, first];
  return { before, after, accesses: accesses[side] };
}

/** `a → b`, fields by their full names. */
export function orderPhrase({ before, after }: Pick<OrderedFields, 'before' | 'after'>): string {
  return `${shownField(before)} → ${shownField(after)}`;
}

/** What a site orders, most telling first: what its comment names and a partner meets, or else what its
 *  comment names; what each of its pairings is about in the first place, then what else they are about;
 *  without any of these its nearest accesses. */
export function tellingOrders(
  partnerships: readonly Partnership[],
  { file, site }: PlacedSite,
): readonly OrderedFields[] {
  const shared = partnerships.map(sharedOrders);
  const named = site.orders.flatMap((order) => namedOrders(file, order, site.comment?.text ?? ''));
  const names = new Set(named.map(orderPhrase));
  const met = shared.flat().filter((order) => names.has(orderPhrase(order)));
  const first = met.length > 0 ? met : named.slice(0, 1);
  const orders = [...first, ...shared.flatMap((each) => each.slice(0, 1)), ...shared.flat()];
  if (orders.length > 0) return distinct(orders);
  return nearestOrders({ file, site }).slice(0, 1);
}

/** The nearest two accesses of each of its orders. */
export function nearestOrders({ file, site }: PlacedSite): readonly OrderedFields[] {
  return site.orders.flatMap((order) => nearest(file, order));
}

/** The pairs of fields that both stand in the comment, the nearest accesses first. */
function namedOrders(
  file: string,
  { before, after }: Site['orders'][number],
  comment: string,
): readonly OrderedFields[] {
  const words = new Set(comment.match(/\w+/g));
  const isNamed = ({ field, distance }: Access) => distance > 0 && words.has(field.name);
  const [firsts, seconds] = [byDistance(before).filter(isNamed), byDistance(after).filter(isNamed)];
  return firsts
    .flatMap((first) => seconds.map((second) => [first, second] as const))
    .filter(
      ([first, second]) => areOnOneWay(first, second) && !sameField(first.field, second.field),
    )
    .sort(([a, b], [c, d]) => a.distance + b.distance - c.distance - d.distance)
    .map(([first, second]) => ({
      before: first.field,
      after: second.field,
      accesses: [
        { ...first, file },
        { ...second, file },
      ],
    }));
}

function nearest(file: string, order: Site['orders'][number]): readonly OrderedFields[] {
  const seconds = byDistance(order.after);
  for (const before of byDistance(order.before)) {
    const after = seconds.find(
      (access) => areOnOneWay(before, access) && !sameField(access.field, before.field),
    );
    if (after === undefined) continue;
    const accesses = [
      { ...before, file },
      { ...after, file },
    ] as const;
    return [{ before: before.field, after: after.field, accesses }];
  }
  return [];
}

/** Whether one execution can make both: what one caller does before the barrier and another one behind it are two. */
function areOnOneWay(one: Access, other: Access): boolean {
  return one.caller === undefined || other.caller === undefined || one.caller === other.caller;
}

/** Accesses, nearest to the barrier first. */
export function byDistance(accesses: readonly Access[]): readonly Access[] {
  return [...accesses].sort((a, b) => a.distance - b.distance);
}

function distinct(orders: readonly OrderedFields[]): readonly OrderedFields[] {
  return [...new Map(orders.map((order) => [orderPhrase(order), order])).values()];
}

/** Whether two fields are the same by name; a field without a known structure matches by its name. */
export function sameField(a: Field, b: Field | undefined): boolean {
  if (b === undefined || a.name !== b.name) return false;
  return a.struct === b.struct || a.struct === '?' || b.struct === '?';
}

/** What the category of a primitive does, for a reader who does not know it by heart. */
export function categoryPhrase(category: Category): string {
  switch (category) {
    case 'full-barrier':
      return 'full barrier';
    case 'read-barrier':
      return 'read barrier';
    case 'write-barrier':
      return 'write barrier';
    case 'compiler-barrier':
      return 'compiler barrier';
    case 'release':
      return 'release';
    case 'acquire':
      return 'acquire';
    case 'marked-access':
      return 'marked access, no order of its own';
    case 'atomic':
      return 'atomic operation';
    case 'bitop':
      return 'bit operation';
    case 'lock':
      return 'lock (acquire)';
    case 'unlock':
      return 'unlock (release)';
    case 'rcu-reader':
      return 'RCU read side';
    case 'rcu-publish':
      return 'RCU publication (release)';
    case 'rcu-dereference':
      return 'RCU dereference (address dependency)';
    case 'grace-period':
      return 'grace period';
    case 'sleep':
      return 'sleeping side of a wake-up';
    case 'wake':
      return 'waking side of a wake-up';
    case 'seqcount-reader':
      return 'seqcount read side';
    case 'seqcount-writer':
      return 'seqcount write side';
    case 'thread-flag':
      return 'thread flag operation';
    case 'helper':
      return 'call that a comment speaks of';
  }
}

/** How a pairing is known: `claimed`, `inferred`, and `proven` where the simulation says so. */
export function sourcesOf(
  pairing: Pairing,
  proven: boolean,
): readonly ('claimed' | 'inferred' | 'proven')[] {
  return proven ? [...pairing.sources, 'proven'] : pairing.sources;
}

/** A pairing that is only inferred, and weakly, is not worth a line where better ones are known. */
const WEAK = 0.5;

/** Whether a comment claims the pairing, or the fields leave little doubt. */
export function isStrong({ sources, score }: Pairing): boolean {
  return sources.includes('claimed') || score >= WEAK;
}
