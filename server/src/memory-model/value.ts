/** Values of an execution and the symbolic terms that stand for them until the reads are decided. */

import {
  applyBinary,
  applyConversion,
  applyElement,
  applyStep,
  type Representation,
} from '../program/evaluate.ts';
import { arithmetic, type IntegerType, isComparison } from '../program/integer.ts';
import type { BinaryOperator, LocationName, Value } from '../program/program.ts';

/**
 * A value at run time: an integer (see `Integer`), the address of a location (a number from
 * `FIRST_ADDRESS` on, see `AddressSpace`), `THIN_AIR` for what a cycle of pure copies holds, or NaN for
 * what no C program may compute (a sum of two addresses, a quotient by zero).
 */
export type RuntimeValue = number | bigint;

const FIRST_ADDRESS = 2 ** 33;

/** What a read returns that feeds itself through copies only; herd prints such a value as `S1`. */
export const THIN_AIR = 2 ** 32;

/** A value in terms of what the reads of the thread return; `read` is the index of an event. */
export type Term =
  | { readonly kind: 'constant'; readonly value: RuntimeValue }
  | { readonly kind: 'read'; readonly event: number }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Term;
      readonly right: Term;
      readonly type?: IntegerType;
      /** How many operations there are in it, those that it shares counted as often as they are met. */
      readonly size: number;
    }
  | { readonly kind: 'not'; readonly operand: Term }
  | { readonly kind: 'convert'; readonly operand: Term; readonly to: IntegerType }
  | { readonly kind: 'member' | 'container'; readonly base: Term; readonly path: string }
  | { readonly kind: 'element'; readonly base: Term; readonly index: Term };

/** Numbers the addresses of one program and gives their names back. */
export interface AddressSpace {
  readonly names: LocationName[];
  readonly numbers: Map<LocationName, number>;
}

export function emptyAddressSpace(): AddressSpace {
  return { names: [], numbers: new Map() };
}

/** The address of the location `name`. */
export function addressOf(space: AddressSpace, name: LocationName): number {
  const known = space.numbers.get(name);
  if (known !== undefined) return FIRST_ADDRESS + known;
  space.numbers.set(name, space.names.length);
  space.names.push(name);
  return FIRST_ADDRESS + space.names.length - 1;
}

export function isAddress(value: RuntimeValue): boolean {
  return typeof value === 'number' && value >= FIRST_ADDRESS;
}

/** The address of the location with a number. */
export function locationAddress(location: number): number {
  return FIRST_ADDRESS + location;
}

/** The number of the location an address stands for. */
export function locationOf(address: RuntimeValue): number {
  return Number(address) - FIRST_ADDRESS;
}

export function runtimeValue(space: AddressSpace, value: Value): RuntimeValue {
  return value.kind === 'integer' ? value.value : addressOf(space, value.of);
}

/** A value as herd prints it: a number, or the bare name of the location it points to. */
export function printValue(space: AddressSpace, value: RuntimeValue): string {
  if (isAddress(value)) return space.names[locationOf(value)]!;
  return value === THIN_AIR ? 'S1' : Number.isNaN(value) ? 'undefined' : String(value);
}

export function constant(value: RuntimeValue): Term {
  return { kind: 'constant', value };
}

const ZERO = constant(0);
const ONE = constant(1);

/** The term `left operator right`, folded where the solver of herd folds it. */
export function binary(
  space: AddressSpace,
  operator: BinaryOperator,
  left: Term,
  right: Term,
  type?: IntegerType,
): Term {
  if (left.kind === 'constant' && right.kind === 'constant')
    return constant(onValues(space, operator, left.value, right.value, type));
  if (operator === '+' || operator === '|') {
    if (left.kind === 'constant' && left.value === 0) return right;
    if (right.kind === 'constant' && right.value === 0) return left;
  }
  const same = left.kind === 'read' && right.kind === 'read' && left.event === right.event;
  if (same && (operator === '^' || operator === '!=')) return ZERO;
  if (same && operator === '==') return ONE;
  const size = sizeOf(left) + sizeOf(right) + 1;
  return { kind: 'binary', operator, left, right, size, ...(type && { type }) };
}

/** How many operations each look at a term goes through. */
export function sizeOf(term: Term): number {
  switch (term.kind) {
    case 'constant':
    case 'read':
      return 0;
    case 'binary':
      return term.size;
    case 'element':
      return sizeOf(term.base) + sizeOf(term.index) + 1;
    default:
      return sizeOf(operandOf(term)) + 1;
  }
}

