/** Calls: functions are followed into their bodies, primitives done by their table, the rest reported. */

import { copied } from '../kernel/accessors.ts';
import { arity, wrongArity } from '../kernel/arity.ts';
import { primitive } from '../kernel/primitives.ts';
import { rootOf } from '../program/address.ts';
import type { FunctionDefinition, TypeName } from '../syntax/ast.ts';
import { unreadable } from '../syntax/unreadable.ts';
import { commentAbove } from '../text/comment-above.ts';
import { notePointedTo } from './access.ts';
import { copyObject } from './assign.ts';
import { isBuiltIn } from './built-in.ts';
import { callPlacesIn } from './call-places.ts';
import { reportCleanups } from './cleanup.ts';
import {
  type Call,
  declareLocal,
  type Frame,
  type Lowering,
  type Scope,
  visiblePlace,
} from './context.ts';
import { convert } from './convert.ts';
import { type CType, UNKNOWN } from './ctype.ts';
import { choose, decideValue } from './decide.ts';
import { temporaryVariable } from './designate.ts';
import { evaluate } from './evaluate.ts';
import { execute } from './execute.ts';
import { intrinsics } from './intrinsics.ts';
import { fileScope } from './known-types.ts';
import { LOCKS_FILE } from './library.ts';
import { NORMAL, type State, type Trace } from './machine.ts';
import { readObject } from './memory-functions.ts';
import { calleeName } from './names.ts';
import { openParameter } from './open-parameter.ts';
import { leadsToShared, openResult } from './open-world.ts';
import { callOutside } from './outside.ts';
import { applyPrimitive } from './primitives.ts';
import { rejoin } from './rejoin.ts';
import { parameterType, resolveType } from './resolve-type.ts';
import { applyRwLock } from './rw-lock.ts';
import { settled, stop } from './settle.ts';
import { isFollowed, mayMatter } from './slice.ts';
import { storedFunction } from './stored-function.ts';
import { type Defined, isMeant } from './symbols.ts';
import { replacedIn, traceOf } from './trace.ts';
import {
  addressOf,
  binary,
  candidatesOf,
  type Definite,
  type Known,
  known,
  typed,
  undefinedValue,
  type Value,
} from './value.ts';

/** What a call is worth; what it does is emitted. Stubs, what a file has for itself and what is to be followed win over
 *  the table of primitives, that over the sources, those over the library and over what is known to have no effect. */
export function evaluateCall(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  if (state.dead) return undefinedValue('what cannot be reached');
  const name = calleeName(call.callee, scope);
  if (name === undefined) return callPointer(lowering, call, state, scope);
  const definition = lowering.symbols.function(name, scope.frame.file);
  const row = primitive(name);
  const isFollowed =
    definition !== undefined &&
    (isMeant(definition) ||
      (definition.layer === 'source' && lowering.request.follow?.includes(name) === true));
  if (isFollowed) return callFunction(lowering, definition, call, state, scope);
  if (isBuiltIn(name)) return intrinsics[name](lowering, call, state, scope);
  const own = row?.operation && lowering.symbols.function(name, LOCKS_FILE);
  if (own?.layer === 'library') return callFunction(lowering, own, call, state, scope);
  const taken = row && arity(row);
  if (taken !== undefined && taken !== call.arguments.length)
    return wrongCount(lowering, name, taken, call, scope);
  if (row?.operation !== undefined)
    return applyPrimitive(lowering, { ...row, operation: row.operation }, call, state, scope);
  if (row?.rwLock !== undefined) {
    const [lock] = call.arguments;
    const address = lock ? evaluate(lowering, lock, state, scope) : undefinedValue('no lock');
    return applyRwLock(lowering, state, address, row.rwLock, traceOf(scope, call.span, name));
  }
  if (definition !== undefined) return callFunction(lowering, definition, call, state, scope);
  return lowering.symbols.object(name, scope.frame.file) === undefined
    ? callOutside(lowering, name, call, state, scope)
    : callPointer(lowering, call, state, scope);
}

