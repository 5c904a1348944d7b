/**
 * Where the open values of a program go: what they are compared with, each other among it, and where something is
 * computed from them. Flow-insensitive, as `program-values.ts` is.
 */

import { candidatesOfExpression } from './candidates.ts';
import {
  add,
  amongCandidates,
  type Held,
  heldIn,
  integersAmong,
  isKept,
  nothing,
  unionOf,
} from './held-values.ts';
import { canonical, type Integer, type IntegerType, isComparison } from './integer.ts';
import type {
  Expression,
  IntegerRange,
  LocationName,
  Observable,
  OpenValue,
  Program,
  Proposition,
  ReadModifyWrite,
  Statement,
} from './program.ts';
import { type ProgramValues, programValues, reachable } from './program-values.ts';
import { equationsIn, isObservable } from './proposition.ts';
import { everyStatement, expressionsOf, outermostExpressions, partsOf } from './walk.ts';

/** What is done with the values of those that stand for a range. */
export interface OpenUses {
  /** What each of them is compared with. */
  readonly comparisons: ReadonlyMap<OpenValue, Comparisons>;
  /** The statements that use them otherwise: what they come to is not known from these integers alone. */
  readonly computed: ReadonlySet<Statement>;
  /** What is computed from them in such statements: it may be anything again. */
  readonly results: ReadonlySet<Expression>;
  /** Whether a proposition compares them with something that varies. */
  readonly isVaryinglyAsked: boolean;
}

/** What an open value is compared with, wherever it gets. */
export interface Comparisons {
  /** Of all that are compared with each other. */
  readonly integers: ReadonlySet<Integer>;
  /** How many they are that are compared with each other, and may all be different. */
  readonly peers: number;
  /** Whether they are asked for more than equality. */
  readonly isOrdered: boolean;
}

interface Flow {
  readonly values: ProgramValues;
  readonly first: ReadonlyMap<LocationName, Integer>;
  /** By thread and name. */
  readonly registers: Map<string, Held>;
  /** What is written there. */
  readonly locations: Map<LocationName, Held>;
  readonly compared: Map<OpenValue, Set<Integer>>;
  /** The open values that each is compared with. */
  readonly met: Map<OpenValue, Set<OpenValue>>;
  readonly ordered: Set<OpenValue>;
  readonly computed: Set<Statement>;
  readonly results: Set<Expression>;
}

/** A statement of a thread, being looked at. */
interface At {
  readonly flow: Flow;
  readonly thread: number;
  readonly statement: Statement;
}

/** What becomes of open values in `program` and in what is asked of its final states; undefined where it
 *  has none. */
export function openUses(
  program: Program,
  propositions: readonly Proposition[],
): OpenUses | undefined {
  const open = program.threads.flatMap(({ body }) =>
    outermostExpressions(body)
      .flatMap(partsOf)
      .flatMap((part) => (part.kind === 'open' && part.range !== undefined ? [part] : [])),
  );
  if (open.length === 0) return undefined;
  const flow = startFlow(program);
  for (let size = -1; size < sizeOf(flow); ) {
    size = sizeOf(flow);
    for (const { body, index } of program.threads)
      for (const statement of everyStatement(body)) visit({ flow, thread: index, statement });
  }
  const isVaryinglyAsked = propositions.map((each) => ask(flow, each)).some((varies) => varies);
  const { computed, results } = flow;
  const comparisons = new Map(open.map((each) => [each, comparisonsOf(each, flow)]));
  return { comparisons, computed, results, isVaryinglyAsked };
}

function startFlow(program: Program): Flow {
  const first = program.initial.flatMap(({ target, value }) =>
    target.kind === 'location' && value.kind === 'integer'
      ? [[target.name, value.value] as const]
      : [],
  );
  return {
    values: programValues(program),
    first: new Map(first),
    registers: new Map(),
    locations: new Map(),
    compared: new Map(),
    met: new Map(),
    ordered: new Set(),
    computed: new Set(),
    results: new Set(),
  };
}

function sizeOf({ registers, locations, compared, met, ordered, computed }: Flow): number {
  const held = [...registers.values(), ...locations.values()].map(
    ({ open, integers, varies }) => open.size + integers.size + Number(varies),
  );
  const sets = [...compared.values(), ...met.values(), ordered, computed].map(({ size }) => size);
  return [...held, ...sets].reduce((sum, size) => sum + size, 0);
}

