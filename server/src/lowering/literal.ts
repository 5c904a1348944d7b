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
  VOID_POINTER,
} from './ctype.ts';

/** A constant. */
export interface Literal {
  readonly value: Integer;
  readonly type: CType;
}

/** The value of a literal as written; undefined where it is no integer, as `1.5` is none. */
export function literal(text: string): Literal | undefined {
  const before = FREQUENT.get(text);
  if (before !== undefined) return before;
  const found = literalIn(text);
  if (found !== undefined && FREQUENT.size < MOST_FREQUENT) FREQUENT.set(text, found);
  return found;
}

/** So many literals are read once only, those that come first. */
const MOST_FREQUENT = 256;
const FREQUENT = new Map<string, Literal>();

function literalIn(text: string): Literal | undefined {
  if (text === 'true' || text === 'false') return { value: text === 'true' ? 1 : 0, type: INT };
  if (text === 'NULL' || text === 'nullptr') return { value: 0, type: VOID_POINTER };
  return text.includes("'") ? character(text) : number(text);
}

const NUMBER = /^([-+]?)(0[xX][\da-fA-F']+|0[bB][01']+|\d[\d']*)([uUlLzZ]*)$/;

function number(text: string): Literal | undefined {
  const [, sign, digits, suffix = ''] = NUMBER.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const isOctal = /^0[0-7]+$/.test(digits);
  if (!isOctal && /^0\d/.test(digits)) return undefined;
  const size = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
  if (size >= 2n ** 64n) return undefined;
  const type = typeOfConstant(canonical(size), typesOf(suffix, !/^0/.test(digits)));
  return { value: wrap(canonical(sign === '-' ? -size : size), type.type), type };
}

/** The list of C11 6.4.4.1: a decimal constant without `u` is never unsigned. */
function typesOf(suffix: string, isDecimal: boolean): readonly CInteger[] {
  const longs = suffix.replace(/[^lLzZ]/g, '').length;
  const signed = [INT, LONG, LONG_LONG].slice(longs);
  const unsigned = [UNSIGNED_INT, UNSIGNED_LONG, UNSIGNED_LONG_LONG].slice(longs);
  if (/u/i.test(suffix)) return unsigned;
  return isDecimal ? signed : signed.flatMap((type, at) => [type, unsigned[at]!]);
}

const CHARACTER = /^(?:u8|[uUL])?'((?:[^'\\]|\\[\s\S])[\s\S]*)'$/;
const ONE = /\\([0-7]{1,3})|\\x([\da-fA-F]+)|\\(.)|([\s\S])/uy;

/** A character is an `int`; of several, as in `'ab'`, each is a byte, as gcc has it. */
function character(text: string): Literal | undefined {
  const inside = CHARACTER.exec(text)?.[1];
  if (inside === undefined) return undefined;
  const codes: number[] = [];
  ONE.lastIndex = 0;
  for (let at = 0; at < inside.length; at = ONE.lastIndex) {
    const code = codeOf(ONE.exec(inside));
    if (code === undefined) return undefined;
    codes.push(code);
  }
  if (codes.length > 4 || (codes.length > 1 && codes.some((code) => code > 255))) return undefined;
  const [only] = codes;
  if (codes.length === 1) return { value: only! < 256 ? (only! << 24) >> 24 : only!, type: INT };
  return { value: codes.reduce((value, code) => (value << 8) | code, 0), type: INT };
}

function codeOf(found: RegExpExecArray | null): number | undefined {
  if (found === null) return undefined;
  const [, octal, hexadecimal, escaped, plain] = found;
  if (octal !== undefined) return Number.parseInt(octal, 8);
  if (hexadecimal !== undefined) return Number.parseInt(hexadecimal, 16);
  return escaped === undefined ? plain!.codePointAt(0) : ESCAPES.get(escaped);
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

/** The bytes of a string as an array of `char` has them, with the 0 at its end; undefined where that is not known. */
export function stringBytes(text: string): readonly number[] | undefined {
  const bytes: number[] = [];
  for (const [, inside = ''] of text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"?/g)) {
    ONE.lastIndex = 0;
    for (let at = 0; at < inside.length; at = ONE.lastIndex) {
      const found = ONE.exec(inside);
      const plain = found?.[4];
      const code = plain === undefined ? codeOf(found) : undefined;
      if (plain === undefined && code === undefined) return undefined;
      bytes.push(...(plain === undefined ? [code!] : new TextEncoder().encode(plain)));
    }
  }
  return [...bytes, 0];
}
