/** Calls of functions that nobody defines: left out by a row of the table, or else not modelled. */

import { type LeftOut, leftOut, notLeftOut, waits } from '../kernel/left-out.ts';
import { primitive } from '../kernel/primitives.ts';
import type { Expression as CExpression } from '../syntax/ast.ts';
import { partsOf } from '../syntax/walk.ts';
import { isBuiltIn } from './built-in.ts';
import { callUnknown } from './call.ts';
import { type Call, type Lowering, type Scope, topScope, visiblePlace } from './context.ts';
import { UNKNOWN } from './ctype.ts';
import { evaluate } from './evaluate.ts';
import type { State } from './machine.ts';
import { calleeName } from './names.ts';
import { anyWithin } from './open-value.ts';
import { resolveType } from './resolve-type.ts';
import { lockOfSide } from './rw-lock.ts';
import { traceOf } from './trace.ts';
import { undefinedValue, type Value } from './value.ts';

/** What a call of a function without a definition is worth. */
export function callOutside(
  lowering: Lowering,
  name: string,
  call: Call,
  state: State,
  scope: Scope,
): Value {
  const row = leftOut.get(name);
  const isKnownToMatter = waits.has(name) || (primitive(name)?.orders.length ?? 0) > 0;
  if (lowering.request.open !== undefined && !isKnownToMatter && row?.worth.kind !== 'argument') {
    const returns = lowering.symbols.prototype(name);
    const type = returns === undefined ? UNKNOWN : resolveType(lowering, returns, topScope(scope));
    return callUnknown(lowering, call, state, scope, type, row?.worth.kind === 'any');
  }
  if (row !== undefined) return leaveOut(lowering, name, row, call, state, scope);
  const place = visiblePlace(scope, call.span);
  for (const argument of call.arguments) evaluate(lowering, argument, state, scope);
  const isOrdered = primitive(name) !== undefined;
  const what =
    notLeftOut.get(name) ??
    (isOrdered ? 'of which only the order is known' : 'which no file that is read defines');
  lowering.report.notModelled(`${name}(), ${what}`, place);
  return undefinedValue(`${name}(), ${what}`, place);
}

/** Its arguments are evaluated where that does something: reads that nobody uses are left out too. */
function leaveOut(
  lowering: Lowering,
  name: string,
  { does, worth, freesLock }: LeftOut,
  call: Call,
  state: State,
  scope: Scope,
): Value {
  const place = visiblePlace(scope, call.span);
  const used = worth.kind === 'argument' ? worth.position : undefined;
  const values = call.arguments.map((argument, position) =>
    position === used || doesSomething(argument, scope)
      ? evaluate(lowering, argument, state, scope)
      : undefined,
  );
  const [lock] = call.arguments;
  if (freesLock && lock !== undefined && isHeld(lowering, lock, state, scope))
    lowering.report.notModelled(`${name}() of a lock that the thread has`, place);
  lowering.report.assume('no-effect', `${name}(): ${does}`, place);
  switch (worth.kind) {
    case 'nothing':
      return undefinedValue(`${name}()`, place);
    case 'argument':
      return values[worth.position] ?? undefinedValue(`${name}()`, place);
    case 'any':
      return anyWithin(lowering, state, worth, name, traceOf(scope, call.span, name));
  }
}

/** Whether a thread may have the lock at an address, as far as that is one. */
function isHeld(lowering: Lowering, lock: CExpression, state: State, scope: Scope): boolean {
  const { kept } = state.progress;
  if (kept.length === 0) return false;
  const address = evaluate(lowering, lock, state, scope);
  if (address.kind !== 'known' || address.value.kind !== 'address') return false;
  const { of } = address.value;
  return kept.some((name) => lockOfSide(name) === of);
}

/** Whether evaluating an expression may do more than read. */
function doesSomething(written: CExpression, scope: Scope): boolean {
  switch (written.kind) {
    case 'assign':
    case 'update':
    case 'statement-expression':
    case 'initializer':
    case 'unknown':
      return true;
    case 'call':
      if (!isPure(calleeName(written.callee, scope) ?? '')) return true;
      return written.arguments.some((one) => doesSomething(one, scope));
    default:
      return partsOf(written).some((part) => doesSomething(part, scope));
  }
}

/** Whether a function does nothing but read, without order, or is left out. */
function isPure(name: string): boolean {
  if (isBuiltIn(name)) return PURE.has(name);
  const operation = primitive(name)?.operation;
  if (operation === undefined) return leftOut.has(name);
  return operation.kind === 'load' && operation.order !== 'acquire';
}

const PURE: ReadonlySet<string> = new Set([
  'container_of',
  '__builtin_expect',
  '__builtin_constant_p',
]);
