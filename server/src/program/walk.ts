/** Visits the expressions of a program. */

import type { Expression, Statement } from './program.ts';

/** The outermost expressions of statements, those inside `if` and `while` included. */
export function expressionsOf(statements: readonly Statement[]): readonly Expression[] {
  return statements.flatMap((statement) => {
    switch (statement.kind) {
      case 'declare':
        return statement.value === undefined ? [] : [statement.value];
      case 'assign':
      case 'evaluate':
        return [statement.value];
      case 'store':
        return [statement.address, statement.value];
      case 'lock':
        return [statement.address];
      case 'srcu':
        return statement.index === undefined
          ? [statement.address]
          : [statement.address, statement.index];
      case 'if':
        return [
          statement.condition,
          ...expressionsOf(statement.then),
          ...expressionsOf(statement.otherwise),
        ];
      case 'while':
        return [statement.condition, ...expressionsOf(statement.body)];
      case 'fence':
      case 'rcu':
      case 'stop':
        return [];
    }
  });
}

/** The direct operands of an expression. */
export function childExpressions(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'value':
    case 'register':
      return [];
    case 'binary':
      return [expression.left, expression.right];
    case 'not':
      return [expression.operand];
    case 'member':
    case 'container':
      return [expression.base];
    case 'load':
    case 'lock-query':
    case 'srcu-lock':
      return [expression.address];
    case 'rmw':
      return [expression.address, expression.operand];
    case 'cmpxchg':
      return [expression.address, expression.expected, expression.desired];
    case 'add-unless':
      return [expression.address, expression.operand, expression.unless];
  }
}
