/** Read-modify-writes: on a whole location, or on the bits of one that an access of its type means. */

import type { Operation, RmwFunction, RmwOrder, RmwResult } from '../kernel/operation.ts';
import { type Candidates, unionOf } from '../program/candidates.ts';
import { isTrue } from '../program/evaluate.ts';
import { type IntegerType, UPDATE_OPERATORS } from '../program/integer.ts';
import { extended } from '../program/layered-map.ts';
import type { Expression } from '../program/program.ts';
import type { Span } from '../text/span.ts';
import {
  forceIntoMemory,
  holding,
  load,
  mayShare,
  noteRead,
  noteWrite,
  readable,
  store,
} from './access.ts';
import { extract, insert, isAll, keptBits, placed, unitType } from './cell.ts';
import { hintOf, type Lowering, SETUP } from './context.ts';
import { arithmeticType, convert } from './convert.ts';
import { type CInteger, type CType, INT } from './ctype.ts';
import { type Targets, targetsOf } from './locate.ts';
import { emit, type State, type Trace } from './machine.ts';
import { isShared, openValue } from './open-world.ts';
import { resultType } from './primitive-type.ts';
import { settled, stop } from './settle.ts';
import {
  binary,
  candidatesOf,
  computed,
  type Definite,
  integer,
  toExpression,
  typed,
  undefinedValue,
  type Value,
} from './value.ts';

/** Where the operation stands. */
export interface Site {
  readonly lowering: Lowering;
  readonly state: State;
  readonly trace: Trace;
}

export const NOTHING = undefinedValue('a primitive that returns nothing');

/** What a read-modify-write acts on. */
interface Place extends Targets {
  /** The integer type that an operation on it computes in. */
  readonly computes: CInteger;
}

/** Where the operation acts, noted as read and in memory; undefined where the path ends here. */
function placeAt({ lowering, state, trace }: Site, written: Value): Place | undefined {
  const targets = targetsOf(lowering, state, written, trace);
  if (targets === undefined) return undefined;
  const { address, locations, type, cell } = targets;
  if (!mayShare(lowering, state, cell, trace)) return undefined;
  noteRead(lowering, locations);
  if (lowering.thread !== SETUP) forceIntoMemory(lowering, address, locations);
  const computes =
    type.kind === 'integer' ? type : arithmeticType(undefinedValue('', undefined, type), state);
  return { ...targets, computes };
}

/** An operand, converted to the type of the place; undefined where it has no value, and the path ends. */
function settledOperand(
  { lowering, state, trace }: Site,
  written: Value,
  { type }: Place,
): Definite | undefined {
  return settled(lowering, state, convert(written, type, state, trace.span), trace);
}

/** The type in an operation of the program: absent for an `int`. */
function computing({ type }: CInteger): { readonly type?: IntegerType } {
  return type === INT.type ? {} : { type };
}

function valuesAt({ lowering, state }: Site, { locations }: Place): Candidates {
  return locations.map((location) => readable(lowering, state, location)).reduce(unionOf);
}

const OLD = 'old';

/** How a read-modify-write orders, computes and answers. */
export interface Update {
  readonly order: RmwOrder;
  readonly apply: RmwFunction;
  readonly result: RmwResult;
  readonly onlyReadsIfSet?: true;
}

/** The read-modify-write of what is at `written`, worth what its row says. */
export function readModifyWrite(site: Site, update: Update, written: Value, given: Value): Value {
  const { lowering, state, trace } = site;
  const place = placeAt(site, written);
  const operand = place && settledOperand(site, given, place);
  if (place === undefined || operand === undefined) return NOTHING;
  const { span } = trace;
  const { type, computes } = place;
  if (lowering.thread === SETUP) {
    const old = load(lowering, state, written, 'once', trace);
    const { stored, returned } = rmwValues(update, old, operand, computes, span);
    store(lowering, state, written, stored, 'once', trace);
    return returned;
  }
  if (place.cell.part !== undefined) return updatePart(site, update, place, operand);
  const registers = extended(state.registers, [[OLD, valuesAt(site, place)]]);
  const old = computed({ kind: 'register', name: OLD, span }, type);
  const { stored, returned } = rmwValues(update, old, operand, computes, span);
  const results = candidatesOf(returned, registers);
  noteWrite(lowering, state, place.locations, candidatesOf(stored, registers));
  const wide = computing(update.apply === 'set' ? INT : computes);
  const value = {
    kind: 'rmw',
    ...update,
    ...partsOf(place, operand, span),
    ...wide,
    ...trace,
  } as const;
  return emitAtomic(
    site,
    place,
    results,
    value,
    resultType({ kind: 'rmw', ...update, ...NO_ARGUMENTS }, type),
  );
}

