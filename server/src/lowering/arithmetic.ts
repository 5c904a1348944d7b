/** C's operators on values: the operands brought to one type, pointers moved by elements (C11 6.5). */

import { rootOf } from '../program/address.ts';
import { only } from '../program/candidates.ts';
import { keyOf } from '../program/evaluate.ts';
import { type ComparisonOperator, type Integer, isComparison } from '../program/integer.ts';
import type { BinaryOperator, LocationName } from '../program/program.ts';
import { registersOf } from '../program/walk.ts';
import type { Expression as CExpression } from '../syntax/ast.ts';
import type { Span } from '../text/span.ts';
import { holding } from './access.ts';
import { type Lowering, type Scope, visiblePlace } from './context.ts';
import { arithmeticType, convert } from './convert.ts';
import {
  type CInteger,
  type CType,
  decayed,
  INT,
  LONG,
  pointee,
  pointerTo,
  precisionOf,
  promoted,
  qualified,
  qualifiersOf,
  sameCType,
  UNKNOWN,
  UNSIGNED_LONG,
  usualType,
} from './ctype.ts';
import { widthOf } from './layout.ts';
import { emit, type State } from './machine.ts';
import { isFree, isRead, noteTested, opened, openResult } from './open-world.ts';
import { typeOfPlace } from './place-type.ts';
import { bytesBetween, elementsBetween, isElementOf, led, movedPath } from './pointer.ts';
import { stopUnless } from './settle.ts';
import { traceOf } from './trace.ts';
import {
  binary,
  candidatesOf,
  type Definite,
  element,
  integer,
  type Known,
  known,
  sameValue,
  through,
  toExpression,
  typed,
  undefinedValue,
  type Value,
} from './value.ts';
import { valued } from './valued.ts';

/** Where an operator stands. */
interface Site {
  readonly lowering: Lowering;
  readonly state: State;
  readonly expression: CExpression;
  readonly scope: Scope;
}

/** `left operator right`; an operator that is none is reported. */
export function operate(
  lowering: Lowering,
  operator: string,
  given: Value,
  other: Value,
  expression: CExpression,
  state: State,
  scope: Scope,
): Value {
  const site = { lowering, state, expression, scope };
  const place = visiblePlace(scope, expression.span);
  const [left, right] = [opened(lowering, given, other.type), opened(lowering, other, given.type)];
  const free = freeResult(site, operator, left, right);
  if (free !== undefined) return free;
  if (!OPERATORS.has(operator)) {
    lowering.report.notModelled(`the operator ${operator}`, place);
    return undefinedValue(`the operator ${operator}`, place);
  }
  if (isPointer(left) || isPointer(right)) {
    if (operator === '+' || operator === '-') return sum(site, operator, left, right);
    if (isComparison(operator)) return comparePointers(site, operator, left, right);
  }
  if (operator === '<<' || operator === '>>') return shift(site, operator, left, right);
  const type = usualType(arithmeticType(left, state), arithmeticType(right, state));
  const operands = [left, right].map((operand) => convert(operand, type, state, place.span));
  if (operator === '/' || operator === '%') {
    if (isKnownAs(operands[1]!, (value) => value === 0))
      return undefinedValue(BY_ZERO, place, type);
    guardDivisor(site, operands[1]!);
  }
  if (isComparison(operator)) noteCompared(lowering, operator, operands[0]!, operands[1]!);
  if (operator === '&' && isRead(lowering, operands[0]!)) noteTested(lowering, operands[1]!);
  return compute(operator as BinaryOperator, operands[0]!, operands[1]!, type, state, place.span);
}

/** Notes, in an open request, with what a value that was read is compared; of two that are known, one may be what a field
 *  starts with, if they are asked to be equal. */
