/** Lowers a call of a primitive by its row of the table: the operation is the same for litmus tests. */

import type { Operand, Operation, RmwFunction, RmwResult } from '../kernel/operation.ts';
import type { Primitive } from '../kernel/primitive.ts';
import { type Candidates, only, unionOf } from '../program/candidates.ts';
import { type IntegerType, UPDATE_OPERATORS } from '../program/integer.ts';
import type { Expression } from '../program/program.ts';
import type { Span } from '../text/span.ts';
import { forceIntoMemory, holding, load, noteWrite, readable, store, targetsOf } from './access.ts';
import { type Call, hintOf, type Lowering, type Scope, SETUP } from './context.ts';
import { arithmeticType, convert } from './convert.ts';
import { type CInteger, type CType, INT, pointee } from './ctype.ts';
import { designate, member } from './designate.ts';
import { evaluate } from './evaluate.ts';
import { valueType } from './kernel-types.ts';
import type { OrderingSite } from './lowering.ts';
import { emit, type State, type Trace } from './machine.ts';
import { recordRead } from './memory.ts';
import { resultType } from './primitive-type.ts';
import { settled } from './settle.ts';
import { reportSite, traceOf } from './trace.ts';
import {
  binary,
  candidatesOf,
  computed,
  type Definite,
  integer,
  step,
  toExpression,
  typed,
  undefinedValue,
  type Value,
} from './value.ts';

/** A call of a primitive, its arguments not yet evaluated. */
interface Use {
  readonly lowering: Lowering;
  readonly row: Primitive;
  readonly call: Call;
  readonly state: State;
  readonly scope: Scope;
  readonly trace: Trace;
}

const NOTHING = undefinedValue('a primitive that returns nothing');

/** Emits what `row` says the call does, and gives what the call is worth. */
export function applyPrimitive(
  lowering: Lowering,
  row: Primitive & { readonly operation: Operation },
  call: Call,
  state: State,
  scope: Scope,
): Value {
  const use = { lowering, row, call, state, scope, trace: traceOf(scope, call.span, row.name) };
  const { block } = state;
  const before = block.statements.length;
  const value = perform(use, row.operation);
  const device = deviceOf(row, row.operation);
  const isEmitted = block !== state.block || block.statements.length > before;
  if (device !== undefined && isEmitted) reportSite(lowering, use.trace, device);
  return value;
}

function perform(use: Use, operation: Operation): Value {
  const { lowering, state, trace } = use;
  switch (operation.kind) {
    case 'load':
      return load(lowering, state, locationOf(use, operation.location), operation.order, trace);
    case 'store': {
      const value = operandOf(use, operation.value);
      const address = locationOf(use, operation.location);
      store(lowering, state, address, value, operation.order, trace, operation.then);
      return NOTHING;
    }
    case 'rmw':
      return readModifyWrite(use, operation);
    case 'cmpxchg':
      return compareExchange(use, operation);
    case 'add-unless':
      return addUnless(use, operation);
    case 'fence':
      emit(state, { kind: 'fence', tag: operation.tag, ...trace });
      return NOTHING;
    case 'lock':
      return lock(use, operation);
    case 'rcu':
      emit(state, { kind: 'rcu', action: operation.action, ...trace });
      return NOTHING;
    case 'srcu':
      return srcu(use, operation);
  }
}

function deviceOf(row: Primitive, operation: Operation): OrderingSite['device'] | undefined {
  switch (operation.kind) {
    case 'load':
      if (operation.order === 'acquire') return 'acquire';
      return row.category === 'rcu-dereference' ? 'dependency' : undefined;
    case 'store':
      if (operation.then !== undefined) return 'fence';
      return operation.order === 'release' ? 'release' : undefined;
    case 'rmw':
    case 'cmpxchg':
    case 'add-unless':
      if (operation.order === 'mb') return 'rmw';
      return operation.order === 'acquire' || operation.order === 'release'
        ? operation.order
        : undefined;
    case 'fence':
      return 'fence';
    case 'lock':
      return operation.action === 'is-locked' ? undefined : 'lock';
    case 'rcu':
    case 'srcu':
      return operation.action === 'synchronize' ? 'grace-period' : undefined;
  }
}

/** The address of the location the primitive acts on: for one bit of a word, the bit's own location. */
function locationOf(use: Use, argument: number): Value {
  const { lowering, row, call, state, scope } = use;
  const written = call.arguments[argument];
  if (written === undefined) return missingArgument(row.name);
  const base =
    row.access?.by === 'lvalue'
      ? designate(lowering, written, state, scope)
      : evaluate(lowering, written, state, scope);
  const bit = bitName(use);
  const fields = row.access?.field?.split('.') ?? [];
  const place = fields.reduce(
    (address, name) => member(lowering, address, name, call.span, scope),
    base,
  );
  return bit === undefined ? place : step('member', place, bit, call.span, INT);
}

function missingArgument(name: string): Value {
  return undefinedValue(`an argument that ${name}() is called without`);
}

