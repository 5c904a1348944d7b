/** Rewrites what stands between braces: statements with their macros, members of structs, initialisers. */

import { write } from './canvas.ts';
import {
  joinStrings,
  rewriteArguments,
  rewriteAsm,
  rewriteGeneric,
  rewriteOffsetof,
} from './rewrite-call.ts';
import { rewriteFieldMacro } from './rewrite-field.ts';
import { isOperand, markOperand } from './rewrite-operand.ts';
import { rewriteDoEnd, rewriteStatementStart } from './rewrite-statement.ts';
import { rewriteWords } from './rewrite-words.ts';
import {
  afterBrackets,
  before,
  blankTokens,
  FATE,
  fillTokens,
  isWordAt,
  type Scan,
  textAt,
} from './scan.ts';
import { beginsType, isCapitals, isStatementWord, isTagKeyword } from './words.ts';

/** What the innermost brackets contain: statements, members, values, the parts of an expression, or
 *  (outside of all brackets) a declaration at file scope, where parentheses hold parameters. */
export type Context = 'block' | 'fields' | 'list' | 'parentheses' | 'declaration';

/** Rewrites the tokens `from <= index < to`, which stand in `context`. Nesting costs no call stack. */
export function rewriteRange(scan: Scan, from: number, to: number, context: Context): void {
  const contexts: Context[] = [context];
  for (let at = from; at < to; ) {
    if (scan.fate[at] !== FATE.kept) at += 1;
    else at = Math.max(step(scan, at, contexts), at + 1);
  }
}

function step(scan: Scan, at: number, contexts: Context[]): number {
  const context = contexts.at(-1) ?? 'block';
  const { kind, text } = scan.tokens[at]!;
  if (kind === 'string') return joinStrings(scan, at);
  if (kind === 'word') return stepWord(scan, at, context);
  if (kind === 'character' && !(text.length > 2 && text.endsWith("'")))
    fillTokens(scan, at, at + 1);
  if (kind === 'number' && !isNumber(text)) fillTokens(scan, at, at + 1);
  if (kind !== 'punctuation') return at + 1;
  if (text === '(' && context !== 'declaration' && isOperand(scan, at)) markOperand(scan, at + 1);
  if (text === '}' && textAt(scan, scan.partner[at]! - 1) === 'do') rewriteDoEnd(scan, at);
  if (text === '{') contexts.push(contextOfBrace(scan, at, context));
  else if (text === '(' || text === '[')
    contexts.push(context === 'declaration' ? 'declaration' : 'parentheses');
  else if (/^[)\]}]$/.test(text) && contexts.length > 1) contexts.pop();
  return at + 1;
}

/** Macros paste what is no number by itself: `flag(5701_PLUS)`, `mode(100baseT)`. */
function isNumber(text: string): boolean {
  return /^(?:0[xX][\da-fA-F]+|0[bB][01]+|\.?\d[\d.]*(?:[eE][-+]?\d+)?)(?:[uUlL]{0,3}|[fF])$/.test(
    text,
  );
}

function contextOfBrace(scan: Scan, brace: number, outer: Context): Context {
  const previous = before(scan, brace);
  const text = textAt(scan, previous);
  if (isWordAt(scan, previous)) return contextOfWordBrace(scan, previous);
  if (text === ')') return isTypeGroup(scan, previous) ? 'list' : 'block';
  if (text === '(') return 'block';
  if (/^[=,[\]]$/.test(text)) return 'list';
  return outer === 'list' ? 'list' : 'block';
}

/** `struct box {`, `enum {`, `else {`, `return {`. */
function contextOfWordBrace(scan: Scan, word: number): Context {
  const text = textAt(scan, word);
  const keyword = isTagKeyword(text) ? text : textAt(scan, before(scan, word));
  if (keyword === 'enum') return 'list';
  return isTagKeyword(keyword) ? 'fields' : 'block';
}

