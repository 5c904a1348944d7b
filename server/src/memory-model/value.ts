/** Values of an execution and the symbolic terms that stand for them until the reads are decided. */

import type { BinaryOperator, LocationName, Value } from '../program/program.ts';

/**
 * A value at run time: a 32-bit integer, the address of a location (from `FIRST_ADDRESS` on, see
 * `AddressSpace`), `THIN_AIR` for what a cycle of pure copies holds, or NaN for what no C program
 * may compute (a sum of two addresses, a quotient by zero).
 */
export type RuntimeValue = number;

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
    }
  | { readonly kind: 'not'; readonly operand: Term }
  | { readonly kind: 'andnot'; readonly left: Term; readonly right: Term }
  | { readonly kind: 'member' | 'container'; readonly base: Term; readonly path: string };

/** Numbers the addresses of one program and gives their names back. */
export interface AddressSpace {
  readonly names: LocationName[];
  readonly numbers: Map<LocationName, number>;
}

export function emptyAddressSpace(): AddressSpace {
  return { names: [], numbers: new Map() };
}

/** The address of the location `name`. */
export function addressOf(space: AddressSpace, name: LocationName): RuntimeValue {
  const known = space.numbers.get(name);
  if (known !== undefined) return FIRST_ADDRESS + known;
  space.numbers.set(name, space.names.length);
  space.names.push(name);
  return FIRST_ADDRESS + space.names.length - 1;
}

export function isAddress(value: RuntimeValue): boolean {
  return value >= FIRST_ADDRESS;
}

/** The number of the location an address stands for. */
export function locationOf(address: RuntimeValue): number {
  return address - FIRST_ADDRESS;
}

/** The address of the location with that number. */
export function addressOfLocation(location: number): RuntimeValue {
  return FIRST_ADDRESS + location;
}

export function runtimeValue(space: AddressSpace, value: Value): RuntimeValue {
  return value.kind === 'integer' ? value.value | 0 : addressOf(space, value.of);
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
export function binary(operator: BinaryOperator, left: Term, right: Term): Term {
  if (left.kind === 'constant' && right.kind === 'constant')
    return constant(applyBinary(operator, left.value, right.value));
  if (operator === '+' || operator === '|') {
    if (left.kind === 'constant' && left.value === 0) return right;
    if (right.kind === 'constant' && right.value === 0) return left;
  }
  const same = left.kind === 'read' && right.kind === 'read' && left.event === right.event;
  if (same && (operator === '^' || operator === '!=')) return ZERO;
  if (same && operator === '==') return ONE;
  return { kind: 'binary', operator, left, right };
}

/** C's `!`. */
export function not(operand: Term): Term {
  return operand.kind === 'constant' ? constant(applyNot(operand.value)) : { kind: 'not', operand };
}

/** `left & ~right`, what `atomic_andnot` stores. */
export function andNot(left: Term, right: Term): Term {
  return left.kind === 'constant' && right.kind === 'constant'
    ? constant(applyAndNot(left.value, right.value))
    : { kind: 'andnot', left, right };
}

/** The address of `base.path`, or of the struct whose member `path` is at `base`. */
export function memberOrContainer(
  space: AddressSpace,
  kind: 'member' | 'container',
  base: Term,
  path: string,
): Term {
  return base.kind === 'constant'
    ? constant(applyMember(space, kind, base.value, path))
    : { kind, base, path };
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
    case 'not': {
      const operand = evaluate(space, term.operand, reads);
      return operand === undefined ? undefined : applyNot(operand);
    }
    case 'member':
    case 'container': {
      const base = evaluate(space, term.base, reads);
      return base === undefined ? undefined : applyMember(space, term.kind, base, term.path);
    }
    case 'binary':
    case 'andnot': {
      const left = evaluate(space, term.left, reads);
      if (left === undefined) return undefined;
      const right = evaluate(space, term.right, reads);
      if (right === undefined) return undefined;
      return term.kind === 'andnot'
        ? applyAndNot(left, right)
        : applyBinary(term.operator, left, right);
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
    case 'not':
      readsOf(term.operand, into);
      return;
    case 'member':
    case 'container':
      readsOf(term.base, into);
      return;
    case 'binary':
    case 'andnot':
      readsOf(term.left, into);
      readsOf(term.right, into);
  }
}

/** Whether a value counts as true; undefined where it is no value a condition may test. */
export function truth(value: RuntimeValue): boolean | undefined {
  return Number.isNaN(value) || value === THIN_AIR ? undefined : value !== 0;
}

function applyNot(value: RuntimeValue): RuntimeValue {
  const holds = truth(value);
  return holds === undefined ? Number.NaN : Number(!holds);
}

function applyAndNot(left: RuntimeValue, right: RuntimeValue): RuntimeValue {
  return isInteger(left) && isInteger(right) ? left & ~right : Number.NaN;
}

function isInteger(value: RuntimeValue): boolean {
  return value < THIN_AIR;
}

function applyBinary(
  operator: BinaryOperator,
  left: RuntimeValue,
  right: RuntimeValue,
): RuntimeValue {
  if (isInteger(left) && isInteger(right)) return onIntegers(operator, left, right);
  if (Number.isNaN(left) || Number.isNaN(right)) return Number.NaN;
  if (left === THIN_AIR || right === THIN_AIR) return Number.NaN;
  return onAddresses(operator, left, right);
}

/** 32-bit arithmetic; shifts and remainders as C has them. */
function onIntegers(operator: BinaryOperator, left: number, right: number): RuntimeValue {
  switch (operator) {
    case '+':
      return (left + right) | 0;
    case '-':
      return (left - right) | 0;
    case '*':
      return Math.imul(left, right);
    case '/':
      return right === 0 ? Number.NaN : (left / right) | 0;
    case '%':
      return right === 0 ? Number.NaN : (left % right) | 0;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<<':
      return left << right;
    case '>>':
      return left >> right;
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '<':
      return Number(left < right);
    case '<=':
      return Number(left <= right);
    case '>':
      return Number(left > right);
    case '>=':
      return Number(left >= right);
    case '&&':
      return Number(left !== 0 && right !== 0);
    case '||':
      return Number(left !== 0 || right !== 0);
  }
}

/** What C and herd allow where at least one operand is an address. */
function onAddresses(operator: BinaryOperator, left: number, right: number): RuntimeValue {
  switch (operator) {
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '&&':
      return Number(left !== 0 && right !== 0);
    case '||':
      return Number(left !== 0 || right !== 0);
    case '+':
    case '|':
      return left === 0 ? right : right === 0 ? left : Number.NaN;
    case '-':
      return right === 0 ? left : isAddress(right) ? Math.sign(left - right) : Number.NaN;
    case '^':
      return left === right ? 0 : Number.NaN;
    case '<':
      return left === 0 ? 1 : right === 0 ? 0 : Number.NaN;
    case '>':
      return right === 0 ? 1 : left === 0 ? 0 : Number.NaN;
    default:
      return Number.NaN;
  }
}

/** A container that no member made is spelt `name` + CONTAINER + path, and undone by that member. */
const CONTAINER = '\u0000';

function applyMember(
  space: AddressSpace,
  kind: 'member' | 'container',
  base: RuntimeValue,
  path: string,
): RuntimeValue {
  if (!isAddress(base)) return Number.NaN;
  const name = space.names[locationOf(base)]!;
  const [undo, made] =
    kind === 'member'
      ? [CONTAINER + path, `${name}.${path}`]
      : [`.${path}`, name + CONTAINER + path];
  return addressOf(space, name.endsWith(undo) ? name.slice(0, -undo.length) : made);
}
