/** Where names are called in a text, as its author counts them: whatever macros bring, and whichever `#if` holds. */

import { tokenize } from '../syntax/tokens.ts';
import { contains, type Span } from '../text/span.ts';
import type { SourceText } from './lowering.ts';

/** The offsets at which a name is called, in text order. */
export type CallPlaces = (name: string) => readonly number[];

/** The calls in a text that begins at `offset`; what is `excluded` has none. */
export function callPlaces(
  text: string,
  offset: number,
  excluded: readonly Span[] = [],
): CallPlaces {
  let known: ReadonlyMap<string, readonly number[]> | undefined;
  return (name) => {
    known ??= placesIn(text, offset, excluded);
    return known.get(name) ?? [];
  };
}

function placesIn(
  text: string,
  offset: number,
  excluded: readonly Span[],
): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  const { tokens } = tokenize(text);
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' || tokens[index + 1]?.text !== '(') continue;
    const place = { start: token.start + offset, end: token.end + offset };
    if (excluded.some((span) => contains(span, place))) continue;
    const before = places.get(token.text);
    if (before === undefined) places.set(token.text, [place.start]);
    else before.push(place.start);
  }
  return places;
}

interface Known {
  readonly places: Map<number, CallPlaces>;
  /** Of every function, by where it begins, what is left out of it. */
  readonly omitted: ReadonlyMap<number, readonly Span[]>;
}

const known = new WeakMap<SourceText['parsed'], Known>();

/** The calls in the function that stands at `span`. What is compiled in no configuration, or cannot be read
 *  beside its alternative, is not counted. */
export function callPlacesIn({ text, parsed }: SourceText, span: Span): CallPlaces {
  const { places, omitted } = known.get(parsed) ?? nothingKnown(parsed);
  known.set(parsed, { places, omitted });
  const before = places.get(span.start);
  if (before !== undefined) return before;
  const excluded = [...parsed.neverCompiled, ...(omitted.get(span.start) ?? [])];
  const made = callPlaces(text.slice(span.start, span.end), span.start, excluded);
  places.set(span.start, made);
  return made;
}

function nothingKnown({ functions }: SourceText['parsed']): Known {
  const omitted = new Map(functions.map((each) => [each.span.start, each.omitted]));
  return { places: new Map(), omitted };
}
