/**
 * C types as the lowering computes with them, with the widths of a 64-bit kernel (LP64), and what the
 * standard says of integers: promotion, the usual arithmetic conversions, the type of a result.
 */

import { INT as INT_TYPE, type Integer, type IntegerType, isOf } from '../program/integer.ts';
import type { Qualifiers, StructDefinition } from '../syntax/ast.ts';

/** What a type may be beside itself; sameness of types says nothing of it. */
interface Qualifiable {
  readonly qualifiers?: Qualifiers;
}

/** An integer type; `rank` is its conversion rank (C11 6.3.1.1), 0 that of `_Bool`. */
export interface CInteger extends Qualifiable {
  readonly kind: 'integer';
  /** `unsigned long`, or the enumeration that it is the type of. */
  readonly name: string;
  readonly type: IntegerType;
  readonly rank: number;
  /** Of what a bit-field wider than `int` is worth: its own width, in which is computed. */
  readonly precision?: number;
  /** Of a `char` of which nothing says whether it has a sign: what is no value of both is not known as anything wider. */
  readonly hasOpenSign?: true;
}

export interface CPointer extends Qualifiable {
  readonly kind: 'pointer';
  readonly to: CType;
}

export interface CArray {
  readonly kind: 'array';
  readonly of: CType;
  /** Absent where what is written is not known, or none is written. */
  readonly length?: number;
  /** None is written: the last member of a struct, or an array that its first value completes. */
  readonly isOpen?: true;
}

/** A struct or union; without a definition where none was found. */
export interface CStruct extends Qualifiable {
  readonly kind: 'struct';
  readonly name: string;
  readonly definition?: StructDefinition;
}

export type CType =
  | CInteger
  | CPointer
  | CArray
  | CStruct
  | { readonly kind: 'function'; readonly returns: CType }
  | (Qualifiable & { readonly kind: 'void' })
  /** Of a name that is defined nowhere, or of what has none. */
  | (Qualifiable & { readonly kind: 'unknown'; readonly name: string });

/** The type with further qualifiers: of an array, of its elements (C11 6.7.3p9). */
export function qualified(type: CType, further: Qualifiers | undefined): CType {
  if (further === undefined) return type;
  if (type.kind === 'array') return { ...type, of: qualified(type.of, further) };
  if (type.kind === 'function' || type.qualifiers === further) return type;
  const both = type.qualifiers === undefined ? further : 'const volatile';
  return { ...type, qualifiers: both };
}

/** The qualifiers of what has this type. */
export function qualifiersOf(type: CType): Qualifiers | undefined {
  if (type.kind === 'array') return qualifiersOf(type.of);
  return type.kind === 'function' ? undefined : type.qualifiers;
}

function integerType(
  name: string,
  bits: IntegerType['bits'],
  signed: boolean,
  rank: number,
): CInteger {
  return { kind: 'integer', name, type: bits === 32 && signed ? INT_TYPE : { bits, signed }, rank };
}

export const BOOL = integerType('_Bool', 8, false, 0);
/** Plain `char`, which is a type of its own whatever its sign (C11 6.2.5p15): see plain-char.ts. */
export const CHAR = integerType('char', 8, true, 1);
export const UNSIGNED_PLAIN_CHAR = integerType('char', 8, false, 1);
export const OPEN_CHAR: CInteger = { ...CHAR, hasOpenSign: true };
export const SIGNED_CHAR = integerType('signed char', 8, true, 1);
export const UNSIGNED_CHAR = integerType('unsigned char', 8, false, 1);
export const SHORT = integerType('short', 16, true, 2);
export const UNSIGNED_SHORT = integerType('unsigned short', 16, false, 2);
export const INT = integerType('int', 32, true, 3);
export const UNSIGNED_INT = integerType('unsigned int', 32, false, 3);
export const LONG = integerType('long', 64, true, 4);
export const UNSIGNED_LONG = integerType('unsigned long', 64, false, 4);
export const LONG_LONG = integerType('long long', 64, true, 5);
export const UNSIGNED_LONG_LONG = integerType('unsigned long long', 64, false, 5);

export const VOID: CType = { kind: 'void' };
export const UNKNOWN: CType = { kind: 'unknown', name: '' };
export const VOID_POINTER: CPointer = { kind: 'pointer', to: VOID };

