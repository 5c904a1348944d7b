/** What evaluating an expression does, in C's order: accesses to shared objects, primitives, calls. */

import { accessors, copied, designators, markedAccessors } from '../kernel/accessors.ts';
import type { OwnAccess, Primitive } from '../kernel/primitive.ts';
import { primitive } from '../kernel/primitives.ts';
import { givesNothing } from '../kernel/signature.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Span } from '../text/span.ts';
import { calledMember } from './by-member.ts';
import type { Access, Field } from './file-facts.ts';
import {
  isDeclaredGlobal,
  isOfVariable,
  isSame,
  locationOf,
  markedLocationOf,
  outerStructOf,
  rootOf,
  targetOf,
} from './locations.ts';
import { type Scope, structOf, typeOf } from './scope.ts';

/** An access where it stands. */
export interface AccessEvent {
  readonly kind: 'access';
  readonly field: Field;
  readonly outer?: string;
  readonly bit?: string;
  readonly effect: Access['effect'];
  readonly marking: Access['marking'];
  readonly isBlind?: true;
  readonly span: Span;
  /** The local variable that the address comes from. */
  readonly root?: string;
  /** Of a plain access: it is to what that variable leads to, without another pointer in between. */
  readonly isDirect?: true;
}

/** A use of a primitive. Its own access follows as an event of its own. */
export interface PrimitiveEvent {
  readonly kind: 'primitive';
  readonly row: Primitive;
  readonly span: Span;
  readonly own?: AccessEvent;
  /** The local variable that takes the value. */
  readonly result?: string;
}

export interface CallEvent {
  readonly kind: 'call';
  /** Of the function, or of the member that points to it. */
  readonly name: string;
  readonly span: Span;
}

/** A call through a pointer of which nothing is known. */
export interface IndirectCallEvent {
  readonly kind: 'indirect-call';
  readonly span: Span;
}

/** A local pointer is given a value that comes from `from`. */
export interface CopyEvent {
  readonly kind: 'copy';
  readonly to: string;
  readonly from: string;
}

export type Event = AccessEvent | PrimitiveEvent | CallEvent | IndirectCallEvent | CopyEvent;

/** The events of an expression whose value is used (or thrown away). `result` is the variable that
 *  takes the value, where the expression is the first value of one. */
export function eventsOf(expression: Expression, scope: Scope, result?: string): readonly Event[] {
  const walk: Walk = { scope, events: [] };
  value(walk, expression, result);
  copy(walk, result, expression);
  return walk.events;
}

/** The events of the head of a loop that a macro makes: `call` is the macro with its arguments. */
export function eventsOfLoopMacro(
  macro: string,
  { arguments: given, span }: Extract<Expression, { kind: 'call' }>,
  scope: Scope,
): readonly Event[] {
  const walk: Walk = { scope, events: [] };
  const [cursor] = given;
  const variable = cursor?.kind === 'identifier' ? cursor.name : undefined;
  namedCall(walk, macro, given, span, variable);
  return walk.events.filter((event) => event.kind !== 'call');
}

interface Walk {
  readonly scope: Scope;
  readonly events: Event[];
}

/** Evaluates an expression for its value. */
function value(walk: Walk, expression: Expression, result?: string): void {
  switch (expression.kind) {
    case 'identifier':
    case 'field':
    case 'index':
      address(walk, expression);
      read(walk, expression);
      return;
    case 'call':
      call(walk, expression, result);
      return;
    case 'unary':
      unary(walk, expression);
      return;
    case 'update':
      address(walk, expression.operand);
      access(walk, expression.operand, 'read-write');
      return;
    case 'assign':
      assign(walk, expression);
      return;
    case 'binary':
      value(walk, expression.left);
      value(walk, expression.right);
      return;
    case 'conditional':
      value(walk, expression.condition, result);
      if (expression.consequence !== undefined) value(walk, expression.consequence, result);
      value(walk, expression.alternative, result);
      return;
    case 'cast':
      value(walk, expression.operand, result);
      return;
    case 'comma':
      for (const part of expression.parts) value(walk, part);
      return;
    case 'initializer':
      for (const { value: item } of expression.items) value(walk, item);
      return;
    case 'statement-expression':
      for (const statement of expression.body)
        if (statement.kind === 'expression') value(walk, statement.expression);
      return;
    case 'generic': // which one it is the types tell: any may be read
      for (const association of expression.associations) value(walk, association.value, result);
      return;
    case 'number':
    case 'string':
    case 'sizeof':
    case 'offsetof':
    case 'type':
    case 'evaluated':
    case 'unknown':
      return;
  }
}

