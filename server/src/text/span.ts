/** Places in text: half-open ranges of UTF-16 offsets, as the language server protocol counts them. */

/** The range `start <= offset < end`, in UTF-16 code units from the beginning of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A span of one file. `file` is the path as the host knows it (the CLI shows it relative). */
export interface Place {
  readonly file: string;
  readonly span: Span;
}

/** Something wrong with an input, said in one sentence, with the place it was found at. */
export interface Problem {
  readonly message: string;
  readonly span: Span;
}

/** Whether `offset` lies in `span`, its end included (a cursor after the last letter is still on the word). */
export function touches(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

/** Whether `inner` lies wholly inside `outer`. */
export function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
