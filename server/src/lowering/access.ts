/** Loads and stores: of variables, and of memory as statements of the program. */

import type { AccessOrder, FenceTag } from '../kernel/operation.ts';
import { type Candidates, only, unionOf } from '../program/candidates.ts';
import { extended } from '../program/layered-map.ts';
import type { Expression, LocationName } from '../program/program.ts';
import { type Cell, extract, insert, isAll, keptBits, placed, unitType } from './cell.ts';
import { hintOf, initialValue, type Lowering, placeOfTrace, SETUP } from './context.ts';
import { convert } from './convert.ts';
import { type CType, INT, pointee } from './ctype.ts';
import { valueType } from './kernel-types.ts';
import { isAstray, type Targets, targetsOf } from './locate.ts';
import { emit, type State, type Trace } from './machine.ts';
import {
  contentsOf,
  isInMemory,
  isOwn,
  isWrittenHere,
  recordForced,
  recordRead,
  recordWrite,
} from './memory.ts';
import { isShared, leadsToShared, opened, openValue } from './open-world.ts';
import { endBefore, settled, stop } from './settle.ts';
import {
  candidatesOf,
  computed,
  type Definite,
  known,
  sameValue,
  toExpression,
  typed,
  undefinedValue,
  type Value,
} from './value.ts';

/** What is at `address`. A load from memory is emitted and gives a register. What no other thread can
 *  change is known without: a location that nobody shares, and one in memory that only this thread
 *  writes, which a plain read finds as it was left. Leaving such a read out takes nothing from what
 *  the program can do. */
export function load(
  lowering: Lowering,
  state: State,
  written: Value,
  order: AccessOrder,
  trace: Trace,
): Value {
  const pointed = valueType(pointee(written.type));
  if (isAstray(lowering, written, state, trace))
    return openValue(lowering, pointed, `${trace.origin.site}_${written.kind}`);
  const found = targetsOf(lowering, state, written, trace);
  if (found === undefined) return undefinedValue('what cannot be reached', undefined, pointed);
  if (isOneOfOwn(lowering, found)) return unknownAt(lowering, found.locations[0], pointed);
  const { cell, type } = found;
  const whole = loadWhole(lowering, state, found, order, trace);
  if (cell.part === undefined)
    return type.kind === 'unknown' ? whole : convert(whole, type, state, trace.span);
  return extract(whole, cell, type, state, trace.span);
}

/** The value of the locations themselves. */
function loadWhole(
  lowering: Lowering,
  state: State,
  { address, locations, cell }: Targets,
  order: AccessOrder,
  trace: Trace,
): Value {
  const type = valueType(cell.type);
  noteRead(lowering, locations);
  const held = heldValue(lowering, state, locations);
  if (held !== undefined && (order !== 'acquire' || lowering.thread === SETUP))
    return type.kind === 'unknown' ? held : typed(held, type);
  const left = order === 'plain' ? leftThere(lowering, state, address) : undefined;
  if (left !== undefined) return typed(left, type);
  if (!mayShare(lowering, state, cell, trace)) return undefinedValue('what cannot be reached');
  forceIntoMemory(lowering, address, locations);
  const register = lowering.freshRegister(hintOf(locations[0]));
  const expression: Expression = {
    kind: 'load',
    order: effectiveOrder(lowering, order, trace),
    address: toExpression(address, trace.span),
    ...trace,
  };
  if (!locations.some((location) => isShared(lowering, location))) {
    if (order === 'acquire') emit(state, { kind: 'evaluate', value: expression, ...trace });
    return openValue(lowering, type, register);
  }
  emit(state, { kind: 'assign', register, value: expression, ...trace });
  const values = locations.map((location) => readable(lowering, state, location));
  return typed(holding(state, register, values.reduce(unionOf), trace), type);
}

/** Puts `value`, converted to the type of what is there, at `address`: into the variable, or into memory by
 *  a statement. Returns what is there then: of a bit-field, the bits that it has room for (C11 6.5.16). */
