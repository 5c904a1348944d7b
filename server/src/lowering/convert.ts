/** C's conversions: to the type of what is assigned to, of a cast, of the other operand (C11 6.3). */

import type { Candidates } from '../program/candidates.ts';
import { fitsIn, isOf } from '../program/integer.ts';
import type { Span } from '../text/span.ts';
import { BOOL, type CInteger, type CType, INT, LONG, promoted, UNSIGNED_LONG } from './ctype.ts';
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
  if (to.name === BOOL.name) return toBoolean(value, to, state, span);
  if (value.type.kind === 'integer' && fitsIn(value.type.type, to.type)) return typed(value, to);
  if (areOf(candidatesOf(value, state.registers), to)) return typed(value, to);
  return valued(conversion(inner(value, to), to, span), state, span);
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
      value.kind === 'integer' ? isOf(value.value, to.type) : to.type.bits === 64,
    )
  );
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
