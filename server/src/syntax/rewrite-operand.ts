/**
 * Keeps parentheses from being taken for casts: of `(a) + b * 2`, `(f(x)) - y` or `(a * (int)(b)) & c` the grammar
 * could make `+b`, `-y`, `&c` of a type, where what can be an operator of one side or of two follows.
 */

import { write } from './canvas.ts';
import { afterBrackets, before, isWordAt, type Scan, textAt } from './scan.ts';
import { beginsType, isStatementWord, isTypeof, looksLikeType } from './words.ts';

/** What the grammar knows itself by these names. */
const OPERATORS = new Set(
  '_Generic offsetof _Alignof alignof __alignof __alignof__ __extension__'.split(' '),
);

/** Words behind which an expression begins: parentheses there call nothing. */
const BEFORE_EXPRESSIONS = new Set('return case else do'.split(' '));

/** Whether the parenthesis that opens at `open` begins an operand that could be taken for a type. */
export function isOperand(scan: Scan, open: number): boolean {
  const close = scan.partner[open]!;
  const name = textAt(scan, open + 1);
  return (
    close > open &&
    isWordAt(scan, open + 1) &&
    /^(?:[-+*&]|&&)$/.test(textAt(scan, close + 1)) &&
    looksAbstract(scan, open + 2, close) &&
    !beginsType(name) &&
    !isTypeof(name) &&
    !isStatementWord(name) &&
    !OPERATORS.has(name) &&
    !isType(scan, open, close) &&
    !isCalled(scan, open)
  );
}

/** Stars and then groups, as behind the name of a type: `* (a)`, `(a, b)`, `[a]`, but not `(a) == b`. */
function looksAbstract(scan: Scan, from: number, close: number): boolean {
  let at = from;
  while (textAt(scan, at) === '*') at += 1;
  while (at < close && /^[([]$/.test(textAt(scan, at))) at = afterBrackets(scan, at);
  return at === close;
}

/** A number stands for the first name: no type begins with one. The AST has the name (see buildNumber). */
export function markOperand(scan: Scan, name: number): void {
  const { start, end } = scan.tokens[name]!;
  write(scan.canvas, start, '1'.repeat(end - start));
}

/** `u32`, `box *`, `ret (*)(int)`: a name that is spelt as a type, and stars. */
function isType(scan: Scan, open: number, close: number): boolean {
  let at = open + 2;
  while (textAt(scan, at) === '*') at += 1;
  if (at === close) return close > open + 2 || looksLikeType(textAt(scan, open + 1));
  const isFunction = textAt(scan, at) === '(' && textAt(scan, at + 1) === '*';
  return isFunction && textAt(scan, at + 2) === ')';
}

/** Whether what stands before the parenthesis makes it a call, or a part of a statement or declaration. */
function isCalled(scan: Scan, open: number): boolean {
  const previous = before(scan, open);
  const text = textAt(scan, previous);
  if (isWordAt(scan, previous)) return !BEFORE_EXPRESSIONS.has(text);
  if (scan.boundary[previous] === 1) return false;
  return text === ']' || (text === ')' && !isCast(scan, previous));
}

/** Whether the parentheses that close here hold a type, or a name that may be one: also where a function has that name,
 *  an operand follows. */
function isCast(scan: Scan, close: number): boolean {
  const open = scan.partner[close]!;
  if (open < 0) return false;
  const previous = before(scan, open);
  if (isWordAt(scan, previous) && !BEFORE_EXPRESSIONS.has(textAt(scan, previous))) return false;
  const first = textAt(scan, open + 1);
  const isNamed = close === open + 2 && isWordAt(scan, open + 1);
  return beginsType(first) || isTypeof(first) || isNamed || textAt(scan, close - 1) === '*';
}
