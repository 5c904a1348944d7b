/** Splits a part of a litmus test into tokens; the program part is C, the others herd's own language. */

import type { Problem, Span } from '../text/span.ts';

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'punctuator' | 'end';
  readonly text: string;
  readonly span: Span;
}

export type Language = 'c' | 'state';

const SPACE: Record<Language, RegExp> = {
  c: /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))+/y,
  state: /(?:\s+|\(\*[\s\S]*?(?:\*\)|$))+/y,
};

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
  let at = skipSpace(part, start, language);
  while (at < end) {
    const pattern = TOKENS[language];
    pattern.lastIndex = at;
    const match = pattern.exec(part);
    if (match === null) {
      problems.push({
        message: `unexpected character '${part[at]}'`,
        span: { start: at, end: at + 1 },
      });
      at = skipSpace(part, at + 1, language);
      continue;
    }
    const kind = KINDS[match.slice(1).findIndex((group) => group !== undefined)]!;
    const span = { start: at, end: at + match[0].length };
    tokens.push({ kind, text: match[0], span });
    at = skipSpace(part, span.end, language);
  }
  tokens.push({ kind: 'end', text: 'the end', span: { start: end, end } });
  return tokens;
}

function skipSpace(text: string, at: number, language: Language): number {
  const pattern = SPACE[language];
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match === null ? at : at + match[0].length;
}
