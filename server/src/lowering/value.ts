/**
 * What the lowering knows of a C value: the value itself, an expression over registers that computes
 * it at run time, or that nothing is known. Expressions keep every register they were computed from,
 * because dependencies are syntactic in the LKMM.
 */

import { containerPath, containerSteps, memberPath } from '../program/address.ts';
import {
  type Candidates,
  candidatesOfExpression,
  only,
  type RegisterCandidates,
} from '../program/candidates.ts';
import {
  applyBinary,
  applyConversion,
  applyElement,
  isTrue,
  keyOf,
  SPELT,
} from '../program/evaluate.ts';
import {
  INT as INT_TYPE,
  type Integer,
  type IntegerType,
  isComparison,
} from '../program/integer.ts';
import type { BinaryOperator, Expression, Value as Known } from '../program/program.ts';
import { operandsOf } from '../program/walk.ts';
import { bounded } from '../text/printable.ts';
import type { Place, Span } from '../text/span.ts';
import { type CInteger, type CType, INT, pointerTo, UNKNOWN } from './ctype.ts';

/** A C value with its type. An integer is always one of its type, converted where need was. */
export type Value = Definite | Undefined | Partial;

/** A value that there is: `known` before the program runs, or `computed` by it. */
export type Definite =
  | { readonly kind: 'known'; readonly value: Known; readonly type: CType }
  | { readonly kind: 'computed'; readonly expression: Expression; readonly type: CType };

/** Never assigned, or of a construct that is not modelled: `reason` says which, and is told where the value
 *  matters (settle.ts). */
export interface Undefined {
  readonly kind: 'undefined';
  readonly reason: string;
  readonly place?: Place;
  readonly type: CType;
  /** Bits that are known all the same: those of `mask`, the others being 0 in `value`. */
  readonly some?: { readonly value: Definite; readonly mask: bigint };
}

/** A value that there is on some of the paths that have joined: on those where `absent` holds it is not. */
export interface Partial {
  readonly kind: 'partial';
  readonly value: Definite;
  readonly absent: Expression;
  readonly because: Undefined;
  readonly type: CType;
}

export type { Known };

export function integer(value: Integer, type: CType = INT): Definite {
  return { kind: 'known', value: { kind: 'integer', value }, type };
}

/** The address of a location that holds something of type `to`. */
export function addressOf(of: string, to: CType = UNKNOWN): Definite {
  return { kind: 'known', value: { kind: 'address', of }, type: pointerTo(to) };
}

export function known(value: Known, type: CType): Definite {
  return { kind: 'known', value, type };
}

export function computed(expression: Expression, type: CType = INT): Definite {
  return { kind: 'computed', expression, type };
}

export function undefinedValue(reason: string, place?: Place, type: CType = UNKNOWN): Undefined {
  return { kind: 'undefined', reason: bounded(reason), type, ...(place && { place }) };
}

/** The same value, taken for one of another type. */
export function typed<Some extends Value>(value: Some, type: CType): Some {
  return value.type === type ? value : { ...value, type };
}

/** The value, but for paths on which `absent` holds. */
export function unless(value: Value, absent: Expression, because: Undefined): Value {
  switch (value.kind) {
    case 'undefined':
      return value;
    case 'partial': {
      const both = either(absent, value.absent);
      return isTooLarge(both) ? typed(because, value.type) : { ...value, absent: both };
    }
    default:
      return { kind: 'partial', value, absent, because, type: value.type };
  }
}

/** Expressions that have more parts, those that they share counted as often as they are met, are not followed: each
 *  look at one goes through all of them. */
const MOST_PARTS = 10_000;

function isTooLarge(expression: Expression): boolean {
  return sizeOf(expression) > MOST_PARTS;
}

const sizes = new WeakMap<Expression, number>();

function sizeOf(expression: Expression): number {
  const known = sizes.get(expression);
  if (known !== undefined) return known;
  const size = operandsOf(expression).reduce((sum, operand) => sum + sizeOf(operand), 1);
  sizes.set(expression, size);
  return size;
}

function either(left: Expression, right: Expression): Expression {
  if (sameExpression(left, right)) return left;
  return { kind: 'binary', operator: '||', left, right, span: left.span };
}

/** What `make` makes of a value, which is as partial as that. */
export function through(value: Undefined | Partial, make: (value: Definite) => Value): Value {
  if (value.kind === 'undefined') return value;
  return unless(make(value.value), value.absent, value.because);
}

