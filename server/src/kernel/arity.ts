/** How many arguments a primitive takes: those that its row names, and those that say nothing of memory. */

import type { Operation } from './operation.ts';
import type { OwnAccess, Primitive } from './primitive.ts';

/** The number of arguments; undefined where the row does not say what all of them are. */
export function arity({ operation, rwLock, access, further = 0 }: Primitive): number | undefined {
  if (operation === undefined && rwLock === undefined) return undefined;
  const named = [
    ...(operation === undefined ? [] : argumentsOf(operation)),
    ...(access === undefined ? [] : argumentsOfAccess(access)),
  ];
  return Math.max(-1, ...named) + 1 + further;
}

function argumentsOf(operation: Operation): readonly number[] {
  return Object.entries(operation).flatMap(([part, said]) => {
    if (part === 'location' || part === 'index') return [said as number];
    return typeof said === 'object' && 'argument' in said ? [said.argument as number] : [];
  });
}

function argumentsOfAccess({ argument, bit }: OwnAccess): readonly number[] {
  return [argument, bit].filter((each) => typeof each === 'number');
}

/** What is said of a call with another number of arguments than its name takes. */
export function wrongArity(name: string, taken: number, given: number): string {
  return `${name}() takes ${taken === 1 ? '1 argument' : `${taken} arguments`}, not ${given}`;
}
