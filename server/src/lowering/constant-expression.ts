/** Which expressions are constant as they are written (C11 6.6), whatever a compiler may find out about others. */

import type { Expression as CExpression } from '../syntax/ast.ts';
import { partsOf } from '../syntax/walk.ts';
import { constantOf } from './constant.ts';
import { type Lowering, lookUp, type Scope } from './context.ts';
import { calleeName, unfold } from './names.ts';
import { resolveType } from './resolve-type.ts';

/** Whether this is an integer constant expression (C11 6.6p6), or a string. */
export function isConstantExpression(
  lowering: Lowering,
  written: CExpression,
  outer: Scope,
): boolean {
  const { expression, scope } = unfold(lowering, written, outer);
  const isConstant = (inner: CExpression) => isConstantExpression(lowering, inner, scope);
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'sizeof':
    case 'offsetof':
      return true;
    case 'identifier':
      return isEnumerator(lowering, expression.name, scope);
    case 'unary':
      return (
        expression.operator !== '*' && expression.operator !== '&' && isConstant(expression.operand)
      );
    case 'binary':
    case 'conditional':
      return partsOf(expression).every(isConstant);
    case 'cast':
      return (
        resolveType(lowering, expression.type, scope).kind === 'integer' &&
        isConstant(expression.operand)
      );
    case 'call':
      return calleeName(expression.callee, scope) === '__builtin_constant_p';
    default:
      return false;
  }
}

/** Whether this is a constant 0, or one that is cast to `void *` (C11 6.3.2.3p3); undefined of a constant that is not known. */
export function isNullPointerConstant(
  lowering: Lowering,
  written: CExpression,
  outer: Scope,
): boolean | undefined {
  const { expression, scope } = unfold(lowering, written, outer);
  if (expression.kind === 'cast') {
    const type = resolveType(lowering, expression.type, scope);
    if (type.kind === 'pointer') {
      const isPlain = type.to.kind === 'void' && type.to.qualifiers === undefined;
      return isPlain && isConstantZero(lowering, expression.operand, scope);
    }
  }
  return isConstantZero(lowering, expression, scope);
}

function isConstantZero(
  lowering: Lowering,
  expression: CExpression,
  scope: Scope,
): boolean | undefined {
  if (!isConstantExpression(lowering, expression, scope)) return false;
  const value = constantOf(lowering, expression, scope);
  return value === undefined ? undefined : BigInt(value) === 0n;
}

function isEnumerator({ symbols }: Lowering, name: string, scope: Scope): boolean {
  const binding = lookUp(scope, name);
  if (binding !== undefined) return binding.kind === 'enumerator';
  return symbols.enumerator(name, scope.frame.file) !== undefined;
}
