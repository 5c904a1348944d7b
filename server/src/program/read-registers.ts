/** Which registers hold what was read from memory, or something computed from it. */

import type { Expression, LocationName, Statement } from './program.ts';
import { everyStatement, expressionsOf, partsOf } from './walk.ts';

/** Whether a part of an expression reads something that counts. */
type IsRead = (part: Expression) => boolean;

const anything: IsRead = (part) => 'address' in part;

/** The registers of a thread's body that hold what it has read, be it computed from other such registers. */
export function registersThatRead(
  body: readonly Statement[],
  isRead = anything,
): ReadonlySet<string> {
  const read = new Set<string>();
  const statements = everyStatement(body);
  for (let size = -1; size < read.size; ) {
    size = read.size;
    for (const statement of statements)
      if (
        statement.kind === 'assign' &&
        expressionsOf(statement).some((each) => restsOn(each, read, isRead))
      )
        read.add(statement.register);
  }
  return read;
}

/** The registers that may hold what the body has read of one of some locations: of one that it names, or has written itself, or
 *  by an address that it computes. */
export function registersThatReadOf(
  body: readonly Statement[],
  locations: ReadonlySet<LocationName>,
): ReadonlySet<string> {
  const addresses = everyStatement(body).flatMap((statement) => [
    ...(statement.kind === 'store' ? [statement.address] : []),
    ...expressionsOf(statement)
      .flatMap(partsOf)
      .flatMap((part) => ('address' in part && part.kind !== 'load' ? part.address : [])),
  ]);
  const written = addresses.flatMap((address) => namedBy(address) ?? []);
  const of = new Set([...locations, ...written]);
  return registersThatRead(body, (part) => {
    if (!('address' in part)) return false;
    const location = namedBy(part.address);
    return location === undefined || of.has(location);
  });
}

/** The location that an address names; undefined where it is computed. */
export function namedBy(address: Expression): LocationName | undefined {
  return address.kind === 'value' && address.value.kind === 'address'
    ? address.value.of
    : undefined;
}

/** Whether an expression is computed from what was read, by itself or into one of the registers `read`. */
export function restsOn(
  expression: Expression,
  read: ReadonlySet<string>,
  isRead = anything,
): boolean {
  return partsOf(expression).some(
    (part) => isRead(part) || (part.kind === 'register' && read.has(part.name)),
  );
}