/** Whether the parenthesis that closes here contains a type: `(struct box)` before `{`. */
function isTypeGroup(scan: Scan, close: number): boolean {
  if (scan.boundary[close] === 1) return false;
  const open = scan.partner[close]!;
  if (open < 0) return false;
  if (beginsType(textAt(scan, open + 1))) return true;
  const outer = before(scan, open);
  return /^(?:[=,(&]|return)$/.test(textAt(scan, outer));
}

function stepWord(scan: Scan, at: number, context: Context): number {
  const text = textAt(scan, at);
  if (beginsStatement(scan, at, context)) {
    const next =
      context === 'fields' ? rewriteFieldMacro(scan, at) : rewriteStatementStart(scan, at);
    if (next > at) return next;
  }
  if (/^(?:asm|__asm__|__asm|asm_inline)$/.test(text)) return rewriteAsm(scan, at);
  if (isAlignof(text)) return rewriteAlignof(scan, at);
  if (isStatementWord(text)) return at + 1;
  if (context === 'list' && isCapitalsRow(scan, at)) return blankCapitals(scan, at);
  if (followsDeclarator(scan, at, context)) return blankAnnotations(scan, at, context);
  const next = rewriteWords(scan, at);
  if (scan.tokens[next]?.kind === 'string') return rewritePrefix(scan, next);
  if (textAt(scan, next) === '(' && context !== 'declaration' && isWordAt(scan, next - 1))
    rewriteCall(scan, next);
  return next;
}

function beginsStatement(scan: Scan, at: number, context: Context): boolean {
  if (context !== 'block' && context !== 'fields') return false;
  const previous = before(scan, at);
  if (previous < 0 || scan.boundary[previous] === 1) return true;
  return /^(?:[{};]|else|do)$/.test(textAt(scan, previous));
}

/** After `)` or `]` of a declarator only annotations can follow. */
function followsDeclarator(scan: Scan, at: number, context: Context): boolean {
  const previous = before(scan, at);
  if (scan.boundary[previous] === 1) return false;
  const text = textAt(scan, previous);
  if (context === 'block') return text === ']';
  return (context === 'fields' || context === 'declaration') && (text === ')' || text === ']');
}

function blankAnnotations(scan: Scan, at: number, context: Context): number {
  let next = at;
  while (isWordAt(scan, next)) {
    next += 1;
    if (textAt(scan, next) === '(') next = afterBrackets(scan, next);
  }
  const isMacroType = context === 'declaration' && textAt(scan, at + 1) === '(' && next !== at + 1;
  if (isMacroType && textAt(scan, next) === '(') return at + 1;
  blankTokens(scan, at, next);
  return next;
}

function isAlignof(word: string): boolean {
  return (
    word === '__alignof__' || word === '__alignof' || word === '_Alignof' || word === 'alignof'
  );
}

/** The grammar's `alignof` takes types only; `sizeof` is as constant. */
function rewriteAlignof(scan: Scan, at: number): number {
  const { start, end } = scan.tokens[at]!;
  write(scan.canvas, start, 'sizeof'.padEnd(end - start));
  scan.fate[at] = FATE.filled;
  return at + 1;
}

/** Macros side by side in an initialiser stand for several values, or none. */
function isCapitalsRow(scan: Scan, at: number): boolean {
  return isCapitals(textAt(scan, at)) && isWordAt(scan, at + 1) && isCapitals(textAt(scan, at + 1));
}

function blankCapitals(scan: Scan, at: number): number {
  let last = at;
  while (isWordAt(scan, last + 1)) last += 1;
  blankTokens(scan, at, last);
  return last;
}

/** `KERN_INFO "text"`, `prefix(x) "text"`: what stands before a string is joined to it. */
function rewritePrefix(scan: Scan, string: number): number {
  const previous = before(scan, string);
  if (isWordAt(scan, previous)) blankTokens(scan, previous, previous + 1);
  return string;
}

function rewriteCall(scan: Scan, open: number): void {
  const close = scan.partner[open]!;
  if (close < 0) return;
  const isPrefix = scan.tokens[close + 1]?.kind === 'string' && scan.boundary[close] === 0;
  if (isPrefix) blankTokens(scan, open - 1, close + 1);
  else if (textAt(scan, open - 1) === 'offsetof') rewriteOffsetof(scan, open);
  else if (textAt(scan, open - 1) === '_Generic') rewriteGeneric(scan, open);
  else rewriteArguments(scan, open);
}
