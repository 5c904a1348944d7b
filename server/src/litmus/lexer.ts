/** Splits a part of a litmus test into tokens; the program part is C, the others herd's own language. */

import { afterBlanks, C_COMMENTS, type Comments, OCAML_COMMENTS } from '../text/blanks.ts';
import type { Problem, Span } from '../text/span.ts';

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'punctuator' | 'end';
  readonly text: string;
  readonly span: Span;
}

export type Language = 'c' | 'state';

const COMMENTS: Readonly<Record<Language, Comments>> = { c: C_COMMENTS, state: OCAML_COMMENTS };

const TOKENS: Record<Language, RegExp> = {
  c: /([A-Za-z_][A-Za-z_0-9]*)|(0[xX][0-9a-fA-F]+|\d+)|("[^"\n]*"?)|(==|!=|<=|>=|&&|\|\||<<|>>|[-+*/%&|^~!<>=(){}[\],;:?.])/y,
  state:
    /([A-Za-z_$%][A-Za-z_0-9.$]*)|(-?(?:0[xX][0-9a-fA-F]+|\d+))|("[^"\n]*"?)|(\/\\|\\\/|=>|==|!=|<>|[-+*&~=(){}[\],;:])/y,
};

const KINDS = ['name', 'number', 'string', 'punctuator'] as const;

/** The tokens of `text` between `start` and `end`, closed by one of kind `end`. A character that
 *  belongs to no token is reported once and skipped. */
export function tokenize(
  text: string,
  { start, end }: Span,
  language: Language,
  problems: Problem[],
): readonly Token[] {
  const part = text.slice(0, end);
  const tokens: Token[] = [];
  const comments = COMMENTS[language];
  let at = afterBlanks(part, start, comments);
  while (at < end) {
    const pattern = TOKENS[language];
    pattern.lastIndex = at;
    const match = pattern.exec(part);
    if (match === null) {
      problems.push({
        message: `unexpected character '${part[at]}'`,
        span: { start: at, end: at + 1 },
      });
      at = afterBlanks(part, at + 1, comments);
      continue;
    }
    const kind = KINDS[match.slice(1).findIndex((group) => group !== undefined)]!;
    const span = { start: at, end: at + match[0].length };
    tokens.push({ kind, text: match[0], span });
    at = afterBlanks(part, span.end, comments);
  }
  tokens.push({ kind: 'end', text: 'the end', span: { start: end, end } });
  return tokens;
}