/** Computes where a place is, without touching the place itself. */
function address(walk: Walk, place: Expression): void {
  switch (place.kind) {
    case 'identifier':
    case 'evaluated':
      return;
    case 'field':
      if (place.arrow) value(walk, place.base);
      else address(walk, place.base);
      return;
    case 'index': {
      const type = typeOf(place.base, walk.scope);
      if (type !== undefined && type.arrays === 0 && type.pointers > 0) value(walk, place.base);
      else address(walk, place.base);
      value(walk, place.index);
      return;
    }
    case 'unary':
      if (place.operator === '*') value(walk, place.operand);
      else value(walk, place);
      return;
    case 'cast':
      address(walk, place.operand);
      return;
    case 'call':
      if (isSame(place)) addressOfSame(walk, place.arguments);
      else value(walk, place);
      return;
    default:
      value(walk, place);
  }
}

/** The first argument of `per_cpu(x, cpu)` is the place, the others are values. */
function addressOfSame(walk: Walk, [place, ...others]: readonly Expression[]): void {
  if (place !== undefined) address(walk, place);
  for (const argument of others) passed(walk, argument);
}

function unary(walk: Walk, expression: Extract<Expression, { kind: 'unary' }>): void {
  switch (expression.operator) {
    case '&':
      address(walk, expression.operand);
      return;
    case '*':
      value(walk, expression.operand);
      read(walk, expression);
      return;
    default:
      value(walk, expression.operand);
  }
}

function assign(walk: Walk, { target, value: given, operator }: Assignment): void {
  const variable = target.kind === 'identifier' ? target.name : undefined;
  value(walk, given, variable);
  address(walk, target);
  access(walk, target, operator === '=' ? 'write' : 'read-write');
  if (operator === '=') copy(walk, variable, given);
}

type Assignment = Extract<Expression, { kind: 'assign' }>;

/** Notes that a local pointer is made from another one. */
function copy(walk: Walk, to: string | undefined, given: Expression): void {
  const from = rootOf(given, walk.scope);
  if (to !== undefined && from !== undefined && to !== from)
    walk.events.push({ kind: 'copy', to, from });
}

/** A plain read of a place, unless an array stands there, which is worth its address. */
function read(walk: Walk, place: Expression): void {
  if ((typeOf(place, walk.scope)?.arrays ?? 0) > 0) return;
  access(walk, place, 'read');
}

function access(walk: Walk, place: Expression, effect: Access['effect']): void {
  const field = locationOf(place, walk.scope);
  // What a bare pointer leads to is told by its type; where a copy goes to may be a caller's own.
  const isCopied = effect === 'read' && place.kind === 'unary' && place.operator === '*';
  if (field === undefined && !isCopied) return;
  const { span } = place;
  const root = rootOf(place, walk.scope);
  const outer = outerStructOf(place, walk.scope);
  const push = (each: Field, around: string | undefined) =>
    walk.events.push({
      kind: 'access',
      field: each,
      effect,
      marking: 'plain',
      span,
      ...(around !== undefined && { outer: around }),
      ...rooted(root),
      ...(isOfVariable(place) && { isDirect: true as const }),
    });
  if (field !== undefined) push(field, outer);
  for (const member of membersOf(place, walk.scope)) push(member, outer ?? field?.struct);
}

/** Of a struct that is copied as a whole so many members are accesses of their own. */
const MOST_MEMBERS = 8;

/** The members of a place that is a struct. */
function membersOf(place: Expression, scope: Scope): readonly Field[] {
  const type = typeOf(place, scope);
  if (type === undefined || type.pointers > 0 || type.arrays > 0) return [];
  const struct = structOf(type, scope);
  if (struct === undefined) return [];
  return scope.types
    .members(struct)
    .slice(0, MOST_MEMBERS)
    .map((name) => ({ struct, name }));
}

