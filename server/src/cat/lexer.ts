/** Splits the text of a cat or bell file into tokens, comments left out. */

import type { Problem } from '../text/span.ts';
import type { Source, SourceSpan } from './source.ts';

export interface Token {
  readonly kind: 'name' | 'keyword' | 'tag' | 'string' | 'symbol' | 'end';
  /** For a tag or string without its quotes. */
  readonly text: string;
  readonly span: SourceSpan;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'let rec and when acyclic irreflexive show unshow empty as fun in flag undefined_unless assert ' +
    'include begin end procedure call enum match with forall from do try if then else instructions ' +
    'default not variant catdep'
  ).split(' '),
);

const SPACE = /[ \t\r\n]+|(?:\/\/|#)[^\n]*/y;
const NAME = /_?[A-Za-z][A-Za-z0-9_.-]*'?/y;
const STRING = /"([^"]*)"/y;
const SYMBOL = /\|\||&&|\+\+|->|-1|[(){}[\]_0|&*~+^\\?=;,]/y;

/** The tokens of `text`, an `end` token last, and what could not be read (skipped). */
export function tokenize(
  text: string,
  source: Source,
): { tokens: readonly Token[]; problems: readonly Problem[] } {
  const tokens: Token[] = [];
  const problems: Problem[] = [];
  let at = 0;
  while (at < text.length) {
    const skipped = skipBlank(text, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    if (text.startsWith('(*', at)) {
      problems.push({
        message: 'a comment that is never closed',
        span: { start: at, end: at + 2 },
      });
      break;
    }
    const token = tokenAt(text, at, source);
    if (token === undefined) {
      problems.push({
        message: `unexpected character ${JSON.stringify(text[at])}`,
        span: { start: at, end: at + 1 },
      });
      at += 1;
      continue;
    }
    tokens.push(token);
    at = token.span.end;
  }
  tokens.push({
    kind: 'end',
    text: 'end of file',
    span: { start: text.length, end: text.length, source },
  });
  return { tokens, problems };
}

/** The offset behind blanks, line comments and `(* nested (* comments *) *)`; not behind a comment that is never closed. */
function skipBlank(text: string, from: number): number {
  const blank = match(SPACE, text, from);
  if (blank !== undefined) return from + blank[0].length;
  if (!text.startsWith('(*', from)) return from;
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('(*', at)) {
      depth += 1;
      at += 1;
    } else if (text.startsWith('*)', at)) {
      depth -= 1;
      at += 1;
      if (depth === 0) return at + 1;
    }
  }
  return from;
}

function tokenAt(text: string, at: number, source: Source): Token | undefined {
  const make = (kind: Token['kind'], content: string, length: number): Token => ({
    kind,
    text: content,
    span: { start: at, end: at + length, source },
  });
  if (text[at] === "'") {
    const tag = match(NAME, text, at + 1);
    return tag === undefined ? undefined : make('tag', tag[0], tag[0].length + 1);
  }
  const string = match(STRING, text, at);
  if (string !== undefined) return make('string', string[1] ?? '', string[0].length);
  const name = match(NAME, text, at);
  if (name !== undefined)
    return make(KEYWORDS.has(name[0]) ? 'keyword' : 'name', name[0], name[0].length);
  const symbol = match(SYMBOL, text, at);
  return symbol === undefined ? undefined : make('symbol', symbol[0], symbol[0].length);
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