/** A primitive that is given too much or too little: no compiler takes that. */
function wrongCount(
  lowering: Lowering,
  name: string,
  taken: number,
  { arguments: given, span }: Call,
  scope: Scope,
): Value {
  const message = wrongArity(name, taken, given.length);
  const place = visiblePlace(scope, span);
  lowering.report.notModelled(message, place);
  return undefinedValue(message, place);
}

function callPointer(lowering: Lowering, call: Call, state: State, scope: Scope): Value {
  const trace = traceOf(scope, call.span);
  const given = evaluate(lowering, call.callee, state, scope);
  if (lowering.request.open !== undefined && !leadsToFunctions(lowering, state, given)) {
    const stored = storedFunction(lowering, call.callee, scope);
    return stored === undefined
      ? callUnknown(lowering, call, state, scope, UNKNOWN)
      : callFunction(lowering, stored, call, state, scope, true);
  }
  const pointer = settled(lowering, state, given, trace);
  if (pointer === undefined) return undefinedValue('what cannot be reached');
  const values = candidatesOf(pointer, state.registers);
  if (values !== 'any')
    return callOneOf(lowering, pointer, [...values.values()], call, state, scope);
  const place = visiblePlace(scope, call.span);
  lowering.report.notModelled('a call through a pointer that may point anywhere', place);
  return undefinedValue('a call through a pointer', place);
}

function leadsToFunctions({ symbols }: Lowering, state: State, pointer: Value): boolean {
  if (pointer.kind !== 'known' && pointer.kind !== 'computed') return false;
  const values = candidatesOf(pointer, state.registers);
  return (
    values !== 'any' &&
    [...values.values()].every(
      (value) => value.kind === 'address' && symbols.function(value.of, '') !== undefined,
    )
  );
}

/** Calls what a pointer points to, which is one of `targets`. */
function callOneOf(
  lowering: Lowering,
  pointer: Definite,
  [target, ...others]: readonly Known[],
  call: Call,
  state: State,
  scope: Scope,
): Value {
  if (target === undefined) return undefinedValue('what cannot be reached');
  const callIt = (path: State) => callTarget(lowering, target, call, path, scope);
  if (others.length === 0) return callIt(state);
  const { span } = traceOf(scope, call.span);
  const isIt = binary('==', pointer, known(target, pointer.type), span);
  const decision = decideValue(lowering, isIt, state, call, scope);
  return choose(lowering, decision, state, call, scope, {
    yes: callIt,
    no: (path) => callOneOf(lowering, pointer, others, call, path, scope),
  });
}

function callTarget(
  lowering: Lowering,
  target: Known,
  call: Call,
  state: State,
  scope: Scope,
): Value {
  const found = target.kind === 'address' && lowering.symbols.function(target.of, '');
  if (found) return callFunction(lowering, found, call, state, scope);
  stop(lowering, state, 'a call through a pointer to no function', traceOf(scope, call.span));
  return undefinedValue('what cannot be reached');
}

/** Follows a call into the body of the function, whose paths join at its end; `isTaken` where it is the one that a pointer is
 *  taken to lead to. */
