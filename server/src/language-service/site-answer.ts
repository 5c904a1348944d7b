/** The one answer about a site: the strongest thing that is known of it, by findings, scenarios and pairings together.
 *  Lens, hover, report and fixes render it; none of them looks past it. */

import type { Site } from '../facts/file-facts.ts';
import type { Span } from '../text/span.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { FileLine, PartnerLine } from './partner-line.ts';
import type { Currency, NeedRow } from './verdict.ts';
import { sideVerdict } from './verdict.ts';

/** What is said first of a site. A `line` is the partner that the answer is about, `on` the paths of a scenario. */
export type SiteAnswer =
  /** A warning stands there, which says what to do. */
  | { readonly kind: 'warned'; readonly finding: Diagnostic }
  /** The model allows what the pairing is to forbid, and nothing is warned: accepted, or found for an earlier text. */
  | {
      readonly kind: 'broken' | 'needed' | 'redundant';
      readonly line?: PartnerLine;
      readonly on: readonly string[];
      readonly currency: Currency;
    }
  | { readonly kind: 'idle'; readonly line: PartnerLine; readonly currency: Currency }
  | {
      readonly kind: 'unknown';
      readonly line: PartnerLine;
      readonly reason: string;
      /** What is not modelled, where it is that. */
      readonly place?: FileLine;
      readonly currency: Currency;
    }
  /** A scenario does not say, for these paths. */
  | {
      readonly kind: 'open';
      readonly on: readonly string[];
      /** What is not modelled, where it is that. */
      readonly because?: NonNullable<NeedRow['open']>;
      readonly line?: PartnerLine;
      readonly currency: Currency;
    }
  /** The first proof is under way. */
  | { readonly kind: 'running'; readonly line: PartnerLine }
  /** A marked access that a comment pairs with marked accesses alone: they order nothing, so that there is nothing to prove. */
  | { readonly kind: 'marked'; readonly line: PartnerLine }
  /** Pairings are not simulated: the user does not want it. */
  | { readonly kind: 'not-simulated'; readonly line: PartnerLine }
  | { readonly kind: 'alone' };

/** What the answer is made of. */
export interface AnswerSources {
  readonly site: Site;
  /** Best first. */
  readonly partners: readonly PartnerLine[];
  readonly needs: readonly NeedRow[];
  /** All findings of the file. */
  readonly findings: readonly Diagnostic[];
  /** Those that stand at the partner and are of this side as well. */
  readonly theirs: readonly Diagnostic[];
}

/** A warning is first; then what some partner or path needs it for; it is redundant only where it is so for all. */
export function siteAnswer({ site, partners, needs, findings, theirs }: AnswerSources): SiteAnswer {
  const finding = warningAt(findings, site.span, site.id) ?? gravest(theirs);
  if (finding !== undefined) return { kind: 'warned', finding };
  return (
    provenOf(partners, needs) ??
    markedOf(site, partners, needs) ??
    openOf(partners, needs) ??
    worthlessOf(partners, needs) ?? { kind: 'alone' }
  );
}

/** What scenarios and findings say of a call that is no site; undefined where neither says anything. */
export function callAnswer(
  span: Span,
  needs: readonly NeedRow[],
  findings: readonly Diagnostic[],
): SiteAnswer | undefined {
  const finding = warningAt(findings, span);
  if (finding !== undefined) return { kind: 'warned', finding };
  return provenOf([], needs) ?? openOf([], needs) ?? worthlessOf([], needs);
}

/** The gravest warning that stands on a site, or is about its partner. */
function warningAt(
  findings: readonly Diagnostic[],
  span: Span,
  id?: string,
): Diagnostic | undefined {
  const here = findings.filter(
    (each) =>
      (each.about !== undefined && each.about === id) ||
      (each.span.start < span.end && span.start < each.span.end),
  );
  return gravest(here);
}

function gravest(findings: readonly Diagnostic[]): Diagnostic | undefined {
  return (
    findings.find(({ severity }) => severity === 'error') ??
    findings.find(({ severity }) => severity === 'warning')
  );
}

