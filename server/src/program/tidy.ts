/** Removes what a thread computes for nothing: registers that nobody reads, branches that do nothing. */

import type { BinaryOperator, Expression, Statement } from './program.ts';
import { registersOf } from '../lowering/value.ts';

/** The statements without assignments of pure values to registers that are not read (those of `kept`
 *  are), and without empty branches. Every access of memory stays, its value being used or not. */
export function withoutDeadCode(
  statements: readonly Statement[],
  kept: ReadonlySet<string>,
): readonly Statement[] {
  let current = statements;
  for (;;) {
    const used = new Set(kept);
    collectUsed(current, used);
    const next = sweep(current, used);
    if (countOf(next) === countOf(current)) return next;
    current = next;
  }
}

function collectUsed(statements: readonly Statement[], used: Set<string>): void {
  for (const statement of statements) {
    for (const expression of expressionsOf(statement))
      for (const register of registersOf(expression)) used.add(register);
    for (const body of bodiesOf(statement)) collectUsed(body, used);
  }
}

/** The expressions of a statement, those inside its bodies aside. */
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

function sweep(statements: readonly Statement[], used: ReadonlySet<string>): readonly Statement[] {
  return statements.flatMap((statement): readonly Statement[] => {
    if (statement.kind === 'assign')
      return isPure(statement.value) && !used.has(statement.register) ? [] : [statement];
    if (statement.kind !== 'if') return [statement];
    const then = sweep(statement.then, used);
    const otherwise = sweep(statement.otherwise, used);
    if (then.length > 0) return [{ ...statement, then, otherwise }];
    if (otherwise.length === 0) return [];
    const condition = negated(statement.condition);
    // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
    return [{ ...statement, condition, then: otherwise, otherwise: [] }];
  });
}

/** The comparison that holds where another does not. */
export const OPPOSITE: ReadonlyMap<BinaryOperator, BinaryOperator> = new Map([
  ['==', '!='],
  ['!=', '=='],
  ['<', '>='],
  ['>=', '<'],
  ['>', '<='],
  ['<=', '>'],
]);

function negated(condition: Expression): Expression {
  if (condition.kind === 'not') return condition.operand;
  const operator = condition.kind === 'binary' ? OPPOSITE.get(condition.operator) : undefined;
  return operator !== undefined && condition.kind === 'binary'
    ? { ...condition, operator }
    : { kind: 'not', operand: condition, span: condition.span };
}

function isPure(expression: Expression): boolean {
  switch (expression.kind) {
    case 'value':
    case 'register':
      return true;
    case 'not':
      return isPure(expression.operand);
    case 'binary':
      return isPure(expression.left) && isPure(expression.right);
    case 'member':
    case 'container':
      return isPure(expression.base);
    default:
      return false;
  }
}

function countOf(statements: readonly Statement[]): number {
  return statements.reduce(
    (count, statement) =>
      count + 1 + bodiesOf(statement).reduce((inner, body) => inner + countOf(body), 0),
    0,
  );
}
