/** Statements of a program with every access at a location that is named, behind a ladder of `if`s if need be. */

import { type Candidates, outcomesOf, type RegisterCandidates } from '../program/candidates.ts';
import type { Expression, LocationName, Statement } from '../program/program.ts';
import { alwaysLeads, reachable } from '../program/program-values.ts';
import { bodiesOf, expressionsOf, registersOf } from '../program/walk.ts';
import type { Span } from '../text/span.ts';
import { equalTo, type FlatValues, flatExpression } from './flat-expression.ts';
import { checkUpdate, writtenUpdate } from './flat-update.ts';

/** What flattening the statements of one thread needs. */
export interface Flattening extends FlatValues {
  readonly names: ReadonlyMap<LocationName, string>;
  /** What the thread's registers may hold at any time, and what stands at locations. */
  readonly registers: RegisterCandidates;
  readonly locations: ReadonlyMap<LocationName, Candidates>;
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
  switch (statement.kind) {
    case 'while':
      return [
        {
          ...statement,
          condition: flatExpression(flattening, statement.condition, flattening.registers),
          body: flatBody(flattening, statement.body, flattening.registers),
        },
      ];
    case 'if':
      return flatIf(flattening, statement, registers);
    default: {
      const address = addressOf(statement);
      return address === undefined
        ? [withoutAddress(flattening, statement, registers)]
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
  const condition = flatExpression(flattening, statement.condition, registers);
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

function withoutAddress(
  flattening: Flattening,
  statement: Statement,
  registers: RegisterCandidates,
): Statement {
  const flat = (value: Expression) => flatExpression(flattening, value, registers);
  if (statement.kind === 'assign' || statement.kind === 'evaluate')
    return { ...statement, value: flat(statement.value) };
  if (statement.kind !== 'declare' || statement.value === undefined) return statement;
  return { ...statement, value: flat(statement.value) };
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
  const number = flatExpression(flattening, address, registers);
  const [last] = places.slice(-1);
  if (last === undefined) return [];
  if (address.kind === 'value')
    return [accessAt(flattening, statement, plainAddress(flattening, last, span), registers)];
  const at = (place: LocationName) =>
    accessAt(
      flattening,
      statement,
      dependingOn(registersOf(number), plainAddress(flattening, place, span)),
      registers,
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
function accessAt(
  flattening: Flattening,
  statement: Statement,
  address: Expression,
  registers: RegisterCandidates,
): Statement {
  const flat = (expression: Expression) => flatExpression(flattening, expression, registers);
  switch (statement.kind) {
    case 'store':
      return { ...statement, address, value: flat(statement.value) };
    case 'lock':
      return { ...statement, address };
    case 'srcu':
      return { ...statement, address, ...(statement.index && { index: flat(statement.index) }) };
    case 'assign':
    case 'evaluate':
      return {
        ...statement,
        value: accessExpression(flattening, statement.value, address, registers),
      };
    default:
      return statement;
  }
}

function accessExpression(
  flattening: Flattening,
  expression: Expression,
  address: Expression,
  registers: RegisterCandidates,
): Expression {
  const flat = (operand: Expression) => flatExpression(flattening, operand, registers);
  switch (expression.kind) {
    case 'load':
    case 'lock-query':
    case 'srcu-lock':
      return { ...expression, address };
    case 'rmw': {
      const { type: _, ...update } = expression;
      checkUpdate(flattening, expression, registers);
      return {
        ...update,
        apply: writtenUpdate(expression),
        address,
        operand: flat(expression.operand),
      };
    }
    case 'cmpxchg':
      return {
        ...expression,
        address,
        expected: flat(expression.expected),
        desired: flat(expression.desired),
      };
    case 'add-unless': {
      const { type: _, ...update } = expression;
      checkUpdate(flattening, { ...expression, apply: 'add' }, registers);
      return {
        ...update,
        address,
        operand: flat(expression.operand),
        unless: flat(expression.unless),
      };
    }
    default:
      return expression;
  }
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
