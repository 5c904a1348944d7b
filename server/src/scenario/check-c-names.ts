/** Whether the C of a scenario names what there is: objects, functions, constants, types and members; and whether calls end. */

import { declaratorsIn, type Scope, scopeOf, structOf, typeOf } from '../facts/scope.ts';
import { withoutKeyword } from '../facts/type-index.ts';
import { wrongArity } from '../kernel/arity.ts';
import { primitive } from '../kernel/primitives.ts';
import { locationTypes } from '../kernel/signature.ts';
import { actorVariables } from '../lowering/actor-variables.ts';
import { isBuiltIn } from '../lowering/built-in.ts';
import { integerOfWords } from '../lowering/ctype.ts';
import { counterType, isCounterMember, kernelType } from '../lowering/kernel-types.ts';
import { charactersIn, noNumber } from '../lowering/literal.ts';
import type {
  Declarator,
  Expression,
  FunctionDefinition,
  Statement,
  StructDefinition,
  TypeName,
} from '../syntax/ast.ts';
import { everyExpression, everyStatement, expressionsOf, partsOf } from '../syntax/walk.ts';
import { afterBlanks, C_COMMENTS } from '../text/blanks.ts';
import { nearestName } from '../text/similar-name.ts';
import type { Span } from '../text/span.ts';
import type { InUnion, KnownNames } from './known-names.ts';
import { shapeOfType } from './type-shape.ts';
import { signatureCalled } from './wrong-function.ts';
import { wrongLocation } from './wrong-primitive.ts';
import { noValue, type UsedNames, type WrongUse, wrongStatement, wrongUse } from './wrong-use.ts';
import { literalIn, wrongValue } from './wrong-value.ts';

/** A name that is wrong, said in one sentence. */
export interface WrongName {
  readonly message: string;
  readonly span: Span;
}

/** Where a function uses a name. */
export function placesOf({ body }: FunctionDefinition, name: string): readonly Span[] {
  return expressionsIn(body)
    .filter((expression) => nameIn(expression).includes(name))
    .map(({ span }) => span);
}

function nameIn(expression: Expression): readonly string[] {
  return expression.kind === 'identifier' ? [expression.name] : [];
}

function expressionsIn(body: FunctionDefinition['body']): readonly Expression[] {
  return everyStatement(body).flatMap(expressionsOf).flatMap(everyExpression);
}

/** What is known of the function that is looked into: where it is a macro's body, which names may be declared where it is used;
 *  else what it returns, if that matters. */
interface Around {
  readonly isLocal?: (name: string) => boolean;
  readonly returns?: TypeName;
}

/** The wrong names in a function of the scenario's; `variables` need no declaration in it. */
export function wrongNamesInFunction(
  definition: FunctionDefinition,
  variables: ReadonlySet<string>,
  names: KnownNames,
  { isLocal, returns }: Around = {},
): readonly WrongName[] {
  const scope = scopeOf(definition, names.types);
  const own = everyStatement(definition.body).flatMap(typeNamesOf);
  const checking: Checking = {
    names,
    scope,
    variables: new Set([...variables, ...own]),
    ...(isLocal && { isLocal }),
    declaredOften: repeated(declaratorsIn(definition.body).map(({ name }) => name)),
  };
  const twice = actorVariables(definition).twice.map(({ name, span }) => ({
    message: `${name} is declared twice, or behind its first use`,
    span,
  }));
  const wrongs = everyStatement(definition.body).flatMap((statement) => {
    if (statement.kind === 'declaration')
      return statement.declarators.flatMap((declarator) =>
        wrongInDeclaration(declarator, checking),
      );
    const uncalled = uncalledIn(statement, checking);
    if (uncalled.length > 0) return uncalled;
    const isForMacro = isLocal !== undefined || statement.kind === 'macro-loop';
    const told = expressionsOf(statement).flatMap((part) => wrongNames(part, checking, isForMacro));
    return told.length > 0 || isForMacro
      ? told
      : saidOf(wrongStatement(statement, returns, usedNames(checking)));
  });
  return [...twice, ...wrongs];
}

/** A statement that is but the name of a function. */
function uncalledIn(
  statement: Statement,
  { names, variables, scope }: Checking,
): readonly WrongName[] {
  if (statement.kind !== 'expression' || statement.expression.kind !== 'identifier') return [];
  const { name, span } = statement.expression;
  const isOther = variables.has(name) || scope.locals.has(name) || names.has('macro', name);
  return isOther || !names.has('function', name)
    ? []
    : [wrong(`${name} is not called`, `${name}()`, span)];
}

