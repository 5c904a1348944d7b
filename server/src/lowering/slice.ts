/** What an open request leaves out before it is lowered: statements that can touch nothing of what is asked. */

import { copied } from '../kernel/accessors.ts';
import { memberPath } from '../program/address.ts';
import type { Expression as CExpression, Statement as CStatement } from '../syntax/ast.ts';
import { emptyAsm } from '../syntax/compiler-barrier.ts';
import { everyExpression, everyStatement, expressionsOf, partsOf } from '../syntax/walk.ts';
import type { Span } from '../text/span.ts';
import { isAccessBehind, namesIn } from './accesses-behind.ts';
import { type Lowering, lookUp, type Scope, visiblePlace } from './context.ts';
import type { State } from './machine.ts';
import {
  declareVariable,
  isShared,
  leadsToOuter,
  leadsToShared,
  type OpenWorld,
  openResult,
} from './open-world.ts';
import { typeOfPlace } from './place-type.ts';
import { declaredAs } from './type-of.ts';

/** What a statement does that others can see, as far as its text tells. */
interface Gist {
  /** Every name in it, members with a point before them. */
  readonly names: ReadonlySet<string>;
  /** The variables that it may assign. */
  readonly assigned: ReadonlySet<string>;
  /** The members that it may assign through a pointer in a variable. */
  readonly stored: readonly Stored[];
  /** Whether control may leave it elsewhere than at its end, or come into it. */
  readonly jumps: boolean;
}

/** `pointer->a.b[2]`: of what it leads to `a`, then `b`, then `[2]`. */
interface Stored {
  readonly pointer: string;
  readonly steps: readonly string[];
}

const gists = new WeakMap<CStatement, Gist>();

/** Leaves a statement out where it cannot matter, what it assigns being free behind it; says whether it did. */
export function leaveOut(
  lowering: Lowering,
  statement: CStatement,
  state: State,
  scope: Scope,
): boolean {
  const { open } = lowering.request;
  if (open === undefined || scope.frame.isActor || scope.via !== undefined) return false;
  if (statement.kind === 'block' || statement.kind === 'label') return false;
  const { names, assigned, stored, jumps } = gistOf(statement);
  if (jumps || isOfLocals(statement)) return false;
  const locals = [...names].flatMap((name) => {
    const binding = lookUp(scope, name);
    return binding?.kind === 'local' ? [{ name, variable: binding.variable }] : [];
  });
  const isCopy = [...names].some((name) => copied.has(name));
  const leads = ({ variable }: { readonly variable: string }) => {
    const held = state.variables.get(variable);
    return (
      held !== undefined &&
      (leadsToShared(lowering, held, state) || (isCopy && leadsToOuter(lowering, held, state)))
    );
  };
  if (locals.some(leads)) return false;
  const own = new Set(locals.map(({ name }) => name));
  const seen = [...names].filter((name) => !own.has(name));
  const { isOrder, mayPass } = open.matters;
  if (seen.some(isOrder)) return false;
  const called = calledForNothing(statement);
  const ordering =
    called !== undefined && mayPass(called) ? seen.filter((name) => name !== called) : seen;
  if (mayMatter(lowering, open, seen, statement.span, scope, ordering)) return false;
  if (statement.kind === 'declaration')
    for (const { name, type, initial } of statement.declarators)
      declareVariable(lowering, scope, name, declaredAs(lowering, type, initial, scope));
  for (const name of [...assigned, ...declaredIn(statement)])
    forget(lowering, name, statement, state, scope);
  for (const each of stored) forgetBehind(lowering, each, statement, state, scope);
  return true;
}

/**
 * Whether what stands at `at` and uses these names can matter to what is asked: it accesses that, or it holds something around
 * accesses, or it orders and stands between two. What orders before the first access of a thread, or behind its last one, no
 * execution of the two can tell: a cycle enters and leaves a thread by an access (tools/memory-model/Documentation/explanation.txt,
 * "ORDERING AND CYCLES"). Of the names those count that may be `ordering`.
 */
export function mayMatter(
  lowering: Lowering,
  { matters }: OpenWorld,
  names: readonly string[],
  at: Span,
  scope: Scope,
  ordering = names,
): boolean {
  if (names.some((name) => matters.accesses(name) || matters.holds(name))) return true;
  const isBetween = lowering.accessed.isAny && isFollowed(lowering, at, scope);
  return isBetween && ordering.some(matters.orders);
}

/** Whether behind what stands at `at` the thread may access what an open request is about; where nothing is known of that, it may. */
export function isFollowed(
  { request, accessed }: Lowering,
  at: Span,
  { frame, via }: Scope,
): boolean {
  const { definition, isActor } = frame;
  if (request.open === undefined || isActor) return false;
  if (accessed.isPointedTo || frame.isFollowed) return true;
  if (via !== undefined || definition === undefined) return true;
  return isAccessBehind(request.open.matters, definition, at);
}

/** The function that a statement calls without doing anything with its result. */
function calledForNothing(statement: CStatement): string | undefined {
  if (statement.kind !== 'expression' || statement.expression.kind !== 'call') return undefined;
  const { callee } = statement.expression;
  return callee.kind === 'identifier' ? callee.name : undefined;
}

/** Whether a statement only computes with variables of the function: what it assigns stays known. */
function isOfLocals(statement: CStatement): boolean {
  if (statement.kind !== 'expression' && statement.kind !== 'declaration') return false;
  return expressionsOf(statement).flatMap(everyExpression).every(isOfLocal);
}

