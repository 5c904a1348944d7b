/**
 * What the lowering knows of a C value: the value itself, an expression over registers that computes
 * it at run time, or that nothing is known. Expressions keep every register they were computed from,
 * because dependencies are syntactic in the LKMM.
 */

import type { BinaryOperator, Expression, Value as Known } from '../program/program.ts';
import type { Place, Span } from '../text/span.ts';
import { containerPath, containerSteps, memberPath } from '../program/address.ts';

/** A C value: `known` before the program runs, `computed` by it, or `undefined` (never assigned, or of
 *  a construct that is not modelled; `reason` says which, and is reported where the value matters). */
export type Value =
  | { readonly kind: 'known'; readonly value: Known }
  | { readonly kind: 'computed'; readonly expression: Expression }
  | { readonly kind: 'undefined'; readonly reason: string; readonly place?: Place };

export type { Known };

export function integer(value: number): Value {
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

/** A text that is equal for equal known values. */
export function keyOf(value: Known): string {
  return value.kind === 'integer' ? String(value.value) : `&${value.of}`;
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
      sameExpression(left.left, right.left) &&
      sameExpression(left.right, right.right)
    );
  if (left.kind === 'member' || left.kind === 'container')
    return (
      right.kind === left.kind && left.path === right.path && sameExpression(left.base, right.base)
    );
  return false;
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
export function binary(operator: BinaryOperator, left: Value, right: Value, span: Span): Value {
  if (left.kind === 'undefined') return left;
  if (right.kind === 'undefined') return right;
  if (left.kind === 'known' && right.kind === 'known') {
    const value = applyBinary(operator, left.value, right.value);
    if (value === undefined) return undefinedValue(`the result of ${operator} on an address`);
    return { kind: 'known', value };
  }
  const operands = { left: toExpression(left, span), right: toExpression(right, span) };
  return computed({ kind: 'binary', operator, ...operands, span });
}

/** C's `!`. */
export function negation(operand: Value, span: Span): Value {
  if (operand.kind === 'undefined') return operand;
  return operand.kind === 'known'
    ? integer(isTrue(operand.value) ? 0 : 1)
    : computed({ kind: 'not', operand: operand.expression, span });
}

export function isTrue(value: Known): boolean {
  return value.kind === 'address' || value.value !== 0;
}

/** The value of a pure expression under an assignment of its registers; undefined where C gives none. */
export function evaluateKnown(
  expression: Expression,
  registers: ReadonlyMap<string, Known>,
): Known | undefined {
  switch (expression.kind) {
    case 'value':
      return expression.value;
    case 'register':
      return registers.get(expression.name);
    case 'not': {
      const operand = evaluateKnown(expression.operand, registers);
      return operand && truth(!isTrue(operand));
    }
    case 'binary': {
      const left = evaluateKnown(expression.left, registers);
      const right = evaluateKnown(expression.right, registers);
      return left && right && applyBinary(expression.operator, left, right);
    }
    case 'member':
    case 'container': {
      const base = evaluateKnown(expression.base, registers);
      if (base?.kind !== 'address') return undefined;
      const apply = expression.kind === 'member' ? memberPath : containerPath;
      return { kind: 'address', of: apply(base.of, expression.path) };
    }
    default:
      return undefined;
  }
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
      const { operator, left, right, span } = expression;
      return binary(operator, inside(left), inside(right), span);
    }
    case 'member':
    case 'container':
      return step(expression.kind, inside(expression.base), expression.path, expression.span);
    case 'value':
      return { kind: 'known', value: expression.value };
    default:
      return value;
  }
}

/** The registers an expression is computed from. */
export function registersOf(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'register':
      return [expression.name];
    case 'not':
      return registersOf(expression.operand);
    case 'binary':
      return [...registersOf(expression.left), ...registersOf(expression.right)];
    case 'member':
    case 'container':
      return registersOf(expression.base);
    case 'load':
      return registersOf(expression.address);
    case 'rmw':
      return [...registersOf(expression.address), ...registersOf(expression.operand)];
    case 'cmpxchg':
      return [expression.address, expression.expected, expression.desired].flatMap(registersOf);
    case 'add-unless':
      return [expression.address, expression.operand, expression.unless].flatMap(registersOf);
    case 'lock-query':
    case 'srcu-lock':
      return registersOf(expression.address);
    case 'value':
      return [];
  }
}

function truth(holds: boolean): Known {
  return { kind: 'integer', value: holds ? 1 : 0 };
}

function applyBinary(operator: BinaryOperator, left: Known, right: Known): Known | undefined {
  switch (operator) {
    case '==':
      return truth(keyOf(left) === keyOf(right));
    case '!=':
      return truth(keyOf(left) !== keyOf(right));
    case '&&':
      return truth(isTrue(left) && isTrue(right));
    case '||':
      return truth(isTrue(left) || isTrue(right));
    default:
      return left.kind === 'integer' && right.kind === 'integer'
        ? applyArithmetic(operator, left.value, right.value)
        : undefined;
  }
}

function applyArithmetic(
  operator: Exclude<BinaryOperator, '==' | '!=' | '&&' | '||'>,
  left: number,
  right: number,
): Known | undefined {
  const number = (value: number): Known => ({ kind: 'integer', value: value | 0 });
  switch (operator) {
    case '+':
      return number(left + right);
    case '-':
      return number(left - right);
    case '*':
      return number(Math.imul(left, right));
    case '/':
      return right === 0 ? undefined : number(left / right);
    case '%':
      return right === 0 ? undefined : number(left % right);
    case '&':
      return number(left & right);
    case '|':
      return number(left | right);
    case '^':
      return number(left ^ right);
    case '<<':
      return number(left << right);
    case '>>':
      return number(left >> right);
    case '<':
      return truth(left < right);
    case '<=':
      return truth(left <= right);
    case '>':
      return truth(left > right);
    case '>=':
      return truth(left >= right);
  }
}
