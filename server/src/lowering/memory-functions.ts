/** `memset()`, `memcpy()` and `memmove()` (C11 7.24.2, 7.24.6.1), scalar by scalar. */

import type { Expression as CExpression } from '../syntax/ast.ts';
import { load, store } from './access.ts';
import { along, copyObject } from './assign.ts';
import { type Call, type Lowering, type Scope, visiblePlace } from './context.ts';
import { convert } from './convert.ts';
import {
  BOOL,
  type CInteger,
  type CType,
  decayed,
  pointee,
  pointerTo,
  sameCType,
  UNSIGNED_CHAR,
  UNSIGNED_LONG,
  VOID_POINTER,
} from './ctype.ts';
import { choose, decideValue } from './decide.ts';
import { evaluate } from './evaluate.ts';
import { valueType } from './kernel-types.ts';
import { sizeOf } from './layout.ts';
import { leavesOf, type PlacedLeaf, placedLeaf } from './leaves.ts';
import type { State, Trace } from './machine.ts';
import { unfold } from './names.ts';
import { moveOpenly } from './open-bytes.ts';
import { typeOfPlace } from './place-type.ts';
import { positionOf } from './pointer.ts';
import { traceOf } from './trace.ts';
import { typeOfExpression } from './type-of.ts';
import {
  addressOf,
  binary,
  candidatesOf,
  known as constantOf,
  integer,
  type Known,
  step,
  typed,
  undefinedValue,
  type Value,
} from './value.ts';

/** Bytes that a call is about: so many from `start` on, counted in `object`, which is of type `type`. */
interface Bytes {
  readonly object: Value;
  readonly type: CType;
  readonly start: number;
  readonly end: number;
}

/** `memset(target, value, size)`. */
export function setMemory(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  const [target, value, size] = call.arguments;
  if (target === undefined || value === undefined || size === undefined)
    return notModelled(lowering, call, scope, 'without its arguments');
  return fill(lowering, call, state, scope, target, size, evaluate(lowering, value, state, scope));
}

/** `memzero_explicit(target, size)`. */
export function clearMemory(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  const [target, size] = call.arguments;
  if (target === undefined || size === undefined)
    return notModelled(lowering, call, scope, 'without its arguments');
  return fill(lowering, call, state, scope, target, size, integer(0));
}

function fill(
  lowering: Lowering,
  call: Call,
  state: State,
  scope: Scope,
  target: CExpression,
  size: CExpression,
  value: Value,
): Value {
  const trace = traceOf(scope, call.span);
  const address = evaluate(lowering, target, state, scope);
  const result = typed(address, VOID_POINTER);
  const whole = wholeObject(lowering, target, size, address, scope);
  if (whole !== undefined && isZero(value)) {
    const leaves = leavesOf(lowering, whole.type, scope);
    if (leaves === undefined) return notModelled(lowering, call, scope, MEMBERS_NOT_KNOWN);
    for (const { steps, type } of leaves)
      store(lowering, state, along(whole.object, steps, type, trace), integer(0), 'plain', trace);
    return result;
  }
  const count = bytesOf(lowering, size, state, scope);
  if (count === 0) return result;
  const bytes = count && bytesAt(lowering, target, address, count, state, scope);
  const leaves = bytes && leavesWithin(lowering, bytes, scope);
  if (!bytes || !leaves) {
    if (moveOpenly(lowering, call, state, scope, { to: address })) return result;
    return notModelled(lowering, call, scope, bytes ? MEMBERS_NOT_KNOWN : SIZE_NOT_KNOWN);
  }
  for (const leaf of leaves) fillLeaf(lowering, bytes, leaf, value, state, trace);
  return result;
}

const SIZE_NOT_KNOWN = 'of bytes of which it is not known how many or what they are';
const MEMBERS_NOT_KNOWN = 'of an object whose members are not known';

function isZero(value: Value): boolean {
  return value.kind === 'known' && value.value.kind === 'integer' && value.value.value === 0;
}

function fillLeaf(
  lowering: Lowering,
  bytes: Bytes,
  leaf: PlacedLeaf,
  value: Value,
  state: State,
  trace: Trace,
): void {
  const at = along(bytes.object, leaf.steps, leaf.type, trace);
  if (isInside(leaf, bytes)) {
    const filled = filledWith(leaf, value, state, trace);
    store(lowering, state, at, filled, 'plain', trace);
    return;
  }
  const byte = convert(value, UNSIGNED_CHAR, state, trace.span);
  for (const bit of bytesWithin(leaf, bytes)) {
    const one = part(leaf, bit, UNSIGNED_CHAR, at);
    store(lowering, state, one, byte, 'plain', trace);
  }
}