function rooted(root: string | undefined): { root?: string } {
  return root === undefined ? {} : { root };
}

function call(
  walk: Walk,
  { callee, arguments: given, span }: Extract<Expression, { kind: 'call' }>,
  result?: string,
): void {
  if (callee.kind === 'identifier') {
    namedCall(walk, callee.name, given, span, result);
    return;
  }
  value(walk, callee);
  for (const argument of given) passed(walk, argument);
  const name = calledMember(callee, walk.scope);
  walk.events.push(
    name === undefined ? { kind: 'indirect-call', span } : { kind: 'call', name, span },
  );
}

function namedCall(
  walk: Walk,
  name: string,
  given: readonly Expression[],
  span: Span,
  result?: string,
): void {
  const row = primitive(name);
  if (row !== undefined) {
    usePrimitive(walk, row, given, span, result);
    return;
  }
  const own = accessors.get(name);
  if (own !== undefined) {
    touch(walk, own, given, name);
    const marking = markedAccessors.has(name) ? 'marked' : 'plain';
    for (const one of own) pushOwn(walk, one, given, span, marking);
    pushCopied(walk, name, given, span);
    return;
  }
  const designator = designators.get(name);
  for (const argument of given) passed(walk, argument, designator?.kind === 'same');
  pushCopied(walk, name, given, span);
  if (walk.scope.locals.has(name)) walk.events.push({ kind: 'indirect-call', span });
  else if (designator === undefined && isFunctionLike(name))
    walk.events.push({ kind: 'call', name, span });
}

/** The members of a struct that a function copies from where a pointer leads. */
function pushCopied(walk: Walk, name: string, given: readonly Expression[], span: Span): void {
  const source = given[copied.get(name) ?? given.length];
  if (source === undefined) return;
  const isAddress = source.kind === 'unary' && source.operator === '&';
  if (isAddress && locationOf(source.operand, walk.scope) === undefined) return;
  const place: Expression = isAddress
    ? source.operand
    : { kind: 'unary', operator: '*', operand: source, span: source.span };
  const root = rootOf(place, walk.scope);
  const outer = outerStructOf(place, walk.scope);
  for (const field of membersOf(place, walk.scope))
    walk.events.push({
      kind: 'access',
      field,
      effect: 'read',
      marking: 'plain',
      span,
      ...(outer !== undefined && { outer }),
      ...rooted(root),
    });
}

/** Macros in capitals (`WARN_ON`) are evaluated for their arguments; what they do is no call. */
function isFunctionLike(name: string): boolean {
  return /[a-z]/.test(name);
}

/** An argument that is a bare name says nothing about an access unless the name is a known object: it
 *  can be a function, a member or a type. */
function passed(walk: Walk, argument: Expression, isPlace = false): void {
  const isBareName = argument.kind === 'identifier' && !isPlace;
  if (isBareName && !isDeclaredGlobal(argument.name, walk.scope)) return;
  value(walk, argument);
}

/** Operations on lists and trees: some of their arguments are types and members, and no values. */
const WITH_MEMBER_ARGUMENTS = /list|hash_|rb_|^swap$/;

function usePrimitive(
  walk: Walk,
  row: Primitive,
  given: readonly Expression[],
  span: Span,
  result: string | undefined,
): void {
  const touched = [...(row.access === undefined ? [] : [row.access]), ...(row.also ?? [])];
  touch(walk, touched, given, row.name);
  for (const one of row.also ?? []) pushOwn(walk, one, given, span, 'plain');
  const own = row.access && rowAccess(walk, row, row.access, given, span);
  walk.events.push({
    kind: 'primitive',
    row,
    span,
    ...(own === undefined ? {} : { own }),
    ...(result === undefined ? {} : { result }),
  });
  if (own !== undefined && row.category !== 'lock' && row.category !== 'unlock')
    walk.events.push(own);
}

