/**
 * What expressions are worth: one evaluator for all who compute with programs, whatever they take for a
 * value. An address is the path of a location; the null pointer is the integer 0.
 */

import { containerPath, elementDistance, elementPath, memberPath } from './address.ts';
import {
  arithmetic,
  compare,
  type Integer,
  type IntegerType,
  isComparison,
  wrap,
} from './integer.ts';
import type { BinaryOperator, Expression, LocationName, Value } from './program.ts';

/** How some kind of value stands for integers and addresses. */
export interface Representation<Datum> {
  /** The integer that a value is; undefined for an address. */
  readonly integerOf: (datum: Datum) => Integer | undefined;
  readonly ofInteger: (value: Integer) => Datum;
  readonly pathOf: (address: Datum) => LocationName;
  readonly ofPath: (path: LocationName) => Datum;
  /** What the difference of two addresses is that are not of one array. */
  readonly difference: (left: Datum, right: Datum) => Integer | undefined;
}

/** Values as programs spell them. */
export const SPELT: Representation<Value> = {
  integerOf: (value) => (value.kind === 'integer' ? value.value : undefined),
  ofInteger: (value) => ({ kind: 'integer', value }),
  pathOf: (value) => (value.kind === 'address' ? value.of : ''),
  ofPath: (of) => ({ kind: 'address', of }),
  difference: () => undefined,
};

/** A text that is equal for equal values. */
export function keyOf(value: Value): string {
  return value.kind === 'integer' ? String(value.value) : `&${value.of}`;
}

/** Whether a condition that comes to this value holds. */
export function isTrue(value: Value): boolean {
  return value.kind === 'address' || value.value !== 0;
}

/** `left operator right`, integers having been converted to `type`; undefined where C gives no value. */
export function applyBinary<Datum>(
  by: Representation<Datum>,
  operator: BinaryOperator,
  left: Datum,
  right: Datum,
  type?: IntegerType,
): Datum | undefined {
  const [first, second] = [by.integerOf(left), by.integerOf(right)];
  const result =
    first !== undefined && second !== undefined
      ? onIntegers(operator, first, second, type)
      : onAddresses(
          by,
          operator,
          { datum: left, integer: first },
          { datum: right, integer: second },
        );
  if (typeof result === 'boolean') return by.ofInteger(result ? 1 : 0);
  if (typeof result === 'number' || typeof result === 'bigint') return by.ofInteger(result);
  return result?.address;
}

function onIntegers(
  operator: BinaryOperator,
  left: Integer,
  right: Integer,
  type: IntegerType | undefined,
): Integer | boolean | undefined {
  return isComparison(operator)
    ? compare(operator, left, right)
    : arithmetic(operator, left, right, type);
}

interface Operand<Datum> {
  readonly datum: Datum;
  readonly integer: Integer | undefined;
}

/** What C and herd allow where at least one operand is an address. */
function onAddresses<Datum>(
  by: Representation<Datum>,
  operator: BinaryOperator,
  left: Operand<Datum>,
  right: Operand<Datum>,
): Integer | boolean | { readonly address: Datum } | undefined {
  const isSame = () =>
    left.integer === undefined &&
    right.integer === undefined &&
    by.pathOf(left.datum) === by.pathOf(right.datum);
  switch (operator) {
    case '==':
      return isSame();
    case '!=':
      return !isSame();
    case '&&':
      return left.integer !== 0 && right.integer !== 0;
    case '||':
      return left.integer !== 0 || right.integer !== 0;
    case '+':
    case '|':
      if (left.integer === 0) return { address: right.datum };
      return right.integer === 0 ? { address: left.datum } : undefined;
    case '-':
      if (right.integer === 0) return { address: left.datum };
      return distance(by, left, right) ?? differenceOf(by, left, right);
    case '^':
      return isSame() ? 0 : undefined;
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const apart = left.integer === 0 ? -1 : right.integer === 0 ? 1 : distance(by, left, right);
      return apart === undefined ? undefined : compare(operator, apart, 0);
    }
    default:
      return undefined;
  }
}

/** How many elements one address is behind another of the same array. */
function distance<Datum>(
  by: Representation<Datum>,
  left: Operand<Datum>,
  right: Operand<Datum>,
): number | undefined {
  if (left.integer !== undefined || right.integer !== undefined) return undefined;
  return elementDistance(by.pathOf(right.datum), by.pathOf(left.datum));
}

function differenceOf<Datum>(
  by: Representation<Datum>,
  left: Operand<Datum>,
  right: Operand<Datum>,
): Integer | undefined {
  if (left.integer !== undefined || right.integer !== undefined) return undefined;
  return by.difference(left.datum, right.datum);
}

/** C's `!`. */
export function applyNot<Datum>(by: Representation<Datum>, operand: Datum): Datum {
  return by.ofInteger(by.integerOf(operand) === 0 ? 1 : 0);
}

/** The value converted to an integer type; an address fits into 64 bits only. */
export function applyConversion<Datum>(
  by: Representation<Datum>,
  operand: Datum,
  to: IntegerType,
): Datum | undefined {
  const integer = by.integerOf(operand);
  if (integer !== undefined) return by.ofInteger(wrap(integer, to));
  return to.bits === 64 ? operand : undefined;
}

/** The address of `base.path`, or of the struct whose member `path` is at `base`. */
export function applyStep<Datum>(
  by: Representation<Datum>,
  kind: 'member' | 'container',
  base: Datum,
  path: string,
): Datum | undefined {
  if (by.integerOf(base) !== undefined) return undefined;
  const step = kind === 'member' ? memberPath : containerPath;
  return by.ofPath(step(by.pathOf(base), path));
}

/** The address `index` elements behind `base`, which is that of an element. */
export function applyElement<Datum>(
  by: Representation<Datum>,
  base: Datum,
  index: Datum,
): Datum | undefined {
  const count = by.integerOf(index);
  if (by.integerOf(base) !== undefined || typeof count !== 'number') return undefined;
  const path = elementPath(by.pathOf(base), count);
  return path === undefined ? undefined : by.ofPath(path);
}

/** The value of an expression that touches no memory, its registers holding what `registers` says;
 *  undefined where C gives none, a register has none, or memory is touched. */
export function evaluateExpression<Datum>(
  by: Representation<Datum>,
  expression: Expression,
  registers: (name: string) => Datum | undefined,
): Datum | undefined {
  const inner = (operand: Expression) => evaluateExpression(by, operand, registers);
  switch (expression.kind) {
    case 'value':
      return expression.value.kind === 'integer'
        ? by.ofInteger(expression.value.value)
        : by.ofPath(expression.value.of);
    case 'register':
      return registers(expression.name);
    case 'not': {
      const operand = inner(expression.operand);
      return operand === undefined ? undefined : applyNot(by, operand);
    }
    case 'convert': {
      const operand = inner(expression.operand);
      return operand === undefined ? undefined : applyConversion(by, operand, expression.to);
    }
    case 'binary': {
      const [left, right] = [inner(expression.left), inner(expression.right)];
      if (left === undefined || right === undefined) return undefined;
      return applyBinary(by, expression.operator, left, right, expression.type);
    }
    case 'member':
    case 'container': {
      const base = inner(expression.base);
      return base === undefined ? undefined : applyStep(by, expression.kind, base, expression.path);
    }
    case 'element': {
      const [base, index] = [inner(expression.base), inner(expression.index)];
      return base === undefined || index === undefined ? undefined : applyElement(by, base, index);
    }
    default:
      return undefined;
  }
}