/** Calls of functions that are whole statements of `text` without a ";": the parser takes them for calls of macros, which may
 *  bring their own, or make a loop of what follows. */
export function callsWithoutEnd(
  { body }: FunctionDefinition,
  text: string,
  names: KnownNames,
): readonly WrongName[] {
  const isFunction = (name: string) => names.has('function', name) && !names.has('macro', name);
  return everyStatement(body)
    .flatMap((statement) => unendedCall(statement, text) ?? [])
    .filter(({ name }) => isFunction(name))
    .map(({ name, span }) => ({ message: `there is no ";" behind ${name}()`, span }));
}

/** What a statement calls, where no ";" ends it. */
function unendedCall(
  statement: Statement,
  text: string,
): { readonly name: string; readonly span: Span } | undefined {
  if (statement.kind === 'macro-loop') return { name: statement.macro, span: statement.macroSpan };
  if (statement.kind !== 'expression' || statement.expression.kind !== 'call') return undefined;
  const { callee, span } = statement.expression;
  const isEnded = text[afterBlanks(text, span.end, C_COMMENTS)] === ';';
  return isEnded || callee.kind !== 'identifier' ? undefined : { name: callee.name, span };
}

/** The types and constants that a declaration of a block defines. */
function typeNamesOf(statement: Statement): readonly string[] {
  const {
    structs = [],
    typedefs = [],
    enumerators = [],
  } = (statement.kind === 'declaration' && statement.types) || {};
  return [...structs, ...typedefs, ...enumerators].map(({ name }) => name);
}

/** The wrong names in the declaration of an object. */
export function wrongNamesInObject(
  declarator: Declarator,
  names: KnownNames,
): readonly WrongName[] {
  return wrongInDeclaration(declarator, { names, scope: scopeAround(names), variables: new Set() });
}

/** The scope outside of all functions. */
export function scopeAround({ types }: KnownNames): Scope {
  return {
    locals: new Map(),
    parameters: new Set(),
    statics: new Set(),
    waiters: new Set(),
    aliases: new Map(),
    types,
  };
}

interface Checking {
  readonly names: KnownNames;
  readonly scope: Scope;
  readonly variables: ReadonlySet<string>;
  readonly isLocal?: (name: string) => boolean;
  /** Names that are declared in several blocks of a function. */
  readonly declaredOften?: ReadonlySet<string>;
}

function repeated(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.filter((name, at) => names.indexOf(name) < at));
}

function wrongInDeclaration(
  { type, initial, span }: Declarator,
  checking: Checking,
): readonly WrongName[] {
  const own = wrongType(type, span, checking);
  return initial === undefined ? own : [...own, ...wrongInitial(initial, type, checking)];
}

/** What is wrong with a type: with what it ends in, or with the lengths of its arrays. */
function wrongType(type: TypeName, span: Span, checking: Checking): readonly WrongName[] {
  const lengths = (type.derived ?? []).flatMap((step) =>
    step.kind === 'array' && step.length !== undefined ? wrongLength(step.length, checking) : [],
  );
  return [...wrongBase(type, span, checking), ...lengths];
}

function wrongLength(length: Expression, checking: Checking): readonly WrongName[] {
  const told = wrongNames(length, checking, false);
  return told.length === 0 && (literalIn(length)?.value ?? 0) < 0
    ? [{ message: 'an array has no negative length', span: length.span }]
    : told;
}

/** What is wrong with the members of a struct: a type (those that are defined in place are structs of their own), or two of one name. */
export function wrongMembers(
  { fields, members }: StructDefinition,
  names: KnownNames,
): readonly WrongName[] {
  const checking: Checking = { names, scope: scopeAround(names), variables: new Set() };
  const isSplit = members.some(({ kind }) => kind === 'alternatives');
  return [
    ...fields.flatMap(({ type, span }) =>
      type.base.includes('.') ? [] : wrongType(type, span, checking),
    ),
    ...(isSplit ? [] : namedTwice(fields, 'member')),
  ];
}

/** Of members or parameters, those that have the name of one before. */
function namedTwice(
  items: readonly { readonly name: string; readonly span: Span }[],
  of: string,
): readonly WrongName[] {
  const twice = repeated(items.map(({ name }) => name).filter((name) => name !== ''));
  return [...twice].map((name) => {
    const { span } = items.findLast((each) => each.name === name)!;
    return { message: `there are two ${of}s ${name}`, span };
  });
}

