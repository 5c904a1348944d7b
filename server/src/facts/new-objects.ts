/** Which variables of a function lead to an object that it has made itself: nobody else knows it before it is stored somewhere. */

import { givenVariable, type Step } from '../syntax/control-flow.ts';
import { everyExpression } from '../syntax/walk.ts';

const ALLOCATION = /alloc|dup|create|new/;

/** The first step of each variable that gives it what an allocation returns. */
export function newObjects(steps: readonly Step[]): ReadonlyMap<string, number> {
  const made = new Map<string, number>();
  for (const step of steps) {
    const variable = allocatedBy(step);
    if (variable !== undefined && !made.has(variable)) made.set(variable, step.index);
  }
  return made;
}

function allocatedBy(step: Step): string | undefined {
  const { expression } = step;
  const given = expression?.kind === 'assign' ? expression.value : expression;
  const isMade =
    given !== undefined &&
    everyExpression(given).some(
      (part) =>
        part.kind === 'call' &&
        part.callee.kind === 'identifier' &&
        ALLOCATION.test(part.callee.name),
    );
  return isMade ? givenVariable(step) : undefined;
}
