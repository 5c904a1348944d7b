/** Which part of a computed word decides some bits of it: what a struct or a union of one thread holds beside them is another member's. */

import type { IntegerType } from '../program/integer.ts';
import type { Expression } from '../program/program.ts';
import { known, typed, type Value } from './value.ts';

/** The value with what is computed for other bits than those of `wanted` left out; those are as they were. */
export function withoutOthers(whole: Value, wanted: bigint): Value {
  if (whole.kind !== 'computed') return whole;
  const expression = deciding(whole.expression, wanted);
  if (expression === whole.expression) return whole;
  return expression.kind === 'value'
    ? known(expression.value, whole.type)
    : typed({ ...whole, expression }, whole.type);
}

function deciding(expression: Expression, wanted: bigint): Expression {
  if (expression.kind === 'convert') {
    if ((wanted & ~maskOf(expression.to)) !== 0n) return expression;
    const operand = deciding(expression.operand, wanted);
    return operand === expression.operand ? expression : { ...expression, operand };
  }
  if (expression.kind !== 'binary') return expression;
  const { operator, left, right } = expression;
  switch (operator) {
    case '|':
      if ((possible(left) & wanted) === 0n) return deciding(right, wanted);
      return (possible(right) & wanted) === 0n ? deciding(left, wanted) : expression;
    case '&':
      return isKept(right, wanted) ? deciding(left, wanted) : expression;
    default:
      return expression;
  }
}

/** Whether a mask keeps all the bits that are wanted. */
function isKept(mask: Expression, wanted: bigint): boolean {
  return mask.kind === 'value' && (possible(mask) & wanted) === wanted;
}

/** The bits that may be set in a value. */
function possible(expression: Expression): bigint {
  if (expression.kind === 'value')
    return expression.value.kind === 'integer'
      ? BigInt.asUintN(64, BigInt(expression.value.value))
      : ALL;
  if (expression.kind === 'convert')
    return expression.to.signed ? ALL : possible(expression.operand) & maskOf(expression.to);
  if (expression.kind !== 'binary' || expression.type?.signed !== false) return ALL;
  const { operator, left, right, type } = expression;
  if (operator === '&') return possible(left) & possible(right);
  if (operator === '|') return possible(left) | possible(right);
  if (operator !== '<<' || right.kind !== 'value' || right.value.kind !== 'integer') return ALL;
  return (possible(left) << BigInt(right.value.value)) & maskOf(type);
}

const ALL = (1n << 64n) - 1n;

function maskOf({ bits }: IntegerType): bigint {
  return (1n << BigInt(bits)) - 1n;
}
