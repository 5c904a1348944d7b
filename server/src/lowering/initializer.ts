/** First values (C11 6.7.9): braces member by member and element by element, the rest being 0. */

import { rootOf } from '../program/address.ts';
import type { Expression as CExpression, InitializerItem, Member } from '../syntax/ast.ts';
import { assignTo } from './assign.ts';
import { constantOf } from './constant.ts';
import { isLocal, type Lowering, type Scope, topScope, visiblePlace } from './context.ts';
import { type CArray, type CType, UNKNOWN } from './ctype.ts';
import { evaluate } from './evaluate.ts';
import { stringBytes } from './literal.ts';
import type { State } from './machine.ts';
import { unfold } from './names.ts';
import { memberType } from './place-type.ts';
import { resolveType } from './resolve-type.ts';
import { traceOf } from './trace.ts';
import { typeOfExpression } from './type-of.ts';
import { addressOf, integer } from './value.ts';

/** What is being initialised. */
interface Target {
  readonly location: string;
  readonly type: CType;
}

/** Where names of an initializer belong to. */
interface Naming {
  readonly lowering: Lowering;
  readonly scope: Scope;
}

interface Context extends Naming {
  readonly state: State;
}

/** Gives what is at `location` its first value. */
export function initialise(
  lowering: Lowering,
  location: string,
  type: CType,
  written: CExpression,
  state: State,
  outer: Scope,
): void {
  const { expression, scope } = unfold(lowering, written, outer);
  const context = { lowering, state, scope };
  const items = bracesOf(expression);
  if (items !== undefined) {
    if (isLocal(location)) lowering.zeroed.add(rootOf(location));
    fromBraces(context, { location, type }, items);
  } else if (expression.kind === 'string' && type.kind === 'array')
    fromString(context, location, type, expression.text);
  else {
    const value = evaluate(lowering, expression, state, scope);
    assignTo(lowering, addressOf(location, type), value, state, traceOf(scope, expression.span));
  }
}

function bracesOf(expression: CExpression): readonly InitializerItem[] | undefined {
  if (expression.kind === 'initializer') return expression.items;
  return expression.kind === 'cast' && expression.operand.kind === 'initializer'
    ? expression.operand.items
    : undefined;
}

function fromString(
  { lowering, state, scope }: Context,
  location: string,
  { of, length }: CArray,
  text: string,
): void {
  const bytes = stringBytes(text) ?? [];
  const trace = traceOf(scope, NOWHERE);
  for (const [at, byte] of bytes.slice(0, length ?? bytes.length).entries())
    assignTo(lowering, addressOf(`${location}[${at}]`, of), integer(byte), state, trace);
}

const NOWHERE = { start: 0, end: 0 };

function fromBraces(context: Context, target: Target, items: readonly InitializerItem[]): void {
  const { type } = target;
  const [first] = items;
  const isScalar = type.kind !== 'struct' && type.kind !== 'array';
  const onlyString = first !== undefined && items.length === 1 && first.value.kind === 'string';
  if (isScalar && first !== undefined && first.designator === undefined)
    fill(context, target, first.value);
  else if (type.kind === 'array' && onlyString && first.designator === undefined)
    fromString(context, target.location, type, (first.value as { readonly text: string }).text);
  else if (items.length > 0) fillInOrder(context, target, items, 0, true);
}

function fill(
  { lowering, state, scope }: Context,
  { location, type }: Target,
  value: CExpression,
): void {
  initialise(lowering, location, type, value, state, scope);
}

/**
 * Gives the parts of an aggregate the values of `items` from `from` on, and returns where the next value is
 * that is not used up. Without braces of its own an aggregate takes as many as it has parts, up to the
 * next designator.
 */
function fillInOrder(
  context: Context,
  target: Target,
  items: readonly InitializerItem[],
  from: number,
  hasBraces: boolean,
): number {
  const parts = partsOf(context, target.type);
  let position = 0;
  let at = from;
  while (at < items.length) {
    const { designator, value } = items[at]!;
    if (designator !== undefined) {
      if (!hasBraces) return at;
      position = fillDesignated(context, target, designator, value) ?? position;
      at++;
      continue;
    }
    const part = parts?.at(position);
    if (part === undefined) {
      if (!hasBraces) return at;
      tooMany(context, value);
      at++;
      continue;
    }
    position++;
    const inner = { location: target.location + part.path, type: part.type };
    if (takesOne(context, inner.type, value)) {
      fill(context, inner, value);
      at++;
    } else at = fillInOrder(context, inner, items, at, false);
  }
  return at;
}

function tooMany({ lowering, scope }: Context, { span }: CExpression): void {
  lowering.report.notModelled('a first value of an unknown member', visiblePlace(scope, span));
}

/** Whether a part takes this value as a whole: a scalar does, and an aggregate one in braces or of its type. */
function takesOne({ lowering, scope }: Naming, type: CType, value: CExpression): boolean {
  if (type.kind !== 'struct' && type.kind !== 'array') return true;
  const { expression, scope: inner } = unfold(lowering, value, scope);
  if (bracesOf(expression) !== undefined) return true;
  if (type.kind === 'array') return expression.kind === 'string' && type.of.kind === 'integer';
  return typeOfExpression(lowering, expression, inner).kind === 'struct';
}