function noteCompared(lowering: Lowering, operator: string, left: Value, right: Value): void {
  if (lowering.request.open === undefined) return;
  const isEquality = operator === '==' || operator === '!=';
  for (const [value, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (value.kind !== 'known') continue;
    const isKnown = isEquality && other.kind === 'known' && !sameValue(value, other);
    if (!isKnown && !isRead(lowering, other)) continue;
    const { value: found, type } = value;
    const start = found.kind === 'integer' ? found.value : { of: found.of, type };
    lowering.compared.set(keyOf(found), start);
  }
}

/** An operator on operands of `type` (of a shift, the left one): what a wide bit-field is worth wraps at its own width. */
export function compute(
  operator: BinaryOperator,
  left: Value,
  right: Value,
  type: CInteger,
  state: State,
  span: Span,
): Value {
  const whole = type.type.signed ? LONG : UNSIGNED_LONG;
  const isExact = type.precision === undefined || isComparison(operator);
  const value = binary(operator, left, right, span, type.precision === undefined ? type : whole);
  return valued(isExact ? value : convert(value, type, state, span), state, span);
}

/** What comes of free values is free again, but for their comparison with constants. */
function freeResult(site: Site, operator: string, left: Value, right: Value): Value | undefined {
  const { lowering, state, expression, scope } = site;
  const place = visiblePlace(scope, expression.span);
  if (lowering.request.open === undefined) return undefined;
  const isFree = [left, right].some((value) => usesFree(value) || isAnything(value, state));
  if (!isFree) return undefined;
  if (operator === '+' && pathOf(left)?.endsWith(']') && isPointer(left)) return undefined;
  const key = resultKey(lowering, operator, left, right);
  if (!isComparison(operator)) {
    const type = typeOfOperation(operator, left.type, right.type);
    const result = openResult(lowering, type, key, [left, right], place);
    noteSum(lowering, result, operator, left, right, place.span);
    return result;
  }
  const isAlone = left.kind === 'known' || right.kind === 'known';
  if (isAlone && !mayBeElsewhere(lowering, left, right)) return undefined;
  return openResult(lowering, INT, key, [left, right], place, true);
}

/** Whether a free pointer is held against the address of what is no object that it may lead to as far as anybody knows:
 *  it may lead there, too (`file->f_op == &own_operations`). */
function mayBeElsewhere({ free }: Lowering, left: Value, right: Value): boolean {
  return [
    [left, right],
    [right, left],
  ].some(([pointer, other]) => {
    if (pointer!.kind !== 'computed' || pointer!.expression.kind !== 'register') return false;
    const of = free.get(pointer!.expression.name);
    const address = pathOf(other!);
    if (of === undefined || !('objects' in of) || address === undefined) return false;
    return !of.objects.some((object) => rootOf(object) === rootOf(address));
  });
}

/** Remembers of a free result that it is another free value and a constant. */
function noteSum(
  { sums }: Lowering,
  result: Value,
  operator: string,
  left: Value,
  right: Value,
  span: Span,
): void {
  if (operator !== '+' || (left.kind !== 'known' && right.kind !== 'known')) return;
  if (result.kind === 'computed' && result.expression.kind === 'register' && !isPointer(result))
    sums.set(result.expression.name, binary('+', left, right, span, LONG));
}

/** Names what comes of an operation: of the same operands, the same. */
function resultKey({ results }: Lowering, operator: string, left: Value, right: Value): string {
  const operation = JSON.stringify([operator, left, right], (name, value) =>
    name === 'span' || name === 'origin' || name === 'type'
      ? undefined
      : typeof value === 'bigint'
        ? String(value)
        : value,
  );
  const number = results.get(operation) ?? results.size;
  results.set(operation, number);
  return `result${number}`;
}

/** Whether a value that was read may be anything. */
function isAnything(value: Value, { registers }: State): boolean {
  return value.kind === 'computed' && candidatesOf(value, registers) === 'any';
}

function usesFree(value: Value): boolean {
  return value.kind === 'computed' && registersOf(value.expression).some(isFree);
}

const OPERATORS: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
]);

/** Whether a value is a pointer, or at least an address, as far as its type tells. */
export function isPointer(value: Value): boolean {
  const { kind } = value.type;
  if (kind === 'pointer' || kind === 'array' || kind === 'function') return true;
  return kind === 'unknown' && value.kind === 'known' && value.value.kind === 'address';
}

