/** Statements of a program with every access at a location that is named, behind a ladder of `if`s if need be. */

import type { RmwFunction } from '../kernel/operation.ts';
import { outcomesOf, type RegisterCandidates } from '../program/candidates.ts';
import type { Expression, LocationName, ReadModifyWrite, Statement } from '../program/program.ts';
import { alwaysLeads, reachable } from '../program/program-values.ts';
import { bodiesOf, expressionsOf, registersOf } from '../program/walk.ts';
import type { Problem, Span } from '../text/span.ts';
import type { AddressNumbers } from './address-numbers.ts';
import { equalTo, flatExpression } from './flat-expression.ts';

/** What flattening the statements of one thread needs. */
export interface Flattening {
  readonly numbers: AddressNumbers;
  readonly names: ReadonlyMap<LocationName, string>;
  /** What the thread's registers may hold at any time. */
  readonly registers: RegisterCandidates;
  readonly problems: Problem[];
}

/** The statements in plain words, the registers holding what `registers` says where they begin. */
export function flatBody(
  flattening: Flattening,
  body: readonly Statement[],
  registers: RegisterCandidates,
): readonly Statement[] {
  let known = registers;
  return body.flatMap((statement) => {
    const flat = flatStatement(flattening, statement, known);
    if (statement.kind === 'if' && statement.then.at(-1)?.kind === 'stop')
      known = outcomesOf(statement.condition, known).no ?? known;
    return flat;
  });
}

function flatStatement(
  flattening: Flattening,
  statement: Statement,
  registers: RegisterCandidates,
): readonly Statement[] {
  const { numbers } = flattening;
  switch (statement.kind) {
    case 'while':
      return [
        {
          ...statement,
          condition: flatExpression(numbers, statement.condition),
          body: flatBody(flattening, statement.body, flattening.registers),
        },
      ];
    case 'if':
      return flatIf(flattening, statement, registers);
    default: {
      const address = addressOf(statement);
      return address === undefined
        ? [withoutAddress(numbers, statement)]
        : accessThrough(flattening, statement, address, registers);
    }
  }
}

/** In its branches a register holds only what makes the condition come out that way. */
function flatIf(
  flattening: Flattening,
  statement: Statement & { readonly kind: 'if' },
  registers: RegisterCandidates,
): readonly Statement[] {
  const { yes, no } = outcomesOf(statement.condition, registers);
  const branch = (body: readonly Statement[], known: RegisterCandidates = registers) =>
    flatBody(flattening, body, withAssigned(flattening, body, known));
  const then = branch(statement.then, yes);
  const otherwise = branch(statement.otherwise, no);
  const condition = flatExpression(flattening.numbers, statement.condition);
  return [{ ...statement, condition, then, otherwise }];
}

/** What is assigned inside may hold anything that it ever holds. */
function withAssigned(
  flattening: Flattening,
  body: readonly Statement[],
  known: RegisterCandidates,
): RegisterCandidates {
  const result = new Map(known);
  for (const register of assignedIn(body))
    result.set(register, flattening.registers.get(register) ?? 'any');
  return result;
}

function assignedIn(body: readonly Statement[]): readonly string[] {
  return body.flatMap((statement) => [
    ...(statement.kind === 'assign' ? [statement.register] : []),
    ...bodiesOf(statement).flatMap(assignedIn),
  ]);
}

function traceOf({ span, origin }: Statement): Pick<Statement, 'span' | 'origin'> {
  return origin === undefined ? { span } : { span, origin };
}

function withoutAddress(numbers: AddressNumbers, statement: Statement): Statement {
  if (statement.kind === 'assign' || statement.kind === 'evaluate')
    return { ...statement, value: flatExpression(numbers, statement.value) };
  if (statement.kind !== 'declare' || statement.value === undefined) return statement;
  return { ...statement, value: flatExpression(numbers, statement.value) };
}

