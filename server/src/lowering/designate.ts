/** What C's lvalues designate: the address of an object, with the type of what is there. */

import { isLocationPath, memberPath } from '../program/address.ts';
import type { LocationName } from '../program/program.ts';
import type { Expression as CExpression } from '../syntax/ast.ts';
import type { Span } from '../text/span.ts';
import { isPointer, moved } from './arithmetic.ts';
import {
  declareLocal,
  innerScope,
  isLocal,
  type Lowering,
  lookUp,
  type Scope,
  topScope,
  visiblePlace,
} from './context.ts';
import { type CType, pointee, pointerTo, sameCType, UNKNOWN } from './ctype.ts';
import { evaluate } from './evaluate.ts';
import { isPerCpu } from './file-index.ts';
import { completed, initialise } from './initializer.ts';
import { isWholeCounter } from './kernel-types.ts';
import { fileScope } from './known-types.ts';
import { offsetOf } from './layout.ts';
import type { State } from './machine.ts';
import { isNamedByScenario } from './named-members.ts';
import { unfold } from './names.ts';
import { isRead, NO_DEPENDENCY, opened, readBy } from './open-world.ts';
import { perCpuAddress } from './per-cpu-address.ts';
import { memberType, typeOfPlace } from './place-type.ts';
import { displaced, led } from './pointer.ts';
import { resolveType } from './resolve-type.ts';
import { homeOf } from './symbols.ts';
import {
  addressOf,
  candidatesOf,
  type Known,
  step,
  through,
  typed,
  undefinedValue,
  type Value,
} from './value.ts';

/** The address that an expression designates: what C takes with `&`. */
export function designate(
  lowering: Lowering,
  written: CExpression,
  state: State,
  outer: Scope,
): Value {
  const { expression, scope } = unfold(lowering, written, outer);
  const place = visiblePlace(scope, expression.span);
  switch (expression.kind) {
    case 'identifier':
      return designateName(lowering, expression.name, expression, scope);
    case 'field': {
      const base = expression.arrow
        ? evaluate(lowering, expression.base, state, scope)
        : designate(lowering, expression.base, state, scope);
      const lacking =
        misplaced(lowering, base, expression) ?? lacked(lowering, base, expression.name, scope);
      return lacking === undefined
        ? member(lowering, base, expression.name, place.span, state, scope)
        : undefinedValue(lacking, place);
    }
    case 'index':
      return designateElement(lowering, expression, state, scope);
    case 'unary':
      if (expression.operator === '*') return evaluate(lowering, expression.operand, state, scope);
      break;
    case 'cast':
      return designate(lowering, expression.operand, state, scope);
    case 'initializer':
      return temporary(lowering, expression, state, scope);
    case 'comma':
    case 'conditional':
    case 'statement-expression':
    case 'call':
    case 'assign': {
      const value = evaluate(lowering, expression, state, scope);
      return typed(value, pointerTo(value.type));
    }
    default:
      break;
  }
  return undefinedValue('what has no address', place);
}

function designateName(
  lowering: Lowering,
  name: string,
  { span }: CExpression,
  scope: Scope,
): Value {
  const binding = lookUp(scope, name);
  if (binding?.kind === 'local')
    return addressOf(binding.variable, lowering.localTypes.get(binding.variable));
  const place = visiblePlace(scope, span);
  if (binding !== undefined) return undefinedValue(`${name}, which is no object`, place);
  const { symbols } = lowering;
  const object = symbols.object(name, scope.frame.file);
  if (object !== undefined) {
    const type = typeOfPlace(lowering, object.location, scope);
    return isPerCpu(object.definition)
      ? perCpuAddress(object.location, type)
      : addressOf(object.location, type);
  }
  const called = symbols.function(name, scope.frame.file);
  if (called !== undefined) {
    const returns = resolveType(
      lowering,
      called.definition.returns,
      fileScope(lowering, called.source.file),
    );
    return addressOf(called.location, { kind: 'function', returns });
  }
  if (scope.frame.isActor) {
    const outermost = actorScope(scope);
    return addressOf(declareLocal(lowering, outermost, name));
  }
  if (lowering.request.open !== undefined) {
    if (lowering.request.open.fields.has(name))
      lowering.report.notModelled(`${name}, which is declared nowhere`, visiblePlace(scope, span));
    return addressOf(name, openGlobal(lowering, name, scope));
  }
  return undefinedValue(`"${name}", a name that is defined nowhere`, visiblePlace(scope, span));
}

/** The type of a global that an open request meets and nobody declares. */
function openGlobal(lowering: Lowering, name: string, scope: Scope): CType | undefined {
  if (name === 'current' && !lowering.made.has(name)) {
    const task = { base: 'struct task_struct', pointers: 0, arrays: 0 };
    lowering.made.set(name, { type: pointerTo(resolveType(lowering, task, topScope(scope))) });
  }
  return lowering.made.get(name)?.type;
}

/** Variables that an actor uses without declaring them belong to the whole thread. */
function actorScope(scope: Scope): Scope {
  let at = scope;
  while (at.outer !== undefined) at = at.outer;
  return at;
}

