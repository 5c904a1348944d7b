/** Resolves what a name or a macro use means at a point of the program. */

import { primitive } from '../kernel/primitives.ts';
import type {
  Expression as CExpression,
  Statement as CStatement,
  MacroDefinition,
} from '../syntax/ast.ts';
import type { Span } from '../text/span.ts';
import { type Lowering, lookUp, type Scope } from './context.ts';
import { type Defined, isBuiltIn } from './symbols.ts';
import { traceOf } from './trace.ts';

/** An expression together with the scope its names belong to. */
export interface Located {
  readonly expression: CExpression;
  readonly scope: Scope;
}

/** A macro's body together with the scope in which its parameters are bound. */
export interface Expansion {
  readonly body: readonly CStatement[];
  readonly scope: Scope;
  readonly macro: Defined<MacroDefinition>;
}

/** Follows macro parameters and macros that stand for an expression to the expression meant. */
export function unfold(lowering: Lowering, expression: CExpression, scope: Scope): Located {
  let at: Located = { expression, scope };
  for (;;) {
    const next = unfoldOnce(lowering, at);
    if (next === undefined) return at;
    at = next;
  }
}

function unfoldOnce(lowering: Lowering, { expression, scope }: Located): Located | undefined {
  if (expression.kind === 'identifier') {
    const binding = lookUp(scope, expression.name);
    if (binding?.kind === 'argument') return binding;
    if (binding !== undefined) return undefined;
    if (expression.name === 'current' && lowering.current !== undefined)
      return currentTask(lowering.current, expression, scope);
  }
  const expansion = expandUse(lowering, expression, scope);
  const inner = expansion && soleExpression(expansion.body);
  return inner && { expression: inner, scope: expansion.scope };
}

/** `&task`, seen from where no local can hide the task. */
function currentTask(task: string, { span }: CExpression, { frame, via }: Scope): Located {
  const operand = { kind: 'identifier', name: task, span } as const;
  return {
    expression: { kind: 'unary', operator: '&', operand, span },
    scope: { frame, names: new Map(), expanding: [], ...(via && { via }) },
  };
}

/** The expression that a macro's body is, where it is one. */
export function soleExpression(body: readonly CStatement[]): CExpression | undefined {
  const [statement] = body;
  if (body.length !== 1 || statement === undefined) return undefined;
  if (statement.kind === 'expression') return statement.expression;
  return statement.kind === 'declaration' ? statement.declarators[0]?.initial : undefined;
}

/** The macro that an expression uses, expanded; undefined where it uses none. */
export function expandUse(
  lowering: Lowering,
  expression: CExpression,
  scope: Scope,
): Expansion | undefined {
  if (expression.kind === 'identifier')
    return expandMacro(lowering, expression.name, undefined, expression.span, scope);
  if (expression.kind !== 'call') return undefined;
  const callee = calleeName(expression.callee, scope);
  return callee === undefined
    ? undefined
    : expandMacro(lowering, callee, expression.arguments, expression.span, scope);
}

/** The name a call is made by, behind parameters of macros. */
export function calleeName(callee: CExpression, scope: Scope): string | undefined {
  if (callee.kind !== 'identifier') return undefined;
  const binding = lookUp(scope, callee.name);
  if (binding === undefined) return callee.name;
  return binding.kind === 'argument' ? calleeName(binding.expression, binding.scope) : undefined;
}

/** Expands the macro `name` with these arguments; without arguments one that takes none. The text of a
 *  stub or of the library means the scenario's objects also where a local of that name hides them. */
export function expandMacro(
  lowering: Lowering,
  name: string,
  written: readonly CExpression[] | undefined,
  span: Span,
  scope: Scope,
): Expansion | undefined {
  if (scope.expanding.includes(name)) return undefined;
  const macro = winningMacro(lowering, name, scope, written !== undefined);
  if (macro === undefined) return undefined;
  const { parameters } = macro.definition;
  if ((parameters === undefined) !== (written === undefined)) return undefined;
  const names: Scope['names'] = new Map();
  for (const [position, parameter] of (parameters ?? []).entries()) {
    const expression = written?.[position];
    if (expression !== undefined) names.set(parameter, { kind: 'argument', expression, scope });
  }
  const via = traceOf(scope, span, written === undefined ? '' : name);
  const expanding = [...scope.expanding, name];
  const { frame } = scope;
  const inner: Scope =
    macro.layer === 'source'
      ? { frame, names, outer: scope, via, expanding }
      : { frame, names, via, expanding };
  return { body: lowering.symbols.macroBody(macro.definition), scope: inner, macro };
}

/** The macro of that name, unless something else of that name wins over it: stubs over the primitives
 *  and what is built in, these over the sources, those over the library. */
function winningMacro(
  { symbols }: Lowering,
  name: string,
  { frame }: Scope,
  isCall: boolean,
): Defined<MacroDefinition> | undefined {
  const macro = symbols.macro(name, frame.file);
  if (macro === undefined || macro.layer === 'stub') return macro;
  if (!isCall) return symbols.object(name, frame.file)?.layer === 'stub' ? undefined : macro;
  const other = symbols.function(name, frame.file);
  if (other?.layer === 'stub' || isBuiltIn(name) || primitive(name)?.operation !== undefined)
    return undefined;
  return macro.layer === 'library' && other?.layer === 'source' ? undefined : macro;
}

/** The names of members that an expression in the place of a member stands for, outermost first. */
export function memberNames(expression: CExpression, scope: Scope): readonly string[] | undefined {
  if (expression.kind === 'identifier') {
    const binding = lookUp(scope, expression.name);
    return binding?.kind === 'argument'
      ? memberNames(binding.expression, binding.scope)
      : [expression.name];
  }
  if (expression.kind !== 'field') return undefined;
  const base = memberNames(expression.base, scope);
  return base && [...base, ...fieldNames(expression.name, scope)];
}

/** The members that the name after `.` or `->` stands for; more than one where a macro's parameter does. */
export function fieldNames(name: string, scope: Scope): readonly string[] {
  const binding = lookUp(scope, name);
  const names =
    binding?.kind === 'argument' ? memberNames(binding.expression, binding.scope) : undefined;
  return names ?? [name];
}