/** What a scalar is once each of its bytes is `value`. Of `_Bool` and pointers not every sequence of bytes is a value. */
function filledWith(
  { type, offset, width }: PlacedLeaf,
  value: Value,
  state: State,
  { span }: Trace,
): Value {
  if (isZero(value)) return integer(0);
  const byte = convert(value, UNSIGNED_CHAR, state, span);
  const isNumber = type.kind === 'integer' && type.name !== BOOL.name;
  if (!isNumber && !(width === 8 && isOne(byte)))
    return undefinedValue('bytes that are taken for a pointer or a bool', undefined, type);
  if (width === 8 && offset % 8 === 0) return byte;
  const word = convert(byte, UNSIGNED_LONG, state, span);
  const repeated = binary('*', word, integer(REPEATED, UNSIGNED_LONG), span, UNSIGNED_LONG);
  return offset % 8 === 0
    ? repeated
    : binary('>>', repeated, integer(offset % 8), span, UNSIGNED_LONG);
}

/** Times a byte: eight of it. */
const REPEATED = 0x0101010101010101n;

function isOne(value: Value): boolean {
  return value.kind === 'known' && value.value.kind === 'integer' && value.value.value === 1;
}

/** `memcpy(target, source, size)` and `memmove()`: all is read before any of it is written. */
export function copyMemory(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  const [target, source, size] = call.arguments;
  if (target === undefined || source === undefined || size === undefined)
    return notModelled(lowering, call, scope, 'without its arguments');
  const trace = traceOf(scope, call.span);
  const to = evaluate(lowering, target, state, scope);
  const from = evaluate(lowering, source, state, scope);
  const result = typed(to, VOID_POINTER);
  const wholes = [
    wholeObject(lowering, target, size, to, scope),
    wholeObject(lowering, source, size, from, scope),
  ] as const;
  const [one, other] = wholes;
  if (one !== undefined && other !== undefined && sameCType(one.type, other.type)) {
    copyObject(lowering, one.object, other.object, one.type, state, trace);
    return result;
  }
  const length = evaluate(lowering, size, state, scope);
  const copy = (path: State, count: number | undefined) => {
    if (count !== 0) copyCounted(lowering, call, path, scope, { to, from, count });
    return result;
  };
  return forEachLength(lowering, call, state, scope, length, copy);
}

/** Reads an object that a call copies somewhere else as a whole, `from` being its address. */
export function readObject(
  lowering: Lowering,
  call: Call,
  from: Value,
  state: State,
  scope: Scope,
): void {
  const [, source, size] = call.arguments;
  const whole = source && size && wholeObject(lowering, source, size, from, scope);
  if (whole === undefined) return;
  const trace = traceOf(scope, call.span);
  const leaves = leavesOf(lowering, whole.type, scope) ?? [];
  for (const { steps, type } of leaves)
    load(lowering, state, along(whole.object, steps, type, trace), 'plain', trace);
}

/** So many lengths of one copy are followed, each on paths of its own. */
const MOST_LENGTHS = 4;

/** Does something on the paths of each length that there may be. */
function forEachLength(
  lowering: Lowering,
  call: Call,
  state: State,
  scope: Scope,
  length: Value,
  act: (path: State, count: number | undefined) => Value,
): Value {
  const known = countIn(length);
  const isOpen = known === undefined && length.kind === 'computed';
  const values = isOpen ? candidatesOf(length, state.registers) : 'any';
  if (values === 'any' || values.size > MOST_LENGTHS) return act(state, known);
  const parted = (path: State, [first, ...others]: readonly Known[]): Value => {
    if (first === undefined) return undefinedValue('what cannot be reached');
    const count = countOf(first);
    if (others.length === 0) return act(path, count);
    const { span } = traceOf(scope, call.span);
    const isIt = binary('==', length, constantOf(first, length.type), span);
    return choose(lowering, decideValue(lowering, isIt, path, call, scope), path, call, scope, {
      yes: (inner) => act(inner, count),
      no: (inner) => parted(inner, others),
    });
  };
  return parted(state, [...values.values()]);
}

/** What is copied: so many bytes, where that is known. */
interface Copied {
  readonly to: Value;
  readonly from: Value;
  readonly count: number | undefined;
}

