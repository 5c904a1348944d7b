/** What numbers and characters of C are worth, and which type they have (C11 6.4.4). */

import { canonical, type Integer, wrap } from '../program/integer.ts';
import {
  type CInteger,
  type CType,
  INT,
  LONG,
  LONG_LONG,
  typeOfConstant,
  UNSIGNED_INT,
  UNSIGNED_LONG,
  UNSIGNED_LONG_LONG,
  UNSIGNED_SHORT,
  VOID_POINTER,
} from './ctype.ts';
import { type CharSource, charType, wideCharType } from './plain-char.ts';

/** A constant. */
export interface Literal {
  readonly value: Integer;
  readonly type: CType;
}

/** The value of a literal as written; undefined where it is no integer, as `1.5` is none, or depends on what is not known. */
export function literal(text: string, source: CharSource): Literal | undefined {
  if (isCharacter(text)) return character(text, source);
  const before = FREQUENT.get(text);
  if (before !== undefined) return before;
  const found = literalIn(text);
  if (found !== undefined && FREQUENT.size < MOST_FREQUENT) FREQUENT.set(text, found);
  return found;
}

/** So many literals are read once only, those that come first. */
const MOST_FREQUENT = 256;
const FREQUENT = new Map<string, Literal>();

/** How many characters stand between quotes, with escapes as the one that they are (C11 6.4.4.4). */
export function charactersIn(text: string): number {
  return text.slice(1, -1).replace(/\\(?:x[\da-fA-F]+|[0-7]{1,3}|.)/g, '?').length;
}

function isCharacter(text: string): boolean {
  return text.includes("'");
}

/** What a literal without a value is. */
export function kindOfLiteral(text: string): string {
  return isCharacter(text) ? 'character' : 'number';
}

function literalIn(text: string): Literal | undefined {
  if (text === 'true' || text === 'false') return { value: text === 'true' ? 1 : 0, type: INT };
  if (text === 'NULL' || text === 'nullptr') return { value: 0, type: VOID_POINTER };
  return number(text);
}

const NUMBER = /^([-+]?)(0[xX][\da-fA-F']+|0[bB][01']+|\d[\d']*)([uUlLzZ]*)$/;

function number(text: string): Literal | undefined {
  const [, sign, digits, suffix = ''] = NUMBER.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const isOctal = /^0[0-7]+$/.test(digits);
  if (!isOctal && /^0\d/.test(digits)) return undefined;
  const size = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
  if (size >= 2n ** 64n) return undefined;
  const isDecimal = !/^0/.test(digits);
  if (isDecimal && !/u/i.test(suffix) && size >= 2n ** 63n)
    return sign === '-' && size === 2n ** 63n ? { value: canonical(-size), type: LONG } : undefined;
  const type = typeOfConstant(canonical(size), typesOf(suffix, isDecimal));
  return { value: wrap(canonical(sign === '-' ? -size : size), type.type), type };
}

/** Why digits are no number: those that begin with 0 are octal. */
export function noNumber(text: string): string | undefined {
  const wrong = /^[-+]?0[0-7]*([89])\d*[uUlLzZ]*$/.exec(text)?.[1];
  return (
    wrong &&
    `${text.replace(/^[-+]/, '')} is no number: it begins with 0, and ${wrong} is no octal digit`
  );
}

/** The least `long` as it is often written. Its digits alone are more than any type of C11 has; gcc takes them for an
 *  `__int128`, in which the sign makes them what is meant. */
export function leastLong(operator: string, digits: string): Literal | undefined {
  return operator === '-' && literalIn(digits) === undefined ? literalIn(`-${digits}`) : undefined;
}

/** The list of C11 6.4.4.1: a decimal constant without `u` is never unsigned. */
function typesOf(suffix: string, isDecimal: boolean): readonly CInteger[] {
  const longs = suffix.replace(/[^lLzZ]/g, '').length;
  const signed = [INT, LONG, LONG_LONG].slice(longs);
  const unsigned = [UNSIGNED_INT, UNSIGNED_LONG, UNSIGNED_LONG_LONG].slice(longs);
  if (/u/i.test(suffix)) return unsigned;
  return isDecimal ? signed : signed.flatMap((type, at) => [type, unsigned[at]!]);
}

const CHARACTER = /^(u8|[uUL])?'((?:[^'\\]|\\[\s\S])[\s\S]*)'$/;
const ONE = /\\([0-7]{1,3})|\\x([\da-fA-F]+)|\\(.)|([\s\S])/uy;