function callFunction(
  lowering: Lowering,
  defined: Defined<FunctionDefinition>,
  call: Call,
  state: State,
  scope: Scope,
  isTaken = false,
): Value {
  const { definition, layer } = defined;
  const place = visiblePlace(scope, call.span);
  const given = argumentsOf(lowering, call, state, scope);
  if (isLeftOut(lowering, defined, call, scope, given, state)) {
    const file = fileScope(lowering, defined.source.file);
    const returns = resolveType(lowering, definition.returns, file);
    return unknownResult(lowering, call, given, scope, returns, false);
  }
  if (layer !== 'library' && scope.frame.depth >= lowering.request.depth) {
    const message = `a call of ${definition.name}() deeper than ${lowering.request.depth} calls`;
    lowering.report.notModelled(message, place);
    return undefinedValue(message, place);
  }
  reportDefinition(lowering, defined);
  if (isTaken)
    lowering.report.assume('stored-function', `the call leads to ${definition.name}()`, place);
  const frame = frameOf(lowering, defined, call, scope);
  const via = layer === 'library' ? traceOf(scope, call.span, definition.name) : undefined;
  const inner: Scope = { frame, names: new Map(), ...(via && { via }) };
  for (const [position, parameter] of definition.parameters.entries()) {
    const { name, type } = parameter;
    const value = given[position] ?? undefinedValue(`the parameter ${name}, which is not given`);
    const first =
      value.kind === 'undefined' && lowering.request.open !== undefined
        ? openParameter(lowering, definition, parameter, inner, value.reason)
        : value;
    giveParameter(lowering, inner, name, type, first, state, traceOf(scope, call.span));
  }
  const returned = `${frame.prefix}return`;
  const returns = resolveType(lowering, definition.returns, inner);
  lowering.localTypes.set(returned, returns);
  runBody(lowering, definition, call, state, scope, inner);
  const value = returnedValue(lowering, definition, state, scope, returned, call);
  leaveFrame(lowering, state, frame);
  return value;
}

/** Gives a parameter its value, converted to its type; a struct is copied. */
function giveParameter(
  lowering: Lowering,
  scope: Scope,
  name: string,
  written: TypeName,
  value: Value,
  state: State,
  trace: Trace,
): void {
  const type = parameterType(lowering, written, scope);
  const variable = declareLocal(lowering, scope, name, type);
  if (type.kind === 'struct' && value.type.kind === 'struct')
    copyObject(lowering, addressOf(variable, type), value, type, state, trace);
  else {
    notePointedTo(lowering, value, state);
    state.variables.set(variable, convert(value, type, state, trace.span));
  }
}

/** What the function has left as its value; a struct is copied to where it outlives the function's locals. */
function returnedValue(
  lowering: Lowering,
  definition: FunctionDefinition,
  state: State,
  scope: Scope,
  returned: string,
  { span }: Call,
): Value {
  const type = lowering.localTypes.get(returned)!;
  if (type.kind !== 'struct')
    return (
      state.variables.get(returned) ??
      undefinedValue(`${definition.name}()`, visiblePlace(scope, span), type)
    );
  const kept = addressOf(temporaryVariable(lowering, scope, type), type);
  if (!state.dead)
    copyObject(lowering, kept, addressOf(returned, type), type, state, traceOf(scope, span));
  return typed(kept, type);
}

function reportDefinition(
  lowering: Lowering,
  { definition, layer, source }: Defined<FunctionDefinition>,
): void {
  const { report } = lowering;
  const place = { file: source.file, span: definition.nameSpan };
  if (layer === 'stub') {
    const why = commentAbove(source.text, definition.span.start);
    const said = `${definition.name}() is the scenario's`;
    report.assume('stub', why === undefined ? said : `${said}: ${why}`, place);
  }
  reportCleanups(lowering, source, definition);
  for (const span of definition.errors)
    report.notModelled(unreadable(source.text, span, 'C that cannot be read'), {
      file: source.file,
      span,
    });
}

function frameOf(
  lowering: Lowering,
  { definition, source, layer }: Defined<FunctionDefinition>,
  { span }: Call,
  scope: Scope,
): Frame {
  const { frame } = scope;
  const { thread, freshFrame } = lowering;
  return {
    name: definition.name,
    file: source.file,
    shift: 0,
    start: definition.span.start,
    calls: callPlacesIn(source, definition.span),
    replaced: replacedIn(definition),
    prefix: `P${thread} ${definition.name}${freshFrame()}#`, // each thread has its own locals
    depth: frame.depth + (layer === 'library' ? 0 : 1),
    isActor: false,
    isRoot: frame.isActor && layer === 'source',
    isFollowed: isFollowed(lowering, span, scope),
    definition,
  };
}

