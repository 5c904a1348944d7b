/** Which steps of a function read what decides something: a branch, a wait, the function's own value. */

import { primitive } from '../kernel/primitives.ts';
import type { Expression } from '../syntax/ast.ts';
import { givenVariable, type Step } from '../syntax/control-flow.ts';
import { everyExpression } from '../syntax/walk.ts';
import type { AccessEvent } from './events.ts';
import type { Scope } from './scope.ts';

/** The steps that are branches, waits or returned, and those that give a variable its value that such a step uses. */
export function testedSteps(steps: readonly Step[]): ReadonlySet<number> {
  const deciding = steps.filter(decides);
  const variables = new Set(
    deciding.flatMap(({ expression }) => (expression === undefined ? [] : namesIn(expression))),
  );
  const giving = steps.filter((step) => {
    const variable = givenVariable(step);
    return variable !== undefined && variables.has(variable);
  });
  return new Set([...deciding, ...giving].map(({ index }) => index));
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
  return everyExpression(expression).flatMap((part) =>
    part.kind === 'identifier' ? [part.name] : [],
  );
}
