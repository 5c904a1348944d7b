/** Whether C can do with values what a scenario asks of them: compute with numbers, go through pointers, store where there is room and
 *  no `const`, and take no value of what has none (C11 6.5). */

import { typeOf } from '../facts/scope.ts';
import type { Expression, Statement, TypeName } from '../syntax/ast.ts';
import { everyExpression } from '../syntax/walk.ts';
import type { Span } from '../text/span.ts';
import { type Shape, shapeOf, shapeOfType, shapeText, type TypedNames } from './type-shape.ts';
import { wrongAccess } from './wrong-access.ts';
import { signatureCalled, wrongPointedTo } from './wrong-function.ts';
import { misfit } from './wrong-value.ts';

/** What a compiler refuses, and what may be meant instead. */
export interface WrongUse {
  readonly message: string;
  readonly meant?: string;
  readonly span: Span;
}

/** What an expression takes its names for. */
export interface UsedNames extends TypedNames {
  /** Whether a name stands for a number or a function, so that nothing can be stored in it. */
  readonly fixed: (name: string) => 'constant' | 'function' | undefined;
  /** Whether a struct surely has more bytes than are read or written at once. */
  readonly isWide: (struct: string) => boolean;
  /** Whether a call of that name gives a value, and no place. */
  readonly isCalled: (name: string) => boolean;
}

/** The first thing that is wrong with what an expression does to its parts, which are right themselves. */
export function wrongUse(expression: Expression, names: UsedNames): WrongUse | undefined {
  return (
    wrongAccess(expression, names) ??
    first(valuesOf(expression), (part) => noValue(part, names)) ??
    wrongOperands(expression, names)
  );
}

/** The same of what a statement asks of its expressions; `returns` is what its function does, where that is known. */
export function wrongStatement(
  statement: Statement,
  returns: TypeName | undefined,
  names: UsedNames,
): WrongUse | undefined {
  const { kind, span } = statement;
  switch (kind) {
    case 'expression':
      return isIdle(statement.expression) ? idle(statement.expression) : undefined;
    case 'if':
    case 'while':
    case 'do':
      return wrongCondition(statement.condition, names);
    case 'for':
      return statement.condition && wrongCondition(statement.condition, names);
    case 'switch':
      return noValue(statement.value, names) ?? noNumber(statement.value, names);
    case 'return':
      return returns && wrongReturn(statement.value, returns, span, names);
    default:
      return undefined;
  }
}

function wrongReturn(
  value: Expression | undefined,
  returns: TypeName,
  span: Span,
  names: UsedNames,
): WrongUse | undefined {
  const shape = shapeOfType(returns, names.scope);
  if (shape === undefined) return undefined;
  if (value === undefined)
    return isVoid(shape)
      ? undefined
      : {
          message: `"return" without a value in a function that returns ${shapeText(shape)}`,
          span,
        };
  if (!isVoid(shape)) return noValue(value, names) ?? wrongGiven(value, shape, names);
  const given = shapeOf(value, names);
  return given === undefined || isVoid(given)
    ? undefined
    : { message: '"return" with a value in a function that returns nothing', span: value.span };
}

/** A value that does not fit the shape of what takes it. */
function wrongGiven(value: Expression, to: Shape, names: UsedNames): WrongUse | undefined {
  const message = misfit(value, to, names);
  return message === undefined ? undefined : { message, span: value.span };
}

/** A comparison or sum that nobody asks for. */
function isIdle(expression: Expression): boolean {
  const computes =
    expression.kind === 'binary' ||
    expression.kind === 'sizeof' ||
    (expression.kind === 'unary' && /^[-+!~]$/.test(expression.operator));
  return computes && everyExpression(expression).every(({ kind }) => !DOES.has(kind));
}

const DOES: ReadonlySet<Expression['kind']> = new Set([
  ...(['call', 'assign', 'update', 'statement-expression', 'generic', 'unknown'] as const),
]);

function idle(expression: Expression): WrongUse {
  const isComparison = expression.kind === 'binary' && expression.operator === '==';
  return {
    message: 'this statement does nothing',
    ...(isComparison && { meant: '"="' }),
    span: expression.span,
  };
}

function first<Of, Found>(
  items: readonly Of[],
  find: (item: Of) => Found | undefined,
): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The parts whose values are used. What a call is given may be more than values, where it is one of a macro. */
function valuesOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'binary':
      return [expression.left, expression.right];
    case 'unary':
      return expression.operator === '&' ? [] : [expression.operand];
    case 'assign':
      return [expression.value];
    case 'conditional':
      return [expression.condition];
    case 'index':
      return [expression.base, expression.index];
    case 'field':
      return [expression.base];
    case 'cast':
      return expression.type.base === 'void' && expression.type.pointers === 0
        ? []
        : [expression.operand];
    default:
      return [];
  }
}

/** What is wrong with an expression whose value is used, where it has none. */
export function noValue(expression: Expression, names: UsedNames): WrongUse | undefined {
  const shape = shapeOf(expression, names);
  if (shape === undefined || !isVoid(shape)) return undefined;
  const { span } = expression;
  return expression.kind === 'call' && expression.callee.kind === 'identifier'
    ? { message: `${expression.callee.name}() returns nothing`, span: expression.callee.span }
    : { message: 'a value of type void is used', span };
}

function isVoid({ depth, of }: Shape): boolean {
  return depth === 0 && of.kind === 'void';
}

/** What is asked for as true or false, and is a struct. */
function wrongCondition(condition: Expression, names: UsedNames): WrongUse | undefined {
  return noValue(condition, names) ?? noScalar(condition, names);
}