function copyCounted(
  lowering: Lowering,
  call: Call,
  state: State,
  scope: Scope,
  { to, from, count }: Copied,
): void {
  const [target, source] = call.arguments;
  const written = count && bytesAt(lowering, target!, to, count, state, scope);
  const read = count && bytesAt(lowering, source!, from, count, state, scope);
  const pieces = written && read ? piecesOf(lowering, written, read, scope) : undefined;
  if (written && read && pieces !== undefined)
    copyPieces(lowering, written, read, pieces, state, traceOf(scope, call.span));
  else if (!moveOpenly(lowering, call, state, scope, { to, from }))
    notModelled(
      lowering,
      call,
      scope,
      written && read ? 'between objects of different members' : SIZE_NOT_KNOWN,
    );
}

/** Bits that are copied as one scalar: from inside of one scalar, or all of it, to another. */
interface Piece {
  readonly to: PlacedLeaf;
  readonly from: PlacedLeaf;
  /** Where in each of both it begins, in bits of their objects. */
  readonly written: number;
  readonly read: number;
  readonly width: number;
}

/** What a copy consists of: scalars that match, and single bytes where they do not. */
function piecesOf(
  lowering: Lowering,
  written: Bytes,
  read: Bytes,
  scope: Scope,
): readonly Piece[] | undefined {
  const targets = leavesWithin(lowering, written, scope);
  const sources = leavesWithin(lowering, read, scope);
  if (targets === undefined || sources === undefined) return undefined;
  const distance = read.start - written.start;
  const pieces: Piece[] = [];
  for (const to of targets) {
    const same = sources.find((from) => isSamePlace(to, from, distance));
    if (same !== undefined && isInside(to, written)) {
      const { offset, width } = to;
      pieces.push({ to, from: same, written: offset, read: same.offset, width });
      continue;
    }
    if (to.isBitField) return undefined;
    for (const bit of bytesWithin(to, written)) {
      const from = sources.find((each) => holdsByte(each, bit + distance));
      if (from === undefined || from.isBitField) return undefined;
      pieces.push({ to, from, written: bit, read: bit + distance, width: 8 });
    }
  }
  return pieces;
}

function isSamePlace(to: PlacedLeaf, from: PlacedLeaf, distance: number): boolean {
  const isSame = from.offset === to.offset + distance && from.width === to.width;
  return isSame && from.isBitField === to.isBitField && isBool(from) === isBool(to);
}

function isBool({ type }: PlacedLeaf): boolean {
  return type.kind === 'integer' && type.name === BOOL.name;
}

function holdsByte({ offset, width }: PlacedLeaf, bit: number): boolean {
  return offset <= bit && bit + 8 <= offset + width;
}

function copyPieces(
  lowering: Lowering,
  written: Bytes,
  read: Bytes,
  pieces: readonly Piece[],
  state: State,
  trace: Trace,
): void {
  const values = pieces.map(({ from, read: bit, width }) => {
    const at = along(read.object, from.steps, from.type, trace);
    const isAll = width === from.width;
    const address = isAll ? at : part(from, bit, UNSIGNED_CHAR, at);
    return load(lowering, state, address, 'plain', trace);
  });
  for (const [index, { to, written: bit, width }] of pieces.entries()) {
    const at = along(written.object, to.steps, to.type, trace);
    const address = width === to.width ? at : part(to, bit, UNSIGNED_CHAR, at);
    const value = values[index]!;
    const isOdd = isBool(to) && value.type !== to.type;
    const stored = isOdd ? undefinedValue('bytes that are taken for a bool') : value;
    store(lowering, state, address, stored, 'plain', trace);
  }
}

/** The address of a byte of a scalar. */
function part({ offset, width }: PlacedLeaf, bit: number, type: CInteger, at: Value): Value {
  if (width === type.type.bits) return typed(at, pointerTo(type));
  const isPath = at.kind === 'known' && at.value.kind === 'address';
  if (!isPath) return undefinedValue('a part of what a pointer points to', undefined, at.type);
  const { of } = at.value as { readonly of: string };
  const behind = (bit - offset) / 8;
  return behind === 0 ? addressOf(of, type) : addressOf(`${of}+${behind}`, type);
}

function isInside({ offset, width }: PlacedLeaf, { start, end }: Bytes): boolean {
  return offset >= start && offset + width <= end;
}

/** Where the bytes of a scalar begin that are meant, in bits of the object. */
function bytesWithin({ offset, width }: PlacedLeaf, { start, end }: Bytes): readonly number[] {
  const bytes = Array.from({ length: width / 8 }, (_, at) => offset + at * 8);
  return bytes.filter((bit) => bit >= start && bit + 8 <= end);
}

