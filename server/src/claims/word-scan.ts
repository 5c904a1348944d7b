/** Takes the words of a comment in, one at a time. */

import type { Span } from '../text/span.ts';
import { isDigit, isNameStart, isSpace, isWordChar, wordEnd } from './characters.ts';
import { scanName } from './name-scan.ts';
import { SHORT_FORMS } from './vocabulary.ts';
import type { Word } from './word.ts';

/** What stands at a place of the prose. */
export interface Scanned {
  /** Absent for what says nothing: space between words, quotes. */
  readonly word?: Word;
  readonly end: number;
}

/** The word at `at`; looks a bounded number of characters ahead of what it takes in. */
export function scanWord(prose: string, at: number): Scanned {
  if (isSpace(prose[at])) return scanSpace(prose, at);
  if (QUOTES.has(prose[at]!)) return { end: at + 1 };
  return (
    scanShort(prose, at) ??
    scanFile(prose, at) ??
    scanLabel(prose, at) ??
    scanObject(prose, at) ??
    scanNamed(prose, at) ??
    scanSign(prose, at)
  );
}

const QUOTES: ReadonlySet<string> = new Set(['`', "'", '"']);

/** Space says nothing; an empty line ends a sentence. */
function scanSpace(prose: string, at: number): Scanned {
  let end = at;
  let lines = 0;
  for (; isSpace(prose[end]); end++) if (prose[end] === '\n') lines++;
  return lines > 1 ? { word: { kind: 'stop', span: { start: at, end } }, end } : { end };
}

/** Short forms that look like something else. */
function scanShort(prose: string, at: number): Scanned | undefined {
  const found = SHORT_FORMS.find(([short]) => startsWith(prose, at, short));
  if (found === undefined) return undefined;
  const [short, text] = found;
  const end = at + short.length;
  if (isWordChar(prose[end]) && isWordChar(short.at(-1))) return undefined;
  return text === '' ? { end } : { word: { kind: 'word', text, span: { start: at, end } }, end };
}

function startsWith(prose: string, at: number, short: string): boolean {
  return prose.slice(at, at + short.length).toLowerCase() === short;
}

/** Files, and what only says where something is documented. */
function scanFile(prose: string, at: number): Scanned | undefined {
  if (!isWordChar(prose[at])) return undefined;
  let end = at;
  while (end - at < LONGEST_PATH && (isWordChar(prose[end]) || IN_PATH.has(prose[end] ?? '')))
    end++;
  while (prose[end - 1] === '.') end--;
  const path = prose.slice(at, end);
  const span = { start: at, end };
  if (path.startsWith('Documentation/')) return { word: { kind: 'object', span }, end };
  const isSource = path.length > 2 && SOURCE_ENDINGS.some((ending) => path.endsWith(ending));
  return isSource ? { word: { kind: 'file', path, span }, end } : undefined;
}

const LONGEST_PATH = 160;
const IN_PATH: ReadonlySet<string> = new Set(['/', '.', '-']);
const SOURCE_ENDINGS = ['.c', '.h', '.S'];

function scanLabel(prose: string, at: number): Scanned | undefined {
  const isBorne = prose.startsWith('LMM(', at);
  const start = isBorne ? at + 4 : at;
  const colon = shortWordEnd(prose, start);
  const letter = prose[colon + 1] ?? '';
  if (colon === start || prose[colon] !== ':' || letter < 'A' || letter > 'Z') return undefined;
  const close = wordEnd(prose, colon + 1);
  const label = prose.slice(start, close);
  if ([...label.slice(colon - start + 2)].some((char) => !isDigit(char))) return undefined;
  if (isBorne && prose[close] !== ')') return undefined;
  const end = isBorne ? close + 1 : close;
  return { word: { kind: 'label', label, isBorne, span: { start: at, end } }, end };
}

/** `p->x`, `a.b`, `->x`, `ctx::lock`, `&x`, `@x`. */
function scanObject(prose: string, at: number): Scanned | undefined {
  const isMarked = OBJECT_MARKS.has(prose[at]!) && isNameStart(prose[at + 1]);
  let end = indexEnd(prose, shortWordEnd(prose, isMarked ? at + 1 : at));
  let isObject = isMarked;
  for (let next = memberEnd(prose, end); next > end; next = memberEnd(prose, end)) {
    isObject = true;
    end = next;
  }
  return isObject ? { word: { kind: 'object', span: { start: at, end } }, end } : undefined;
}

const OBJECT_MARKS: ReadonlySet<string> = new Set(['@', '&', '%']);

