/** A text being overwritten in place: offsets and line ends stay where they are, whatever is written. */

/** The UTF-16 units of the text, changed by the functions of this file. */
export interface Canvas {
  readonly original: string;
  readonly units: Uint16Array;
}

const SPACE = 32;
const UNDERSCORE = 95;

export function canvasOf(original: string): Canvas {
  const units = new Uint16Array(original.length);
  for (let at = 0; at < original.length; at++) units[at] = original.charCodeAt(at);
  return { original, units };
}

const UTF_16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/** The text as it stands now, or a part of it. */
export function textOn({ units }: Canvas, start = 0, end = units.length): string {
  return UTF_16.decode(units.subarray(start, end));
}

/** Overwrites `start <= at < end` with spaces, line ends excepted. */
export function blank(canvas: Canvas, start: number, end: number): void {
  for (let at = start; at < end; at++) if (!isLineEnd(canvas.units[at]!)) canvas.units[at] = SPACE;
}

/** Turns `start <= at < end` into one name, as far as its first line goes; the rest becomes blank. */
export function fillWithName(canvas: Canvas, start: number, end: number): void {
  let at = start;
  for (; at < end && !isLineEnd(canvas.units[at]!); at++) canvas.units[at] = UNDERSCORE;
  blank(canvas, at, end);
}

/** Writes `text` over what stands at `start`; nothing is written over a line end. */
export function write(canvas: Canvas, start: number, text: string): void {
  for (let at = 0; at < text.length; at++)
    if (!isLineEnd(canvas.units[start + at] ?? 10)) canvas.units[start + at] = text.charCodeAt(at);
}

function isLineEnd(unit: number): boolean {
  return unit === 10 || unit === 13;
}