/** A struct that nobody defines and the tree does not speak of, or a type that is nearly another. */
function wrongBase(
  { base }: TypeName,
  span: Span,
  { names, variables }: Checking,
): readonly WrongName[] {
  if (variables.has(base)) return [];
  const isTag = /^(?:struct|union) \w+$/.test(base);
  const name = withoutKeyword(base);
  const several = ambiguous(base, span, names);
  if (several.length > 0) return several;
  if (/^enum \w+$/.test(base)) return wrongEnumeration(base, span, names);
  const isOther = (tag: string) => names.has('tag', tag) || names.has('enumeration', tag);
  const other = [otherTag(base), `enum ${name}`].find(isOther);
  if (isTag && other !== undefined && !names.has('tag', base))
    return [wrong(`there is no ${base}`, other, span)];
  if (names.types.typedef(base) === undefined && names.types.hasStruct(base) && !isTag)
    return [wrong(`there is no type ${base}`, `struct ${base}`, span)];
  if (isCyclic(base, names))
    return [{ message: `the typedef ${base} leads back to itself: no type is behind it`, span }];
  const isPlain = !isTag && !/^\w+$/.test(base); // words of integers, `typeof`
  if (isPlain || isBuiltInType(base) || names.has('type', name) || isOfKernel(name, names))
    return [];
  const near = names.near(base, [isTag ? 'struct' : 'type']);
  return [wrong(`there is no ${isTag ? '' : 'type '}${base}`, near, span)];
}

/** The same tag of the other kind. */
function otherTag(base: string): string {
  return base.replace(/^\w+/, (keyword) => (keyword === 'struct' ? 'union' : 'struct'));
}

/** An `enum` whose tag nobody has. */
function wrongEnumeration(base: string, span: Span, names: KnownNames): readonly WrongName[] {
  const name = withoutKeyword(base);
  const near = [`struct ${name}`, `union ${name}`].find((tag) => names.has('tag', tag));
  if (names.has('enumeration', base) || (names.isInTree(name) && near === undefined)) return [];
  return [wrong(`there is no ${base}`, near ?? names.near(base, ['enumeration']), span)];
}

/** Whether a typedef is, by way of others, one of itself. */
function isCyclic(name: string, { types }: KnownNames): boolean {
  const seen = new Set<string>();
  for (let at: string | undefined = name; at !== undefined; at = types.typedef(at)?.base) {
    if (seen.has(at)) return true;
    seen.add(at);
  }
  return false;
}

/** The wrong types of what a function takes and returns, and parameters of one name. */
export function wrongTypesOf(
  { parameters, returns, nameSpan }: FunctionDefinition,
  names: KnownNames,
): readonly WrongName[] {
  const checking: Checking = { names, scope: scopeAround(names), variables: new Set() };
  return [
    ...[returns, ...parameters.map(({ type }) => type)].flatMap((type) =>
      wrongType(type, nameSpan, checking),
    ),
    ...namedTwice(parameters, 'parameter'),
  ];
}

/** What C and gcc have without a declaration. */
function isBuiltInType(base: string): boolean {
  return (
    integerOfWords([base]) !== undefined || /^(?:void|auto|__auto_type|va_list|__\w+)$/.test(base)
  );
}

/** What is wrong with a name that several files have for themselves. */
export function ambiguous(name: string, span: Span, names: KnownNames): readonly WrongName[] {
  const [first, second] = names.differing(name);
  if (first === undefined || second === undefined) return [];
  return [{ message: `${name} is one thing in ${first}, another in ${second}`, span }];
}

/** A wrong name with the one that was meant, where one is near. */
export function wrong(message: string, near: string | undefined, span: Span): WrongName {
  return { message: near === undefined ? message : `${message}; ${near}?`, span };
}

