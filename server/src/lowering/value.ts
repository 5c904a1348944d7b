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
import { INT, type Integer, type IntegerType } from '../program/integer.ts';
import type { BinaryOperator, Expression, Value as Known } from '../program/program.ts';
import type { Place, Span } from '../text/span.ts';

/** A C value: `known` before the program runs, `computed` by it, or `undefined` (never assigned, or of
 *  a construct that is not modelled; `reason` says which, and is reported where the value matters). */
export type Value =
  | { readonly kind: 'known'; readonly value: Known }
  | { readonly kind: 'computed'; readonly expression: Expression }
  | { readonly kind: 'undefined'; readonly reason: string; readonly place?: Place };

export type { Known };

export function integer(value: Integer): Value {
  return { kind: 'known', value: { kind: 'integer', value } };
}

export function addressOf(of: string): Value {
  return { kind: 'known', value: { kind: 'address', of } };
}

export function computed(expression: Expression): Value {
  return { kind: 'computed', expression };
}

export function undefinedValue(reason: string, place?: Place): Value {
  return place === undefined ? { kind: 'undefined', reason } : { kind: 'undefined', reason, place };
}

/** Whether two values are the same value, or the same computation. */
export function sameValue(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (left.kind === 'known' && right.kind === 'known')
    return keyOf(left.value) === keyOf(right.value);
  if (left.kind === 'computed' && right.kind === 'computed')
    return sameExpression(left.expression, right.expression);
  return left.kind === 'undefined' && right.kind === 'undefined';
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
      sameType(left.type ?? INT, right.type ?? INT) &&
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

/** The value as an expression of the program. An undefined value is 0: the caller reports it first. */
export function toExpression(value: Value, span: Span): Expression {
  switch (value.kind) {
    case 'known':
      return knownExpression(value.value, span);
    case 'computed':
      return value.expression;
    case 'undefined':
      return { kind: 'value', value: { kind: 'integer', value: 0 }, span };
  }
}

function knownExpression(value: Known, span: Span): Expression {
  if (value.kind === 'integer') return { kind: 'value', value, span };
  const { origin, steps } = containerSteps(value.of);
  const start: Expression = { kind: 'value', value: { kind: 'address', of: origin }, span };
  return steps.reduce<Expression>((base, path) => ({ kind: 'container', base, path, span }), start);
}

/** The address of member `path` of the struct at `base`, or of the struct whose member is at `base`. */
export function step(kind: 'member' | 'container', base: Value, path: string, span: Span): Value {
  if (base.kind === 'undefined') return base;
  if (base.kind === 'known')
    return base.value.kind === 'integer'
      ? undefinedValue('a member of what a null pointer or a number points to')
      : addressOf((kind === 'member' ? memberPath : containerPath)(base.value.of, path));
  const { expression } = base;
  const opposite = kind === 'member' ? 'container' : 'member';
  return expression.kind === opposite && expression.path === path
    ? computed(expression.base)
    : computed({ kind, base: expression, path, span });
}

/** `left operator right`, done at once where both are known. */
export function binary(
  operator: BinaryOperator,
  left: Value,
  right: Value,
  span: Span,
  type?: IntegerType,
): Value {
  if (left.kind === 'undefined') return left;
  if (right.kind === 'undefined') return right;
  if (left.kind === 'known' && right.kind === 'known') {
    const value = applyBinary(SPELT, operator, left.value, right.value, type);
    if (value === undefined) return undefinedValue(`the result of ${operator} on an address`);
    return { kind: 'known', value };
  }
  const operands = { left: toExpression(left, span), right: toExpression(right, span) };
  return computed({ kind: 'binary', operator, ...operands, ...(type && { type }), span });
}

/** C's `!`. */
export function negation(operand: Value, span: Span): Value {
  if (operand.kind === 'undefined') return operand;
  return operand.kind === 'known'
    ? integer(isTrue(operand.value) ? 0 : 1)
    : computed({ kind: 'not', operand: operand.expression, span });
}

/** The value converted to an integer type. */
export function conversion(operand: Value, to: IntegerType, span: Span): Value {
  if (operand.kind === 'undefined') return operand;
  if (operand.kind === 'computed')
    return computed({ kind: 'convert', to, operand: operand.expression, span });
  const value = applyConversion(SPELT, operand.value, to);
  return value === undefined
    ? undefinedValue(`a pointer in ${to.bits} bits`)
    : { kind: 'known', value };
}

/** The address `index` elements behind that of an element. */
export function element(base: Value, index: Value, span: Span): Value {
  if (base.kind === 'undefined') return base;
  if (index.kind === 'undefined') return index;
  if (base.kind === 'computed' || index.kind === 'computed')
    return computed({
      kind: 'element',
      base: toExpression(base, span),
      index: toExpression(index, span),
      span,
    });
  const value = applyElement(SPELT, base.value, index.value);
  return value === undefined
    ? undefinedValue('a place outside of an array')
    : { kind: 'known', value };
}

/** The value with `by` in the place of a register, folded where that makes it known. */
export function substitute(value: Value, register: string, by: Value): Value {
  if (value.kind !== 'computed') return value;
  const { expression } = value;
  const inside = (part: Expression) => substitute(computed(part), register, by);
  switch (expression.kind) {
    case 'register':
      return expression.name === register ? by : value;
    case 'not':
      return negation(inside(expression.operand), expression.span);
    case 'binary': {
      const { operator, left, right, span, type } = expression;
      return binary(operator, inside(left), inside(right), span, type);
    }
    case 'convert':
      return conversion(inside(expression.operand), expression.to, expression.span);
    case 'member':
    case 'container':
      return step(expression.kind, inside(expression.base), expression.path, expression.span);
    case 'element':
      return element(inside(expression.base), inside(expression.index), expression.span);
    case 'value':
      return { kind: 'known', value: expression.value };
    default:
      return value;
  }
}

/** What a value may be, its registers being what `registers` says. */
export function candidatesOf(value: Value, registers: RegisterCandidates): Candidates {
  if (value.kind === 'known') return only(value.value);
  if (value.kind === 'undefined') return 'any';
  return candidatesOfExpression(value.expression, registers);
}