/** A character is an `int`, its byte taken for a `char`; of several, as in `'ab'`, each is a byte, as gcc has it. With a prefix
 *  it is one of a wide type (C11 6.4.4.4). */
function character(text: string, source: CharSource): Literal | undefined {
  const [, prefix, inside] = CHARACTER.exec(text) ?? [];
  if (inside === undefined) return undefined;
  if (prefix !== undefined) return wideCharacter(prefix, inside, source);
  const codes = codesOf(inside, (plain) => [...new TextEncoder().encode(plain)]);
  if (codes === undefined || codes.length > 4 || codes.some((code) => code > 255)) return undefined;
  const [only = 0, ...others] = codes;
  if (others.length > 0)
    return { value: codes.reduce((value, code) => (value << 8) | code, 0), type: INT };
  const char = charType(source);
  if (char.hasOpenSign && only > 127) return undefined;
  return { value: wrap(only, char.type), type: INT };
}

function wideCharacter(prefix: string, inside: string, source: CharSource): Literal | undefined {
  const type = prefix === 'L' ? wideCharType(source) : WIDE.get(prefix);
  const [code, ...others] = codesOf(inside, (plain) => [plain.codePointAt(0)!]) ?? [];
  if (type === undefined || code === undefined || others.length > 0) return undefined;
  return code < 2 ** type.type.bits ? { value: wrap(code, type.type), type } : undefined;
}

/** `char16_t` and `char32_t` (C11 7.28). */
const WIDE: ReadonlyMap<string, CInteger> = new Map([
  ['u', UNSIGNED_SHORT],
  ['U', UNSIGNED_INT],
]);

/** What stands between the quotes, a number for each escape; undefined where one has none. */
function codesOf(
  inside: string,
  ofPlain: (plain: string) => readonly number[],
): readonly number[] | undefined {
  const codes: number[] = [];
  ONE.lastIndex = 0;
  for (let at = 0; at < inside.length; at = ONE.lastIndex) {
    const found = ONE.exec(inside);
    const plain = found?.[4];
    const code = plain === undefined ? codeOf(found) : undefined;
    if (plain === undefined && code === undefined) return undefined;
    codes.push(...(plain === undefined ? [code!] : ofPlain(plain)));
  }
  return codes;
}

function codeOf(found: RegExpExecArray | null): number | undefined {
  if (found === null) return undefined;
  const [, octal, hexadecimal, escaped] = found;
  if (octal !== undefined) return Number.parseInt(octal, 8);
  if (hexadecimal !== undefined) return Number.parseInt(hexadecimal, 16);
  return escaped === undefined ? undefined : ESCAPES.get(escaped);
}

const ESCAPES: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['e', 27],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 92],
  ["'", 39],
  ['"', 34],
  ['?', 63],
]);

/** The bytes of a string as an array of `char` has them, with the 0 at its end; undefined where that is not known, and of a
 *  string of wide characters. */
export function stringBytes(text: string): readonly number[] | undefined {
  if (/^[uUL]/.test(text)) return undefined;
  const bytes: number[] = [];
  for (const [, inside = ''] of text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"?/g)) {
    const codes = codesOf(inside, (plain) => [...new TextEncoder().encode(plain)]);
    if (codes === undefined) return undefined;
    for (const code of codes) bytes.push(code);
  }
  return [...bytes, 0];
}
