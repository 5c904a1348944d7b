/** First values (C11 6.7.9): braces member by member and element by element, the rest being 0. */

import { rootOf } from '../program/address.ts';
import type {
  Expression as CExpression,
  InitializerItem,
  Member,
  StructDefinition,
  TypeName,
} from '../syntax/ast.ts';
import { assignTo } from './assign.ts';
import { constantOf } from './constant.ts';
import { isLocal, type Lowering, type Scope, visiblePlace } from './context.ts';
import { type CArray, type CStruct, type CType, UNKNOWN } from './ctype.ts';
import { evaluate } from './evaluate.ts';
import { isWholeCounter } from './kernel-types.ts';
import { scopeOfMembers } from './known-types.ts';
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
  /** The places that have been given their first values, some of which may be given others (C11 6.7.9p19). */
  readonly given: Set<string>;
}

/** Gives what is at `location` its first value. */
export function initialise(
  lowering: Lowering,
  location: string,
  type: CType,
  written: CExpression,
  state: State,
  scope: Scope,
): void {
  fill({ lowering, state, scope, given: new Set() }, { location, type }, written);
}

function fill(outer: Context, target: Target, written: CExpression): void {
  const { lowering, state, given } = outer;
  const { location, type } = target;
  const { expression, scope } = unfold(lowering, written, outer.scope);
  const context = { ...outer, scope };
  const items = bracesOf(expression, type);
  if (items !== undefined) {
    if (isLocal(location)) lowering.zeroed.add(rootOf(location));
    forget(context, target, [location]);
    fromBraces(context, target, items);
  } else if (expression.kind === 'string' && type.kind === 'array') {
    forget(context, target, [location]);
    fromString(context, location, type, expression.text);
  } else {
    const value = evaluate(lowering, expression, state, scope);
    assignTo(lowering, addressOf(location, type), value, state, traceOf(scope, expression.span));
  }
  given.add(location);
}