/** A first value of an object of that type, where it is sure: braces member by member. */
function wrongInitial(
  initial: Expression,
  type: TypeName | undefined,
  checking: Checking,
  bits?: number,
): readonly WrongName[] {
  if (initial.kind !== 'initializer') {
    const names = usedNames(checking);
    const told = [...wrongNames(initial, checking, false), ...saidOf(noValue(initial, names))];
    const misfit =
      told.length > 0
        ? undefined
        : (tooLong(initial, type, checking.names) ??
          (type && wrongValue(initial, type, names, bits)));
    return misfit === undefined ? told : [{ message: misfit, span: initial.span }];
  }
  const given = new Set<string>();
  const inUnions = new Map<InUnion['union'], readonly [at: number, designator: string]>();
  const excess = excessOf(initial, type, checking.names) ?? beyondMembers(initial, type, checking);
  return initial.items.flatMap(({ designator = '', value }) => {
    if (value === excess?.value) return [{ message: excess.message, span: value.span }];
    const again = given.has(designator)
      ? [{ message: `${designator} is given two first values`, span: value.span }]
      : [];
    if (designator !== '') given.add(designator);
    const beside = besideInUnion(designator, type, inUnions, checking);
    if (beside !== undefined) {
      const message = `${designator} and ${beside} lie in one union, which has one first value`;
      return [{ message, span: value.span }];
    }
    const followed = followSteps(designator, type, value.span, checking);
    const isSure = followed.isSure || value.kind === 'initializer';
    const along = designator === '' ? elementOf(type) : followed.type;
    // Without braces of its own the value is that of some element further inside.
    const isInside =
      value.kind !== 'initializer' &&
      value.kind !== 'string' &&
      ((along?.arrays ?? 0) > 0 || (designator === '' && isStruct(along, checking)));
    if (isInside && designator !== '' && literalIn(value) !== undefined) {
      const message = `${designator} is an array: its first values stand in braces`;
      return [...again, ...followed.wrong, { message, span: value.span }];
    }
    const inner = isSure && !isInside ? along : undefined;
    return [...again, ...followed.wrong, ...wrongInitial(value, inner, checking, followed.bits)];
  });
}

/** The member of the same union that has been given a first value already; notes this one. */
function besideInUnion(
  designator: string,
  type: TypeName | undefined,
  known: Map<InUnion['union'], readonly [at: number, designator: string]>,
  { names, scope }: Checking,
): string | undefined {
  const member = /^\.\s*(\w+)/.exec(designator)?.[1];
  const struct = type?.pointers === 0 && type.arrays === 0 ? structOf(type, scope) : undefined;
  if (member === undefined || struct === undefined) return undefined;
  for (const { union, at } of names.unionsAround(struct, member)) {
    const before = known.get(union);
    if (before !== undefined && before[0] !== at) return before[1];
    known.set(union, [at, designator]);
  }
  return undefined;
}

/** A string for which an array has no room; without its end it may just fill it (C11 6.7.9p14). */
function tooLong(
  initial: Expression,
  type: TypeName | undefined,
  names: KnownNames,
): string | undefined {
  const room = type?.arrays === 1 ? lengthOf(type, names) : undefined;
  if (initial.kind !== 'string' || room === undefined) return undefined;
  const length = charactersIn(initial.text);
  return length > room
    ? `${initial.text} has ${length} characters, and the array ${room}`
    : undefined;
}

function isStruct(type: TypeName | undefined, { scope }: Checking): boolean {
  const shape = shapeOfType(type, scope);
  return shape?.depth === 0 && shape.of.kind === 'struct';
}

/** The first value for what an array does not have, where its length is written as a number. */
function excessOf(
  { items }: Expression & { readonly kind: 'initializer' },
  type: TypeName | undefined,
  names: KnownNames,
): { readonly value: Expression; readonly message: string } | undefined {
  const length = lengthOf(type, names);
  if (length === undefined || length === 0 || type === undefined) return undefined;
  // Without inner braces the values of an array of arrays or structs follow each other.
  const areWhole = items.every(({ value }) => value.kind === 'initializer') || isOfNumbers(type);
  let next = 0;
  for (const { designator = '', value } of items) {
    const index = /^\[(\d+)\]/.exec(designator)?.[1];
    if (designator !== '' && index === undefined) return undefined;
    const at = index === undefined ? next : Number(index);
    next = at + 1;
    if (at >= length && (index !== undefined || areWhole))
      return { value, message: `a first value for [${at}] of an array of ${length}` };
  }
  return undefined;
}

/** The length of an array, where it is written as a number or as the name of one. */
function lengthOf(type: TypeName | undefined, names: KnownNames): number | undefined {
  const outermost = type?.derived?.[0];
  const written = outermost?.kind === 'array' ? outermost.length : undefined;
  return written?.kind === 'identifier'
    ? names.number(written.name)
    : written && literalIn(written)?.value;
}

