/**
 * What executions end in where threads that do the same can be exchanged: of ends that an exchange makes of one
 * another one is kept, until all executions are found.
 */

import type { RuntimeValue } from '../memory-model/value.ts';
import type { Member } from './alike-threads.ts';

/** Ends that are kept. */
export interface AlikeEnds {
  readonly classes: readonly (readonly Member[])[];
  readonly kept: Map<string, AlikeEnd>;
}

/** What so many executions end in, those that come of them by exchanges included. */
interface AlikeEnd {
  /** Of `scope.tracked`. */
  readonly values: readonly RuntimeValue[];
  count: number;
}

/** Keeps executions with those that end alike. */
export function keepEnd(
  { classes, kept }: AlikeEnds,
  values: readonly RuntimeValue[],
  count: number,
): void {
  const sorted = [...values];
  for (const members of classes) {
    const parts = members.map((member) => {
      const part = partOf(values, member);
      return { part, key: keyOf(part) };
    });
    parts.sort((one, other) => (one.key < other.key ? -1 : 1));
    for (const [at, member] of members.entries()) put(sorted, member, parts[at]!.part);
  }
  const key = keyOf(sorted);
  const known = kept.get(key);
  if (known === undefined) kept.set(key, { values: sorted, count });
  else known.count += count;
}

/** Visits the ends and all that exchanges make of them, each with how many executions end so. A `visit` that returns
 *  false ends it. */
export function forEachEnd(
  { classes, kept }: AlikeEnds,
  visit: (values: readonly RuntimeValue[], count: number) => boolean,
): void {
  for (const { values, count } of kept.values()) {
    const each = count / classes.map((members) => arrangements(values, members)).reduce(product, 1);
    const current = [...values];
    if (!arrange(classes, values, current, () => visit(current, each))) return;
  }
}

function product(left: number, right: number): number {
  return left * right;
}

/** Gives the parts of an end to the members of all classes in all different ways; ends where `visit` says so. */
function arrange(
  [members, ...others]: readonly (readonly Member[])[],
  values: readonly RuntimeValue[],
  current: RuntimeValue[],
  visit: () => boolean,
): boolean {
  if (members === undefined) return visit();
  const kinds = kindsOf(values, members);
  const left = kinds.map(({ size }) => size);
  const give = (at: number): boolean => {
    const member = members[at];
    if (member === undefined) return arrange(others, values, current, visit);
    for (const [kind, { part }] of kinds.entries()) {
      if (left[kind] === 0) continue;
      left[kind]!--;
      put(current, member, part);
      const goOn = give(at + 1);
      left[kind]!++;
      if (!goOn) return false;
    }
    return true;
  };
  return give(0);
}

/** In how many different ways the parts of an end can be given to the members of a class. */
function arrangements(values: readonly RuntimeValue[], members: readonly Member[]): number {
  return multinomial(kindsOf(values, members).map(({ size }) => size));
}

/** In how many orders so many things of each kind can stand. */
export function multinomial(sizes: readonly number[]): number {
  let [result, total] = [1, 0];
  for (const size of sizes)
    for (let chosen = 1; chosen <= size; chosen++) result = (result * ++total) / chosen;
  return result;
}

/** The different parts of an end, and how many members have each. */
function kindsOf(values: readonly RuntimeValue[], members: readonly Member[]) {
  const kinds = new Map<string, { readonly part: readonly RuntimeValue[]; size: number }>();
  for (const member of members) {
    const part = partOf(values, member);
    const known = kinds.get(keyOf(part));
    if (known === undefined) kinds.set(keyOf(part), { part, size: 1 });
    else known.size++;
  }
  return [...kinds.values()];
}

function partOf(values: readonly RuntimeValue[], { asked }: Member): readonly RuntimeValue[] {
  return asked.map((at) => values[at]!);
}

function put(values: RuntimeValue[], { asked }: Member, part: readonly RuntimeValue[]): void {
  for (const [index, at] of asked.entries()) values[at] = part[index]!;
}

/** Equal where the values are; a bigint is another value than the number of the same digits. */
function keyOf(values: readonly RuntimeValue[]): string {
  let key = '';
  for (const value of values) key += typeof value === 'bigint' ? `${value}n,` : `${value},`;
  return key;
}
