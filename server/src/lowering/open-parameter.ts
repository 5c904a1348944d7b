/** What a function is given in an open request, where nobody says it. */

import type { Expression, FunctionDefinition } from '../syntax/ast.ts';
import { everyExpression, everyStatement, expressionsOf } from '../syntax/walk.ts';
import type { Lowering } from './context.ts';
import type { CType } from './ctype.ts';
import { openObject, openValue } from './open-world.ts';
import type { Value } from './value.ts';

/** Any value of the type; a pointer leads to an object, or to none where the function asks whether it does. */
export function openParameter(
  lowering: Lowering,
  definition: FunctionDefinition,
  name: string,
  type: CType,
  key: string,
): Value {
  return isAsked(definition, name)
    ? openValue(lowering, type, key)
    : openObject(lowering, type, key);
}

/** Whether a branch of the function depends on whether a variable is 0. */
function isAsked({ body }: FunctionDefinition, name: string): boolean {
  const all = everyStatement(body);
  const decided = all.flatMap((statement) => {
    switch (statement.kind) {
      case 'if':
      case 'while':
      case 'do':
        return [statement.condition];
      case 'for':
        return statement.condition === undefined ? [] : [statement.condition];
      default:
        return [];
    }
  });
  const chosen = all
    .flatMap(expressionsOf)
    .flatMap(everyExpression)
    .flatMap((part) => (part.kind === 'conditional' ? part.condition : []));
  return [...decided, ...chosen].flatMap(truths).includes(name);
}

/** The variables whose truth a condition asks for, directly. */
function truths(condition: Expression): readonly string[] {
  switch (condition.kind) {
    case 'identifier':
      return [condition.name];
    case 'unary':
      return condition.operator === '!' ? truths(condition.operand) : [];
    case 'cast':
      return truths(condition.operand);
    case 'binary':
      return ASKING.has(condition.operator)
        ? [condition.left, condition.right].flatMap(truths)
        : [];
    case 'call':
      return condition.callee.kind === 'identifier' && HINTS.has(condition.callee.name)
        ? condition.arguments.flatMap(truths)
        : [];
    default:
      return [];
  }
}

const ASKING = new Set(['&&', '||', '==', '!=']);

/** What hands a condition on (include/linux/compiler.h, include/asm-generic/bug.h). */
const HINTS = new Set(['likely', 'unlikely', 'WARN_ON', 'WARN_ON_ONCE']);
