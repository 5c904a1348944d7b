/** How types are laid out in memory: sizes, alignments and places of members, as gcc has them on x86-64. */

import type { Member, TypeName } from '../syntax/ast.ts';
import type { LayoutAttributes } from '../syntax/layout-attributes.ts';
import { constantOf } from './constant.ts';
import type { Lowering, Scope } from './context.ts';
import { BOOL, type CStruct, type CType } from './ctype.ts';
import { knownTypes, scopeOfMembers } from './known-types.ts';
import { askedAlignment, resolveType } from './resolve-type.ts';

/** A member of a struct: where it begins, in bits, as far as that is known. */
export interface PlacedMember {
  readonly name: string;
  readonly type: CType;
  readonly offset: number | undefined;
  /** The outermost union without a name that it is in. */
  readonly union?: UnnamedUnion;
  readonly bits?: BitField;
}

/** A union without a name: counted inside its struct, and where in it a member is, in bits. */
export interface UnnamedUnion {
  readonly index: number;
  readonly at: number | undefined;
}

export interface BitField {
  readonly width: number;
  /** Counts the sequences of bit-fields that share one memory location (C11 3.14). */
  readonly run: number;
}

/** The layout of a struct or union. */
export interface Layout {
  /** In bytes; undefined where a member is of a type whose size is not known. */
  readonly size: number | undefined;
  readonly alignment: number | undefined;
  /** Members of members without a name among them. */
  readonly members: readonly PlacedMember[];
}

/** The size of a type in bytes; undefined where it is not known. */
export function sizeOf(lowering: Lowering, type: CType, scope: Scope): number | undefined {
  switch (type.kind) {
    case 'integer':
      return type.type.bits / 8;
    case 'pointer':
      return 8;
    case 'array': {
      const element = sizeOf(lowering, type.of, scope);
      return element === undefined || type.length === undefined ? undefined : element * type.length;
    }
    case 'struct':
      return layoutOf(lowering, type, scope)?.size;
    case 'void':
      return 1;
    case 'function':
    case 'unknown':
      return undefined;
  }
}

/** The width of a scalar in bits. */
export function widthOf(lowering: Lowering, type: CType, scope: Scope): number | undefined {
  if (type.kind === 'integer') return type.type.bits;
  if (type.kind === 'pointer') return 64;
  const size = type.kind === 'unknown' ? undefined : sizeOf(lowering, type, scope);
  return size === undefined ? undefined : size * 8;
}

/** The alignment of a type in bytes; undefined where it is not known. */
export function alignmentOf(lowering: Lowering, type: CType, scope: Scope): number | undefined {
  if (type.kind === 'array') return alignmentOf(lowering, type.of, scope);
  if (type.kind === 'struct') return layoutOf(lowering, type, scope)?.alignment;
  return sizeOf(lowering, type, scope);
}

/** The layout of a struct; undefined where its definition was not found. */
export function layoutOf(lowering: Lowering, struct: CStruct, scope: Scope): Layout | undefined {
  const { definition } = struct;
  if (definition === undefined) return undefined;
  const { layouts } = knownTypes(lowering);
  const known = layouts.get(definition);
  if (known !== undefined) return known;
  layouts.set(definition, ENDLESS);
  const { isUnion, members, attributes } = definition;
  const inner = scopeOfMembers(lowering, definition, scope);
  const { isPacked = false } = attributes;
  const placing = place({ lowering, scope: inner, isPacked, runs: 0, unions: 0 }, members, isUnion);
  const layout = aligned(placing, attributes);
  layouts.set(definition, layout);
  return layout;
}

/** A struct that asks for more alignment than its members need. */
function aligned(layout: Layout, { alignment: asked }: LayoutAttributes): Layout {
  if (asked === undefined) return layout;
  const { size, alignment } = layout;
  if (asked.bytes === undefined || alignment === undefined)
    return { ...layout, size: undefined, alignment: undefined };
  const most = Math.max(alignment, asked.bytes);
  return { ...layout, size: size && roundUp(size, most), alignment: most };
}

/** A struct inside itself. */
const ENDLESS: Layout = { size: undefined, alignment: undefined, members: [] };

