/** Whether conditions of a scenario's own C are meant as they are written: `if (x = 1)` stores, and `if (x == 1);` decides nothing. */

import type { FunctionDefinition, Statement } from '../syntax/ast.ts';
import { everyStatement } from '../syntax/walk.ts';
import type { WrongName } from './check-c-names.ts';

/** The odd conditions of a function; parentheses of its own say that a store is meant. */
export function oddConditions({ body }: FunctionDefinition, text: string): readonly WrongName[] {
  return everyStatement(body).flatMap((statement) => [
    ...storing(statement, text),
    ...decidingNothing(statement),
  ]);
}

function storing(statement: Statement, text: string): readonly WrongName[] {
  const { kind } = statement;
  if (kind !== 'if' && kind !== 'while' && kind !== 'do') return [];
  const { condition } = statement;
  if (condition.kind !== 'assign' || condition.operator !== '=') return [];
  const isMeant = /\(\s*\(\s*$/.test(
    text.slice(Math.max(0, condition.span.start - 20), condition.span.start),
  );
  return isMeant ? [] : [{ message: 'this condition stores a value; "=="?', span: condition.span }];
}

function decidingNothing(statement: Statement): readonly WrongName[] {
  if (statement.kind !== 'if') return [];
  const { then, otherwise, span } = statement;
  return then.kind === 'empty' && otherwise === undefined
    ? [{ message: 'this "if" decides nothing: a ";" ends it', span }]
    : [];
}
