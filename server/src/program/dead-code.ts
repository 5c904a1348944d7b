/** Removes what a thread computes for nothing: registers that nobody reads, branches that do nothing. */

import type { BinaryOperator, Expression, Statement } from './program.ts';
import { bodiesOf, expressionsOf, isPure, registersOf } from './walk.ts';

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

function sweep(statements: readonly Statement[], used: ReadonlySet<string>): readonly Statement[] {
  return reached(statements).flatMap((statement): readonly Statement[] => {
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

/** The statements up to the one that ends every execution. */
function reached(statements: readonly Statement[]): readonly Statement[] {
  const end = statements.findIndex(
    (statement) => statement.kind === 'stop' && statement.register === undefined,
  );
  return end < 0 ? statements : statements.slice(0, end + 1);
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

function countOf(statements: readonly Statement[]): number {
  return statements.reduce(
    (count, statement) =>
      count + 1 + bodiesOf(statement).reduce((inner, body) => inner + countOf(body), 0),
    0,
  );
}
