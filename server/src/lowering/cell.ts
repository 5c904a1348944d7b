/** What an access reaches: a location of the program, or some bits of one where what is there overlaps. */

import type { LocationName } from '../program/program.ts';
import type { Span } from '../text/span.ts';
import type { Lowering, Scope } from './context.ts';
import { convert, lowBits, maskOf } from './convert.ts';
import {
  bitFieldType,
  type CInteger,
  type CType,
  integerOfWidth,
  UNKNOWN,
  UNSIGNED_LONG,
  unsignedOf,
} from './ctype.ts';
import { inside } from './inside.ts';
import { valueType } from './kernel-types.ts';
import { layoutOf, widthOf } from './layout.ts';
import type { State } from './machine.ts';
import { touchRange, touchWhole } from './memory.ts';
import { isShared } from './open-world.ts';
import { hasApart, type Range, unitAround } from './storage.ts';
import { storagePlace } from './storage-place.ts';
import { binary, type Definite, integer, typed, type Undefined, type Value } from './value.ts';
import { withoutOthers } from './wanted-bits.ts';

/** A location of the program, and what of it is meant. */
export interface Cell {
  readonly location: LocationName;
  /** The type of what is there. */
  readonly type: CType;
  /** Where that is not what is meant: the bits that are. */
  readonly part?: Part;
  /** The parts of it that are accessed apart: between these, memory keeps no order that their being one
   *  location would suggest, so that threads cannot share it. */
  readonly apart?: string;
}

export interface Part {
  readonly shift: number;
  readonly width: number;
  /** Whether they are stored by reading and writing what is around them, as bit-fields are. */
  readonly isField: boolean;
}

/** What an access of type `access` at a location reaches; a reason where that is not modelled. */
export function cellOf(
  lowering: Lowering,
  location: LocationName,
  access: CType,
  scope: Scope,
): Cell | string {
  const found = cellIn(lowering, location, access, scope);
  return typeof found === 'string' && isOfOneThread(lowering, location)
    ? { location, type: access }
    : found;
}

/** Whether an open request knows nothing of what is there: what it overlaps with makes no difference. */
function isOfOneThread(lowering: Lowering, location: LocationName): boolean {
  return lowering.request.open !== undefined && !isShared(lowering, location);
}

function cellIn(
  lowering: Lowering,
  location: LocationName,
  access: CType,
  scope: Scope,
): Cell | string {
  const { type, union, field, bytes } = storagePlace(lowering, location, scope);
  if (field !== undefined) return fieldCell(lowering, field, union);
  const width = widthOf(lowering, access, scope);
  if (type.kind === 'struct' || type.kind === 'array') {
    const inner = inside(lowering, withoutBytes(location), bytes * 8, UNKNOWN, scope);
    if (withoutBytes(inner) !== withoutBytes(location))
      return cellOf(lowering, inner, access, scope);
  }
  if (union !== undefined) {
    const own = widthOf(lowering, type, scope);
    return unionCell(lowering, union, location, own === width ? type : access, width ?? own, bytes);
  }
  const packed =
    width === undefined ? undefined : fieldsAt(lowering, type, location, bytes * 8, width, scope);
  if (packed !== undefined) return packed;
  touchWhole(lowering.memory, location);
  const whole = widthOf(lowering, type, scope);
  if (bytes === 0 && (width === undefined || whole === undefined || width === whole))
    return { location, type: whole === undefined ? access : type };
  if (width === undefined || whole === undefined || bytes * 8 + width > whole || bytes < 0)
    return 'an access across the members of a struct';
  const base = location.slice(0, location.length - `+${bytes}`.length);
  const part = { shift: bytes * 8, width, isField: false };
  return { location: bytes === 0 ? location : base, type, part };
}

type FieldPlace = NonNullable<ReturnType<typeof storagePlace>['field']>;
type UnionPlace = NonNullable<ReturnType<typeof storagePlace>['union']>;

function fieldCell(
  lowering: Lowering,
  { shift, width, unit, unitWidth }: FieldPlace,
  union: UnionPlace | undefined,
): Cell | string {
  if (Number.isNaN(shift) || Number.isNaN(unitWidth)) return 'a bit-field whose place is not known';
  const type = unsignedOf(unitWidth);
  if (union === undefined) return { location: unit, type, part: { shift, width, isField: true } };
  const around = unionCell(lowering, union, unit, type, unitWidth, 0);
  if (typeof around === 'string') return around;
  const outer = around.part?.shift ?? 0;
  return { ...around, part: { shift: outer + shift, width, isField: true } };
}

function withoutBytes(location: LocationName): LocationName {
  return location.replace(/\+-?\d+$/, '');
}

/** The bytes of bit-fields that stand so many bits behind the beginning of a struct: they are in no scalar. */
function fieldsAt(
  lowering: Lowering,
  type: CType,
  location: LocationName,
  bits: number,
  width: number,
  scope: Scope,
): Cell | string | undefined {
  if (type.kind !== 'struct') return undefined;
  const path = withoutBytes(location);
  for (const member of layoutOf(lowering, type, scope)?.members ?? []) {
    if (member.bits === undefined || member.offset === undefined || member.name === '') continue;
    const { field, union } = storagePlace(lowering, `${path}.${member.name}`, scope);
    if (field === undefined || union !== undefined) continue;
    const { unit, unitWidth, shift } = field;
    const start = bits - (member.offset - shift);
    if (start < 0 || start >= unitWidth) continue;
    if (start + width > unitWidth) return 'an access across bit-fields and what is beside them';
    const part = { shift: start, width, isField: false };
    return { location: unit, type: unsignedOf(unitWidth), part };
  }
  return undefined;
}