/** Whether an expression, apart from its parts, only computes with variables of the function. */
export function isOfLocal({ kind }: CExpression): boolean {
  switch (kind) {
    case 'identifier':
    case 'number':
    case 'assign':
    case 'update':
    case 'binary':
    case 'cast':
      return true;
    default:
      return false;
  }
}

function declaredIn(statement: CStatement): readonly string[] {
  return statement.kind === 'declaration' ? statement.declarators.map(({ name }) => name) : [];
}

/** Of a variable nothing is known any more, nor of what is inside of it. */
function forget(
  lowering: Lowering,
  name: string,
  statement: CStatement,
  state: State,
  scope: Scope,
): void {
  const binding = lookUp(scope, name);
  const place = binding?.kind === 'local' ? binding.variable : name;
  forgetPlace(lowering, place, statement, state, scope);
}

/** The same of a member of what a pointer leads to, where that is known. */
function forgetBehind(
  lowering: Lowering,
  { pointer, steps }: Stored,
  statement: CStatement,
  state: State,
  scope: Scope,
): void {
  const binding = lookUp(scope, pointer);
  const held = binding?.kind === 'local' ? state.variables.get(binding.variable) : undefined;
  if (held?.kind !== 'known' || held.value.kind !== 'address') return;
  const place = steps.reduce(memberPath, held.value.of);
  if (!place.includes('+') && !isShared(lowering, place))
    forgetPlace(lowering, place, statement, state, scope);
}

/** What is there comes of what the statement names, in a way that is not followed. */
function forgetPlace(
  lowering: Lowering,
  place: string,
  statement: CStatement,
  state: State,
  scope: Scope,
): void {
  for (const held of [...state.variables.keys()])
    if (held.startsWith(`${place}.`) || held.startsWith(`${place}[`)) state.variables.delete(held);
  const type = typeOfPlace(lowering, place, scope);
  const from = [...gistOf(statement).names].flatMap((name) => {
    const binding = lookUp(scope, name);
    return binding?.kind === 'local' ? (state.variables.get(binding.variable) ?? []) : [];
  });
  const { span } = statement;
  const key = `${place}_${span.start}`;
  const value = openResult(lowering, type, key, from, visiblePlace(scope, span));
  state.variables.set(place, value);
}

/** The variables that expressions assign, or whose address they take. */
export function assignedIn(expressions: readonly CExpression[]): readonly string[] {
  return expressions.flatMap(everyExpression).flatMap((each) => targetOf(each) ?? []);
}

function gistOf(statement: CStatement): Gist {
  const known = gists.get(statement);
  if (known !== undefined) return known;
  const names = new Set<string>();
  const assigned = new Set<string>();
  const stored: Stored[] = [];
  const inner = everyStatement([statement]);
  for (const name of inner.flatMap(expressionsOf).flatMap(namesIn)) names.add(name);
  for (const expression of inner.flatMap(expressionsOf).flatMap(everyExpression)) {
    const target = targetOf(expression);
    if (target !== undefined) assigned.add(target);
    const behind = storedBy(expression);
    if (behind !== undefined) stored.push(behind);
  }
  for (const one of inner)
    if (one.kind === 'macro-loop') {
      names.add(one.macro);
      for (const argument of one.arguments) {
        const variable = rootOf(argument);
        if (variable !== undefined) assigned.add(variable);
      }
    }
  const gist = { names, assigned, stored, jumps: inner.some((one) => leaves(one, statement)) };
  gists.set(statement, gist);
  return gist;
}

/** The variable that an expression assigns, or whose address it takes. */
function targetOf(expression: CExpression): string | undefined {
  if (expression.kind === 'assign') return rootOf(expression.target);
  if (expression.kind === 'update') return rootOf(expression.operand);
  return expression.kind === 'unary' && expression.operator === '&'
    ? rootOf(expression.operand)
    : undefined;
}

/** What an expression stores through a pointer. */
function storedBy(expression: CExpression): Stored | undefined {
  if (expression.kind === 'assign') return memberBehind(expression.target, []);
  return expression.kind === 'update' ? memberBehind(expression.operand, []) : undefined;
}

/** The member behind a pointer that an expression names, `inner` being what follows it. */
function memberBehind(expression: CExpression, inner: readonly string[]): Stored | undefined {
  if (expression.kind === 'index')
    return expression.index.kind === 'number'
      ? memberBehind(expression.base, [`[${expression.index.value}]`, ...inner])
      : undefined;
  if (expression.kind !== 'field') return undefined;
  const { base, arrow, name } = expression;
  const steps = [name, ...inner];
  if (!arrow) return memberBehind(base, steps);
  return base.kind === 'identifier' ? { pointer: base.name, steps } : undefined;
}

/** The variable of which an expression names a part; what a pointer leads to is none of it. */
function rootOf(expression: CExpression): string | undefined {
  if (expression.kind === 'identifier') return expression.name;
  if (expression.kind === 'field' && expression.arrow) return undefined;
  if (expression.kind === 'unary' && expression.operator === '*') return undefined;
  const [base] = partsOf(expression);
  return base === undefined || expression.kind === 'call' ? undefined : rootOf(base);
}

/** Whether a statement inside `outer` may lead out of it. */
function leaves(statement: CStatement, outer: CStatement): boolean {
  switch (statement.kind) {
    case 'return':
    case 'goto':
    case 'label':
    case 'unknown':
      return true;
    case 'asm':
      return emptyAsm(statement.text) === undefined;
    case 'break':
    case 'continue':
      return !/^(?:while|do|for|macro-loop|switch)$/.test(outer.kind);
    default:
      return false;
  }
}
