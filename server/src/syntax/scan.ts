/** The state of one pre-pass: the tokens that count, their brackets, and the canvas they are changed on. */

import { blank, type Canvas, fillWithName, write } from './canvas.ts';
import type { Token } from './tokens.ts';

export interface Scan {
  readonly canvas: Canvas;
  readonly tokens: readonly Token[];
  /** The partner of each bracket, or -1. */
  readonly partner: Int32Array;
  /** What has been done to each token. */
  readonly fate: Uint8Array;
  /** 1 where the token ends a header or label, so that a statement begins after it. */
  readonly boundary: Uint8Array;
  /** Starts of the preprocessor lines that stay, in order. */
  readonly directives: readonly number[];
}

/** As it was; blanked, so that it is no neighbour to others; part of a name that was put over it. */
export const FATE = { kept: 0, blanked: 1, filled: 2 } as const;

export function textAt(scan: Scan, index: number): string {
  return scan.tokens[index]?.text ?? '';
}

export function isWordAt(scan: Scan, index: number): boolean {
  return scan.tokens[index]?.kind === 'word';
}

/** The token before, blanked ones not counted. */
export function before(scan: Scan, index: number): number {
  let at = index - 1;
  while (at >= 0 && scan.fate[at] === FATE.blanked) at--;
  return at;
}

/** The index after the brackets that open at `index`; the next token where they are never closed. */
export function afterBrackets(scan: Scan, index: number): number {
  const close = scan.partner[index]!;
  return close > index ? close + 1 : index + 1;
}

/** Steps over one token, or over a bracket with all it contains. */
export function skip(scan: Scan, index: number): number {
  const text = textAt(scan, index);
  return text === '(' || text === '[' || text === '{' ? afterBrackets(scan, index) : index + 1;
}

/** Blanks the tokens `from <= index < to` with everything between them. */
export function blankTokens(scan: Scan, from: number, to: number): void {
  const start = scan.tokens[from]?.start;
  const end = scan.tokens[to - 1]?.end;
  if (from >= to || start === undefined || end === undefined) return;
  blank(scan.canvas, start, end);
  scan.fate.fill(FATE.blanked, from, to);
}

/** Makes one name of the tokens `from <= index < to`. */
export function fillTokens(scan: Scan, from: number, to: number): void {
  const start = scan.tokens[from]?.start;
  const end = scan.tokens[to - 1]?.end;
  if (from >= to || start === undefined || end === undefined) return;
  fillWithName(scan.canvas, start, end);
  scan.fate.fill(FATE.filled, from, to);
}

/** Writes `text` into the blank space after token `index`, if there is any before the next one. */
export function insertAfter(scan: Scan, index: number, text: string): boolean {
  const end = scan.tokens[index + 1]?.start ?? scan.canvas.units.length;
  for (let at = scan.tokens[index]!.end; at < end; at++) {
    const unit = scan.canvas.units[at];
    if (unit !== 32 && unit !== 9) continue;
    write(scan.canvas, at, text);
    return true;
  }
  return false;
}

/** Whether a preprocessor line that stays stands between the token and the next. */
export function directiveFollows(scan: Scan, index: number): boolean {
  const from = scan.tokens[index]?.end ?? 0;
  const to = scan.tokens[index + 1]?.start ?? scan.canvas.units.length;
  let low = 0;
  let high = scan.directives.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scan.directives[middle]! < from) low = middle + 1;
    else high = middle;
  }
  const found = scan.directives[low];
  return found !== undefined && found < to;
}

/** Whether the two tokens stand on different lines. */
export function onOtherLine(scan: Scan, index: number, other: number): boolean {
  const from = scan.tokens[index]?.end ?? 0;
  const to = scan.tokens[other]?.start ?? scan.canvas.original.length;
  const newline = scan.canvas.original.indexOf('\n', from);
  return newline !== -1 && newline < to;
}

/** The column of the token, a tab counting to the next multiple of eight. */
export function columnOf(scan: Scan, index: number): number {
  const { original } = scan.canvas;
  const start = scan.tokens[index]?.start ?? 0;
  let column = 0;
  for (let at = original.lastIndexOf('\n', start - 1) + 1; at < start; at++)
    column = original[at] === '\t' ? column - (column % 8) + 8 : column + 1;
  return column;
}

/** The arguments between the brackets that open at `open`: token ranges between commas. */
export function argumentRanges(scan: Scan, open: number): { from: number; to: number }[] {
  const close = scan.partner[open]!;
  const ranges: { from: number; to: number }[] = [];
  let from = open + 1;
  for (let at = from; at < close; at = skip(scan, at)) {
    if (textAt(scan, at) !== ',') continue;
    ranges.push({ from, to: at });
    from = at + 1;
  }
  if (close > open + 1) ranges.push({ from, to: close });
  return ranges;
}

/** The text of a token range as written. */
export function rangeText(scan: Scan, from: number, to: number): string {
  if (from >= to) return '';
  return scan.canvas.original.slice(scan.tokens[from]!.start, scan.tokens[to - 1]!.end);
}
