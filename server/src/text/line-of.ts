/** Places as a reader writes them: file and line. */

import { LineIndex } from './line-index.ts';
import type { Place } from './span.ts';

/** A place as `kernel/livepatch/transition.c:601`, for files below the tree's root; files that are given by
 *  their whole path go by their name. */
export type LineOf = (place: Place) => string;

/** Finds lines in these texts; of a place in any other file only that is said. */
export function lineFinder(
  texts: readonly { readonly file: string; readonly text: string }[],
): LineOf {
  const indices = new Map<string, LineIndex>();
  return ({ file, span }) => {
    const name = file.startsWith('/') ? file.slice(file.lastIndexOf('/') + 1) : file;
    const text = texts.find((each) => each.file === file)?.text;
    if (text === undefined) return name;
    const index = indices.get(file) ?? new LineIndex(text);
    indices.set(file, index);
    return `${name}:${index.position(span.start).line + 1}`;
  };
}
