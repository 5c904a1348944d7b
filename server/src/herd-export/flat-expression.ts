/** Expressions of a program over numbers instead of addresses, with the operators that herd's C has. */

import type { Expression } from '../program/program.ts';
import type { Span } from '../text/span.ts';
import type { AddressNumbers } from './address-numbers.ts';

/** An expression over numbers, with the operators that herd's C has. */
export function flatExpression(numbers: AddressNumbers, expression: Expression): Expression {
  const { span } = expression;
  const flat = (operand: Expression) => flatExpression(numbers, operand);
  switch (expression.kind) {
    case 'value':
      return { ...expression, value: numbers.valueOf(expression.value) };
    case 'member':
      return plus(flat(expression.base), numbers.stepOf(expression.path), span);
    case 'container':
      return plus(flat(expression.base), -numbers.stepOf(expression.path), span);
    case 'not':
      return equalTo(flat(expression.operand), 0, span);
    case 'binary': {
      const [left, right] = [flat(expression.left), flat(expression.right)];
      if (expression.operator === '&&')
        return { ...expression, operator: '&', left: truth(left), right: truth(right) };
      if (expression.operator === '||')
        return { ...expression, operator: '|', left: truth(left), right: truth(right) };
      return { ...expression, left, right };
    }
    default:
      return expression;
  }
}

function numberExpression(value: number, span: Span): Expression {
  return { kind: 'value', value: { kind: 'integer', value }, span };
}

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);

function truth(expression: Expression): Expression {
  if (expression.kind === 'binary' && COMPARISONS.has(expression.operator)) return expression;
  const { span } = expression;
  return {
    kind: 'binary',
    operator: '!=',
    left: expression,
    right: numberExpression(0, span),
    span,
  };
}

/** `expression + number`, constants drawn together. */
function plus(expression: Expression, number: number, span: Span): Expression {
  const { base, offset } = split(expression);
  const sum = offset + number;
  if (base === undefined) return numberExpression(sum, span);
  if (sum === 0) return base;
  const right = numberExpression(Math.abs(sum), span);
  return { kind: 'binary', operator: sum < 0 ? '-' : '+', left: base, right, span };
}

/** `expression == number`, constants drawn to the right. */
export function equalTo(expression: Expression, number: number, span: Span): Expression {
  const { base, offset } = split(expression);
  const left = base ?? numberExpression(offset, span);
  const right = numberExpression(base === undefined ? number : number - offset, span);
  return { kind: 'binary', operator: '==', left, right, span };
}

function split(expression: Expression): { readonly base?: Expression; readonly offset: number } {
  if (expression.kind === 'value' && expression.value.kind === 'integer')
    return { offset: Number(expression.value.value) };
  if (expression.kind !== 'binary' || expression.right.kind !== 'value')
    return { base: expression, offset: 0 };
  const { operator, left, right } = expression;
  if (right.value.kind !== 'integer' || (operator !== '+' && operator !== '-'))
    return { base: expression, offset: 0 };
  const offset = Number(right.value.value);
  return { base: left, offset: operator === '+' ? offset : -offset };
}
