/**
 * Expressions of a program over numbers instead of addresses, as herd's C computes: in `int`, with `+ - * /`,
 * `& | ^` and comparisons.
 *
 * Where the values of the registers are known, what is written is held against what is meant, for each of
 * them; what cannot be written as it stands is written as a choice among its values. Where they are too
 * many, types and ranges have to show that nothing is lost.
 */

import { assignmentsOf, evaluateWith, type RegisterCandidates } from '../program/candidates.ts';
import { INT, type Integer, type IntegerType } from '../program/integer.ts';
import type { BinaryOperator, Expression, Value } from '../program/program.ts';
import { textOf } from '../program/text-of.ts';
import { operandsOf, registersOf } from '../program/walk.ts';
import type { Problem, Span } from '../text/span.ts';
import type { AddressNumbers } from './address-numbers.ts';
import { exactRange, type Range } from './value-ranges.ts';

/** What the expressions of a thread are flattened with. */
export interface FlatValues {
  readonly numbers: AddressNumbers;
  /** The range of an expression of the thread. */
  readonly rangeOf: (expression: Expression) => Range | undefined;
  readonly problems: Problem[];
}

/** The expression over numbers, its registers holding what `registers` says. What herd cannot say is a problem. */
export function flatExpression(
  flat: FlatValues,
  expression: Expression,
  registers: RegisterCandidates,
): Expression {
  const written = writtenAs(flat.numbers, expression);
  const assignments = assignmentsOf(expression, registers);
  if (assignments === 'any') {
    if (written !== undefined && isSafe(flat, expression)) return written;
    return refused(flat, expression);
  }
  const cases = assignments.flatMap((assignment): readonly Case[] => {
    const worth = evaluateWith(expression, assignment);
    if (worth === undefined) return [];
    const coded = [...assignment].map(
      ([name, value]) => [name, flat.numbers.valueOf(value)] as const,
    );
    return [{ given: new Map(coded), worth: flat.numbers.valueOf(worth).value }];
  });
  if (written !== undefined && cases.every(({ given, worth }) => isWorth(written, given, worth)))
    return written;
  return chosen(expression, cases) ?? refused(flat, expression);
}

function refused(flat: FlatValues, expression: Expression): Expression {
  const { span } = expression;
  const [part = expression] = partsFirst(expression).filter((each) => unsaid(each) !== undefined);
  flat.problems.push({ message: unsaid(part) ?? 'a value that may not fit into an int', span });
  return numberExpression(0, span);
}

function partsFirst(expression: Expression): readonly Expression[] {
  return [...operandsOf(expression).flatMap(partsFirst), expression];
}

function unsaid(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'convert':
      return `a conversion to ${expression.to.bits} bits of a value that may be anything`;
    case 'element':
      return 'an index that may be anything';
    case 'binary':
      return WRITTEN.has(expression.operator) ? undefined : `the operator ${expression.operator}`;
    default:
      return undefined;
  }
}

/** What an expression is worth where its registers hold these numbers. */
interface Case {
  readonly given: ReadonlyMap<string, Value>;
  readonly worth: Integer;
}

function isWorth(written: Expression, given: Case['given'], worth: Case['worth']): boolean {
  const value = evaluateWith(written, given);
  return value?.kind === 'integer' && value.value === worth;
}

/** So many values are told apart in one expression. */
const MOST_CASES = 24;

/** `(r == 1) * 7 + (r == 2) * 9`: a sum in which one product at most is not 0. */
function chosen(expression: Expression, cases: readonly Case[]): Expression | undefined {
  const { span } = expression;
  const names = [...new Set(registersOf(expression))];
  if (names.length === 0) return cases[0] && numberExpression(Number(cases[0].worth), span);
  const isTold = new Set(cases.map(({ given }) => keyOf(given, names))).size === cases.length;
  const telling = cases.filter(({ worth }) => worth !== 0);
  if (!isTold || telling.length > MOST_CASES) return undefined;
  const products = telling.map(({ given, worth }) =>
    names
      .map((name): Expression => {
        const value = given.get(name)!;
        const left: Expression = { kind: 'register', name, span };
        return operation('==', left, { kind: 'value', value, span }, span);
      })
      .reduce(
        (one, other) => operation('*', one, other, span),
        numberExpression(Number(worth), span),
      ),
  );
  const nothing = names
    .map((name): Expression => ({ kind: 'register', name, span }))
    .map((register) => operation('^', register, register, span))
    .reduce((one, other) => operation('+', one, other, span));
  return products.length === 0
    ? nothing
    : products.reduce((one, other) => operation('+', one, other, span));
}

function keyOf(given: Case['given'], names: readonly string[]): string {
  return names.map((name) => textOf(given.get(name))).join();
}

/** The operators that herd has. */
const WRITTEN: ReadonlySet<BinaryOperator> = new Set([
  ...(['+', '-', '*', '/', '&', '|', '^'] as const),
  ...(['==', '!=', '<', '<=', '>', '>=', '&&', '||', '<<'] as const),
]);