interface Part {
  /** `.name` or `[index]`. */
  readonly path: string;
  readonly type: CType;
}

/** The parts of an aggregate in the order in which they take values; undefined where that is not known. */
function partsOf(
  { lowering, scope }: Context,
  type: CType,
): { at(index: number): Part | undefined } | undefined {
  if (type.kind === 'array') {
    const { of, length = Number.POSITIVE_INFINITY } = type;
    return { at: (index) => (index < length ? { path: `[${index}]`, type: of } : undefined) };
  }
  if (type.kind !== 'struct' || type.definition === undefined) return undefined;
  const { isUnion, members } = type.definition;
  const inOrder = positional(members, isUnion).map(({ name, type: written }) => ({
    path: `.${name}`,
    type: resolveType(lowering, written, topScope(scope)),
  }));
  return inOrder;
}

type Field = Member & { readonly kind: 'field' };

/** The members that values without designators go to: of a union the first only. */
function positional(members: readonly Member[], isUnion: boolean): readonly Field[] {
  const all = members.map((member): readonly Field[] => {
    if (member.kind === 'nested') return positional(member.members, member.isUnion);
    if (member.kind === 'alternatives')
      return member.branches.flatMap((branch) => positional(branch.members, false));
    return member.name === '' ? [] : [member];
  });
  return isUnion ? (all.find((fields) => fields.length > 0) ?? []) : all.flat();
}

const STEP = /^\s*(?:\.\s*(\w+)|\[([^\]]*)\])\s*/;

/** `.a.b = value`, `[1 ... 3] = value`; returns the position after the part that is named first. */
function fillDesignated(
  context: Context,
  target: Target,
  designator: string,
  value: CExpression,
): number | undefined {
  const [whole, name, index] = STEP.exec(designator) ?? [];
  if (whole === undefined) {
    fill(context, target, value);
    return undefined;
  }
  const rest = designator.slice(whole.length);
  if (name !== undefined) {
    const type = memberType(context.lowering, target.type, name, context.scope);
    const inner = { location: `${target.location}.${name}`, type: type ?? UNKNOWN };
    fillDesignated(context, inner, rest, value);
    return positionOf(target.type, name);
  }
  const { type } = target;
  const [from, to] = boundsOf(context, index!);
  if (from === undefined || to === undefined) {
    tooMany(context, value);
    return undefined;
  }
  for (let at = from; at <= to; at++) {
    const element = {
      location: `${target.location}[${at}]`,
      type: type.kind === 'array' ? type.of : UNKNOWN,
    };
    fillDesignated(context, element, rest, value);
  }
  return to + 1;
}

function positionOf(type: CType, name: string): number | undefined {
  if (type.kind !== 'struct' || type.definition === undefined) return undefined;
  const { members, isUnion } = type.definition;
  const position = positional(members, isUnion).findIndex((field) => field.name === name);
  return position < 0 ? undefined : position + 1;
}

/** Arrays that are given more than this many elements at once are not followed. */
const MOST_ELEMENTS = 4096;

/** The first and the last index of `[1]` or `[1 ... 3]`. */
function boundsOf(context: Naming, text: string): readonly (number | undefined)[] {
  const bounds = text.split('...').map((bound) => indexOf(context, bound));
  const [from, to = from] = bounds;
  const isSane = from !== undefined && to !== undefined && to - from < MOST_ELEMENTS;
  return isSane ? [from, to] : [undefined, undefined];
}

function indexOf({ lowering, scope }: Naming, text: string): number | undefined {
  if (/^\s*\d+\s*$/.test(text)) return Number(text);
  const { file } = scope.frame;
  const statement = lowering.symbols.piece(`void index(void) { (${text}); }`, file)?.body[0];
  if (statement?.kind !== 'expression') return undefined;
  const value = constantOf(lowering, statement.expression, scope);
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

/** An array whose length is not written has as many elements as its first value (C11 6.7.9). */
export function completed(
  lowering: Lowering,
  type: CType,
  initial: CExpression | undefined,
  outer: Scope,
): CType {
  if (type.kind !== 'array' || type.isOpen !== true || initial === undefined) return type;
  const { expression, scope } = unfold(lowering, initial, outer);
  if (expression.kind === 'string') {
    const length = stringBytes(expression.text)?.length;
    return length === undefined ? type : { kind: 'array', of: type.of, length };
  }
  const items = bracesOf(expression);
  const length = items && elementsOf({ lowering, scope }, type, items);
  return length === undefined ? type : { kind: 'array', of: type.of, length };
}

/** So many elements the items are for; undefined where they are not one each. */
function elementsOf(
  naming: Naming,
  { of }: CArray,
  items: readonly InitializerItem[],
): number | undefined {
  let [position, length] = [0, 0];
  for (const { designator, value } of items) {
    if (designator !== undefined) {
      const index = /^\s*\[([^\]]*)\]/.exec(designator)?.[1];
      const [, to] = index === undefined ? [] : boundsOf(naming, index);
      if (to === undefined) return undefined;
      position = to;
    } else if (!takesOne(naming, of, value)) return undefined;
    position++;
    length = Math.max(length, position);
  }
  return length;
}
