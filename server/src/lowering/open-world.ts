/**
 * Open requests: functions of a tree without a state that somebody wrote for them. Objects are made by their
 * type when a pointer to one is first followed, one for each type; values that nothing in the functions
 * decides are free; only the fields that the question is about are shared, all else is each thread's own.
 */

import { isOfSleeper } from '../kernel/sleepers.ts';
import { rootOf } from '../program/address.ts';
import { type Candidates, only } from '../program/candidates.ts';
import { keyOf } from '../program/evaluate.ts';
import { canonical, type Integer, type IntegerType, wrap } from '../program/integer.ts';
import { rangeOf } from '../program/open-values.ts';
import type { Expression, LocationName, OpenValue, Statement, Traced } from '../program/program.ts';
import { registersOf } from '../program/walk.ts';
import { givenAway } from '../syntax/given-away.ts';
import type { Place } from '../text/span.ts';
import { declareLocal, isLocal, type Lowering, type Scope, scopeOfFile } from './context.ts';
import { type CStruct, type CType, INT, sameCType } from './ctype.ts';
import { layoutOf } from './layout.ts';
import type { State } from './machine.ts';
import { bitNumber } from './observed.ts';
import { typeOfPlace } from './place-type.ts';
import { resolveType } from './resolve-type.ts';
import { numberOf } from './storage.ts';
import {
  addressOf,
  candidatesOf,
  computed,
  integer,
  type Known,
  substitute,
  undefinedValue,
  type Value,
} from './value.ts';

/** An integer, or the address of a function or an object. */
export type StartValue = Integer | PointerValue;

interface PointerValue {
  readonly of: LocationName;
  /** Of the pointer. */
  readonly type: CType;
}

/** How a field starts that does not start with 0: a pointer with an object, with `at` where that is of its type; all else with
 *  a bit that is named, set or not, among others of its word, or an integer, wrapped to its type. */
export type FieldStart =
  | { readonly kind: 'object'; readonly at?: PointerValue }
  | {
      readonly kind: 'bit';
      readonly bit: string;
      readonly isSet: boolean;
      /** The mask of those that are set besides. */
      readonly others: Integer;
    }
  | { readonly kind: 'integer'; readonly value: Integer };

/** A variable, or a member of the object of another struct. */
export interface ObjectHome {
  readonly name: string;
  readonly of?: string;
}

/** A function that the code stores in a member, and the file that defines it. */
export interface StoredFunction {
  readonly function: string;
  readonly file: string;
}

/** What code that uses a name can do to what is asked, by itself or by what it leads to; members have a point before them. */
export interface Matters {
  /** It accesses one of the fields. */
  readonly accesses: (name: string) => boolean;
  /** It takes or gives back something that is held around accesses elsewhere, or waits for others. */
  readonly holds: (name: string) => boolean;
  /** It is itself what orders accesses. */
  readonly isOrder: (name: string) => boolean;
  /** It orders accesses: those before it with those behind it, and so is nothing where one of the two is missing. */
  readonly orders: (name: string) => boolean;
  /** A call of the function of that name may come back without having ordered anything, and is not what is asked about. */
  readonly mayPass: (name: string) => boolean;
}

/** What an open request is about. */
export interface OpenWorld {
  /** The fields that the threads share: `struct.member`, or the name of a global. */
  readonly fields: ReadonlySet<string>;
  /** How a field starts; with 0 where nothing is said. Lists start empty. What is lowered rests on what is asked here alone:
   *  where that is the same, so is all else. */
  readonly startOf: (field: string, isPointer: boolean) => FieldStart | undefined;
  /** Where the objects of a struct stand that has no others. */
  readonly homes: ReadonlyMap<string, ObjectHome>;
  readonly matters: Matters;
  /** The functions to which calls through members lead, by `struct.member`. */
  readonly stored: ReadonlyMap<string, StoredFunction>;
  /** Whether `smp_mb__before_atomic()` and its like stand beside an atomic operation, be it one that does not matter. */
  readonly isBesideAtomic: boolean;
}

/** Begins the names of the registers that hold free values. */
const FREE = 'free_';

/** The same of those that come of an operation on others. */
const RESULT = `${FREE}result`;

const NOWHERE = { start: 0, end: 0 };

/** What a register may hold that is free: any integer of a type, or a pointer to one of some objects or to none. */
export type Free = IntegerType | FreePointer;

