/** Operations for which C gives no value where an operand is an address: a mask on one, the order of two objects. */

import { assignmentsOf, evaluateWith, type RegisterCandidates } from '../program/candidates.ts';
import type { Expression } from '../program/program.ts';
import { registersOf } from '../program/walk.ts';
import type { Span } from '../text/span.ts';
import type { State } from './machine.ts';
import {
  binary,
  computed,
  type Known,
  known,
  toExpression,
  typed,
  undefinedValue,
  unless,
  type Value,
} from './value.ts';

/** The value, but for the paths on which its registers hold what gives it none. */
export function valued(value: Value, state: State, span: Span): Value {
  if (value.kind === 'partial') {
    const inner = valued(value.value, state, span);
    return unless(inner, value.absent, value.because);
  }
  if (value.kind !== 'computed' || !mayBeAddress(value.expression, state.registers)) return value;
  const assignments = assignmentsOf(value.expression, state.registers);
  if (assignments === 'any') return value;
  const without = assignments.filter(
    (assignment) => evaluateWith(value.expression, assignment) === undefined,
  );
  if (without.length === 0) return value;
  const because = undefinedValue('an operation on an address', undefined, value.type);
  if (without.length === assignments.length) return because;
  const absent = without
    .map((assignment) => holdsOf(assignment, span))
    .reduce((left, right) => binary('||', left, right, span));
  return typed(unless(value, toExpression(absent, span), because), value.type);
}

/** Whether a register of an expression may hold an address. */
function mayBeAddress(expression: Expression, registers: RegisterCandidates): boolean {
  return registersOf(expression).some((name) => {
    const values = registers.get(name) ?? 'any';
    return values !== 'any' && [...values.values()].some(({ kind }) => kind === 'address');
  });
}

/** Whether the registers hold these values. */
export function holdsOf(assignment: ReadonlyMap<string, Known>, span: Span): Value {
  return [...assignment]
    .map(([name, value]): Value => {
      const register = computed({ kind: 'register', name, span });
      return binary('==', register, known(value, register.type), span);
    })
    .reduce((left, right) => binary('&&', left, right, span));
}
