/** Goes through a file item by item: functions, also those that macros make, and macros used as definitions. */

import type { Span } from '../text/span.ts';
import type { MacroUse, Parameter } from './ast.ts';
import { write } from './canvas.ts';
import { madeParameters } from './made-function.ts';
import { rewriteRange } from './rewrite-body.ts';
import {
  afterBrackets,
  argumentRanges,
  blankTokens,
  FATE,
  fillTokens,
  isWordAt,
  rangeText,
  type Scan,
  skip,
  textAt,
} from './scan.ts';
import {
  isAnnotation,
  isAnnotationCall,
  isBuiltinType,
  isQualifier,
  isStatementWord,
  isStorage,
  isTagKeyword,
  isTypeof,
} from './words.ts';

/** A function found by its tokens alone: known even where the parser loses it. */
export interface FunctionOutline {
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  /** Where its body's brace stands. */
  readonly bodyStart: number;
  /** The tokens of its body, which is rewritten only when it is read. */
  readonly body: TokenRange;
  readonly isStatic: boolean;
  /** The macro that makes it, with the parameters it declares. */
  readonly madeBy?: { readonly macro: string; readonly parameters: readonly Parameter[] };
}

/** The tokens `from <= index < to`. */
export interface TokenRange {
  readonly from: number;
  readonly to: number;
}

export interface FileOutline {
  readonly functions: FunctionOutline[];
  readonly macroUses: MacroUse[];
}

/** Rewrites the body of a function. */
export function rewriteBody(scan: Scan, { body: { from, to } }: FunctionOutline): void {
  rewriteRange(scan, from, to, 'block');
}

/** Rewrites every item of the file, but for what stands in functions. */
export function rewriteFile(scan: Scan): FileOutline {
  const outline: FileOutline = { functions: [], macroUses: [] };
  for (let at = 0; at < scan.tokens.length; ) at = Math.max(rewriteItem(scan, at, outline), at + 1);
  return outline;
}

function rewriteItem(scan: Scan, start: number, outline: FileOutline): number {
  if (/^[;}]$/.test(textAt(scan, start))) return start + 1;
  const linkage = afterLinkage(scan, start);
  if (linkage !== undefined) return linkage;
  const name = afterSpecifiers(scan, start);
  if (isWordAt(scan, name) && isMacroName(textAt(scan, name)) && textAt(scan, name + 1) === '(') {
    const next = rewriteMacroItem(scan, start, name, outline);
    if (next !== undefined) return next;
  }
  return rewriteDeclaration(scan, start, outline);
}

/** `extern "C" {`: its contents are items like all others. */
function afterLinkage(scan: Scan, start: number): number | undefined {
  if (textAt(scan, start) !== 'extern' || scan.tokens[start + 1]?.kind !== 'string')
    return undefined;
  return textAt(scan, start + 2) === '{' ? start + 3 : start + 2;
}

/** The first word that is no storage class, qualifier or annotation. */
function afterSpecifiers(scan: Scan, start: number): number {
  let at = start;
  for (;;) {
    const word = textAt(scan, at);
    if (isAnnotationCall(word) && textAt(scan, at + 1) === '(') at = afterBrackets(scan, at + 1);
    else if (isStorage(word) || isQualifier(word) || isAnnotation(word)) at += 1;
    else return at;
  }
}

function isMacroName(word: string): boolean {
  return !isBuiltinType(word) && !isTagKeyword(word) && !isTypeof(word) && !isStatementWord(word);
}

/** An item that begins with `NAME(...)`; nothing where it is a declaration after all. */
function rewriteMacroItem(
  scan: Scan,
  start: number,
  name: number,
  outline: FileOutline,
): number | undefined {
  const open = name + 1;
  const close = scan.partner[open]!;
  if (close < 0) return undefined;
  const next = close + 1;
  switch (textAt(scan, next)) {
    case '{':
      return rewriteMadeFunction(scan, start, name, outline);
    case ';':
      return takeMacroUse(scan, start, name, next + 1, outline);
    case '=':
    case '[':
      return takeMacroUse(scan, start, name, afterSemicolon(scan, next), outline);
    case '':
      return takeMacroUse(scan, start, name, next, outline);
    default:
  }
  if (!isWordAt(scan, next) || start !== name) return undefined;
  return takeMacroUse(scan, start, name, next, outline);
}

function afterSemicolon(scan: Scan, from: number): number {
  let at = from;
  while (at < scan.tokens.length && textAt(scan, at) !== ';') at = skip(scan, at);
  return at + 1;
}

function takeMacroUse(
  scan: Scan,
  start: number,
  name: number,
  end: number,
  outline: FileOutline,
): number {
  const ranges = argumentRanges(scan, name + 1);
  outline.macroUses.push({
    macro: textAt(scan, name),
    arguments: ranges.map(({ from, to }) => rangeText(scan, from, to)),
    span: {
      start: scan.tokens[start]!.start,
      end: scan.tokens[Math.min(end, scan.tokens.length) - 1]!.end,
    },
  });
  blankTokens(scan, start, Math.min(end, scan.tokens.length));
  return end;
}

