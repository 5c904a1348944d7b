/** The hover: on a barrier, what it orders and with whom it pairs; on a field, by which barriers it is ordered. */

import { basename } from 'node:path';
import { type Access, type Site, shownField } from '../facts/file-facts.ts';
import { primitive } from '../kernel/primitives.ts';
import { type Span, touches } from '../text/span.ts';
import { explain } from './explanation.ts';
import type { Markup } from './markup.ts';
import type { FileMoment } from './moment.ts';
import { neededCalls } from './needed-calls.ts';
import { renderCallDetails, renderDetails } from './render-details.ts';
import { renderCall, renderHover } from './render-hover.ts';
import { renderPrimitive } from './render-primitive.ts';
import { verdictPhrase } from './verdict.ts';
import { isNoteworthy, orderPhrase, sameField, sharedOrders, siteTitle } from './words.ts';

export interface Hover {
  readonly span: Span;
  readonly text: string;
  /** Whether there is more to say: see `details()`. */
  readonly hasDetails: boolean;
}

/** How many barriers are listed for one field. */
const ORDERINGS = 6;

/** What there is to say at `offset`, or undefined. */
export function hover(moment: FileMoment, offset: number, markup: Markup): Hover | undefined {
  const site = siteAt(moment, offset);
  if (site !== undefined && (site.explicit || site.claims.length > 0))
    return {
      span: site.span,
      text: renderHover(moment, explain(moment, { file: moment.file, site }), markup),
      hasDetails: true,
    };
  return (
    callHover(moment, offset, markup) ??
    (isOnName(site, offset) ? impliedHover(moment, site, markup) : undefined) ??
    fieldHover(moment, offset, markup) ??
    impliedHover(moment, site, markup) ??
    primitiveHover(moment.textOf(moment.file) ?? '', offset, markup)
  );
}

/** All that is known of the site at `offset`, or of the call there. */
export function details(moment: FileMoment, offset: number, markup: Markup): string | undefined {
  const site = siteAt(moment, offset);
  const call = neededCalls(moment).find(({ span }) => touches(span, offset));
  if (site === undefined || (call !== undefined && !site.explicit))
    return call && renderCallDetails(call, markup);
  const known = renderDetails(explain(moment, { file: moment.file, site }), markup);
  const found = primitive(site.primitive);
  return found === undefined
    ? known
    : [known, renderPrimitive(found, markup)].join(markup.paragraph);
}

/** A call that stands for an ordering primitive in a simulated scenario. */
function callHover(moment: FileMoment, offset: number, markup: Markup): Hover | undefined {
  const call = neededCalls(moment).find(({ span }) => touches(span, offset));
  return call && { span: call.span, text: renderCall(call, markup), hasDetails: true };
}

/** The site at an offset: the innermost, and a barrier of its own before one that is only implied. */
export function siteAt({ facts }: FileMoment, offset: number): Site | undefined {
  return facts.sites
    .filter(({ span }) => touches(span, offset))
    .sort((a, b) => Number(b.explicit) - Number(a.explicit) || length(a.span) - length(b.span))[0];
}

/** Whether it is the operation that is pointed at, as its lens does, and not what it is made on. */
function isOnName(site: Site | undefined, offset: number): boolean {
  return site !== undefined && offset <= site.span.start + site.primitive.length;
}

function length({ start, end }: Span): number {
  return end - start;
}

/** An operation that orders without a comment that relies on it: said only where it pairs or a scenario rests on it. */
function impliedHover(
  moment: FileMoment,
  site: Site | undefined,
  markup: Markup,
): Hover | undefined {
  if (site === undefined) return undefined;
  const explanation = explain(moment, { file: moment.file, site });
  if (explanation.partners.length === 0 && explanation.needs.length === 0) return undefined;
  return { span: site.span, text: renderHover(moment, explanation, markup), hasDetails: true };
}

/** Any other use of a primitive that orders, or that one may think does: what it is. */
export function primitiveHover(text: string, offset: number, markup: Markup): Hover | undefined {
  const isLetter = (at: number) => /\w/.test(text[at] ?? '');
  let [start, end] = [offset, offset];
  while (isLetter(start - 1)) start--;
  while (isLetter(end)) end++;
  const found = primitive(text.slice(start, end));
  if (found === undefined || text[end] !== '(') return undefined;
  return { span: { start, end }, text: renderPrimitive(found, markup), hasDetails: false };
}

function fieldHover(moment: FileMoment, offset: number, markup: Markup): Hover | undefined {
  const access = accessAt(moment, offset);
  if (access === undefined) return undefined;
  const lines = orderingsOf(moment, access, markup);
  if (lines.length === 0) return undefined;
  const shown = lines.slice(0, ORDERINGS).map(markup.item);
  const more =
    lines.length > ORDERINGS ? [markup.item(`and ${lines.length - ORDERINGS} more`)] : [];
  const title = `${markup.strong(markup.code(shownField(access.field)))} is ordered by`;
  return { span: access.span, text: [title, ...shown, ...more].join('\n'), hasDetails: false };
}

function accessAt({ facts }: FileMoment, offset: number): Access | undefined {
  return facts.functions
    .filter(({ span }) => touches(span, offset))
    .flatMap(({ accesses }) => accesses)
    .filter(({ span, via }) => via.length === 0 && touches(span, offset))
    .sort((a, b) => length(a.span) - length(b.span))[0];
}

/** A line for each barrier, of any file, whose pairing is about the field. */
function orderingsOf(moment: FileMoment, { field }: Access, markup: Markup): readonly string[] {
  const { tree } = moment;
  const lines = tree.pairing.pairings.flatMap((pairing) => {
    if (
      !pairing.orders.some(
        ({ first, second }) => sameField(first, field) || sameField(second, field),
      )
    )
      return [];
    const shown = moment.verdictOf(pairing);
    return pairing.sites.flatMap((ref, side) => {
      const placed = tree.site(ref);
      const partner = tree.site(pairing.sites[side === 0 ? 1 : 0]);
      if (placed === undefined || partner === undefined || !isNoteworthy(placed.site)) return [];
      const orders = sharedOrders({ pairing, side: side === 0 ? 0 : 1, partner })
        .filter(({ before, after }) => sameField(before, field) || sameField(after, field))
        .map((order) => markup.code(orderPhrase(order)))
        .join(', ');
      const where = `${basename(placed.file)}:${placed.site.line}`;
      const known =
        shown === undefined ? 'not simulated' : verdictPhrase(shown, side === 0 ? 0 : 1);
      return [
        `${orders}: ${markup.code(siteTitle(placed.site))} ${markup.link(where, placed.file, placed.site.line)} (${known})`,
      ];
    });
  });
  return [...new Set(lines)];
}
