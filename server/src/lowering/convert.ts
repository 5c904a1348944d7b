/** C's conversions: to the type of what is assigned to, of a cast, of the other operand (C11 6.3). */

import type { Candidates } from '../program/candidates.ts';
import { fitsIn, type Integer, isOf } from '../program/integer.ts';
import type { Value as KnownValue } from '../program/program.ts';
import type { Span } from '../text/span.ts';
import {
  BOOL,
  type CInteger,
  type CType,
  INT,
  integerOfWidth,
  LONG,
  precisionOf,
  promoted,
  UNSIGNED_LONG,
} from './ctype.ts';
import type { State } from './machine.ts';
import {
  binary,
  candidatesOf,
  conversion,
  type Definite,
  integer,
  typed,
  undefinedValue,
  unless,
  type Value,
} from './value.ts';
import { valued } from './valued.ts';

/** The value as one of type `to`. What changes nothing is left out, so that programs stay short. */
export function convert(value: Value, to: CType, state: State, span: Span): Value {
  if (value.type === to && to.kind !== 'void') return value;
  switch (to.kind) {
    case 'integer':
      return toInteger(value, to, state, span);
    case 'pointer':
      return typed(toInteger(value, UNSIGNED_LONG, state, span), to);
    case 'void':
      return undefinedValue('an expression without a value', undefined, to);
    case 'array':
    case 'struct':
    case 'function':
      return typed(value, to);
    case 'unknown':
      return value;
  }
}

function toInteger(value: Value, to: CInteger, state: State, span: Span): Value {
  if (value.kind === 'undefined') return typed(value, to);
  if (value.kind === 'partial') {
    const inner = toInteger(value.value, to, state, span);
    return unless(inner, value.absent, value.because);
  }
  if (dependsOnSign(value, to, state)) return undefinedValue(OPEN_SIGN, undefined, to);
  if (to.name === BOOL.name) return toBoolean(value, to, state, span);
  if (to.precision !== undefined) return toField(value, to, to.precision, state, span);
  if (value.type.kind === 'integer' && fitsIn(value.type.type, to.type)) return typed(value, to);
  if (areOf(candidatesOf(value, state.registers), to)) return typed(value, to);
  return valued(conversion(inner(value, to), to, span), state, span);
}

/** Whether a `char` that may have a sign or none is to become something wider, and would not be the same with and without. */
function dependsOnSign(value: Definite, to: CInteger, { registers }: State): boolean {
  const { type } = value;
  if (type.kind !== 'integer' || type.hasOpenSign === undefined) return false;
  if (to.type.bits === type.type.bits) return false;
  const values = candidatesOf(value, registers);
  return values === 'any' || [...values.values()].some((each) => !isOf7Bits(each));
}

function isOf7Bits(value: KnownValue): boolean {
  return value.kind === 'integer' && value.value >= 0 && value.value <= 127;
}

const OPEN_SIGN = 'a char that is signed or not, which no kernel Makefile says,';

/** To what a wide bit-field is worth: the low bits, where there may be more. */
function toField(
  value: Definite,
  to: CInteger,
  precision: number,
  state: State,
  span: Span,
): Value {
  if (areOf(candidatesOf(value, state.registers), to)) return typed(value, to);
  const whole = toInteger(value, UNSIGNED_LONG, state, span);
  return typed(lowBits(whole, precision, to.type.signed, UNSIGNED_LONG, state, span), to);
}

/** The low bits of a value of type `whole`, of a width that no type has: masked, or brought to the top and back for their sign. */
export function lowBits(
  value: Value,
  width: number,
  hasSign: boolean,
  whole: CInteger,
  state: State,
  span: Span,
): Value {
  if (!hasSign) return binary('&', value, integer(maskOf(width), whole), span, whole);
  const signed = integerOfWidth(whole.type.bits, true) ?? LONG;
  const unused = integer(whole.type.bits - width);
  const top = binary('<<', value, unused, span, whole);
  return binary('>>', convert(top, signed, state, span), unused, span, signed);
}

/** So many low bits. */
export function maskOf(width: number): number | bigint {
  return width < 32 ? 2 ** width - 1 : width === 32 ? 0xffffffff : (1n << BigInt(width)) - 1n;
}

/** What a wider value was made of: the low bits of both are the same. */
function inner(value: Definite, to: CInteger): Definite {
  if (value.kind !== 'computed' || value.expression.kind !== 'convert') return value;
  const { operand, to: between } = value.expression;
  return between.bits < to.type.bits ? value : { ...value, expression: operand };
}

/** Whether all that a value may be is of the type: addresses are, where it is wide enough. */
function areOf(values: Candidates, to: CInteger): boolean {
  return (
    values !== 'any' &&
    [...values.values()].every((value) =>
      value.kind === 'integer' ? isValueOf(value.value, to) : precisionOf(to) === 64,
    )
  );
}

function isValueOf(value: Integer, { type, precision }: CInteger): boolean {
  if (precision === undefined) return isOf(value, type);
  const wide = BigInt(value);
  const kept = type.signed ? BigInt.asIntN(precision, wide) : BigInt.asUintN(precision, wide);
  return kept === wide;
}

/** To `_Bool` everything but 0 is 1 (C11 6.3.1.2). */
function toBoolean(value: Definite, to: CInteger, state: State, span: Span): Value {
  const values = candidatesOf(value, state.registers);
  const isBoolean = values !== 'any' && [...values.keys()].every((key) => /^[01]$/.test(key));
  return typed(isBoolean ? value : binary('!=', value, integer(0), span), to);
}

/** The integer type that a value has in arithmetic. One of a type that is not known is taken for an `int`,
 *  or where it may be none, for a `long`; an address for an `unsigned long`. */
export function arithmeticType(value: Value, state: State): CInteger {
  const { type } = value;
  if (type.kind === 'integer') return promoted(type);
  if (type.kind !== 'unknown') return UNSIGNED_LONG;
  if (value.kind === 'undefined') return INT;
  return areOf(candidatesOf(value, state.registers), INT) ? INT : LONG;
}
