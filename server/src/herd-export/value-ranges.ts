/**
 * Between which numbers the integers of a program stay, where they are too many to name. Without loops each
 * statement runs at most once, so no value is made by more steps than there are statements.
 */

import { INT, type IntegerType } from '../program/integer.ts';
import type { Expression, LocationName, Program, Statement } from '../program/program.ts';
import { type ProgramValues, reachable } from '../program/program-values.ts';
import { everyStatement } from '../program/walk.ts';

/** The least and the greatest number. Addresses are none, and are left out. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** The range of expressions of a thread; undefined where nothing is known. */
export type Ranges = (thread: number, expression: Expression) => Range | undefined;

/** The ranges in a program. Nothing is known where there are loops or pointers that may lead anywhere. */
export function valueRanges(program: Program, values: ProgramValues): Ranges {
  const all = program.threads.flatMap(({ index, body }) =>
    everyStatement(body).map((statement) => ({ index, statement })),
  );
  if (all.some(({ statement }) => statement.kind === 'while')) return () => undefined;
  const state: State = {
    values,
    registers: values.registers.map(() => new Map()),
    locations: new Map(),
    isLost: false,
    grew: true,
  };
  for (const { target, value } of program.initial) {
    if (value.kind !== 'integer') continue;
    const range = only(Number(value.value));
    if (target.kind === 'location') state.locations.set(target.name, range);
    else state.registers[target.thread]?.set(target.name, range);
  }
  for (let round = 0; round < all.length && state.grew; round++) {
    state.grew = false;
    for (const { index, statement } of all) step(state, index, statement);
  }
  return (thread, expression) => (state.isLost ? undefined : rangeOf(state, thread, expression));
}

interface State {
  readonly values: ProgramValues;
  readonly registers: readonly Map<string, Range>[];
  readonly locations: Map<LocationName, Range>;
  isLost: boolean;
  grew: boolean;
}

const ZERO: Range = { least: 0, most: 0 };
const TRUTH: Range = { least: 0, most: 1 };

function only(value: number): Range {
  return { least: value, most: value };
}

function step(state: State, thread: number, statement: Statement): void {
  const worth = (expression: Expression) => rangeOf(state, thread, expression);
  if (statement.kind === 'assign' || (statement.kind === 'declare' && statement.value))
    grow(state, state.registers[thread]!, statement.register, worth(statement.value!));
  else if (statement.kind === 'evaluate') worth(statement.value);
  else if (statement.kind === 'store')
    write(state, thread, statement.address, worth(statement.value));
}

function grow(state: State, ranges: Map<string, Range>, name: string, by: Range): void {
  const before = ranges.get(name);
  const after = before === undefined ? by : hull(before, by);
  if (before?.least === after.least && before.most === after.most) return;
  ranges.set(name, after);
  state.grew = true;
}

function hull(left: Range, right: Range): Range {
  return { least: Math.min(left.least, right.least), most: Math.max(left.most, right.most) };
}

function placesOf(state: State, thread: number, address: Expression): readonly LocationName[] {
  const places = reachable(state.values.registers[thread]!, address);
  if (places === undefined) state.isLost = true;
  return places ?? [];
}

function write(state: State, thread: number, address: Expression, range: Range): void {
  for (const place of placesOf(state, thread, address)) grow(state, state.locations, place, range);
}

function read(state: State, thread: number, address: Expression): Range {
  const held = placesOf(state, thread, address).map((place) => state.locations.get(place) ?? ZERO);
  return held.reduce(hull, ZERO);
}

