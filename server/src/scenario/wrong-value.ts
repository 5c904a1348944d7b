/** Whether a value fits what takes it: numbers by their size, pointers by what they point to (C11 6.5.16.1, 6.5.9). */

import { typeOf } from '../facts/scope.ts';
import { BOOL, CHAR } from '../lowering/ctype.ts';
import type { Integer } from '../program/integer.ts';
import type { Expression, TypeName } from '../syntax/ast.ts';
import { areComparable, areSameBehind, isToBytes } from './alike-shapes.ts';
import {
  type Shape,
  shapeOf,
  shapeOfType,
  shapeText,
  type TypedNames,
  withBits,
} from './type-shape.ts';
import { pointedSignature, wrongPointedTo } from './wrong-function.ts';

/** That what has the type `taken` does not take a value without a cast; undefined also where either type is not sure. */
export function wrongValue(
  given: Expression,
  taken: TypeName,
  names: TypedNames,
  bits?: number,
): string | undefined {
  const to = withBits(shapeOfType(taken, names.scope), bits);
  if (to !== undefined) return misfit(given, to, names);
  const pointed = pointedSignature(taken, names.scope);
  return pointed && (wrongPointedTo(given, pointed, names) ?? noFunction(given, names));
}

/** That what is given for a pointer to a function is a number, or points to something else. */
function noFunction(given: Expression, names: TypedNames): string | undefined {
  const number = literalIn(given);
  const shape = number === undefined ? shapeOf(given, names) : undefined;
  const isOther = shape !== undefined && shape.depth > 0 && !isToBytes(shape);
  if (isOther) return `a value of type ${shapeText(shape)} is no pointer to a function`;
  return number !== undefined && number.value !== 0
    ? `${number.text} is no pointer to a function`
    : undefined;
}

/** The same of what has a shape. */
export function misfit(given: Expression, to: Shape, names: TypedNames): string | undefined {
  const number = literalIn(given);
  if (number !== undefined) {
    return takesNumber(to, number.value)
      ? undefined
      : `${number.text} does not fit ${shapeText(to)}`;
  }
  const isFunction = given.kind === 'identifier' && names.signature(given.name) !== undefined;
  if (isFunction && to.depth === 0 && to.of.kind !== 'void')
    return `${given.name} is a function, and does not fit ${shapeText(to)}`;
  const from = pointerIn(given, names) ?? structIn(given, names);
  const isTaken =
    from === undefined || (from.depth > 0 ? takesPointer(to, from) : takesStruct(to, from));
  return isTaken ? undefined : `a value of type ${shapeText(from)} does not fit ${shapeText(to)}`;
}

interface Literal {
  readonly text: string;
  readonly value: number;
}

/** A number as it is written, with its sign. */
export function literalIn(given: Expression): Literal | undefined {
  if (given.kind === 'number')
    return given.value === undefined ? undefined : { text: given.text, value: given.value };
  if (given.kind !== 'unary' || given.operator !== '-') return undefined;
  const inner = literalIn(given.operand);
  return inner && { text: `-${inner.text}`, value: -inner.value };
}

/** The shape of a pointer; of the address of a whole array none, which points to no element. */
function pointerIn(given: Expression, names: TypedNames): Shape | undefined {
  const isAddress = given.kind === 'unary' && given.operator === '&';
  if (isAddress && (typeOf(given.operand, names.scope)?.arrays ?? 0) > 0) return undefined;
  const shape = shapeOf(given, names);
  return shape !== undefined && shape.depth > 0 ? shape : undefined;
}

/** The shape of a struct as a whole. */
function structIn(given: Expression, names: TypedNames): Shape | undefined {
  const shape = shapeOf(given, names);
  return shape?.depth === 0 && shape.of.kind === 'struct' ? shape : undefined;
}

/** Counters are structs of one number, and may be given as that. */
function takesStruct(to: Shape, from: Shape): boolean {
  return to.depth === 0 && to.of.kind === 'struct' && areSameBehind(to.of, from.of);
}

/** A number is also what a `void *`, or a name, may be told apart by. */
export function takesNumber(to: Shape, value: Integer): boolean {
  const { depth, of } = to;
  if (depth > 0) return value === 0 || isToBytes(to);
  if (of.kind === 'struct') return !of.isDefined || of.isNumber;
  if (of.kind !== 'number') return true;
  const { name, type } = of.type;
  const { bits = type.bits } = of;
  const isNarrow = type.signed && bits < 32 && name !== CHAR.name;
  return name === BOOL.name || fits(value, bits, isNarrow ? bits - 1 : bits);
}

/** A negative number says which bits are set also of what has no sign. */
function fits(value: Integer, bits: number, most: number): boolean {
  return bits === 64 || (value >= -(2 ** (bits - 1)) && value < 2 ** most);
}

/** An address has 64 bits; whether there is one is a `bool`. */
function takesPointer(to: Shape, from: Shape): boolean {
  if (to.depth > 0) return areComparable(to, from);
  if (to.of.kind !== 'number') return true;
  const { name, type } = to.of.type;
  return type.bits === 64 || name === BOOL.name;
}