function bitName({ lowering, row, call, state, scope }: Use): string | undefined {
  const bit = row.access?.bit;
  if (bit === undefined || typeof bit === 'string') return bit;
  const written = call.arguments[bit];
  if (written?.kind === 'identifier') return written.name;
  const named = written && scope.frame.replaced.get(written.span);
  if (named?.isCall === false) return named.macro;
  const number = written && evaluate(lowering, written, state, scope);
  return number?.kind === 'known' && number.value.kind === 'integer'
    ? `bit${number.value.value}`
    : undefined;
}

function operandOf({ lowering, row, call, state, scope }: Use, operand: Operand): Value {
  if ('constant' in operand) return integer(operand.constant);
  const written = call.arguments[operand.argument];
  return written === undefined
    ? missingArgument(row.name)
    : evaluate(lowering, written, state, scope);
}

/** What a read-modify-write acts on. */
interface Place {
  readonly address: Definite;
  readonly targets: readonly [string, ...string[]];
  /** The type of what is there, and the integer type that an operation on it computes in. */
  readonly type: CType;
  readonly computes: CInteger;
}

/** Where the operation acts, noted as read and in memory; undefined where the path ends here. */
function placeOf(use: Use, location: number): Place | undefined {
  const { lowering, state, trace } = use;
  const written = locationOf(use, location);
  const found = targetsOf(lowering, state, written, trace);
  if (found === undefined) return undefined;
  const { address, locations: targets } = found;
  for (const target of targets) recordRead(lowering.memory, lowering.thread, target);
  if (lowering.thread !== SETUP) forceIntoMemory(lowering, address, targets);
  const type = valueType(pointee(address.type));
  const computes =
    type.kind === 'integer' ? type : arithmeticType(undefinedValue('', undefined, type), state);
  return { address, targets, type, computes };
}

/** An operand, converted to the type of the place; undefined where it has no value, and the path ends. */
function settledOperand(
  { lowering, state, trace }: Use,
  written: Value,
  { type }: Place,
): Definite | undefined {
  return settled(lowering, state, convert(written, type, state, trace.span), trace);
}

/** The type in an operation of the program: absent for an `int`. */
function computing({ type }: CInteger): { readonly type?: IntegerType } {
  return type === INT.type ? {} : { type };
}

function valuesAt({ lowering, state }: Use, targets: readonly string[]): Candidates {
  return targets.map((location) => readable(lowering, state, location)).reduce(unionOf);
}

const OLD = 'old';

/** What `old` becomes, and what the operation returns, as values over a register `old`. */
function rmwValues(
  { apply, result }: { readonly apply: RmwFunction; readonly result: RmwResult },
  old: Value,
  operand: Value,
  type: CInteger,
  span: Span,
): { readonly stored: Value; readonly returned: Value } {
  const stored = apply === 'set' ? operand : combine(apply, old, operand, type, span);
  switch (result) {
    case 'nothing':
      return { stored, returned: NOTHING };
    case 'old':
      return { stored, returned: old };
    case 'new':
      return { stored, returned: stored };
    case 'new-is-zero':
      return { stored, returned: binary('==', stored, integer(0), span) };
    case 'new-is-negative':
      return { stored, returned: binary('<', stored, integer(0), span) };
    case 'old-is-nonzero':
      return { stored, returned: binary('!=', old, integer(0), span) };
    case 'changed':
      return { stored, returned: binary('!=', old, stored, span) };
  }
}

function combine(
  apply: Exclude<RmwFunction, 'set'>,
  old: Value,
  operand: Value,
  type: CInteger,
  span: Span,
): Value {
  const right = apply === 'andnot' ? binary('^', operand, integer(-1), span, type) : operand;
  return binary(UPDATE_OPERATORS[apply], old, right, span, type);
}

function readModifyWrite(use: Use, operation: Operation & { readonly kind: 'rmw' }): Value {
  const { lowering, state, trace } = use;
  const written = operandOf(use, operation.operand);
  const place = placeOf(use, operation.location);
  const operand = place && settledOperand(use, written, place);
  if (place === undefined || operand === undefined) return NOTHING;
  const { span } = trace;
  const { address, targets, type, computes } = place;
  if (lowering.thread === SETUP) {
    const old = load(lowering, state, address, 'once', trace);
    const { stored, returned } = rmwValues(operation, old, operand, computes, span);
    store(lowering, state, address, stored, 'once', trace);
    return returned;
  }
  const registers = new Map([...state.registers, [OLD, valuesAt(use, targets)]]);
  const old = computed({ kind: 'register', name: OLD, span }, type);
  const { stored, returned } = rmwValues(operation, old, operand, computes, span);
  const results = candidatesOf(returned, registers);
  noteWrite(lowering, state, targets, candidatesOf(stored, registers));
  const { order, apply, result } = operation;
  const parts = { address: toExpression(address, span), operand: toExpression(operand, span) };
  const wide = computing(apply === 'set' ? INT : computes);
  const value = { kind: 'rmw', order, apply, result, ...parts, ...wide, ...trace } as const;
  return emitAtomic(use, targets, results, value, resultType(operation, type));
}

