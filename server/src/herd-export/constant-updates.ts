/** Atomic updates that come to the same value whatever they find, as setting the only bit of a word does. */

import { candidatesOfExpression, type RegisterCandidates } from '../program/candidates.ts';
import { type Integer, updated } from '../program/integer.ts';
import { accessesOf, changedStatements, placeOf, plainValues } from '../program/plain-access.ts';
import type { Expression, LocationName, Program, Statement } from '../program/program.ts';
import { everyStatement, expressionsOf } from '../program/walk.ts';

/**
 * With WRITE_ONCE() in the place of updates that return nothing and always leave the same value. That is
 * the update without its read: fewer events and no atomicity, so what is never possible then is not with
 * the update.
 */
export function withoutConstantUpdates(program: Program): Program {
  const contents = contentsOf(program);
  const threads = program.threads.map((thread) => ({
    ...thread,
    body: changedStatements(thread.body, (statement) => asWrite(statement, contents)),
  }));
  return { ...program, threads };
}

function asWrite(statement: Statement, contents: Contents): Statement {
  if (statement.kind !== 'evaluate' || statement.value.kind !== 'rmw') return statement;
  const { order, operand, address } = statement.value;
  const number = integerOf(operand);
  const before = contents.get(placeOf(address) ?? '');
  if (order !== 'noreturn' || number === undefined || before === undefined) return statement;
  const update = statement.value;
  const [after, ...others] = new Set([...before].map((value) => updated(update, value, number)));
  if (after === undefined || others.length > 0) return statement;
  const { span, origin } = statement.value;
  const value = { kind: 'value', value: { kind: 'integer', value: after }, span } as const;
  return { kind: 'store', order: 'once', address, value, span, ...(origin && { origin }) };
}

/** The integers that locations can hold; without an entry, a location can hold anything. */
type Contents = ReadonlyMap<LocationName, ReadonlySet<Integer>>;

/** Beyond so many values a location can hold anything. */
const MOST_VALUES = 8;

function contentsOf(program: Program): Contents {
  const { registers } = plainValues(program);
  const contents = new Map<LocationName, Set<Integer>>();
  const updates = program.threads.flatMap(({ index, body }) =>
    everyStatement(body).flatMap((statement) => updatesOf(statement, registers[index]!)),
  );
  const unknown = new Set(updates.flatMap(({ place, next }) => (next === undefined ? place : [])));
  for (const { place } of updates) contents.set(place, new Set());
  for (const { target, value } of program.initial)
    if (target.kind === 'location' && value.kind === 'integer')
      contents.get(target.name)?.add(value.value);
  for (const held of contents.values()) if (held.size === 0) held.add(0);
  for (let grew = true; grew; ) {
    grew = false;
    for (const { place, next } of updates) {
      const held = contents.get(place)!;
      const before = held.size;
      if (next !== undefined && before <= MOST_VALUES)
        for (const value of [...held].flatMap(next)) held.add(value);
      grew ||= held.size > before;
    }
  }
  return new Map(
    [...contents].filter(([place, held]) => !unknown.has(place) && held.size <= MOST_VALUES),
  );
}

/** A write to a location: the values it may leave for one that it may find; undefined for any. */
interface Update {
  readonly place: LocationName;
  readonly next: ((value: Integer) => readonly Integer[]) | undefined;
}

function updatesOf(statement: Statement, registers: RegisterCandidates): readonly Update[] {
  if (statement.kind === 'store') {
    const stored = integersOf(statement.value, registers);
    return [{ place: placeOf(statement.address) ?? '', next: stored && (() => stored) }];
  }
  const [value] = expressionsOf(statement);
  if (value?.kind === 'rmw') {
    const operand = integerOf(value.operand);
    const next =
      operand === undefined ? undefined : (old: Integer) => [updated(value, old, operand)];
    return [{ place: placeOf(value.address) ?? '', next }];
  }
  return accessesOf(statement)
    .filter(({ writes }) => writes)
    .map(({ place }) => ({ place: place ?? '', next: undefined }));
}

function integerOf(expression: Expression): Integer | undefined {
  return expression.kind === 'value' && expression.value.kind === 'integer'
    ? expression.value.value
    : undefined;
}

function integersOf(
  expression: Expression,
  registers: RegisterCandidates,
): readonly Integer[] | undefined {
  const candidates = candidatesOfExpression(expression, registers);
  if (candidates === 'any') return undefined;
  const values = [...candidates.values()];
  return values.every((value) => value.kind === 'integer')
    ? values.flatMap((value) => (value.kind === 'integer' ? value.value : []))
    : undefined;
}
