/** Finds where a name stands in prose: an identifier or a pattern of several, its parentheses, and whether it owns. */

import { isDigit, isNameStart, isSpace, isWordChar, wordEnd } from './characters.ts';
import { type NamePart, namesOf } from './name-pattern.ts';

/** A name as it stands in prose. */
export interface ScannedName {
  readonly text: string;
  readonly names: readonly string[];
  /** Whether it is written as a pattern. */
  readonly isPattern: boolean;
  /** Whether parentheses follow. */
  readonly call: boolean;
  readonly owner: boolean;
  readonly end: number;
}

/** How long a name, a choice in it and its arguments may be: what is longer is none. */
const LONGEST_NAME = 200;
const LONGEST_CHOICE = 80;
const LONGEST_ARGUMENTS = 120;

/** How many calls of a chain (`f()->g()`) are followed to the one that is meant, the last. */
const LONGEST_CHAIN = 8;

/** The name that begins at `at`, or undefined. Of `f()->g()`, which is g() as f() calls it, g. */
export function scanName(prose: string, at: number): ScannedName | undefined {
  let found = oneName(prose, at);
  for (let step = 1; step < LONGEST_CHAIN && found?.call === true; step++) {
    const next = calledNext(prose, found.end);
    if (next?.call !== true) break;
    found = next;
  }
  return found;
}

function oneName(prose: string, at: number): ScannedName | undefined {
  const { parts, end } = scanParts(prose, at);
  if (end - at > LONGEST_NAME || parts.every(({ kind }) => kind === 'any')) return undefined;
  const isPattern = parts.some(({ kind }) => kind !== 'text');
  const called = argumentsEnd(prose, end);
  const call = called !== undefined;
  const owned = ownership(prose, called ?? end);
  return { text: prose.slice(at, end), names: namesOf(parts), isPattern, call, ...owned };
}

/** The parts of the name at `at`, as far as they reach. */
function scanParts(prose: string, at: number): { parts: readonly NamePart[]; end: number } {
  const parts: NamePart[] = [];
  let end = at;
  while (end - at < LONGEST_NAME) {
    const found = partAt(prose, end, at);
    if (found === undefined) break;
    parts.push(found.part);
    end = found.end;
  }
  return { parts, end };
}

interface FoundPart {
  readonly part: NamePart;
  readonly end: number;
}

/** The part at `at` of a name that begins at `start`. */
function partAt(prose: string, at: number, start: number): FoundPart | undefined {
  const isInside = at > start;
  switch (prose[at]) {
    case '*':
      return isInside || isWordChar(prose[at + 1])
        ? { part: { kind: 'any' }, end: at + 1 }
        : undefined;
    case '.':
      return isInside ? dotsAt(prose, at) : undefined;
    case '{':
      return choiceAt(prose, at, '}');
    case '[':
      return choiceAt(prose, at, ']', '|');
    case '<':
      return choiceAt(prose, at, '>', '|');
    case '(':
      return choiceAt(prose, at, ')', '|') ?? (isInside ? optionAt(prose, at) : undefined);
    default:
      return textAt(prose, at);
  }
}

/** A run of word characters; of digits before `/` and others it is a choice (`v3/4_x`). */
function textAt(prose: string, at: number): FoundPart | undefined {
  const end = wordEnd(prose, at);
  if (end === at) return undefined;
  const other = prose[end] === '/' && isDigit(prose[end - 1]) ? digitsEnd(prose, end + 1) : end;
  if (other <= end + 1 || prose[other] !== '_')
    return { part: { kind: 'text', text: prose.slice(at, end) }, end };
  let digits = end;
  while (digits > at && end - digits < LONGEST_CHOICE && isDigit(prose[digits - 1])) digits--;
  if (digits > at) return { part: { kind: 'text', text: prose.slice(at, digits) }, end: digits };
  const items = [prose.slice(digits, end), prose.slice(end + 1, other)];
  return { part: { kind: 'choice', items }, end: other };
}

function digitsEnd(prose: string, from: number): number {
  let at = from;
  while (at - from < LONGEST_CHOICE && isDigit(prose[at])) at++;
  return at;
}

/** `...` inside of a name: anything. */
function dotsAt(prose: string, at: number): FoundPart | undefined {
  if (prose[at + 1] !== '.') return undefined;
  const end = prose[at + 2] === '.' ? at + 3 : at + 2;
  const goesOn = isWordChar(prose[end]) || prose[end] === '(';
  return goesOn ? { part: { kind: 'any' }, end } : undefined;
}

/** `{a,b}`, `(a|b)`: one of several; of brackets with another meaning only with the `sign` that tells so. */
function choiceAt(prose: string, at: number, close: string, sign?: string): FoundPart | undefined {
  const inner = bracketed(prose, at, close);
  if (inner === undefined || (sign !== undefined && !inner.includes(sign))) return undefined;
  const separator = inner.includes('|') ? '|' : inner.includes(',') ? ',' : '/';
  const items = inner.split(separator).map((item) => item.trim());
  if (items.length < 2 || items.some((item) => item.includes(' '))) return undefined;
  return { part: { kind: 'choice', items }, end: at + inner.length + 2 };
}

/** `set(_ipv4)_size`: with it or without. */
function optionAt(prose: string, at: number): FoundPart | undefined {
  const inner = bracketed(prose, at, ')');
  const isOption = inner !== undefined && wordEnd(inner, 0) === inner.length && inner !== '';
  if (!isOption || !isWordChar(prose[at + inner.length + 2])) return undefined;
  return { part: { kind: 'choice', items: ['', inner] }, end: at + inner.length + 2 };
}

/** What stands in the bracket at `at`, if it can be names. */
function bracketed(prose: string, at: number, close: string): string | undefined {
  let end = at + 1;
  while (end - at < LONGEST_CHOICE && (isWordChar(prose[end]) || IN_CHOICE.has(prose[end] ?? '')))
    end++;
  return prose[end] === close ? prose.slice(at + 1, end) : undefined;
}

const IN_CHOICE: ReadonlySet<string> = new Set([',', '|', '/', ' ', '*']);

/** Where the arguments end that begin at `at`; undefined where none do, as in `barrier(s)` and `free()d`. */
function argumentsEnd(prose: string, at: number): number | undefined {
  if (prose[at] !== '(') return undefined;
  let open = 0;
  for (let end = at; end < prose.length && end - at < LONGEST_ARGUMENTS; end++) {
    if (prose[end] === '(') open++;
    if (prose[end] === ')' && --open === 0)
      return isWordChar(prose[end + 1]) || prose.slice(at, end + 1) === '(s)' ? undefined : end + 1;
  }
  return undefined;
}

/** What is called through an arrow behind `at`. */
function calledNext(prose: string, at: number): ScannedName | undefined {
  const arrow = spaceEnd(prose, at);
  if (!prose.startsWith('->', arrow)) return undefined;
  const start = spaceEnd(prose, arrow + 2);
  return isNameStart(prose[start]) ? oneName(prose, start) : undefined;
}

const LONGEST_SPACE = 40;

function spaceEnd(prose: string, from: number): number {
  let at = from;
  while (at - from < LONGEST_SPACE && isSpace(prose[at])) at++;
  return at;
}

function ownership(prose: string, at: number): { owner: boolean; end: number } {
  const owner = prose[at] === "'" && prose[at + 1] === 's' && !isWordChar(prose[at + 2]);
  return { owner, end: owner ? at + 2 : at };
}
