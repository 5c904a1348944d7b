/** Brings what was found for a program to where its statements stand now: a program with the same
 *  statements in the same order, lowered again after an edit elsewhere. */

import type { Expression, Origin, Program, Statement } from '../litmus/program.ts';
import { childExpressions, expressionsOf } from '../litmus/program-walk.ts';

/** From the origins of one program to those of another with the same text. */
export type Retrace = (origin: Origin) => Origin;

/** `from` and `to` must be the same but for spans. */
export function retrace(from: Program, to: Program): Retrace {
  if (from === to) return (origin) => origin;
  const now = originsIn(to);
  const places = new Map(originsIn(from).map((origin, at) => [origin, now[at]]));
  return (origin) => places.get(origin) ?? origin;
}

function originsIn({ threads }: Program): readonly (Origin | undefined)[] {
  return threads.flatMap(({ body }) => originsOfAll(body));
}

function originsOfAll(statements: readonly Statement[]): readonly (Origin | undefined)[] {
  return statements.flatMap((statement) => {
    switch (statement.kind) {
      case 'if':
        return [
          statement.origin,
          ...originsOfExpression(statement.condition),
          ...originsOfAll([...statement.then, ...statement.otherwise]),
        ];
      case 'while':
        return [
          statement.origin,
          ...originsOfExpression(statement.condition),
          ...originsOfAll(statement.body),
        ];
      default:
        return [statement.origin, ...expressionsOf([statement]).flatMap(originsOfExpression)];
    }
  });
}

function originsOfExpression(expression: Expression): readonly (Origin | undefined)[] {
  const own = 'origin' in expression ? [expression.origin] : [];
  return [...own, ...childExpressions(expression).flatMap(originsOfExpression)];
}
