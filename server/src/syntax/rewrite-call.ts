/** Makes the arguments of calls into expressions: types, operators, statements, nothing at all. */

import { write } from './canvas.ts';
import {
  argumentRanges,
  before,
  blankTokens,
  FATE,
  fillTokens,
  insertAfter,
  isWordAt,
  type Scan,
  skip,
  textAt,
} from './scan.ts';
import { beginsType, isQualifier, isStatementWord, isStorage, isTypeof } from './words.ts';

/** Rewrites the arguments in the parentheses that open at `open`, as far as they are no expressions. */
export function rewriteArguments(scan: Scan, open: number): void {
  for (const { from, to } of argumentRanges(scan, open)) {
    if (from === to) fillEmpty(scan, from);
    else if (!isExpression(scan, from, to)) fillTokens(scan, from, to);
  }
}

/** An argument that is not there, before token `at`, becomes a number; without room for one it goes. */
function fillEmpty(scan: Scan, at: number): void {
  if (insertAfter(scan, at - 1, '0')) return;
  const comma = textAt(scan, at) === ',' ? at : at - 1;
  blankTokens(scan, comma, comma + 1);
}

const PREFIX = new Set(['(', '&', '*', '-', '+', '!', '~', '++', '--', '{']);
const SUFFIX = new Set([')', ']', '}', '++', '--']);

/** Whether the tokens can be an expression, told from their ends and what stands side by side. */
function isExpression(scan: Scan, from: number, to: number): boolean {
  const first = scan.tokens[from]!;
  const last = scan.tokens[to - 1]!;
  if (first.kind === 'punctuation' && !PREFIX.has(first.text)) return false;
  if (last.kind === 'punctuation' && !SUFFIX.has(last.text)) return false;
  if (first.kind === 'word' && !mayBegin(first.text)) return false;
  if (first.text === '{') return textAt(scan, to - 2) === ';' || textAt(scan, to - 2) === '}';
  let questions = 0;
  for (let at = from; at < to; at = skip(scan, at)) {
    const text = textAt(scan, at);
    if (text === '?') questions += 1;
    else if (text === ':') questions -= 1;
    if (text === ';' || questions < 0 || isMisplaced(scan, at, from)) return false;
  }
  return true;
}

function mayBegin(word: string): boolean {
  if (beginsType(word) || isStorage(word)) return false;
  return !isStatementWord(word) || /sizeof|asm/.test(word);
}

/** A word after a word, a brace after a word or call: `foo bar`, `foo { }`, `foo(x) { }`. */
function isMisplaced(scan: Scan, at: number, from: number): boolean {
  if (at > from && textAt(scan, at) === '{' && textAt(scan, at - 1) === ')')
    return isWordAt(scan, scan.partner[at - 1]! - 1);
  if (at === from || !isWordAt(scan, at - 1) || scan.fate[at - 1] !== FATE.kept) return false;
  const earlier = textAt(scan, at - 1);
  if (earlier === 'sizeof' || isTypeof(earlier)) return false;
  if (isQualifier(earlier) && textAt(scan, at - 2) === '*') return false;
  return isWordAt(scan, at) || textAt(scan, at) === '{' || scan.tokens[at]?.kind === 'number';
}

/** `offsetof(type, a.b[0])`: the grammar wants a single name for the member. */
export function rewriteOffsetof(scan: Scan, open: number): void {
  const member = argumentRanges(scan, open)[1];
  if (member !== undefined && member.to - member.from > 1) fillTokens(scan, member.from, member.to);
}

/** `_Generic(x, int: 1, default: 2)`: where the grammar wants types only, `default` becomes a name. */
export function rewriteGeneric(scan: Scan, open: number): void {
  for (const { from } of argumentRanges(scan, open))
    if (textAt(scan, from) === 'default' && textAt(scan, from + 1) === ':')
      fillTokens(scan, from, from + 1);
}

/** Joins strings and the macros between them into the first string; where there are strings alone the grammar knows them. */
export function joinStrings(scan: Scan, at: number): number {
  let next = at + 1;
  while (isClosedString(scan, next)) next += 1;
  if (isClosedString(scan, at) && !isWordAt(scan, next) && scan.tokens[next]?.kind !== 'string')
    return next;
  for (;;) {
    if (scan.tokens[next]?.kind === 'string') next += 1;
    else if (isWordAt(scan, next) && !isStatementWord(textAt(scan, next))) {
      next += 1;
      if (textAt(scan, next) === '(') next = skip(scan, next);
    } else break;
  }
  blankTokens(scan, at + 1, next);
  closeString(scan, at);
  return next;
}

function isClosedString(scan: Scan, at: number): boolean {
  const token = scan.tokens[at];
  if (token?.kind !== 'string') return false;
  return token.text.length > 1 && token.text.endsWith('"') && !token.text.includes('\n');
}

/** A string over several lines, or without its end, becomes an empty one. */
function closeString(scan: Scan, at: number): void {
  const { start, end } = scan.tokens[at]!;
  if (isClosedString(scan, at)) return;
  fillTokens(scan, at, at + 1);
  if (end - start < 2) return;
  blankTokens(scan, at, at + 1);
  scan.fate[at] = FATE.filled;
  write(scan.canvas, start, '""');
}

/** Reduces `asm (...)` to an empty template; after a declarator, where it names a register, to nothing.
 *  Returns the index after it. */
export function rewriteAsm(scan: Scan, at: number): number {
  let open = at + 1;
  while (isWordAt(scan, open)) open += 1;
  const close = scan.partner[open] ?? -1;
  if (textAt(scan, open) !== '(' || close < 0) return at + 1;
  const previous = before(scan, at);
  const isLabel = scan.boundary[previous] === 0 && /^(?:\w+|\)|\])$/.test(textAt(scan, previous));
  if (isLabel && !/^(?:else|do)$/.test(textAt(scan, previous))) {
    blankTokens(scan, at, close + 1);
    return close + 1;
  }
  const { start } = scan.tokens[at]!;
  const template = roomFor(scan, 3, start + 3, scan.tokens[close]!.start);
  if (template === undefined) fillTokens(scan, at, close + 1);
  else {
    blankTokens(scan, at, close);
    write(scan.canvas, start, 'asm');
    write(scan.canvas, template, '(""');
  }
  scan.fate.fill(FATE.filled, at, close + 1);
  return close + 1;
}

/** The first place between the offsets where so many units stand on one line. */
function roomFor(scan: Scan, units: number, from: number, to: number): number | undefined {
  let room = 0;
  for (let at = from; at < to; at++) {
    const unit = scan.canvas.units[at];
    room = unit === 10 || unit === 13 ? 0 : room + 1;
    if (room === units) return at - units + 1;
  }
  return undefined;
}