/** What is said of a member that is asked of what is no struct, or behind what is no pointer (C11 6.5.2.3p1, p2): a
 *  compiler would refuse it. */
function misplaced(
  { request }: Lowering,
  { type }: Value,
  { arrow, name }: CExpression & { readonly kind: 'field' },
): string | undefined {
  const isStruct = arrow && type.kind === 'struct';
  const { kind } = pointee(type);
  if (request.open !== undefined || (!isStruct && kind !== 'pointer')) return undefined;
  return `${arrow ? '->' : '.'}${name} behind what is ${isStruct ? 'no pointer' : 'no struct'}`;
}

/** What is said of a member that the struct at `base` does not have, so that a compiler would refuse it; undefined where
 *  it has it. What no file defines has what the scenario says of it. In an open request definitions may be those of
 *  another configuration, or missing. */
function lacked(
  lowering: Lowering,
  { type }: Value,
  name: string,
  scope: Scope,
): string | undefined {
  const struct = pointee(type);
  if (lowering.request.open !== undefined) return undefined;
  if (struct.kind === 'struct' && struct.definition !== undefined) {
    const isThere = memberType(lowering, struct, name, scope) !== undefined;
    return isThere ? undefined : `${name}, which is no member of ${struct.name}`;
  }
  const isOpaque = (struct.kind === 'struct' || struct.kind === 'unknown') && struct.name !== '';
  if (!isOpaque || isNamedByScenario(lowering.request, name)) return undefined;
  return `${name} of ${struct.name} (defined in no file of the scenario: add its header to source:, or say .${name} in the state)`;
}

/** The address of a member of the struct at `base`. */
export function member(
  lowering: Lowering,
  base: Value,
  name: string,
  span: Span,
  state: State,
  scope: Scope,
): Value {
  const outer = pointee(base.type);
  const struct = opened(lowering, base, pointerTo(outer));
  const type = memberType(lowering, outer, name, scope) ?? UNKNOWN;
  if (isWholeCounter(outer, name)) return typed(struct, pointerTo(type));
  const seen = seenAsOther(lowering, struct, outer, name, type, span, state, scope);
  return seen ?? step('member', struct, name, span, type);
}

/** The member, where the struct is seen in what is declared as something else: by where it lies. */
function seenAsOther(
  lowering: Lowering,
  base: Value,
  outer: CType,
  name: string,
  type: CType,
  span: Span,
  state: State,
  scope: Scope,
): Value | undefined {
  if (outer.kind !== 'struct') return undefined;
  if (base.kind === 'partial')
    return through(
      base,
      (inner) =>
        seenAsOther(lowering, inner, outer, name, type, span, state, scope) ??
        step('member', inner, name, span, type),
    );
  const candidates = base.kind === 'undefined' ? 'any' : candidatesOf(base, state.registers);
  if (base.kind === 'undefined' || candidates === 'any') return undefined;
  const paths = pathsIn(candidates.values());
  const isOther = (path: LocationName) => {
    const declared = typeOfPlace(lowering, path, scope);
    return isLocationPath(path) && declared.kind !== 'unknown' && !sameCType(declared, outer);
  };
  if (!paths.some(isOther)) return undefined;
  const offset = offsetOf(lowering, outer, name, scope);
  const targets = paths.flatMap((path) => {
    if (!isOther(path) || isAlsoIn(lowering, path, outer, name, scope))
      return memberPath(path, name);
    if (offset !== undefined) return displaced(lowering, path, offset, type, scope);
    const same = sameBeginning(lowering, path, outer, scope);
    return same === undefined ? [] : memberPath(same, name);
  });
  const found = targets.length < paths.length ? undefined : led(base, paths, targets, span);
  const why = `${name} in what is declared as no ${outer.name}`;
  return typed(found ?? undefinedValue(why), pointerTo(type));
}

/** Whether a place is declared as the struct of that name, too, but by another header, or by one where the library has its own,
 *  and has such a member. */
function isAlsoIn(
  lowering: Lowering,
  path: LocationName,
  outer: CType & { readonly kind: 'struct' },
  name: string,
  scope: Scope,
): boolean {
  const declared = typeOfPlace(lowering, path, scope);
  if (declared.kind !== 'struct' || declared.name !== outer.name) return false;
  const isOfFile = (of: typeof outer) =>
    of.definition === undefined || homeOf(of.definition) !== undefined;
  if (outer.name === '' || isOfFile(declared) || isOfFile(outer)) return false;
  return memberType(lowering, declared, name, scope) !== undefined;
}

/** Where `outer` lies that begins where `path` does: a struct has the address of its first member, whatever its layout (C11
 *  6.7.2.1p15). */
