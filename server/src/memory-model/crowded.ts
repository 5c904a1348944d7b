/** Which instructions make accesses that they do not order among themselves, so that a write may feed a read
 *  of the same instruction. */

import type { Expression, Statement, Thread } from '../program/program.ts';
import { everyStatement, expressionsOf, partsOf } from '../program/walk.ts';

const known = new WeakMap<Thread, ReadonlySet<Statement>>();

/**
 * The statements of a thread whose accesses, those of its branches aside, may be a write and a read without
 * order. A plain store comes after all that it is computed from; a read-modify-write inside a larger
 * expression has its write beside the reads and writes around it.
 */
export function crowdedStatements(thread: Thread): ReadonlySet<Statement> {
  const found = known.get(thread) ?? new Set(everyStatement(thread.body).filter(isCrowded));
  known.set(thread, found);
  return found;
}

function isCrowded(statement: Statement): boolean {
  const parts = expressionsOf(statement);
  if (parts.every((part) => !isNested(part))) return false;
  const accesses = parts.flatMap(partsOf).filter((part) => 'address' in part);
  const own = statement.kind === 'store' ? 1 : 0;
  return accesses.length + own > 1 && accesses.some(({ kind }) => UPDATES.has(kind));
}

const UPDATES: ReadonlySet<Expression['kind']> = new Set(['rmw', 'cmpxchg', 'add-unless']);

/** Whether an expression is more than a value and a register. */
function isNested({ kind }: Expression): boolean {
  return kind !== 'value' && kind !== 'register';
}