const TOO_FAR = 'a shift by less than 0, or by the width or more';
const BY_ZERO = 'a division by zero';

function isKnownAs(value: Value, is: (value: Integer) => boolean): boolean {
  return value.kind === 'known' && value.value.kind === 'integer' && is(value.value.value);
}

/** A shift computes in the promoted type of its left operand (C11 6.5.7). */
function shift(site: Site, operator: '<<' | '>>', left: Value, right: Value): Value {
  const { state, expression, scope } = site;
  const { span } = visiblePlace(scope, expression.span);
  const type = arithmeticType(left, state);
  const by = convert(right, arithmeticType(right, state), state, span);
  if (isKnownAs(by, (value) => value < 0 || value >= precisionOf(type)))
    return undefinedValue(TOO_FAR, visiblePlace(scope, expression.span), type);
  const inRange = binary(
    '&&',
    binary('>=', by, integer(0), span),
    binary('<', by, integer(precisionOf(type)), span),
    span,
  );
  guard(site, inRange, by, TOO_FAR);
  return compute(operator, convert(left, type, state, span), by, type, state, span);
}

function guardDivisor(site: Site, divisor: Value): void {
  const { span } = visiblePlace(site.scope, site.expression.span);
  guard(site, binary('!=', divisor, integer(0), span), divisor, BY_ZERO);
}

/** Stops the executions in which C gives no value, where there are such; a value that is known is told by itself. */
function guard(
  { lowering, state, expression, scope }: Site,
  holds: Value,
  operand: Value,
  reason: string,
): void {
  const isComputed = operand.kind === 'computed' || operand.kind === 'partial';
  if (!isComputed || state.dead) return;
  stopUnless(lowering, state, holds, reason, traceOf(scope, expression.span));
}

/** A sum or difference in which a side is a pointer (C11 6.5.6). */
function sum(site: Site, operator: '+' | '-', left: Value, right: Value): Value {
  if (isPointer(left) && isPointer(right))
    return operator === '-'
      ? difference(site, left, right)
      : undefinedValue('a sum of pointers', undefined, left.type);
  const [base, index] = isPointer(left) ? [left, right] : [right, left];
  if (base === right && operator === '-')
    return undefinedValue('a number less a pointer', undefined, LONG);
  return moved(site, base, index, operator === '+' ? 1 : -1);
}

/** The elements between two pointers into one array. */
function difference(
  { lowering, state, expression, scope }: Site,
  left: Value,
  right: Value,
): Value {
  const { span } = visiblePlace(scope, expression.span);
  const [to, from] = [pathOf(left), pathOf(right)];
  if (to === undefined || from === undefined)
    return valued(binary('-', left, right, span, LONG), state, span);
  const count = elementsBetween(lowering, from, to, pointee(left.type), scope);
  return count !== undefined && Number.isInteger(count)
    ? integer(count, LONG)
    : undefinedValue('the distance of pointers that are not of one array', undefined, LONG);
}

function pathOf(value: Value): LocationName | undefined {
  return value.kind === 'known' && value.value.kind === 'address' ? value.value.of : undefined;
}

/** A comparison of pointers: two that are known are compared by where in their object they lead, of others what they may be
 *  (an object and its first member have one address, C11 6.7.2.1p15). */
function comparePointers(
  site: Site,
  operator: ComparisonOperator,
  left: Value,
  right: Value,
): Value {
  const { lowering, state, expression, scope } = site;
  const { span } = visiblePlace(scope, expression.span);
  const [first, second] = [pathOf(left), pathOf(right)];
  noteCompared(lowering, operator, left, right);
  const bytes =
    first === undefined || second === undefined || first === second
      ? undefined
      : bytesBetween(lowering, second, first, scope);
  if (bytes !== undefined) return binary(operator, integer(bytes, LONG), integer(0, LONG), span);
  const compared = valued(binary(operator, left, right, span), state, span);
  if (operator !== '==' && operator !== '!=') return compared;
  const equals = (value: Value, of: LocationName) =>
    binary(operator, value, known({ kind: 'address', of }, value.type), span);
  const also = samePlaces(site, pathsOf(left, state), pathsOf(right, state)).map(([one, other]) =>
    binary(operator === '==' ? '&&' : '||', equals(left, one), equals(right, other), span),
  );
  return also.reduce(
    (all, each) => binary(operator === '==' ? '||' : '&&', all, each, span),
    compared,
  );
}

