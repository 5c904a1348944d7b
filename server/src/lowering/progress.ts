/** What a path has done that others can see, as far as it takes to tell that a round of a loop did nothing. */

import { outcomesOf, type RegisterCandidates } from '../program/candidates.ts';
import type { Expression, ReadModifyWrite, Statement } from '../program/program.ts';
import { sameExpression } from './value.ts';

export interface Progress {
  /** Grows with everything that others can see. */
  readonly effects: number;
  /** Read-modify-writes and attempts to take a lock, by what is true where they succeeded: those that fail
   *  only read. */
  readonly attempts: readonly Expression[];
  /** The locks that are held and the read sides that the path is in, by name, in order. */
  readonly held: readonly string[];
  /** The locks that one of the ways here has taken and not released. */
  readonly kept: readonly string[];
  /** The read sides that one of the ways here has tried to take. */
  readonly tried: readonly string[];
}

export const NO_PROGRESS: Progress = { effects: 0, attempts: [], held: [], kept: [], tried: [] };

const READ_SIDE = 'rcu';

/** Begins the name of what was released and is not held. */
const RELEASED = 'no ';

/** The progress of a path after a further statement. What is inside an `if` is told when it is emitted. */
export function progressed(progress: Progress, statement: Statement): Progress {
  const { effects, attempts } = progress;
  switch (statement.kind) {
    case 'assign': {
      const attempt = attemptOf(statement);
      if (attempt !== undefined) return { ...progress, attempts: [...attempts, attempt] };
      return isSilent(statement.value) ? progress : { ...progress, effects: effects + 1 };
    }
    case 'fence':
    case 'declare':
    case 'if':
    case 'while':
    case 'stop':
      return progress;
    case 'rcu':
      if (statement.action === 'synchronize') return progress;
      return entered(progress, READ_SIDE, statement.action);
    case 'lock': {
      const { address } = statement;
      const isKnown = address.kind === 'value' && address.value.kind === 'address';
      if (isKnown) return entered(progress, address.value.of, statement.action);
      return { ...progress, effects: effects + 1 };
    }
    case 'store':
    case 'evaluate':
    case 'srcu':
      return { ...progress, effects: effects + 1 };
  }
}

/** What is true of the register of an attempt that succeeded. */
function attemptOf({ register, value }: Statement & { kind: 'assign' }): Expression | undefined {
  const { span } = value;
  const result: Expression = { kind: 'register', name: register, span };
  if (value.kind === 'cmpxchg')
    return { kind: 'binary', operator: '==', left: result, right: value.expected, span };
  if (value.kind === 'rmw')
    return value.onlyReadsIfSet === true ? changeOf(value, result) : undefined;
  return value.kind === 'lock-query' && value.action === 'trylock' ? result : undefined;
}

/** What is true where a read-modify-write of a bit has changed it: where the bit was not set. */
function changeOf({ apply, operand, type, span }: ReadModifyWrite, old: Expression): Expression {
  const wide = type === undefined ? {} : { type };
  const bit: Expression =
    apply === 'or'
      ? { kind: 'binary', operator: '&', left: old, right: operand, span, ...wide }
      : old;
  const none: Expression = { kind: 'value', value: { kind: 'integer', value: 0 }, span };
  return { kind: 'binary', operator: '==', left: bit, right: none, span };
}

/** Whether computing a value shows nothing to others. */
function isSilent(value: Expression): boolean {
  return !('address' in value) || value.kind === 'load' || value.kind === 'lock-query';
}

/** The progress of a path that takes or releases a lock, or comes to a read side's beginning or end. */
export function entered(progress: Progress, name: string, action: 'lock' | 'unlock'): Progress {
  const { held, kept } = progress;
  if (action === 'lock')
    return {
      ...progress,
      held: [...held, name],
      kept: name === READ_SIDE || kept.includes(name) ? kept : [...kept, name],
    };
  const at = held.lastIndexOf(name);
  return {
    ...progress,
    held: at === -1 ? [...held, RELEASED + name] : held.toSpliced(at, 1),
    kept: kept.filter((each) => each !== name),
  };
}

/** What of an RCU read-side critical section a path surely has without the other half. */
export function halfSection({ held }: Progress): 'begin' | 'end' | undefined {
  if (held.includes(READ_SIDE)) return 'begin';
  return held.includes(RELEASED + READ_SIDE) ? 'end' : undefined;
}

/** The progress of two paths that come together. What they hold is not known where they differ. */
export function joinedProgress(left: Progress, right: Progress): Progress {
  if (left === right) return left;
  const isSame = left.effects === right.effects && left.held.join() === right.held.join();
  return {
    effects: isSame ? left.effects : Math.max(left.effects, right.effects) + 1,
    attempts: [...new Set([...left.attempts, ...right.attempts])],
    held: left.held.filter((name, at) => right.held[at] === name),
    kept: [...new Set([...left.kept, ...right.kept])],
    tried: [...new Set([...left.tried, ...right.tried])],
  };
}

/** The progress of a path on which a condition came out like this: an attempt that has failed by that has only read
 *  (`cmpxchg(p, old, new) != old`). */
export function withoutFailed(progress: Progress, condition: Expression, holds: boolean): Progress {
  const attempts = progress.attempts.filter((attempt) => !hasFailed(attempt, condition, holds));
  return attempts.length === progress.attempts.length ? progress : { ...progress, attempts };
}

function hasFailed(attempt: Expression, condition: Expression, holds: boolean): boolean {
  if (attempt.kind !== 'binary' || condition.kind !== 'binary')
    return !holds && sameExpression(attempt, condition);
  if (condition.operator !== (holds ? '!=' : '==')) return false;
  const [one, other] = [condition.left, condition.right];
  return (
    (sameExpression(attempt.left, one) && sameExpression(attempt.right, other)) ||
    (sameExpression(attempt.left, other) && sameExpression(attempt.right, one))
  );
}

/** Whether nothing that others can see has happened since `before`. */
export function isSilentSince(
  before: Progress,
  now: Progress,
  registers: RegisterCandidates,
): boolean {
  return (
    now.effects === before.effects &&
    now.held.join() === before.held.join() &&
    now.attempts
      .filter((attempt) => !before.attempts.includes(attempt))
      .every((attempt) => outcomesOf(attempt, registers).yes === undefined)
  );
}
