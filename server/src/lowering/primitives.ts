/** Lowers a call of a primitive by its row of the table: the operation is the same for litmus tests. */

import type { FenceTag, Operand, Operation, RmwFunction } from '../kernel/operation.ts';
import type { Primitive } from '../kernel/primitive.ts';
import { only } from '../program/candidates.ts';
import { isTrue } from '../program/evaluate.ts';
import { forceIntoMemory, load, store } from './access.ts';
import { type BitPlace, bitPlace, writtenBit } from './bits.ts';
import { type Call, type Lowering, placeOfTrace, type Scope, SETUP } from './context.ts';
import { designate, member } from './designate.ts';
import { evaluate } from './evaluate.ts';
import { placesOf, type Targets } from './locate.ts';
import type { OrderingSite } from './lowering.ts';
import { emit, type State, type Trace } from './machine.ts';
import { noteTested } from './open-world.ts';
import {
  addUnless,
  compareExchange,
  emitAtomic,
  NOTHING,
  readModifyWrite,
} from './read-modify-write.ts';
import { settled } from './settle.ts';
import { reportSite, traceOf } from './trace.ts';
import {
  binary,
  type Definite,
  integer,
  toExpression,
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
  const { lowering, row, state, trace } = use;
  if (row.access?.bit !== undefined && 'location' in operation)
    return performOnBit(use, operation, row.access.bit);
  switch (operation.kind) {
    case 'load':
      return load(lowering, state, locationOf(use, operation.location), operation.order, trace);
    case 'store': {
      const value = operandOf(use, operation.value);
      const address = locationOf(use, operation.location);
      store(lowering, state, address, value, operation.order, trace, operation.then);
      return NOTHING;
    }
    case 'rmw': {
      const operand = operandOf(use, operation.operand);
      const address = locationOf(use, operation.location);
      return readModifyWrite(use, operation, address, operand);
    }
    case 'cmpxchg': {
      const expected = operandOf(use, operation.expected);
      const desired = operandOf(use, operation.desired);
      const address = locationOf(use, operation.location);
      return compareExchange(use, operation, address, expected, desired);
    }
    case 'add-unless': {
      const operand = operandOf(use, operation.operand);
      const unless = operandOf(use, operation.unless);
      const address = locationOf(use, operation.location);
      return addUnless(use, operation, address, operand, unless);
    }
    case 'fence':
      emit(state, { kind: 'fence', tag: fenceIn(lowering, operation.tag), ...trace });
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

/** A fence that strengthens the atomic operation beside it is a full one, in an open request, where that operation may
 *  have been left out. */
function fenceIn({ request }: Lowering, tag: FenceTag): FenceTag {
  const isBeside = tag === 'before-atomic' || tag === 'after-atomic';
  return isBeside && request.open?.isBesideAtomic === true ? 'mb' : tag;
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

/** The operation on one bit: on its own location, or on the word that it is in. */
function performOnBit(
  use: Use,
  operation: Operation & { readonly location: number },
  bit: number | string,
): Value {
  const { lowering, call, state, scope, trace } = use;
  const written = writtenBit(lowering, bit, call, state, scope);
  const place = bitPlace(lowering, state, locationOf(use, operation.location), written, trace);
  if (place === undefined) return NOTHING;
  const { address, mask } = place;
  if (operation.kind === 'load' && mask !== undefined) noteTested(lowering, mask);
  if (place.kind === 'word') return performOnWord(use, operation, place, written.name);
  switch (operation.kind) {
    case 'load':
      return load(lowering, state, address, operation.order, trace);
    case 'store': {
      const value = operandOf(use, operation.value);
      store(lowering, state, address, value, operation.order, trace, operation.then);
      return NOTHING;
    }
    case 'rmw':
      return readModifyWrite(use, operation, address, operandOf(use, operation.operand));
    default:
      return notOnBits(use);
  }
}

function notOnBits({ lowering, row, trace }: Use): Value {
  lowering.report.notModelled(`${row.name}() on a bit`, placeOfTrace(trace));
  return NOTHING;
}

function performOnWord(
  whole: Use,
  operation: Operation & { readonly location: number },
  place: BitPlace & { readonly kind: 'word' },
  bit: string | undefined,
): Value {
  const { lowering, state } = whole;
  const { span, origin } = whole.trace;
  const trace = bit === undefined ? whole.trace : { span, origin: { ...origin, bit } };
  const use = { ...whole, trace };
  switch (operation.kind) {
    case 'load':
      return isSet(load(lowering, state, place.address, operation.order, trace), place, trace);
    case 'store': {
      operandOf(use, operation.value);
      const update = { order: 'release', apply: 'andnot', result: 'nothing' } as const;
      return readModifyWrite(use, update, place.address, place.mask);
    }
    case 'rmw': {
      const { order, result, onlyReadsIfSet } = operation;
      const apply = onWord(operation, operandOf(use, operation.operand));
      const update = {
        order,
        apply,
        result: result === 'nothing' ? result : 'old',
        ...(onlyReadsIfSet && { onlyReadsIfSet }),
      } as const;
      const old = readModifyWrite(use, update, place.address, place.mask);
      return result === 'nothing' ? NOTHING : isSet(old, place, trace);
    }
    default:
      return notOnBits(use);
  }
}

/** What an operation on a bit does to its word, given the mask: the bit is set, cleared or changed. */
function onWord({ apply }: Operation & { readonly kind: 'rmw' }, operand: Value): RmwFunction {
  if (apply !== 'set') return apply;
  const clears = operand.kind === 'known' && !isTrue(operand.value);
  return clears ? 'andnot' : 'or';
}

/** Whether the bit of a word is set. */
function isSet(
  word: Value,
  { mask, type }: BitPlace & { readonly kind: 'word' },
  { span }: Trace,
): Value {
  return binary('!=', binary('&', word, mask, span, type), integer(0), span);
}

/** The address of the location the primitive acts on. */
function locationOf(use: Use, argument: number): Value {
  const { lowering, row, call, state, scope } = use;
  const written = call.arguments[argument];
  if (written === undefined) return missingArgument(row.name);
  const base =
    row.access?.by === 'lvalue'
      ? designate(lowering, written, state, scope)
      : evaluate(lowering, written, state, scope);
  return (row.access?.field?.split('.') ?? []).reduce(
    (address, name) => member(lowering, address, name, call.span, state, scope),
    base,
  );
}

function missingArgument(name: string): Value {
  return undefinedValue(`an argument that ${name}() is called without`);
}

function operandOf({ lowering, row, call, state, scope }: Use, operand: Operand): Value {
  if ('constant' in operand) return integer(operand.constant);
  const written = call.arguments[operand.argument];
  return written === undefined
    ? missingArgument(row.name)
    : evaluate(lowering, written, state, scope);
}

/** An object that an operation acts on as a whole, in memory; undefined where the path ends. */
function objectAt(
  use: Use,
  location: number,
): { readonly address: Definite; readonly locations: Targets['locations'] } | undefined {
  const { lowering, state, trace } = use;
  const address = settled(lowering, state, locationOf(use, location), trace);
  const locations = address && placesOf(lowering, state, address, trace);
  if (address === undefined || locations === undefined) return undefined;
  if (lowering.thread !== SETUP) forceIntoMemory(lowering, address, locations);
  return { address, locations };
}

function lock(use: Use, { action, location }: Operation & { readonly kind: 'lock' }): Value {
  const { lowering, state, trace } = use;
  const held = objectAt(use, location);
  if (held === undefined || lowering.thread === SETUP) return NOTHING;
  const address = toExpression(held.address, trace.span);
  if (action === 'lock' || action === 'unlock') {
    emit(state, { kind: 'lock', action, address, ...trace });
    return NOTHING;
  }
  return emitAtomic(use, held, BOOLEAN, { kind: 'lock-query', action, address, ...trace });
}

const BOOLEAN = only({ kind: 'integer', value: 0 }, { kind: 'integer', value: 1 });

function srcu(use: Use, operation: Operation & { readonly kind: 'srcu' }): Value {
  const { lowering, call, state, scope, trace } = use;
  const { action } = operation;
  const struct = objectAt(use, operation.location);
  if (struct === undefined) return NOTHING;
  const address = toExpression(struct.address, trace.span);
  if (action === 'lock' || action === 'down-read')
    return emitAtomic(use, struct, 'any', { kind: 'srcu-lock', action, address, ...trace });
  const written = operation.index === undefined ? undefined : call.arguments[operation.index];
  const given = written && evaluate(lowering, written, state, scope);
  const index = given && settled(lowering, state, given, trace);
  if (given !== undefined && index === undefined) return NOTHING;
  const numbered = index && { index: toExpression(index, trace.span) };
  emit(state, { kind: 'srcu', action, address, ...numbered, ...trace });
  return NOTHING;
}