/** What is spelt in two ways and is one address: a path that the one and a path that the other pointer may be. */
function samePlaces(
  { lowering, scope }: Site,
  left: readonly LocationName[],
  right: readonly LocationName[],
): readonly (readonly [LocationName, LocationName])[] {
  return left.flatMap((one) =>
    right
      .filter((other) => other !== one && rootOf(other) === rootOf(one))
      .filter((other) => bytesBetween(lowering, one, other, scope) === 0)
      .map((other) => [one, other] as const),
  );
}

/** A pointer moved by `index` elements, forwards or backwards. */
export function moved(site: Site, base: Value, index: Value, direction: 1 | -1): Value {
  const { lowering, state, expression, scope } = site;
  const { span } = visiblePlace(scope, expression.span);
  const wide = convert(opened(lowering, index, LONG), LONG, state, span);
  const by = direction === 1 ? wide : binary('-', integer(0, LONG), wide, span, LONG);
  if (by.kind === 'undefined' || by.kind === 'partial')
    return typed(
      through(by, (inner) => movedBy(site, base, inner)),
      base.type,
    );
  return movedBy(site, base, by);
}

function movedBy(site: Site, base: Value, by: Value): Value {
  if (base.kind === 'undefined' || base.kind === 'partial')
    return through(base, (inner) => movedBy(site, inner, by));
  if (by.kind !== 'known' || by.value.kind !== 'integer') return indexed(site, base, by);
  if (by.value.value === 0) return base;
  return steppedBy(site, base, Number(by.value.value));
}

/** A pointer moved by a number that is known. */
function steppedBy({ lowering, state, expression, scope }: Site, base: Value, by: number): Value {
  const { span } = visiblePlace(scope, expression.span);
  const type = pointee(base.type);
  const candidates = candidatesOf(base, state.registers);
  const isDefinite = base.kind === 'known' || base.kind === 'computed';
  if (!isDefinite || candidates === 'any') return element(base, integer(by, LONG), span);
  const paths = [...candidates.values()].flatMap((value) =>
    value.kind === 'address' ? value.of : [],
  );
  const targets = paths.flatMap((path) => movedPath(lowering, path, by, type, scope) ?? []);
  const isMovable = paths.length > 0 && targets.length === paths.length;
  const made = isMovable ? led(base, paths, targets, span) : undefined;
  return made ?? undefinedValue('a pointer moved by what has no known size', undefined, base.type);
}

/** More elements than this are not told apart by an index that may be any. */
const MOST_ELEMENTS = 32;

/** A pointer moved by a number that the program computes: to elements of the array that it points into. */
function indexed(site: Site, base: Value, by: Value): Value {
  const { lowering, state, expression, scope } = site;
  const { span } = visiblePlace(scope, expression.span);
  if (by.kind !== 'computed') return element(base, by, span);
  const type = pointee(base.type);
  const paths = pathsOf(base, state);
  if (!paths.every((path) => isElementOf(lowering, path, type, scope))) {
    const wider = inWiderElements(site, paths, type, by);
    if (wider !== undefined) return element(base, wider, span);
    const isFirst = binary('==', by, integer(0, LONG), span);
    const why = 'a pointer moved away from what is no element of an array';
    const trace = traceOf(scope, expression.span);
    return stopUnless(lowering, state, isFirst, why, trace) ? base : typed(NOWHERE, base.type);
  }
  const path = pathOf(base);
  const room = path === undefined ? undefined : roomBehind(lowering, path, scope);
  const isOpen = lowering.request.open === undefined && candidatesOf(by, state.registers) === 'any';
  if (!isOpen || room === undefined || room.length > MOST_ELEMENTS) return element(base, by, span);
  return element(base, kept(site, by, -room.index, room.length - room.index), span);
}

