/** Splits a C file into tokens, comments and preprocessor lines: what the pre-pass works on. Total on any text. */

import type { Span } from '../text/span.ts';

export type TokenKind = 'word' | 'number' | 'string' | 'character' | 'punctuation';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A preprocessor line with its continuations, its newline excluded. */
export interface Directive {
  /** `define`, `if`, ...; empty for a lone `#`. */
  readonly keyword: string;
  readonly start: number;
  readonly end: number;
  /** Where the text after the keyword begins. */
  readonly argument: number;
  /** How many tokens of the file stand before it. */
  readonly before: number;
}

/** A file in tokens; those of preprocessor lines are not among them. */
export interface Tokens {
  readonly tokens: readonly Token[];
  readonly comments: readonly Span[];
  readonly directives: readonly Directive[];
  /** Backslashes at line ends outside of preprocessor lines. */
  readonly continuations: readonly number[];
}

interface Lexer {
  readonly text: string;
  readonly tokens: Token[];
  readonly comments: Span[];
  readonly directives: Directive[];
  readonly continuations: number[];
}

const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /\.?[0-9](?:[eEpP][-+]|[\w.])*/y;
const STRING = /"(?:[^"\\\n]|\\[\s\S])*"?/y;
const CHARACTER = /'(?:[^'\\\n]|\\[\s\S])*'?/y;
const PUNCTUATION = /\.\.\.|->|<<=|>>=|[-+*/%&|^=!<>]=|&&|\|\||<<|>>|\+\+|--|##|[\s\S]/y;

/** The tokens of `text`. A comment or string that is not closed ends with the text or the line. */
export function tokenize(text: string): Tokens {
  return read(text, true);
}

/** The tokens of what stands on one line, continued or not: no `#` in it begins a preprocessor line. */
export function tokenizeLine(text: string): readonly Token[] {
  return read(text, false).tokens;
}

function read(text: string, hasDirectives: boolean): Tokens {
  const lexer: Lexer = { text, tokens: [], comments: [], directives: [], continuations: [] };
  let lineStart = hasDirectives;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === SLASH && isComment(text, at)) {
      at = readComment(lexer, at);
    } else if (code === HASH && lineStart) {
      at = readDirective(lexer, at);
    } else if (code <= 32) {
      if (code === NEWLINE) lineStart = hasDirectives;
      at += 1;
    } else {
      at = readToken(lexer, at);
      lineStart = false;
    }
  }
  return lexer;
}

const SLASH = 47;
const HASH = 35;
const NEWLINE = 10;
const BACKSLASH = 92;

function isComment(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  return next === SLASH || next === 42;
}

/** Reads a comment and returns where it ends; a line comment excludes its newline. */
function readComment(lexer: Lexer, at: number): number {
  const end =
    lexer.text.charCodeAt(at + 1) === SLASH ? lineEnd(lexer.text, at) : blockEnd(lexer.text, at);
  lexer.comments.push({ start: at, end });
  return end;
}

function blockEnd(text: string, at: number): number {
  const close = text.indexOf('*/', at + 2);
  return close === -1 ? text.length : close + 2;
}

/** The end of the line, continuations followed. */
function lineEnd(text: string, from: number): number {
  let newline = text.indexOf('\n', from);
  while (newline !== -1 && isContinued(text, newline)) newline = text.indexOf('\n', newline + 1);
  return newline === -1 ? text.length : newline;
}

function isContinued(text: string, newline: number): boolean {
  const before = text.charCodeAt(newline - 1) === 13 ? newline - 2 : newline - 1;
  return text.charCodeAt(before) === BACKSLASH;
}

const KEYWORD = /#[ \t]*([A-Za-z_]*)/y;

/** Reads a preprocessor line; a block comment that begins on it can carry it over several lines. */
function readDirective(lexer: Lexer, start: number): number {
  const { text } = lexer;
  KEYWORD.lastIndex = start;
  const keyword = KEYWORD.exec(text)?.[1] ?? '';
  const argument = KEYWORD.lastIndex;
  let at = argument;
  let end = lineEnd(text, at);
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === SLASH && isComment(text, at)) {
      at = readComment(lexer, at);
      if (at > end) end = lineEnd(text, at);
    } else if (code === 34 || code === 39) at = quoteEnd(text, at, end);
    else at += 1;
  }
  lexer.directives.push({ keyword, start, end, argument, before: lexer.tokens.length });
  return end;
}

/** The end of a quoted string that begins at `at`, or of the line. */
function quoteEnd(text: string, at: number, end: number): number {
  const quote = text.charCodeAt(at);
  for (let next = at + 1; next < end; next++) {
    const code = text.charCodeAt(next);
    if (code === BACKSLASH) next += 1;
    else if (code === quote) return next + 1;
  }
  return at + 1;
}

function readToken(lexer: Lexer, at: number): number {
  const { text } = lexer;
  const kind = kindAt(text, at);
  const pattern = PATTERNS[kind];
  pattern.lastIndex = at;
  const end = pattern.test(text) ? pattern.lastIndex : at + 1;
  const word = text.slice(at, end);
  if (word === '\\' && endsLine(text, end)) lexer.continuations.push(at);
  else lexer.tokens.push({ kind, text: word, start: at, end });
  return end;
}

/** Whether nothing but blanks stands before the end of the line: gcc also takes a backslash before such for a continuation. */
function endsLine(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32 && text.charCodeAt(at) !== NEWLINE) at += 1;
  return at === text.length || text.charCodeAt(at) === NEWLINE;
}

const PATTERNS: Readonly<Record<TokenKind, RegExp>> = {
  word: WORD,
  number: NUMBER,
  string: STRING,
  character: CHARACTER,
  punctuation: PUNCTUATION,
};

function kindAt(text: string, at: number): TokenKind {
  const code = text.charCodeAt(at);
  if (isLetter(code)) return 'word';
  if (isDigit(code) || (code === 46 && isDigit(text.charCodeAt(at + 1)))) return 'number';
  if (code === 34) return 'string';
  return code === 39 ? 'character' : 'punctuation';
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Letters of other alphabets are taken for words too: `WORD` has the last say. */
function isLetter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    code === 36 ||
    code > 127
  );
}
