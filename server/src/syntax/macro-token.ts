/** The tokens that macros are made of and replaced by: what stands there, and where it was written. */

import type { Span } from '../text/span.ts';
import { type Token, type TokenKind, tokenize, tokenizeLine } from './tokens.ts';

/** A use of a macro: as written in a text, or in what another use brings. */
export interface MacroCall {
  readonly macro: string;
  /** With arguments, if only none. */
  readonly isCall: boolean;
  readonly isWritten: boolean;
  /** From its name to the parenthesis that closes its arguments; of what is not written itself, the range of
   *  the use that brings it. No two uses have the same object. */
  readonly span: Span;
  /** The use among whose arguments it is written, or that brings it. */
  readonly within?: MacroCall;
}

/** The use as written that a use belongs to: itself, or the one that brings it. */
export function writtenCall(call: MacroCall): MacroCall {
  let at = call;
  while (!at.isWritten && at.within !== undefined) at = at.within;
  return at;
}

/** A token of a macro's body, or of the text in which macros are replaced. */
export interface MacroToken {
  readonly kind: TokenKind;
  readonly text: string;
  /** Whether blank space stands before it. */
  readonly spaced: boolean;
  /** Where it is written in the text; absent where a macro's body brought it. */
  readonly written?: Written;
  /** The use that brought it, or among whose arguments it is written. */
  readonly within?: MacroCall;
  /** Whether a macro brought it whose text knows nothing of where it is used. */
  readonly isOutside?: true;
  /** The macros that it came out of: it is not replaced by them again (C11 6.10.3.4p2). */
  readonly hidden: readonly string[];
}

/** A macro as it is replaced. */
export interface Macro {
  readonly name: string;
  /** Absent for one without arguments. */
  readonly parameters?: readonly string[];
  /** The last of the parameters takes the rest of the arguments. */
  readonly isVariadic: boolean;
  readonly body: readonly MacroToken[];
  /** It stands for a function of the kernel: no member is meant by it that has the same name. */
  readonly isFunction?: true;
  /** For one that no text defines: what stands for it, given its arguments as written. */
  readonly made?: (argumentTexts: readonly string[], at: number) => string;
}

/** A place in the text. Tokens that follow each other there are numbered consecutively. */
export interface Written extends Span {
  readonly index: number;
}

const NOT_HIDDEN: readonly string[] = [];

/** The tokens of a text from `offset` of a file on, without its comments and preprocessor lines. */
export function writtenTokens(text: string, offset: number): readonly MacroToken[] {
  let end = 0;
  return tokenize(text).tokens.map((token, index) => {
    const { kind, text: word, start } = token;
    const spaced = start > end;
    end = token.end;
    const written = { start: start + offset, end: end + offset, index };
    return { kind, text: word, spaced, written, hidden: NOT_HIDDEN };
  });
}

/** The tokens of the body of a macro, or of a line of the preprocessor. */
export function lineTokens(text: string): readonly MacroToken[] {
  let end = 0;
  return tokenizeLine(text).map((token) => {
    const made = madeToken(token, token.start > end);
    end = token.end;
    return made;
  });
}

function madeToken({ kind, text }: Token, spaced: boolean): MacroToken {
  return { kind, text, spaced, hidden: NOT_HIDDEN };
}

/** A token that no text has. */
export function newToken(kind: TokenKind, text: string, like: MacroToken): MacroToken {
  const { spaced, within, hidden } = like;
  return { kind, text, spaced, hidden, ...(within && { within }) };
}

/** The macro that a definition makes: `...` is `__VA_ARGS__`, and GNU's `args...` a name for the rest of the arguments. */
export function macroOf(
  name: string,
  parameters: readonly string[] | undefined,
  body: string,
): Macro {
  const last = parameters?.at(-1) ?? '';
  const isVariadic = last.endsWith('...');
  const rest = last.slice(0, -3).trim() || '__VA_ARGS__';
  const named = isVariadic ? [...parameters!.slice(0, -1), rest] : parameters;
  return { name, isVariadic, body: lineTokens(body), ...(named && { parameters: named }) };
}