function provenOf(
  partners: readonly PartnerLine[],
  needs: readonly NeedRow[],
): SiteAnswer | undefined {
  const broken = partners.find((line) => kindOf(line) === 'broken');
  if (broken !== undefined)
    return {
      kind: 'broken',
      line: broken,
      on: [],
      currency: broken.verdict?.currency ?? 'current',
    };
  const needed = needs.filter(({ verdict }) => verdict === 'needed');
  const line = partners.find((each) => kindOf(each) === 'needed');
  if (needed.length === 0 && line === undefined) return undefined;
  const best = line ?? partners[0];
  const currencies = [
    ...needed.map(({ currency }) => currency),
    ...(line?.verdict === undefined ? [] : [line.verdict.currency]),
  ];
  return {
    kind: 'needed',
    ...(best && { line: best }),
    on: pathsOf(needed),
    currency: currencies.includes('current') ? 'current' : currencies[0]!,
  };
}

function markedOf(
  site: Site,
  partners: readonly PartnerLine[],
  needs: readonly NeedRow[],
): SiteAnswer | undefined {
  const [line] = partners;
  const isMarked = ({ category }: Site) => category === 'marked-access';
  return line !== undefined &&
    needs.length === 0 &&
    isMarked(site) &&
    partners.every(({ partner }) => isMarked(partner.site))
    ? { kind: 'marked', line }
    : undefined;
}

/** What is not known, where a partner or a path may need it. */
function openOf(
  partners: readonly PartnerLine[],
  needs: readonly NeedRow[],
): SiteAnswer | undefined {
  const rows = needs.filter(({ verdict }) => verdict === 'unknown');
  const [best] = partners;
  if (rows.length > 0) {
    const currency = currencyOf(rows);
    const because = rows.find(({ open }) => open !== undefined)?.open;
    return {
      kind: 'open',
      on: pathsOf(rows),
      ...(because && { because }),
      ...(best && { line: best }),
      currency,
    };
  }
  // A scenario has the whole protocol before it: where it has answered, what two functions alone leave open is no news.
  if (needs.length > 0) return undefined;
  // That it was not known before what has changed is no answer.
  const running = partners.find(
    (line) =>
      line.verdict?.currency === 'running' ||
      (line.verdict?.currency === 'stale' && kindOf(line) === 'unknown'),
  );
  if (running !== undefined) return { kind: 'running', line: running };
  const simulated = partners.filter((line) => kindOf(line) !== undefined);
  if (best !== undefined && simulated.length === 0) return { kind: 'not-simulated', line: best };
  const line = partners.find((each) => kindOf(each) === 'unknown');
  const answer = line?.verdict?.answer;
  if (line?.verdict === undefined || answer === undefined) return undefined;
  const verdict = sideVerdict(answer, line.side);
  const reason = verdict.kind === 'unknown' ? verdict.reason : '';
  const { unknownAt: place } = line;
  const { currency } = line.verdict;
  return { kind: 'unknown', line, reason, ...(place && { place }), currency };
}

function worthlessOf(
  partners: readonly PartnerLine[],
  needs: readonly NeedRow[],
): SiteAnswer | undefined {
  const line = partners.find((each) => kindOf(each) === 'redundant');
  const [best] = partners;
  const rows = needs.filter(({ verdict }) => verdict !== 'broken');
  if (needs.length > 0) {
    const kind = rows.length > 0 ? 'redundant' : 'broken';
    const told = rows.length > 0 ? rows : needs;
    return { kind, on: pathsOf(told), ...(best && { line: best }), currency: currencyOf(told) };
  }
  if (line !== undefined)
    return { kind: 'redundant', on: [], line, currency: line.verdict?.currency ?? 'current' };
  if (best === undefined) return undefined;
  return { kind: 'idle', line: best, currency: best.verdict?.currency ?? 'current' };
}

function kindOf({ verdict, side }: PartnerLine) {
  return verdict?.answer && sideVerdict(verdict.answer, side).kind;
}

function pathsOf(rows: readonly NeedRow[]): readonly string[] {
  return [...new Set(rows.map(({ path }) => path))];
}

function currencyOf(rows: readonly NeedRow[]): Currency {
  return rows.some(({ currency }) => currency === 'stale') ? 'stale' : 'current';
}
