/**
 * C's integers: types of a width and a sign, and the arithmetic of a 64-bit kernel on them (two's
 * complement that wraps, as the kernel is built with `-fwrapv`).
 */

import type { RmwFunction } from '../kernel/operation.ts';

/** How wide an integer type is, and whether it has a sign. */
export interface IntegerType {
  readonly bits: 8 | 16 | 32 | 64;
  readonly signed: boolean;
}

/**
 * The mathematical value of an integer in its one form: a number where it is less than 2^32 in absolute
 * value, else a bigint. Two integers are equal exactly where they are the same to `===`.
 */
export type Integer = number | bigint;

/** C's `int`, the type of all that litmus tests compute. */
export const INT: IntegerType = { bits: 32, signed: true };

/** From here on an integer is a bigint. */
const WIDE = 2 ** 32;

/** An integer in its one form. */
export function canonical(value: Integer): Integer {
  if (typeof value === 'number') return Math.abs(value) < WIDE ? value : BigInt(value);
  return value < WIDE && value > -WIDE ? Number(value) : value;
}

/** The value that C's conversion to `type` makes of an integer (C11 6.3.1.3; modulo 2^bits also where signed). */
export function wrap(value: Integer, { bits, signed }: IntegerType): Integer {
  if (bits === 64) {
    if (typeof value === 'number' && (signed || value >= 0)) return value;
    const wide = BigInt(value);
    return canonical(signed ? BigInt.asIntN(64, wide) : BigInt.asUintN(64, wide));
  }
  const low = typeof value === 'number' ? value | 0 : Number(BigInt.asIntN(32, value));
  if (bits === 32) return signed ? low : low >>> 0;
  const unused = 32 - bits;
  return signed ? (low << unused) >> unused : (low << unused) >>> unused;
}

/** Whether every value of `inner` is one of `outer`, so that a conversion changes nothing. */
export function fitsIn(inner: IntegerType, outer: IntegerType): boolean {
  if (inner.signed === outer.signed) return inner.bits <= outer.bits;
  return !inner.signed && inner.bits < outer.bits;
}

/** Whether an integer is a value of the type. */
export function isOf(value: Integer, type: IntegerType): boolean {
  return wrap(value, type) === value;
}

/** The operators that compute in a type; the others compare. */
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>';
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '&&' | '||';

/** Both operands have been converted to `type` (the left one, for a shift). Undefined where C gives no
 *  value: a division by zero, a shift by less than 0 or by the width or more. */
export function arithmetic(
  operator: ArithmeticOperator,
  left: Integer,
  right: Integer,
  type: IntegerType = INT,
): Integer | undefined {
  if (typeof left === 'number' && typeof right === 'number' && type.bits <= 32)
    return narrowArithmetic(operator, left, right, type);
  return wideArithmetic(operator, BigInt(left), BigInt(right), type);
}

function narrowArithmetic(
  operator: ArithmeticOperator,
  left: number,
  right: number,
  type: IntegerType,
): Integer | undefined {
  switch (operator) {
    case '+':
      return wrap(left + right, type);
    case '-':
      return wrap(left - right, type);
    case '*':
      return wrap(Math.imul(left, right), type);
    case '/':
      return right === 0 ? undefined : wrap(Math.trunc(left / right), type);
    case '%':
      return right === 0 ? undefined : wrap(left % right, type);
    case '&':
      return wrap(left & right, type);
    case '|':
      return wrap(left | right, type);
    case '^':
      return wrap(left ^ right, type);
    case '<<':
      return right < 0 || right >= type.bits ? undefined : wrap(left << right, type);
    case '>>':
      if (right < 0 || right >= type.bits) return undefined;
      return wrap(type.signed ? left >> right : left >>> right, type);
  }
}

function wideArithmetic(
  operator: ArithmeticOperator,
  left: bigint,
  right: bigint,
  type: IntegerType,
): Integer | undefined {
  const isDivision = operator === '/' || operator === '%';
  if (isDivision && right === 0n) return undefined;
  const isShift = operator === '<<' || operator === '>>';
  if (isShift && (right < 0n || right >= type.bits)) return undefined;
  return wrap(WIDE_OPERATIONS[operator](left, right), type);
}

const WIDE_OPERATIONS: Readonly<
  Record<ArithmeticOperator, (left: bigint, right: bigint) => bigint>
> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '<<': (left, right) => left << right,
  '>>': (left, right) => left >> right,
};

/** The operator of a read-modify-write's function; `andnot` takes the complement of its operand. */
export const UPDATE_OPERATORS: Readonly<Record<Exclude<RmwFunction, 'set'>, ArithmeticOperator>> = {
  add: '+',
  sub: '-',
  and: '&',
  or: '|',
  xor: '^',
  andnot: '&',
};

/** How a read-modify-write computes what it stores. */
export interface Update {
  readonly apply: RmwFunction;
  readonly type?: IntegerType;
  /** The bits that stay as they are. */
  readonly keeps?: Integer;
}

/** What a read-modify-write stores, given the value before and its operand. */
export function updated(
  { apply, type = INT, keeps }: Update,
  old: Integer,
  operand: Integer,
): Integer {
  const made = applied(apply, old, operand, type);
  if (keeps === undefined) return made;
  const others = arithmetic('^', keeps, -1, type)!;
  const [kept, changed] = [
    arithmetic('&', old, keeps, type)!,
    arithmetic('&', made, others, type)!,
  ];
  return arithmetic('|', kept, changed, type)!;
}

function applied(apply: RmwFunction, old: Integer, operand: Integer, type: IntegerType): Integer {
  if (apply === 'set') return operand;
  const right = apply === 'andnot' ? arithmetic('^', operand, -1, type)! : operand;
  return arithmetic(UPDATE_OPERATORS[apply], old, right, type)!;
}

/** Whether a comparison or a connective of two integers of one type holds. */
export function compare(operator: ComparisonOperator, left: Integer, right: Integer): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '&&':
      return left !== 0 && right !== 0;
    case '||':
      return left !== 0 || right !== 0;
  }
}

/** Whether an operator gives 0 or 1, whatever the type of its operands. */
export function isComparison(operator: string): operator is ComparisonOperator {
  return COMPARISONS.has(operator);
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', '&&', '||']);