/** Where something in `places` has been given a first value before, `target` is as if nothing in it had been given any. */
function forget(context: Context, target: Target, places: readonly string[]): void {
  const { given } = context;
  const isWithin = (path: string) =>
    places.some((place) => path.startsWith(place) && /^(?:$|[.[])/.test(path.slice(place.length)));
  const before = [...given].filter(isWithin);
  if (before.length === 0) return;
  for (const path of before) given.delete(path);
  zero(context, target);
}

function zero(context: Context, target: Target): void {
  const { lowering, state, scope } = context;
  const { location, type } = target;
  if (type.kind !== 'struct' && type.kind !== 'array') {
    assignTo(lowering, addressOf(location, type), integer(0), state, traceOf(scope, NOWHERE));
    return;
  }
  const length = type.kind === 'array' ? type.length : undefined;
  const definition = type.kind === 'struct' ? type.definition : undefined;
  const parts =
    definition === undefined
      ? partsOf(context, type)
      : typedParts(context, definition, partsOfMembers(definition, definition.members));
  if (
    parts === undefined ||
    (type.kind === 'array' && (length ?? MOST_ELEMENTS) >= MOST_ELEMENTS)
  ) {
    const message = 'first values of which some are given anew';
    lowering.report.notModelled(message, visiblePlace(scope, NOWHERE));
    return;
  }
  for (let at = 0, part = parts.at(0); part !== undefined; part = parts.at(++at))
    zero(context, partAt(target, part));
}

/** The values in braces: of what is being initialised, or of an object without a name that is copied to it. */
function bracesOf(expression: CExpression, type: CType): readonly InitializerItem[] | undefined {
  const literal = expression.kind === 'cast' ? expression.operand : expression;
  if (literal.kind !== 'initializer') return undefined;
  const isLiteral = expression.kind === 'cast' || literal.type !== undefined;
  const isAggregate = type.kind === 'struct' || type.kind === 'array';
  return isLiteral && !isAggregate ? undefined : literal.items;
}

function fromString(
  { lowering, state, scope }: Context,
  location: string,
  { of, length }: CArray,
  text: string,
): void {
  if (isLocal(location)) lowering.zeroed.add(rootOf(location));
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
  else if (items.length > 0) fillInOrder(context, target, items, { from: 0, hasBraces: true });
}

/** Where the values for an aggregate begin. */
interface Filling {
  /** The first value, and the part that it is for. */
  readonly from: number;
  readonly first?: number;
  /** Whether the values stand in braces of their own. */
  readonly hasBraces?: true;
  /** Whether the designator of the first value has led here. */
  readonly isDesignated?: boolean;
}

/**
 * Gives the parts of an aggregate their values, and returns where the next value is that is not used up. Without
 * braces of its own an aggregate takes as many as it has parts, up to the next designator.
 */
function fillInOrder(
  context: Context,
  target: Target,
  items: readonly InitializerItem[],
  { from, first = 0, hasBraces, isDesignated }: Filling,
): number {
  const parts = partsOf(context, target.type);
  let position = first;
  let at = from;
  while (at < items.length) {
    const { designator, value } = items[at]!;
    if (designator !== undefined && !(isDesignated && at === from)) {
      if (!hasBraces) return at;
      const after = fillDesignated(context, target, designator, items, at);
      position = after.position ?? position;
      at = after.at;
      continue;
    }
    const part = parts?.at(position);
    if (parts === undefined && isLoneZero(items)) return at + 1;
    if (part === undefined) {
      if (!hasBraces) return at;
      tooMany(context, value);
      at++;
      continue;
    }
    position++;
    at = fillPart(context, partAt(target, part), items, at);
  }
  return at;
}

/** `{ 0 }`, which makes all of a struct 0, whatever its members are. */
function isLoneZero([first, ...others]: readonly InitializerItem[]): boolean {
  if (others.length > 0 || first === undefined || first.designator !== undefined) return false;
  const { value } = first;
  return value.kind === 'number' && value.value === 0;
}

function partAt({ location }: Target, { path, type }: Part): Target {
  return { location: location + path, type };
}

/** Gives a part the value at `at`, or as many from there as it takes; returns where the next is. */
function fillPart(
  context: Context,
  part: Target,
  items: readonly InitializerItem[],
  at: number,
): number {
  const { value } = items[at]!;
  if (takesOne(context, part.type, value)) {
    fill(context, part, value);
    return at + 1;
  }
  const next = fillInOrder(context, part, items, { from: at, isDesignated: true });
  if (next > at) return next;
  tooMany(context, value);
  return at + 1;
}

function tooMany({ lowering, scope }: Context, { span }: CExpression): void {
  const message = 'a first value for which no member or element is left';
  lowering.report.notModelled(message, visiblePlace(scope, span));
}

/** A designator that leads nowhere (C11 6.7.9p7). In an open request a definition may be that of another configuration. */
function leadsNowhere({ lowering, scope }: Context, what: string, { span }: CExpression): void {
  if (lowering.request.open === undefined)
    lowering.report.notModelled(`a first value for ${what}`, visiblePlace(scope, span));
}

/** Whether a part takes this value as a whole: a scalar does, and an aggregate one in braces or of its type. */
function takesOne({ lowering, scope }: Naming, type: CType, value: CExpression): boolean {
  if (type.kind !== 'struct' && type.kind !== 'array') return true;
  const { expression, scope: inner } = unfold(lowering, value, scope);
  if (bracesOf(expression, type) !== undefined) return true;
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
  return typedParts({ lowering, scope }, type.definition, aggregateParts(type.definition));
}

function typedParts(
  { lowering, scope }: Naming,
  definition: StructDefinition,
  parts: readonly AggregatePart[],
): readonly Part[] {
  const inner = scopeOfMembers(lowering, definition, scope);
  return parts.map((part) => {
    const path = part.name === undefined ? '' : `.${part.name}`;
    if (part.type.kind === 'struct') return { path, type: part.type };
    return { path, type: resolveType(lowering, part.type.written, inner) };
  });
}

/** A part of a struct or union: a member, or a struct or union without a name, whose parts it takes as its own. */
interface AggregatePart {
  readonly name?: string;
  readonly type: CStruct | { readonly kind: 'written'; readonly written: TypeName };
}

/** The parts that values without designators go to (C11 6.7.9): of a union the first only. */
function aggregateParts(definition: StructDefinition): readonly AggregatePart[] {
  const parts = partsOfMembers(definition, definition.members);
  return definition.isUnion ? parts.slice(0, 1) : parts;
}

function partsOfMembers(
  definition: StructDefinition,
  members: readonly Member[],
): readonly AggregatePart[] {
  return members.flatMap((member): readonly AggregatePart[] => {
    if (member.kind === 'alternatives')
      return member.branches.flatMap((branch) => partsOfMembers(definition, branch.members));
    if (member.kind === 'nested')
      return [{ type: { kind: 'struct', name: '', definition: unnamed(definition, member) } }];
    const { name, type: written } = member;
    return name === '' ? [] : [{ name, type: { kind: 'written', written } }];
  });
}

/** A struct or union without a name as one of its own, among the fields of the one around it. */
function unnamed(
  { fields, span }: StructDefinition,
  { isUnion, members, attributes }: Member & { readonly kind: 'nested' },
): StructDefinition {
  return { name: '', isUnion, members, fields, attributes, span };
}

const STEP = /^\s*(?:\.\s*(\w+)|\[([^\]]*)\])\s*/;

/** Where the values go on behind a designator: the next one, and the part that it is for, where that is known. */
interface GoingOn {
  readonly at: number;
  readonly position?: number | undefined;
}

/** `.a.b = value`, `[1 ... 3] = value`. What follows without a designator is for what comes behind `b` in `a`,
 *  and then for what comes behind `a` (C11 6.7.9). */