interface FreePointer {
  readonly objects: readonly LocationName[];
  /** Whether it leads to one of them. */
  readonly isSome?: true;
}

/** A value of a type of which nothing is known, the same for the same `key`: a free integer, a pointer to the
 *  object of its type or to none. One of a type that is not known stays undefined until it is taken for one of a
 *  type. */
export function openValue(lowering: Lowering, type: CType, key: string): Value {
  switch (type.kind) {
    case 'pointer': {
      const name = FREE + wordOf(key);
      lowering.free.set(name, { objects: objectsFor(lowering, type.to, key) });
      return computed({ kind: 'register', name, span: NOWHERE }, type);
    }
    case 'struct':
    case 'array':
    case 'function':
      return { ...addressOf(objectOf(lowering, type, key), type), type };
    case 'integer': {
      const name = FREE + wordOf(key);
      lowering.free.set(name, type.type);
      return computed({ kind: 'register', name, span: NOWHERE }, type);
    }
    case 'void':
    case 'unknown':
      return undefinedValue(key, undefined, type);
  }
}

/** An object that was made. */
export interface Made {
  readonly type: CType;
  /** Where the pointer is through which it was found. */
  readonly pointer?: LocationName;
}

/** Where a free value comes of what was read. */
export interface Unfollowed {
  readonly place: Place;
  /** Whether it is the outcome of a comparison: what is decided by it has a control dependency at most. */
  readonly isTruth: boolean;
  /** The registers that hold what was read. */
  readonly of: readonly string[];
}

/** What comes of values in a way that is not followed, and depends on them no longer. */
export function openResult(
  lowering: Lowering,
  type: CType,
  key: string,
  from: readonly Value[],
  place: Place,
  isTruth = false,
): Value {
  if (from.some((value) => isRead(lowering, value)))
    lowering.unfollowed.set(FREE + wordOf(key), { place, isTruth, of: readBy(lowering, from) });
  return openValue(lowering, type, key);
}

/** Whether a value rests on something that was read, be it in a way that is not followed. */
export function isRead({ unfollowed, choices }: Lowering, value: Value): boolean {
  const seen = new Set<string>();
  const isReadIn = (name: string): boolean => {
    if (isFree(name)) return unfollowed.has(name);
    if (seen.has(name)) return false;
    seen.add(name);
    const choice = choices.get(name);
    if (choice === undefined) return true;
    const { condition, yes, no } = choice;
    return [condition, ...[yes, no].flatMap(expressionOf)].some(restsOnRead);
  };
  const restsOnRead = (expression: Expression) => registersOf(expression).some(isReadIn);
  return expressionOf(value).some(restsOnRead);
}

function expressionOf(value: Value): readonly Expression[] {
  return value.kind === 'computed' ? [value.expression] : [];
}

/** The registers that hold what values rest on, be it in a way that is not followed. */
export function readBy({ unfollowed }: Lowering, values: readonly Value[]): readonly string[] {
  const registers = values.flatMap((value) =>
    value.kind === 'computed' ? registersOf(value.expression) : [],
  );
  return [...new Set(registers.flatMap((name) => unfollowed.get(name)?.of ?? name))];
}

export const NO_DEPENDENCY = 'what comes of a value that was read, without its dependency';
export const NO_CONTROL =
  'what is decided by a value that was read, without its control dependency';

/** In an open request an index or a number of a bit that nothing decides is 0: one element of an array stands for all, one bit
 *  of a word. Of `slot` and `slot + 8` these are
 *  0 and 8; what else is computed from such values stays open. */
export function firstOfAll(lowering: Lowering, value: Value, state: State): Value {
  if (lowering.request.open === undefined || value.kind !== 'computed') return value;
  if (candidatesOf(value, state.registers) !== 'any') return value;
  return registersOf(value.expression).reduce((within: Value, name) => {
    const sum = lowering.sums.get(name);
    if (sum !== undefined) return substitute(within, name, firstOfAll(lowering, sum, state));
    const free = lowering.free.get(name);
    const isOwn = free !== undefined && !('objects' in free) && !name.startsWith(RESULT);
    return isOwn ? substitute(within, name, integer(0)) : within;
  }, value);
}

/** The same, where a pointer leads to an object. */
export function openObject(lowering: Lowering, type: CType, key: string): Value {
  return type.kind === 'pointer'
    ? addressOf(objectOf(lowering, type.to, key), type.to)
    : openValue(lowering, type, key);
}

