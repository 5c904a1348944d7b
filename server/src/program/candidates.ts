/**
 * The values that something may have at run time, as a finite set or `any`. Locations and registers
 * carry one; conditions that come out the same for all of them need no branch, and an access through
 * a pointer can only reach what it may point to.
 */

import { evaluateExpression, isTrue, keyOf, SPELT } from './evaluate.ts';
import { isComparison } from './integer.ts';
import { extended } from './layered-map.ts';
import type { Expression, Value } from './program.ts';
import { registersOf } from './walk.ts';

/** Value values by `keyOf`, or `any` value at all. */
export type Candidates = ReadonlyMap<string, Value> | 'any';

/** What the registers of a thread may hold. A register without an entry may hold anything. */
export type RegisterCandidates = ReadonlyMap<string, Candidates>;

/** Beyond so many values a set becomes `any`. */
const LARGEST = 32;
/** So many combinations of register values are tried for one expression. */
const MOST_COMBINATIONS = 1024;

export function only(...values: readonly Value[]): Candidates {
  return new Map(values.map((value) => [keyOf(value), value]));
}

export function unionOf(left: Candidates, right: Candidates): Candidates {
  if (left === 'any' || right === 'any') return 'any';
  if (left === right || [...right.keys()].every((key) => left.has(key))) return left;
  const union = new Map([...left, ...right]);
  return union.size > LARGEST ? 'any' : union;
}

/** What a pure expression may be worth, its registers holding what `registers` says. */
export function candidatesOfExpression(
  expression: Expression,
  registers: RegisterCandidates,
): Candidates {
  const assignments = assignmentsOf(expression, registers);
  if (assignments === 'any') return alwaysBoolean(expression) ? BOOLEANS : 'any';
  const values = assignments.flatMap((assignment) => evaluateWith(expression, assignment) ?? []);
  const set = only(...values);
  return set !== 'any' && set.size > LARGEST ? 'any' : set;
}

const BOOLEANS = only({ kind: 'integer', value: 0 }, { kind: 'integer', value: 1 });

function alwaysBoolean(expression: Expression): boolean {
  return (
    expression.kind === 'not' || (expression.kind === 'binary' && isComparison(expression.operator))
  );
}

/** Every way to give the registers of an expression a value each, or `any` if there are too many. */
export function assignmentsOf(
  expression: Expression,
  registers: RegisterCandidates,
): readonly ReadonlyMap<string, Value>[] | 'any' {
  let assignments: ReadonlyMap<string, Value>[] = [new Map()];
  for (const name of new Set(registersOf(expression))) {
    const values = registers.get(name) ?? 'any';
    if (values === 'any' || assignments.length * values.size > MOST_COMBINATIONS) return 'any';
    assignments = assignments.flatMap((assignment) =>
      [...values.values()].map((value) => new Map(assignment).set(name, value)),
    );
  }
  return assignments;
}

/** The value of a pure expression under an assignment of its registers; undefined where C gives none. */
export function evaluateWith(
  expression: Expression,
  assignment: ReadonlyMap<string, Value>,
): Value | undefined {
  return evaluateExpression(SPELT, expression, (name) => assignment.get(name));
}

/** How a condition can come out, and what the registers it tests may hold in either case. */
export interface Outcomes {
  readonly yes: RegisterCandidates | undefined;
  readonly no: RegisterCandidates | undefined;
}

/** `yes` or `no` is undefined where no value of the registers makes the condition come out so. */
export function outcomesOf(condition: Expression, registers: RegisterCandidates): Outcomes {
  const assignments = assignmentsOf(condition, registers);
  if (assignments === 'any') return { yes: registers, no: registers };
  const yes: ReadonlyMap<string, Value>[] = [];
  const no: ReadonlyMap<string, Value>[] = [];
  for (const assignment of assignments) {
    const value = evaluateWith(condition, assignment);
    if (value !== undefined) (isTrue(value) ? yes : no).push(assignment);
  }
  return { yes: narrowed(registers, yes), no: narrowed(registers, no) };
}

function narrowed(
  registers: RegisterCandidates,
  assignments: readonly ReadonlyMap<string, Value>[],
): RegisterCandidates | undefined {
  const [first] = assignments;
  if (first === undefined) return undefined;
  return extended(
    registers,
    [...first.keys()].map(
      (name) => [name, only(...assignments.map((assignment) => assignment.get(name)!))] as const,
    ),
  );
}
