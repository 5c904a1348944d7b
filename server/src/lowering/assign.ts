/** Assignments: converted to the type of the target, structs copied member by member. */

import { isLocationPath } from '../program/address.ts';
import type { Expression as CExpression } from '../syntax/ast.ts';
import { load, store } from './access.ts';
import { operate } from './arithmetic.ts';
import { type Lowering, placeOfTrace, type Scope } from './context.ts';
import { convert } from './convert.ts';
import { type CType, pointee, sameCType } from './ctype.ts';
import { designate } from './designate.ts';
import { evaluate } from './evaluate.ts';
import { fileScope } from './known-types.ts';
import { leavesOf } from './leaves.ts';
import type { State, Trace } from './machine.ts';
import { typeOfPlace } from './place-type.ts';
import { traceOf } from './trace.ts';
import { candidatesOf, step, type Value } from './value.ts';

type Assignment = CExpression & { readonly kind: 'assign' };

/** `target = value` or `target op= value`, worth what was assigned. */
export function assign(
  lowering: Lowering,
  assignment: Assignment,
  state: State,
  scope: Scope,
): Value {
  const { operator, target, span } = assignment;
  const trace = traceOf(scope, span);
  if (operator !== '=') {
    const address = designate(lowering, target, state, scope);
    const before = load(lowering, state, address, 'plain', trace);
    const right = evaluate(lowering, assignment.value, state, scope);
    const after = operate(lowering, operator.slice(0, -1), before, right, assignment, state, scope);
    return assignTo(lowering, address, after, state, trace);
  }
  const value = evaluate(lowering, assignment.value, state, scope);
  const address = designate(lowering, target, state, scope);
  return assignTo(lowering, address, value, state, trace);
}

/** Stores `value`, converted to the type of what is at `address`. */
export function assignTo(
  lowering: Lowering,
  address: Value,
  value: Value,
  state: State,
  trace: Trace,
): Value {
  const type = pointee(address.type);
  if (type.kind === 'function') {
    const message = 'an assignment to a function: what a thread assigns needs another name';
    lowering.report.notModelled(message, placeOfTrace(trace));
    return value;
  }
  if (type.kind === 'struct' && value.type.kind === 'struct') {
    copyObject(lowering, address, value, type, state, trace);
    return value;
  }
  const converted = convert(value, type, state, trace.span);
  return store(lowering, state, address, converted, 'plain', trace);
}

/** Copies the object at `from` to `to`, leaf by leaf; all is read before any of it is written. */
export function copyObject(
  lowering: Lowering,
  to: Value,
  from: Value,
  type: CType,
  state: State,
  trace: Trace,
): void {
  const leaves = leavesOf(lowering, type, fileScope(lowering, trace.origin.file));
  if (leaves === undefined) {
    const name = type.kind === 'struct' ? type.name : 'an object';
    const message = `a copy of ${name}, whose members are not known`;
    lowering.report.notModelled(message, placeOfTrace(trace));
    return;
  }
  if ([to, from].some((address) => isElsewhere(lowering, address, type, state, trace))) {
    const message = 'a copy of a struct from or to what is declared as something else';
    lowering.report.notModelled(message, placeOfTrace(trace));
    return;
  }
  const values = leaves.map(({ steps, type: leaf }) =>
    load(lowering, state, along(from, steps, leaf, trace), 'plain', trace),
  );
  for (const [at, { steps, type: leaf }] of leaves.entries())
    store(lowering, state, along(to, steps, leaf, trace), values[at]!, 'plain', trace);
}

/** Whether what may be at an address is declared as something else than `type`, so that its members lie elsewhere. */
function isElsewhere(
  lowering: Lowering,
  address: Value,
  type: CType,
  state: State,
  trace: Trace,
): boolean {
  if (address.kind === 'partial') return isElsewhere(lowering, address.value, type, state, trace);
  if (address.kind === 'undefined' || lowering.request.open !== undefined) return false;
  const candidates = candidatesOf(address, state.registers);
  if (candidates === 'any') return false;
  const scope = fileScope(lowering, trace.origin.file);
  return [...candidates.values()].some((value) => {
    if (value.kind !== 'address' || !isLocationPath(value.of)) return false;
    const declared = typeOfPlace(lowering, value.of, scope);
    return declared.kind !== 'unknown' && !sameCType(declared, type);
  });
}

/** The address of a leaf of type `type` of the object at `base`. */
export function along(base: Value, steps: readonly string[], type: CType, { span }: Trace): Value {
  return steps.reduce((address, name) => step('member', address, name, span, type), base);
}