function rangeOf(state: State, thread: number, expression: Expression): Range {
  const worth = (part: Expression) => rangeOf(state, thread, part);
  switch (expression.kind) {
    case 'value':
      return expression.value.kind === 'integer' ? only(Number(expression.value.value)) : ZERO;
    case 'register':
      return state.registers[thread]!.get(expression.name) ?? ZERO;
    case 'not':
    case 'lock-query':
    case 'srcu-lock':
      return TRUTH;
    case 'convert':
      return within(worth(expression.operand), expression.to);
    case 'binary': {
      const { operator, left, right, type = INT } = expression;
      return combined(operator, worth(left), worth(right), type);
    }
    case 'load':
      return read(state, thread, expression.address);
    case 'cmpxchg': {
      const before = read(state, thread, expression.address);
      write(state, thread, expression.address, worth(expression.desired));
      return before;
    }
    case 'rmw': {
      const before = read(state, thread, expression.address);
      const after = updatedRange(expression, before, worth(expression.operand));
      write(state, thread, expression.address, after);
      return hull(hull(before, after), TRUTH);
    }
    case 'add-unless': {
      const before = read(state, thread, expression.address);
      const after = combined('+', before, worth(expression.operand), expression.type ?? INT);
      write(state, thread, expression.address, after);
      return hull(before, TRUTH);
    }
    case 'open':
      return openRange(expression);
    case 'member':
    case 'container':
    case 'element':
      return ZERO;
  }
}

function openRange({ alternatives, range }: Expression & { readonly kind: 'open' }): Range {
  const bounds = range === undefined ? [] : [range.least, range.most];
  const named = alternatives.flatMap((value) => (value.kind === 'integer' ? value.value : []));
  return [...bounds, ...named].map((value) => only(Number(value))).reduce(hull, ZERO);
}

function updatedRange(
  { apply, type = INT, keeps }: Expression & { readonly kind: 'rmw' },
  before: Range,
  operand: Range,
): Range {
  if (keeps !== undefined) return typeRange(type);
  switch (apply) {
    case 'set':
      return operand;
    case 'add':
      return combined('+', before, operand, type);
    case 'sub':
      return combined('-', before, operand, type);
    case 'and':
      return combined('&', before, operand, type);
    case 'or':
      return combined('|', before, operand, type);
    case 'xor':
      return combined('^', before, operand, type);
    case 'andnot':
      return before.least >= 0 ? { least: 0, most: before.most } : typeRange(type);
  }
}

/** What the mathematical result of an operation is, before it wraps; undefined where it may be anything. */
export function exactRange(operator: string, left: Range, right: Range): Range | undefined {
  const isPositive = left.least >= 0 && right.least >= 0;
  switch (operator) {
    case '+':
      return { least: left.least + right.least, most: left.most + right.most };
    case '-':
      return { least: left.least - right.most, most: left.most - right.least };
    case '*': {
      const products = [left.least, left.most].flatMap((one) => [
        one * right.least,
        one * right.most,
      ]);
      return { least: Math.min(...products), most: Math.max(...products) };
    }
    case '/':
    case '%':
    case '>>': {
      const most = Math.max(Math.abs(left.least), Math.abs(left.most));
      return { least: left.least < 0 || right.least < 0 ? -most : 0, most };
    }
    case '&':
      if (isPositive) return { least: 0, most: Math.min(left.most, right.most) };
      return right.least >= 0 ? { least: 0, most: right.most } : undefined;
    case '|':
    case '^':
      return isPositive ? { least: 0, most: allOnes(Math.max(left.most, right.most)) } : undefined;
    case '<<':
      return isPositive && right.most < 32
        ? { least: 0, most: left.most * 2 ** right.most }
        : undefined;
    default:
      return TRUTH;
  }
}

/** The number with every bit set that one up to `most` may have set. */
function allOnes(most: number): number {
  return 2 ** Math.ceil(Math.log2(most + 1)) - 1;
}

function combined(operator: string, left: Range, right: Range, type: IntegerType): Range {
  const exact = exactRange(operator, left, right);
  return exact === undefined ? typeRange(type) : within(exact, type);
}

function within(range: Range, type: IntegerType): Range {
  const whole = typeRange(type);
  return range.least >= whole.least && range.most <= whole.most ? range : whole;
}

function typeRange({ bits, signed }: IntegerType): Range {
  return signed
    ? { least: -(2 ** (bits - 1)), most: 2 ** (bits - 1) - 1 }
    : { least: 0, most: 2 ** bits - 1 };
}