const NO_ARGUMENTS = { location: 0, operand: { constant: 0 } } as const;

function partsOf({ address }: Place, operand: Definite, span: Span) {
  return { address: toExpression(address, span), operand: toExpression(operand, span) };
}

/** On some bits of a location, or on all of it in another type: the rest stays as it is. */
function updatePart(site: Site, update: Update, place: Place, operand: Definite): Value {
  const { lowering, state, trace } = site;
  const { span } = trace;
  const { cell, type, computes } = place;
  const unit = unitType(cell);
  const before = valuesAt(site, place);
  const registers = extended(state.registers, [[OLD, before]]);
  const within = { ...state, registers };
  const whole = computed({ kind: 'register', name: OLD, span }, unit);
  const old = extract(whole, cell, type, within, span);
  const { stored } = rmwValues(update, old, operand, computes, span);
  const after = insert(whole, cell, stored, within, span);
  noteWrite(lowering, state, place.locations, candidatesOf(after, registers));
  const placedOperand = placed(operand, cell, state, span);
  const found = emitAtomic(
    site,
    place,
    before,
    {
      kind: 'rmw',
      order: update.order,
      apply: update.apply,
      ...(isAll(cell) ? {} : { keeps: keptBits(cell) }),
      address: toExpression(place.address, span),
      operand: toExpression(placedOperand, span),
      result: update.result === 'nothing' ? 'nothing' : 'old',
      ...computing(unit),
      ...trace,
    },
    unit,
  );
  if (update.result === 'nothing') return NOTHING;
  const read = extract(found, cell, type, state, span);
  return rmwValues(update, read, operand, computes, span).returned;
}

