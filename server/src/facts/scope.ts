/** The names of one function: their types, and the places that its local pointers stand for. */

import { type Designator, designators } from '../kernel/accessors.ts';
import { isOfSleeper } from '../kernel/sleepers.ts';
import type {
  Declarator,
  Expression,
  FunctionDefinition,
  Statement,
  TypeName,
} from '../syntax/ast.ts';
import { givenAway } from '../syntax/given-away.ts';
import { everyExpression, everyStatement, expressionsOf, innerStatements } from '../syntax/walk.ts';
import { type TypeIndex, withoutKeyword } from './type-index.ts';

/** What is known inside one function. */
export interface Scope {
  /** Parameters and variables of the function; a variable that is `static` is a place that is shared. */
  readonly locals: ReadonlyMap<string, TypeName>;
  readonly statics: ReadonlySet<string>;
  /** Variables with which the function waits: others find them, and store there what it waits for. */
  readonly waiters: ReadonlySet<string>;
  readonly parameters: ReadonlySet<string>;
  /** Pointers that only ever point to one place: `flags` after `long *flags = &task->flags`. */
  readonly aliases: ReadonlyMap<string, Expression>;
  readonly types: TypeIndex;
}

/** The scope of `definition`, with the types that are known around it. */
export function scopeOf(definition: FunctionDefinition, types: TypeIndex): Scope {
  const declared = [...declaratorsIn(definition.body), ...definedByMacros(definition.body)];
  const locals = new Map<string, TypeName>();
  for (const { name, type } of definition.parameters) locals.set(name, type);
  for (const { name, type } of declared) locals.set(name, type);
  const statics = new Set(declared.filter(({ isStatic }) => isStatic).map(({ name }) => name));
  const parameters = new Set(definition.parameters.map(({ name }) => name));
  const aliases = new Map<string, Expression>();
  const scope = { locals, statics, parameters, waiters: new Set<string>(), aliases, types };
  for (const { name, type, initial } of declared)
    if (/^(?:__auto_type|typeof|__typeof__)/.test(type.base)) {
      const found = initial === undefined ? typeNamedBy(type, scope) : typeOf(initial, scope);
      if (found !== undefined) locals.set(name, found);
    }
  const waiters = waitersOf(declared, definition.body, scope);
  return { ...scope, waiters, aliases: aliasesOf(declared, definition.body) };
}

/** The structs of the function by which others can find the task that waits, and whose address it gives away. */
function waitersOf(
  declared: readonly Declarator[],
  body: readonly Statement[],
  scope: Scope,
): ReadonlySet<string> {
  const waiters = declared.filter(
    ({ type, isStatic }) =>
      type.pointers === 0 && type.arrays === 0 && isStatic !== true && isWaiter(type, scope),
  );
  if (waiters.length === 0) return new Set();
  const given = givenAway(body);
  return new Set(waiters.flatMap(({ name }) => (given.has(name) ? name : [])));
}

/** Whether a member of a struct is a task, or what one sleeps on. */
function isWaiter(type: TypeName, scope: Scope): boolean {
  const struct = structOf(type, scope);
  if (struct === undefined) return false;
  return scope.types.members(struct).some((name) => {
    const member = scope.types.field(struct, name);
    return member !== undefined && isOfSleeper(withoutKeyword(member.base), member.pointers);
  });
}

/** Every declarator of a body, those of nested blocks included. */
export function declaratorsIn(statements: readonly Statement[]): readonly Declarator[] {
  const found: Declarator[] = [];
  for (const statement of statements) collect(statement, found);
  return found;
}

/** What macros define that only ever stand for a variable of the function, by their names (include/linux/list.h, wait.h, completion.h). */
const DEFINED_HERE: ReadonlyMap<string, string> = new Map([
  ['LIST_HEAD', 'struct list_head'],
  ['HLIST_HEAD', 'struct hlist_head'],
  ['LLIST_HEAD', 'struct llist_head'],
  ['DECLARE_WAITQUEUE', 'struct wait_queue_entry'],
  ['DEFINE_WAIT', 'struct wait_queue_entry'],
  ['DEFINE_WAIT_FUNC', 'struct wait_queue_entry'],
  ['DECLARE_COMPLETION_ONSTACK', 'struct completion'],
  ['DECLARE_WAIT_QUEUE_HEAD_ONSTACK', 'struct wait_queue_head'],
]);

