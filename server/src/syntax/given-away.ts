/** Which variables of a function others can come to, for it gives their addresses to what it calls. */

import type { Expression, Statement } from './ast.ts';
import { everyExpression, everyStatement, expressionsOf } from './walk.ts';

const known = new WeakMap<readonly Statement[], ReadonlySet<string>>();

/** The variables whose address, or that of a part, is an argument of a call in the body of a function. */
export function givenAway(body: readonly Statement[]): ReadonlySet<string> {
  const before = known.get(body);
  if (before !== undefined) return before;
  const found = new Set<string>();
  for (const expression of everyStatement(body).flatMap(expressionsOf).flatMap(everyExpression))
    if (expression.kind === 'call')
      for (const argument of expression.arguments) {
        const variable = addressed(argument);
        if (variable !== undefined) found.add(variable);
      }
  known.set(body, found);
  return found;
}

function addressed(argument: Expression): string | undefined {
  if (argument.kind === 'cast') return addressed(argument.operand);
  if (argument.kind !== 'unary' || argument.operator !== '&') return undefined;
  let place = argument.operand;
  while (place.kind === 'field' && !place.arrow) place = place.base;
  return place.kind === 'identifier' ? place.name : undefined;
}