function runBody(
  lowering: Lowering,
  { body, name, span }: FunctionDefinition,
  call: Call,
  state: State,
  scope: Scope,
  inner: Scope,
): void {
  const root = state.block;
  const after = execute(lowering, { kind: 'block', body, span }, state, inner);
  if (after.some(({ exit }) => exit.kind !== 'normal' && exit.kind !== 'return'))
    lowering.report.notModelled(
      `a jump in ${name}() to a label that is not found`,
      visiblePlace(scope, call.span),
    );
  const done = after.map((path) => ({ ...path, exit: NORMAL }));
  rejoin(lowering, state, done, root, () => traceOf(scope, call.span));
}

/** The locals of a function end with it, but for those whose address is known elsewhere. */
function leaveFrame({ pointedTo }: Lowering, state: State, { prefix }: Frame): void {
  const mayEscape = [...pointedTo].some((variable) => variable.startsWith(prefix));
  const escaped = mayEscape ? escapedLocals(state, prefix) : new Set<string>();
  for (const variable of state.variables.keys())
    if (variable.startsWith(prefix) && !escaped.has(rootOf(variable)))
      state.variables.delete(variable);
}

/** The objects whose address some other variable may hold. */
function escapedLocals(state: State, prefix: string): ReadonlySet<string> {
  const escaped = new Set<string>();
  for (const [variable, value] of state.variables) {
    if (variable.startsWith(prefix) || value.kind === 'undefined') continue;
    const values = candidatesOf(value, state.registers);
    if (values === 'any') continue;
    for (const known of values.values())
      if (known.kind === 'address') escaped.add(rootOf(known.of));
  }
  return escaped;
}

/** Whether an open request follows no call of a function: nothing in it can matter, or it is too deep. */
function isLeftOut(
  lowering: Lowering,
  { definition, layer }: Defined<FunctionDefinition>,
  { span }: Call,
  scope: Scope,
  given: readonly Value[],
  state: State,
): boolean {
  const { request } = lowering;
  const { open } = request;
  const { frame } = scope;
  if (open === undefined || layer !== 'source' || frame.isActor) return false;
  if (frame.depth >= request.depth) return true;
  if (given.some((value) => leadsToShared(lowering, value, state))) return false;
  return !mayMatter(lowering, open, [definition.name], span, scope);
}

/** A call of which nothing is known, in an open request: its value is free; a `void *`, as `kmalloc()` returns it, leads to what it is
 *  taken for. It is the same where it is made again, but for
 *  what is asked in each round of a loop, which ends at some time, and for what `isOfTheMoment`. */
export function callUnknown(
  lowering: Lowering,
  call: Call,
  state: State,
  scope: Scope,
  returns: CType,
  isOfTheMoment = false,
): Value {
  const given = argumentsOf(lowering, call, state, scope);
  const from = given[copied.get(calleeName(call.callee, scope) ?? '') ?? given.length];
  if (from !== undefined) readObject(lowering, call, from, state, scope);
  return unknownResult(lowering, call, given, scope, returns, isOfTheMoment);
}

function argumentsOf(lowering: Lowering, call: Call, state: State, scope: Scope): readonly Value[] {
  return call.arguments.map((argument) => evaluate(lowering, argument, state, scope));
}

/** The free value of a call that is given these. */
function unknownResult(
  lowering: Lowering,
  call: Call,
  given: readonly Value[],
  scope: Scope,
  returns: CType,
  isOfTheMoment: boolean,
): Value {
  const again = isOfTheMoment ? lowering.freshFrame() : (scope.round ?? '');
  const key = `${scope.frame.prefix}call_${call.span.start}_${again}`;
  const type = returns.kind === 'pointer' && returns.to.kind === 'void' ? UNKNOWN : returns;
  return openResult(lowering, type, key, given, visiblePlace(scope, call.span));
}