/** All that a pointer may point to, as far as that is known. */
function pathsOf(pointer: Value, { registers }: State): readonly LocationName[] {
  const candidates = candidatesOf(pointer, registers);
  if (candidates === 'any') return [];
  return [...candidates.values()].flatMap((value) => (value.kind === 'address' ? value.of : []));
}

/** A number of small things as one of the larger elements of the arrays in which the paths are, where it always is a
 *  whole number of them: so many bytes in an array of words. */
function inWiderElements(
  { lowering, state, expression, scope }: Site,
  paths: readonly LocationName[],
  type: CType,
  by: Definite,
): Value | undefined {
  const widths = paths.map((path) =>
    path.endsWith(']') ? widthOf(lowering, typeOfPlace(lowering, path, scope), scope) : undefined,
  );
  const [wide, small] = [widths[0], widthOf(lowering, type, scope)];
  const values = candidatesOf(by, state.registers);
  if (wide === undefined || small === undefined || values === 'any') return undefined;
  const times = wide / small;
  const isWhole = (value: Known) => value.kind === 'integer' && Number(value.value) % times === 0;
  const isAlike = times >= 1 && widths.every((width) => width === wide);
  if (!isAlike || ![...values.values()].every(isWhole)) return undefined;
  const { span } = visiblePlace(scope, expression.span);
  return binary('/', by, integer(times, LONG), span, LONG);
}

const NOWHERE = undefinedValue('what cannot be reached');

/** The element that a path is, and how many there are. */
function roomBehind(
  lowering: Lowering,
  path: LocationName,
  scope: Scope,
): { readonly index: number; readonly length: number } | undefined {
  const [, array, index] = /^(.*)\[(\d+)\]$/.exec(path) ?? [];
  const type = array === undefined ? undefined : typeOfPlace(lowering, array, scope);
  return type?.kind === 'array' && type.length !== undefined
    ? { index: Number(index), length: type.length }
    : undefined;
}

/** An index that may be any, in a register that holds those from `from` to before `to`: other executions end. */
function kept(site: Site, index: Definite, from: number, to: number): Value {
  const { lowering, state, expression, scope } = site;
  const trace = traceOf(scope, expression.span);
  const { span } = trace;
  const isThere = binary(
    '&&',
    binary('>=', index, integer(from, LONG), span),
    binary('<', index, integer(to, LONG), span),
    span,
  );
  if (!stopUnless(lowering, state, isThere, 'an index outside of its array', trace))
    return typed(NOWHERE, LONG);
  const register = lowering.freshRegister('index');
  emit(state, { kind: 'assign', register, value: toExpression(index, span), ...trace });
  const all = Array.from({ length: to - from }, (_, at) => from + at);
  const values = only(...all.map((value) => ({ kind: 'integer', value }) as const));
  return typed(holding(state, register, values, trace), LONG);
}

/** The type of `left operator right`. */
export function typeOfOperation(operator: string, left: CType, right: CType): CType {
  if (isComparison(operator)) return INT;
  const [first, second] = [decayed(left), decayed(right)];
  if (first.kind === 'pointer' && second.kind === 'pointer') return LONG;
  if (first.kind === 'pointer') return first;
  if (second.kind === 'pointer') return second;
  if (operator === '<<' || operator === '>>')
    return first.kind === 'integer' ? promoted(first) : UNKNOWN;
  return commonType(first, second);
}

/** The type of `condition ? left : right` (C11 6.5.15). */
export function commonType(left: CType, right: CType): CType {
  const [first, second] = [decayed(left), decayed(right)];
  if (first.kind === 'integer' && second.kind === 'integer') return usualType(first, second);
  if (first.kind === 'pointer' && second.kind === 'pointer') {
    const to = second.to.kind === 'void' ? second.to : first.to;
    return pointerTo(qualified(qualified(to, qualifiersOf(first.to)), qualifiersOf(second.to)));
  }
  if (first.kind === 'pointer') return first;
  if (second.kind === 'pointer') return second;
  return sameCType(first, second) ? first : UNKNOWN;
}
