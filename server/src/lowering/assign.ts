/** Assignments and first values: conversion to the type, structs member by member, braces. */

import { rootOf } from '../program/address.ts';
import { isTrue } from '../program/evaluate.ts';
import type { Expression as CExpression, InitializerItem, TypeName } from '../syntax/ast.ts';
import { load, store } from './access.ts';
import { operate } from './arithmetic.ts';
import { isLocal, type Lowering, type Scope, visiblePlace } from './context.ts';
import { designate, evaluate } from './evaluate.ts';
import type { State, Trace } from './machine.ts';
import { unfold } from './names.ts';
import { traceOf } from './trace.ts';
import { addressOf, binary, candidatesOf, integer, type Value } from './value.ts';

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
    const after = operate(lowering, operator.slice(0, -1), before, right, assignment, scope);
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
  const type =
    address.kind === 'known' && address.value.kind === 'address'
      ? lowering.typeOf(address.value.of)
      : undefined;
  if (type !== undefined && isStruct(lowering, type)) {
    copyStruct(lowering, address, value, type, state, trace);
    return value;
  }
  const converted = convert(value, type, state, trace);
  store(lowering, state, address, converted, 'plain', trace);
  return converted;
}

/** Whether values of the type are structs whose members are known. */
export function isStruct({ symbols }: Lowering, type: TypeName): boolean {
  return type.pointers === 0 && type.arrays === 0 && symbols.struct(type.base) !== undefined;
}

/** The value as one of `type`: `bool` is 0 or 1. */
export function convert(
  value: Value,
  type: TypeName | undefined,
  state: State,
  { span }: Trace,
): Value {
  if (type === undefined || type.pointers > 0 || !/^(_Bool|bool)$/.test(type.base)) return value;
  if (value.kind === 'known') return integer(isTrue(value.value) ? 1 : 0);
  const values = candidatesOf(value, state.registers);
  const isBoolean = values !== 'any' && [...values.keys()].every((key) => /^[01]$/.test(key));
  return isBoolean ? value : binary('!=', value, integer(0), span);
}

/** Copies every member; both sides are addresses of structs of that type. */
function copyStruct(
  lowering: Lowering,
  to: Value,
  from: Value,
  type: TypeName,
  state: State,
  trace: Trace,
): void {
  const [target, source] = [pathOf(to), pathOf(from)];
  if (target === undefined || source === undefined) {
    const place = { file: trace.origin.file, span: trace.origin.span };
    lowering.report.notModelled('a struct copied through a pointer that is not known', place);
    return;
  }
  for (const { name, type: memberType } of lowering.symbols.struct(type.base)!.fields) {
    const [inner, outer] = [addressOf(`${source}.${name}`), addressOf(`${target}.${name}`)];
    if (isStruct(lowering, memberType))
      copyStruct(lowering, outer, inner, memberType, state, trace);
    else if (memberType.arrays === 0)
      store(lowering, state, outer, load(lowering, state, inner, 'plain', trace), 'plain', trace);
  }
}

function pathOf(value: Value): string | undefined {
  return value.kind === 'known' && value.value.kind === 'address' ? value.value.of : undefined;
}

/** Gives what is at `location` its first value: braces member by member, the rest being 0. */
export function initialise(
  lowering: Lowering,
  location: string,
  type: TypeName | undefined,
  written: CExpression,
  state: State,
  outer: Scope,
): void {
  const { expression, scope } = unfold(lowering, written, outer);
  const braces = bracesOf(expression);
  if (braces === undefined) {
    const value = evaluate(lowering, expression, state, scope);
    assignTo(lowering, addressOf(location), value, state, traceOf(scope, expression.span));
    return;
  }
  if (isLocal(location)) lowering.zeroed.add(rootOf(location));
  const members = memberPaths(lowering, location, type, braces);
  for (const [index, { value }] of braces.entries()) {
    const member = members[index];
    if (member !== undefined)
      initialise(lowering, member, lowering.typeOf(member), value, state, scope);
    else
      lowering.report.notModelled(
        'a first value of an unknown member',
        visiblePlace(scope, value.span),
      );
  }
}

function bracesOf(expression: CExpression): readonly InitializerItem[] | undefined {
  if (expression.kind === 'initializer') return expression.items;
  return expression.kind === 'cast' && expression.operand.kind === 'initializer'
    ? expression.operand.items
    : undefined;
}

/** The location of each item: where its designator says, or the one after the item before. */
function memberPaths(
  lowering: Lowering,
  location: string,
  type: TypeName | undefined,
  items: readonly InitializerItem[],
): readonly (string | undefined)[] {
  const isArray = (type?.arrays ?? 0) > 0;
  const fields =
    type === undefined || isArray ? [] : (lowering.symbols.struct(type.base)?.fields ?? []);
  let position = 0;
  return items.map(({ designator }) => {
    if (designator === undefined) {
      const field = fields[position++];
      return isArray ? `${location}[${position - 1}]` : field && `${location}.${field.name}`;
    }
    const path = designator.replace(/\s/g, '');
    const first = /^\.(\w+)|^\[(\d+)\]/.exec(path);
    position =
      1 + (first?.[2] ? Number(first[2]) : fields.findIndex(({ name }) => name === first?.[1]));
    return first === null ? undefined : location + path;
  });
}