/** The scalars of which bytes are meant; undefined where that is not known. */
function leavesWithin(
  lowering: Lowering,
  bytes: Bytes,
  scope: Scope,
): readonly PlacedLeaf[] | undefined {
  const leaves = leavesOf(lowering, bytes.type, scope);
  if (leaves === undefined) return undefined;
  const placed: PlacedLeaf[] = [];
  for (const { steps, type } of leaves) {
    const leaf = placedLeaf(lowering, bytes.type, steps, type, scope);
    if (leaf === undefined) return undefined;
    const isMeant = leaf.offset < bytes.end && leaf.offset + leaf.width > bytes.start;
    if (isMeant && leaf.isBitField && !isInside(leaf, bytes)) return undefined;
    if (isMeant) placed.push(leaf);
  }
  return placed;
}

/** The object that is meant as a whole, where the size is written as that of its type, be that known or not. */
function wholeObject(
  lowering: Lowering,
  written: CExpression,
  size: CExpression,
  address: Value,
  scope: Scope,
): { readonly object: Value; readonly type: CType } | undefined {
  const { expression: asked, scope: inner } = unfold(lowering, size, scope);
  if (asked.kind !== 'sizeof') return undefined;
  const type = typeOfExpression(lowering, asked.operand, inner);
  const pointed = pointee(address.type);
  if (type.kind === 'struct' && sameCType(pointed, type)) return { object: address, type };
  const array = arrayOf(lowering, written, address, scope);
  return array !== undefined && sameCType(array.type, type) ? array : undefined;
}

/** An array that stands for the address of its first element. */
function arrayOf(
  lowering: Lowering,
  written: CExpression,
  address: Value,
  scope: Scope,
): { readonly object: Value; readonly type: CType } | undefined {
  const isPlace = written.kind === 'identifier' || written.kind === 'field';
  const type = isPlace ? typeOfExpression(lowering, written, scope) : undefined;
  if (type?.kind !== 'array') return undefined;
  return { object: step('container', address, '[0]', written.span, type), type };
}

function bytesOf(
  lowering: Lowering,
  size: CExpression,
  state: State,
  scope: Scope,
): number | undefined {
  return countIn(evaluate(lowering, size, state, scope));
}

function countIn(value: Value): number | undefined {
  return value.kind === 'known' ? countOf(value.value) : undefined;
}

function countOf(value: Known): number | undefined {
  const count = value.kind === 'integer' ? Number(value.value) : -1;
  return count >= 0 && Number.isSafeInteger(count) ? count : undefined;
}

/** What so many bytes behind an address are. */
function bytesAt(
  lowering: Lowering,
  written: CExpression,
  address: Value,
  count: number,
  state: State,
  scope: Scope,
): Bytes | undefined {
  const bits = count * 8;
  const isWhole = (type: CType) => sizeOf(lowering, type, scope) === count;
  const array = arrayOf(lowering, written, address, scope);
  if (array !== undefined && isWhole(array.type)) return { ...array, start: 0, end: bits };
  if (address.kind === 'known' && address.value.kind === 'address') {
    const { container, bits: start } = positionOf(lowering, address.value.of, scope);
    const type = typeOfPlace(lowering, container, scope);
    const size = sizeOf(lowering, type, scope);
    const end = start + bits;
    if (size === undefined || start < 0 || end > size * 8) return undefined;
    return { object: addressOf(container, type), type, start, end };
  }
  const type = pointee(decayed(address.type));
  const known = type.kind === 'void' ? typeOfAll(lowering, address, state, scope) : valueType(type);
  if (known === undefined || !isWhole(known)) return undefined;
  return { object: typed(address, pointerTo(known)), type: known, start: 0, end: bits };
}

/** The type of all that a pointer may point to. */
function typeOfAll(
  lowering: Lowering,
  pointer: Value,
  state: State,
  scope: Scope,
): CType | undefined {
  const values = candidatesOf(pointer, state.registers);
  if (values === 'any') return undefined;
  const [first, ...others] = [...values.values()].flatMap((value) =>
    value.kind === 'address' ? typeOfPlace(lowering, value.of, scope) : [],
  );
  return first !== undefined && others.every((other) => sameCType(first, other))
    ? first
    : undefined;
}

function notModelled(lowering: Lowering, call: Call, scope: Scope, why: string): Value {
  const place = visiblePlace(scope, call.span);
  const { callee } = call;
  const name = callee.kind === 'identifier' ? callee.name : 'a function';
  lowering.report.notModelled(`${name}() ${why}`, place);
  return undefinedValue(`${name}()`, place);
}
