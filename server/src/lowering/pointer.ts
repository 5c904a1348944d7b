/**
 * Where pointers lead once they are moved or taken for another type: addresses are paths, which the layout
 * of their object turns into bytes and back.
 */

import {
  arrayPath,
  bytesBehind,
  elementDistance,
  elementPath,
  rootOf,
  stepsOf,
} from '../program/address.ts';
import type { LocationName } from '../program/program.ts';
import type { Span } from '../text/span.ts';
import type { Lowering, Scope } from './context.ts';
import { type CType, LONG, pointee, sameCType } from './ctype.ts';
import { inside } from './inside.ts';
import { layoutOf, widthOf } from './layout.ts';
import type { State } from './machine.ts';
import { typeOfPlace } from './place-type.ts';
import { storagePlace } from './storage-place.ts';
import {
  candidatesOf,
  type Definite,
  element,
  integer,
  known,
  step,
  through,
  typed,
  type Value,
} from './value.ts';

/** Where a path leads, as bits behind the beginning of the outermost thing around it whose layout tells. */
export interface Position {
  readonly container: LocationName;
  readonly bits: number;
}

export function positionOf(lowering: Lowering, path: LocationName, scope: Scope): Position {
  const steps = stepsOf(path);
  let container = rootOf(path);
  const parts = steps.map((each) => {
    const before = container;
    container += each;
    return { before, bits: bitsOfStep(lowering, before, each, scope) };
  });
  let position: Position = { container: path, bits: 0 };
  for (const { before, bits } of parts.toReversed()) {
    if (bits === undefined) break;
    position = { container: before, bits: position.bits + bits };
  }
  return position;
}

/** How far behind the beginning of what is at `path` a step leads, in bits. */
function bitsOfStep(
  lowering: Lowering,
  path: LocationName,
  each: string,
  scope: Scope,
): number | undefined {
  if (each.startsWith('+')) return Number(each.slice(1)) * 8;
  const type = typeOfPlace(lowering, path, scope);
  if (each.startsWith('[')) {
    const width = type.kind === 'array' ? widthOf(lowering, type.of, scope) : undefined;
    return width === undefined ? undefined : width * Number(each.slice(1, -1));
  }
  if (type.kind !== 'struct') return undefined;
  const member = layoutOf(lowering, type, scope)?.members.find(
    ({ name }) => name === each.slice(1),
  );
  return member?.bits === undefined ? member?.offset : undefined;
}

/** The address so many bytes behind that of `path`, of something of type `wanted`. */
export function displaced(
  lowering: Lowering,
  path: LocationName,
  bytes: number,
  wanted: CType,
  scope: Scope,
): LocationName {
  const { container, bits } = positionOf(lowering, path, scope);
  const target = bits + bytes * 8;
  const width = widthOf(lowering, typeOfPlace(lowering, container, scope), scope);
  const isInside = target >= 0 && (width === undefined || target < width);
  return isInside
    ? inside(lowering, container, target, wanted, scope)
    : bytesBehind(container, target / 8);
}

/** Whether a path is an element of an array of things as large as `type`. */
export function isElementOf(
  lowering: Lowering,
  path: LocationName,
  type: CType,
  scope: Scope,
): boolean {
  if (!path.endsWith(']')) return false;
  const own = typeOfPlace(lowering, path, scope);
  if (type.kind === 'unknown' || own.kind === 'unknown' || sameCType(own, type)) return true;
  const [left, right] = [widthOf(lowering, own, scope), widthOf(lowering, type, scope)];
  return left !== undefined && left === right;
}

/** The path moved by `count` things of type `type`. */
export function movedPath(
  lowering: Lowering,
  path: LocationName,
  count: number,
  type: CType,
  scope: Scope,
): LocationName | undefined {
  if (count === 0) return path;
  if (isElementOf(lowering, path, type, scope))
    return movedElement(lowering, path, count, type, scope);
  const width = type.kind === 'void' ? 8 : widthOf(lowering, type, scope);
  if (width === undefined) return undefined;
  return displaced(lowering, path, (count * width) / 8, type, scope);
}

/** An element further on in its array, or in the next one of an array of arrays. */
function movedElement(
  lowering: Lowering,
  path: LocationName,
  count: number,
  type: CType,
  scope: Scope,
): LocationName | undefined {
  const moved = elementPath(path, count);
  const isInside = moved !== undefined && !storagePlace(lowering, moved, scope).isOutside;
  const width = widthOf(lowering, type, scope);
  if (isInside || width === undefined) return moved;
  const other = displaced(lowering, path, (count * width) / 8, type, scope);
  return other.endsWith(']') && arrayPath(other) === arrayPath(path) ? other : moved;
}

/** How many bytes two paths are apart; undefined where they are of different objects, or that is not known. */
export function bytesBetween(
  lowering: Lowering,
  from: LocationName,
  to: LocationName,
  scope: Scope,
): number | undefined {
  if (from === to) return 0;
  const [start, end] = [positionOf(lowering, from, scope), positionOf(lowering, to, scope)];
  if (start.container !== end.container) return undefined;
  return (end.bits - start.bits) / 8;
}