/** The first value for which a struct has no member, where each has one of its own. */
function beyondMembers(
  { items }: Expression & { readonly kind: 'initializer' },
  type: TypeName | undefined,
  { names, scope }: Checking,
): { readonly value: Expression; readonly message: string } | undefined {
  const shape = shapeOfType(type, scope);
  if (shape?.depth !== 0 || shape.of.kind !== 'struct') return undefined;
  const { name, tag } = shape.of;
  const members = names.types.members(tag);
  const isPlain = members.every((member) => {
    const own = shapeOfType(names.types.field(tag, member), scope);
    return (
      own !== undefined &&
      (own.depth === 0 ? own.of.kind === 'number' : names.types.field(tag, member)?.arrays === 0)
    );
  });
  const first = items[members.length];
  const isWhole = items.every(({ designator }) => designator === undefined);
  return isPlain && isWhole && first !== undefined && members.length > 0
    ? { value: first.value, message: `${name} has no member number ${members.length + 1}` }
    : undefined;
}

function isOfNumbers({ base, arrays, pointers }: TypeName): boolean {
  const integer = integerOfWords(base.split(' ')) ?? kernelType(base);
  return arrays === 1 && (pointers > 0 || integer?.kind === 'integer');
}

function elementOf(type: TypeName | undefined): TypeName | undefined {
  if (type === undefined || type.arrays === 0) return undefined;
  const { derived, ...rest } = type;
  const inner = derived === undefined ? {} : { derived: derived.slice(1) };
  return { ...rest, ...inner, arrays: type.arrays - 1 };
}

/** What checks of types know of names: those of a macro's parameters, and of what is only assigned, they do not. */
function usedNames({ names, scope, variables, declaredOften, isLocal }: Checking): UsedNames {
  const isDeclared = (name: string) => scope.locals.has(name) || isLocal?.(name) === true;
  const isSure = (name: string) =>
    declaredOften?.has(name) !== true &&
    isLocal?.(name) !== true &&
    (scope.locals.has(name) || !variables.has(name) || names.has('object', name));
  const isCalled = (name: string) =>
    !isDeclared(name) &&
    !names.has('macro', name) &&
    (names.has('defined', name) || primitive(name)?.operation !== undefined);
  return {
    scope,
    isSure,
    isCalled,
    bits: names.bits,
    isWide: names.isWide,
    returns: (name) => (isCalled(name) ? names.returns(name) : undefined),
    signature: (name) => {
      const takes = isCalled(name) ? names.parametersOf(name) : undefined;
      const returns = takes && names.returns(name);
      return takes && returns && { takes: takes.map(({ type }) => type), returns };
    },
    fixed: (name) => (isDeclared(name) ? undefined : names.fixed(name)),
  };
}

function saidOf(found: WrongUse | undefined): readonly WrongName[] {
  return found === undefined ? [] : [wrong(found.message, found.meant, found.span)];
}

/** Follows `.member` and `[index]` from a type; where there is no such member, as if it were the nearest. It is sure
 *  where each member is declared once. */
export function followSteps(
  steps: string,
  from: TypeName | undefined,
  span: Span,
  { names, scope }: Pick<Checking, 'names' | 'scope'>,
): Followed {
  const found: WrongName[] = [];
  let type = from;
  let isSure = true;
  let bits: number | undefined;
  for (const step of steps.match(/\.\s*\w+|\[[^\]]*\]?/g) ?? []) {
    const isIndex = step.startsWith('[');
    if (isMisplaced(isIndex, type, names)) {
      const message = isIndex
        ? `what stands before ${step} is no array`
        : `an array has no ${step}`;
      return { wrong: [...found, { message, span }], type: undefined, isSure: false };
    }
    if (isIndex) {
      type = type && { ...type, arrays: type.arrays - 1 };
      continue;
    }
    const why = type && whyNoMember(type, names);
    if (why !== undefined) {
      const message = `what stands before ${step} is ${why}`;
      return { wrong: [...found, { message, span }], type: undefined, isSure: false };
    }
    const name = step.replace(/\W/g, '');
    const struct = structMeant(type, scope, names);
    if (struct === undefined && names.has('constant', name))
      return { wrong: found, type: undefined, isSure: false };
    const ofCounter = type && wrongCounterMember(type, name, span, names);
    if (ofCounter !== undefined)
      return { wrong: [...found, ofCounter], type: undefined, isSure: false };
    const inPlace = struct === undefined ? type?.definition : undefined;
    const member = inPlace
      ? wrongMemberInPlace(name, inPlace, span)
      : wrongMember(name, struct, span, names);
    found.push(...member.wrong);
    type =
      struct === undefined
        ? inPlace?.fields.find((field) => field.name === member.meant)?.type
        : names.types.field(struct, member.meant);
    bits = struct === undefined ? undefined : names.bits(struct, member.meant);
    const members =
      struct === undefined
        ? (inPlace?.fields ?? []).map((field) => field.name)
        : names.types.members(struct);
    isSure &&= members.filter((each) => each === member.meant).length === 1;
  }
  return { wrong: found, type, isSure, ...(bits !== undefined && { bits }) };
}

