/**
 * Per-CPU variables (Documentation/core-api/this_cpu_ops.rst): an array with an object for each CPU. Each thread is on a
 * CPU of its own, which has its number. In an open request there is one object, as of all that have a type.
 */

import { memberPath, rootOf, stepsOf } from '../program/address.ts';
import type { Expression as CExpression } from '../syntax/ast.ts';
import { moved } from './arithmetic.ts';
import { type Call, type Lowering, type Scope, SETUP, visiblePlace } from './context.ts';
import { type CType, pointee, pointerTo } from './ctype.ts';
import { evaluate } from './evaluate.ts';
import { isPerCpu } from './file-index.ts';
import type { State } from './machine.ts';
import { sharedField } from './open-world.ts';
import { typeOfPlace } from './place-type.ts';
import { addressOf, integer, step, typed, undefinedValue, type Value } from './value.ts';

/** `__on_cpu(pointer, cpu)`: the pointer to the object of that CPU; without one, of that which the thread is on. */
export function onCpu(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  const [pointer, cpu] = call.arguments;
  const place = visiblePlace(scope, call.span);
  const base =
    pointer === undefined
      ? undefinedValue('a CPU', place)
      : evaluate(lowering, pointer, state, scope);
  const index = cpu === undefined || isOwn(cpu) ? undefined : evaluate(lowering, cpu, state, scope);
  const path = base.kind === 'known' && base.value.kind === 'address' ? base.value.of : undefined;
  if (lowering.request.open !== undefined) {
    const field = path === undefined ? undefined : sharedField(lowering, path);
    const kind = index === undefined ? 'own-cpu' : 'any-cpu';
    if (field !== undefined) lowering.report.assume(kind, ofOneCpu(field), place);
    return base;
  }
  const object = path === undefined ? undefined : lowering.symbols.object(rootOf(path), '');
  const isKnown = object !== undefined && isPerCpu(object.definition);
  if (path === undefined || !isKnown || path.includes('+')) {
    lowering.report.notModelled('a per-CPU object that is not known', place);
    return undefinedValue('a per-CPU object', place, base.type);
  }
  return objectOn(lowering, path, index ?? ownCpu(lowering, place), base.type, call, state, scope);
}

/** What is said of a field of which there is one object for all CPUs. */
export function ofOneCpu(field: string): string {
  return `${field} is of one CPU`;
}

/** `__cpus()`: there are as many as threads. */
export function numberOfCpus(lowering: Lowering, call: Call, _state: State, scope: Scope): Value {
  const { length } = lowering.request.actors;
  lowering.report.assume(
    'own-cpu',
    `there is a CPU for each thread, and no other: ${length}`,
    visiblePlace(scope, call.span),
  );
  return integer(length);
}

/** The CPU of the thread; the setup runs on the first. */
function ownCpu({ thread, report }: Lowering, place: ReturnType<typeof visiblePlace>): Value {
  if (thread === SETUP) return integer(0);
  report.assume(
    'own-cpu',
    `each thread is on a CPU of its own: P${thread} on CPU ${thread}`,
    place,
  );
  return integer(thread);
}

/** `smp_processor_id()` in the place of a CPU. */
function isOwn(cpu: CExpression): boolean {
  return (
    cpu.kind === 'call' &&
    cpu.callee.kind === 'identifier' &&
    /^(?:__|raw_)?smp_processor_id$/.test(cpu.callee.name)
  );
}

/** The same part of the object of another CPU. */
function objectOn(
  lowering: Lowering,
  path: string,
  cpu: Value,
  type: CType,
  call: Call,
  state: State,
  scope: Scope,
): Value {
  const [, ...steps] = stepsOf(path);
  const { span } = visiblePlace(scope, call.span);
  const first = memberPath(rootOf(path), '[0]');
  const site = { lowering, state, expression: call, scope };
  const base = moved(site, addressOf(first, typeOfPlace(lowering, first, scope)), cpu, 1);
  const whole = steps.reduce<Value>(
    (address, each) => step('member', address, each.replace(/^\./, ''), span, pointee(type)),
    base,
  );
  return typed(whole, pointerTo(pointee(type)));
}
