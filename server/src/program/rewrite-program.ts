/** Programs with some of their statements and accesses replaced. */

import type { Expression, Program, Statement } from './program.ts';

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
  return statements.flatMap((statement) => rewriteStatement(statement, rewrite) ?? []);
}

function rewriteStatement(statement: Statement, rewrite: Rewrite): Statement | undefined {
  const inner = (expression: Expression) => rewriteExpression(expression, rewrite);
  switch (statement.kind) {
    case 'if':
      return {
        ...statement,
        condition: inner(statement.condition),
        // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
        then: rewriteAll(statement.then, rewrite),
        otherwise: rewriteAll(statement.otherwise, rewrite),
      };
    case 'while':
      return {
        ...statement,
        condition: inner(statement.condition),
        body: rewriteAll(statement.body, rewrite),
      };
    case 'assign':
    case 'evaluate':
      return rewrite.statement({ ...statement, value: inner(statement.value) });
    case 'declare':
      return rewrite.statement(
        statement.value ? { ...statement, value: inner(statement.value) } : statement,
      );
    case 'store':
      return rewrite.statement({
        ...statement,
        address: inner(statement.address),
        value: inner(statement.value),
      });
    case 'fence':
    case 'lock':
    case 'rcu':
    case 'srcu':
    case 'stop':
      return rewrite.statement(statement);
  }
}

function rewriteExpression(expression: Expression, rewrite: Rewrite): Expression {
  const inner = (operand: Expression) => rewriteExpression(operand, rewrite);
  switch (expression.kind) {
    case 'binary':
      return rewrite.expression({
        ...expression,
        left: inner(expression.left),
        right: inner(expression.right),
      });
    case 'not':
      return rewrite.expression({ ...expression, operand: inner(expression.operand) });
    case 'member':
    case 'container':
      return rewrite.expression({ ...expression, base: inner(expression.base) });
    case 'load':
      return rewrite.expression({ ...expression, address: inner(expression.address) });
    default:
      return rewrite.expression(expression);
  }
}
