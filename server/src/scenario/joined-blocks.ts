/** Several blocks of scenario files as one text, and the way back from it to where they stand. */

import type { Place } from '../text/span.ts';
import type { Block } from './scenario.ts';

export interface JoinedBlocks {
  /** A name that no file has, by which places in `text` are told. */
  readonly file: string;
  readonly text: string;
  /** Where a place in `text` stands in its scenario file; a place of another file stays as it is. */
  readonly placeOf: (place: Place) => Place;
}

/** Joins the blocks in order, with line breaks between; `file` names the joined text. */
export function joinBlocks(file: string, blocks: readonly Block[]): JoinedBlocks {
  const starts: number[] = [];
  let text = '';
  for (const block of blocks) {
    starts.push(text.length);
    text += `${block.text}\n`;
  }
  const placeOf = (place: Place): Place => {
    const at = starts.findLastIndex((start) => start <= place.span.start);
    const block = blocks[at];
    if (place.file !== file || block === undefined) return place;
    const shift = block.offset - starts[at]!;
    const span = { start: place.span.start + shift, end: place.span.end + shift };
    return { file: block.file, span };
  };
  return { file, text, placeOf };
}
