/** Reads the words, strings and brace blocks of a scenario file, in order, and remembers mistakes. */

import { afterBlanks, C_COMMENTS, unclosedComment } from '../text/blanks.ts';
import type { Span } from '../text/span.ts';
import type { ScenarioProblem } from './scenario.ts';

/** A place in a scenario file that moves forward as it is read. */
export interface Scanner {
  readonly file: string;
  readonly text: string;
  at: number;
  readonly problems: ScenarioProblem[];
}

/** A scanner at the beginning of `text`. */
export function scan(file: string, text: string): Scanner {
  return { file, text, at: 0, problems: [] };
}

/** Remembers a mistake; without a span, at the place reached. */
export function complain(scanner: Scanner, message: string, span?: Span): void {
  const place = span ?? { start: scanner.at, end: endOfWord(scanner) };
  scanner.problems.push({ message, span: place, file: scanner.file });
}

/** Where the next token begins, behind white space and comments of both kinds. */
export function behindBlanks({ text, at }: Scanner): number {
  return afterBlanks(text, at, C_COMMENTS);
}

/** Whether nothing but white space and comments is left. */
export function atEnd(scanner: Scanner): boolean {
  const { text, at } = scanner;
  scanner.at = behindBlanks(scanner);
  const open = scanner.at < text.length ? undefined : unclosedComment(text, at, C_COMMENTS);
  if (open !== undefined)
    complain(scanner, 'the comment that begins here is never closed', {
      start: open,
      end: open + 2,
    });
  return scanner.at >= scanner.text.length;
}

/** Reads what `pattern`, which is sticky, matches here, after blanks; undefined and no move where it does not. */
export function take(
  scanner: Scanner,
  pattern: RegExp,
): { readonly text: string; readonly span: Span } | undefined {
  const start = behindBlanks(scanner);
  pattern.lastIndex = start;
  const match = pattern.exec(scanner.text);
  if (match === null) return undefined;
  scanner.at = start + match[0].length;
  return { text: match[0], span: { start, end: scanner.at } };
}

/** Whether `pattern` (sticky) matches behind the blanks here. */
export function isAt(scanner: Scanner, pattern: RegExp): boolean {
  const before = scanner.at;
  const is = take(scanner, pattern) !== undefined;
  scanner.at = before;
  return is;
}

/** Reads `"..."`, which may run over lines; the value has its white space folded. One that is not closed is complained
 *  about where it opens, and reaches to the end of its line. */
export function takeString(scanner: Scanner): string | undefined {
  const start = behindBlanks(scanner);
  const string = take(scanner, /"[^"]*"?/y)?.text;
  if (string === undefined) return undefined;
  if (isClosed(string, scanner)) return string.slice(1, -1).replace(/\s+/g, ' ').trim();
  complain(scanner, 'the quote that begins here is never closed', { start, end: start + 1 });
  const end = scanner.text.indexOf('\n', start);
  scanner.at = end === -1 ? scanner.text.length : end;
  return scanner.text.slice(start + 1, scanner.at).trim();
}

/** Whether a string ends where it seems to: over lines, what is followed by a word is the beginning of the next one. */
function isClosed(string: string, { text, at }: Scanner): boolean {
  if (string.length < 2 || !string.endsWith('"')) return false;
  return !string.includes('\n') || !/[\w"]/.test(text[at] ?? '');
}

/** Reads the rest of the line, without a comment at its end. */
export function takeLine(scanner: Scanner): { readonly text: string; readonly span: Span } {
  const end = scanner.text.indexOf('\n', scanner.at);
  const start = scanner.at;
  scanner.at = end === -1 ? scanner.text.length : end;
  const raw = withoutComment(scanner.text.slice(start, scanner.at));
  const lead = raw.length - raw.trimStart().length;
  return { text: raw.trim(), span: { start: start + lead, end: start + raw.trimEnd().length } };
}

function withoutComment(line: string): string {
  const ends = [line.indexOf('//'), line.trimEnd().endsWith('*/') ? line.indexOf('/*') : -1];
  const first = Math.min(...ends.filter((at) => at !== -1));
  return first === Number.POSITIVE_INFINITY ? line : line.slice(0, first);
}

/** Reads `{ ... }` with balanced braces, blind to those in comments, strings and characters;
 *  complains where there is none or it does not end. Returns the inside and its offset. */
export function takeBlock(
  scanner: Scanner,
  of: string,
): { readonly text: string; readonly offset: number } | undefined {
  const open = take(scanner, /\{/y);
  if (open === undefined) {
    complain(scanner, `expected "{" with ${of}`);
    return undefined;
  }
  const close = closingBrace(scanner.text, open.span.end);
  if (close === undefined) {
    complain(scanner, `the "{" of ${of} is never closed`, open.span);
    scanner.at = scanner.text.length;
    return undefined;
  }
  scanner.at = close + 1;
  return { text: scanner.text.slice(open.span.end, close), offset: open.span.end };
}

/** What has no end, a comment or a string, reaches as far as it may. */
const C_TOKEN =
  /\/\/[^\n]*|\/\*(?:[^*]|\*+[^*/])*(?:\*+\/|\**$)|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?|[{}]/g;

function closingBrace(text: string, from: number): number | undefined {
  let depth = 1;
  C_TOKEN.lastIndex = from;
  for (let token = C_TOKEN.exec(text); token !== null; token = C_TOKEN.exec(text)) {
    if (token[0] === '{') depth += 1;
    else if (token[0] === '}') depth -= 1;
    if (depth === 0) return token.index;
  }
  return undefined;
}

function endOfWord(scanner: Scanner): number {
  const word = /\S*/y;
  word.lastIndex = scanner.at;
  word.exec(scanner.text);
  return Math.max(word.lastIndex, scanner.at);
}