/** What steps lead to. */
interface Followed {
  readonly wrong: readonly WrongName[];
  readonly type: TypeName | undefined;
  readonly isSure: boolean;
  /** Of a bit-field. */
  readonly bits?: number;
}

/** What a type is that is surely no struct. */
function whyNoMember({ base, pointers }: TypeName, { types }: KnownNames): string | undefined {
  if (pointers > 0) return 'a pointer, which is not followed here';
  const isNumber = integerOfWords(base.split(' ')) !== undefined;
  return isNumber && types.typedef(base) === undefined ? 'no struct' : undefined;
}

/** The struct that a type is or points to; where there is none of that name, the nearest one. */
function structMeant(
  type: TypeName | undefined,
  scope: Scope,
  names: KnownNames,
): string | undefined {
  const struct = structOf(type, scope);
  if (struct === undefined || names.types.hasStruct(struct) || isOfKernel(struct, names))
    return struct;
  const near = names.near(`struct ${struct}`, ['struct']);
  return near === undefined ? struct : withoutKeyword(near);
}

/** Whether a type that no file of the scenario defines is one of the kernel's all the same. */
function isOfKernel(struct: string, names: KnownNames): boolean {
  const isInteger = kernelType(struct) !== undefined || counterType(struct) !== undefined;
  return isInteger || KERNEL_TYPES.has(struct) || names.isInTree(struct);
}

const KERNEL_TYPES: ReadonlySet<string> = new Set([
  ...['task_struct', 'mutex', 'rw_semaphore', 'semaphore', 'completion', 'spinlock', 'rcu_head'],
  ...['srcu_struct', 'list_head', 'hlist_head', 'hlist_node', 'llist_head', 'llist_node', 'kref'],
  ...['wait_queue_head', 'wait_queue_entry', 'work_struct', 'timer_list', 'percpu_rw_semaphore'],
  ...['spinlock_t', 'raw_spinlock_t', 'rwlock_t', 'local_lock_t', 'wait_queue_head_t'],
  ...['wait_queue_entry_t', 'cpumask_t', 'nodemask_t', 'kuid_t', 'kgid_t', 'pgprot_t'],
]);

/** Whether an index stands behind what is no array, or a member behind what is one, as far as types tell. */
function isMisplaced(isIndex: boolean, type: TypeName | undefined, { types }: KnownNames): boolean {
  if (type === undefined || type.base === '' || isIndex === type.arrays > 0) return false;
  return !isIndex || (types.typedef(type.base) === undefined && !/_t$/.test(type.base));
}

/** A member that a counter does not have, where no file of the scenario says what it has. */
function wrongCounterMember(
  { base }: TypeName,
  member: string,
  span: Span,
  { types }: KnownNames,
): WrongName | undefined {
  const isOther = counterType(base) === undefined || types.typedef(base) !== undefined;
  if (isOther || isCounterMember(member)) return undefined;
  return wrong(`no member ${member} of ${base}`, base === 'refcount_t' ? 'refs' : 'counter', span);
}

/** What is wrong with a member of a struct, and the one that is meant. Of a struct that nobody defines it is
 *  only known whether anybody else names the member, or one that is nearly it. */
function wrongMember(
  name: string,
  struct: string | undefined,
  span: Span,
  names: KnownNames,
): { readonly wrong: readonly WrongName[]; readonly meant: string } {
  const right = { wrong: [], meant: name };
  if (struct === undefined || !names.types.hasStruct(struct)) {
    const near = names.nearMember(name);
    if (near === undefined) return right;
    return { wrong: [wrong(`nothing else has a member ${name}`, near, span)], meant: near };
  }
  if (names.types.field(struct, name) !== undefined || names.isInStruct(struct, name)) return right;
  const near = names.near(name, ['member'], { struct });
  const message = `no member ${name} of struct ${struct}`;
  return { wrong: [wrong(message, near, span)], meant: near ?? name };
}

/** The type of an expression, also of a member of a struct without a name. */
function typeThrough(expression: Expression, scope: Scope): TypeName | undefined {
  const type = typeOf(expression, scope);
  if (type !== undefined || expression.kind !== 'field') return type;
  const fields = typeThrough(expression.base, scope)?.definition?.fields;
  return fields?.find(({ name }) => name === expression.name)?.type;
}

