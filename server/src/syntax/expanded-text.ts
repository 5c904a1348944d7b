/** The text that tokens make after their macros are replaced, and where its parts were written. */

import type { Span } from '../text/span.ts';
import type { MacroCall, MacroToken } from './macro-token.ts';

/** From a range of the text to the span that is to be seen: where it was written, or the use of the macro
 *  that brought it. The span of a use is always the same object. */
export type Placement = (start: number, end: number) => Span;

export interface ExpandedText {
  readonly text: string;
  readonly place: Placement;
}

/** Text for `tokens`, of which those written in a row keep what stands between them in `source`, which
 *  begins at `offset`. */
export function expandedText(
  tokens: readonly MacroToken[],
  source: string,
  offset: number,
): ExpandedText {
  const layout: Layout = { tokens, starts: [], ends: [], runs: [] };
  let text = '';
  let run = 0;
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1];
    if (follows(before, token)) {
      text += source.slice(before!.written!.end - offset, token.written!.start - offset);
    } else {
      run += 1;
      text += ' ';
    }
    layout.starts.push(text.length);
    layout.runs.push(run);
    text += token.text;
    layout.ends.push(text.length);
  }
  return { text, place: (start, end) => placed(layout, start, end) };
}

/** Tokens with their places in the text, and the runs of tokens that were written in a row. */
interface Layout {
  readonly tokens: readonly MacroToken[];
  readonly starts: number[];
  readonly ends: number[];
  readonly runs: number[];
}

function follows(before: MacroToken | undefined, token: MacroToken): boolean {
  return (
    before?.written !== undefined &&
    token.written?.index === before.written.index + 1 &&
    token.within === before.within
  );
}

function placed(layout: Layout, start: number, end: number): Span {
  const { tokens, starts, runs } = layout;
  const from = Math.min(firstAfter(layout.ends, start), tokens.length - 1);
  const to = Math.max(from, firstFrom(starts, end) - 1);
  const first = tokens[from];
  const last = tokens[to];
  if (first === undefined || last === undefined) return { start: 0, end: 0 };
  const isRun =
    runs[from] === runs[to] && first.written !== undefined && last.written !== undefined;
  const use = isRun ? first.within : commonUse(first, last);
  if (use !== undefined && !isRun && !isArgument(tokens.slice(from, to + 1), use)) return use.span;
  const startsIn = Math.max(0, start - starts[from]!);
  const endsBefore = Math.max(0, layout.ends[to]! - end);
  return {
    start: outermostIn(first, use)?.span.start ?? first.written!.start + startsIn,
    end: outermostIn(last, use)?.span.end ?? last.written!.end - endsBefore,
  };
}

/** Longer arguments have the span of the use that they are written in. */
const LONGEST_ARGUMENT = 1_000;

/** Whether tokens stand among the arguments of a use as they are written there, but for macros in them. */
function isArgument(tokens: readonly MacroToken[], use: MacroCall): boolean {
  if (tokens.length > LONGEST_ARGUMENT) return false;
  let end = -1;
  return tokens.every((token) => {
    const inner = outermostIn(token, use);
    const written = inner === undefined ? token.written : inner.isWritten ? inner.span : undefined;
    const isNext = written !== undefined && (written.end === end || written.start >= end);
    end = written?.end ?? end;
    return isNext;
  });
}

/** The innermost use that both tokens belong to. */
function commonUse(one: MacroToken, other: MacroToken): MacroCall | undefined {
  const uses = new Set(usesOf(one));
  return usesOf(other).find((use) => uses.has(use));
}

/** The uses that a token belongs to, the innermost first. */
function usesOf({ within }: MacroToken): readonly MacroCall[] {
  const uses: MacroCall[] = [];
  for (let use = within; use !== undefined; use = use.within) uses.push(use);
  return uses;
}

/** The outermost use of a token inside `use`, or at all. */
function outermostIn(token: MacroToken, use: MacroCall | undefined): MacroCall | undefined {
  const uses = usesOf(token);
  const end = use === undefined ? uses.length : uses.indexOf(use);
  return uses[end - 1];
}

/** The index of the first number above `value`. */
function firstAfter(sorted: readonly number[], value: number): number {
  return firstWhere(sorted, (each) => each > value);
}

/** The index of the first number that is not below `value`. */
function firstFrom(sorted: readonly number[], value: number): number {
  return firstWhere(sorted, (each) => each >= value);
}

function firstWhere(sorted: readonly number[], isThere: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isThere(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
