/**
 * Where the open values of a program go: what they are compared with, and where something is computed from
 * them. Flow-insensitive, as `program-values.ts` is.
 */

import { candidatesOfExpression } from './candidates.ts';
import { canonical, type Integer, type IntegerType, isComparison, isOf } from './integer.ts';
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
  /** What is computed from them in such statements, where it is a value by itself: it may be anything again. */
  readonly results: ReadonlySet<Expression>;
  /** Whether a proposition compares them with something that varies. */
  readonly isVaryinglyAsked: boolean;
}

/** What an open value is compared with, wherever it gets. */
export interface Comparisons {
  readonly integers: ReadonlySet<Integer>;
  /** Whether it is asked for more than equality. */
  readonly isOrdered: boolean;
}

/** The open values that something may hold. */
type Sources = ReadonlySet<OpenValue>;

const NONE: Sources = new Set();

interface Flow {
  readonly values: ProgramValues;
  /** By thread and name, the registers that may hold such values. */
  readonly registers: Map<string, Set<OpenValue>>;
  readonly locations: Map<LocationName, Set<OpenValue>>;
  readonly compared: Map<OpenValue, Set<Integer>>;
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
  const flow: Flow = {
    values: programValues(program),
    registers: new Map(),
    locations: new Map(),
    compared: new Map(),
    ordered: new Set(),
    computed: new Set(),
    results: new Set(),
  };
  for (let size = -1; size < sizeOf(flow); ) {
    size = sizeOf(flow);
    for (const { body, index } of program.threads)
      for (const statement of everyStatement(body)) visit({ flow, thread: index, statement });
  }
  const isVaryinglyAsked = propositions.map((each) => ask(flow, each)).some((varies) => varies);
  const { compared, ordered, computed, results } = flow;
  const comparisons = new Map(
    open.map((each) => [
      each,
      { integers: compared.get(each) ?? new Set<Integer>(), isOrdered: ordered.has(each) },
    ]),
  );
  return { comparisons, computed, results, isVaryinglyAsked };
}

function sizeOf({ registers, locations, compared, ordered, computed }: Flow): number {
  const sets = [...registers.values(), ...locations.values(), ...compared.values()];
  return sets.reduce((sum, { size }) => sum + size, ordered.size + computed.size);
}

function visit(at: At): void {
  const { flow, thread, statement } = at;
  switch (statement.kind) {
    case 'assign': {
      const sources = sourcesOf(at, statement.value);
      if (sources.size > 0) addAll(flow.registers, keyOf(thread, statement.register), sources);
      else inspect(at, statement.value);
      return;
    }
    case 'store': {
      inspect(at, statement.address);
      const sources = sourcesOf(at, statement.value);
      if (sources.size > 0) put(at, statement.address, sources);
      else inspect(at, statement.value);
      return;
    }
    case 'if':
    case 'while':
      test(at, statement.condition);
      return;
    default:
      for (const expression of expressionsOf(statement)) inspect(at, expression);
  }
}

function keyOf(thread: number, register: string): string {
  return `${thread}:${register}`;
}

function addAll<Key, Item>(sets: Map<Key, Set<Item>>, key: Key, items: Iterable<Item>): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set(items));
  else for (const item of items) known.add(item);
}

/** The open values that an expression may be as it is, conversions that change none of them aside; none where it
 *  is something else. */
function sourcesOf(at: At, expression: Expression): Sources {
  const { flow, thread } = at;
  switch (expression.kind) {
    case 'open':
      return expression.range === undefined ? NONE : new Set([expression]);
    case 'register':
      return flow.registers.get(keyOf(thread, expression.name)) ?? NONE;
    case 'convert': {
      const { to } = expression;
      const sources = sourcesOf(at, expression.operand);
      const isKept = [...sources].every(
        ({ range }) => range !== undefined && isOf(range.least, to) && isOf(range.most, to),
      );
      return isKept ? sources : NONE;
    }
    case 'load':
      return sourcesAt(at, expression.address);
    case 'cmpxchg':
      return isUsed(at, expression.desired) ? NONE : sourcesAt(at, expression.address);
    case 'rmw':
      return isExchange(expression) ? sourcesAt(at, expression.address) : NONE;
    default:
      return NONE;
  }
}

function isExchange({ apply, result }: ReadModifyWrite): boolean {
  return apply === 'set' && (result === 'old' || result === 'nothing');
}

