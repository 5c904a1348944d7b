/** Everything that can be said of one site, as data: hover, lens, report and `explain` only render it. */

import {
  type Access,
  type AccessPlace,
  placeOfAccess,
  type Site,
  shownField,
} from '../facts/file-facts.ts';
import type { Partnership, PlacedAccess, PlacedSite, ResolvedClaim } from '../pairing/pairing.ts';
import { isAssertion } from '../pairing/resolve.ts';
import type { OpenPairingCheck } from '../proof/open-check.ts';
import type { Diagnostic } from './diagnostic.ts';
import { brokenWords } from './diagnostics/broken-pairing.ts';
import type { Moment } from './moment.ts';
import type { FileLine, PartnerLine } from './partner-line.ts';
import { type SiteAnswer, siteAnswer } from './site-answer.ts';
import { decisive, isProven, type NeedRow, sideVerdict } from './verdict.ts';
import {
  byDistance,
  isNoteworthy,
  isStrong,
  nearestOrders,
  type OrderedFields,
  orderOf,
  sharedOrders,
  sourcesOf,
  tellingOrders,
} from './words.ts';

/** A field of one side of a barrier, with its nearest access. */
export interface FieldLine {
  readonly field: string;
  readonly access: PlacedAccess;
  readonly place: AccessPlace;
}

export interface Explanation {
  readonly file: string;
  readonly site: Site;
  /** What it is there for: the fields of its pairings, else those nearest to it. */
  readonly telling: readonly OrderedFields[];
  /** The two accesses that stand nearest to it. */
  readonly nearest: readonly OrderedFields[];
  /** All it orders: fields by name, nearest first. */
  readonly before: readonly FieldLine[];
  readonly after: readonly FieldLine[];
  /** Best first. */
  readonly partners: readonly PartnerLine[];
  /** Claims of its comment that led nowhere. */
  readonly dangling: readonly ResolvedClaim[];
  readonly needs: readonly NeedRow[];
  /** What all this comes to. */
  readonly answer: SiteAnswer;
}

/** What the moment knows of a site. */
export function explain(moment: Moment, { file, site }: PlacedSite): Explanation {
  const partnerships = worthShowing(moment.tree.partnerships(file, site.id));
  const complete = moment.tree.completed({ file, site });
  const partners = bestFirst(partnerships.map((each) => partnerLine(moment, each)));
  const needs = needsOf(moment, { file, site });
  return {
    file,
    site,
    telling: tellingOrders(partnerships, { file, site: complete }),
    nearest: nearestOrders({ file, site: complete }),
    before: fieldLines(
      complete.orders.flatMap(({ before }) => before),
      file,
    ),
    after: fieldLines(
      complete.orders.flatMap(({ after }) => after),
      file,
    ),
    partners,
    dangling: moment.tree
      .claims(file, site.id)
      .filter(
        ({ claim, status }) =>
          isAssertion(claim) &&
          (status === 'function-missing' || status === 'function-has-no-barrier'),
      ),
    needs,
    answer: siteAnswer({
      site,
      partners,
      needs,
      findings: moment.findings(file),
      theirs: partners.flatMap((line) => brokenThere(moment, line)),
    }),
  };
}

/** The finding of a broken pairing that stands at the other side, in the words of this one. */
function brokenThere({ findings }: Moment, line: PartnerLine): readonly Diagnostic[] {
  const { partner, verdict } = line;
  const answer = verdict?.answer;
  if (answer === undefined || sideVerdict(answer, line.side).kind !== 'broken') return [];
  return findings(partner.file)
    .filter(({ code, about }) => code === 'broken-pairing' && about === partner.site.id)
    .map((finding) => ({ ...finding, message: brokenWords(line, answer) }));
}

/** An operation that is no barrier of its own, of which nothing is known beyond what its comment says. */
export function isNoNews({ site, answer, dangling }: Explanation): boolean {
  return !site.explicit && answer.kind === 'alone' && dangling.length === 0;
}

/** Strong ones and, where there are such, only barriers and what comments rely on: that a list operation
 *  accesses the same fields too is no news beside them. */
function worthShowing(partnerships: readonly Partnership[]): readonly Partnership[] {
  const strong = partnerships.filter(({ pairing }) => isStrong(pairing));
  const best = strong.length > 0 ? strong : partnerships;
  const noteworthy = best.filter(({ partner: { site } }) => isNoteworthy(site));
  return noteworthy.length > 0 ? noteworthy : best;
}

/** A partner for whom the barrier removes nothing is none, as long as there is another one. */
function bestFirst(partners: readonly PartnerLine[]): readonly PartnerLine[] {
  const isIdle = ({ verdict, side }: PartnerLine) =>
    verdict?.answer !== undefined && sideVerdict(verdict.answer, side).kind === 'idle';
  return partners.toSorted((a, b) => Number(isIdle(a)) - Number(isIdle(b)));
}

function partnerLine(moment: Moment, partnership: Partnership): PartnerLine {
  const { pairing, partner, side } = partnership;
  const verdict = moment.verdictOf(pairing);
  const orders = sharedOrders(partnership);
  const check = verdict?.answer && decisive(verdict.answer);
  const order = check === undefined ? orders[0] : orderOf(check.order, side);
  const unknownAt = verdict?.answer && unknownPlace(moment, partnership, verdict.answer);
  return {
    partner,
    side,
    sources: sourcesOf(pairing, isProven(verdict)),
    orders,
    ...(verdict && { verdict }),
    ...(order && { decisive: order }),
    ...(unknownAt && { unknownAt }),
    reasons: pairing.reasons,
  };
}

/** What is not modelled: that the place is one of the two barriers says nothing. */
function unknownPlace(
  { tree, linesOf }: Moment,
  { pairing, side }: Partnership,
  answer: OpenPairingCheck,
): FileLine | undefined {
  const verdict = sideVerdict(answer, side);
  if (verdict.kind !== 'unknown' || verdict.place === undefined) return undefined;
  const { file, span } = verdict.place;
  const own = pairing.sites.flatMap((ref) => tree.site(ref) ?? []);
  if (own.some((each) => each.file === file && each.site.span.start === span.start))
    return undefined;
  const lines = linesOf(file);
  return lines && { file, line: lines.position(span.start).line + 1 };
}

function fieldLines(accesses: readonly Access[], file: string): readonly FieldLine[] {
  const lines = new Map<string, FieldLine>();
  for (const access of byDistance(accesses)) {
    const field = shownField(access.field);
    if (lines.has(field)) continue;
    const place = placeOfAccess(access, file);
    lines.set(field, { field, access: { ...access, file }, place });
  }
  return [...lines.values()];
}

/** What simulated scenarios say of a site. */
export function needsOf({ needs }: Moment, { file, site }: PlacedSite): readonly NeedRow[] {
  return needs.filter((row) => isOf(row, file, site));
}

function isOf({ barrier }: NeedRow, file: string, site: Site): boolean {
  return (
    barrier.file === file &&
    barrier.function === site.function &&
    barrier.primitive === site.primitive &&
    barrier.ordinal === site.ordinal
  );
}
