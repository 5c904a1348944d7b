/** Accesses as they are written: the place in memory, and the value that is stored there. */

import type { Span } from '../../text/span.ts';

/** A place in memory whose address can be taken: a variable, a member, an element. */
const PLACE = /^[A-Za-z_][\w.[\]>+-]*$/;

export function isPlace(written: string): boolean {
  const place = written.trim();
  return PLACE.test(place) && !/[+-]$|--|\+\+/.test(place);
}

/** A store by `=`, without its `;`. */
export interface Assignment {
  readonly place: string;
  readonly value: string;
  readonly span: Span;
}

/** What stands before a statement. */
const BEFORE_STATEMENT = /(?:[;{}:)]|\belse|\bdo|\*\/)\s*$/;

/** The assignment to what stands at a span, where that is a statement: `b->flag = 1`. */
export function assigned(text: string, { start, end }: Span): Assignment | undefined {
  const place = text.slice(start, end);
  const sign = /^[ \t]*=(?!=)/.exec(text.slice(end, end + MOST_BLANKS));
  const isStatement = BEFORE_STATEMENT.test(text.slice(Math.max(0, start - MOST_BLANKS), start));
  if (sign === null || !isStatement || !isPlace(place)) return undefined;
  const from = end + sign[0].length;
  const stop = endOfValue(text, from);
  if (stop === undefined) return undefined;
  return { place, value: text.slice(from, stop).trim(), span: { start, end: stop } };
}

/** Enough for the white space of any statement. */
const MOST_BLANKS = 200;

/** Where the `;` stands; undefined where a comma, a literal or a block comes before. */
function endOfValue(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at]!;
    if (character === '(' || character === '[') depth++;
    else if (character === ')' || character === ']') depth--;
    else if (character === ';') return depth === 0 ? at : undefined;
    else if (/["'{}]/.test(character) || (character === ',' && depth === 0)) return undefined;
  }
  return undefined;
}
