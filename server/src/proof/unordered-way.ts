/**
 * Whether a call may come back without having ordered anything. Of the ways through a function that makes no access that
 * is asked about, that one stands for all: an execution in which another one is gone has the same accesses and more order.
 */

import { namesIn } from '../lowering/accesses-behind.ts';
import type { Expression, FunctionDefinition, Statement } from '../syntax/ast.ts';
import { expressionsOf } from '../syntax/walk.ts';

/** Where control may be behind statements without that anything was ordered. */
interface Ends {
  /** At their end. */
  readonly on: boolean;
  /** Out of the function. */
  readonly out: boolean;
  /** Out of the loop or the `switch` around them, or in its next round. */
  readonly broken: boolean;
}

const NOWHERE: Ends = { on: false, out: false, broken: false };
const ON: Ends = { ...NOWHERE, on: true };
const OUT: Ends = { ...NOWHERE, out: true };
const BROKEN: Ends = { ...NOWHERE, broken: true };

/** Whether a function has a way from its start to its end on which nothing has a name that `orders`. A condition may come out
 *  either way; a jump back is not followed. */
export function hasUnorderedWay(
  { body }: FunctionDefinition,
  orders: (name: string) => boolean,
): boolean {
  const passes = (expression: Expression) => !namesIn(expression).some(orders);
  const labels = new Map(
    body.flatMap((statement, at) =>
      statement.kind === 'label' ? [[statement.label, at] as const] : [],
    ),
  );
  const all = (statements: readonly Statement[]): Ends => {
    let ends = ON;
    for (const statement of statements) {
      if (!ends.on) return ends;
      ends = either({ ...ends, on: false }, one(statement));
    }
    return ends;
  };
  const loop = (inner: Statement, isEntered: boolean): Ends => {
    const { on, out, broken } = one(inner);
    return { on: on || broken || !isEntered, out, broken: false };
  };
  const one = (statement: Statement): Ends => {
    if (!expressionsOf(statement).every(passes)) return NOWHERE;
    switch (statement.kind) {
      case 'block':
        return all(statement.body);
      case 'if':
        return either(one(statement.then), optional(statement.otherwise));
      case 'while':
        return loop(statement.body, false);
      case 'do':
        return loop(statement.body, true);
      case 'for': {
        const start = optional(statement.initial);
        return start.on ? loop(statement.body, statement.condition === undefined) : start;
      }
      case 'macro-loop':
        return orders(statement.macro) ? NOWHERE : loop(statement.body, false);
      case 'switch': {
        const ways = statement.cases.map(({ body: inner }) => all(inner)).reduce(either, ON);
        return { ...ways, on: true, broken: false };
      }
      case 'label':
        return optional(statement.statement);
      case 'goto': {
        const at = labels.get(statement.label);
        const target = at === undefined ? undefined : body[at];
        if (at === undefined || target!.span.start < statement.span.start) return NOWHERE;
        const { on, out } = all(body.slice(at));
        return on || out ? OUT : NOWHERE;
      }
      case 'return':
        return OUT;
      case 'break':
      case 'continue':
        return BROKEN;
      case 'preprocessor-if':
        return statement.branches.some((branch) => !all(branch.body).on) ? NOWHERE : ON;
      case 'asm':
      case 'unknown':
        return NOWHERE;
      case 'expression':
      case 'declaration':
      case 'empty':
        return ON;
    }
  };
  const optional = (statement: Statement | undefined): Ends =>
    statement === undefined ? ON : one(statement);
  const { on, out } = all(body);
  return on || out;
}

function either(left: Ends, right: Ends): Ends {
  return {
    on: left.on || right.on,
    out: left.out || right.out,
    broken: left.broken || right.broken,
  };
}