/** Evaluates the arguments of an operation: those it accesses for their address, the rest for value. */
function touch(
  walk: Walk,
  touched: readonly OwnAccess[],
  given: readonly Expression[],
  name: string,
): void {
  const skipsOthers = WITH_MEMBER_ARGUMENTS.test(name);
  given.forEach((argument, index) => {
    const own = touched.find((one) => one.argument === index);
    if (own === undefined) {
      if (!skipsOthers) passed(walk, argument);
    } else if (own.by === 'lvalue' || mayBeArray(walk, argument)) {
      address(walk, argument);
    } else {
      passed(walk, argument);
    }
  });
}

/** Whether an address may stand in a place without being read from it: nothing is known of its type. */
function mayBeArray({ scope }: Walk, place: Expression): boolean {
  return (place.kind === 'field' || place.kind === 'index') && typeOf(place, scope) === undefined;
}

function pushOwn(
  walk: Walk,
  own: OwnAccess,
  given: readonly Expression[],
  span: Span,
  marking: Access['marking'],
): void {
  const event = ownAccess(walk, own, given, span, marking);
  if (event !== undefined) walk.events.push(event);
}

function rowAccess(
  walk: Walk,
  row: Primitive,
  access: OwnAccess,
  given: readonly Expression[],
  span: Span,
): AccessEvent | undefined {
  const own = ownAccess(walk, access, given, span, markingOf(row));
  const isBlind =
    access.effect === 'read-write' && (access.givesNothing ?? givesNothing(row)) === true;
  return own === undefined || !isBlind ? own : { ...own, isBlind };
}

function ownAccess(
  { scope }: Walk,
  own: OwnAccess,
  given: readonly Expression[],
  span: Span,
  marking: Access['marking'],
): AccessEvent | undefined {
  const place = own.argument === 'current' ? undefined : given[own.argument];
  const bit = bitOf(own, given, scope);
  const field = fieldOf(own, place, bit, scope);
  if (field === undefined) return undefined;
  const root = place === undefined ? undefined : rootOf(place, scope);
  const outer = place === undefined || own.field !== undefined ? undefined : outerOf(place, scope);
  return {
    kind: 'access',
    field,
    ...(bit === undefined || field.name === bit ? {} : { bit }),
    effect: own.effect,
    marking,
    span,
    ...(outer !== undefined && { outer }),
    ...rooted(root),
  };
}

/** The struct around that of a place, or of what a pointer (`&box->part.count`) names. */
function outerOf(place: Expression, scope: Scope): string | undefined {
  const isAddress = place.kind === 'unary' && place.operator === '&';
  return outerStructOf(isAddress ? place.operand : place, scope);
}

/** The bit that is named; one that a variable numbers can be any. */
function bitOf(
  own: OwnAccess,
  given: readonly Expression[],
  { locals }: Scope,
): string | undefined {
  if (own.bit === undefined || typeof own.bit === 'string') return own.bit;
  const argument = given[own.bit];
  if (argument?.kind !== 'identifier' || locals.has(argument.name)) return undefined;
  return argument.name;
}

/** A thread flag is a location of its own, whatever the wrapper; other bits belong to their word. */
function fieldOf(
  own: OwnAccess,
  place: Expression | undefined,
  bit: string | undefined,
  scope: Scope,
): Field | undefined {
  if (bit?.startsWith('TIF_') === true) return { name: bit };
  if (own.field !== undefined) return taskField(own.field);
  if (place === undefined) return undefined;
  return own.by === 'lvalue' ? markedLocationOf(place, scope) : targetOf(place, scope);
}

/** `thread_info.flags` names its struct; a bare field is one of the task. */
function taskField(path: string): Field {
  const [first = '', second] = path.split('.');
  return second === undefined
    ? { struct: 'task_struct', name: first }
    : { struct: first, name: second };
}

/** How the access of a primitive is marked. */
function markingOf(row: Primitive): Access['marking'] {
  switch (row.category) {
    case 'release':
    case 'rcu-publish':
      return 'release';
    case 'acquire':
      return 'acquire';
    case 'atomic':
    case 'lock':
    case 'unlock':
    case 'thread-flag':
      return 'atomic';
    case 'wake':
      return 'marked';
    case 'bitop':
      return row.operation === undefined && row.orders.length === 0 ? 'plain' : 'atomic';
    case 'marked-access':
      return row.operation?.kind === 'load' && row.operation.order === 'plain' ? 'plain' : 'marked';
    default:
      return 'marked';
  }
}