/** The expression as it stands, with what herd has in the place of what it lacks; undefined where it has nothing. */
function writtenAs(numbers: AddressNumbers, expression: Expression): Expression | undefined {
  const { span } = expression;
  const inside = (part: Expression) => writtenAs(numbers, part);
  switch (expression.kind) {
    case 'value':
      return { ...expression, value: numbers.valueOf(expression.value) };
    case 'register':
      return expression;
    case 'member':
    case 'container': {
      const base = inside(expression.base);
      const step = numbers.stepOf(expression.path);
      return base && plus(base, expression.kind === 'member' ? step : -step, span);
    }
    case 'element': {
      const [base, index] = [inside(expression.base), inside(expression.index)];
      const size = numberExpression(numbers.spacing, span);
      return base && index && operation('+', base, operation('*', index, size, span), span);
    }
    case 'not': {
      const operand = inside(expression.operand);
      return operand && equalTo(operand, 0, span);
    }
    case 'convert': {
      const operand = inside(expression.operand);
      return operand && converted(operand, expression.to, span);
    }
    case 'binary': {
      const [left, right] = [inside(expression.left), inside(expression.right)];
      return left && right && writtenOperation(expression.operator, left, right, span);
    }
    default:
      return undefined;
  }
}

function writtenOperation(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
  span: Span,
): Expression | undefined {
  switch (operator) {
    case '&&':
      return operation('&', truth(left), truth(right), span);
    case '||':
      return operation('|', truth(left), truth(right), span);
    case '<<': {
      const by = constantIn(right);
      if (by === undefined || by < 0 || by > 30) return undefined;
      return operation('*', left, numberExpression(2 ** by, span), span);
    }
    case '>>':
    case '%':
      return undefined;
    default:
      return operation(operator, left, right, span);
  }
}

function constantIn(expression: Expression): number | undefined {
  return expression.kind === 'value' && expression.value.kind === 'integer'
    ? Number(expression.value.value)
    : undefined;
}

/** To narrow types by a mask; what is 32 bits wide or more has its lower bits already. */
function converted(operand: Expression, to: IntegerType, span: Span): Expression {
  if (to.bits >= 32) return operand;
  const masked = operation('&', operand, numberExpression(2 ** to.bits - 1, span), span);
  if (!to.signed) return masked;
  const sign = 2 ** (to.bits - 1);
  return plus(operation('^', masked, numberExpression(sign, span), span), -sign, span);
}

/** Whether what is written is worth what is meant whatever the registers hold. */
function isSafe(flat: FlatValues, expression: Expression): boolean {
  if (!operandsOf(expression).every((operand) => isSafe(flat, operand))) return false;
  switch (expression.kind) {
    case 'value':
    case 'register':
    case 'not':
    case 'member':
    case 'container':
      return true;
    case 'convert':
      return expression.to.bits <= 32 ? flat.numbers.isNatural : isNarrow(flat.rangeOf(expression));
    case 'binary':
      return isSafeOperation(flat, expression);
    default:
      return false;
  }
}

function isSafeOperation(
  flat: FlatValues,
  { operator, left, right, type = INT }: Expression & { readonly kind: 'binary' },
): boolean {
  const isInt = type.bits === 32 && type.signed;
  if (isInt && operator !== '<<') return true;
  const [one, other] = [flat.rangeOf(left), flat.rangeOf(right)];
  const exact = one && other && exactRange(operator, one, other);
  if ([one, other, exact].every(isNarrow)) return true;
  const isModular = ['+', '-', '*', '&', '|', '^', '==', '!=', '<<'].includes(operator);
  return type.bits === 32 && isModular && flat.numbers.isNatural;
}

/** Whether all numbers of a range are an `int`. */
export function isNarrow(range: Range | undefined): boolean {
  return range !== undefined && range.least >= -(2 ** 31) && range.most < 2 ** 31;
}

function operation(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
  span: Span,
): Expression {
  return { kind: 'binary', operator, left, right, span };
}

function numberExpression(value: number, span: Span): Expression {
  return { kind: 'value', value: { kind: 'integer', value }, span };
}

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);

function truth(expression: Expression): Expression {
  if (expression.kind === 'binary' && COMPARISONS.has(expression.operator)) return expression;
  const { span } = expression;
  return operation('!=', expression, numberExpression(0, span), span);
}

/** `expression + number`, constants drawn together. */
function plus(expression: Expression, number: number, span: Span): Expression {
  const { base, offset } = split(expression);
  const sum = offset + number;
  if (base === undefined) return numberExpression(sum, span);
  if (sum === 0) return base;
  return operation(sum < 0 ? '-' : '+', base, numberExpression(Math.abs(sum), span), span);
}

/** `expression == number`, constants drawn to the right. */
export function equalTo(expression: Expression, number: number, span: Span): Expression {
  const { base, offset } = split(expression);
  const left = base ?? numberExpression(offset, span);
  const right = numberExpression(base === undefined ? number : number - offset, span);
  return operation('==', left, right, span);
}

function split(expression: Expression): { readonly base?: Expression; readonly offset: number } {
  if (expression.kind === 'value' && expression.value.kind === 'integer')
    return { offset: Number(expression.value.value) };
  if (expression.kind !== 'binary' || expression.right.kind !== 'value')
    return { base: expression, offset: 0 };
  const { operator, left, right } = expression;
  if (right.value.kind !== 'integer' || (operator !== '+' && operator !== '-'))
    return { base: expression, offset: 0 };
  const offset = Number(right.value.value);
  return { base: left, offset: operator === '+' ? offset : -offset };
}