/** The access at each location that the address may lead to, the one it does lead to being chosen. */
function accessThrough(
  flattening: Flattening,
  statement: Statement,
  address: Expression,
  registers: RegisterCandidates,
): readonly Statement[] {
  const { numbers, problems } = flattening;
  const places = reachable(registers, address);
  const { span } = statement;
  if (places === undefined) {
    problems.push({ message: 'an access through a pointer that may lead anywhere', span });
    return [];
  }
  const number = flatExpression(flattening.numbers, address);
  const [last] = places.slice(-1);
  if (last === undefined) return [];
  if (address.kind === 'value')
    return [accessAt(flattening, statement, plainAddress(flattening, last, span))];
  const at = (place: LocationName) =>
    accessAt(
      flattening,
      statement,
      dependingOn(registersOf(number), plainAddress(flattening, place, span)),
    );
  if (places.length === 1 && alwaysLeads(registers, address)) return [at(last)];
  return places.reduceRight<readonly Statement[]>((otherwise, place) => {
    const condition = equalTo(number, numbers.numberOf(place), span);
    // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
    return [{ kind: 'if', condition, then: [at(place)], otherwise, ...traceOf(statement) }];
  }, []);
}

/** `address + (r ^ r)` for each of the registers. */
function dependingOn(registers: readonly string[], address: Expression): Expression {
  const { span } = address;
  return [...new Set(registers)].reduce<Expression>((left, name) => {
    const register: Expression = { kind: 'register', name, span };
    const zero: Expression = {
      kind: 'binary',
      operator: '^',
      left: register,
      right: register,
      span,
    };
    return { kind: 'binary', operator: '+', left, right: zero, span };
  }, address);
}

function plainAddress({ names }: Flattening, place: LocationName, span: Span): Expression {
  return { kind: 'value', value: { kind: 'address', of: names.get(place)! }, span };
}

/** The statement with another address and its values flattened. */
function accessAt(flattening: Flattening, statement: Statement, address: Expression): Statement {
  const flat = (expression: Expression) => flatExpression(flattening.numbers, expression);
  switch (statement.kind) {
    case 'store':
      return { ...statement, address, value: flat(statement.value) };
    case 'lock':
      return { ...statement, address };
    case 'srcu':
      return { ...statement, address, ...(statement.index && { index: flat(statement.index) }) };
    case 'assign':
    case 'evaluate':
      return { ...statement, value: accessExpression(statement.value, address, flat) };
    default:
      return statement;
  }
}

function accessExpression(
  expression: Expression,
  address: Expression,
  flat: (expression: Expression) => Expression,
): Expression {
  switch (expression.kind) {
    case 'load':
    case 'lock-query':
    case 'srcu-lock':
      return { ...expression, address };
    case 'rmw':
      return {
        ...expression,
        ...unreturned(expression),
        address,
        operand: flat(expression.operand),
      };
    case 'cmpxchg':
      return {
        ...expression,
        address,
        expected: flat(expression.expected),
        desired: flat(expression.desired),
      };
    case 'add-unless':
      return {
        ...expression,
        address,
        operand: flat(expression.operand),
        unless: flat(expression.unless),
      };
    default:
      return expression;
  }
}

/** herd has no exchange without a value; setting a bit to 0 or 1 is the same as `and 0` or `or 1`. */
function unreturned({ order, apply, operand }: ReadModifyWrite): { readonly apply: RmwFunction } {
  const isSet = order === 'noreturn' && apply === 'set';
  if (!isSet || operand.kind !== 'value' || operand.value.kind !== 'integer') return { apply };
  return { apply: operand.value.value === 0 ? 'and' : 'or' };
}

/** The address that a statement accesses; a lowered statement has at most one. */
export function addressOf(statement: Statement): Expression | undefined {
  switch (statement.kind) {
    case 'store':
    case 'lock':
    case 'srcu':
      return statement.address;
    case 'assign':
    case 'evaluate':
      return 'address' in statement.value ? statement.value.address : undefined;
    case 'declare':
    case 'fence':
    case 'rcu':
    case 'if':
    case 'while':
    case 'stop':
      return undefined;
  }
}

/** The registers that a body assigns or reads. */
export function registersIn(body: readonly Statement[]): ReadonlySet<string> {
  return new Set(
    body.flatMap((statement) => [
      ...(statement.kind === 'assign' ? [statement.register] : []),
      ...expressionsOf(statement).flatMap(registersOf),
      ...bodiesOf(statement).flatMap((inner) => [...registersIn(inner)]),
    ]),
  );
}
