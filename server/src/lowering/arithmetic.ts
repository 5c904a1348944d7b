/** C's operators on values, pointers to elements of arrays included. */

import { elementPath } from '../program/address.ts';
import type { BinaryOperator } from '../program/program.ts';
import type { Expression as CExpression } from '../syntax/ast.ts';
import type { Span } from '../text/span.ts';
import { type Lowering, type Scope, visiblePlace } from './context.ts';
import { addressOf, binary, undefinedValue, type Value } from './value.ts';

/** `left operator right`; an operator that is none is reported. */
export function operate(
  lowering: Lowering,
  operator: string,
  left: Value,
  right: Value,
  { span }: CExpression,
  scope: Scope,
): Value {
  const place = visiblePlace(scope, span);
  if (operator === '+' || operator === '-') return sum(operator, left, right, place.span);
  if (OPERATORS.has(operator)) return binary(operator as BinaryOperator, left, right, place.span);
  lowering.report.notModelled(`the operator ${operator}`, place);
  return undefinedValue(`the operator ${operator}`, place);
}

/** A sum or difference, in which one side may be a pointer to an element of an array. */
export function sum(operator: '+' | '-', left: Value, right: Value, span: Span): Value {
  const pointer = (value: Value) => value.kind === 'known' && value.value.kind === 'address';
  if (pointer(left) && !pointer(right)) return moved(left, right, operator === '+' ? 1 : -1);
  if (pointer(right) && operator === '+' && !pointer(left)) return moved(right, left, 1);
  return binary(operator, left, right, span);
}

const OPERATORS = new Set([
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

/** A pointer to an element moved by `index` elements, forwards or backwards. */
export function moved(base: Value, index: Value, direction: 1 | -1): Value {
  if (base.kind === 'undefined') return base;
  if (index.kind === 'undefined') return index;
  if (index.kind === 'known' && index.value.kind === 'integer') {
    const by = Number(index.value.value) * direction;
    if (by === 0) return base;
    if (base.kind === 'known' && base.value.kind === 'address') {
      const path = elementPath(base.value.of, by);
      if (path !== undefined) return addressOf(path);
    }
  }
  return undefinedValue('an index or a pointer that the program computes');
}