/** The number of elements between two paths of one array. */
export function elementsBetween(
  lowering: Lowering,
  from: LocationName,
  to: LocationName,
  type: CType,
  scope: Scope,
): number | undefined {
  const distance = elementDistance(from, to);
  if (distance !== undefined && isElementOf(lowering, from, type, scope)) return distance;
  const bytes = bytesBetween(lowering, from, to, scope);
  const width = type.kind === 'void' ? 8 : widthOf(lowering, type, scope);
  return bytes === undefined || width === undefined ? undefined : (bytes * 8) / width;
}

/** A pointer taken for one to `wanted`: what begins at the same place and is of that type, if there is such. */
export function retargeted(
  lowering: Lowering,
  pointer: Value,
  wanted: CType,
  state: State,
  span: Span,
  scope: Scope,
): Value {
  if (pointer.kind === 'undefined' || pointer.kind === 'partial')
    return through(pointer, (inner) => retargeted(lowering, inner, wanted, state, span, scope));
  if (!isTold(wanted) || sameCType(pointee(pointer.type), wanted)) return pointer;
  const candidates = candidatesOf(pointer, state.registers);
  if (candidates === 'any') return pointer;
  const paths = [...candidates.values()].flatMap((value) =>
    value.kind === 'address' ? value.of : [],
  );
  const targets = paths.map((path) => sameStart(lowering, path, wanted, scope));
  return paths.every((path, at) => path === targets[at])
    ? pointer
    : (redirected(pointer, paths, targets, span) ?? pointer);
}

/** Whether a type says how what it is of is stored. */
function isTold({ kind }: CType): boolean {
  return kind === 'struct' || kind === 'integer' || kind === 'pointer' || kind === 'array';
}

function sameStart(
  lowering: Lowering,
  path: LocationName,
  wanted: CType,
  scope: Scope,
): LocationName {
  const { container, bits } = positionOf(lowering, path, scope);
  if (wanted.kind === 'integer' && wanted.type.bits === 8) return path;
  const found = outwards(lowering, container, bits, path, wanted, scope);
  if (found !== undefined) return found;
  const start = inside(lowering, container, bits, wanted, scope);
  return sameCType(typeOfPlace(lowering, start, scope), wanted) ? start : path;
}

/** What around a path begins where it does and is of the type. */
function outwards(
  lowering: Lowering,
  container: LocationName,
  bits: number,
  path: LocationName,
  wanted: CType,
  scope: Scope,
): LocationName | undefined {
  const steps = stepsOf(path);
  let at = rootOf(path);
  const around = [at, ...steps.map((each) => (at += each))];
  return around.find((each) => {
    if (each.length < container.length) return false;
    const position = positionOf(lowering, each, scope);
    const isSame = position.container === container && position.bits === bits;
    return isSame && sameCType(typeOfPlace(lowering, each, scope), wanted);
  });
}

/** A pointer led from each of its paths to the target of that: so many elements on, or by other last steps; undefined
 *  where they do not all change in the same way. */
export function led(
  pointer: Definite,
  paths: readonly LocationName[],
  targets: readonly LocationName[],
  span: Span,
): Value | undefined {
  const distance = elementDistance(paths[0] ?? '', targets[0] ?? '');
  const isMoved =
    distance !== undefined &&
    paths.every((path, at) => elementPath(path, distance) === targets[at]);
  if (distance === 0 && isMoved) return pointer;
  return isMoved
    ? element(pointer, integer(distance, LONG), span)
    : redirected(pointer, paths, targets, span);
}

/** A pointer with the last steps of each of its paths changed to those of its target; undefined where they
 *  do not all change in the same way. */
export function redirected(
  pointer: Definite,
  paths: readonly LocationName[],
  targets: readonly LocationName[],
  span: Span,
): Definite | undefined {
  if (pointer.kind === 'known')
    return targets[0] === undefined
      ? undefined
      : known({ kind: 'address', of: targets[0] }, pointer.type);
  const changes = paths.map((path, at) => changeOf(path, targets[at]!));
  const [first, ...others] = changes;
  if (first === undefined || others.some((other) => other.key !== first.key)) return undefined;
  if ([...first.from, ...first.to].some((name) => name.startsWith('+'))) return undefined; // bytes are no member
  const back = first.from
    .toReversed()
    .reduce<Value>((value, name) => step('container', value, name, span), pointer);
  const moved = first.to.reduce((value, name) => step('member', value, name, span), back);
  return moved.kind === 'known' || moved.kind === 'computed'
    ? typed(moved, pointer.type)
    : undefined;
}

interface Change {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly key: string;
}

function changeOf(path: LocationName, target: LocationName): Change {
  if (path === target) return { from: [], to: [], key: '' };
  const [before, after] = [stepsOf(path), stepsOf(target)];
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const name = (each: string) => (each.startsWith('.') ? each.slice(1) : each);
  const [from, to] = [before.slice(same).map(name), after.slice(same).map(name)];
  return { from, to, key: `${from.join()}>${to.join()}` };
}
