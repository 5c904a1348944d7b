/** Finds the partner of every bracket, and goes on sensibly where one is missing. */

import type { Token } from './tokens.ts';

const CLOSES: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

/** For each token the index of its partner, or -1. A brace in the first column begins or ends something
 *  at file scope, as all kernel code is written: what is still open there stays without partner. But for one
 *  behind the head of a statement, one that ends such a block, and one that indented code follows. */
export function matchBrackets(text: string, tokens: readonly Token[]): Int32Array {
  const partner = new Int32Array(tokens.length).fill(-1);
  let open: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'punctuation') continue;
    const symbol = token.text;
    if (symbol === '(' || symbol === '[') open.push(index);
    else if (symbol === '{') {
      if (inFirstColumn(text, token) && !isBehindHead(tokens, partner, index))
        open = open.filter((at) => at === open[0] && isLinkage(tokens, at));
      open.push(index);
    } else if (CLOSES.has(symbol)) {
      const from = innermost(
        tokens,
        open,
        CLOSES.get(symbol)!,
        symbol === '}' && endsItem(text, tokens, index, open.at(-1)),
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

/** Whether the brace at `index` opens the block of a statement. */
function isBehindHead(tokens: readonly Token[], partner: Int32Array, index: number): boolean {
  const before = tokens[index - 1]?.text ?? '';
  if (before === 'else' || before === 'do') return true;
  const head = before === ')' ? partner[index - 1]! : -1;
  return head > 0 && HEADS.has(tokens[head - 1]!.text);
}

const HEADS: ReadonlySet<string> = new Set(['if', 'for', 'while', 'switch']);

/** Whether the `}` at `index` ends something at file scope, whatever is open inside. */
function endsItem(
  text: string,
  tokens: readonly Token[],
  index: number,
  innermost: number | undefined,
): boolean {
  const token = tokens[index]!;
  if (!inFirstColumn(text, token)) return false;
  const opening = innermost === undefined ? undefined : tokens[innermost]!;
  if (opening?.text === '{' && inFirstColumn(text, opening)) return false;
  const next = tokens[index + 1];
  const isOnOtherLine = next !== undefined && text.slice(token.start, next.start).includes('\n');
  return !isOnOtherLine || inFirstColumn(text, next);
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
