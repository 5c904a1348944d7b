/** Which registers carry a value on: into an address, or into what is written. What others hold can but decide where control goes. */

import type { Expression, Statement } from './program.ts';
import { everyStatement, expressionsOf, operandsOf, partsOf, registersOf } from './walk.ts';

/** The registers of a thread's body whose value reaches an address or a write, be it through other registers. */
export function carriedRegisters(body: readonly Statement[]): ReadonlySet<string> {
  const carried = new Set<string>();
  const statements = everyStatement(body);
  const keep = (expression: Expression): void => {
    for (const register of registersOf(expression)) carried.add(register);
  };
  for (const statement of statements) {
    if ('address' in statement) expressionsOf(statement).forEach(keep);
    for (const part of expressionsOf(statement).flatMap(partsOf))
      if ('address' in part) operandsOf(part).forEach(keep);
  }
  for (let size = -1; size < carried.size; ) {
    size = carried.size;
    for (const statement of statements)
      if (statement.kind === 'assign' && carried.has(statement.register)) keep(statement.value);
  }
  return carried;
}