/** Declares a variable of a function: in an open request one with which the function waits, and with fields that are asked about,
 *  is the object of its type, to which the other thread comes. */
export function declareVariable(
  lowering: Lowering,
  scope: Scope,
  name: string,
  type: CType,
): string {
  if (type.kind !== 'struct' || !isAsked(lowering, type) || !isWaiter(lowering, type, name, scope))
    return declareLocal(lowering, scope, name, type);
  const object = objectOf(lowering, type, name);
  scope.names.set(name, { kind: 'local', variable: object });
  return object;
}

function isAsked({ request: { open } }: Lowering, type: CStruct): boolean {
  const struct = nameOfStruct(type);
  return [...(open?.fields ?? [])].some((field) => field.startsWith(`${struct}.`));
}

/** Whether others can find a variable of a struct, and the task that waits with it. */
function isWaiter(lowering: Lowering, type: CStruct, name: string, scope: Scope): boolean {
  const { frame } = scope;
  const body = lowering.symbols.function(frame.name, frame.file)?.definition.body;
  if (body === undefined || !givenAway(body).has(name)) return false;
  const members = layoutOf(lowering, type, scopeOfFile(frame.file))?.members ?? [];
  return members.some(({ type: member }) => {
    const [to, pointers] = member.kind === 'pointer' ? [member.to, 1] : [member, 0];
    return to.kind === 'struct' && isOfSleeper(nameOfStruct(to), pointers);
  });
}

/** What says of a name what it is of: the object of "the parameter arg, which is not given" is "the_arg". */
const UNNAMED_OF_IT = /^(?:struct|union|the parameter) |, which is not given$/g;

/** The object of a type: one for each struct, for other types one for each pointer. */
function objectOf(lowering: Lowering, type: CType, key: string): LocationName {
  const home =
    type.kind === 'struct' ? lowering.request.open?.homes.get(nameOfStruct(type)) : undefined;
  if (home !== undefined) return placeOfHome(lowering, home, key);
  const name = type.kind === 'struct' ? type.name : key;
  const wanted = `the_${wordOf(name.replace(UNNAMED_OF_IT, ''))}`;
  const isTaken = lowering.symbols.object(wanted, '') !== undefined;
  const root = isTaken ? `${wanted}_object` : wanted;
  if (!lowering.made.has(root))
    lowering.made.set(root, { type, ...(type.kind !== 'struct' && { pointer: key }) });
  return root;
}

function placeOfHome(lowering: Lowering, { name, of }: ObjectHome, key: string): LocationName {
  if (of === undefined) return name;
  const scope = scopeOfFile(lowering.request.state.file);
  const type = resolveType(lowering, { base: `struct ${of}`, pointers: 0, arrays: 0 }, scope);
  return `${objectOf(lowering, type, key)}.${name}`;
}

/** Where a pointer may lead: to the object of its type; a link from one to the next, to another one too. */
function objectsFor(lowering: Lowering, type: CType, key: string): readonly LocationName[] {
  const object = objectOf(lowering, type, key);
  const outer = key.slice(0, Math.max(0, key.lastIndexOf('.')));
  if (outer === '' || type.kind !== 'struct') return [object];
  const within = typeOfPlace(lowering, outer, scopeOfFile(lowering.request.state.file));
  if (!sameCType(within, type)) return [object];
  const next = `${object}_behind`;
  if (!lowering.made.has(next)) lowering.made.set(next, { type });
  return [object, next];
}

function wordOf(text: string): string {
  return text.replace(/\W+/g, '_');
}

/** The value where it is needed: in an open request one that is not known is free. `wanted` is the type that
 *  it is taken for where it has none. */
export function opened(lowering: Lowering, value: Value, wanted: CType = INT): Value {
  if (lowering.request.open === undefined) return value;
  if (value.kind !== 'undefined' && value.kind !== 'partial') return value;
  const { type } = value;
  const { reason } = value.kind === 'partial' ? value.because : value;
  const isKnown = type.kind !== 'unknown' && type.kind !== 'void';
  return openValue(lowering, isKnown ? type : wanted, reason);
}

/** The field of an open request that a location is, or is inside of; undefined for all others. `box.*data` is what the
 *  member `data` points to. */
