/** Lines that an edit took away from a text, and where they stood. */

import { primitive } from '../../kernel/primitives.ts';
import { afterBlanks, C_COMMENTS } from '../../text/blanks.ts';
import type { Span } from '../../text/span.ts';
import type { TextEdit } from './action.ts';

/** An edit by which lines stand there again. */
export type LostEdit = Omit<TextEdit, 'file'>;

/** Lines of a text, each with its end; `start` is where the first one begins in it. */
export interface Lines {
  readonly start: number;
  readonly lines: readonly string[];
}

/** The lines that a span of a text stands on. */
export function linesOf(text: string, { start, end }: Span): Lines {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  const to = next === -1 ? text.length : next + 1;
  return { start: from, lines: text.slice(from, to).split(/(?<=\n)/) };
}

/** Which of the lines an offset stands in; -1 where it is beyond them. */
export function lineAt({ start, lines }: Lines, offset: number): number {
  let end = start;
  return lines.findIndex((line) => {
    end += line.length;
    return offset < end;
  });
}

/** Where a line begins in the text. */
export function offsetOf({ start, lines }: Lines, line: number): number {
  return lines.slice(0, line).reduce((offset, { length }) => offset + length, start);
}

/** The one stretch of lines in which two texts differ: the lines of each from `above` on, up to `below` from its end. */
function stretch(then: Lines, now: Lines) {
  const most = Math.min(then.lines.length, now.lines.length);
  let above = 0;
  while (above < most && then.lines[above] === now.lines[above]) above++;
  let below = 0;
  while (below < most - above && then.lines.at(-1 - below) === now.lines.at(-1 - below)) below++;
  return { above, end: then.lines.length - below, nowEnd: now.lines.length - below };
}

/** The one stretch of lines in which the two differ, as it was: where the code of `lost` lines alone differs, or, without
 *  such, where nothing new is said. */
export function replaced(then: Lines, now: Lines, lost?: Span): LostEdit | undefined {
  const { above, end, nowEnd } = stretch(then, now);
  const { start: from, end: to } = lost ?? { start: above, end };
  if (from < above || to > end) return undefined;
  const around = [...then.lines.slice(above, from), ...then.lines.slice(to, end)];
  if (codeWords(around.join('')).length > 0) return undefined;
  const were = new Set(codeWords(then.lines.slice(from, to).join('')));
  const added = codeWords(now.lines.slice(above, nowEnd).join(''));
  if (added.some((word) => !were.has(word) && primitive(word) === undefined)) return undefined;
  const span = { start: offsetOf(now, above), end: offsetOf(now, nowEnd) };
  return { span, text: then.lines.slice(above, end).join('') };
}

/** The words of a text that stand in no comment. */
export function codeWords(text: string): readonly string[] {
  const words: string[] = [];
  for (let at = afterBlanks(text, 0, C_COMMENTS); at < text.length; ) {
    const start = at;
    while (at < text.length && /\w/.test(text[at]!)) at++;
    if (at > start) words.push(text.slice(start, at));
    at = afterBlanks(text, at > start ? at : at + 1, C_COMMENTS);
  }
  return words;
}

/** Whether a range is on the lines of a span, or next to them. */
export function isBeside(text: string, span: Span, range: Span): boolean {
  const start = text.lastIndexOf('\n', Math.max(0, span.start - 2)) + 1;
  const end = text.indexOf('\n', span.end);
  return meets({ start, end: end === -1 ? text.length : end }, range);
}

/** Whether two spans have a place in common. */
export function meets(one: Span, other: Span): boolean {
  return one.start <= other.end && other.start <= one.end;
}
