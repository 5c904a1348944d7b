/** Where tokens give a variable gcc's attribute `cleanup`, by whatever name. */

import { leftOut } from '../kernel/left-out.ts';
import { type MacroToken, writtenCall } from '../syntax/macro-token.ts';
import type { Span } from '../text/span.ts';

const WORDS: ReadonlySet<string> = new Set(['__free', '__cleanup', 'cleanup', '__cleanup__']);

/** The uses by which a variable is cleaned up when it goes out of scope, by a function that is not one of those
 *  that are left out; of what a macro brings, the use of the macro. */
export function cleanupsIn(tokens: readonly MacroToken[]): readonly Span[] {
  return tokens.flatMap(({ text, written, within }, at) => {
    const by = tokens[at + 2];
    if (!WORDS.has(text) || tokens[at + 1]?.text !== '(' || by === undefined) return [];
    if (leftOut.has(by.text)) return [];
    if (written !== undefined)
      return [{ start: written.start, end: by.written?.end ?? written.end }];
    return within === undefined || WORDS.has(writtenCall(within).macro)
      ? []
      : [writtenCall(within).span];
  });
}