/** Whether two values are the same value, or the same computation. */
export function sameValue(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (left.kind === 'known' && right.kind === 'known')
    return keyOf(left.value) === keyOf(right.value);
  if (left.kind === 'computed' && right.kind === 'computed')
    return sameExpression(left.expression, right.expression);
  if (left.kind === 'partial' && right.kind === 'partial')
    return sameValue(left.value, right.value) && sameExpression(left.absent, right.absent);
  if (left.kind !== 'undefined' || right.kind !== 'undefined') return false;
  const [first, second] = [left.some, right.some];
  if (first === undefined || second === undefined) return first === second;
  return first.mask === second.mask && sameValue(first.value, second.value);
}

/** Whether two pure expressions compute the same from the same registers. */
export function sameExpression(left: Expression, right: Expression): boolean {
  if (left.kind === 'register') return right.kind === 'register' && left.name === right.name;
  if (left.kind === 'value')
    return right.kind === 'value' && keyOf(left.value) === keyOf(right.value);
  if (left.kind === 'not')
    return right.kind === 'not' && sameExpression(left.operand, right.operand);
  if (left.kind === 'binary')
    return (
      right.kind === 'binary' &&
      left.operator === right.operator &&
      sameType(left.type ?? INT_TYPE, right.type ?? INT_TYPE) &&
      sameExpression(left.left, right.left) &&
      sameExpression(left.right, right.right)
    );
  if (left.kind === 'convert')
    return (
      right.kind === 'convert' &&
      sameType(left.to, right.to) &&
      sameExpression(left.operand, right.operand)
    );
  if (left.kind === 'element')
    return (
      right.kind === 'element' &&
      sameExpression(left.base, right.base) &&
      sameExpression(left.index, right.index)
    );
  if (left.kind === 'member' || left.kind === 'container')
    return (
      right.kind === left.kind && left.path === right.path && sameExpression(left.base, right.base)
    );
  return false;
}

function sameType(left: IntegerType, right: IntegerType): boolean {
  return left.bits === right.bits && left.signed === right.signed;
}

/** The value as an expression of the program. What is not known is settled before, where it matters; it is
 *  never 0, but something that C gives no value for. */
export function toExpression(value: Value, span: Span): Expression {
  switch (value.kind) {
    case 'known':
      return knownExpression(value.value, span);
    case 'computed':
      return value.expression;
    case 'partial':
      return toExpression(value.value, span);
    case 'undefined': {
      const zero = { kind: 'value', value: { kind: 'integer', value: 0 }, span } as const;
      return { kind: 'binary', operator: '/', left: zero, right: zero, span };
    }
  }
}

function knownExpression(value: Known, span: Span): Expression {
  if (value.kind === 'integer') return { kind: 'value', value, span };
  const { origin, steps } = containerSteps(value.of);
  const start: Expression = { kind: 'value', value: { kind: 'address', of: origin }, span };
  return steps.reduce<Expression>((base, path) => ({ kind: 'container', base, path, span }), start);
}

/** The address of member `path`, which is of type `to`, of the struct at `base`; or of the struct whose
 *  member is at `base`. */
export function step(
  kind: 'member' | 'container',
  base: Value,
  path: string,
  span: Span,
  to: CType = UNKNOWN,
): Value {
  if (base.kind === 'undefined' || base.kind === 'partial')
    return typed(
      through(base, (inner) => step(kind, inner, path, span, to)),
      pointerTo(to),
    );
  if (base.kind === 'known')
    return base.value.kind === 'integer'
      ? undefinedValue(MEMBER_OF_NOTHING, undefined, pointerTo(to))
      : addressOf((kind === 'member' ? memberPath : containerPath)(base.value.of, path), to);
  const { expression } = base;
  const opposite = kind === 'member' ? 'container' : 'member';
  return computed(
    expression.kind === opposite && expression.path === path
      ? expression.base
      : { kind, base: expression, path, span },
    pointerTo(to),
  );
}

const MEMBER_OF_NOTHING = 'a member of what a null pointer or a number points to';

/** `left operator right` with operands that have been converted to `type`, done at once where both are
 *  known. A comparison is an `int` whatever it compares. */
export function binary(
  operator: BinaryOperator,
  left: Value,
  right: Value,
  span: Span,
  type: CInteger = INT,
): Value {
  const result = isComparison(operator) ? INT : type;
  if (left.kind === 'undefined' || left.kind === 'partial')
    return typed(
      through(left, (inner) => binary(operator, inner, right, span, type)),
      result,
    );
  if (right.kind === 'undefined' || right.kind === 'partial')
    return typed(
      through(right, (inner) => binary(operator, left, inner, span, type)),
      result,
    );
  if (left.kind === 'known' && right.kind === 'known') {
    const value = applyBinary(SPELT, operator, left.value, right.value, type.type);
    if (value === undefined) return undefinedValue(whyNone(operator, right), undefined, result);
    return known(value, result);
  }
  const operands = { left: toExpression(left, span), right: toExpression(right, span) };
  const isInt = isComparison(operator) || type.type === INT_TYPE;
  const computes = isInt ? {} : { type: type.type };
  const expression = { kind: 'binary', operator, ...operands, ...computes, span } as const;
  return isTooLarge(expression)
    ? undefinedValue('a value of more operations than can be followed', undefined, result)
    : computed(expression, result);
}

