/** Sides of locks with readers and writers that one thread alone takes: they exclude nobody. */

import { changedStatements } from '../program/plain-access.ts';
import type { LocationName, Statement, Thread } from '../program/program.ts';
import { everyStatement, outermostExpressions, partsOf } from '../program/walk.ts';
import { isSide } from './rw-lock.ts';

/** The threads without those sides. A lock of one thread orders nothing that a lock with readers and writers
 *  promises to order. */
export function withoutIdleSides(threads: readonly Thread[]): readonly Thread[] {
  const users = usersOf(threads);
  const isIdle = (statement: Statement) => {
    const side = sideOf(statement);
    return side !== undefined && users.get(side)?.size === 1;
  };
  return threads.map((thread) => ({
    ...thread,
    body: changedStatements(thread.body, (each) => (isIdle(each) ? undefined : each)),
  }));
}

/** The side that a statement takes or releases, where it is known which. */
function sideOf(statement: Statement): LocationName | undefined {
  if (statement.kind !== 'lock' || statement.address.kind !== 'value') return undefined;
  const { value } = statement.address;
  return value.kind === 'address' && isSide(value.of) ? value.of : undefined;
}

/** By side, the threads that take it. None is told of a side that is also asked for or reached by a pointer. */
function usersOf(threads: readonly Thread[]): ReadonlyMap<LocationName, ReadonlySet<number>> {
  const users = new Map<LocationName, Set<number>>();
  const asked = new Set<LocationName>();
  let isReached = false;
  for (const { body, index } of threads) {
    for (const statement of everyStatement(body)) {
      if (statement.kind !== 'lock') continue;
      const side = sideOf(statement);
      if (side !== undefined) users.set(side, (users.get(side) ?? new Set()).add(index));
      else if (statement.address.kind === 'member')
        isReached ||= isSide(`.${statement.address.path}`);
    }
    for (const part of outermostExpressions(body).flatMap(partsOf))
      if (part.kind === 'lock-query' && part.address.kind === 'value') {
        const { value } = part.address;
        if (value.kind === 'address') asked.add(value.of);
      } else if (part.kind === 'lock-query') isReached = true;
  }
  if (isReached) return new Map();
  for (const side of asked) users.delete(side);
  return users;
}
