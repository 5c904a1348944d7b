/** Converts between offsets and line/column positions of one text. */

/** A position counted from zero, the column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The line starts of a text, computed once; every look-up is a binary search. Lines end as editors and the
 *  language server protocol have it: with `\n`, `\r\n` or `\r`. */
export class LineIndex {
  readonly length: number;
  readonly #starts: readonly number[];
  /** Where lines end that end with a carriage return, by their number. */
  readonly #shortened: ReadonlyMap<number, number>;

  constructor(text: string) {
    const starts = [0];
    const shortened = new Map<number, number>();
    if (text.includes('\r'))
      for (const { 0: end, index } of text.matchAll(/\r\n?|\n/g)) {
        if (end.length > 1) shortened.set(starts.length - 1, index);
        starts.push(index + end.length);
      }
    else
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
        starts.push(at + 1);
    this.#starts = starts;
    this.#shortened = shortened;
    this.length = text.length;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** The position of `offset`; an offset outside the text is moved to its nearest end. */
  position(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: clamped - this.#starts[low]! };
  }

  /** The offset of a position; a column beyond its line is moved to the line's end. */
  offset({ line, column }: Position): number {
    if (line < 0) return 0;
    const start = this.#starts[line];
    if (start === undefined) return this.length;
    const next = this.#starts[line + 1];
    const end = this.#shortened.get(line) ?? (next === undefined ? this.length : next - 1);
    return Math.min(start + Math.max(0, column), end);
  }
}