/** Where a member is inside a type, in bytes; undefined where that is not known, or it is a bit-field. */
export function offsetOf(
  lowering: Lowering,
  type: CType,
  path: string,
  scope: Scope,
): number | undefined {
  const [step, name, index] = /^\.?(\w+)|^\[(\d+)\]/.exec(path) ?? [];
  if (step === undefined) return path === '' ? 0 : undefined;
  const rest = path.slice(step.length);
  if (index !== undefined) {
    const size = type.kind === 'array' ? sizeOf(lowering, type.of, scope) : undefined;
    const inner = type.kind === 'array' ? offsetOf(lowering, type.of, rest, scope) : undefined;
    return size === undefined ? undefined : sum(size * Number(index), inner);
  }
  const layout = type.kind === 'struct' ? layoutOf(lowering, type, scope) : undefined;
  const member = layout?.members.find((each) => each.name === name);
  if (member?.offset === undefined || member.bits !== undefined) return undefined;
  return sum(member.offset / 8, offsetOf(lowering, member.type, rest, scope));
}

interface Placing {
  readonly lowering: Lowering;
  readonly scope: Scope;
  readonly isPacked: boolean;
  /** So many sequences of bit-fields, and unions without a name, so far. */
  runs: number;
  unions: number;
}

/** Where the next member goes. */
interface Cursor {
  /** In bits; undefined behind a member whose size is not known. */
  at: number | undefined;
  /** The furthest end so far, in bits. */
  end: number | undefined;
  alignment: number | undefined;
  /** Whether the member before is a bit-field of the current run. */
  inRun: boolean;
}

function place(placing: Placing, members: readonly Member[], isUnion: boolean): Layout {
  const cursor: Cursor = { at: 0, end: 0, alignment: 1, inRun: false };
  const placed = placeAll(placing, members, isUnion, cursor);
  const { end, alignment } = cursor;
  const size =
    end === undefined || alignment === undefined ? undefined : roundUp(end, alignment * 8) / 8;
  return { size, alignment, members: placed };
}

function placeAll(
  placing: Placing,
  members: readonly Member[],
  isUnion: boolean,
  cursor: Cursor,
): readonly PlacedMember[] {
  return members.flatMap((member): readonly PlacedMember[] => {
    if (isUnion) {
      cursor.at = 0;
      cursor.inRun = false;
    }
    switch (member.kind) {
      case 'field':
        return member.bits === undefined
          ? placeField(placing, member, cursor)
          : placeBits(placing, member, cursor);
      case 'nested': {
        const inner = placeNested(placing, member);
        const offset = advance(cursor, inner.size, placing.isPacked ? 1 : inner.alignment);
        const index = member.isUnion ? placing.unions++ : undefined;
        return inner.members.map((each) => nestedMember(each, offset, index));
      }
      case 'alternatives':
        return placeAlternatives(placing, member, isUnion, cursor);
    }
  });
}

/** A member without a name is laid out for itself: that what is around it is packed does not reach into it. */
function placeNested(placing: Placing, member: Member & { readonly kind: 'nested' }): Layout {
  const { attributes, isUnion, members } = member;
  const { isPacked = false } = attributes;
  const own: Placing = { ...placing, isPacked };
  const inner = place(own, members, isUnion);
  Object.assign(placing, { runs: own.runs, unions: own.unions });
  return aligned(inner, attributes);
}

/** A member of a member without a name, as one of the struct around it; `index` is that of a union. */
function nestedMember(
  member: PlacedMember,
  offset: number | undefined,
  index: number | undefined,
): PlacedMember {
  const moved = { ...member, offset: sum(member.offset, offset) };
  return index === undefined ? moved : { ...moved, union: { index, at: member.offset } };
}

type Field = Member & { readonly kind: 'field' };

function placeField(
  placing: Placing,
  { name, type: written, attributes }: Field,
  cursor: Cursor,
): readonly PlacedMember[] {
  const { lowering, scope } = placing;
  const type = resolveType(lowering, written, scope);
  const isPacked = placing.isPacked || attributes.isPacked === true;
  const natural = isPacked ? 1 : alignmentOfWritten(lowering, written, type, scope);
  const alignment = memberAlignment(natural, attributes);
  const size = type.kind === 'array' && type.isOpen === true ? 0 : sizeOf(lowering, type, scope);
  return [{ name, type, offset: advance(cursor, size, alignment) }];
}

