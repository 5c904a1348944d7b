/** Rewrites the beginning of a statement: loops that macros make, labels, cases, calls without semicolon. */

import { write } from './canvas.ts';
import { rewriteArguments } from './rewrite-call.ts';
import {
  blankTokens,
  columnOf,
  directiveFollows,
  FATE,
  fillTokens,
  insertAfter,
  isWordAt,
  onOtherLine,
  type Scan,
  skip,
  textAt,
} from './scan.ts';
import {
  beginsType,
  isAnnotationCall,
  isCapitals,
  isStatementWord,
  isStorage,
  isTypeof,
} from './words.ts';

/** Rewrites the statement that begins with the word at `at`. Returns the index to go on with, which is
 *  `at` itself where nothing was done. */
export function rewriteStatementStart(scan: Scan, at: number): number {
  const word = textAt(scan, at);
  switch (word) {
    case 'goto':
      return rewriteGoto(scan, at);
    case 'if':
    case 'while':
    case 'for':
    case 'switch':
      markHeader(scan, at + 1);
      return at + 1;
    case 'case':
    case 'default':
      return rewriteCase(scan, at);
    default:
  }
  if (isStatementWord(word) || beginsType(word)) return at;
  if (isStorage(word)) return rewriteStorage(scan, at);
  if (textAt(scan, at + 1) === ':' && textAt(scan, at + 2) !== ':') return rewriteLabel(scan, at);
  if (textAt(scan, at + 1) !== '(' || isTypeof(word) || isAnnotationCall(word)) return at;
  return rewriteMacroStatement(scan, at);
}

function markHeader(scan: Scan, open: number): void {
  const close = scan.partner[open] ?? -1;
  if (textAt(scan, open) === '(' && close >= 0) scan.boundary[close] = 1;
}

/** Finds the colon; the `...` of a range becomes an operator. */
function rewriteCase(scan: Scan, at: number): number {
  let questions = 0;
  for (let next = at + 1; next < scan.tokens.length; next = skip(scan, next)) {
    const text = textAt(scan, next);
    if (text === '...') {
      write(scan.canvas, scan.tokens[next]!.start, '|| ');
      scan.fate[next] = FATE.filled;
    } else if (text === '?') questions += 1;
    else if (text === ':' && questions > 0) questions -= 1;
    else if (text === ':') {
      scan.boundary[next] = 1;
      return at + 1;
    } else if (text === ';' || text === '}') return at + 1;
  }
  return at + 1;
}

/** `static DEFINE_MUTEX(lock);` in a function is left as a call. */
function rewriteStorage(scan: Scan, at: number): number {
  let name = at;
  while (isStorage(textAt(scan, name)) || textAt(scan, name) === 'const') name += 1;
  if (!isCapitals(textAt(scan, name)) || textAt(scan, name + 1) !== '(') return at;
  let end = skip(scan, name + 1);
  while (isWordAt(scan, end)) end += 1;
  if (!/^[;=]$/.test(textAt(scan, end))) return at;
  blankTokens(scan, at, name);
  blankTokens(scan, skip(scan, name + 1), end);
  rewriteInitialised(scan, name);
  return name;
}

/** `DECLARE_BITMAP(seen, 64) = { 0 };` is left as a call. */
function rewriteInitialised(scan: Scan, name: number): void {
  const assign = skip(scan, name + 1);
  if (textAt(scan, assign) !== '=' || textAt(scan, assign + 1) !== '{') return;
  blankTokens(scan, assign, skip(scan, assign + 1));
}

/** `goto *table[i]` leads nobody knows where: it becomes a name that the AST knows for unknown. */
function rewriteGoto(scan: Scan, at: number): number {
  if (textAt(scan, at + 1) !== '*') return at;
  let end = at;
  while (end < scan.tokens.length && !/^[;}]$/.test(textAt(scan, end))) end = skip(scan, end);
  fillTokens(scan, at, end);
  return end;
}

/** A label needs a statement: where none follows, its last letter makes room for an empty one. */
function rewriteLabel(scan: Scan, at: number): number {
  const colon = at + 1;
  scan.boundary[colon] = 1;
  const following = textAt(scan, colon + 1);
  const isBare = /^(?:\}|case|default|)$/.test(following) || directiveFollows(scan, colon);
  const { start, end } = scan.tokens[at]!;
  if (isBare && end - start > 1) {
    write(scan.canvas, end - 1, ':');
    write(scan.canvas, scan.tokens[colon]!.start, ';');
    scan.fate[colon] = FATE.filled;
  }
  return colon + 1;
}

/** `do { } while_each_thread(g, t);`: the macro after the body of a `do` becomes its `while`. */
export function rewriteDoEnd(scan: Scan, close: number): void {
  const name = close + 1;
  const word = textAt(scan, name);
  if (
    !isWordAt(scan, name) ||
    word === 'while' ||
    word.length < 5 ||
    textAt(scan, name + 1) !== '('
  )
    return;
  const { start, end } = scan.tokens[name]!;
  write(scan.canvas, start, 'while'.padEnd(end - start));
  scan.fate[name] = FATE.filled;
  rewriteArguments(scan, name + 1);
}

/** `name(...)` at the beginning of a statement: a call, a call that lacks its semicolon, or a loop. */
function rewriteMacroStatement(scan: Scan, at: number): number {
  const close = scan.partner[at + 1]!;
  if (close < 0) return at;
  const next = close + 1;
  const role = roleOf(scan, at, next);
  if (textAt(scan, next) === '=') rewriteInitialised(scan, at);
  if (role === 'call') return at;
  if (role === 'loop') {
    rewriteLoop(scan, at);
    return at + 1;
  }
  insertAfter(scan, close, ';');
  scan.boundary[close] = 1;
  return at;
}

function roleOf(scan: Scan, at: number, next: number): 'call' | 'loop' | 'unended' {
  const text = textAt(scan, next);
  if (text === '{') return 'loop';
  if (text === '}' || /^(?:else|case|default)$/.test(text)) return 'unended';
  if (text === ';' && !onOtherLine(scan, next - 1, next)) return 'call';
  const isDeeper = columnOf(scan, next) > columnOf(scan, at);
  const startsLine = onOtherLine(scan, next - 1, next);
  if (text === ';') return startsLine && isDeeper ? 'loop' : 'call';
  if (isWordAt(scan, next)) {
    if (startsLine) return isDeeper ? 'loop' : 'unended';
    return isCapitals(textAt(scan, at)) ? 'call' : 'loop';
  }
  if (!/^(?:\*|\+\+|--|\(|&)$/.test(text) || !startsLine) return 'call';
  return isDeeper ? 'loop' : 'unended';
}

/** Writes `while`, or `if` where there is no room, over the macro's name; the AST reads the original. */
function rewriteLoop(scan: Scan, at: number): void {
  const { start, end, text } = scan.tokens[at]!;
  const open = at + 1;
  const close = scan.partner[open]!;
  const keyword = text.length >= 5 ? 'while' : 'if';
  if (text.length < 2) return;
  write(scan.canvas, start, keyword.padEnd(end - start));
  scan.fate[at] = FATE.filled;
  scan.boundary[close] = 1;
  if (close > open + 1) rewriteArguments(scan, open);
  else if (!insertAfter(scan, open, '1')) write(scan.canvas, scan.tokens[open]!.start - 1, '(1');
}
