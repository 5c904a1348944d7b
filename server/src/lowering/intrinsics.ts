/** Calls that C's own text cannot express: `container_of`, and what scenarios say to the simulation. */

import { isLocationPath } from '../program/address.ts';
import { registersOf } from '../program/walk.ts';
import type { Place } from '../text/span.ts';
import type { BuiltIn } from './built-in.ts';
import { isConstantExpression } from './constant-expression.ts';
import { type Call, type Lowering, placeOfTrace, type Scope, visiblePlace } from './context.ts';
import { type CType, pointerTo, sameCType } from './ctype.ts';
import { decide } from './decide.ts';
import { evaluate } from './evaluate.ts';
import { offsetOf } from './layout.ts';
import { emit, type State } from './machine.ts';
import { clearMemory, copyMemory, setMemory } from './memory-functions.ts';
import { memberNames } from './names.ts';
import { anyOf, anyWithin } from './open-value.ts';
import { isFree, isRead, isSharedList, openObject, openResult } from './open-world.ts';
import { numberOfCpus, onCpu } from './per-cpu.ts';
import { typeOfPlace } from './place-type.ts';
import { displaced } from './pointer.ts';
import { rejoin } from './rejoin.ts';
import { endThread, reportWait } from './thread-end.ts';
import { traceOf } from './trace.ts';
import { typeOfExpression } from './type-of.ts';
import { addressOf, integer, step, typed, undefinedValue, type Value } from './value.ts';

type Intrinsic = (lowering: Lowering, call: Call, state: State, scope: Scope) => Value;

/** The calls that are built in: `assume(condition)` drops the executions in which the condition does
 *  not hold, `any(a, b)` is each of its arguments in some; gcc's `__builtin_trap()` ends the thread. */
export const intrinsics: Readonly<Record<BuiltIn, Intrinsic>> = {
  container_of: containerOf,
  assume,
  __builtin_expect: firstArgument,
  __builtin_constant_p: isConstant,
  __builtin_choose_expr: notSelected,
  __builtin_types_compatible_p: notSelected,
  __builtin_trap: trap,
  any: chosen,
  __wait_until: waitUntil,
  __any_within: anyInteger,
  __on_cpu: onCpu,
  __cpus: numberOfCpus,
  __any_index: anyIndex,
  memset: setMemory,
  memcpy: copyMemory,
  memmove: copyMemory,
  memzero_explicit: clearMemory,
  __builtin_memset: setMemory,
  __builtin_memcpy: copyMemory,
  __builtin_memmove: copyMemory,
  __memset: setMemory,
  __memcpy: copyMemory,
  __memmove: copyMemory,
};

/** gcc's `__builtin_constant_p()`: surely of a constant expression; of what the compiler may find out it is taken as not. */
function isConstant(lowering: Lowering, call: Call, _state: State, scope: Scope): Value {
  const { arguments: given } = call;
  const isFixed = given.every((each) => isConstantExpression(lowering, each, scope));
  return integer(given.length > 0 && isFixed ? 1 : 0);
}

/** What types decide (see selected.ts), where they are not known. */
function notSelected(lowering: Lowering, call: Call, _state: State, scope: Scope): Value {
  const place = visiblePlace(scope, call.span);
  lowering.report.notModelled('a choice by types that are not known', place);
  return undefinedValue('a choice by types that are not known', place);
}

/** `container_of(pointer, type, member)`: keeps the dependency on the pointer. */
function containerOf(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  const [pointer, type, member] = call.arguments;
  const place = visiblePlace(scope, call.span);
  const names = member && memberNames(member);
  const outer = type && typeOfExpression(lowering, type, scope);
  if (lowering.request.open !== undefined && pointer && outer && member?.kind === 'index')
    return containerOfElement(lowering, evaluate(lowering, pointer, state, scope), outer, place);
  if (pointer === undefined || names === undefined) {
    lowering.report.notModelled('a container_of() that cannot be read', place);
    return undefinedValue('container_of()', place);
  }
  const base = evaluate(lowering, pointer, state, scope);
  const back = outer && containerByBytes(lowering, base, outer, names, scope);
  const made =
    back ??
    names.reduceRight((address, name) => step('container', address, name, place.span), base);
  if (outer === undefined) return made;
  const isThere = isPlaced(made) || isSharedList(lowering, base);
  if (lowering.request.open !== undefined && !isThere)
    return openObject(lowering, pointerTo(outer), `container_${call.span.start}`);
  return typed(made, pointerTo(outer));
}

