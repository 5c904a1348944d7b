/** Where a value matters: in a branch, an address, an operand, a stored value. What is not known ends the path there. */

import { outcomesOf } from '../program/candidates.ts';
import { type Lowering, placeOfTrace } from './context.ts';
import { chooseFree, emit, fork, type State, type Trace } from './machine.ts';
import { opened } from './open-world.ts';
import { rejoin } from './rejoin.ts';
import {
  computed,
  type Definite,
  negation,
  toExpression,
  type Undefined,
  type Value,
} from './value.ts';

/** The value, where there is one: the executions in which there is none end here as at a bound, so that no
 *  "never" is said of them. Undefined where the path ends. */
export function settled(
  lowering: Lowering,
  state: State,
  written: Value,
  trace: Trace,
): Definite | undefined {
  if (state.dead) return undefined;
  const value = opened(lowering, written);
  if (value.kind === 'computed') chooseFree(state, [value.expression], trace);
  switch (value.kind) {
    case 'undefined':
      stopAt(lowering, state, value, trace);
      return undefined;
    case 'partial': {
      const absent = computed(value.absent);
      const whenAbsent = (path: State) => stopAt(lowering, path, value.because, trace);
      return stopWhere(lowering, state, absent, whenAbsent, trace) ? value.value : undefined;
    }
    default:
      return value;
  }
}

function stopAt(
  lowering: Lowering,
  state: State,
  { reason, place }: Undefined,
  trace: Trace,
): void {
  stop(lowering, state, `the value of ${reason} matters here`, trace, place);
}

/** Ends executions here for want of a value; what comes after is read all the same, for what else is not known. */
export function endBefore(lowering: Lowering, state: State, value: Undefined, trace: Trace): void {
  stopAt(lowering, state, value, trace);
  state.dead = false;
}

/** Ends the path where the lowering cannot go on: a "never" is then no answer. */
export function stop(
  lowering: Lowering,
  state: State,
  reason: string,
  trace: Trace,
  place = placeOfTrace(trace),
): void {
  if (state.dead) return;
  const why = lowering.request.open === undefined ? 'bound' : 'discard';
  emit(state, { kind: 'stop', why, reason, ...trace });
  state.dead = true;
  lowering.report.assume('bound', reason, place);
}

/** Lets `end` end the executions in which `condition` holds; says whether there are others, in which `state` goes on. */
export function stopWhere(
  lowering: Lowering,
  state: State,
  condition: Definite,
  end: (path: State) => void,
  trace: Trace,
): boolean {
  const expression = toExpression(condition, trace.span);
  const { yes, no } = outcomesOf(expression, state.registers);
  if (yes === undefined) return true;
  if (no === undefined) {
    end(state);
    return false;
  }
  const root = state.block;
  const [astray, ahead] = fork(state, expression, { yes, no }, trace);
  end(astray);
  rejoin(lowering, state, [ahead], root, () => trace);
  return true;
}

/** Lets paths end where `condition` does not hold. */
export function stopUnless(
  lowering: Lowering,
  state: State,
  condition: Value,
  reason: string,
  trace: Trace,
): boolean {
  const holds = settled(lowering, state, condition, trace);
  if (holds === undefined) return false;
  const fails = negation(holds, trace.span) as Definite;
  return stopWhere(lowering, state, fails, (path) => stop(lowering, path, reason, trace), trace);
}
