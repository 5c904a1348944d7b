/** Programs with some of their statements and accesses replaced. */

import type { Expression, Program, Statement } from './program.ts';
import { bodiesOf, withOperands, withParts } from './walk.ts';

export interface Rewrite {
  /** In place of a statement that is no `if` or `while`; undefined leaves it out. Its expressions have been
   *  rewritten. */
  readonly statement: (statement: Statement) => Statement | undefined;
  /** In place of an expression whose operands have been rewritten. */
  readonly expression: (expression: Expression) => Expression;
}

/** `program` with every statement and expression replaced as `rewrite` says. */
export function rewriteProgram(program: Program, rewrite: Rewrite): Program {
  const threads = program.threads.map((thread) => ({
    ...thread,
    body: rewriteAll(thread.body, rewrite),
  }));
  return { ...program, threads };
}

function rewriteAll(statements: readonly Statement[], rewrite: Rewrite): readonly Statement[] {
  return statements.flatMap((statement) => {
    const inner = withParts(
      statement,
      (expression) => rewriteExpression(expression, rewrite),
      (body) => rewriteAll(body, rewrite),
    );
    return bodiesOf(statement).length > 0 ? inner : (rewrite.statement(inner) ?? []);
  });
}

function rewriteExpression(expression: Expression, rewrite: Rewrite): Expression {
  return rewrite.expression(
    withOperands(expression, (operand) => rewriteExpression(operand, rewrite)),
  );
}
