/** Values that nothing in the program decides: the thread takes any of them. */

import { type Candidates, only } from '../program/candidates.ts';
import type { IntegerRange, Value as Known } from '../program/program.ts';
import { holding } from './access.ts';
import { type Lowering, SETUP } from './context.ts';
import { type CType, INT } from './ctype.ts';
import { emit, type State, type Trace } from './machine.ts';
import { typed, undefinedValue, type Value } from './value.ts';

/** So many integers are each an alternative of their own. */
const FEW = 4;

/** Any integer of a range, in a register that is called after `hint`. */
export function anyWithin(
  lowering: Lowering,
  state: State,
  range: IntegerRange,
  hint: string,
  trace: Trace,
): Value {
  const { least, most } = range;
  const count = Number(most) - Number(least) + 1;
  if (count > FEW)
    return take(lowering, state, [integer(least), integer(most)], 'any', hint, trace, range);
  const each = Array.from({ length: count }, (_, index) => integer(Number(least) + index));
  return anyOf(lowering, state, each, hint, trace);
}

function integer(value: IntegerRange['least']): Known {
  return { kind: 'integer', value };
}

/** Any of some values of one type. */
export function anyOf(
  lowering: Lowering,
  state: State,
  alternatives: readonly Known[],
  hint: string,
  trace: Trace,
  type: CType = INT,
): Value {
  return typed(take(lowering, state, alternatives, only(...alternatives), hint, trace), type);
}

function take(
  lowering: Lowering,
  state: State,
  alternatives: readonly Known[],
  values: Candidates,
  hint: string,
  trace: Trace,
  range?: IntegerRange,
): Value {
  if (lowering.thread === SETUP) return undefinedValue(`${hint}(), before the threads start`);
  const register = lowering.freshRegister(hint);
  const value = { kind: 'open', alternatives, ...(range && { range }), ...trace } as const;
  emit(state, { kind: 'assign', register, value, ...trace });
  return holding(state, register, values, trace);
}
