/** Assembler without an instruction: `asm volatile("" ::: "memory")` is what `barrier()` is, without "memory" it is nothing. */

import { type Token, tokenizeLine } from './tokens.ts';

const EMPTY = '""';

/** What an `asm` statement is that has neither instructions nor operands; undefined where it has any. */
export function emptyAsm(text: string): 'barrier' | 'nothing' | undefined {
  const tokens = tokenizeLine(text);
  const open = tokens.findIndex((token) => token.text === '(');
  const words = tokens.slice(0, open);
  const close = tokens.findLastIndex((token) => token.text === ')');
  if (
    open < 1 ||
    close < open ||
    words.some(({ kind, text: word }) => kind !== 'word' || word === 'goto')
  )
    return undefined;
  const [template, outputs, inputs, clobbers, ...others] = operandsIn(
    tokens.slice(open + 1, close),
  );
  const isBare =
    template?.length !== 0 &&
    template?.every((token) => token.text === EMPTY) &&
    [outputs, inputs, ...others].every((part) => part === undefined || part.length === 0);
  if (isBare !== true) return undefined;
  return clobbers?.some((token) => token.text === '"memory"') === true ? 'barrier' : 'nothing';
}

/** What stands between the colons; `::` is two of them. */
function operandsIn(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (/^:+$/.test(token.text)) for (const _ of token.text) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts;
}
