/** Which instructions make accesses that they do not order among themselves, so that a write may feed a read
 *  of the same instruction. */

import type { Expression } from '../program/program.ts';
import { partsOf } from '../program/walk.ts';

/**
 * Whether the accesses of `parts`, and a write that consumes their values if the instruction `writes`, may
 * be a write and a read without order. A plain store comes after all that it is computed from; a
 * read-modify-write inside a larger expression has its write beside the reads and writes around it.
 */
export function isCrowded(parts: readonly Expression[], writes: boolean): boolean {
  if (parts.every((part) => !isNested(part))) return false;
  const accesses = parts.flatMap(partsOf).filter((part) => 'address' in part);
  return accesses.some(({ kind }) => UPDATES.has(kind)) && accesses.length + Number(writes) > 1;
}

const UPDATES: ReadonlySet<Expression['kind']> = new Set(['rmw', 'cmpxchg', 'add-unless']);

/** Whether an expression is more than a value and a register. */
function isNested({ kind }: Expression): boolean {
  return kind !== 'value' && kind !== 'register';
}