/** The variables that macros define in a body: `LIST_HEAD(done);`. */
function definedByMacros(body: readonly Statement[]): readonly Declarator[] {
  return everyStatement(body).flatMap((statement): readonly Declarator[] => {
    if (statement.kind !== 'expression' || statement.expression.kind !== 'call') return [];
    const { callee, arguments: given } = statement.expression;
    const base = callee.kind === 'identifier' ? DEFINED_HERE.get(callee.name) : undefined;
    const [first] = given;
    if (base === undefined || first?.kind !== 'identifier') return [];
    const { name, span } = first;
    const type = { base, pointers: 0, arrays: 0 };
    return [{ name, nameSpan: span, type, isStatic: false, span: statement.span }];
  });
}

function collect(statement: Statement, found: Declarator[]): void {
  if (statement.kind === 'declaration')
    for (const declarator of statement.declarators) found.push(declarator);
  for (const part of expressionsOf(statement).flatMap(everyExpression))
    if (part.kind === 'statement-expression') for (const inner of part.body) collect(inner, found);
  for (const inner of innerStatements(statement)) collect(inner, found);
}

/** Pointers that are given the address of a place where they are declared, or once and nothing else. One that is initialised and
 *  assigned again later keeps the first meaning: kernel code does that rarely, and then usually with a place of the same kind. */
function aliasesOf(
  declared: readonly Declarator[],
  body: readonly Statement[],
): ReadonlyMap<string, Expression> {
  const aliases = new Map<string, Expression>();
  const pointers = declared.filter(({ type }) => type.pointers > 0);
  const later = new Set(pointers.flatMap(({ name, initial }) => (initial ? [] : [name])));
  for (const { name, initial } of pointers) {
    const place = addressedBy(initial);
    if (place !== undefined) aliases.set(name, place);
  }
  if (later.size === 0) return aliases;
  const given = new Map<string, Expression | undefined>();
  for (const { target, value } of assignmentsIn(body))
    if (target.kind === 'identifier' && later.has(target.name))
      given.set(target.name, given.has(target.name) ? undefined : addressedBy(value));
  for (const [name, place] of given) if (place !== undefined) aliases.set(name, place);
  return aliases;
}

function addressedBy(value: Expression | undefined): Expression | undefined {
  return value?.kind === 'unary' && value.operator === '&' ? value.operand : undefined;
}

function assignmentsIn(
  body: readonly Statement[],
): readonly Extract<Expression, { kind: 'assign' }>[] {
  return everyStatement(body)
    .flatMap(expressionsOf)
    .flatMap(everyExpression)
    .filter((each) => each.kind === 'assign')
    .filter(({ operator }) => operator === '=');
}

/** The type of an expression, or undefined where it cannot be told. */
export function typeOf(expression: Expression, scope: Scope): TypeName | undefined {
  switch (expression.kind) {
    case 'identifier':
      return typeOfName(expression.name, scope);
    case 'field': {
      const struct = structOf(typeOf(expression.base, scope), scope);
      const type = struct === undefined ? undefined : scope.types.field(struct, expression.name);
      return type === undefined ? undefined : typeNamedBy(type, scope);
    }
    case 'index':
      return dereferenced(typeOf(expression.base, scope));
    case 'unary':
      if (expression.operator === '*') return dereferenced(typeOf(expression.operand, scope));
      return expression.operator === '&' ? addressed(typeOf(expression.operand, scope)) : undefined;
    case 'call':
      return typeOfCall(expression, scope);
    case 'cast':
    case 'type':
      return expression.type;
    case 'assign':
      return typeOf(expression.target, scope);
    case 'update':
      return typeOf(expression.operand, scope);
    case 'conditional':
      return typeOf(expression.consequence ?? expression.condition, scope);
    case 'binary':
      return /^[+-]$/.test(expression.operator) ? typeOf(expression.left, scope) : undefined;
    case 'comma': {
      const last = expression.parts.at(-1);
      return last === undefined ? undefined : typeOf(last, scope);
    }
    case 'statement-expression': {
      const last = expression.body.at(-1);
      return last?.kind === 'expression' ? typeOf(last.expression, scope) : undefined;
    }
    case 'evaluated':
      return typeOf(expression.expression, scope);
    case 'initializer':
      return expression.type;
    case 'number':
    case 'string':
    case 'sizeof':
    case 'offsetof':
    case 'generic':
    case 'unknown':
      return undefined;
  }
}

