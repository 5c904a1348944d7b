/** What is done when control leaves a block: guards are released (`include/linux/cleanup.h`). */

import { GUARD_MACROS, guards } from '../kernel/guards.ts';
import { primitive } from '../kernel/primitives.ts';
import type { Expression as CExpression, FunctionDefinition } from '../syntax/ast.ts';
import { writtenTokens } from '../syntax/macro-token.ts';
import type { Span } from '../text/span.ts';
import { evaluateCall } from './call.ts';
import { cleanupsIn } from './cleanup-attribute.ts';
import { declareLocal, type Lowering, type Scope, visiblePlace } from './context.ts';
import { evaluate } from './evaluate.ts';
import type { SourceText } from './lowering.ts';
import { type Cleanup, NORMAL, type State } from './machine.ts';

/** A guard as it is written: `guard(mutex)(&lock)`. */
export interface WrittenGuard {
  readonly of: CExpression;
  readonly given: readonly CExpression[];
  readonly span: Span;
}

/** The guard that an expression makes, where it makes one. */
export function guardIn(expression: CExpression): WrittenGuard | undefined {
  if (expression.kind !== 'call' || expression.callee.kind !== 'call') return undefined;
  const { callee, arguments: given, span } = expression;
  const [of] = callee.arguments;
  const isGuard = callee.callee.kind === 'identifier' && GUARD_MACROS.has(callee.callee.name);
  return isGuard && of !== undefined ? { of, given, span } : undefined;
}

/** Takes what a guard guards, to be released when control leaves the block. */
export function takeGuard(
  lowering: Lowering,
  { of, given, span }: WrittenGuard,
  state: State,
  scope: Scope,
): void {
  const guard = of.kind === 'identifier' ? guards.get(of.name) : undefined;
  if (guard === undefined) {
    lowering.report.notModelled('a guard of a class that is not known', visiblePlace(scope, span));
    return;
  }
  const kept = given.map((argument) => {
    const value = evaluate(lowering, argument, state, scope);
    const name = `guard'${lowering.freshFrame()}`; // a name that no text has
    state.variables.set(declareLocal(lowering, scope, name, value.type), value);
    return { kind: 'identifier', name, span } as const;
  });
  const call = (name: string) => {
    const further = Array.from({ length: primitive(name)?.further ?? 0 }, () => ownArgument(span));
    const callee = { kind: 'identifier', name, span } as const;
    return { kind: 'call', callee, arguments: [...kept, ...further], span } as const;
  };
  evaluateCall(lowering, call(guard.take), state, scope);
  const release: Cleanup = (path) => {
    evaluateCall(lowering, call(guard.release), path, scope);
  };
  state.cleanups = [...state.cleanups, release];
}

/** What a guard has itself for what it takes: flags, a class of locks. */
function ownArgument(span: Span): CExpression {
  return { kind: 'number', text: '1', span };
}

/** Does what is to be done when control leaves the block that was entered with `before`, on each path. */
export function cleanUp(states: readonly State[], before: readonly Cleanup[]): readonly State[] {
  for (const state of states) {
    const { exit, cleanups } = state;
    if (cleanups === before) continue;
    state.exit = NORMAL;
    for (const cleanup of cleanups.slice(before.length).toReversed()) cleanup(state);
    state.exit = exit;
    state.cleanups = before;
  }
  return states.filter(({ dead }) => !dead);
}

/** Variables that are cleaned up by a function which does something: the syntax tree does not have that. The spans
 *  of the text are offsets of the file when `shift` is added. */
export function reportCleanups(
  lowering: Lowering,
  { file, text }: Pick<SourceText, 'file' | 'text'>,
  { span, cleanups }: Pick<FunctionDefinition, 'span' | 'cleanups'>,
  shift = 0,
): void {
  for (const { start, end } of cleanups ??
    cleanupsWritten(text.slice(span.start, span.end), span.start)) {
    const place = { file, span: { start: start + shift, end: end + shift } };
    lowering.report.notModelled('a variable that is cleaned up when it goes out of scope', place);
  }
}

function cleanupsWritten(body: string, offset: number): readonly Span[] {
  const isAny = body.includes('__free') || body.includes('cleanup');
  return isAny ? cleanupsIn(writtenTokens(body, offset)) : [];
}