function sourcesAt({ flow, thread }: At, address: Expression): Sources {
  if (flow.locations.size === 0) return NONE;
  const places = reachable(flow.values.registers[thread]!, address);
  const found = (places ?? [...flow.locations.keys()]).flatMap((place) => [
    ...(flow.locations.get(place) ?? []),
  ]);
  return found.length === 0 ? NONE : new Set(found);
}

/** Notes that open values are put where an address leads. */
function put(at: At, address: Expression, sources: Sources): void {
  const places = reachable(at.flow.values.registers[at.thread]!, address);
  if (places === undefined) at.flow.computed.add(at.statement);
  for (const place of places ?? []) addAll(at.flow.locations, place, sources);
}

/** Notes what an expression that is no open value itself compares open values with, or computes from them. */
function inspect(at: At, expression: Expression): void {
  switch (expression.kind) {
    case 'not':
      test(at, expression.operand);
      return;
    case 'convert':
      inspectOperand(at, expression, expression.operand);
      return;
    case 'binary':
      if (expression.operator === '&&' || expression.operator === '||') {
        test(at, expression.left);
        test(at, expression.right);
      } else if (isComparison(expression.operator)) {
        compare(at, expression);
      } else {
        inspectOperand(at, expression, expression.left);
        inspectOperand(at, expression, expression.right);
      }
      return;
    case 'rmw':
      inspectUnlessOpen(at, expression.address);
      if (isExchange(expression) && isOpen(at, expression.operand))
        put(at, expression.address, sourcesOf(at, expression.operand));
      else inspectUnlessOpen(at, expression.operand);
      if (!isExchange(expression) && sourcesAt(at, expression.address).size > 0)
        at.flow.computed.add(at.statement);
      return;
    default:
      if (isUsed(at, expression)) at.flow.computed.add(at.statement);
  }
}

/** Notes that something is computed from an expression. */
function inspectUnlessOpen(at: At, expression: Expression): void {
  if (isOpen(at, expression)) at.flow.computed.add(at.statement);
  else inspect(at, expression);
}

/** Notes where a value by itself is computed from an operand. */
function inspectOperand(at: At, result: Expression, operand: Expression): void {
  if (isOpen(at, operand)) at.flow.results.add(result);
  inspectUnlessOpen(at, operand);
}

function isOpen(at: At, expression: Expression): boolean {
  return sourcesOf(at, expression).size > 0;
}

/** Whether an open value goes into an expression anywhere. */
function isUsed(at: At, expression: Expression): boolean {
  return partsOf(expression).some(
    (part) =>
      isOpen(at, part) || (part.kind === 'add-unless' && sourcesAt(at, part.address).size > 0),
  );
}

/** Notes that an expression is tested for being 0. */
function test(at: At, expression: Expression): void {
  const sources = sourcesOf(at, expression);
  if (sources.size === 0) inspect(at, expression);
  for (const source of sources) addAll(at.flow.compared, source, [0]);
}

function compare(at: At, comparison: Expression & { kind: 'binary' }): void {
  const { left, right, operator } = comparison;
  const [first, second] = [sourcesOf(at, left), sourcesOf(at, right)];
  if (first.size === 0) inspect(at, left);
  if (second.size === 0) inspect(at, right);
  const sources = first.size > 0 ? first : second;
  if (sources.size === 0) return;
  const { flow, thread, statement } = at;
  const other = candidatesOfExpression(
    first.size > 0 ? right : left,
    flow.values.registers[thread]!,
  );
  if (other === 'any' || (first.size > 0 && second.size > 0)) {
    flow.computed.add(statement);
    flow.results.add(comparison);
    return;
  }
  const integers = [...other.values()].flatMap((value) =>
    value.kind === 'integer' ? [value.value] : [],
  );
  for (const source of sources) {
    addAll(flow.compared, source, integers);
    if (operator !== '==' && operator !== '!=') flow.ordered.add(source);
  }
}

/** Notes what a proposition compares open values with; whether that is anything that varies. */
function ask(flow: Flow, proposition: Proposition): boolean {
  const sourcesIn = (observable: Observable): Sources =>
    (observable.kind === 'location'
      ? flow.locations.get(observable.name)
      : flow.registers.get(keyOf(observable.thread, observable.name))) ?? NONE;
  return equationsIn(proposition).some(({ left, right }) => {
    const sources = sourcesIn(left);
    if (isObservable(right)) return sources.size > 0 || sourcesIn(right).size > 0;
    if (right.kind === 'integer')
      for (const source of sources) addAll(flow.compared, source, [right.value]);
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
