/** Which shared object an expression names: a field of a struct, a global, or nothing that is shared. */

import { designators, opaqueMembers, opaqueStructs } from '../kernel/accessors.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Field } from './file-facts.ts';
import { type Scope, structOf, typeOf } from './scope.ts';
import { withoutKeyword } from './type-index.ts';

/** What stands for the struct of a field whose base has a type that could not be told. */
const UNKNOWN_STRUCT = '?';

/** The shared object that the lvalue `place` is, or undefined: a local, or a whole struct. */
export function locationOf(place: Expression, scope: Scope): Field | undefined {
  switch (place.kind) {
    case 'identifier':
      return isGlobal(place.name, scope) ? { name: place.name } : undefined;
    case 'field':
      return locationOfField(place, scope);
    case 'index':
      return elementOf(place.base, scope);
    case 'unary':
      return place.operator === '*' ? targetOf(place.operand, scope) : undefined;
    case 'cast':
      return locationOf(place.operand, scope);
    case 'call': {
      const first = place.arguments[0];
      return first !== undefined && isSame(place) ? locationOf(first, scope) : undefined;
    }
    case 'evaluated':
      return locationOf(place.expression, scope);
    default:
      return undefined;
  }
}

/** The object of a marked access: also a field of a struct that is a variable of the function, for who marks the access
 *  expects others to have the address (a waiter on the stack). */
export function markedLocationOf(place: Expression, scope: Scope): Field | undefined {
  const shared = locationOf(place, scope);
  if (shared !== undefined || place.kind !== 'field' || place.arrow) return shared;
  const struct = structNameOf(place.base, scope);
  return struct === undefined ? undefined : { struct, name: place.name };
}

/** The shared object that the pointer `pointer` points to. A struct as a whole is none; what a pointer
 *  without a name for its target points to is called after it (`*head`). */
export function targetOf(pointer: Expression, scope: Scope): Field | undefined {
  switch (pointer.kind) {
    case 'unary':
      if (pointer.operator === '&') return locationOf(pointer.operand, scope);
      return targetOfValue(pointer, scope);
    case 'identifier': {
      const alias = scope.aliases.get(pointer.name);
      return alias === undefined ? targetOfValue(pointer, scope) : locationOf(alias, scope);
    }
    case 'field':
    case 'index':
      return targetOfValue(pointer, scope);
    case 'binary':
      return /^[+-]$/.test(pointer.operator) ? targetOf(pointer.left, scope) : undefined;
    case 'cast':
      return targetOf(pointer.operand, scope);
    case 'assign':
      return targetOf(pointer.target, scope);
    case 'conditional':
      return targetOf(pointer.consequence ?? pointer.alternative, scope);
    case 'call': {
      const first = pointer.arguments[0];
      return first !== undefined && isSame(pointer)
        ? targetOf(first, scope)
        : addressedBy(pointer, scope);
    }
    case 'evaluated':
      return targetOf(pointer.expression, scope);
    default:
      return undefined;
  }
}

/** The place whose address a called function returns and nothing else, as that function names it. */
function addressedBy(
  { callee }: Extract<Expression, { kind: 'call' }>,
  scope: Scope,
): Field | undefined {
  const found = callee.kind === 'identifier' ? scope.types.addressing(callee.name) : undefined;
  if (found === undefined) return undefined;
  const { place, parameters } = found;
  return locationOf(place, {
    locals: new Map(parameters.map(({ name, type }) => [name, type])),
    statics: new Set(),
    waiters: new Set(),
    parameters: new Set(parameters.map(({ name }) => name)),
    aliases: new Map(),
    types: scope.types,
  });
}

/** The struct of the whole object, where a place is a field of a part of it. */
export function outerStructOf(place: Expression, scope: Scope): string | undefined {
  let outermost = place;
  for (let at: Expression | undefined = place; at?.kind === 'field' || at?.kind === 'index'; ) {
    if (at.kind === 'field') outermost = at;
    const isBehind: boolean = at.kind === 'field' && at.arrow;
    at = isBehind ? pointedTo(at.base, scope) : at.base;
  }
  return outermost === place || outermost.kind !== 'field'
    ? undefined
    : structNameOf(outermost.base, scope);
}

/** The place that a pointer stands for. */
function pointedTo(pointer: Expression, scope: Scope): Expression | undefined {
  return pointer.kind === 'identifier' ? scope.aliases.get(pointer.name) : undefined;
}

/** The local variable that the address of an access is computed from: the root of a dependency. */
export function rootOf(expression: Expression, scope: Scope): string | undefined {
  switch (expression.kind) {
    case 'identifier':
      return scope.locals.has(expression.name) ? expression.name : undefined;
    case 'field':
    case 'index':
      return rootOf(expression.base, scope);
    case 'unary':
    case 'cast':
    case 'update':
      return rootOf(expression.operand, scope);
    case 'binary':
      return /^[+-]$/.test(expression.operator) ? rootOf(expression.left, scope) : undefined;
    case 'call': {
      const first = expression.arguments[0];
      if (first === undefined || expression.callee.kind !== 'identifier') return undefined;
      return designators.has(expression.callee.name) ? rootOf(first, scope) : undefined;
    }
    case 'evaluated':
      return rootOf(expression.expression, scope);
    default:
      return undefined;
  }
}