/** The alignment of a type as it is written: that of a typedef's attribute, else its own. */
function alignmentOfWritten(
  lowering: Lowering,
  written: TypeName,
  type: CType,
  scope: Scope,
): number | undefined {
  const asked = askedAlignment(lowering, written, scope);
  return asked === undefined ? alignmentOf(lowering, type, scope) : asked.bytes;
}

function memberAlignment(
  natural: number | undefined,
  { alignment }: LayoutAttributes,
): number | undefined {
  if (alignment === undefined || natural === undefined) return natural;
  return alignment.bytes && Math.max(natural, alignment.bytes);
}

/** Takes room for a member that is no bit-field; says where it begins, in bits. */
function advance(
  cursor: Cursor,
  size: number | undefined,
  alignment: number | undefined,
): number | undefined {
  cursor.inRun = false;
  const offset =
    cursor.at === undefined || alignment === undefined
      ? undefined
      : roundUp(cursor.at, alignment * 8);
  cursor.at = sum(offset, size === undefined ? undefined : size * 8);
  widen(cursor, alignment);
  return offset;
}

function widen(cursor: Cursor, alignment: number | undefined): void {
  cursor.end =
    cursor.end === undefined || cursor.at === undefined
      ? undefined
      : Math.max(cursor.end, cursor.at);
  cursor.alignment =
    cursor.alignment === undefined || alignment === undefined
      ? undefined
      : Math.max(cursor.alignment, alignment);
}

/** A bit-field stands behind the one before, but never across a border of its type (System V ABI, AMD64
 *  supplement, 3.1.2); one of no width ends the sequence. */
function placeBits(
  placing: Placing,
  { name, type: written, bits, attributes }: Field,
  cursor: Cursor,
): readonly PlacedMember[] {
  const { lowering, scope } = placing;
  const { isPacked = placing.isPacked, alignment } = attributes;
  const type = resolveType(lowering, written, scope);
  const isAligned = (alignment ?? askedAlignment(lowering, written, scope)) !== undefined;
  const isPlaced = type.kind === 'integer' && !isAligned;
  const size = isPlaced ? type.type.bits : undefined;
  const width = Number(constantOf(lowering, bits!, scope) ?? Number.NaN);
  const isKnown =
    size !== undefined &&
    width >= 0 &&
    width <= (type.kind === 'integer' && type.name === BOOL.name ? 1 : size);
  if (!isKnown || cursor.at === undefined) {
    cursor.at = undefined;
    widen(cursor, undefined);
    return name === ''
      ? []
      : [
          {
            name,
            type,
            offset: undefined,
            bits: { width: isKnown ? width : 0, run: placing.runs },
          },
        ];
  }
  if (width === 0) {
    cursor.at = roundUp(cursor.at, size);
    cursor.inRun = false;
    return [];
  }
  const crosses = Math.floor(cursor.at / size) !== Math.floor((cursor.at + width - 1) / size);
  const offset = crosses && !isPacked ? roundUp(cursor.at, size) : cursor.at;
  if (!cursor.inRun) placing.runs++;
  cursor.inRun = true;
  cursor.at = offset + width;
  widen(cursor, name === '' || isPacked ? 1 : size / 8);
  return name === '' ? [] : [{ name, type, offset, bits: { width, run: placing.runs } }];
}

/** Alternatives of an `#if`: where they are laid out differently, what comes after is not known. */
function placeAlternatives(
  placing: Placing,
  { branches }: Member & { readonly kind: 'alternatives' },
  isUnion: boolean,
  cursor: Cursor,
): readonly PlacedMember[] {
  const before = { ...cursor };
  const placed = branches.flatMap(({ members }) => {
    Object.assign(cursor, before);
    return placeAll(placing, members, isUnion, cursor);
  });
  Object.assign(cursor, before, { at: undefined, inRun: false });
  widen(cursor, undefined);
  return placed;
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

function sum(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : left + right;
}
