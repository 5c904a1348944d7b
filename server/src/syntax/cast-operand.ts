/** Casts to types that the grammar does not know: it takes `(word)-x * y` for a difference, of which the right side is a product. */

import type { Expression } from './ast.ts';

/** The operators of two sides, from those that bind strongest. */
const BY_STRENGTH = ['* / %', '+ -', '<< >>', '< > <= >=', '== !=', '&', '^', '|', '&&', '||'];

const STRENGTH: ReadonlyMap<string, number> = new Map(
  BY_STRENGTH.flatMap((row, at) => row.split(' ').map((each) => [each, -at] as const)),
);

/** What is written by `left` and `right` without anything between them, where the last operand of `left` is a type in parentheses and
 *  the first of `right` what is cast: `make` makes one operand of the two. */
export function joinAtCast(
  left: Expression,
  right: Expression,
  make: (last: Expression, first: Expression) => Expression,
): Expression {
  const strength = strengthOf(left);
  const further = strengthOf(right);
  if (right.kind === 'binary' && further !== undefined && further <= (strength ?? further))
    return { ...right, left: joinAtCast(left, right.left, make) };
  if (left.kind === 'binary' && strength !== undefined)
    return { ...left, right: joinAtCast(left.right, right, make) };
  return make(left, right);
}

/** The last operand of an expression, which stands there by itself. */
export function lastOperand(expression: Expression): Expression {
  const isOpen = expression.kind === 'binary' && expression.isGrouped !== true;
  return isOpen ? lastOperand(expression.right) : expression;
}

/** How strongly the operator of an expression binds; undefined where parentheses or something else hold it together. */
function strengthOf(expression: Expression): number | undefined {
  const isOpen = expression.kind === 'binary' && expression.isGrouped !== true;
  return isOpen ? STRENGTH.get(expression.operator) : undefined;
}