/** Where the member ends that is selected at `at`; `at` where none is. */
function memberEnd(prose: string, at: number): number {
  const operator = MEMBER_OPERATORS.find((one) => prose.startsWith(one, at));
  const start = at + (operator?.length ?? 0);
  if (operator === undefined || !isNameStart(prose[start])) return at;
  return indexEnd(prose, shortWordEnd(prose, start));
}

const MEMBER_OPERATORS = ['->', '.', '::'];

/** Behind `[i]`, if it stands at `at`. */
function indexEnd(prose: string, at: number): number {
  if (prose[at] !== '[') return at;
  const end = shortWordEnd(prose, at + 1);
  return prose[end] === ']' ? end + 1 : at;
}

/** Where the word at `from` ends, if it is not longer than a name can be. */
function shortWordEnd(prose: string, from: number): number {
  let at = from;
  while (at - from < LONGEST_PATH && isWordChar(prose[at])) at++;
  return isWordChar(prose[at]) ? from : at;
}

/** An identifier or pattern is a name; what has no mark of one is a word. */
function scanNamed(prose: string, at: number): Scanned | undefined {
  const found = scanName(prose, at);
  if (found === undefined) return undefined;
  const { text, names, isPattern, call, owner } = found;
  const { end } = found;
  const span = { start: at, end };
  const ordinal = call ? undefined : ordinalValue(text);
  if (ordinal !== undefined) return { word: { kind: 'ordinal', value: ordinal, span }, end };
  const isEmphasis = isPattern && !call && text.startsWith('*') && text.endsWith('*');
  if (isEmphasis) return { word: { kind: 'word', text: text.slice(1, -1), span }, end };
  if (call || isPattern || text.includes('_') || isLoud(text))
    return { word: { kind: 'name', names, call, owner, span }, end };
  return plainWord(prose, text, span);
}

/** Three capitals or more, with a number or without. */
function isLoud(text: string): boolean {
  const letters = text.length - trailingDigits(text);
  return letters >= 3 && text.toUpperCase() === text && !isDigit(text[0]);
}

function trailingDigits(text: string): number {
  let count = 0;
  while (count < text.length && isDigit(text[text.length - 1 - count])) count++;
  return count;
}

/** A word as it is written, with the `n't` that turns it round, without other endings behind an apostrophe. */
function plainWord(prose: string, text: string, { start }: Span): Scanned {
  const bare = start + text.length;
  const after = prose[bare] === "'" ? shortWordEnd(prose, bare + 1) : bare;
  const ending = prose.slice(bare, after);
  const isEnding = ending.length === 2 || ending.length === 3;
  const end = isEnding ? after : bare;
  const whole = ending === "'t" ? text + ending : text;
  return { word: { kind: 'word', text: whole, span: { start, end } }, end };
}

/** The number an ordinal stands for (`2nd`, `second`), or undefined. */
function ordinalValue(text: string): number | undefined {
  const lower = text.toLowerCase();
  const digits = isDigit(text[0]) && text.length < 6 ? Number.parseInt(text, 10) : 0;
  const isNumbered = digits > 0 && ORDINAL_ENDINGS.some((ending) => lower === digits + ending);
  return isNumbered ? digits : ORDINALS.get(lower);
}

const ORDINAL_ENDINGS = ['st', 'nd', 'rd', 'th'];
const ORDINALS: ReadonlyMap<string, number> = new Map(
  ['first', 'second', 'third', 'fourth', 'fifth'].map((word, index) => [word, index + 1]),
);

/** Signs that join, that end a sentence, that only hold words together, and all others. */
function scanSign(prose: string, at: number): Scanned {
  const char = prose[at]!;
  const name = wordEnd(prose, at);
  const end = name > at ? name : at + 1;
  const span = { start: at, end };
  if (name > at) return { word: { kind: 'object', span }, end };
  if (JOINS.has(char)) return { word: { kind: 'join', span }, end };
  const next = prose[at + 1];
  if (STOPS.has(char) && (next === undefined || isSpace(next) || AFTER_STOP.has(next)))
    return { word: { kind: 'stop', span }, end };
  if (char === '-' && isWordChar(next) && isWordChar(prose[at - 1])) return { end };
  return { word: { kind: 'sign', text: char, span }, end };
}

const JOINS: ReadonlySet<string> = new Set([',', '/', '+', '&']);
const STOPS: ReadonlySet<string> = new Set(['.', ';', '!', '?']);
const AFTER_STOP: ReadonlySet<string> = new Set([')', '"', "'", '`']);