function unionCell(
  lowering: Lowering,
  { key, offset }: UnionPlace,
  path: LocationName,
  type: CType,
  width: number | undefined,
  bytes: number,
): Cell | string {
  if (offset === undefined) return 'a member of a union whose layout is not known';
  const room = width ?? Number.POSITIVE_INFINITY;
  const range: Range = { offset: offset + bytes * 8, width: room, path, type };
  touchRange(lowering.memory, key, range);
  const unit = unitAround(lowering.memory.next.storage, key, range);
  const first = unit.ranges.find(
    (each) => each.offset === unit.offset && each.width === unit.width,
  );
  if (first !== undefined && unit.ranges.length === 1)
    return { location: first.path, type: first.type };
  if (first === undefined || width === undefined || unit.width > 64)
    return 'members of a union that overlap without one of them being all of it';
  const apart = hasApart(unit) ? unit.ranges.map((each) => each.path).join(', ') : undefined;
  const part = { shift: range.offset - unit.offset, width, isField: false };
  const whole = { location: first.path, type: unsignedOf(unit.width) };
  return { ...whole, part, ...(apart && { apart }) };
}

/** The bits of `whole` that are meant, as a value of type `type`. */
export function extract(whole: Value, cell: Cell, type: CType, state: State, span: Span): Value {
  const { part } = cell;
  if (part === undefined) return convert(whole, type, state, span);
  const unit = unitType(cell);
  if (whole.kind === 'undefined') {
    const { some } = whole;
    const wanted = BigInt(maskOf(part.width)) << BigInt(part.shift);
    if (some === undefined || (some.mask & wanted) !== wanted) return typed(whole, type);
    return extract(some.value, cell, type, state, span);
  }
  const own = withoutOthers(whole, BigInt(maskOf(part.width)) << BigInt(part.shift));
  const shifted = part.shift === 0 ? own : binary('>>', own, integer(part.shift), span, unit);
  const target = part.isField ? bitFieldType(type, part.width) : type;
  const narrow = integerOfWidth(part.width, isSigned(type));
  if (narrow !== undefined)
    return convert(convert(shifted, narrow, state, span), target, state, span);
  const bits = lowBits(shifted, part.width, isSigned(type), unit, state, span);
  return isWide(target) ? typed(bits, target) : convert(bits, target, state, span);
}

/** `whole` with the bits that are meant replaced by `value`. */
export function insert(whole: Value, cell: Cell, value: Value, state: State, span: Span): Value {
  const { part } = cell;
  const unit = unitType(cell);
  if (part === undefined || isAll(cell)) return convert(value, cell.type, state, span);
  if (whole.kind === 'undefined') return insertInto(whole, cell, part, value, state, span);
  const kept = binary('&', whole, integer(keptBits(cell), unit), span, unit);
  const changed = binary('|', kept, placed(value, cell, state, span), span, unit);
  return cell.type.kind === 'integer' ? convert(changed, cell.type, state, span) : changed;
}

/** Of what is not known otherwise, the bits that are stored are known from here on. */
function insertInto(
  { some, ...whole }: Undefined,
  cell: Cell,
  part: Part,
  value: Value,
  state: State,
  span: Span,
): Value {
  const unit = unitType(cell);
  const stored = BigInt(maskOf(part.width)) << BigInt(part.shift);
  const before = some ?? { value: integer(0, unit), mask: 0n };
  if (value.kind === 'undefined' || value.kind === 'partial')
    return { ...whole, some: { ...before, mask: before.mask & ~stored } };
  const after = insert(before.value, cell, value, state, span);
  const mask = before.mask | stored;
  if (mask === BigInt(maskOf(unit.type.bits)) || !isDefinite(after)) return after;
  return { ...whole, some: { value: after, mask } };
}

function isDefinite(value: Value): value is Definite {
  return value.kind === 'known' || value.kind === 'computed';
}

/** `value` at the bits that are meant, the others being 0. */
export function placed(value: Value, cell: Cell, state: State, span: Span): Value {
  const unit = unitType(cell);
  const part = cell.part ?? { shift: 0, width: unit.type.bits };
  const wide = convert(value, unit, state, span);
  const masked = binary('&', wide, integer(maskOf(part.width), unit), span, unit);
  return part.shift === 0 ? masked : binary('<<', masked, integer(part.shift), span, unit);
}

/** The bits of the location that a store to the part leaves alone. */
export function keptBits(cell: Cell): number | bigint {
  const { bits } = unitType(cell).type;
  const { shift, width } = cell.part ?? { shift: 0, width: bits };
  const kept = BigInt.asUintN(bits, ~(((1n << BigInt(width)) - 1n) << BigInt(shift)));
  return kept < 2n ** 32n ? Number(kept) : kept;
}

/** Whether the part is all of its location, in another type. */
export function isAll(cell: Cell): boolean {
  return cell.part?.shift === 0 && cell.part.width === unitType(cell).type.bits;
}

/** The type in which the whole is taken apart. */
export function unitType({ type }: Cell): CInteger {
  const inner = valueType(type);
  return inner.kind === 'integer' ? unsignedOf(inner.type.bits) : UNSIGNED_LONG;
}

/** Whether a type is that of a bit-field wider than `int`, and so of just its bits. */
function isWide(type: CType): boolean {
  return type.kind === 'integer' && type.precision !== undefined;
}

function isSigned(type: CType): boolean {
  return type.kind === 'integer' && type.type.signed;
}
