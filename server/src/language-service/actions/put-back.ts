/** Puts back the barrier that an edit took away from its partner, as it stood in the saved text. */

import { primitive } from '../../kernel/primitives.ts';
import { afterBlanks, C_COMMENTS } from '../../text/blanks.ts';
import type { Span } from '../../text/span.ts';
import type { LostPartner } from '../lost-partners.ts';
import type { FileMoment, Moment } from '../moment.ts';
import { refKey } from '../tree.ts';
import { siteTitle } from '../words.ts';
import type { TextEdit } from './action.ts';
import type { FixOffer, PlacedFinding } from './fix.ts';

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
  return ways.flat().some(({ file, span }) => {
    if (file !== moment.file) return false;
    const start = text.lastIndexOf('\n', Math.max(0, span.start - 2)) + 1;
    const end = text.indexOf('\n', span.end);
    return meets({ start, end: end === -1 ? text.length : end }, range);
  });
}

function meets(one: Span, other: Span): boolean {
  return one.start <= other.end && other.start <= one.end;
}

/** Lines of a function, each with its end; `start` is where the first one begins in its text. */
interface Lines {
  readonly start: number;
  readonly lines: readonly string[];
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

function linesOf(text: string, { start, end }: Span): Lines {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  const to = next === -1 ? text.length : next + 1;
  return { start: from, lines: text.slice(from, to).split(/(?<=\n)/) };
}

function lineAt({ start, lines }: Lines, offset: number): number {
  let end = start;
  return lines.findIndex((line) => {
    end += line.length;
    return offset < end;
  });
}

function offsetOf({ start, lines }: Lines, line: number): number {
  return lines.slice(0, line).reduce((offset, { length }) => offset + length, start);
}

type Edit = Omit<TextEdit, 'file'>;

/** The one stretch of lines in which the two differ, as it was: where no code but that of the lost lines differs. */
function replaced(then: Lines, now: Lines, lost: Span): Edit | undefined {
  const most = Math.min(then.lines.length, now.lines.length);
  let above = 0;
  while (above < most && then.lines[above] === now.lines[above]) above++;
  let below = 0;
  while (below < most - above && then.lines.at(-1 - below) === now.lines.at(-1 - below)) below++;
  const [end, nowEnd] = [then.lines.length - below, now.lines.length - below];
  if (lost.start < above || lost.end > end) return undefined;
  const around = [...then.lines.slice(above, lost.start), ...then.lines.slice(lost.end, end)];
  if (codeWords(around.join('')).length > 0) return undefined;
  const were = new Set(codeWords(then.lines.slice(lost.start, lost.end).join('')));
  const added = codeWords(now.lines.slice(above, nowEnd).join(''));
  if (added.some((word) => !were.has(word) && primitive(word) === undefined)) return undefined;
  const span = { start: offsetOf(now, above), end: offsetOf(now, nowEnd) };
  return { span, text: then.lines.slice(above, end).join('') };
}

/** The words of a text that stand in no comment. */
function codeWords(text: string): readonly string[] {
  const words: string[] = [];
  for (let at = afterBlanks(text, 0, C_COMMENTS); at < text.length; ) {
    const start = at;
    while (at < text.length && /\w/.test(text[at]!)) at++;
    if (at > start) words.push(text.slice(start, at));
    at = afterBlanks(text, at > start ? at : at + 1, C_COMMENTS);
  }
  return words;
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
function besideLines(then: Lines, now: Lines, from: number, to: number): readonly Edit[] {
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
