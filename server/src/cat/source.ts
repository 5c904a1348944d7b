/** Where a piece of a model stands, so that whatever is wrong with it can be told with its place. */

import { LineIndex } from '../text/line-index.ts';
import type { Span } from '../text/span.ts';

/** A file that a model is made of. */
export interface Source {
  readonly file: string;
  readonly lines: LineIndex;
  /** It is not the user's, but of the library that models include from. */
  readonly isLibrary: boolean;
  /** What `if "..."` finds set: the `variant` lines of the configuration. */
  readonly variants: ReadonlySet<string>;
}

export interface SourceSpan extends Span {
  readonly source: Source;
}

export function sourceOf(
  file: string,
  text: string,
  isLibrary: boolean,
  variants: ReadonlySet<string> = new Set(),
): Source {
  return { file, lines: new LineIndex(text), isLibrary, variants };
}

/** `linux-kernel.cat, line 12, column 5`, counted from one. */
export function printPlace({ source, start }: SourceSpan): string {
  const { line, column } = source.lines.position(start);
  return `${source.file}, line ${line + 1}, column ${column + 1}`;
}
