/** Where in its object a path leads: through which union, to which bits of a bit-field's storage, to which byte. */

import { rootOf, stepsOf } from '../program/address.ts';
import type { LocationName } from '../program/program.ts';
import type { Member } from '../syntax/ast.ts';
import { type Lowering, type Scope, topScope } from './context.ts';
import { type CType, UNKNOWN } from './ctype.ts';
import { knownPlaces } from './known-types.ts';
import { type Layout, layoutOf, type PlacedMember, sizeOf } from './layout.ts';
import { memberType, typeOfPlace } from './place-type.ts';

/** A place in storage. */
export interface StoragePlace {
  readonly type: CType;
  /** The outermost union around it, and where inside it is, in bits, as far as that is known. */
  readonly union?: { readonly key: string; readonly offset: number | undefined };
  readonly field?: FieldPlace;
  /** So many bytes behind where the path leads. */
  readonly bytes: number;
  /** Whether an index leads beyond its array. */
  readonly isOutside: boolean;
}

/** A bit-field and the storage that it shares with its neighbours. */
export interface FieldPlace {
  /** Not a number where the layout is not known. */
  readonly shift: number;
  readonly width: number;
  /** The storage: its name, and its width in bits. */
  readonly unit: string;
  readonly unitWidth: number;
}

/** Where a path leads. */
export function storagePlace(
  lowering: Lowering,
  location: LocationName,
  scope: Scope,
): StoragePlace {
  const { storage } = knownPlaces(lowering, location);
  const known = storage.get(location);
  if (known !== undefined) return known;
  const place = follow(lowering, location, scope);
  storage.set(location, place);
  return place;
}

interface Cursor {
  path: string;
  type: CType;
  union?: { key: string; offset: number | undefined };
  field?: FieldPlace;
  bytes: number;
  isOutside: boolean;
}

function follow(lowering: Lowering, location: LocationName, scope: Scope): StoragePlace {
  const root = rootOf(location);
  const type = typeOfPlace(lowering, root, scope);
  const cursor: Cursor = { path: root, type, bytes: 0, isOutside: false };
  for (const step of stepsOf(location)) {
    if (step.startsWith('[')) stepToElement(lowering, cursor, Number(step.slice(1, -1)), scope);
    else if (step.startsWith('+')) cursor.bytes = Number(step.slice(1));
    else stepToMember(lowering, cursor, step.slice(1), scope);
    cursor.path += step;
  }
  const { union, field, bytes, isOutside } = cursor;
  return { type: cursor.type, bytes, isOutside, ...(union && { union }), ...(field && { field }) };
}

function stepToElement(lowering: Lowering, cursor: Cursor, index: number, scope: Scope): void {
  const array = cursor.type.kind === 'array' ? cursor.type : undefined;
  const of = array?.of ?? UNKNOWN;
  if (array?.length !== undefined && array.length > 0 && index >= array.length)
    cursor.isOutside = true;
  const { union } = cursor;
  if (union !== undefined) {
    const size = sizeOf(lowering, of, scope);
    union.offset = sum(union.offset, size === undefined ? undefined : size * 8 * index);
  }
  cursor.type = of;
}

function stepToMember(lowering: Lowering, cursor: Cursor, name: string, scope: Scope): void {
  const { type, union, path } = cursor;
  const definition = type.kind === 'struct' ? type.definition : undefined;
  if (definition === undefined || (union === undefined && isPlain(definition, name))) {
    if (union !== undefined) union.offset = undefined;
    cursor.type = memberType(lowering, type, name, scope) ?? UNKNOWN;
    return;
  }
  const layout = type.kind === 'struct' ? layoutOf(lowering, type, topScope(scope)) : undefined;
  const member = layout?.members.find((each) => each.name === name);
  cursor.type = member?.type ?? UNKNOWN;
  if (union !== undefined) union.offset = sum(union.offset, member?.offset);
  else if (definition.isUnion) cursor.union = { key: `${path}|`, offset: member?.offset };
  else if (member?.union !== undefined) {
    const { index, at } = member.union;
    cursor.union = { key: `${path}|${index}`, offset: at };
  }
  if (layout === undefined || member?.bits === undefined) return;
  const field = fieldPlace(layout, member, path);
  cursor.field = field;
  if (cursor.union !== undefined)
    cursor.union.offset = difference(cursor.union.offset, field.shift);
}

/** Whether a member stands by itself: in no union, and no bit-field. */
function isPlain(
  { isUnion, members }: { readonly isUnion: boolean; readonly members: readonly Member[] },
  name: string,
): boolean {
  if (isUnion) return false;
  return members.some((member) => {
    if (member.kind === 'field') return member.name === name && member.bits === undefined;
    if (member.kind === 'nested') return isPlain(member, name);
    return member.branches.some((branch) => isPlain({ isUnion, ...branch }, name));
  });
}

/** A bit-field in the bytes that its run of neighbours takes; of a long run, in the 64 bits around it. */
function fieldPlace({ members }: Layout, member: PlacedMember, struct: string): FieldPlace {
  const { width, run } = member.bits!;
  const offset = member.offset ?? Number.NaN;
  const neighbours = members.filter(({ bits }) => bits?.run === run);
  const starts = neighbours.map((each) => each.offset ?? Number.NaN);
  const ends = neighbours.map((each) => (each.offset ?? Number.NaN) + each.bits!.width);
  const word = Math.floor(offset / 64) * 64;
  const start = Math.max(word, Math.floor(Math.min(...starts) / 8) * 8);
  const end = Math.min(word + 64, Math.ceil(Math.max(...ends) / 8) * 8);
  const inside = neighbours.filter((each) => each.offset! >= start && each.offset! < end);
  const first = inside[0]?.name ?? member.name;
  const last = inside.at(-1)?.name ?? member.name;
  const name = first === last ? first : `${first}:${last}`;
  return { shift: offset - start, width, unit: `${struct}.${name}`, unitWidth: end - start };
}

function sum(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : left + right;
}

function difference(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : left - right;
}
