/** Whether a round of a loop assigns a variable before anything else is done with it. */

import type { Expression as CExpression, Statement as CStatement } from '../syntax/ast.ts';
import { partsOf } from '../syntax/walk.ts';

export type Loop = CStatement & { readonly kind: 'while' | 'do' | 'for' };

/** What is first done with a variable: `other` where that is not an assignment on every way. */
type FirstUse = 'none' | 'assigned' | 'other';

/** Whether every round of the loop assigns the variable `name` before it reads it, and before the loop can be
 *  left: nothing of an earlier round is then seen of it. */
export function isAssignedFirst({ kind, ...loop }: Loop, name: string): boolean {
  const tests = loop.condition === undefined ? [] : [loop.condition];
  const isEndless = tests.every((test) => test.kind === 'number');
  const inTest = inSequence(tests.map((test) => () => ofExpression(test, name)));
  const inBody = ofStatement(loop.body, name);
  if (kind === 'do') return inBody === 'assigned' || (inBody === 'none' && inTest === 'assigned');
  return inTest === 'assigned' || (isEndless && inTest === 'none' && inBody === 'assigned');
}

/** The first use in parts that are done one after the other. */
function inSequence(parts: readonly (() => FirstUse)[]): FirstUse {
  for (const part of parts) {
    const use = part();
    if (use !== 'none') return use;
  }
  return 'none';
}

/** The first use in parts of which some may be left out. */
function perhaps(parts: readonly (() => FirstUse)[]): FirstUse {
  return inSequence(parts) === 'none' ? 'none' : 'other';
}

function ofExpression(expression: CExpression, name: string): FirstUse {
  const use = (part: CExpression) => () => ofExpression(part, name);
  switch (expression.kind) {
    case 'identifier':
      return expression.name === name ? 'other' : 'none';
    case 'assign': {
      const { target, value, operator } = expression;
      const isIt = target.kind === 'identifier' && target.name === name;
      if (!isIt) return inSequence([use(value), use(target)]);
      const before = operator === '=' ? ofExpression(value, name) : 'other';
      return before === 'none' ? 'assigned' : before;
    }
    case 'binary': {
      const { operator, left, right } = expression;
      const isOptional = operator === '&&' || operator === '||';
      return inSequence([use(left), isOptional ? () => perhaps([use(right)]) : use(right)]);
    }
    case 'conditional': {
      const { condition, consequence, alternative } = expression;
      const ways = consequence === undefined ? [alternative] : [consequence, alternative];
      return inSequence([use(condition), () => perhaps(ways.map(use))]);
    }
    case 'statement-expression':
      return inSequence(expression.body.map((statement) => () => ofStatement(statement, name)));
    case 'unknown':
      return 'other';
    default:
      return inSequence(partsOf(expression).map(use));
  }
}

function ofStatement(statement: CStatement, name: string): FirstUse {
  const use = (part: CStatement) => () => ofStatement(part, name);
  const useOf = (part: CExpression) => () => ofExpression(part, name);
  switch (statement.kind) {
    case 'expression':
      return ofExpression(statement.expression, name);
    case 'declaration':
      return inSequence(
        statement.declarators.map(({ name: declared, initial }) => () => {
          const first = initial === undefined ? 'none' : ofExpression(initial, name);
          return declared === name ? 'other' : first;
        }),
      );
    case 'block':
      return inSequence(statement.body.map(use));
    case 'if': {
      const ways = [statement.then, ...(statement.otherwise ? [statement.otherwise] : [])];
      return inSequence([useOf(statement.condition), () => perhaps(ways.map(use))]);
    }
    case 'do':
      return inSequence([use(statement.body), useOf(statement.condition)]);
    case 'while':
      return inSequence([useOf(statement.condition), () => perhaps([use(statement.body)])]);
    case 'empty':
      return 'none';
    // A way out, or something that is not looked into.
    default:
      return 'other';
  }
}