/** The struct that a type is or points to, without its keyword; undefined for other types. */
export function structOf(type: TypeName | undefined, scope: Scope): string | undefined {
  for (let at = type, steps = 0; at !== undefined && steps < 8; steps++) {
    const named = /^(?:struct|union)\s/.test(at.base);
    if (named) return withoutKeyword(at.base);
    const behind: TypeName | undefined = scope.types.typedef(at.base);
    const isUnnamed = behind !== undefined && /^(?:struct|union)?$/.test(behind.base);
    if (behind === undefined || isUnnamed || behind.base === at.base)
      return scope.types.hasStruct(at.base) ? at.base : undefined;
    at = behind;
  }
  return undefined;
}

const TASK: TypeName = { base: 'struct task_struct', pointers: 1, arrays: 0 };

function typeOfName(name: string, scope: Scope): TypeName | undefined {
  if (name === 'current' && !scope.locals.has(name)) return TASK;
  const type = scope.locals.get(name) ?? scope.types.global(name);
  return type === undefined ? undefined : typeNamedBy(type, scope);
}

const TYPEOF = /^(?:__)?typeof(?:_unqual)?(?:__)?\s*\(\s*(?:(\*)\s*)?(\w+)\s*\)$/;

/** `typeof(*pos)` is what it names. */
function typeNamedBy(type: TypeName, scope: Pick<Scope, 'locals' | 'types'>): TypeName | undefined {
  const match = TYPEOF.exec(type.base);
  if (match === null) return type;
  const named = scope.locals.get(match[2]!) ?? scope.types.global(match[2]!);
  if (named === undefined || named === type) return undefined;
  const pointers = named.pointers + type.pointers - (match[1] === '*' ? 1 : 0);
  return { base: named.base, pointers: Math.max(0, pointers), arrays: type.arrays };
}

function dereferenced(type: TypeName | undefined): TypeName | undefined {
  if (type === undefined) return undefined;
  if (type.arrays > 0) return { ...type, arrays: type.arrays - 1 };
  return { ...type, pointers: Math.max(0, type.pointers - 1) };
}

function addressed(type: TypeName | undefined): TypeName | undefined {
  return type === undefined ? undefined : { ...type, pointers: type.pointers + 1 };
}

function typeOfCall(
  call: Extract<Expression, { kind: 'call' }>,
  scope: Scope,
): TypeName | undefined {
  if (call.callee.kind !== 'identifier') return undefined;
  const { name } = call.callee;
  const designator = designators.get(name);
  return designator === undefined
    ? scope.types.returns(name)
    : typeOfDesignator(designator, call.arguments, scope);
}

function typeOfDesignator(
  designator: Designator,
  given: readonly Expression[],
  scope: Scope,
): TypeName | undefined {
  const [first] = given;
  switch (designator.kind) {
    case 'container': {
      const type = given[designator.type];
      return type === undefined ? undefined : addressed(typeArgument(type, scope));
    }
    case 'sibling':
    case 'same':
      return first === undefined ? undefined : typeOf(first, scope);
  }
}

/** A type where an argument stands: `struct klp_func`, `typeof(*pos)`, or a typedef's bare name. */
function typeArgument(argument: Expression, scope: Scope): TypeName | undefined {
  if (argument.kind === 'type') return typeNamedBy(argument.type, scope);
  if (argument.kind === 'identifier') return { base: argument.name, pointers: 0, arrays: 0 };
  return undefined;
}
