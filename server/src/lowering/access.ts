/** Loads and stores: of variables, and of memory as statements of the program. */

import type { AccessOrder, FenceTag } from '../kernel/operation.ts';
import { isLocationPath } from '../program/address.ts';
import { type Candidates, evaluateWith, only, outcomesOf, unionOf } from '../program/candidates.ts';
import type { Expression, LocationName } from '../program/program.ts';
import { registersOf } from '../program/walk.ts';
import { hintOf, initialValue, joiningAt, type Lowering, placeOfTrace, SETUP } from './context.ts';
import { convert } from './convert.ts';
import { pointee } from './ctype.ts';
import { valueType } from './kernel-types.ts';
import { become, emit, fork, join, type State, type Trace } from './machine.ts';
import {
  contentsOf,
  isInMemory,
  isOwn,
  isWrittenHere,
  recordForced,
  recordRead,
  recordWrite,
} from './memory.ts';
import {
  binary,
  candidatesOf,
  computed,
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
  address: Value,
  order: AccessOrder,
  trace: Trace,
): Value {
  const targets = targetsOf(lowering, state, address, trace);
  const type = valueType(pointee(address.type));
  if (targets.length === 0) return undefinedValue('what cannot be reached', undefined, type);
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
  address: Value,
  stored: Value,
  order: AccessOrder,
  trace: Trace,
  then?: FenceTag,
): void {
  const value = convert(stored, valueType(pointee(address.type)), state, trace.span);
  const targets = targetsOf(lowering, state, address, trace);
  if (targets.length === 0) return;
  noteWrite(lowering, state, targets, candidatesOf(value, state.registers));
  const [location] = targets;
  const ordered = order === 'release' || then !== undefined;
  const inVariable = address.kind === 'known' && !isInMemory(lowering.memory, location!);
  if (inVariable && (!ordered || lowering.thread === SETUP)) {
    state.variables.set(location!, value);
    return;
  }
  forceIntoMemory(lowering, address, targets);
  if (value.kind === 'undefined') reportUndefined(lowering, value, trace);
  emit(state, {
    kind: 'store',
    order: effectiveOrder(lowering, order, trace),
    address: toExpression(address, trace.span),
    value: toExpression(value, trace.span),
    ...(then && { then }),
    ...trace,
  });
}

/** The locations an address may be of. Where it may also be of none (a null pointer), the program
 *  stops there as at a bound, so that an answer that depends on it is not given. */
export function targetsOf(
  lowering: Lowering,
  state: State,
  address: Value,
  trace: Trace,
): readonly LocationName[] {
  if (state.dead) return [];
  if (address.kind === 'undefined') {
    reportUndefined(lowering, address, trace);
    return [];
  }
  if (address.kind === 'known' && isPlace(address.value)) return [address.value.of];
  if (address.kind === 'computed') guard(lowering, state, address.expression, trace);
  const candidates = candidatesOf(address, state.registers);
  if (candidates === 'any') {
    const message = 'an access through a pointer that may point anywhere';
    lowering.report.notModelled(message, placeOfTrace(trace));
    return [];
  }
  const targets = [...candidates.values()].flatMap((value) => (isPlace(value) ? value.of : []));
  if (targets.length === 0) stop(lowering, state, POINTS_TO_NOTHING, trace);
  return targets;
}

const POINTS_TO_NOTHING = 'an access through a pointer to nothing';

function isPlace(value: Known | undefined): value is Known & { readonly kind: 'address' } {
  return value?.kind === 'address' && isLocationPath(value.of);
}

/** Stops the executions in which a pointer leads nowhere, where there are others too. */
function guard(lowering: Lowering, state: State, address: Expression, trace: Trace): void {
  const [register, ...others] = new Set(registersOf(address));
  const values = register === undefined ? 'any' : (state.registers.get(register) ?? 'any');
  if (register === undefined || others.length > 0 || values === 'any') return;
  const leadsSomewhere = (value: Known) =>
    isPlace(evaluateWith(address, new Map([[register, value]])));
  const wild = [...values.values()].filter((value) => !leadsSomewhere(value));
  if (wild.length === 0 || wild.length === values.size) return;
  const { span } = trace;
  const pointer = computed({ kind: 'register', name: register, span });
  const isWild = wild
    .map((value) => binary('==', pointer, known(value, pointer.type), span))
    .reduce((left, right) => binary('||', left, right, span));
  const condition = toExpression(isWild, span);
  const { yes = state.registers, no = state.registers } = outcomesOf(condition, state.registers);
  const root = state.block;
  const [astray, ahead] = fork(state, condition, { yes, no }, trace);
  stop(lowering, astray, POINTS_TO_NOTHING, trace);
  become(
    state,
    join(
      [ahead],
      root,
      joiningAt(lowering, () => trace),
    )[0],
  );
}

/** Ends the path where the lowering cannot go on: a "never" is then no answer. */
export function stop(lowering: Lowering, state: State, reason: string, trace: Trace): void {
  emit(state, { kind: 'stop', why: 'bound', reason, ...trace });
  state.dead = true;
  lowering.report.assume('bound', reason, placeOfTrace(trace));
}

export function reportUndefined(
  lowering: Lowering,
  value: Value & { readonly kind: 'undefined' },
  trace: Trace,
): void {
  const place = value.place ?? placeOfTrace(trace);
  lowering.report.notModelled(`the value of ${value.reason} matters here`, place);
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
