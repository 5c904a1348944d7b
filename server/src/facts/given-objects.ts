/**
 * Which objects a function gives to what it calls: variables of its own, and what its parameters lead to. A variable on the stack
 * is nobody else's, however deep the calls go that it is given to, unless one of them keeps its address.
 */

import { accessors, adders, designators } from '../kernel/accessors.ts';
import { starts } from '../kernel/deferral.ts';
import { primitive } from '../kernel/primitives.ts';
import type { Expression, FunctionDefinition, Statement } from '../syntax/ast.ts';
import { everyStatement, expressionsOf, partsOf } from '../syntax/walk.ts';
import type { GivenObject, GivenPart } from './file-facts.ts';
import { outerStructOf, structNameOf } from './locations.ts';
import type { Scope } from './scope.ts';

/** The objects that the calls of a function are given, and parts of others, by where the calls start; and the parameters of which it
 *  keeps the pointer. */
export interface GivenObjects {
  readonly calls: ReadonlyMap<number, readonly GivenObject[]>;
  readonly parts: ReadonlyMap<number, readonly GivenPart[]>;
  readonly keeps: readonly number[];
}

/** What `definition` gives on; what could not be followed in it may keep anything. */
export function givenObjects(definition: FunctionDefinition, scope: Scope): GivenObjects {
  const { body, parameters, errors } = definition;
  const walk: Walk = { scope, calls: new Map(), parts: new Map(), kept: new Set() };
  for (const statement of everyStatement(body))
    for (const expression of expressionsOf(statement))
      used(walk, expression, isCondition(statement));
  const isKept = (name: string) => errors.length > 0 || walk.kept.has(name);
  const calls = [...walk.calls].flatMap(([start, given]) => {
    const objects = given.flatMap(({ position, name }): readonly GivenObject[] => {
      const parameter = parameters.findIndex((each) => each.name === name);
      if (parameter >= 0) return [{ position, parameter }];
      return isKept(name) ? [] : [{ position, variable: name }];
    });
    return objects.length > 0 ? [[start, objects] as const] : [];
  });
  const keeps = parameters.flatMap(({ name }, position) => (isKept(name) ? position : []));
  return { calls: new Map(calls), parts: walk.parts, keeps };
}

interface Walk {
  readonly scope: Scope;
  readonly calls: Map<number, readonly { readonly position: number; readonly name: string }[]>;
  readonly parts: Map<number, readonly GivenPart[]>;
  /** The variables whose address, or the parameters whose value, stays somewhere. */
  readonly kept: Set<string>;
}

function isCondition({ kind }: Statement): boolean {
  return kind === 'if' || kind === 'while' || kind === 'do' || kind === 'for';
}

/** Notes what becomes of the objects in an expression; where it is only `tested`, its value stays nowhere. */
function used(walk: Walk, expression: Expression, tested = false): void {
  switch (expression.kind) {
    case 'identifier':
      if (!tested && walk.scope.parameters.has(expression.name)) walk.kept.add(expression.name);
      return;
    case 'field':
    case 'index':
      for (const part of partsOf(expression)) used(walk, part, true);
      return;
    case 'unary': {
      const { operator, operand } = expression;
      const part = operator === '&' ? partOf(operand) : undefined;
      if (part !== undefined) walk.kept.add(part);
      used(walk, operand, operator === '*' || operator === '!' || operator === '&');
      return;
    }
    case 'binary':
      for (const part of partsOf(expression)) used(walk, part, TESTS.test(expression.operator));
      return;
    case 'call':
      calls(walk, expression);
      return;
    default:
      for (const part of partsOf(expression)) used(walk, part);
  }
}

const TESTS = /^(?:==|!=|&&|\|\|)$/;

/** What a call is given as a whole goes on to what is called; an operation that is known may keep it. */
function calls(walk: Walk, { callee, arguments: given, span }: Call): void {
  const isKnown = callee.kind === 'identifier' && isOperation(callee.name);
  if (callee.kind !== 'identifier') used(walk, callee);
  const objects = given.flatMap((argument, position) => {
    const name = isKnown ? undefined : objectOf(argument, walk.scope);
    if (name === undefined) used(walk, argument);
    return name === undefined ? [] : [{ position, name }];
  });
  if (objects.length > 0) walk.calls.set(span.start, objects);
  const parts = isKnown
    ? []
    : given.flatMap((argument, position) => {
        const of = wholeOf(argument, walk.scope);
        return of === undefined ? [] : [{ position, of }];
      });
  if (parts.length > 0) walk.parts.set(span.start, parts);
}

type Call = Extract<Expression, { kind: 'call' }>;

function isOperation(name: string): boolean {
  return (
    primitive(name) !== undefined ||
    [accessors, adders, designators, starts].some((table) => table.has(name))
  );
}

/** The variable of the function whose address an argument is, or the parameter that it is. */
function objectOf(
  argument: Expression,
  { locals, statics, parameters }: Scope,
): string | undefined {
  if (argument.kind === 'identifier')
    return parameters.has(argument.name) ? argument.name : undefined;
  if (argument.kind !== 'unary' || argument.operator !== '&') return undefined;
  const { operand } = argument;
  if (operand.kind !== 'identifier' || statics.has(operand.name)) return undefined;
  const isOwn = locals.get(operand.name)?.pointers === 0 && !parameters.has(operand.name);
  return isOwn ? operand.name : undefined;
}

/** The struct of the object of which an argument is the address of a part: `&ring->slots[i]`, or a variable that holds that. */
function wholeOf(argument: Expression, scope: Scope): string | undefined {
  const place =
    argument.kind === 'unary' && argument.operator === '&'
      ? argument.operand
      : argument.kind === 'identifier'
        ? scope.aliases.get(argument.name)
        : undefined;
  if (place === undefined || place.kind === 'identifier') return undefined;
  return (
    outerStructOf(place, scope) ??
    (place.kind === 'field' ? structNameOf(place.base, scope) : undefined)
  );
}

/** The variable of whose object a place is a part, or all. */
function partOf(place: Expression): string | undefined {
  let inner = place;
  while (inner.kind === 'field' || inner.kind === 'index') inner = inner.base;
  return inner.kind === 'identifier' ? inner.name : undefined;
}
