/**
 * Where the open values of a program go: what they are compared with, and where something is computed from
 * them. Flow-insensitive, as `program-values.ts` is.
 */

import { candidatesOfExpression } from './candidates.ts';
import { type Integer, isComparison, isOf } from './integer.ts';
import type {
  Expression,
  IntegerRange,
  LocationName,
  Observable,
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
  /** The integers that they are compared with. */
  readonly compared: ReadonlySet<Integer>;
  /** Whether they are asked for more than equality. */
  readonly isOrdered: boolean;
  /** The statements that use them otherwise: what they come to is not known from these integers alone. */
  readonly computed: ReadonlySet<Statement>;
  /** Whether a proposition compares them with something that varies. */
  readonly isVaryinglyAsked: boolean;
}

interface Flow {
  readonly values: ProgramValues;
  readonly ranges: readonly IntegerRange[];
  /** By thread and name, the registers that may hold such a value. */
  readonly registers: Set<string>;
  readonly locations: Set<LocationName>;
  readonly compared: Set<Integer>;
  readonly computed: Set<Statement>;
  isOrdered: boolean;
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
  const ranges = program.threads.flatMap(({ body }) =>
    outermostExpressions(body)
      .flatMap(partsOf)
      .flatMap((part) => (part.kind === 'open' ? (part.range ?? []) : [])),
  );
  if (ranges.length === 0) return undefined;
  const flow: Flow = {
    values: programValues(program),
    ranges,
    registers: new Set(),
    locations: new Set(),
    compared: new Set(),
    computed: new Set(),
    isOrdered: false,
  };
  for (let size = -1; size < sizeOf(flow); ) {
    size = sizeOf(flow);
    for (const { body, index } of program.threads)
      for (const statement of everyStatement(body)) visit({ flow, thread: index, statement });
  }
  const isVaryinglyAsked = propositions.map((each) => ask(flow, each)).some((varies) => varies);
  const { compared, isOrdered, computed } = flow;
  return { compared, isOrdered, computed, isVaryinglyAsked };
}

function sizeOf({ registers, locations, compared, computed }: Flow): number {
  return registers.size + locations.size + compared.size + computed.size;
}

function visit(at: At): void {
  const { flow, thread, statement } = at;
  switch (statement.kind) {
    case 'assign':
      if (isOpen(at, statement.value)) flow.registers.add(keyOf(thread, statement.register));
      else inspect(at, statement.value);
      return;
    case 'store':
      inspect(at, statement.address);
      if (isOpen(at, statement.value)) putOpen(at, statement.address);
      else inspect(at, statement.value);
      return;
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

/** Whether an expression is an open value as it is, conversions that change none of them aside. */
function isOpen(at: At, expression: Expression): boolean {
  const { flow, thread } = at;
  switch (expression.kind) {
    case 'open':
      return expression.range !== undefined;
    case 'register':
      return flow.registers.has(keyOf(thread, expression.name));
    case 'convert': {
      const { to, operand } = expression;
      const isKept = flow.ranges.every(({ least, most }) => isOf(least, to) && isOf(most, to));
      return isKept && isOpen(at, operand);
    }
    case 'load':
      return isOpenPlace(at, expression.address);
    case 'cmpxchg':
      return isOpenPlace(at, expression.address) && !isUsed(at, expression.desired);
    case 'rmw':
      return isExchange(expression) && isOpenPlace(at, expression.address);
    default:
      return false;
  }
}

function isExchange({ apply, result }: ReadModifyWrite): boolean {
  return apply === 'set' && (result === 'old' || result === 'nothing');
}

function isOpenPlace({ flow, thread }: At, address: Expression): boolean {
  if (flow.locations.size === 0) return false;
  const places = reachable(flow.values.registers[thread]!, address);
  return places === undefined || places.some((place) => flow.locations.has(place));
}

/** Notes that an open value is put where an address leads. */
function putOpen(at: At, address: Expression): void {
  const places = reachable(at.flow.values.registers[at.thread]!, address);
  if (places === undefined) at.flow.computed.add(at.statement);
  for (const place of places ?? []) at.flow.locations.add(place);
}

/** Notes what an expression that is no open value itself compares open values with, or computes from them. */
function inspect(at: At, expression: Expression): void {
  switch (expression.kind) {
    case 'not':
      test(at, expression.operand);
      return;
    case 'convert':
      inspectUnlessOpen(at, expression.operand);
      return;
    case 'binary':
      if (expression.operator === '&&' || expression.operator === '||') {
        test(at, expression.left);
        test(at, expression.right);
      } else if (isComparison(expression.operator)) {
        compare(at, expression);
      } else {
        inspectUnlessOpen(at, expression.left);
        inspectUnlessOpen(at, expression.right);
      }
      return;
    case 'rmw':
      inspectUnlessOpen(at, expression.address);
      if (isExchange(expression) && isOpen(at, expression.operand)) putOpen(at, expression.address);
      else inspectUnlessOpen(at, expression.operand);
      if (!isExchange(expression) && isOpenPlace(at, expression.address))
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

/** Whether an open value goes into an expression anywhere. */
function isUsed(at: At, expression: Expression): boolean {
  return partsOf(expression).some(
    (part) => isOpen(at, part) || (part.kind === 'add-unless' && isOpenPlace(at, part.address)),
  );
}

/** Notes that an expression is tested for being 0. */
function test(at: At, expression: Expression): void {
  if (isOpen(at, expression)) at.flow.compared.add(0);
  else inspect(at, expression);
}

function compare(at: At, { left, right, operator }: Expression & { kind: 'binary' }): void {
  const [first, second] = [isOpen(at, left), isOpen(at, right)];
  if (!first) inspect(at, left);
  if (!second) inspect(at, right);
  if (!first && !second) return;
  const { flow, thread, statement } = at;
  const other = candidatesOfExpression(first ? right : left, flow.values.registers[thread]!);
  if (other === 'any' || (first && second)) {
    flow.computed.add(statement);
    return;
  }
  for (const value of other.values()) if (value.kind === 'integer') flow.compared.add(value.value);
  if (operator !== '==' && operator !== '!=') flow.isOrdered = true;
}

/** Notes what a proposition compares open values with; whether that is anything that varies. */
function ask(flow: Flow, proposition: Proposition): boolean {
  const isAsked = (observable: Observable) =>
    observable.kind === 'location'
      ? flow.locations.has(observable.name)
      : flow.registers.has(keyOf(observable.thread, observable.name));
  return equationsIn(proposition).some(({ left, right }) => {
    if (isObservable(right)) return isAsked(left) || isAsked(right);
    if (isAsked(left) && right.kind === 'integer') flow.compared.add(right.value);
    return false;
  });
}
