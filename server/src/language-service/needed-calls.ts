/** Calls that a simulated scenario takes for an ordering primitive, as one that waits for a grace period:
 *  where they stand in a file as it is now, with the rows that speak of them. */

import type { FunctionCall } from '../facts/file-facts.ts';
import type { Span } from '../text/span.ts';
import type { FileMoment } from './moment.ts';
import { callAnswer, type SiteAnswer } from './site-answer.ts';
import type { NeedRow } from './verdict.ts';

export interface NeededCall {
  /** The called function. */
  readonly name: string;
  /** The function that calls it. */
  readonly function: string;
  readonly span: Span;
  readonly rows: readonly NeedRow[];
  /** What these and the findings there come to. */
  readonly answer: SiteAnswer;
}

/** The calls of the file that rows speak of and that are no sites. A row finds its call by number, so that it
 *  is found again in a text that was edited since. */
export function neededCalls({ file, facts, needs, findings }: FileMoment): readonly NeededCall[] {
  const rows = needs.filter(({ barrier }) => barrier.file === file);
  if (rows.length === 0) return [];
  return facts.functions.flatMap(({ name: caller, callSites }) => {
    const own = rows.filter(({ barrier }) => barrier.function === caller);
    return numbered(callSites).flatMap(({ name, ordinal, span }): NeededCall[] => {
      const found = own.filter(
        ({ barrier }) => barrier.primitive === name && barrier.ordinal === ordinal,
      );
      const answer = found.length === 0 ? undefined : callAnswer(span, found, findings(file));
      return answer === undefined ? [] : [{ name, function: caller, span, rows: found, answer }];
    });
  });
}

/** The calls in text order, each with its number among those of the same function, from 1. */
function numbered(calls: readonly FunctionCall[]) {
  const count = new Map<string, number>();
  return calls
    .toSorted((a, b) => a.span.start - b.span.start)
    .map(({ name, span }) => {
      const ordinal = (count.get(name) ?? 0) + 1;
      count.set(name, ordinal);
      return { name, span, ordinal };
    });
}