export function store(
  lowering: Lowering,
  state: State,
  written: Value,
  stored: Value,
  order: AccessOrder,
  trace: Trace,
  then?: FenceTag,
): Value {
  const { span } = trace;
  const converted = opened(
    lowering,
    convert(stored, valueType(pointee(written.type)), state, span),
  );
  if (isAstray(lowering, written, state, trace)) return converted;
  const found = targetsOf(lowering, state, written, trace);
  if (found === undefined) return converted;
  if (isOneOfOwn(lowering, found)) {
    for (const location of found.locations)
      state.variables.set(location, unknownAt(lowering, location, found.cell.type));
    return converted;
  }
  const { address, locations, cell, type } = found;
  const kept = keptIn(cell, converted, type, state, trace);
  const ordered = order === 'release' || then !== undefined;
  const inVariable =
    address.kind === 'known' && !isInMemory(lowering.memory, lowering.thread, locations[0]);
  if (inVariable && (!ordered || lowering.thread === SETUP)) {
    const before = state.variables.get(locations[0]) ?? initialValue(lowering, locations[0]);
    const value = insert(before, cell, converted, state, span);
    noteWrite(lowering, state, locations, candidatesOf(value, state.registers));
    notePointedTo(lowering, value, state);
    state.variables.set(locations[0], value);
    return kept;
  }
  if (converted.kind === 'undefined') {
    endBefore(lowering, state, converted, trace);
    return kept;
  }
  const value = settled(lowering, state, converted, trace);
  if (value === undefined || !mayShare(lowering, state, cell, trace)) return kept;
  if (cell.part === undefined || isAll(cell))
    storeWhole(lowering, state, found, convert(value, cell.type, state, span), order, trace);
  else if (cell.part.isField) {
    const before = loadWhole(lowering, state, found, 'plain', trace);
    storeWhole(lowering, state, found, insert(before, cell, value, state, span), order, trace);
  } else storePart(lowering, state, found, value, order, trace);
  if (then !== undefined) emit(state, { kind: 'fence', tag: then, ...trace });
  return kept;
}

/** What a store of `value` leaves in a cell, read back. */
function keptIn(cell: Cell, value: Value, type: CType, state: State, { span }: Trace): Value {
  if (cell.part?.isField !== true) return value;
  return extract(placed(value, cell, state, span), cell, type, state, span);
}

/** Whether an open request accesses one of several places of which none is shared: of these it keeps no track. */
function isOneOfOwn(lowering: Lowering, { locations }: Targets): boolean {
  if (lowering.request.open === undefined || locations.length === 1) return false;
  return !locations.some((location) => isShared(lowering, location));
}

function unknownAt(lowering: Lowering, location: LocationName, type: CType): Value {
  return openValue(lowering, type, `${location}_${lowering.freshFrame()}`);
}

/** Whether threads can share what is there; else the path ends. */
export function mayShare(lowering: Lowering, state: State, { apart }: Cell, trace: Trace): boolean {
  if (apart === undefined || lowering.thread === SETUP) return true;
  stop(lowering, state, `parts of one word that are accessed apart: ${apart}`, trace);
  return false;
}

function storeWhole(
  lowering: Lowering,
  state: State,
  { address, locations }: Targets,
  value: Value,
  order: AccessOrder,
  trace: Trace,
): void {
  noteWrite(lowering, state, locations, candidatesOf(value, state.registers));
  forceIntoMemory(lowering, address, locations);
  emit(state, {
    kind: 'store',
    order: effectiveOrder(lowering, order, trace),
    address: toExpression(address, trace.span),
    value: toExpression(value, trace.span),
    ...trace,
  });
}

/** A store to some bytes of what others access as a whole: as one step that keeps the other bytes. */
function storePart(
  lowering: Lowering,
  state: State,
  { address, locations, cell }: Targets,
  value: Definite,
  order: AccessOrder,
  trace: Trace,
): void {
  const { span } = trace;
  noteRead(lowering, locations);
  forceIntoMemory(lowering, address, locations);
  const unit = unitType(cell);
  const old = locations.map((location) => readable(lowering, state, location)).reduce(unionOf);
  const registers = extended(state.registers, [[OLD, old]]);
  const inserted = insert(
    computed({ kind: 'register', name: OLD, span }, unit),
    cell,
    value,
    { ...state, registers },
    span,
  );
  noteWrite(lowering, state, locations, candidatesOf(inserted, registers));
  const message = 'a store to a part of what others access as a whole, taken as one step';
  lowering.report.assume('taken-as-marked', message, placeOfTrace(trace));
  const update: Expression = {
    kind: 'rmw',
    order: order === 'release' ? 'release' : 'noreturn',
    apply: 'set',
    keeps: keptBits(cell),
    address: toExpression(address, span),
    operand: toExpression(placed(value, cell, state, span), span),
    result: 'nothing',
    ...(unit.type === INT.type ? {} : { type: unit.type }),
    ...trace,
  };
  emit(state, { kind: 'evaluate', value: update, ...trace });
}