/** Emits the operation, for its value or, where it has none, for its effect. */
function emitAtomic(
  { lowering, state, trace }: Use,
  targets: readonly string[],
  results: Candidates,
  value: Expression,
  type: CType = INT,
): Value {
  if (value.kind === 'rmw' && value.result === 'nothing') {
    emit(state, { kind: 'evaluate', value, ...trace });
    return NOTHING;
  }
  const register = lowering.freshRegister(hintOf(targets[0]!));
  emit(state, { kind: 'assign', register, value, ...trace });
  return typed(holding(state, register, results, trace), type);
}

function compareExchange(use: Use, operation: Operation & { readonly kind: 'cmpxchg' }): Value {
  const { lowering, state, trace } = use;
  const { span } = trace;
  const tries = operation.result === 'changed';
  const written = operandOf(use, operation.expected);
  const given = tries ? load(lowering, state, written, 'plain', trace) : written;
  const wanted = operandOf(use, operation.desired);
  const place = placeOf(use, operation.location);
  const expected = place && settledOperand(use, given, place);
  const desired = place && settledOperand(use, wanted, place);
  if (place === undefined || expected === undefined || desired === undefined) return NOTHING;
  const { address, targets, type } = place;
  const values = valuesAt(use, targets);
  noteWrite(lowering, state, targets, unionOf(values, candidatesOf(desired, state.registers)));
  const value = {
    kind: 'cmpxchg',
    order: operation.order,
    address: toExpression(address, span),
    expected: toExpression(expected, span),
    desired: toExpression(desired, span),
    ...trace,
  } as const;
  const old = emitAtomic(use, targets, values, value, type);
  if (!tries) return old;
  store(lowering, state, written, old, 'plain', trace);
  return binary('==', old, expected, span);
}

function addUnless(use: Use, operation: Operation & { readonly kind: 'add-unless' }): Value {
  const { lowering, state, trace } = use;
  const { span } = trace;
  const added = operandOf(use, operation.operand);
  const excepted = operandOf(use, operation.unless);
  const place = placeOf(use, operation.location);
  const operand = place && settledOperand(use, added, place);
  const unless = place && settledOperand(use, excepted, place);
  if (place === undefined || operand === undefined || unless === undefined) return NOTHING;
  const { address, targets, type, computes } = place;
  const registers = new Map([...state.registers, [OLD, valuesAt(use, targets)]]);
  const old = computed({ kind: 'register', name: OLD, span }, type);
  const stored = candidatesOf(binary('+', old, operand, span, computes), registers);
  noteWrite(lowering, state, targets, unionOf(valuesAt(use, targets), stored));
  const changed = binary('!=', old, unless, span);
  const results =
    operation.result === 'old' ? valuesAt(use, targets) : candidatesOf(changed, registers);
  const value = {
    kind: 'add-unless',
    order: operation.order,
    result: operation.result,
    address: toExpression(address, span),
    operand: toExpression(operand, span),
    unless: toExpression(unless, span),
    ...computing(computes),
    ...trace,
  } as const;
  return emitAtomic(use, targets, results, value, resultType(operation, type));
}

function lock(use: Use, { action, location }: Operation & { readonly kind: 'lock' }): Value {
  const { lowering, state, trace } = use;
  const held = targetsOf(lowering, state, locationOf(use, location), trace);
  if (held === undefined || lowering.thread === SETUP) return NOTHING;
  forceIntoMemory(lowering, held.address, held.locations);
  const address = toExpression(held.address, trace.span);
  if (action === 'lock' || action === 'unlock') {
    emit(state, { kind: 'lock', action, address, ...trace });
    return NOTHING;
  }
  const value: Expression = { kind: 'lock-query', action, address, ...trace };
  return emitAtomic(use, held.locations, BOOLEAN, value);
}

const BOOLEAN = only({ kind: 'integer', value: 0 }, { kind: 'integer', value: 1 });

function srcu(use: Use, operation: Operation & { readonly kind: 'srcu' }): Value {
  const { lowering, call, state, scope, trace } = use;
  const { action } = operation;
  const struct = targetsOf(lowering, state, locationOf(use, operation.location), trace);
  if (struct === undefined) return NOTHING;
  forceIntoMemory(lowering, struct.address, struct.locations);
  const address = toExpression(struct.address, trace.span);
  if (action === 'lock' || action === 'down-read') {
    const value: Expression = { kind: 'srcu-lock', action, address, ...trace };
    return emitAtomic(use, struct.locations, 'any', value);
  }
  const written = operation.index === undefined ? undefined : call.arguments[operation.index];
  const given = written && evaluate(lowering, written, state, scope);
  const index = given && settled(lowering, state, given, trace);
  if (given !== undefined && index === undefined) return NOTHING;
  const numbered = index && { index: toExpression(index, trace.span) };
  emit(state, { kind: 'srcu', action, address, ...numbered, ...trace });
  return NOTHING;
}
