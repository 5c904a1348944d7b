/** Finds names in the code of a litmus test that are neither parameters nor registers. */

import type { Expression, Program, Statement, Thread } from '../program/program.ts';
import { operandsOf, outermostExpressions } from '../program/walk.ts';
import type { Problem } from '../text/span.ts';

/** One problem for each use of a name that its thread does not declare, assign, or get passed. */
export function checkNames(program: Program): readonly Problem[] {
  return program.threads.flatMap((thread) => {
    const known = new Set(thread.parameters.map(({ name }) => name));
    for (const { target } of program.initial)
      if (target.kind === 'register' && target.thread === thread.index) known.add(target.name);
    declaredIn(thread.body, known);
    return undeclared(thread, known);
  });
}

function declaredIn(body: readonly Statement[], known: Set<string>): void {
  for (const statement of body)
    switch (statement.kind) {
      case 'declare':
      case 'assign':
        known.add(statement.register);
        break;
      case 'if':
        declaredIn(statement.then, known);
        declaredIn(statement.otherwise, known);
        break;
      case 'while':
        declaredIn(statement.body, known);
    }
}

function undeclared(thread: Thread, known: ReadonlySet<string>): readonly Problem[] {
  const problems: Problem[] = [];
  const visit = (expression: Expression): void => {
    if (expression.kind === 'register' && !known.has(expression.name))
      problems.push({
        message: `'${expression.name}' is neither a parameter nor a register of P${thread.index}`,
        span: expression.span,
      });
    operandsOf(expression).forEach(visit);
  };
  outermostExpressions(thread.body).forEach(visit);
  return problems;
}
