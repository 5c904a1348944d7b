/** Resolves what a name means at a point of the program. */

import type { Expression as CExpression } from '../syntax/ast.ts';
import { type Lowering, lookUp, type Scope } from './context.ts';
import { selected } from './selected.ts';

/** An expression together with the scope its names belong to. */
export interface Located {
  readonly expression: CExpression;
  readonly scope: Scope;
}

/** The expression itself, but for what types select, and for `current`: that is the thread's task. */
export function unfold(lowering: Lowering, written: CExpression, scope: Scope): Located {
  const { current } = lowering;
  let expression = written;
  for (
    let meant = selected(lowering, expression, scope);
    meant !== undefined;
    meant = selected(lowering, expression, scope)
  )
    expression = meant;
  const isCurrent = expression.kind === 'identifier' && expression.name === 'current';
  return isCurrent && current !== undefined && lookUp(scope, 'current') === undefined
    ? currentTask(current, expression, scope)
    : { expression, scope };
}

/** `&task`, seen from where no local can hide the task. */
function currentTask(task: string, { span }: CExpression, { frame, via }: Scope): Located {
  const operand = { kind: 'identifier', name: task, span } as const;
  return {
    expression: { kind: 'unary', operator: '&', operand, span },
    scope: { frame, names: new Map(), ...(via && { via }) },
  };
}

/** The name a call is made by; none where it is made through a local pointer. */
export function calleeName(callee: CExpression, scope: Scope): string | undefined {
  const isName = callee.kind === 'identifier' && lookUp(scope, callee.name) === undefined;
  return isName ? callee.name : undefined;
}

/** The names of members that an expression in the place of a member stands for, outermost first. */
export function memberNames(expression: CExpression): readonly string[] | undefined {
  if (expression.kind === 'identifier') return [expression.name];
  if (expression.kind !== 'field') return undefined;
  const base = memberNames(expression.base);
  return base && [...base, expression.name];
}
