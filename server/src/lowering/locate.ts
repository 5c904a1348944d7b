/** From an address to the locations of the program that an access through it reaches. */

import { isLocationPath } from '../program/address.ts';
import { assignmentsOf, evaluateWith } from '../program/candidates.ts';
import type { LocationName } from '../program/program.ts';
import { partsOf, registersOf } from '../program/walk.ts';
import { type Cell, cellOf } from './cell.ts';
import type { Lowering } from './context.ts';
import { type CType, pointee, sameCType } from './ctype.ts';
import { valueType } from './kernel-types.ts';
import { fileScope } from './known-types.ts';
import { chooseFree, chooseObject, type State, type Trace } from './machine.ts';
import { firstOfAll, isFree, isRead, NO_DEPENDENCY, opened, readBy } from './open-world.ts';
import { redirected } from './pointer.ts';
import { settled, stop, stopWhere } from './settle.ts';
import { storagePlace } from './storage-place.ts';
import {
  addressOf,
  binary,
  candidatesOf,
  type Definite,
  type Known,
  known,
  type Value,
} from './value.ts';
import { holdsOf } from './valued.ts';

/** Where an address may lead. */
export interface Targets {
  /** The address by which the program accesses one of the locations. */
  readonly address: Definite;
  readonly locations: readonly [LocationName, ...LocationName[]];
  /** What is at each of them, and what of it is meant. */
  readonly cell: Cell;
  /** The type of the access. */
  readonly type: CType;
}

/** The locations that an access by an address may reach; undefined where the path ends. Where it may also lead
 *  nowhere (a null pointer), the program stops there as at a bound, so that an answer that depends on it is
 *  not given. */
export function targetsOf(
  lowering: Lowering,
  state: State,
  written: Value,
  trace: Trace,
): Targets | undefined {
  const given = settled(lowering, state, firstOfAll(lowering, written, state), trace);
  if (given === undefined) return undefined;
  const paths = placesOf(lowering, state, given, trace);
  if (paths === undefined) return undefined;
  const address = chosen(lowering, given, paths, trace);
  const type = valueType(pointee(address.type));
  const scope = fileScope(lowering, trace.origin.file);
  if (address.kind === 'known') {
    const cell = cellOf(lowering, paths[0], type, scope);
    if (typeof cell !== 'string') return directly(address, cell, type);
  }
  const cells = paths.map((path) => cellOf(lowering, path, type, scope));
  const located = together(address, paths, cells, trace);
  if (typeof located !== 'string') return { ...located, type };
  stop(lowering, state, located, trace);
  return undefined;
}

/** The place of an address that is computed from free values alone, where it can be of one only: no read of
 *  memory gives it, or in a way that is not followed, which is told. */
function chosen(
  lowering: Lowering,
  address: Definite,
  [first, ...others]: readonly LocationName[],
  { origin: { file, span } }: Trace,
): Definite {
  const isFreely = address.kind === 'computed' && registersOf(address.expression).every(isFree);
  if (!isFreely || others.length > 0 || first === undefined) return address;
  if (isRead(lowering, address))
    lowering.report.assume(
      'no-dependency',
      NO_DEPENDENCY,
      { file, span },
      {
        thread: lowering.thread,
        of: readBy(lowering, [address]),
      },
    );
  return { ...addressOf(first), type: address.type };
}

/** Whether an address leads to where an open request follows nothing. */
export function isAstray(lowering: Lowering, written: Value, state: State, trace: Trace): boolean {
  if (lowering.request.open === undefined) return false;
  const address = firstOfAll(lowering, opened(lowering, written, written.type), state);
  if (address.kind === 'computed') {
    for (const part of partsOf(address.expression)) chooseObject(state, part, trace);
    chooseFree(state, [address.expression], trace);
  }
  if (address.kind === 'undefined' || candidatesOf(address, state.registers) === 'any') return true;
  return address.kind === 'known' && !placeTest(lowering, trace)(address.value);
}

/** The one location of an address that is known. */
function directly(address: Definite, cell: Cell, type: CType): Targets {
  const isItself =
    address.kind === 'known' &&
    address.value.kind === 'address' &&
    address.value.of === cell.location;
  return {
    address: isItself ? address : addressOf(cell.location, cell.type),
    locations: [cell.location],
    cell,
    type,
  };
}