function comparisonsOf(value: OpenValue, { compared, met, ordered }: Flow): Comparisons {
  const group = new Set([value]);
  for (const each of group) for (const other of met.get(each) ?? []) group.add(other);
  const members = [...group];
  const meetsItself = members.some((each) => met.get(each)?.has(each));
  return {
    integers: new Set(members.flatMap((each) => [...(compared.get(each) ?? [])])),
    peers: group.size + (meetsItself ? 1 : 0),
    isOrdered: members.some((each) => ordered.has(each)),
  };
}

function visit(at: At): void {
  const { flow, thread, statement } = at;
  switch (statement.kind) {
    case 'assign': {
      inspect(at, statement.value);
      const register = heldIn(flow.registers, keyOf(thread, statement.register));
      add(register, heldBy(at, statement.value));
      return;
    }
    case 'evaluate':
      inspect(at, statement.value);
      return;
    case 'store':
      inspectPlain(at, statement.address);
      inspect(at, statement.value);
      put(at, statement.address, heldBy(at, statement.value));
      return;
    case 'if':
    case 'while':
      test(at, statement.condition);
      return;
    default:
      for (const expression of expressionsOf(statement)) inspectPlain(at, expression);
  }
}

function keyOf(thread: number, register: string): string {
  return `${thread}:${register}`;
}

/** What an expression may be worth: open values as they are, conversions that change none of them aside. */
function heldBy(at: At, expression: Expression): Held {
  const { flow, thread } = at;
  switch (expression.kind) {
    case 'open':
      return {
        open: new Set(expression.range === undefined ? [] : [expression]),
        integers: integersAmong(expression.alternatives),
        varies: false,
      };
    case 'register': {
      const known = candidatesOfExpression(expression, flow.values.registers[thread]!);
      if (known !== 'any') return amongCandidates(known);
      const varying = { ...nothing(), varies: true };
      return flow.registers.get(keyOf(thread, expression.name)) ?? varying;
    }
    case 'convert': {
      const held = heldBy(at, expression.operand);
      return isKept(held, expression.to) ? held : computedHeld(at, expression);
    }
    case 'load':
    case 'cmpxchg':
      return heldAt(at, expression.address);
    case 'rmw':
      return heldByUpdate(at, expression);
    default:
      return computedHeld(at, expression);
  }
}

function computedHeld({ flow, thread }: At, expression: Expression): Held {
  return amongCandidates(candidatesOfExpression(expression, flow.values.registers[thread]!));
}

function heldByUpdate(at: At, { address, operand, result, ...update }: ReadModifyWrite): Held {
  switch (result) {
    case 'nothing':
    case 'old':
      return heldAt(at, address);
    case 'new':
      return isExchange(update) ? heldBy(at, operand) : { ...nothing(), varies: true };
    default:
      return { ...nothing(), integers: new Set([0, 1]) };
  }
}

function isExchange({ apply, keeps }: Pick<ReadModifyWrite, 'apply' | 'keeps'>): boolean {
  return apply === 'set' && keeps === undefined;
}

/** What the locations that an address leads to may hold. */
function heldAt({ flow, thread }: At, address: Expression): Held {
  const places = reachable(flow.values.registers[thread]!, address) ?? [...flow.locations.keys()];
  return unionOf(places.map((place) => heldInMemory(flow, place)));
}

function heldInMemory({ values, first, locations }: Flow, place: LocationName): Held {
  const known = values.locations.get(place);
  if (known !== undefined && known !== 'any') return amongCandidates(known);
  const start = { ...nothing(), integers: new Set([first.get(place) ?? 0]) };
  return unionOf([start, locations.get(place) ?? nothing()]);
}

/** Notes that something is put where an address leads. */
function put(at: At, address: Expression, held: Held): void {
  const places = reachable(at.flow.values.registers[at.thread]!, address);
  if (places === undefined && held.open.size > 0) at.flow.computed.add(at.statement);
  for (const place of places ?? []) add(heldIn(at.flow.locations, place), held);
}

/** Notes what is compared with open values in an expression, or computed from them. */
function inspect(at: At, expression: Expression): void {
  switch (expression.kind) {
    case 'value':
    case 'open':
    case 'register':
      return;
    case 'convert':
      inspect(at, expression.operand);
      if (!isKept(heldBy(at, expression.operand), expression.to))
        noteComputed(at, expression, [expression.operand]);
      return;
    case 'not':
      test(at, expression.operand);
      return;
    case 'binary':
      inspectBinary(at, expression);
      return;
    case 'rmw':
      inspectUpdate(at, expression);
      return;
    case 'cmpxchg': {
      const { address, expected, desired } = expression;
      inspectPlain(at, address);
      inspect(at, expected);
      inspect(at, desired);
      meet(at, expression, heldAt(at, address), heldBy(at, expected));
      put(at, address, heldBy(at, desired));
      return;
    }
    case 'add-unless':
      for (const part of [expression.address, expression.operand, expression.unless])
        inspectPlain(at, part);
      if (heldAt(at, expression.address).open.size > 0) at.flow.computed.add(at.statement);
      put(at, expression.address, { ...nothing(), varies: true });
      return;
    default:
      for (const part of partsOf(expression).slice(1)) inspectPlain(at, part);
  }
}