/** `container_of(pointer, type, member[index])` in an open request: the object of the type, whichever element is meant. */
function containerOfElement(lowering: Lowering, element: Value, outer: CType, place: Place): Value {
  const key = `container_${place.span.start}`;
  return isRead(lowering, element)
    ? openResult(lowering, pointerTo(outer), key, [element], place)
    : openObject(lowering, pointerTo(outer), key);
}

/** Whether a value is the address of something that can be there. */
function isPlaced(value: Value): boolean {
  if (value.kind !== 'known')
    return value.kind === 'computed' && !registersOf(value.expression).every(isFree);
  return value.value.kind === 'address' && isLocationPath(value.value.of);
}

/** The struct around a member that an address is not called by: so many bytes before it. */
function containerByBytes(
  lowering: Lowering,
  base: Value,
  outer: CType,
  names: readonly string[],
  scope: Scope,
): Value | undefined {
  if (base.kind !== 'known' || base.value.kind !== 'address') return undefined;
  const { of } = base.value;
  if (!isLocationPath(of) || of.endsWith(`.${names.join('.')}`)) return undefined;
  const offset = offsetOf(lowering, outer, names.join('.'), scope);
  if (offset === undefined) return undefined;
  const start = displaced(lowering, of, -offset, outer, scope);
  const isOne = sameCType(typeOfPlace(lowering, start, scope), outer);
  return isOne ? addressOf(start, outer) : undefined;
}

function assume(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  return goOnWhere(lowering, call, state, scope, 'discard');
}

function waitUntil(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  reportWait(lowering, traceOf(scope, call.span, '__wait_until'));
  return goOnWhere(lowering, call, state, scope, 'wait');
}

/** Stops the executions in which the argument of a call does not hold. */
function goOnWhere(
  lowering: Lowering,
  call: Call,
  state: State,
  scope: Scope,
  why: 'discard' | 'wait',
): Value {
  const [condition] = call.arguments;
  if (condition === undefined) return integer(0);
  const root = state.block;
  const { yes, no } = decide(lowering, condition, state, scope);
  const trace = traceOf(scope, call.span, 'assume');
  const reason = why === 'wait' ? 'a wait that goes on' : 'an assumption that fails';
  for (const path of no) {
    emit(path, { kind: 'stop', why, reason, ...trace });
    path.dead = true;
  }
  rejoin(lowering, state, yes, root, () => trace);
  return integer(0);
}

/** `__any_index()`: the entry of an array of pointers is taken whatever its index is. */
function anyIndex(lowering: Lowering, call: Call, _state: State, scope: Scope): Value {
  const { report } = lowering;
  report.assume('any-index', EVERY_INDEX, placeOfTrace(traceOf(scope, call.span, '__any_index')));
  return integer(0);
}

const EVERY_INDEX = 'every index of an array of pointers is taken for the same one';

/** `__any_within(0, 9)`: any integer of a range. */
function anyInteger(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  const [least, most] = call.arguments.map((one) => evaluate(lowering, one, state, scope));
  if (least?.kind !== 'known' || most?.kind !== 'known') return undefinedValue('a range');
  const [from, to] = [least.value, most.value];
  if (from.kind !== 'integer' || to.kind !== 'integer') return undefinedValue('a range');
  const range = { least: from.value, most: to.value };
  return anyWithin(lowering, state, range, 'any', traceOf(scope, call.span, 'any'));
}

function trap(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  endThread(lowering, state, 'the thread ends here', traceOf(scope, call.span, '__builtin_trap'));
  return undefinedValue('what cannot be reached');
}

/** `any(a, b)`: one of these, and nothing decides which. */
function chosen(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  const trace = traceOf(scope, call.span, 'any');
  const place = visiblePlace(scope, call.span);
  const values = call.arguments.map((argument) => evaluate(lowering, argument, state, scope));
  const known = values.flatMap((value) => (value.kind === 'known' ? [value.value] : []));
  if (known.length === values.length && known.length > 0)
    return anyOf(lowering, state, known, 'any', trace, values[0]!.type);
  lowering.report.notModelled('any() of values that are not known', place);
  return undefinedValue('any()', place);
}

function firstArgument(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  const [first] = call.arguments;
  return first === undefined ? integer(0) : evaluate(lowering, first, state, scope);
}