function noScalar(expression: Expression, names: UsedNames): WrongUse | undefined {
  const shape = shapeOf(expression, names);
  const isStruct = shape?.depth === 0 && shape.of.kind === 'struct';
  return isStruct
    ? { message: `a value of type ${shapeText(shape)} is no number`, span: expression.span }
    : undefined;
}

function noNumber(expression: Expression, names: UsedNames): WrongUse | undefined {
  const shape = shapeOf(expression, names);
  return shape !== undefined && shape.depth > 0
    ? { message: `a value of type ${shapeText(shape)} is no number`, span: expression.span }
    : noScalar(expression, names);
}

/** Operators whose operands may be pointers, too. */
const FOR_POINTERS = /^(?:[-+]|[<>]=?|[=!]=|&&|\|\|)$/;

function wrongOperands(expression: Expression, names: UsedNames): WrongUse | undefined {
  switch (expression.kind) {
    case 'binary': {
      const { operator, left, right, span } = expression;
      const pointers = [left, right].filter((part) => (shapeOf(part, names)?.depth ?? 0) > 0);
      if (operator === '+' && pointers.length === 2)
        return { message: 'a pointer is added to a pointer', span };
      const check = FOR_POINTERS.test(operator) ? noScalar : noNumber;
      return first([left, right], (part) => check(part, names));
    }
    case 'unary': {
      const { operator, operand, span } = expression;
      if (operator === '*') return undefined;
      if (operator !== '&') return (operator === '!' ? noScalar : noNumber)(operand, names);
      return isPlace(operand, names, true)
        ? undefined
        : { message: '"&" before what has no address', span };
    }
    case 'conditional':
      return noScalar(expression.condition, names);
    case 'update':
      return wrongTarget(expression.operand, names) ?? noScalar(expression.operand, names);
    case 'assign': {
      const { operator, target, value } = expression;
      const wrong = wrongTarget(target, names);
      if (wrong !== undefined) return wrong;
      if (operator !== '=') return first([target, value], (part) => noScalar(part, names));
      const to = shapeOf(target, names);
      if (to !== undefined) return wrongGiven(value, to, names);
      const message = wrongPointedTo(value, signatureCalled(target, names), names);
      return message === undefined ? undefined : { message, span: value.span };
    }
    default:
      return undefined;
  }
}

/** Where nothing can be stored: what is no place, is an array or `const`. */
export function wrongTarget(target: Expression, names: UsedNames): WrongUse | undefined {
  const { span } = target;
  if (!isPlace(target, names, false)) {
    const fixed = target.kind === 'identifier' ? names.fixed(target.name) : undefined;
    const message =
      target.kind === 'identifier' && fixed !== undefined
        ? `${target.name} is a ${fixed}, and is not assigned to`
        : 'nothing can be assigned to this';
    return { message, span };
  }
  const type = isSurely(target, names) ? typeOf(target, names.scope) : undefined;
  if (type !== undefined && type.arrays > 0 && !isParameter(target, names))
    return { message: 'an array is not assigned to as a whole', span };
  return isConst(target, names)
    ? { message: `${placeText(target)} is const, and is not assigned to`, span }
    : undefined;
}

/** Arrays that a function takes are pointers. */
function isParameter(target: Expression, { scope }: UsedNames): boolean {
  return target.kind === 'identifier' && scope.parameters.has(target.name);
}

function isSurely(place: Expression, names: UsedNames): boolean {
  return shapeOf(place, names) !== undefined;
}

function placeText(place: Expression): string {
  if (place.kind === 'identifier') return place.name;
  if (place.kind === 'field')
    return `${placeText(place.base)}${place.arrow ? '->' : '.'}${place.name}`;
  if (place.kind === 'index') return `${placeText(place.base)}[]`;
  return place.kind === 'unary' && place.operator === '*'
    ? `*${placeText(place.operand)}`
    : 'what this names';
}

/** Whether a place is `const`, by its own type or by that of what it is a part of. */
function isConst(place: Expression, names: UsedNames): boolean {
  if (!isSurely(place, names)) return false;
  const type = typeOf(place, names.scope);
  if (type === undefined) return false;
  const isOwn = place.kind === 'identifier' || place.kind === 'field';
  const [outermost] = type.derived ?? [];
  if (isOwn && outermost?.kind === 'pointer' && hasConst(outermost.qualifiers)) return true;
  if (type.pointers + type.arrays === 0 && hasConst(type.qualifiers)) return true;
  if (place.kind !== 'field') return false;
  if (!place.arrow) return isConst(place.base, names);
  const base = isSurely(place.base, names) ? typeOf(place.base, names.scope) : undefined;
  return base !== undefined && base.pointers + base.arrays === 1 && hasConst(base.qualifiers);
}

function hasConst(qualifiers: TypeName['qualifiers']): boolean {
  return qualifiers?.startsWith('const') === true;
}

/** Whether an expression may be a place; also a function has an address. */
export function isPlace(expression: Expression, names: UsedNames, isForAddress: boolean): boolean {
  switch (expression.kind) {
    case 'identifier': {
      const fixed = names.fixed(expression.name);
      return fixed === undefined || (isForAddress && fixed === 'function');
    }
    case 'number':
    case 'binary':
    case 'assign':
    case 'update':
    case 'conditional':
    case 'sizeof':
    case 'offsetof':
      return false;
    case 'unary':
      return expression.operator === '*';
    case 'cast':
      return expression.operand.kind === 'initializer';
    case 'call': {
      const { callee } = expression;
      return callee.kind !== 'identifier' || !names.isCalled(callee.name);
    }
    default:
      return true;
  }
}