/** The same of a struct that is defined where it is used, and has no name. */
function wrongMemberInPlace(
  name: string,
  { fields, isUnion }: StructDefinition,
  span: Span,
): ReturnType<typeof wrongMember> {
  const own = fields.map((field) => field.name);
  const near = own.includes(name) ? undefined : nearestName(name, own);
  if (near === undefined) return { wrong: [], meant: name };
  const message = `no member ${name} of this ${isUnion ? 'union' : 'struct'}`;
  return { wrong: [wrong(message, near, span)], meant: near };
}

/** The wrong names in an expression. What a macro is given may also be members and types. */
function wrongNames(
  expression: Expression,
  checking: Checking,
  isForMacro: boolean,
): readonly WrongName[] {
  const { names, scope } = checking;
  switch (expression.kind) {
    case 'identifier':
      return wrongIdentifier(expression.name, expression.span, checking, isForMacro);
    case 'call':
      return wrongInCall(expression, checking, isForMacro);
    case 'field': {
      const type = typeThrough(expression.base, scope);
      const struct = structMeant(type, scope, names);
      const ofCounter =
        type && wrongCounterMember(type, expression.name, expression.nameSpan, names);
      if (ofCounter !== undefined) return [ofCounter];
      return orWrongUse(
        [
          ...wrongNames(expression.base, checking, isForMacro),
          ...(struct === undefined && type?.definition !== undefined
            ? wrongMemberInPlace(expression.name, type.definition, expression.nameSpan)
            : wrongMember(expression.name, struct, expression.nameSpan, names)
          ).wrong,
        ],
        expression,
        checking,
      );
    }
    case 'cast': {
      const { type, operand, span } = expression;
      const told =
        operand.kind === 'initializer'
          ? wrongInitial(operand, type, checking)
          : wrongNames(operand, checking, isForMacro);
      return orWrongUse([...wrongType(type, span, checking), ...told], expression, checking);
    }
    case 'type':
      return wrongType(expression.type, expression.span, checking);
    case 'sizeof': // what stands there may be the name of a type
      return wrongNames(expression.operand, checking, true);
    case 'offsetof':
      return [
        ...wrongType(expression.type, expression.span, checking),
        ...followSteps(`.${expression.member}`, expression.type, expression.span, checking).wrong,
      ];
    case 'initializer':
      return wrongInitial(expression, expression.type, checking);
    case 'number': {
      const why = noNumber(expression.text);
      return why === undefined ? [] : [{ message: why, span: expression.span }];
    }
    default:
      return orWrongUse(
        partsOf(expression).flatMap((part) => wrongNames(part, checking, isForMacro)),
        expression,
        checking,
      );
  }
}

/** What is told of the parts of an expression, or else what is wrong with what it does to them. */
function orWrongUse(
  told: readonly WrongName[],
  expression: Expression,
  checking: Checking,
): readonly WrongName[] {
  return told.length > 0 ? told : saidOf(wrongUse(expression, usedNames(checking)));
}

function isKnown(name: string, { names, isLocal }: Checking, isForMacro: boolean): boolean {
  return (
    isLocal?.(name) === true ||
    names.has('object', name) ||
    names.has('constant', name) ||
    names.has('function', name) ||
    /^(?:current|__func__)$/.test(name) ||
    (isForMacro && (names.has('type', name) || names.has('member', name) || names.isInTree(name)))
  );
}

function wrongIdentifier(
  name: string,
  span: Span,
  checking: Checking,
  isForMacro: boolean,
): readonly WrongName[] {
  const { names, scope, variables } = checking;
  if (variables.has(name) || scope.locals.has(name)) return [];
  const isMacro = names.argumentsOf(name) !== undefined && !names.has('object', name);
  if (isMacro && !isForMacro && checking.isLocal?.(name) !== true)
    return [wrong(`the macro ${name} is given no arguments`, `${name}()`, span)];
  const row = names.isOwn(name) || names.has('object', name) ? undefined : primitive(name);
  const isCalled = row?.operation !== undefined || row?.rwLock !== undefined || isBuiltIn(name);
  if (isCalled && !isForMacro && checking.isLocal?.(name) !== true && !names.isOwn(name))
    return [wrong(`${name} is not called`, `${name}()`, span)];
  if (isKnown(name, checking, isForMacro)) return ambiguous(name, span, names);
  const others = [...variables, ...scope.locals.keys()];
  const kinds = [
    'object',
    'constant',
    'function',
    ...(isForMacro ? ['member' as const] : []),
  ] as const;
  const near = names.near(name, kinds, { others });
  return [wrong(`nothing is called ${name}`, near, span)];
}