/** Whether a place is part of what a variable leads to, without another pointer in between: `p->a.b[i]`, `*p`. */
export function isOfVariable(place: Expression): boolean {
  let inner = place;
  while (inner.kind === 'index' || (inner.kind === 'field' && !inner.arrow)) inner = inner.base;
  const pointer =
    inner.kind === 'field'
      ? inner.base
      : inner.kind === 'unary' && inner.operator === '*'
        ? inner.operand
        : undefined;
  return pointer?.kind === 'identifier';
}

/** Whether a name means an object of the whole program. What is declared nowhere is taken for one, but
 *  not in capitals (constants of macros and enums), and not `current`, which is the CPU's own. */
export function isGlobal(name: string, scope: Scope): boolean {
  if (scope.locals.has(name)) return scope.statics.has(name);
  const { types } = scope;
  if (types.global(name) !== undefined) return true;
  const isOther = types.returns(name) !== undefined || types.isConstant(name);
  return name !== 'current' && !isOther && /[a-z]/.test(name);
}

/** Whether a name is declared as an object of the whole program: no guess. */
export function isDeclaredGlobal(name: string, scope: Scope): boolean {
  if (scope.locals.has(name)) return scope.statics.has(name);
  return scope.types.global(name) !== undefined;
}

/** Whether a call is worth the place, or the pointer, that its first argument is. */
export function isSame(call: Extract<Expression, { kind: 'call' }>): boolean {
  return call.callee.kind === 'identifier' && designators.get(call.callee.name)?.kind === 'same';
}

function locationOfField(
  place: Extract<Expression, { kind: 'field' }>,
  scope: Scope,
): Field | undefined {
  const { base, arrow, name } = place;
  const struct = structNameOf(base, scope);
  if (isOpaque(struct, name, arrow)) {
    const holder = arrow ? targetOf(base, scope) : locationOf(base, scope);
    if (holder !== undefined) return holder;
  }
  if (!isShared(base, arrow, scope)) return undefined;
  return { struct: struct ?? UNKNOWN_STRUCT, name };
}

/** The name of the struct that `base` is or points to: also of types that are not defined here. */
export function structNameOf(base: Expression, scope: Scope): string | undefined {
  const type = typeOf(base, scope);
  if (type === undefined || type.base === '') return undefined;
  return structOf(type, scope) ?? withoutKeyword(type.base);
}

function isOpaque(struct: string | undefined, member: string, arrow: boolean): boolean {
  if (struct !== undefined) return opaqueStructs.has(struct);
  return !arrow && opaqueMembers.has(member);
}

/** A field is shared unless it belongs to a struct that is a variable of the function, with which it does not wait. */
function isShared(base: Expression, arrow: boolean, scope: Scope): boolean {
  if (arrow) return !pointsToLocal(base, scope);
  switch (base.kind) {
    case 'identifier':
      return isGlobal(base.name, scope) || scope.waiters.has(base.name);
    case 'field':
      return isShared(base.base, base.arrow, scope);
    case 'index':
      return base.base.kind === 'identifier'
        ? !isLocalArray(base.base.name, scope)
        : isShared(base.base, false, scope);
    case 'evaluated':
      return isShared(base.expression, false, scope);
    case 'unary':
      return base.operator === '*' && !pointsToLocal(base.operand, scope);
    case 'call':
      return true;
    default:
      return false;
  }
}

function pointsToLocal(pointer: Expression, scope: Scope): boolean {
  const target =
    pointer.kind === 'identifier'
      ? scope.aliases.get(pointer.name)
      : pointer.kind === 'unary' && pointer.operator === '&'
        ? pointer.operand
        : undefined;
  return (
    target?.kind === 'identifier' &&
    scope.locals.has(target.name) &&
    !scope.statics.has(target.name) &&
    !scope.waiters.has(target.name) &&
    scope.locals.get(target.name)?.pointers === 0
  );
}

function isLocalArray(name: string, scope: Scope): boolean {
  return (scope.locals.get(name)?.arrays ?? 0) > 0 && !scope.statics.has(name);
}

/** An element of an array is named by the array, one behind a pointer like the pointer's target. */
function elementOf(base: Expression, scope: Scope): Field | undefined {
  const type = typeOf(base, scope);
  const isPointer = type !== undefined && type.arrays === 0 && type.pointers > 0;
  if (isPointer) return targetOf(base, scope);
  return locationOf(base, scope);
}

/** What a pointer that is itself read from somewhere points to. */
function targetOfValue(pointer: Expression, scope: Scope): Field | undefined {
  const type = typeOf(pointer, scope);
  if (type !== undefined && type.arrays > 0) return locationOf(pointer, scope);
  const struct = type?.pointers === 1 ? structOf(type, scope) : undefined;
  if (struct !== undefined && !opaqueStructs.has(struct)) return undefined;
  if (pointer.kind === 'identifier') return targetOfName(pointer.name, scope);
  const holder = locationOf(pointer, scope);
  if (holder === undefined) return undefined;
  return type === undefined ? holder : { ...holder, name: `*${holder.name}` };
}

function targetOfName(name: string, scope: Scope): Field {
  const isLocal = scope.locals.has(name) && !scope.statics.has(name);
  return isLocal ? { struct: UNKNOWN_STRUCT, name: `*${name}` } : { name: `*${name}` };
}