/** The term of an operation with operands that are terms: `!`, a conversion, a step to another address. */
export function folded(
  space: AddressSpace,
  term: Exclude<Term, { readonly kind: 'constant' | 'read' | 'binary' }>,
): Term {
  const operands = term.kind === 'element' ? [term.base, term.index] : [operandOf(term)];
  return operands.every(({ kind }) => kind === 'constant')
    ? constant(evaluate(space, term, [])!)
    : term;
}

function operandOf(
  term: Exclude<Term, { readonly kind: 'constant' | 'read' | 'binary' | 'element' }>,
): Term {
  return term.kind === 'not' || term.kind === 'convert' ? term.operand : term.base;
}

/** The value of a term, or undefined while it depends on a read that has none in `reads` yet. */
export function evaluate(
  space: AddressSpace,
  term: Term,
  reads: readonly (RuntimeValue | undefined)[],
): RuntimeValue | undefined {
  switch (term.kind) {
    case 'constant':
      return term.value;
    case 'read':
      return reads[term.event];
    case 'binary': {
      const left = evaluate(space, term.left, reads);
      if (left === undefined) return undefined;
      const right = evaluate(space, term.right, reads);
      if (right === undefined) return undefined;
      return onValues(space, term.operator, left, right, term.type);
    }
    case 'element': {
      const base = evaluate(space, term.base, reads);
      const index = evaluate(space, term.index, reads);
      if (base === undefined || index === undefined) return undefined;
      if (!isValue(base) || !isValue(index)) return Number.NaN;
      return applyElement(runtime(space), base, index) ?? Number.NaN;
    }
    default: {
      const operand = evaluate(space, operandOf(term), reads);
      return operand === undefined ? undefined : onValue(space, term, operand);
    }
  }
}

/** Adds the reads a term depends on to `into`. */
export function readsOf(term: Term, into: Set<number>): void {
  switch (term.kind) {
    case 'constant':
      return;
    case 'read':
      into.add(term.event);
      return;
    case 'binary':
      readsOf(term.left, into);
      readsOf(term.right, into);
      return;
    case 'element':
      readsOf(term.base, into);
      readsOf(term.index, into);
      return;
    default:
      readsOf(operandOf(term), into);
  }
}

/** Whether a value counts as true; undefined where it is no value a condition may test. */
export function truth(value: RuntimeValue): boolean | undefined {
  return isValue(value) ? value !== 0 : undefined;
}

/** Whether two values are the same, thin air among them. */
export function areEqual(space: AddressSpace, left: RuntimeValue, right: RuntimeValue): boolean {
  if (left === THIN_AIR || right === THIN_AIR) return left === right;
  return onValues(space, '==', left, right, undefined) === 1;
}

/** Whether a value is an integer or an address. */
function isValue(value: RuntimeValue): boolean {
  return typeof value === 'bigint' || !(Number.isNaN(value) || value === THIN_AIR);
}

function onValue(
  space: AddressSpace,
  term: Exclude<Term, { readonly kind: 'constant' | 'read' | 'binary' | 'element' }>,
  operand: RuntimeValue,
): RuntimeValue {
  if (!isValue(operand)) return Number.NaN;
  switch (term.kind) {
    case 'not':
      return Number(operand === 0);
    case 'convert':
      return applyConversion(runtime(space), operand, term.to) ?? Number.NaN;
    case 'member':
    case 'container':
      return applyStep(runtime(space), term.kind, operand, term.path) ?? Number.NaN;
  }
}

function onValues(
  space: AddressSpace,
  operator: BinaryOperator,
  left: RuntimeValue,
  right: RuntimeValue,
  type: IntegerType | undefined,
): RuntimeValue {
  const areIntegers = isInteger(left) && isInteger(right);
  if (areIntegers && !isComparison(operator))
    return arithmetic(operator, left, right, type) ?? Number.NaN;
  if (!areIntegers && !(isValue(left) && isValue(right))) return Number.NaN;
  return applyBinary(runtime(space), operator, left, right, type) ?? Number.NaN;
}

function isInteger(value: RuntimeValue): boolean {
  return typeof value === 'bigint' || value < THIN_AIR;
}

const representations = new WeakMap<AddressSpace, Representation<RuntimeValue>>();

/** Values as they are at run time. */
function runtime(space: AddressSpace): Representation<RuntimeValue> {
  const known = representations.get(space);
  if (known !== undefined) return known;
  const representation: Representation<RuntimeValue> = {
    integerOf: (value) => (isAddress(value) ? undefined : value),
    ofInteger: (value) => value,
    pathOf: (address) => space.names[locationOf(address)]!,
    ofPath: (path) => addressOf(space, path),
    difference: (left, right) => Math.sign(Number(left) - Number(right)),
  };
  representations.set(space, representation);
  return representation;
}