function sameBeginning(
  lowering: Lowering,
  path: LocationName,
  outer: CType,
  scope: Scope,
): LocationName | undefined {
  let inner = path;
  for (let type: CType | undefined = typeOfPlace(lowering, path, scope); type !== undefined; ) {
    if (sameCType(type, outer)) return inner;
    const first = firstMember(type);
    if (first === undefined) break;
    inner = memberPath(inner, first);
    type = memberType(lowering, type, first, scope);
  }
  for (let at = path; ; ) {
    const dot = at.lastIndexOf('.');
    const around = at.slice(0, Math.max(0, dot));
    const type = around === '' ? UNKNOWN : typeOfPlace(lowering, around, scope);
    if (firstMember(type) !== at.slice(dot + 1)) return undefined;
    if (sameCType(type, outer)) return around;
    at = around;
  }
}

function firstMember(type: CType): string | undefined {
  const first = type.kind === 'struct' ? type.definition?.members[0] : undefined;
  const isWhole = first?.kind === 'field' && first.bits === undefined && first.name !== '';
  return isWhole ? first.name : undefined;
}

/** Whether in an open request one element stands for all: where the index is not known, and where it is not known how
 *  many there are. */
function standsForAll(lowering: Lowering, base: Value, index: Value, scope: Scope): boolean {
  if (index.kind !== 'known' || base.kind !== 'known' || base.value.kind !== 'address') return true;
  const { of } = base.value;
  return (
    isLocationPath(of) && !of.endsWith(']') && typeOfPlace(lowering, of, scope).kind !== 'array'
  );
}

function designateElement(
  lowering: Lowering,
  expression: CExpression & { readonly kind: 'index' },
  state: State,
  scope: Scope,
): Value {
  const left = evaluate(lowering, expression.base, state, scope);
  const right = evaluate(lowering, expression.index, state, scope);
  const [base, index] = isPointer(right) && !isPointer(left) ? [right, left] : [left, right];
  if (lowering.request.open !== undefined && standsForAll(lowering, base, index, scope)) {
    if (isRead(lowering, index))
      lowering.report.assume('no-dependency', NO_DEPENDENCY, visiblePlace(scope, expression.span), {
        thread: lowering.thread,
        of: readBy(lowering, [index]),
      });
    return opened(lowering, base);
  }
  return moved({ lowering, state, expression, scope }, base, index, 1);
}

/** What an array or a function designates is worth: the address of its first element, or itself. A struct
 *  stands for its own address. Undefined where it has to be loaded. */
export function decay(
  lowering: Lowering,
  address: Value,
  span: Span,
  state: State,
): Value | undefined {
  const type = pointee(address.type);
  switch (type.kind) {
    case 'array':
      return notePointer(lowering, firstElement(lowering, address, type.of, span, state));
    case 'function':
      return address;
    case 'struct':
      return notePointer(lowering, typed(address, type));
    default:
      return undefined;
  }
}

/** The first element of the array at `address`; of what is declared as something else, the first bytes. */
function firstElement(
  lowering: Lowering,
  address: Value,
  of: CType,
  span: Span,
  state: State,
): Value {
  if (address.kind === 'undefined' || address.kind === 'partial')
    return typed(
      through(address, (inner) => firstElement(lowering, inner, of, span, state)),
      pointerTo(of),
    );
  const scope = fileScope(lowering, '');
  const isOther = (path: LocationName) => {
    const { kind } = typeOfPlace(lowering, path, scope);
    return isLocationPath(path) && (kind === 'integer' || kind === 'pointer');
  };
  const candidates = candidatesOf(address, state.registers);
  const paths = candidates === 'any' ? [] : pathsIn(candidates.values());
  if (!paths.some(isOther)) return step('member', address, '[0]', span, of);
  const targets = paths.map((path) =>
    isOther(path) ? displaced(lowering, path, 0, of, scope) : memberPath(path, '[0]'),
  );
  const found = led(address, paths, targets, span);
  return typed(found ?? undefinedValue('an array in what is declared as none'), pointerTo(of));
}

function pathsIn(values: Iterable<Known>): readonly LocationName[] {
  return [...values].flatMap((value) => (value.kind === 'address' ? value.of : []));
}

/** Remembers that a local can be reached by its address. */
export function notePointer({ pointedTo }: Lowering, address: Value): Value {
  if (address.kind === 'known' && address.value.kind === 'address' && isLocal(address.value.of))
    pointedTo.add(address.value.of);
  return address;
}

/** The address of an object without a name: `(struct foo){ .a = 1 }`. */
export function temporary(
  lowering: Lowering,
  braces: CExpression & { readonly kind: 'initializer' },
  state: State,
  scope: Scope,
  type: CType = braces.type === undefined
    ? UNKNOWN
    : completed(lowering, resolveType(lowering, braces.type, scope), braces, scope),
): Value {
  const variable = temporaryVariable(lowering, scope, type);
  const { type: _, ...values } = braces;
  initialise(lowering, variable, type, values, state, scope);
  return addressOf(variable, lowering.localTypes.get(variable));
}

/** A variable for an object without a name. */
export function temporaryVariable(lowering: Lowering, scope: Scope, type: CType): string {
  return declareLocal(lowering, innerScope(scope), `temporary${lowering.freshFrame()}`, type);
}