/** What `old` becomes, and what the operation returns. */
function rmwValues(
  { apply, result }: Update,
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

/** Emits the operation, for its value or, where it has none, for its effect. */
export function emitAtomic(
  { lowering, state, trace }: Site,
  { locations }: Pick<Targets, 'locations'>,
  results: Candidates,
  value: Expression,
  type: CType = INT,
): Value {
  if (value.kind === 'rmw' && value.result === 'nothing') {
    emit(state, { kind: 'evaluate', value, ...trace });
    return NOTHING;
  }
  const register = lowering.freshRegister(hintOf(locations[0]));
  if (!locations.some((each) => isShared(lowering, each)) && value.kind !== 'lock-query') {
    emit(state, { kind: 'assign', register, value: exchangeFor(value), ...trace });
    return openValue(lowering, type, register);
  }
  emit(state, { kind: 'assign', register, value, ...trace });
  return typed(holding(state, register, results, trace), type);
}

/** An operation on what an open request knows nothing of: of what may fail, the case that orders. */
function exchangeFor(value: Expression): Expression {
  if (value.kind !== 'cmpxchg' && value.kind !== 'add-unless') return value;
  const { order, address, span, origin } = value;
  const operand = value.kind === 'cmpxchg' ? value.desired : value.operand;
  const rest = { span, ...(origin && { origin }) };
  return { kind: 'rmw', order, apply: 'set', result: 'old', address, operand, ...rest };
}

/** `cmpxchg`, or `try_cmpxchg`, whose `expected` is a pointer to what it updates. */
export function compareExchange(
  site: Site,
  { order, result }: Pick<Operation & { readonly kind: 'cmpxchg' }, 'order' | 'result'>,
  written: Value,
  expectation: Value,
  wanted: Value,
): Value {
  const { lowering, state, trace } = site;
  const { span } = trace;
  const tries = result === 'changed';
  const given = tries ? load(lowering, state, expectation, 'plain', trace) : expectation;
  const place = placeAt(site, written);
  const expected = place && settledOperand(site, given, place);
  const desired = place && settledOperand(site, wanted, place);
  if (place === undefined || expected === undefined || desired === undefined) return NOTHING;
  const { cell, type } = place;
  if (lowering.thread === SETUP) {
    const old = load(lowering, state, written, 'once', trace);
    const isIt = binary('==', old, expected, span);
    storeIf(site, isIt, written, desired);
    if (!tries) return old;
    store(lowering, state, expectation, old, 'plain', trace);
    return isIt;
  }
  if (isLess(site, place)) return NOTHING;
  const values = valuesAt(site, place);
  const stored = convert(desired, cell.type, state, span);
  const compared = convert(expected, cell.type, state, span);
  noteWrite(
    lowering,
    state,
    place.locations,
    unionOf(values, candidatesOf(stored, state.registers)),
  );
  const value = {
    kind: 'cmpxchg',
    order,
    address: toExpression(place.address, span),
    expected: toExpression(compared, span),
    desired: toExpression(stored, span),
    ...trace,
  } as const;
  const found = emitAtomic(site, place, values, value, cell.part === undefined ? type : cell.type);
  const old = convert(found, type, state, span);
  if (!tries) return old;
  store(lowering, state, expectation, old, 'plain', trace);
  return binary('==', old, expected, span);
}

/** Before the threads start: stores where the condition holds; where it is not known, what is not known. */
function storeIf(
  { lowering, state, trace }: Site,
  condition: Value,
  written: Value,
  value: Value,
): void {
  const isKnown = condition.kind === 'known';
  if (isKnown && !isTrue(condition.value)) return;
  const stored = isKnown ? value : undefinedValue('an update that may not happen');
  store(lowering, state, written, stored, 'once', trace);
}

/** Whether the place is only a part of its location, which the operation cannot act on; the path then ends. */
function isLess({ lowering, state, trace }: Site, { cell }: Place): boolean {
  if (cell.part === undefined || isAll(cell)) return false;
  stop(lowering, state, 'a conditional update of a part of what others access as a whole', trace);
  return true;
}

export function addUnless(
  site: Site,
  { order, result }: Pick<Operation & { readonly kind: 'add-unless' }, 'order' | 'result'>,
  written: Value,
  added: Value,
  excepted: Value,
): Value {
  const { lowering, state, trace } = site;
  const { span } = trace;
  const place = placeAt(site, written);
  const summand = place && settledOperand(site, added, place);
  const exception = place && settledOperand(site, excepted, place);
  if (place === undefined || summand === undefined || exception === undefined) return NOTHING;
  const { cell, type, computes } = place;
  if (lowering.thread === SETUP) {
    const old = load(lowering, state, written, 'once', trace);
    const isOther = binary('!=', old, exception, span);
    storeIf(site, isOther, written, binary('+', old, summand, span, computes));
    return result === 'old' ? old : isOther;
  }
  if (isLess(site, place)) return NOTHING;
  const unit = cell.part === undefined ? computes : unitType(cell);
  const [operand, unless] = [
    convert(summand, unit, state, span),
    convert(exception, unit, state, span),
  ];
  const before = valuesAt(site, place);
  const registers = extended(state.registers, [[OLD, before]]);
  const old = computed({ kind: 'register', name: OLD, span }, unit);
  const stored = candidatesOf(binary('+', old, operand, span, unit), registers);
  noteWrite(lowering, state, place.locations, unionOf(before, stored));
  const changed = binary('!=', old, unless, span);
  const results = result === 'old' ? before : candidatesOf(changed, registers);
  const value = {
    kind: 'add-unless',
    order,
    result,
    address: toExpression(place.address, span),
    operand: toExpression(operand, span),
    unless: toExpression(unless, span),
    ...computing(unit),
    ...trace,
  } as const;
  const found = emitAtomic(site, place, results, value, result === 'old' ? unit : INT);
  return result === 'old' ? convert(found, type, state, span) : found;
}