type Binary = Expression & { readonly kind: 'binary' };

function inspectBinary(at: At, expression: Binary): void {
  const { left, right, operator } = expression;
  if (operator === '&&' || operator === '||') {
    test(at, left);
    test(at, right);
    return;
  }
  inspect(at, left);
  inspect(at, right);
  if (!isComparison(operator)) noteComputed(at, expression, [left, right]);
  else compare(at, expression, heldBy(at, left), heldBy(at, right));
}

function inspectUpdate(at: At, update: ReadModifyWrite): void {
  const { address, operand, result } = update;
  inspectPlain(at, address);
  inspect(at, operand);
  const [before, given] = [heldAt(at, address), heldBy(at, operand)];
  if (!isExchange(update)) {
    if (before.open.size + given.open.size > 0) noteResult(at, update);
    put(at, address, { ...nothing(), varies: true });
    return;
  }
  put(at, address, given);
  if (result === 'old-is-nonzero') compareWithZero(at, before);
  if (result === 'new-is-zero' || result === 'new-is-negative') compareWithZero(at, given);
  if (result === 'new-is-negative') for (const each of given.open) at.flow.ordered.add(each);
  if (result === 'changed') meet(at, update, before, given);
}

/** Notes that an expression has no use for open values; what is in it, too. */
function inspectPlain(at: At, expression: Expression): void {
  inspect(at, expression);
  if (heldBy(at, expression).open.size > 0) at.flow.computed.add(at.statement);
}

/** Notes that an expression is computed from operands, where one of them is open. */
function noteComputed(at: At, expression: Expression, operands: readonly Expression[]): void {
  if (operands.some((operand) => heldBy(at, operand).open.size > 0)) noteResult(at, expression);
}

function noteResult({ flow, statement }: At, result: Expression): void {
  flow.computed.add(statement);
  flow.results.add(result);
}

/** Notes that an expression is tested for being 0. */
function test(at: At, expression: Expression): void {
  inspect(at, expression);
  compareWithZero(at, heldBy(at, expression));
}

function compareWithZero({ flow }: At, { open }: Held): void {
  for (const each of open) addAll(flow.compared, each, [0]);
}

function addAll<Key, Item>(sets: Map<Key, Set<Item>>, key: Key, items: Iterable<Item>): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set(items));
  else for (const item of items) known.add(item);
}

/** Notes that two values are asked for being equal, where that cannot be let open. */
function meet(at: At, question: Expression, left: Held, right: Held): void {
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (one.open.size > 0 && other.varies) noteResult(at, question);
    for (const open of one.open) {
      addAll(at.flow.compared, open, other.integers);
      addAll(at.flow.met, open, other.open);
    }
  }
}

/** Notes a comparison: of two values that are open, or of one with what varies, it may come out either way. */
function compare(at: At, comparison: Binary, left: Held, right: Held): void {
  const [open, other] = left.open.size > 0 ? [left.open, right] : [right.open, left];
  if (open.size === 0) return;
  if (other.open.size > 0 || other.varies) {
    noteResult(at, comparison);
    return;
  }
  for (const each of open) addAll(at.flow.compared, each, other.integers);
  if (comparison.operator === '==' || comparison.operator === '!=') return;
  for (const each of open) at.flow.ordered.add(each);
}

/** Notes what a proposition compares open values with; whether that is anything that varies. */
function ask(flow: Flow, proposition: Proposition): boolean {
  const openIn = (observable: Observable): ReadonlySet<OpenValue> =>
    (observable.kind === 'location'
      ? flow.locations.get(observable.name)
      : flow.registers.get(keyOf(observable.thread, observable.name))
    )?.open ?? new Set();
  return equationsIn(proposition).some(({ left, right }) => {
    const open = openIn(left);
    if (isObservable(right)) return open.size > 0 || openIn(right).size > 0;
    if (right.kind === 'integer')
      for (const each of open) addAll(flow.compared, each, [right.value]);
    return false;
  });
}

/** All integers of a type. */
export function rangeOf({ bits, signed }: IntegerType): IntegerRange {
  return {
    least: signed ? canonical(-(2n ** BigInt(bits - 1))) : 0,
    most: canonical(2n ** BigInt(signed ? bits - 1 : bits) - 1n),
  };
}
