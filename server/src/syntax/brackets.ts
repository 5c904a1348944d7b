/** Finds the partner of every bracket, and goes on sensibly where one is missing. */

import type { Token } from './tokens.ts';

const CLOSES: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

/** For each token the index of its partner, or -1. A brace in the first column begins or ends something
 *  at file scope, as all kernel code is written: what is still open there stays without partner. */
export function matchBrackets(text: string, tokens: readonly Token[]): Int32Array {
  const partner = new Int32Array(tokens.length).fill(-1);
  let open: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'punctuation') continue;
    const symbol = token.text;
    if (symbol === '(' || symbol === '[') open.push(index);
    else if (symbol === '{') {
      if (inFirstColumn(text, token))
        open = open.filter((at) => at === open[0] && isLinkage(tokens, at));
      open.push(index);
    } else if (CLOSES.has(symbol)) {
      const from = innermost(
        tokens,
        open,
        CLOSES.get(symbol)!,
        symbol === '}' && inFirstColumn(text, token),
      );
      if (from === -1) continue;
      const other = open[from]!;
      open.length = from;
      partner[index] = other;
      partner[other] = index;
    }
  }
  return partner;
}

function inFirstColumn(text: string, token: Token): boolean {
  return token.start === 0 || text[token.start - 1] === '\n';
}

/** `extern "C" {` */
function isLinkage(tokens: readonly Token[], brace: number): boolean {
  return tokens[brace]!.text === '{' && tokens[brace - 1]?.kind === 'string';
}

/** Where in `open` the partner is: the innermost; for `}` in the first column the outermost brace. A
 *  parenthesis is not looked for beyond a brace. */
function innermost(
  tokens: readonly Token[],
  open: readonly number[],
  wanted: string,
  outermost: boolean,
): number {
  if (outermost) return open.findIndex((at) => tokens[at]!.text === '{' && !isLinkage(tokens, at));
  for (let at = open.length - 1; at >= 0; at--) {
    const symbol = tokens[open[at]!]!.text;
    if (symbol === wanted) return at;
    if (symbol === '{') return -1;
  }
  return -1;
}