type Call = Expression & { readonly kind: 'call' };

function wrongInCall(
  { callee, arguments: given }: Call,
  checking: Checking,
  isForMacro: boolean,
): readonly WrongName[] {
  const { names, scope, variables } = checking;
  const name = callee.kind === 'identifier' ? callee.name : undefined;
  const isMacro = isForMacro || (name !== undefined && takesNames(name, names));
  const inside: WrongName[] = given.flatMap((each) => wrongNames(each, checking, isMacro));
  if (name === undefined || scope.locals.has(name)) {
    const told = [...wrongNames(callee, checking, isForMacro), ...inside];
    const signature = told.length > 0 ? undefined : signatureCalled(callee, usedNames(checking));
    return signature === undefined
      ? told
      : wrongArguments(nameOfCalled(callee), given, signature.takes, callee.span, checking);
  }
  const isThere =
    names.has('function', name) ||
    names.has('type', name) ||
    variables.has(name) ||
    checking.isLocal?.(name) === true ||
    names.isInTree(name);
  if (variables.has(name)) return inside;
  const taken = names.parametersOf(name)?.map(({ type }) => type);
  if (taken !== undefined)
    inside.push(...wrongArguments(name, given, taken, callee.span, checking));
  const ofPrimitive = names.takenByPrimitive(name);
  if (ofPrimitive !== undefined && ofPrimitive !== given.length)
    inside.push(wrongCount(name, ofPrimitive, given.length, callee.span));
  const ofMacro = ofPrimitive === undefined ? names.argumentsOf(name) : undefined;
  if (inside.length === 0) inside.push(...wrongGivenTo(name, given, checking));
  const isOdd = ofMacro !== undefined && ofMacro !== Math.max(given.length, Math.min(ofMacro, 1));
  if (isOdd) inside.push(wrongCount(name, ofMacro, given.length, callee.span));
  if (isThere) return [...ambiguous(name, callee.span, names), ...inside];
  const near = names.near(name, ['function']);
  const message = `${name}() is defined nowhere`;
  return [wrong(message, near && `${near}()`, callee.span), ...inside];
}

/** Arguments that are too many or too few or do not fit, and objects where their addresses are meant. */
function wrongArguments(
  name: string,
  given: readonly Expression[],
  taken: readonly TypeName[],
  span: Span,
  checking: Checking,
): readonly WrongName[] {
  const { types } = checking.names;
  if (given.length !== taken.length) return [wrongCount(name, taken.length, given.length, span)];
  return given.flatMap((each, at) => {
    const type = each.kind === 'identifier' ? types.global(each.name) : undefined;
    const isWhole =
      type !== undefined &&
      /^(?:struct|union) /.test(type.base) &&
      type.pointers + type.arrays === 0;
    if (isWhole && taken[at]!.pointers > 0 && each.kind === 'identifier')
      return [
        wrong(`${name}() takes a pointer, and ${each.name} is none`, `&${each.name}`, each.span),
      ];
    const misfit = wrongValue(each, taken[at]!, usedNames(checking));
    return misfit === undefined ? [] : [{ message: misfit, span: each.span }];
  });
}

/** The last name of what is called through a pointer. */
function nameOfCalled(callee: Expression): string {
  return callee.kind === 'field' || callee.kind === 'identifier' ? callee.name : '';
}

/** What a function or a primitive is given that has no value, or is none of its locations. */
function wrongGivenTo(
  name: string,
  given: readonly Expression[],
  checking: Checking,
): readonly WrongName[] {
  const names = usedNames(checking);
  const row = checking.names.isOwn(name) ? undefined : primitive(name);
  if (!names.isCalled(name))
    return row === undefined || locationTypes(name) === undefined
      ? []
      : saidOf(wrongLocation(row, given, names));
  const idle = given.flatMap((each) => saidOf(noValue(each, names)));
  return idle.length > 0 || row === undefined ? idle : saidOf(wrongLocation(row, given, names));
}

function wrongCount(name: string, taken: number, given: number, span: Span): WrongName {
  return { message: wrongArity(name, taken, given), span };
}

/** Whether a macro is called, which may be given types and members. */
function takesNames(name: string, names: KnownNames): boolean {
  return names.has('macro', name) || /(?:_entry|_of|_or_null|for_each)/.test(name);
}
