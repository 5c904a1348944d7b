/** The one walker over programs: the parts of statements and expressions, and changed copies of them. */

import type { Expression, Statement } from './program.ts';

/** The outermost expressions of a statement, those of the statements inside it aside. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'assign':
    case 'evaluate':
      return [statement.value];
    case 'declare':
      return statement.value === undefined ? [] : [statement.value];
    case 'store':
      return [statement.address, statement.value];
    case 'lock':
      return [statement.address];
    case 'srcu':
      return statement.index === undefined
        ? [statement.address]
        : [statement.address, statement.index];
    case 'if':
    case 'while':
      return [statement.condition];
    case 'fence':
    case 'rcu':
    case 'stop':
      return [];
  }
}

/** The statements inside a statement, branch by branch. */
export function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  if (statement.kind === 'if') return [statement.then, statement.otherwise];
  return statement.kind === 'while' ? [statement.body] : [];
}

/** All statements of a body, those inside others too, in the order of the text. */
export function everyStatement(body: readonly Statement[]): readonly Statement[] {
  const found: Statement[] = [];
  const visit = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      found.push(statement);
      bodiesOf(statement).forEach(visit);
    }
  };
  visit(body);
  return found;
}

/** How deep statements stand within others; 0 for a body without branches and loops. */
export function nestingOf(body: readonly Statement[]): number {
  let depth = -1;
  let level = [body];
  while (level.length > 0) {
    depth += 1;
    level = level.flatMap((statements) => statements.flatMap(bodiesOf));
  }
  return depth;
}

/** Whether the thread may end, or wait for ever, inside a statement. */
export function mayEnd(statement: Statement): boolean {
  return everyStatement([statement]).some(
    (inner) => inner.kind === 'stop' && (inner.why === 'end' || inner.why === 'wait'),
  );
}

/** The outermost expressions of all statements of a body. */
export function outermostExpressions(body: readonly Statement[]): readonly Expression[] {
  return everyStatement(body).flatMap(expressionsOf);
}

/** The direct operands of an expression. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'value':
    case 'register':
    case 'open':
      return [];
    case 'binary':
      return [expression.left, expression.right];
    case 'not':
    case 'convert':
      return [expression.operand];
    case 'member':
    case 'container':
      return [expression.base];
    case 'element':
      return [expression.base, expression.index];
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

/** An expression and all its parts, itself first. */
export function partsOf(expression: Expression): readonly Expression[] {
  const found: Expression[] = [];
  const visit = (part: Expression): void => {
    found.push(part);
    operandsOf(part).forEach(visit);
  };
  visit(expression);
  return found;
}

/** The registers an expression is computed from, one for each use. */
export function registersOf(expression: Expression): readonly string[] {
  const found: string[] = [];
  const visit = (part: Expression): void => {
    if (part.kind === 'register') found.push(part.name);
    else operandsOf(part).forEach(visit);
  };
  visit(expression);
  return found;
}

/** Whether an expression touches no memory. */
export function isPure(expression: Expression): boolean {
  return !('address' in expression) && operandsOf(expression).every(isPure);
}

/** The expression with `change` made to each of its direct operands. */
export function withOperands(
  expression: Expression,
  change: (operand: Expression) => Expression,
): Expression {
  switch (expression.kind) {
    case 'value':
    case 'register':
    case 'open':
      return expression;
    case 'binary':
      return { ...expression, left: change(expression.left), right: change(expression.right) };
    case 'not':
    case 'convert':
      return { ...expression, operand: change(expression.operand) };
    case 'member':
    case 'container':
      return { ...expression, base: change(expression.base) };
    case 'element':
      return { ...expression, base: change(expression.base), index: change(expression.index) };
    case 'load':
    case 'lock-query':
    case 'srcu-lock':
      return { ...expression, address: change(expression.address) };
    case 'rmw':
      return {
        ...expression,
        address: change(expression.address),
        operand: change(expression.operand),
      };
    case 'cmpxchg':
      return {
        ...expression,
        address: change(expression.address),
        expected: change(expression.expected),
        desired: change(expression.desired),
      };
    case 'add-unless':
      return {
        ...expression,
        address: change(expression.address),
        operand: change(expression.operand),
        unless: change(expression.unless),
      };
  }
}

/** The statement with `expression` made of each of its outermost expressions and `body` of each of its bodies. */
export function withParts(
  statement: Statement,
  expression: (expression: Expression) => Expression,
  body: (body: readonly Statement[]) => readonly Statement[],
): Statement {
  switch (statement.kind) {
    case 'assign':
    case 'evaluate':
      return { ...statement, value: expression(statement.value) };
    case 'declare':
      return statement.value === undefined
        ? statement
        : { ...statement, value: expression(statement.value) };
    case 'store':
      return {
        ...statement,
        address: expression(statement.address),
        value: expression(statement.value),
      };
    case 'lock':
      return { ...statement, address: expression(statement.address) };
    case 'srcu': {
      const address = expression(statement.address);
      return statement.index === undefined
        ? { ...statement, address }
        : { ...statement, address, index: expression(statement.index) };
    }
    case 'if':
      return {
        ...statement,
        condition: expression(statement.condition),
        // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
        then: body(statement.then),
        otherwise: body(statement.otherwise),
      };
    case 'while':
      return {
        ...statement,
        condition: expression(statement.condition),
        body: body(statement.body),
      };
    case 'fence':
    case 'rcu':
    case 'stop':
      return statement;
  }
}