/** Why C gives no value. */
function whyNone(operator: BinaryOperator, right: Value): string {
  const isNumber = right.kind === 'known' && right.value.kind === 'integer';
  if ((operator === '/' || operator === '%') && isNumber) return 'a division by zero';
  if ((operator === '<<' || operator === '>>') && isNumber)
    return 'a shift by less than 0, or by the width or more';
  return `the result of ${operator} on an address`;
}

/** C's `!`. */
export function negation(operand: Value, span: Span): Value {
  if (operand.kind === 'undefined' || operand.kind === 'partial')
    return typed(
      through(operand, (inner) => negation(inner, span)),
      INT,
    );
  return operand.kind === 'known'
    ? integer(isTrue(operand.value) ? 0 : 1)
    : computed({ kind: 'not', operand: operand.expression, span });
}

/** The value made one of an integer type, modulo its width. */
export function conversion(operand: Value, to: CInteger, span: Span): Value {
  if (operand.kind === 'undefined' || operand.kind === 'partial')
    return typed(
      through(operand, (inner) => conversion(inner, to, span)),
      to,
    );
  if (operand.kind === 'computed')
    return computed({ kind: 'convert', to: to.type, operand: operand.expression, span }, to);
  const value = applyConversion(SPELT, operand.value, to.type);
  return value === undefined
    ? undefinedValue(`an address in ${to.type.bits} bits`, undefined, to)
    : known(value, to);
}

/** The address `index` elements behind that of an element. */
export function element(base: Value, index: Value, span: Span): Value {
  if (base.kind === 'undefined' || base.kind === 'partial')
    return through(base, (inner) => element(inner, index, span));
  if (index.kind === 'undefined' || index.kind === 'partial')
    return typed(
      through(index, (inner) => element(base, inner, span)),
      base.type,
    );
  if (base.kind === 'computed' || index.kind === 'computed') {
    const operands = { base: toExpression(base, span), index: toExpression(index, span) };
    return computed({ kind: 'element', ...operands, span }, base.type);
  }
  const value = applyElement(SPELT, base.value, index.value);
  return value === undefined
    ? undefinedValue('a place outside of an array', undefined, base.type)
    : known(value, base.type);
}

/** The value with `by` in the place of a register, folded where that makes it known. */
export function substitute(value: Value, register: string, by: Value): Value {
  if (value.kind === 'partial') return substitutedPartial(value, register, by);
  if (value.kind !== 'computed') return value;
  return typed(substituted(value, register, by), value.type);
}

function substitutedPartial(
  { value, absent, because, type }: Partial,
  register: string,
  by: Value,
): Value {
  const inner = substitute(value, register, by);
  const condition = substitute(computed(absent), register, by);
  switch (condition.kind) {
    case 'known':
      return isTrue(condition.value) ? typed(because, type) : inner;
    case 'computed':
      return unless(inner, condition.expression, because);
    case 'partial': {
      const made = unless(inner, toExpression(condition.value, absent.span), because);
      return unless(made, condition.absent, condition.because);
    }
    case 'undefined':
      return typed(because, type);
  }
}

function substituted(
  value: Definite & { readonly kind: 'computed' },
  register: string,
  by: Value,
): Value {
  const { expression } = value;
  const inside = (part: Expression) => substitute(computed(part), register, by);
  switch (expression.kind) {
    case 'register':
      return expression.name === register ? by : value;
    case 'not':
      return negation(inside(expression.operand), expression.span);
    case 'binary': {
      const { operator, left, right, span, type = INT_TYPE } = expression;
      return binary(operator, inside(left), inside(right), span, { ...INT, type });
    }
    case 'convert':
      return conversion(
        inside(expression.operand),
        { ...INT, type: expression.to },
        expression.span,
      );
    case 'member':
    case 'container':
      return step(expression.kind, inside(expression.base), expression.path, expression.span);
    case 'element':
      return element(inside(expression.base), inside(expression.index), expression.span);
    case 'value':
      return known(expression.value, value.type);
    default:
      return value;
  }
}

/** What a value may be, its registers being what `registers` says. */
export function candidatesOf(value: Value, registers: RegisterCandidates): Candidates {
  if (value.kind === 'known') return only(value.value);
  if (value.kind === 'undefined') return 'any';
  if (value.kind === 'partial') return candidatesOf(value.value, registers);
  return candidatesOfExpression(value.expression, registers);
}
