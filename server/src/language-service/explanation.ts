/** Everything that can be said of one site, as data: hover, lens, report and `explain` only render it. */

import { type Access, fieldName, type Site } from '../facts/file-facts.ts';
import type { Pairing, PlacedSite, ResolvedClaim } from '../pairing/pairing.ts';
import type { Moment } from './moment.ts';
import type { Partnership } from './tree.ts';
import { isProven, type NeedRow, type ShownVerdict, type Side } from './verdict.ts';
import { byDistance, type OrderedFields, sharedOrders, sourcesOf, tellingOrders } from './words.ts';

/** One partner of the site. */
export interface PartnerLine {
  readonly partner: PlacedSite;
  /** Which side of the pairing the explained site is. */
  readonly side: Side;
  readonly sources: readonly ('claimed' | 'inferred' | 'proven')[];
  /** As the explained site orders them. */
  readonly orders: readonly OrderedFields[];
  readonly verdict?: ShownVerdict;
  readonly reasons: readonly string[];
}

/** A field of one side of a barrier, with its nearest access. */
export interface FieldLine {
  readonly field: string;
  readonly effect: Access['effect'];
  readonly line: number;
  readonly via: readonly string[];
}

export interface Explanation {
  readonly file: string;
  readonly site: Site;
  /** What it is there for: the fields of its pairings, else those nearest to it. */
  readonly telling: readonly OrderedFields[];
  /** All it orders: fields by name, nearest first. */
  readonly before: readonly FieldLine[];
  readonly after: readonly FieldLine[];
  /** Best first. */
  readonly partners: readonly PartnerLine[];
  /** Claims of its comment that led nowhere. */
  readonly dangling: readonly ResolvedClaim[];
  readonly needs: readonly NeedRow[];
}

/** A pairing that is only inferred, and weakly, is not worth a line where better ones are known. */
const WEAK = 0.5;

/** What the moment knows of a site. */
export function explain(moment: Moment, { file, site }: PlacedSite): Explanation {
  return {
    file,
    site,
    telling: tellingOrders(moment.tree, { file, site }),
    before: fieldLines(site.orders.flatMap(({ before }) => before)),
    after: fieldLines(site.orders.flatMap(({ after }) => after)),
    partners: worthShowing(moment.tree.partnerships(file, site.id)).map((partnership) =>
      partnerLine(moment, partnership),
    ),
    dangling: moment.tree
      .claims(file, site.id)
      .filter(
        ({ status }) => status === 'function-missing' || status === 'function-has-no-barrier',
      ),
    needs: moment.needs.filter((row) => isOf(row, file, site)),
  };
}

function worthShowing(partnerships: readonly Partnership[]): readonly Partnership[] {
  const strong = partnerships.filter(({ pairing }) => isStrong(pairing));
  return strong.length > 0 ? strong : partnerships;
}

function isStrong({ sources, score }: Pairing): boolean {
  return sources.includes('claimed') || score >= WEAK;
}

function partnerLine(moment: Moment, partnership: Partnership): PartnerLine {
  const verdict = moment.verdictOf(partnership.pairing);
  return {
    partner: partnership.partner,
    side: partnership.side,
    sources: sourcesOf(partnership.pairing, isProven(verdict)),
    orders: sharedOrders(partnership),
    ...(verdict === undefined ? {} : { verdict }),
    reasons: partnership.pairing.reasons,
  };
}

function fieldLines(accesses: readonly Access[]): readonly FieldLine[] {
  const lines = new Map<string, FieldLine>();
  for (const { field, effect, line, via } of byDistance(accesses)) {
    const name = fieldName(field);
    if (!lines.has(name)) lines.set(name, { field: name, effect, line, via });
  }
  return [...lines.values()];
}

function isOf({ barrier }: NeedRow, file: string, site: Site): boolean {
  return (
    barrier.file === file &&
    barrier.function === site.function &&
    barrier.primitive === site.primitive &&
    barrier.ordinal === site.ordinal
  );
}
