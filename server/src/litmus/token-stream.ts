/** A cursor over tokens that collects problems instead of throwing past its user. */

import type { Problem, Span } from '../text/span.ts';
import type { Token } from './lexer.ts';

/** Leaves the current production; caught by the parser of the next larger part. */
export class SyntaxFailure extends Error {}

export interface TokenStream {
  readonly tokens: readonly Token[];
  readonly problems: Problem[];
  at: number;
}

export function streamOf(tokens: readonly Token[], problems: Problem[]): TokenStream {
  return { tokens, problems, at: 0 };
}

/** The token `ahead` of the current one; the last token stands for all that follow it. */
export function peek(stream: TokenStream, ahead = 0): Token {
  return stream.tokens[Math.min(stream.at + ahead, stream.tokens.length - 1)]!;
}

export function next(stream: TokenStream): Token {
  const token = peek(stream);
  if (token.kind !== 'end') stream.at++;
  return token;
}

/** Whether the token `ahead` is this punctuator or word. */
export function looksAt(stream: TokenStream, text: string, ahead = 0): boolean {
  const token = peek(stream, ahead);
  return token.text === text && (token.kind === 'punctuator' || token.kind === 'name');
}

/** Steps over the token if it is this one. */
export function accept(stream: TokenStream, text: string): boolean {
  if (!looksAt(stream, text)) return false;
  stream.at++;
  return true;
}

export function expect(stream: TokenStream, text: string): Token {
  if (!looksAt(stream, text)) fail(stream, `'${text}'`);
  return next(stream);
}

export function expectName(stream: TokenStream, what: string): Token {
  if (peek(stream).kind !== 'name') fail(stream, what);
  return next(stream);
}

/** Reports what was expected at the current token and gives the production up. */
export function fail(stream: TokenStream, expected: string): never {
  const { text, span } = peek(stream);
  return failAt(stream, `expected ${expected}, found ${quoted(text)}`, span);
}

export function failAt(stream: TokenStream, message: string, span: Span): never {
  stream.problems.push({ message, span });
  throw new SyntaxFailure(message);
}

function quoted(text: string): string {
  return text === 'the end' ? text : `'${text}'`;
}

/** The span from the token at index `first` to the one before the current. */
export function spanFrom(stream: TokenStream, first: number): Span {
  const { start } = stream.tokens[first]!.span;
  const last = stream.tokens[Math.max(first, stream.at - 1)]!;
  return { start, end: last.span.end };
}

/** The value of a number, in the 32 bits that herd7 computes in; what has more is refused, as there. Hexadecimal ones may
 *  be written without a sign. `isNegated` says that a "-" stands before it. */
export function wordOf(stream: TokenStream, { text, span }: Token, isNegated = false): number {
  const value = text.startsWith('-') ? -Number(text.slice(1)) : Number(text);
  const most = /0[xX]/.test(text) ? 0xffff_ffff : 0x7fff_ffff + (isNegated ? 1 : 0);
  if (value > most || value < -0x8000_0000)
    failAt(stream, `${text} has more than the 32 bits in which herd7 computes`, span);
  return value | 0;
}