/** `SYSCALL_DEFINE2(name, int, fd, ...) {`: parsed as a function of no name; the outline knows it. */
function rewriteMadeFunction(
  scan: Scan,
  start: number,
  name: number,
  outline: FileOutline,
): number {
  const open = name + 1;
  const close = scan.partner[open]!;
  const brace = close + 1;
  const ranges = argumentRanges(scan, open).filter(({ from, to }) => to > from);
  const first = ranges[0];
  const named = scan.tokens[first?.from ?? name]!;
  outline.functions.push({
    name: first === undefined ? textAt(scan, name) : rangeText(scan, first.from, first.to),
    nameSpan: { start: named.start, end: named.end },
    span: spanOfItem(scan, start, brace),
    bodyStart: scan.tokens[brace]!.start,
    body: bodyOf(scan, brace),
    isStatic: hasWord(scan, start, name, 'static'),
    madeBy: {
      macro: textAt(scan, name),
      parameters: madeParameters(
        scan.canvas.original,
        ranges.map((range) => rangeSpan(scan, range)),
      ),
    },
  });
  blankTokens(scan, start, close + 1);
  const at = scan.tokens[name]!;
  write(scan.canvas, at.start, `v ${'_'.repeat(Math.max(1, at.text.length - 2))}`);
  write(scan.canvas, scan.tokens[open]!.start, '(');
  write(scan.canvas, scan.tokens[close]!.start, ')');
  return afterBody(scan, brace);
}

function rangeSpan(scan: Scan, { from, to }: { readonly from: number; readonly to: number }): Span {
  return { start: scan.tokens[from]!.start, end: scan.tokens[to - 1]!.end };
}

function spanOfItem(scan: Scan, start: number, brace: number): Span {
  return { start: scan.tokens[start]!.start, end: scan.tokens[afterBody(scan, brace) - 1]!.end };
}

function hasWord(scan: Scan, from: number, to: number, word: string): boolean {
  for (let at = from; at < to; at++) if (textAt(scan, at) === word) return true;
  return false;
}

function bodyOf(scan: Scan, brace: number): TokenRange {
  return { from: brace + 1, to: afterBody(scan, brace) };
}

/** A body that is never closed reaches to the next word in the first column that is no label: all
 *  kernel code begins its functions there. */
function afterBody(scan: Scan, brace: number): number {
  const close = scan.partner[brace]!;
  if (close >= 0) return close + 1;
  let at = brace + 1;
  while (at < scan.tokens.length && !beginsItem(scan, at)) at += 1;
  return at;
}

function beginsItem(scan: Scan, at: number): boolean {
  if (!isWordAt(scan, at) || textAt(scan, at + 1) === ':') return false;
  const { start } = scan.tokens[at]!;
  return start === 0 || scan.canvas.original[start - 1] === '\n';
}

/** Declarations and functions. Finds where the item ends, what of it is a header and what a body. Behind
 *  a bracket that is never closed the next item begins in the first column. */
function rewriteDeclaration(scan: Scan, start: number, outline: FileOutline): number {
  let segment = start;
  let initialiser = false;
  let group = -1;
  let isBroken = false;
  for (let at = start; at < scan.tokens.length; at = skip(scan, at)) {
    const text = textAt(scan, at);
    if (isBroken && beginsItem(scan, at)) return at;
    if ((text === '(' || text === '[') && scan.partner[at]! < 0) isBroken = true;
    if (text === '(' && group < 0 && isDeclaratorName(scan, at - 1)) group = at;
    if (text === '=') initialiser = true;
    if (text === '{' && !initialiser && isTypeBody(scan, at)) {
      rewriteRange(scan, segment, at, 'declaration');
      segment = rewriteTypeBody(scan, at);
    } else if (text === '{' && !initialiser) {
      return rewriteFunction(scan, start, { segment, group, brace: at }, outline);
    } else if (text === ';' || text === '}') {
      rewriteRange(scan, segment, at, initialiser ? 'list' : 'declaration');
      return at + 1;
    }
  }
  rewriteRange(scan, segment, scan.tokens.length, initialiser ? 'list' : 'declaration');
  return scan.tokens.length;
}

function isDeclaratorName(scan: Scan, at: number): boolean {
  const word = textAt(scan, at);
  return isWordAt(scan, at) && isMacroName(word) && !isAnnotationCall(word) && !isAnnotation(word);
}

function isTypeBody(scan: Scan, brace: number): boolean {
  for (let at = brace - 1; at >= 0; at--) {
    if (textAt(scan, at) === ')') {
      at = scan.partner[at]! - 1;
      if (!isAnnotationCall(textAt(scan, at))) return false;
    }
    if (!isWordAt(scan, at)) return false;
    if (isTagKeyword(textAt(scan, at))) return true;
  }
  return false;
}

function rewriteTypeBody(scan: Scan, brace: number): number {
  const end = afterBody(scan, brace);
  const isEnum = textAt(scan, brace - 1) === 'enum' || textAt(scan, brace - 2) === 'enum';
  rewriteRange(scan, brace + 1, end - 1, isEnum ? 'list' : 'fields');
  return end;
}

interface Header {
  readonly segment: number;
  /** The parenthesis after the name, or -1. */
  readonly group: number;
  readonly brace: number;
}

function rewriteFunction(scan: Scan, start: number, header: Header, outline: FileOutline): number {
  const { segment, brace } = header;
  const group = header.group < 0 ? brace : joinMadeName(scan, header.group);
  const named = scan.tokens[Math.max(start, header.group - 1)]!;
  outline.functions.push({
    name: named.text,
    nameSpan: { start: named.start, end: named.end },
    span: spanOfItem(scan, start, brace),
    bodyStart: scan.tokens[brace]!.start,
    body: bodyOf(scan, brace),
    isStatic: hasWord(scan, start, brace, 'static'),
  });
  if (group < brace) blankTokens(scan, afterBrackets(scan, group), brace);
  rewriteRange(scan, segment, brace, 'declaration');
  return afterBody(scan, brace);
}

/** `int NAME(part)(int x) {`: the first parentheses belong to the name. Returns those of the parameters. */
function joinMadeName(scan: Scan, group: number): number {
  const next = afterBrackets(scan, group);
  if (textAt(scan, next) !== '(' || scan.partner[next]! < 0) return group;
  fillTokens(scan, group - 1, next);
  scan.fate.fill(FATE.filled, group - 1, next);
  return next;
}