const OLD = 'old';

/** The register as a value, remembering what it may hold. */
export function holding(
  state: State,
  register: string,
  values: Candidates,
  { span }: Trace,
): Value {
  state.registers = extended(state.registers, [[register, values]]);
  return computed({ kind: 'register', name: register, span });
}

/** Notes that a variable of an open request is given a value that may lead to what is asked about. */
export function notePointedTo(lowering: Lowering, value: Value, state: State): void {
  if (lowering.request.open !== undefined && leadsToShared(lowering, value, state))
    lowering.accessed.isPointedTo = true;
}

/** Notes for all threads that this one reads what they share. */
export function noteRead(lowering: Lowering, locations: readonly LocationName[]): void {
  for (const location of locations)
    if (isShared(lowering, location)) {
      lowering.accessed.isAny = true;
      recordRead(lowering.memory, lowering.thread, location);
    }
}

/** Notes for all threads that `targets` may come to hold `values`. */
export function noteWrite(
  lowering: Lowering,
  state: State,
  targets: readonly LocationName[],
  values: Candidates,
): void {
  const { memory, thread } = lowering;
  for (const location of targets) {
    const before = targets.length === 1 ? values : readable(lowering, state, location);
    state.latest.set(location, unionOf(before, values));
    if (isShared(lowering, location)) {
      lowering.accessed.isAny = true;
      recordWrite(memory, thread, location, values);
    }
  }
}

/** Puts locations that were taken for private into memory, from the next round on. */
export function forceIntoMemory(
  lowering: Lowering,
  address: Value,
  targets: readonly LocationName[],
): void {
  const { memory, thread } = lowering;
  if (address.kind === 'known' && isInMemory(memory, thread, targets[0]!)) return;
  for (const location of targets) recordForced(memory, thread, location);
}

/** What a load by this thread can return on this path. */
export function readable(lowering: Lowering, state: State, location: LocationName): Candidates {
  const { memory, thread } = lowering;
  return isOwn(memory, thread, location)
    ? (state.latest.get(location) ?? only(memory.initial(location)))
    : contentsOf(memory, location);
}

/** The value in variables, where all targets are held there and hold the same. */
function heldValue(
  lowering: Lowering,
  state: State,
  targets: readonly LocationName[],
): Value | undefined {
  if (targets.some((location) => isInMemory(lowering.memory, lowering.thread, location)))
    return undefined;
  const [first, ...others] = targets.map(
    (location) => state.variables.get(location) ?? initialValue(lowering, location),
  );
  return others.every((value) => sameValue(value, first!)) ? first : undefined;
}

/** The one value that this thread, the only one to write there, can have left at an address. Past a
 *  read barrier the read stays, known or not: what depends on it comes after the reads before. */
function leftThere(lowering: Lowering, state: State, address: Value): Value | undefined {
  if (address.kind !== 'known' || address.value.kind !== 'address') return undefined;
  const { of } = address.value;
  if (state.pastReadBarrier || !isWrittenHere(lowering.memory, lowering.thread, of))
    return undefined;
  const values = readable(lowering, state, of);
  const [value, ...others] = values === 'any' ? [] : values.values();
  return value === undefined || others.length > 0
    ? undefined
    : known(value, valueType(pointee(address.type)));
}

function effectiveOrder(lowering: Lowering, order: AccessOrder, trace: Trace): AccessOrder {
  if (order !== 'plain' || lowering.request.accesses === 'as-written') return order;
  const message = 'a plain access, taken as READ_ONCE() or WRITE_ONCE()';
  lowering.report.assume('taken-as-marked', message, placeOfTrace(trace));
  return 'once';
}
