/** C's operators on values: the operands brought to one type, pointers moved by elements (C11 6.5). */

import { isComparison } from '../program/integer.ts';
import type { BinaryOperator } from '../program/program.ts';
import type { Expression as CExpression } from '../syntax/ast.ts';
import { type Lowering, type Scope, visiblePlace } from './context.ts';
import { arithmeticType, convert } from './convert.ts';
import {
  type CType,
  decayed,
  INT,
  LONG,
  promoted,
  sameCType,
  UNKNOWN,
  usualType,
} from './ctype.ts';
import type { State } from './machine.ts';
import { stopUnless } from './settle.ts';
import { traceOf } from './trace.ts';
import { binary, element, integer, undefinedValue, type Value } from './value.ts';

/** Where an operator stands. */
interface Site {
  readonly lowering: Lowering;
  readonly state: State;
  readonly expression: CExpression;
  readonly scope: Scope;
}

/** `left operator right`; an operator that is none is reported. */
export function operate(
  lowering: Lowering,
  operator: string,
  left: Value,
  right: Value,
  expression: CExpression,
  state: State,
  scope: Scope,
): Value {
  const site = { lowering, state, expression, scope };
  const place = visiblePlace(scope, expression.span);
  if (!OPERATORS.has(operator)) {
    lowering.report.notModelled(`the operator ${operator}`, place);
    return undefinedValue(`the operator ${operator}`, place);
  }
  if (isPointer(left) || isPointer(right)) {
    if (operator === '+' || operator === '-') return sum(site, operator, left, right);
    if (isComparison(operator)) return binary(operator, left, right, place.span);
  }
  if (operator === '<<' || operator === '>>') return shift(site, operator, left, right);
  const type = usualType(arithmeticType(left, state), arithmeticType(right, state));
  const operands = [left, right].map((operand) => convert(operand, type, state, place.span));
  if (operator === '/' || operator === '%') guardDivisor(site, operands[1]!);
  return binary(operator as BinaryOperator, operands[0]!, operands[1]!, place.span, type);
}

const OPERATORS: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
]);

/** Whether a value is a pointer, or at least an address, as far as its type tells. */
export function isPointer(value: Value): boolean {
  const { kind } = value.type;
  if (kind === 'pointer' || kind === 'array' || kind === 'function') return true;
  return kind === 'unknown' && value.kind === 'known' && value.value.kind === 'address';
}

/** A shift computes in the promoted type of its left operand (C11 6.5.7). */
function shift(site: Site, operator: '<<' | '>>', left: Value, right: Value): Value {
  const { state, expression, scope } = site;
  const { span } = visiblePlace(scope, expression.span);
  const type = arithmeticType(left, state);
  const by = convert(right, arithmeticType(right, state), state, span);
  const inRange = binary(
    '&&',
    binary('>=', by, integer(0), span),
    binary('<', by, integer(type.type.bits), span),
    span,
  );
  guard(site, inRange, by, 'a shift by less than 0, or by the width or more');
  return binary(operator, convert(left, type, state, span), by, span, type);
}

function guardDivisor(site: Site, divisor: Value): void {
  const { span } = visiblePlace(site.scope, site.expression.span);
  guard(site, binary('!=', divisor, integer(0), span), divisor, 'a division by zero');
}

/** Stops the executions in which C gives no value, where there are such; a value that is known is told by itself. */
function guard(
  { lowering, state, expression, scope }: Site,
  holds: Value,
  operand: Value,
  reason: string,
): void {
  const isComputed = operand.kind === 'computed' || operand.kind === 'partial';
  if (!isComputed || state.dead) return;
  stopUnless(lowering, state, holds, reason, traceOf(scope, expression.span));
}

/** A sum or difference in which a side is a pointer (C11 6.5.6). */
function sum(site: Site, operator: '+' | '-', left: Value, right: Value): Value {
  const { span } = visiblePlace(site.scope, site.expression.span);
  if (isPointer(left) && isPointer(right)) {
    const distance = binary('-', left, right, span, LONG);
    return operator === '-' ? distance : undefinedValue('a sum of pointers', undefined, left.type);
  }
  const [base, index] = isPointer(left) ? [left, right] : [right, left];
  if (base === right && operator === '-')
    return undefinedValue('a number less a pointer', undefined, LONG);
  return moved(site, base, index, operator === '+' ? 1 : -1);
}

/** A pointer moved by `index` elements, forwards or backwards. */
export function moved(site: Site, base: Value, index: Value, direction: 1 | -1): Value {
  const { state, expression, scope } = site;
  const { span } = visiblePlace(scope, expression.span);
  if (index.kind === 'known' && index.value.kind === 'integer' && index.value.value === 0)
    return base;
  const by =
    direction === 1
      ? index
      : binary('-', integer(0, LONG), convert(index, LONG, state, span), span, LONG);
  return element(base, by, span);
}

/** The type of `left operator right`. */
export function typeOfOperation(operator: string, left: CType, right: CType): CType {
  if (isComparison(operator)) return INT;
  const [first, second] = [decayed(left), decayed(right)];
  if (first.kind === 'pointer' && second.kind === 'pointer') return LONG;
  if (first.kind === 'pointer') return first;
  if (second.kind === 'pointer') return second;
  if (operator === '<<' || operator === '>>')
    return first.kind === 'integer' ? promoted(first) : UNKNOWN;
  return commonType(first, second);
}

/** The type of `condition ? left : right` (C11 6.5.15). */
export function commonType(left: CType, right: CType): CType {
  const [first, second] = [decayed(left), decayed(right)];
  if (first.kind === 'integer' && second.kind === 'integer') return usualType(first, second);
  if (first.kind === 'pointer' && second.kind === 'pointer')
    return first.to.kind === 'void' ? second : first;
  if (first.kind === 'pointer') return first;
  if (second.kind === 'pointer') return second;
  return sameCType(first, second) ? first : UNKNOWN;
}
