/** What an open request leaves out before it is lowered: statements that can touch nothing of what is asked. */

import type { Expression as CExpression, Statement as CStatement } from '../syntax/ast.ts';
import { everyExpression, everyStatement, expressionsOf, partsOf } from '../syntax/walk.ts';
import { declareLocal, type Lowering, lookUp, type Scope } from './context.ts';
import type { State } from './machine.ts';
import { openValue } from './open-world.ts';
import { typeOfPlace } from './place-type.ts';
import { declaredAs } from './type-of.ts';

/** What a statement does that others can see, as far as its text tells. */
interface Gist {
  /** Every name in it. */
  readonly names: ReadonlySet<string>;
  /** The variables that it may assign. */
  readonly assigned: ReadonlySet<string>;
  /** Whether control may leave it elsewhere than at its end, or come into it. */
  readonly jumps: boolean;
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
  const { names, assigned, jumps } = gistOf(statement);
  if (jumps || isOfLocals(statement) || [...names].some(open.matters)) return false;
  if (statement.kind === 'declaration')
    for (const { name, type, initial } of statement.declarators)
      declareLocal(lowering, scope, name, declaredAs(lowering, type, initial, scope));
  for (const name of [...assigned, ...declaredIn(statement)])
    forget(lowering, name, statement, state, scope);
  return true;
}

/** Whether a statement only computes with variables of the function: what it assigns stays known. */
function isOfLocals(statement: CStatement): boolean {
  if (statement.kind !== 'expression' && statement.kind !== 'declaration') return false;
  return expressionsOf(statement).flatMap(everyExpression).every(isOfLocal);
}

function isOfLocal({ kind }: CExpression): boolean {
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
  { span }: CStatement,
  state: State,
  scope: Scope,
): void {
  const binding = lookUp(scope, name);
  const variable = binding?.kind === 'local' ? binding.variable : name;
  const type = typeOfPlace(lowering, variable, scope);
  for (const held of [...state.variables.keys()])
    if (held.startsWith(`${variable}.`) || held.startsWith(`${variable}[`))
      state.variables.delete(held);
  state.variables.set(variable, openValue(lowering, type, `${variable}_${span.start}`));
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
  const inner = everyStatement([statement]);
  for (const expression of inner.flatMap(expressionsOf).flatMap(everyExpression)) {
    if (expression.kind === 'identifier' || expression.kind === 'field') names.add(expression.name);
    const target = targetOf(expression);
    if (target !== undefined) assigned.add(target);
  }
  for (const one of inner)
    if (one.kind === 'macro-loop') {
      names.add(one.macro);
      for (const argument of one.arguments) {
        const variable = rootOf(argument);
        if (variable !== undefined) assigned.add(variable);
      }
    }
  const gist = { names, assigned, jumps: inner.some((one) => leaves(one, statement)) };
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
    case 'asm':
    case 'unknown':
      return true;
    case 'break':
    case 'continue':
      return !/^(?:while|do|for|macro-loop|switch)$/.test(outer.kind);
    default:
      return false;
  }
}
