/** Reads the words, strings and brace blocks of a scenario file, in order, and remembers mistakes. */

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

/** Moves over white space and comments of both kinds. */
function skipBlank(scanner: Scanner): void {
  const blank = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
  blank.lastIndex = scanner.at;
  blank.exec(scanner.text);
  scanner.at = blank.lastIndex;
}

/** Where the next token begins. */
export function behindBlanks(scanner: Scanner): number {
  const before = scanner.at;
  skipBlank(scanner);
  const next = scanner.at;
  scanner.at = before;
  return next;
}

/** Whether nothing but white space and comments is left. */
export function atEnd(scanner: Scanner): boolean {
  skipBlank(scanner);
  return scanner.at >= scanner.text.length;
}

/** Reads what `pattern` (sticky) matches here, after blanks; undefined and no move where it does not. */
export function take(
  scanner: Scanner,
  pattern: RegExp,
): { readonly text: string; readonly span: Span } | undefined {
  const before = scanner.at;
  skipBlank(scanner);
  const sticky = new RegExp(pattern.source, 'y');
  sticky.lastIndex = scanner.at;
  const match = sticky.exec(scanner.text);
  if (match === null) {
    scanner.at = before;
    return undefined;
  }
  const span = { start: scanner.at, end: scanner.at + match[0].length };
  scanner.at = span.end;
  return { text: match[0], span };
}

/** Whether `pattern` (sticky) matches behind the blanks here. */
export function isAt(scanner: Scanner, pattern: RegExp): boolean {
  const before = scanner.at;
  const is = take(scanner, pattern) !== undefined;
  scanner.at = before;
  return is;
}

/** Reads `"..."`, which may run over lines; the value has its white space folded. */
export function takeString(scanner: Scanner): string | undefined {
  const string = take(scanner, /"[^"]*"/);
  return string?.text.slice(1, -1).replace(/\s+/g, ' ').trim();
}

/** Reads the rest of the line, without a comment at its end. */
export function takeLine(scanner: Scanner): { readonly text: string; readonly span: Span } {
  const end = scanner.text.indexOf('\n', scanner.at);
  const start = scanner.at;
  scanner.at = end === -1 ? scanner.text.length : end;
  const raw = scanner.text.slice(start, scanner.at).replace(/\/\/.*$|\/\*.*\*\/\s*$/, '');
  const lead = raw.length - raw.trimStart().length;
  return { text: raw.trim(), span: { start: start + lead, end: start + raw.trimEnd().length } };
}

/** Reads `{ ... }` with balanced braces, blind to those in comments, strings and characters;
 *  complains where there is none or it does not end. Returns the inside and its offset. */
export function takeBlock(
  scanner: Scanner,
  of: string,
): { readonly text: string; readonly offset: number } | undefined {
  const open = take(scanner, /\{/);
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

const C_TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[{}]/g;

function closingBrace(text: string, from: number): number | undefined {
  let depth = 1;
  const tokens = new RegExp(C_TOKEN);
  tokens.lastIndex = from;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
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