export function sharedField(lowering: Lowering, location: LocationName): string | undefined {
  const { open, state } = lowering.request;
  if (open === undefined) return undefined;
  const root = rootOf(location);
  if (isLocal(root)) return undefined;
  const pointed = pointedField(lowering, root);
  if (pointed !== undefined && open.fields.has(pointed)) return pointed;
  if (open.fields.has(root)) return root;
  const last = location.slice(location.lastIndexOf('.') + 1);
  if (open.fields.has(last)) return last;
  const scope = scopeOfFile(state.file);
  let at = root;
  for (const step of location.slice(root.length).match(/\.[^.[]+|\[\d+\]/g) ?? []) {
    const field = step.startsWith('.') ? memberField(lowering, at, step, scope) : undefined;
    if (field !== undefined && open.fields.has(field)) return field;
    at += step;
  }
  return undefined;
}

function pointedField(lowering: Lowering, root: LocationName): string | undefined {
  const pointer = lowering.made.get(root)?.pointer;
  const [, outer, name] = /^(.+)\.(\w+)$/.exec(pointer ?? '') ?? [];
  if (outer === undefined || name === undefined) return undefined;
  return memberField(lowering, outer, `.*${name}`, scopeOfFile(lowering.request.state.file));
}

function memberField(
  lowering: Lowering,
  place: LocationName,
  step: string,
  scope: Scope,
): string | undefined {
  const type = typeOfPlace(lowering, place, scope);
  return type.kind === 'struct' ? `${nameOfStruct(type)}${step}` : undefined;
}

export function nameOfStruct({ name }: Extract<CType, { readonly kind: 'struct' }>): string {
  return name.replace(/^(?:struct|union) /, '');
}

/** Whether a location is shared by the threads: in an open request only the fields in question are. */
export function isShared(lowering: Lowering, location: LocationName): boolean {
  return lowering.request.open === undefined || sharedField(lowering, location) !== undefined;
}

/** Whether a value may be the address of what is asked about: whoever has it accesses that without a name of it. */
export function leadsToShared(lowering: Lowering, value: Value, state: State): boolean {
  return placesOf(value, state).some((place) => isShared(lowering, place));
}

/** Whether it may be the address of a struct with what is asked about. */
export function leadsToOuter(lowering: Lowering, value: Value, state: State): boolean {
  const scope = scopeOfFile(lowering.request.state.file);
  return placesOf(value, state).some((place) => {
    const type = typeOfPlace(lowering, place, scope);
    return type.kind === 'struct' && isAsked(lowering, type);
  });
}

function placesOf(value: Value, { registers }: State): readonly LocationName[] {
  if (value.kind !== 'known' && value.kind !== 'computed') return [];
  const values = candidatesOf(value, registers);
  if (values === 'any') return [];
  return [...values.values()].flatMap((each) => (each.kind === 'address' ? each.of : []));
}

/** What a location holds before the thread first assigns it, in an open request; undefined where the state
 *  says so. */
export function openInitial(lowering: Lowering, location: LocationName): Value | undefined {
  const { request, zeroed } = lowering;
  if (request.open === undefined || zeroed.has(rootOf(location))) return undefined;
  if (!isLocal(location) && isShared(lowering, location)) return undefined;
  const type = typeOfPlace(lowering, location, scopeOfFile(request.state.file));
  const around = linkOf(lowering, location, /\.(?:next|prev)$/);
  const [list, ...others] = around === undefined ? [] : sharedLists(lowering, request.open);
  if (list === undefined || others.length > 0) return openValue(lowering, type, location);
  lowering.report.assume('configuration', `${list} ends behind what was added to it`);
  return addressOf(list, type);
}

/** Whether a pointer leads to where a list in question begins, and a walk along it ends. */
export function isSharedList(lowering: Lowering, pointer: Value): boolean {
  const { open } = lowering.request;
  if (open === undefined || pointer.kind !== 'known' || pointer.value.kind !== 'address')
    return false;
  return sharedLists(lowering, open).includes(pointer.value.of);
}

/** The lists in question. Whoever walks one that others have added to finds it to end behind what they added: the links of
 *  an entry lead back to it (include/linux/list.h). */
function sharedLists(lowering: Lowering, { fields }: OpenWorld): readonly LocationName[] {
  const roots = [...lowering.made].map(([root, { type }]) => ({ root, type }));
  return [...fields].flatMap((field) => {
    const [struct, member] = field.split('.');
    const places =
      member === undefined
        ? [field]
        : roots.flatMap(({ root, type }) =>
            type.kind === 'struct' && nameOfStruct(type) === struct ? [`${root}.${member}`] : [],
          );
    return places.filter((place) => isListHead(lowering, place));
  });
}

/** A list of which a location is such a link. */
function linkOf(
  lowering: Lowering,
  location: LocationName,
  link: RegExp,
): LocationName | undefined {
  const list = location.replace(link, '');
  return list !== location && isListHead(lowering, list) ? list : undefined;
}

/** What a shared location holds at the start; undefined where that is not said, and its declaration counts. */
export function sharedInitial(lowering: Lowering, location: LocationName): Known | undefined {
  const { open, state } = lowering.request;
  const list = linkOf(lowering, location, /\.(?:next|prev|first)$/);
  if (list !== undefined)
    return location.endsWith('.first') ? undefined : { kind: 'address', of: list };
  const field = sharedField(lowering, location);
  if (field === undefined) return undefined;
  const type = typeOfPlace(lowering, location, scopeOfFile(state.file));
  const start = open?.startOf(field, type.kind === 'pointer');
  switch (start?.kind) {
    case undefined:
      return undefined;
    case 'object': {
      const { to } = type as Extract<CType, { readonly kind: 'pointer' }>;
      const isMeant = start.at !== undefined && sameCType(start.at.type, type);
      return { kind: 'address', of: isMeant ? start.at.of : objectOf(lowering, to, location) };
    }
    case 'bit':
      return { kind: 'integer', value: bitAt(lowering, location, start, field) };
    case 'integer':
      return {
        kind: 'integer',
        value: type.kind === 'integer' ? wrap(start.value, type.type) : 1,
      };
  }
}

/** A word with a bit set or not among others, or one of these bits alone. */
function bitAt(
  lowering: Lowering,
  location: LocationName,
  { bit, isSet, others }: FieldStart & { readonly kind: 'bit' },
  field: string,
): Integer {
  const own = location.slice(location.lastIndexOf('.') + 1);
  if (own === bit) return isSet ? 1 : 0;
  const mask = maskOf(lowering, bit) ?? 1n;
  const rest = BigInt(others) & ~mask;
  const member = field.slice(field.lastIndexOf('.') + 1);
  if (own === member) return canonical(isSet ? rest | mask : rest);
  return (rest & (maskOf(lowering, own) ?? 0n)) === 0n ? 0 : 1;
}

/** The mask of a bit by its name, where its number is known. */
function maskOf(lowering: Lowering, name: string): bigint | undefined {
  const number = numberOf(name) ?? bitNumber(lowering, name);
  return typeof number === 'number' && number < 64 ? 1n << BigInt(number) : undefined;
}

function isListHead(lowering: Lowering, location: LocationName): boolean {
  const type = typeOfPlace(lowering, location, scopeOfFile(lowering.request.state.file));
  return type.kind === 'struct' && /^struct (?:list|hlist|hlist_bl|llist)_head$/.test(type.name);
}

/** Notes, in an open request, that bits of a value that was read are tested: a field may start with them set. */
export function noteTested({ request, compared }: Lowering, mask: Value): void {
  if (request.open === undefined || mask.kind !== 'known' || mask.value.kind !== 'integer') return;
  compared.set(keyOf(mask.value), mask.value.value);
}

/** Whether a register holds a free value. */
export function isFree(register: string): boolean {
  return register.startsWith(FREE);
}

/** Lets a free value be chosen, for a statement that needs it. */
export function choiceOf(register: string, free: Free, { span, origin }: Traced): Statement {
  const value: OpenValue =
    'objects' in free
      ? { kind: 'open', alternatives: pointersTo(free), span }
      : { kind: 'open', alternatives: [], range: rangeOf(free), span };
  return { kind: 'assign', register, value, span, ...(origin && { origin }) };
}

/** What a register may hold before it is compared with anything. */
export function candidatesOfFree(free: Free): Candidates {
  return 'objects' in free ? only(...pointersTo(free)) : 'any';
}

function pointersTo({ objects, isSome }: FreePointer): readonly Known[] {
  const some = objects.map((of): Known => ({ kind: 'address', of }));
  return isSome ? some : [{ kind: 'integer', value: 0 }, ...some];
}
