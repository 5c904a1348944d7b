/** Calls that C's own text cannot express: `container_of`, and what scenarios say to the simulation. */

import type { BuiltIn } from './built-in.ts';
import { type Call, joiningAt, type Lowering, type Scope, visiblePlace } from './context.ts';
import { decide } from './decide.ts';
import { evaluate } from './evaluate.ts';
import { become, emit, join, type State } from './machine.ts';
import { memberNames } from './names.ts';
import { traceOf } from './trace.ts';
import { integer, step, undefinedValue, type Value } from './value.ts';

type Intrinsic = (lowering: Lowering, call: Call, state: State, scope: Scope) => Value;

/** The calls that are built in: `assume(condition)` drops the executions in which the condition does
 *  not hold. */
export const intrinsics: Readonly<Record<BuiltIn, Intrinsic>> = {
  container_of: containerOf,
  assume,
  __builtin_expect: firstArgument,
  __builtin_constant_p: () => integer(0),
};

/** `container_of(pointer, type, member)`: keeps the dependency on the pointer. */
function containerOf(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  const [pointer, , member] = call.arguments;
  const place = visiblePlace(scope, call.span);
  const names = member && memberNames(member);
  if (pointer === undefined || names === undefined) {
    lowering.report.notModelled('a container_of() that cannot be read', place);
    return undefinedValue('container_of()', place);
  }
  const base = evaluate(lowering, pointer, state, scope);
  return names.reduceRight((address, name) => step('container', address, name, place.span), base);
}

function assume(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  const [condition] = call.arguments;
  if (condition === undefined) return integer(0);
  const root = state.block;
  const { yes, no } = decide(lowering, condition, state, scope);
  const trace = traceOf(scope, call.span, 'assume');
  for (const path of no) {
    emit(path, { kind: 'stop', why: 'discard', reason: 'an assumption that fails', ...trace });
    path.dead = true;
  }
  const [joined] = join(
    yes,
    root,
    joiningAt(lowering, () => trace),
  );
  become(state, joined);
  return integer(0);
}

function firstArgument(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  const [first] = call.arguments;
  return first === undefined ? integer(0) : evaluate(lowering, first, state, scope);
}
