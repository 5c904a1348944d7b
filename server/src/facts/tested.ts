/** Which steps of a function read what decides something: a branch, a wait, the function's own value. */

import { primitive } from '../kernel/primitives.ts';
import type { Expression } from '../syntax/ast.ts';
import { givenVariable, type Step } from '../syntax/control-flow.ts';
import { everyExpression, partsOf } from '../syntax/walk.ts';
import type { AccessEvent } from './events.ts';
import type { Scope } from './scope.ts';

/** The steps that are branches, waits or returned, and those that give a variable, or a member that the function reads again, the
 *  value that such a step uses, or what that is computed from. */
export function testedSteps(steps: readonly Step[]): ReadonlySet<number> {
  const deciding = steps.filter(decides);
  const used = new Set(
    deciding.flatMap(({ expression }) =>
      expression === undefined ? [] : [...namesIn(expression), ...placesIn(expression)],
    ),
  );
  const tested = new Set(deciding.map(({ index }) => index));
  const giving = steps.flatMap((step) => {
    const place = givenPlace(step);
    return place === undefined ? [] : [{ step, place }];
  });
  const more = () => giving.filter(({ step, place }) => used.has(place) && !tested.has(step.index));
  for (let found = more(); found.length > 0; found = more())
    for (const { step } of found) {
      tested.add(step.index);
      for (const place of placesIn(givenValue(step))) used.add(place);
    }
  return tested;
}

/** The variable, or the member by its text (`q->head`), that a step gives a value. */
function givenPlace(step: Step): string | undefined {
  const { expression } = step;
  return (
    givenVariable(step) ?? (expression?.kind === 'assign' ? placeOf(expression.target) : undefined)
  );
}

function givenValue({ expression }: Step): Expression | undefined {
  return expression?.kind === 'assign' ? expression.value : expression;
}

/** What names a place without a computation: a variable, or a member of one. */
function placeOf(expression: Expression): string | undefined {
  if (expression.kind === 'identifier') return expression.name;
  if (expression.kind !== 'field') return undefined;
  const base = placeOf(expression.base);
  return base && `${base}${expression.arrow ? '->' : '.'}${expression.name}`;
}

/** The places whose values make that of an expression; not those that only say where it is read. */
function placesIn(expression: Expression | undefined): readonly string[] {
  switch (expression?.kind) {
    case undefined:
    case 'index':
      return [];
    case 'unary':
      return expression.operator === '&' || expression.operator === '*'
        ? []
        : placesIn(expression.operand);
    case 'assign':
      return placesIn(expression.value);
    case 'evaluated':
    case 'statement-expression':
      return placesIn(lastValue(expression));
    case 'identifier':
    case 'field': {
      const place = placeOf(expression);
      return place === undefined ? [] : [place];
    }
    default:
      return partsOf(expression!).flatMap(placesIn);
  }
}

function decides({ kind, statement, expression }: Step): boolean {
  if (kind === 'branch') return !isAsserted(expression);
  return statement?.kind === 'return' || isWait(expression);
}

/** `WARN_ON(condition)` and its like (include/asm-generic/bug.h): what is asserted is known by then, and decides nothing. */
const ASSERTION = /(?:WARN|BUG)_ON(?:_|$)/;

function isAsserted(condition: Expression | undefined): boolean {
  return (
    condition?.kind === 'call' &&
    condition.callee.kind === 'identifier' &&
    (ASSERTION.test(condition.callee.name) ||
      (HINT.has(condition.callee.name) && isAsserted(condition.arguments[0])))
  );
}

const HINT: ReadonlySet<string> = new Set(['likely', 'unlikely']);

/** `wait_event(queue, condition)` and its like. */
function isWait(expression: Expression | undefined): boolean {
  return (
    expression?.kind === 'call' &&
    expression.callee.kind === 'identifier' &&
    primitive(expression.callee.name)?.category === 'sleep'
  );
}

/** Whether a step gives the pointer that it reads to a function: what that makes of it may decide, the pointer does not. */
export function isPointerGivenOn(
  { field: { struct, name }, span: { start, end } }: AccessEvent,
  { expression }: Step,
  { types }: Scope,
): boolean {
  if (expression === undefined || struct === undefined) return false;
  const type = types.field(struct, name);
  if (type === undefined || type.pointers === 0 || type.arrays > 0) return false;
  return everyExpression(expression).some(
    (part) =>
      part.kind === 'call' &&
      part.callee.kind === 'identifier' &&
      isFunction(part.callee.name) &&
      part.arguments.some(({ span }) => span.start === start && span.end === end),
  );
}

/** No macro by its name, nor an operation that only reads. */
function isFunction(name: string): boolean {
  return name === name.toLowerCase() && !HINT.has(name) && primitive(name) === undefined;
}

function namesIn(expression: Expression): readonly string[] {
  return everyExpression(expression).flatMap((part) => {
    const value = lastValue(part);
    if (value !== undefined) return namesIn(value);
    return part.kind === 'identifier' ? [part.name] : [];
  });
}

/** The value of a statement expression whose statements earlier steps are: of `({ int v = p->v; v; })` the last `v`. */
function lastValue(part: Expression): Expression | undefined {
  if (part.kind === 'evaluated') return lastValue(part.expression);
  if (part.kind !== 'statement-expression') return undefined;
  const last = part.body.at(-1);
  return last?.kind === 'expression' ? last.expression : undefined;
}
