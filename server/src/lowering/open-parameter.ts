/** What a function is given in an open request, where nobody says it. */

import type {
  Declarator,
  Expression,
  FunctionDefinition,
  Statement,
  TypeName,
} from '../syntax/ast.ts';
import { everyExpression, everyStatement, expressionsOf } from '../syntax/walk.ts';
import type { Lowering, Scope } from './context.ts';
import { type CType, sameCType } from './ctype.ts';
import { openObject, openValue } from './open-world.ts';
import { parameterType } from './resolve-type.ts';
import type { Value } from './value.ts';

/** Any value of the parameter's type; a pointer leads to an object, or to none where the function asks whether it does.
 *  `scope` is that of the function's own names. */
export function openParameter(
  lowering: Lowering,
  definition: FunctionDefinition,
  { name, type: written }: FunctionDefinition['parameters'][number],
  scope: Scope,
  key: string,
): Value {
  const type = takenAs(lowering, definition, name, parameterType(lowering, written, scope), scope);
  return isAsked(definition, name)
    ? openValue(lowering, type, key)
    : openObject(lowering, type, key);
}

/** The type that a function takes a parameter of type `void *` for, where it is one: callbacks are given their object so. */
function takenAs(
  lowering: Lowering,
  definition: FunctionDefinition,
  name: string,
  type: CType,
  scope: Scope,
): CType {
  if (type.kind !== 'pointer' || type.to.kind !== 'void') return type;
  const taken = pointersMadeOf(definition, name).map((each) =>
    parameterType(lowering, each, scope),
  );
  const objects = taken.filter((each) => each.kind === 'pointer' && each.to.kind === 'struct');
  const [first] = objects;
  return first !== undefined && objects.every((each) => sameCType(each, first)) ? first : type;
}

/** The types to which the function converts the parameter: by a cast, or as it gives it to a variable of its own. */
function pointersMadeOf({ body }: FunctionDefinition, name: string): readonly TypeName[] {
  const statements = everyStatement(body);
  const casts = statements
    .flatMap(expressionsOf)
    .flatMap(everyExpression)
    .flatMap((each) => (each.kind === 'cast' && isVariable(each.operand, name) ? [each.type] : []));
  return [...copiesOf(statements, name).map(({ type }) => type), ...casts];
}

/** The variables of the function that are given the value of a variable. */
function copiesOf(statements: readonly Statement[], name: string): readonly Declarator[] {
  const assigned = statements
    .flatMap(expressionsOf)
    .flatMap(everyExpression)
    .flatMap((each) =>
      each.kind === 'assign' && each.operator === '=' && isVariable(each.value, name)
        ? [each.target]
        : [],
    );
  return statements
    .flatMap((each) => (each.kind === 'declaration' ? each.declarators : []))
    .filter(
      (variable) =>
        isVariable(variable.initial, name) ||
        assigned.some((target) => isVariable(target, variable.name)),
    );
}

function isVariable(expression: Expression | undefined, name: string): boolean {
  if (expression?.kind === 'cast') return isVariable(expression.operand, name);
  return expression?.kind === 'identifier' && expression.name === name;
}

/** Whether a branch of the function depends on whether a variable, or one that is given its value, is 0. */
function isAsked(definition: FunctionDefinition, name: string): boolean {
  const known = asked.get(definition) ?? new Map<string, boolean>();
  asked.set(definition, known);
  const answer = known.get(name) ?? isAskedIn(definition, name);
  known.set(name, answer);
  return answer;
}

const asked = new WeakMap<FunctionDefinition, Map<string, boolean>>();

function isAskedIn({ body }: FunctionDefinition, name: string): boolean {
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
  const names = [name, ...copiesOf(all, name).map((copy) => copy.name)];
  const asked = new Set([...decided, ...chosen].flatMap(truths));
  return names.some((each) => asked.has(each));
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