/** The places that an address may be of; undefined where it is of none, and the path ends. */
export function placesOf(
  lowering: Lowering,
  state: State,
  address: Definite,
  trace: Trace,
): readonly [LocationName, ...LocationName[]] | undefined {
  const isPlace = placeTest(lowering, trace);
  if (address.kind === 'known' && isPlace(address.value)) return [address.value.of];
  if (address.kind === 'computed') stopAstray(lowering, state, address, trace);
  if (state.dead) return undefined;
  const candidates = candidatesOf(address, state.registers);
  if (candidates === 'any') {
    stop(lowering, state, 'an access through a pointer that may point anywhere', trace);
    return undefined;
  }
  const places = [...candidates.values()].flatMap((value) => (isPlace(value) ? value.of : []));
  const [first, ...others] = places;
  if (first !== undefined) return [first, ...others];
  stop(lowering, state, POINTS_TO_NOTHING, trace);
  return undefined;
}

export const POINTS_TO_NOTHING = 'an access through a pointer to nothing';

type Place = Known & { readonly kind: 'address' };

/** Whether a value is the address of something: of no container that is none, and of no element beyond its array. */
function placeTest(
  lowering: Lowering,
  { origin }: Trace,
): (value: Known | undefined) => value is Place {
  return (value): value is Place => {
    if (value?.kind !== 'address' || !isLocationPath(value.of)) return false;
    const isIndexed = value.of.includes('[');
    return (
      !isIndexed || !storagePlace(lowering, value.of, fileScope(lowering, origin.file)).isOutside
    );
  };
}

/** Stops the executions in which a pointer leads nowhere. */
function stopAstray(
  lowering: Lowering,
  state: State,
  address: Definite & { readonly kind: 'computed' },
  trace: Trace,
): void {
  const { expression } = address;
  const isPlace = placeTest(lowering, trace);
  const assignments = assignmentsOf(expression, state.registers);
  if (assignments === 'any') {
    const candidates = candidatesOf(address, state.registers);
    const values = candidates === 'any' ? [] : [...candidates.values()];
    const wild = values.filter((value) => !isPlace(value));
    stopAt(
      lowering,
      state,
      wild.map((value) => isValue(address, value, trace)),
      values.length,
      trace,
    );
    return;
  }
  const wild = assignments.filter((assignment) => !isPlace(evaluateWith(expression, assignment)));
  const conditions = wild.map((assignment) => holdsOf(assignment, trace.span));
  stopAt(lowering, state, conditions, assignments.length, trace);
}

function isValue(address: Definite, value: Known, { span }: Trace): Value {
  return binary('==', address, known(value, address.type), span);
}

/** Stops the executions in which one of the conditions holds; where these are all of them, the path. */
function stopAt(
  lowering: Lowering,
  state: State,
  astray: readonly Value[],
  of: number,
  trace: Trace,
): void {
  if (astray.length === 0) return;
  if (astray.length === of) {
    stop(lowering, state, POINTS_TO_NOTHING, trace);
    return;
  }
  const any = astray.reduce((left, right) => binary('||', left, right, trace.span)) as Definite;
  const end = (path: State) => stop(lowering, path, POINTS_TO_NOTHING, trace);
  stopWhere(lowering, state, any, end, trace);
}

/** One address for all cells; a reason where there is none. */
function together(
  address: Definite,
  paths: readonly LocationName[],
  cells: readonly (Cell | string)[],
  { span }: Trace,
): Omit<Targets, 'type'> | string {
  const found: Cell[] = [];
  for (const cell of cells) {
    if (typeof cell === 'string') return cell;
    found.push(cell);
  }
  const [first, ...others] = found as [Cell, ...Cell[]];
  if (!others.every((other) => isAlike(other, first)))
    return 'an access through a pointer to places that are stored differently';
  const locations = [first.location, ...others.map(({ location }) => location)] as const;
  const direct = address.kind === 'known' ? addressOf(first.location, first.type) : undefined;
  const moved = direct ?? redirected(address, paths, locations, span);
  return moved === undefined
    ? 'an access through a pointer to places that are stored differently'
    : { address: moved, locations: [...locations], cell: first };
}

function isAlike(left: Cell, right: Cell): boolean {
  return (
    sameCType(left.type, right.type) &&
    left.part?.shift === right.part?.shift &&
    left.part?.width === right.part?.width
  );
}
