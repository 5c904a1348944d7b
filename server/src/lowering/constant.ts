/** Constant expressions (C11 6.6): what they are worth before anything runs, and nothing is noted of them. */

import { canonical, type Integer } from '../program/integer.ts';
import type { Expression as CExpression, Enumerator } from '../syntax/ast.ts';
import { type Lowering, type Report, type Scope, SETUP, topScope } from './context.ts';
import { evaluate } from './evaluate.ts';
import { knownTypes, newPlaces } from './known-types.ts';
import { startState } from './machine.ts';
import { firstRound, memoryOf } from './memory.ts';
import { emptyStorage } from './storage.ts';

/** The value of a constant expression; undefined where it is none. */
export function constantOf(
  lowering: Lowering,
  expression: CExpression,
  scope: Scope,
): Integer | undefined {
  const value = evaluate(aside(lowering), expression, startState({ statements: [] }), scope);
  return value.kind === 'known' && value.value.kind === 'integer' ? value.value.value : undefined;
}

/** The value of an enumerator (C11 6.7.2.2). */
export function enumeratorValue(
  lowering: Lowering,
  enumerator: Enumerator,
  scope: Scope,
): Integer | undefined {
  const { value, written, after } = enumerator;
  if (value !== undefined) return value;
  const { enumerators } = knownTypes(lowering);
  if (enumerators.has(enumerator)) return enumerators.get(enumerator);
  enumerators.set(enumerator, undefined); // one that is said to be itself has no value
  const found =
    written !== undefined
      ? constantOf(lowering, written, topScope(scope))
      : oneMore(lowering, after, scope);
  enumerators.set(enumerator, found);
  return found;
}

function oneMore(lowering: Lowering, after: string | undefined, scope: Scope): Integer | undefined {
  const before =
    after === undefined ? undefined : lowering.symbols.enumerator(after, scope.frame.file);
  const value = before && enumeratorValue(lowering, before, scope);
  return value === undefined ? undefined : canonical(BigInt(value) + 1n);
}

const SILENT: Report = { assume: () => {}, notModelled: () => {}, site: () => {} };

/** The same thread, evaluating something that is not evaluated in the program. */
export function aside(lowering: Lowering): Lowering {
  let count = 0;
  return {
    ...lowering,
    report: SILENT,
    memory: memoryOf(lowering.request, firstRound([], emptyStorage()), lowering.memory.initial),
    thread: SETUP,
    freshRegister: () => `aside${count++}`,
    freshFrame: () => ++count,
    localTypes: new Map(lowering.localTypes),
    ownPlaces: newPlaces(),
    partings: { count: 0 },
    statements: { count: 0 },
    choices: new Map(),
    pointedTo: new Set(),
    zeroed: new Set(),
  };
}
