/** Branches that only choose values, written as arithmetic: herd then has one control path fewer. */

import { OPPOSITE } from '../program/dead-code.ts';
import { accessesOf } from '../program/plain-access.ts';
import type { Expression, Statement } from '../program/program.ts';
import { textOf } from '../program/text-of.ts';
import { registersOf } from '../program/walk.ts';

/**
 * `if (c) r = 1; else r = 2;` becomes `r = (c) * 1 + (!c) * 2`. There is no access in such a branch; the
 * dependency on `c` that `r` carries instead of a control dependency is of no account, as `r` goes into
 * no address, stored value or condition over writes (it is none of `ordering`).
 */
export function branchesAsValues(
  body: readonly Statement[],
  ordering: ReadonlySet<string>,
): readonly Statement[] {
  return withValues(body, ordering, new Set());
}

function withValues(
  body: readonly Statement[],
  ordering: ReadonlySet<string>,
  assigned: Set<string>,
): readonly Statement[] {
  return body.flatMap((statement): readonly Statement[] => {
    const before = new Set(assigned);
    if (statement.kind === 'assign') assigned.add(statement.register);
    if (statement.kind === 'while')
      return [{ ...statement, body: withValues(statement.body, ordering, assigned) }];
    if (statement.kind !== 'if') return [statement];
    const then = withValues(statement.then, ordering, assigned);
    const otherwise = withValues(statement.otherwise, ordering, assigned);
    const branch: Branch = { ...statement, then, otherwise };
    return chosenValues(branch, ordering, before) ?? [branch];
  });
}

type Branch = Statement & { readonly kind: 'if' };

function chosenValues(
  { condition, then, otherwise, ...traced }: Branch,
  ordering: ReadonlySet<string>,
  assigned: ReadonlySet<string>,
): readonly Statement[] | undefined {
  const yes = assignments(then);
  const no = assignments(otherwise);
  if (yes === undefined || no === undefined) return undefined;
  const registers = [...new Set([...yes.keys(), ...no.keys()])];
  const tested = new Set(registersOf(condition));
  if (registers.some((register) => ordering.has(register) || tested.has(register)))
    return undefined;
  const { span } = traced;
  return registers.map((register) => {
    const unchanged: Expression = assigned.has(register)
      ? { kind: 'register', name: register, span }
      : number(0, span);
    const [left, right] = [yes.get(register) ?? unchanged, no.get(register) ?? unchanged];
    return { ...traced, kind: 'assign', register, value: choice(condition, left, right) };
  });
}

/** The values that statements assign; undefined where they do something else, or use what they assign. */
function assignments(body: readonly Statement[]): ReadonlyMap<string, Expression> | undefined {
  const values = new Map<string, Expression>();
  for (const statement of body) {
    if (statement.kind !== 'assign' || accessesOf(statement).length > 0) return undefined;
    if (values.has(statement.register)) return undefined;
    if (registersOf(statement.value).some((register) => values.has(register))) return undefined;
    values.set(statement.register, statement.value);
  }
  return values;
}

/** `condition ? left : right`. */
function choice(condition: Expression, left: Expression, right: Expression): Expression {
  const { span } = condition;
  if (textOf(left) === textOf(right)) return left;
  const yes = times(asTruth(condition), left);
  const no = times(negated(asTruth(condition)), right);
  if (yes === undefined) return no ?? number(0, span);
  return no === undefined ? yes : { kind: 'binary', operator: '+', left: yes, right: no, span };
}

function times(truth: Expression, value: Expression): Expression | undefined {
  if (isNumber(value, 0)) return undefined;
  if (isNumber(value, 1)) return truth;
  return { kind: 'binary', operator: '*', left: truth, right: value, span: value.span };
}

function isNumber(expression: Expression, value: number): boolean {
  return (
    expression.kind === 'value' &&
    expression.value.kind === 'integer' &&
    expression.value.value === value
  );
}

function number(value: number, span: Expression['span']): Expression {
  return { kind: 'value', value: { kind: 'integer', value }, span };
}

/** The condition as 0 or 1. */
export function asTruth(condition: Expression): Expression & { readonly kind: 'binary' } {
  if (condition.kind === 'binary' && OPPOSITE.has(condition.operator)) return condition;
  const { span } = condition;
  const right = number(0, span);
  return condition.kind === 'not'
    ? { kind: 'binary', operator: '==', left: condition.operand, right, span }
    : { kind: 'binary', operator: '!=', left: condition, right, span };
}

/** What is 1 where a truth is 0. */
export function negated(truth: Expression & { readonly kind: 'binary' }): Expression {
  return { ...truth, operator: OPPOSITE.get(truth.operator)! };
}
