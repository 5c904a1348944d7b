/** Walking C's trees: what stands directly in a statement or an expression, and everything below. */

import type { Expression, Statement } from './ast.ts';

/** The expressions directly inside one, in text order. Statement expressions have none: they have statements. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'call':
      return [expression.callee, ...expression.arguments];
    case 'field':
      return [expression.base];
    case 'index':
      return [expression.base, expression.index];
    case 'unary':
    case 'update':
    case 'cast':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'assign':
      return [expression.target, expression.value];
    case 'conditional': {
      const { condition, consequence, alternative } = expression;
      return consequence === undefined
        ? [condition, alternative]
        : [condition, consequence, alternative];
    }
    case 'comma':
      return expression.parts;
    case 'generic':
      return [expression.control, ...expression.associations.map(({ value }) => value)];
    case 'initializer':
      return expression.items.map(({ value }) => value);
    case 'evaluated':
    case 'identifier':
    case 'number':
    case 'string':
    case 'sizeof':
    case 'offsetof':
    case 'statement-expression':
    case 'type':
    case 'unknown':
      return [];
  }
}

/** The statements directly inside one, in text order. */
export function innerStatements(statement: Statement): readonly Statement[] {
  switch (statement.kind) {
    case 'block':
      return statement.body;
    case 'if':
      return statement.otherwise === undefined
        ? [statement.then]
        : [statement.then, statement.otherwise];
    case 'for':
      return statement.initial === undefined
        ? [statement.body]
        : [statement.initial, statement.body];
    case 'while':
    case 'do':
    case 'macro-loop':
      return [statement.body];
    case 'switch':
      return statement.cases.flatMap(({ body }) => body);
    case 'label':
      return statement.statement === undefined ? [] : [statement.statement];
    case 'preprocessor-if':
      return statement.branches.flatMap(({ body }) => body);
    case 'expression':
    case 'declaration':
    case 'return':
    case 'goto':
    case 'break':
    case 'continue':
    case 'asm':
    case 'empty':
    case 'unknown':
      return [];
  }
}

/** The expressions directly inside a statement: conditions, values, first values of variables. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'expression':
      return [statement.expression];
    case 'declaration':
      return statement.declarators.flatMap(({ initial }) => initial ?? []);
    case 'if':
    case 'while':
    case 'do':
      return [statement.condition];
    case 'for':
      return [statement.condition, statement.update].flatMap((part) => part ?? []);
    case 'macro-loop':
      return statement.arguments;
    case 'switch':
      return [
        statement.value,
        ...[...statement.cases, ...(statement.inner ?? [])].flatMap(({ value, to }) =>
          [value, to].flatMap((part) => part ?? []),
        ),
      ];
    case 'return':
      return statement.value === undefined ? [] : [statement.value];
    case 'block':
    case 'goto':
    case 'label':
    case 'break':
    case 'continue':
    case 'asm':
    case 'empty':
    case 'preprocessor-if':
    case 'unknown':
      return [];
  }
}

/** Every statement of a body, nested ones and those of statement expressions included, outer before inner. */
export function everyStatement(body: readonly Statement[]): readonly Statement[] {
  const found: Statement[] = [];
  const visit = (statement: Statement): void => {
    found.push(statement);
    for (const expression of expressionsOf(statement).flatMap(everyExpression))
      if (expression.kind === 'statement-expression') expression.body.forEach(visit);
    innerStatements(statement).forEach(visit);
  };
  body.forEach(visit);
  return found;
}

/** An expression and every expression inside it, but those of the statements in it. */
export function everyExpression(expression: Expression): readonly Expression[] {
  const found: Expression[] = [];
  const visit = (part: Expression): void => {
    found.push(part);
    partsOf(part).forEach(visit);
  };
  visit(expression);
  return found;
}