function fillDesignated(
  context: Context,
  target: Target,
  designator: string,
  items: readonly InitializerItem[],
  at: number,
): GoingOn {
  const [whole = '', name, index] = STEP.exec(designator) ?? [];
  if (whole === '') {
    fill(context, target, items[at]!.value);
    return { at: at + 1 };
  }
  if (name !== undefined) return fillMember(context, target, designator, name, items, at);
  const rest = designator.slice(whole.length);
  const { type } = target;
  const [from, to] = boundsOf(context, index!);
  if (from === undefined || to === undefined) {
    tooMany(context, items[at]!.value);
    return { at: at + 1 };
  }
  const length = type.kind === 'array' ? type.length : undefined;
  if ((type.kind !== 'array' && type.kind !== 'unknown') || from < 0 || to >= (length || to + 1)) {
    const of = length === undefined ? 'what is no array' : `an array of ${length}`;
    leadsNowhere(context, `[${to}] of ${of}`, items[at]!.value);
    return { at: at + 1 };
  }
  let next = at + 1;
  for (let element = from; element <= to; element++) {
    const path = `[${element}]`;
    const part = { path, type: type.kind === 'array' ? type.of : UNKNOWN };
    next = fillBehind(context, partAt(target, part), rest, items, at);
  }
  return { at: next, position: to + 1 };
}

function fillMember(
  context: Context,
  target: Target,
  designator: string,
  name: string,
  items: readonly InitializerItem[],
  at: number,
): GoingOn {
  const { lowering, scope } = context;
  const { type } = target;
  const definition = type.kind === 'struct' ? type.definition : undefined;
  const parts = definition === undefined ? [] : partsOfMembers(definition, definition.members);
  const position = parts.findIndex((part) => part.name === name || hasWithin(part, name));
  const isElsewhere =
    type.kind !== 'struct' && type.kind !== 'unknown' && !isWholeCounter(type, name);
  if (isElsewhere || (definition !== undefined && position < 0 && !isDeclared(definition, name))) {
    const of = type.kind === 'struct' ? type.name : 'what has none';
    leadsNowhere(context, `.${name}, which is no member of ${of}`, items[at]!.value);
    return { at: at + 1 };
  }
  const part = parts[position];
  if (definition?.isUnion === true) forget(context, target, otherMembers(target, parts, part));
  const next = definition?.isUnion === true ? parts.length : position + 1;
  if (part?.name === undefined && part?.type.kind === 'struct') {
    const inner = { location: target.location, type: part.type };
    return { at: fillBehind(context, inner, designator, items, at), position: next };
  }
  const rest = designator.replace(STEP, '');
  const inner = isWholeCounter(type, name)
    ? { path: '', type }
    : { path: `.${name}`, type: memberType(lowering, type, name, scope) ?? UNKNOWN };
  const after = fillBehind(context, partAt(target, inner), rest, items, at);
  return part === undefined ? { at: after } : { at: after, position: next };
}

/** Where the members of a union but one are: a first value for that one is the only one (C11 6.7.9p17). */
function otherMembers(
  { location }: Target,
  parts: readonly AggregatePart[],
  chosen: AggregatePart | undefined,
): readonly string[] {
  return parts
    .filter((part) => part !== chosen)
    .flatMap(namesWithin)
    .map((name) => `${location}.${name}`);
}

function namesWithin({ name, type }: AggregatePart): readonly string[] {
  if (name !== undefined) return [name];
  const definition = type.kind === 'struct' ? type.definition : undefined;
  return definition === undefined
    ? []
    : partsOfMembers(definition, definition.members).flatMap(namesWithin);
}

function isDeclared({ fields }: StructDefinition, name: string): boolean {
  return fields.some((field) => field.name === name);
}

/** Whether a member of that name is inside a struct or union without a name. */
function hasWithin({ name: own, type }: AggregatePart, name: string): boolean {
  if (own !== undefined || type.kind !== 'struct' || type.definition === undefined) return false;
  const parts = partsOfMembers(type.definition, type.definition.members);
  return parts.some((part) => part.name === name || hasWithin(part, name));
}

/** Gives a part what the rest of a designator says, and what follows for what comes behind it in the same part. */
function fillBehind(
  context: Context,
  part: Target,
  rest: string,
  items: readonly InitializerItem[],
  at: number,
): number {
  if (rest.trim() === '') return fillPart(context, part, items, at);
  const { at: next, position } = fillDesignated(context, part, rest, items, at);
  if (position === undefined) return next;
  return fillInOrder(context, part, items, { from: next, first: position });
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
  const items = bracesOf(expression, type);
  const [only, ...others] = items ?? [];
  if (type.of.kind === 'integer' && only?.value.kind === 'string' && others.length === 0)
    return completed(lowering, type, only.value, scope);
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
