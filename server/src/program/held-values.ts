/** What registers and locations may hold as open values go: some of these, some integers, or what varies. */

import type { Candidates } from './candidates.ts';
import { type Integer, type IntegerType, isOf } from './integer.ts';
import type { OpenValue } from './program.ts';

/** What a register or a location may hold, or an expression be worth; addresses aside. */
export interface Held {
  readonly open: Set<OpenValue>;
  readonly integers: Set<Integer>;
  /** Whether it may be an integer beside these. */
  varies: boolean;
}

/** Nothing yet. */
export function nothing(): Held {
  return { open: new Set(), integers: new Set(), varies: false };
}

/** What is held under a key, to be added to. */
export function heldIn<Key>(all: Map<Key, Held>, key: Key): Held {
  const held = all.get(key) ?? nothing();
  all.set(key, held);
  return held;
}

/** Adds all that `from` holds. */
export function add(to: Held, from: Held): void {
  for (const open of from.open) to.open.add(open);
  for (const integer of from.integers) to.integers.add(integer);
  to.varies ||= from.varies;
}

/** What any of them may be. */
export function unionOf(all: readonly Held[]): Held {
  const union = nothing();
  for (const held of all) add(union, held);
  return union;
}

/** The integers among candidates; any varies. */
export function amongCandidates(candidates: Candidates): Held {
  if (candidates === 'any') return { ...nothing(), varies: true };
  return { ...nothing(), integers: integersAmong([...candidates.values()]) };
}

/** The integers among values. */
export function integersAmong(values: OpenValue['alternatives']): Set<Integer> {
  return new Set(values.flatMap((each) => (each.kind === 'integer' ? [each.value] : [])));
}

/** Whether a conversion changes nothing. */
export function isKept({ open, integers, varies }: Held, to: IntegerType): boolean {
  const ranges = [...open].every(
    ({ range }) => range !== undefined && isOf(range.least, to) && isOf(range.most, to),
  );
  return ranges && !varies && [...integers].every((integer) => isOf(integer, to));
}