/** The integer type of these words, in whatever order they stand; undefined where they name none. */
export function integerOfWords(words: readonly string[]): CInteger | undefined {
  const count = (word: string) => words.filter((each) => each === word).length;
  if (words.length === 0 || words.some((word) => !INTEGER_WORDS.has(word))) return undefined;
  const unsigned = count('unsigned') > 0;
  if (count('_Bool') + count('bool') > 0) return BOOL;
  if (count('char') > 0) return unsigned ? UNSIGNED_CHAR : count('signed') > 0 ? SIGNED_CHAR : CHAR;
  if (count('short') > 0) return unsigned ? UNSIGNED_SHORT : SHORT;
  if (count('long') > 1) return unsigned ? UNSIGNED_LONG_LONG : LONG_LONG;
  if (count('long') === 1) return unsigned ? UNSIGNED_LONG : LONG;
  return unsigned ? UNSIGNED_INT : INT;
}

const INTEGER_WORDS: ReadonlySet<string> = new Set([
  '_Bool',
  'bool',
  'char',
  'short',
  'int',
  'long',
  'signed',
  'unsigned',
]);

const UNSIGNED: readonly CInteger[] = [UNSIGNED_CHAR, UNSIGNED_SHORT, UNSIGNED_INT, UNSIGNED_LONG];
const SIGNED: readonly CInteger[] = [SIGNED_CHAR, SHORT, INT, LONG];

/** The smallest unsigned type that is so wide. */
export function unsignedOf(width: number): CInteger {
  return UNSIGNED.find(({ type }) => type.bits >= width) ?? UNSIGNED_LONG;
}

/** The type that is exactly so wide. */
export function integerOfWidth(width: number, signed: boolean): CInteger | undefined {
  return (signed ? SIGNED : UNSIGNED).find(({ type }) => type.bits === width);
}

/** Integer promotion (C11 6.3.1.1): narrower than `int` becomes `int`. */
export function promoted(type: CInteger): CInteger {
  return type.rank < INT.rank ? INT : type;
}

/** What a bit-field is worth: an `int` where that has all its values, or an `unsigned int` (C11 6.3.1.1); of one that is wider
 *  C leaves it open, and gcc, which builds the kernel, takes an integer type of just its width (6.7.2.1p10). */
export function bitFieldType(type: CType, width: number): CType {
  if (type.kind !== 'integer') return UNKNOWN;
  if (width < INT.type.bits) return INT;
  if (width === INT.type.bits) return type.type.signed ? INT : UNSIGNED_INT;
  return width === type.type.bits
    ? type
    : { ...type, name: `${type.name}:${width}`, precision: width };
}

/** The common type of two operands (C11 6.3.1.8). */
export function usualType(left: CInteger, right: CInteger): CInteger {
  const [first, second] = [promoted(left), promoted(right)];
  const [wide, narrow] = [precisionOf(first), precisionOf(second)];
  const isOfField = first.precision !== undefined || second.precision !== undefined;
  if (isOfField && wide !== narrow) return wide > narrow ? first : second;
  const [higher, lower] = first.rank >= second.rank ? [first, second] : [second, first];
  if (higher.type.signed === lower.type.signed) return higher;
  const [unsigned, signed] = higher.type.signed ? [lower, higher] : [higher, lower];
  if (isOfField || unsigned.rank >= signed.rank) return unsigned;
  if (signed.type.bits > unsigned.type.bits) return signed;
  return UNSIGNED_LONG_LONG;
}

/** In how many bits is computed. */
export function precisionOf({ precision, type }: CInteger): number {
  return precision ?? type.bits;
}

/** The types an integer constant may have, in the order in which they are tried. */
export function typeOfConstant(value: Integer, candidates: readonly CInteger[]): CInteger {
  return candidates.find(({ type }) => isOf(value, type)) ?? UNSIGNED_LONG_LONG;
}

export function pointerTo(to: CType): CPointer {
  return { kind: 'pointer', to };
}

/** What an address of this type leads to. */
export function pointee(type: CType): CType {
  return type.kind === 'pointer' ? type.to : UNKNOWN;
}

/** What an expression of array or function type is worth: a pointer (C11 6.3.2.1). */
export function decayed(type: CType): CType {
  if (type.kind === 'array') return pointerTo(type.of);
  return type.kind === 'function' ? pointerTo(type) : type;
}

/** Whether two types are the same, qualifiers being no part of a type here. */
export function sameCType(left: CType, right: CType): boolean {
  if (left === right) return true;
  switch (left.kind) {
    case 'integer':
      return right.kind === 'integer' && left.name === right.name;
    case 'pointer':
      return right.kind === 'pointer' && sameCType(left.to, right.to);
    case 'array':
      return right.kind === 'array' && left.length === right.length && sameCType(left.of, right.of);
    case 'struct':
      return (
        right.kind === 'struct' && left.name === right.name && left.definition === right.definition
      );
    case 'function':
      return right.kind === 'function' && sameCType(left.returns, right.returns);
    case 'void':
      return right.kind === 'void';
    case 'unknown':
      return right.kind === 'unknown' && left.name === right.name;
  }
}
