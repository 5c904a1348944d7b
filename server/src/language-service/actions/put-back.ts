/** Puts back the barrier that an edit took away from its partner, as it stood in the saved text. */

import type { Span } from '../../text/span.ts';
import type { LostPartner } from '../lost-partners.ts';
import type { FileMoment, Moment } from '../moment.ts';
import { refKey } from '../tree.ts';
import { siteTitle } from '../words.ts';
import type { TextEdit } from './action.ts';
import type { FixOffer, PlacedFinding } from './fix.ts';
import {
  isBeside,
  type Lines,
  type LostEdit,
  lineAt,
  linesOf,
  meets,
  offsetOf,
  replaced,
} from './lost-lines.ts';

const CODE = 'missing-partner-barrier';

/** For each barrier that a partner in the range has lost, or that stood there; one for all its partners. */
export const putBack: FixOffer = (moment, range) => {
  const byGone = new Map<string, LostPartner[]>();
  for (const lost of moment.lost) {
    const key = refKey({ file: lost.gone.file, id: lost.gone.site.id });
    byGone.set(key, [...(byGone.get(key) ?? []), lost]);
  }
  return [...byGone.values()].flatMap((lost) => {
    const { gone } = lost[0]!;
    const mends = lost.flatMap((each) => findingsOf(moment, each));
    const ways = waysBack(moment, lost[0]!);
    const isHere = isAsked(moment, range, lost) || isAt(moment, range, ways);
    if (mends.length === 0 || !isHere) return [];
    const between = lost.map(({ left }) => [functionOf(left), functionOf(gone)] as const);
    const { function: name, primitive: what, ordinal } = gone.site;
    const restores = { file: gone.file, function: name, primitive: what, ordinal };
    const title = `Put back ${siteTitle(gone.site)}`;
    return [{ title, fixes: CODE, ways, mends, between, restores }];
  });
};

function functionOf({ file, site }: LostPartner['left']) {
  return { file, function: site.function };
}

function findingsOf(moment: Moment, { left }: LostPartner): readonly PlacedFinding[] {
  return moment
    .findings(left.file)
    .filter(({ code, about }) => code === CODE && about === left.site.id)
    .map(({ code, message }) => ({ file: left.file, code, message }));
}

function isAsked({ file }: FileMoment, range: Span, lost: readonly LostPartner[]): boolean {
  return lost.some(({ left }) => left.file === file && meets(left.site.span, range));
}

/** Whether the range is on the lines where it would stand, or next to them. */
function isAt(moment: FileMoment, range: Span, ways: readonly (readonly TextEdit[])[]): boolean {
  const text = moment.textOf(moment.file) ?? '';
  return ways.flat().some(({ file, span }) => file === moment.file && isBeside(text, span, range));
}

/** What was taken away stands again where it stood: the very lines in place of what replaced them, or else those of
 *  the barrier beside a line that is still there. */
function waysBack({ tree, textOf }: Moment, lost: LostPartner): readonly (readonly TextEdit[])[] {
  const { file, site } = lost.gone;
  const text = textOf(file);
  const home = tree.functionIn(file, site.function)?.fact.span;
  if (text === undefined || home === undefined) return [];
  const [then, now] = [linesOf(lost.was.text, lost.was.home), linesOf(text, home)];
  const [from, to] = [lineAt(then, site.span.start), lineAt(then, site.span.end) + 1];
  const asItWas = replaced(then, now, { start: from, end: to });
  if (asItWas !== undefined) return [[{ file, ...asItWas }]];
  return besideLines(then, now, commented(then, now, lost, from), to).map((edit) => [
    { file, ...edit },
  ]);
}

/** The first of the lost lines: that of the comment above, where it is gone too. */
function commented(then: Lines, now: Lines, { gone }: LostPartner, from: number): number {
  const span = gone.site.comment?.span;
  if (span === undefined || span.start < then.start) return from;
  const line = lineAt(then, span.start);
  const isGone = !now.lines.join('').includes(gone.site.comment!.text);
  return line !== -1 && line < from && isGone ? line : from;
}

/** The lines behind the nearest line above them that is still there once, and before the nearest one below. */
function besideLines(then: Lines, now: Lines, from: number, to: number): readonly LostEdit[] {
  const text = then.lines.slice(from, to).join('');
  if (!/^\s*(?:\/\*|\w+\s*\()/.test(text)) return [];
  const only = (line: string) => {
    const first = now.lines.indexOf(line);
    return /\w/.test(line) && first === now.lines.lastIndexOf(line) ? first : -1;
  };
  const above = then.lines
    .slice(0, from)
    .map(only)
    .findLast((line) => line !== -1);
  const below = then.lines
    .slice(to)
    .map(only)
    .find((line) => line !== -1);
  const places = [below, above === undefined ? undefined : above + 1];
  return [...new Set(places)].flatMap((line) => {
    if (line === undefined) return [];
    const start = offsetOf(now, line);
    return [{ span: { start, end: start }, text }];
  });
}
