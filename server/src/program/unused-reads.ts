/**
 * What is written to a location of which nobody uses what is read: any value does for all values that the thread may
 * compute for it, so that the ways which differ in nothing else are one.
 */

import type { Expression, LocationName, Program, Statement } from './program.ts';
import { namedBy, registersThatRead, restsOn } from './read-registers.ts';
import { rewriteProgram } from './rewrite-program.ts';
import { everyStatement, expressionsOf, partsOf } from './walk.ts';

/** The program in which an open value is written where the value cannot matter to an outcome that is told by accesses
 *  alone. Addresses stay, and what depends on a read. */
export function withAnyUnusedValue(program: Program): Program {
  const used = usedLocations(program);
  if (used === undefined) return program;
  const isUnused = (address: Expression) => {
    const location = namedBy(address);
    return location !== undefined && !used.has(location);
  };
  const threads = program.threads.flatMap((thread) => {
    const told = registersThatRead(thread.body, isReadOrAddress);
    const isAny = (value: Expression) =>
      isComputed(value) && !restsOn(value, told, isReadOrAddress);
    const alone = { ...program, threads: [thread] };
    return rewriteProgram(alone, {
      statement: (statement) =>
        statement.kind === 'store' && isUnused(statement.address) && isAny(statement.value)
          ? { ...statement, value: anyValue(statement.value.span) }
          : statement,
      expression: (expression) => expression,
    }).threads;
  });
  return { ...program, threads };
}

/** The locations of which something uses what is read there; undefined where any may be one. */
export function usedLocations({ threads }: Program): ReadonlySet<LocationName> | undefined {
  const used = new Set<LocationName>();
  for (const statement of threads.flatMap(({ body }) => everyStatement(body)))
    for (const part of expressionsOf(statement).flatMap(partsOf)) {
      if (!('address' in part) || isForNothing(part, statement)) continue;
      const location = namedBy(part.address);
      if (location === undefined) return undefined;
      used.add(location);
    }
  return used;
}

/** Whether a statement does nothing with what it reads. */
function isForNothing(access: Expression, statement: Statement): boolean {
  if (statement.kind !== 'evaluate' || statement.value !== access) return false;
  return access.kind === 'load' || (access.kind === 'rmw' && access.apply === 'set');
}

function isReadOrAddress(part: Expression): boolean {
  switch (part.kind) {
    case 'value':
      return part.value.kind === 'address';
    case 'member':
    case 'container':
    case 'element':
      return true;
    default:
      return 'address' in part;
  }
}

function isComputed({ kind }: Expression): boolean {
  return kind !== 'value' && kind !== 'open';
}

function anyValue(span: Expression['span']): Expression {
  return { kind: 'open', alternatives: [], range: { least: -(2 ** 31), most: 2 ** 31 - 1 }, span };
}
