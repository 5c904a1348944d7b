/** Loads and stores: of variables, and of memory as statements of the program. */

import type { AccessOrder, FenceTag } from '../kernel/operation.ts';
import { isLocationPath } from '../program/address.ts';
import {
  assignmentsOf,
  type Candidates,
  evaluateWith,
  only,
  unionOf,
} from '../program/candidates.ts';
import type { Expression, LocationName } from '../program/program.ts';
import { hintOf, initialValue, type Lowering, placeOfTrace, SETUP } from './context.ts';
import { convert } from './convert.ts';
import { pointee } from './ctype.ts';
import { valueType } from './kernel-types.ts';
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
import { endBefore, settled, stop, stopWhere } from './settle.ts';
import {
  binary,
  candidatesOf,
  computed,
  type Definite,
  type Known,
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
  const type = valueType(pointee(written.type));
  const found = targetsOf(lowering, state, written, trace);
  if (found === undefined) return undefinedValue('what cannot be reached', undefined, type);
  const { address, locations: targets } = found;
  for (const location of targets) recordRead(lowering.memory, lowering.thread, location);
  const held = heldValue(lowering, state, targets);
  if (held !== undefined && (order !== 'acquire' || lowering.thread === SETUP))
    return type.kind === 'unknown' ? held : typed(held, type);
  const left = order === 'plain' ? leftThere(lowering, state, address) : undefined;
  if (left !== undefined) return left;
  forceIntoMemory(lowering, address, targets);
  const register = lowering.freshRegister(hintOf(targets[0]!));
  const expression: Expression = {
    kind: 'load',
    order: effectiveOrder(lowering, order, trace),
    address: toExpression(address, trace.span),
    ...trace,
  };
  emit(state, { kind: 'assign', register, value: expression, ...trace });
  const values = targets.map((location) => readable(lowering, state, location));
  return typed(holding(state, register, values.reduce(unionOf), trace), type);
}

/** Puts `value`, converted to the type of what is there, at `address`: into the variable, or into memory by
 *  a statement. */
export function store(
  lowering: Lowering,
  state: State,
  written: Value,
  stored: Value,
  order: AccessOrder,
  trace: Trace,
  then?: FenceTag,
): void {
  const converted = convert(stored, valueType(pointee(written.type)), state, trace.span);
  const found = targetsOf(lowering, state, written, trace);
  if (found === undefined) return;
  const { address, locations: targets } = found;
  const [location] = targets;
  const ordered = order === 'release' || then !== undefined;
  const inVariable = address.kind === 'known' && !isInMemory(lowering.memory, location);
  if (inVariable && (!ordered || lowering.thread === SETUP)) {
    noteWrite(lowering, state, targets, candidatesOf(converted, state.registers));
    state.variables.set(location, converted);
    return;
  }
  if (converted.kind === 'undefined') {
    endBefore(lowering, state, converted, trace);
    return;
  }
  const value = settled(lowering, state, converted, trace);
  if (value === undefined) return;
  noteWrite(lowering, state, targets, candidatesOf(value, state.registers));
  forceIntoMemory(lowering, address, targets);
  emit(state, {
    kind: 'store',
    order: effectiveOrder(lowering, order, trace),
    address: toExpression(address, trace.span),
    value: toExpression(value, trace.span),
    ...(then && { then }),
    ...trace,
  });
}

/** Where an address may lead. */
export interface Targets {
  readonly address: Definite;
  readonly locations: readonly [LocationName, ...LocationName[]];
}

/** The locations an address may be of; undefined where the path ends. Where it may also be of none (a null
 *  pointer), the program stops there as at a bound, so that an answer that depends on it is not given. */
export function targetsOf(
  lowering: Lowering,
  state: State,
  written: Value,
  trace: Trace,
): Targets | undefined {
  const address = settled(lowering, state, written, trace);
  if (address === undefined) return undefined;
  if (address.kind === 'known' && isPlace(address.value))
    return { address, locations: [address.value.of] };
  if (address.kind === 'computed') stopAstray(lowering, state, address.expression, trace);
  if (state.dead) return undefined;
  const candidates = candidatesOf(address, state.registers);
  if (candidates === 'any') {
    stop(lowering, state, 'an access through a pointer that may point anywhere', trace);
    return undefined;
  }
  const places = [...candidates.values()].flatMap((value) => (isPlace(value) ? value.of : []));
  const [first, ...others] = places;
  if (first !== undefined) return { address, locations: [first, ...others] };
  stop(lowering, state, POINTS_TO_NOTHING, trace);
  return undefined;
}

const POINTS_TO_NOTHING = 'an access through a pointer to nothing';

function isPlace(value: Known | undefined): value is Known & { readonly kind: 'address' } {
  return value?.kind === 'address' && isLocationPath(value.of);
}

/** Stops the executions in which a pointer leads nowhere. */
function stopAstray(lowering: Lowering, state: State, address: Expression, trace: Trace): void {
  const assignments = assignmentsOf(address, state.registers);
  if (assignments === 'any') return;
  const isWild = (assignment: ReadonlyMap<string, Known>) =>
    !isPlace(evaluateWith(address, assignment));
  const wild = assignments.filter(isWild);
  if (wild.length === 0) return;
  if (wild.length === assignments.length) {
    stop(lowering, state, POINTS_TO_NOTHING, trace);
    return;
  }
  const astray = wild
    .map((assignment) => holdsOf(assignment, trace))
    .reduce((left, right) => binary('||', left, right, trace.span)) as Definite;
  const end = (path: State) => stop(lowering, path, POINTS_TO_NOTHING, trace);
  stopWhere(lowering, state, astray, end, trace);
}

/** Whether the registers hold these values. */
function holdsOf(assignment: ReadonlyMap<string, Known>, { span }: Trace): Value {
  return [...assignment]
    .map(([name, value]): Value => {
      const register = computed({ kind: 'register', name, span });
      return binary('==', register, known(value, register.type), span);
    })
    .reduce((left, right) => binary('&&', left, right, span));
}

/** The register as a value, remembering what it may hold. */
export function holding(
  state: State,
  register: string,
  values: Candidates,
  { span }: Trace,
): Value {
  state.registers = new Map(state.registers).set(register, values);
  return computed({ kind: 'register', name: register, span });
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
    recordWrite(memory, thread, location, values);
  }
}

/** Puts locations that were taken for private into memory, from the next round on. */
export function forceIntoMemory(
  lowering: Lowering,
  address: Value,
  targets: readonly LocationName[],
): void {
  const { memory } = lowering;
  if (address.kind === 'known' && isInMemory(memory, targets[0]!)) return;
  for (const location of targets) recordForced(memory, location);
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
  if (targets.some((location) => isInMemory(lowering.memory, location))) return undefined;
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
