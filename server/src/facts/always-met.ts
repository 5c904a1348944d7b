/** Which accesses, calls and primitives every path through a place of a function meets: a data flow over bit sets. */

import type { Event, PrimitiveEvent } from './events.ts';
import { fieldName } from './file-facts.ts';
import type { Flow } from './flow.ts';

/** What is met on every way from the entry to a place, or from there to the exit. */
export interface AlwaysMet {
  /** Whether every path that comes to event `at` of `step` has met `key` before it. */
  readonly before: (step: number, at: number, key: string) => boolean;
  readonly after: (step: number, at: number, key: string) => boolean;
}

/** What makes two events the same for the question: field and effect of an access, name of a call. */
export function keyOf(event: Event): string | undefined {
  switch (event.kind) {
    case 'access':
      return `${event.effect} ${fieldName(event.field)} ${event.bit ?? ''}`;
    case 'call':
      return `call ${event.name}`;
    case 'primitive':
    case 'indirect-call':
    case 'copy':
      return undefined;
  }
}

/** The key of a use of a primitive, which is one of a kind. */
export function siteKey({ span }: PrimitiveEvent): string {
  return `site ${span.start} ${span.end}`;
}

/** Solves the data flow of one function. */
export function alwaysMet(flow: Flow): AlwaysMet {
  const keys = new Map<string, number>();
  const made = flow.events.map((events) =>
    events.map((event) => number(keys, event.kind === 'primitive' ? siteKey(event) : keyOf(event))),
  );
  const words = (keys.size + 31) >> 5;
  const order = flow.events.map((_, step) => step);
  const before = solve(made, flow.predecessors, order, words);
  const after = solve(made, flow.successors, order.toReversed(), words);
  return {
    before: (step, at, key) =>
      made[step]!.slice(0, at).includes(keys.get(key) ?? -1) ||
      metByAll(before, flow.predecessors[step]!, keys.get(key)),
    after: (step, at, key) =>
      made[step]!.slice(at + 1).includes(keys.get(key) ?? -1) ||
      metByAll(after, flow.successors[step]!, keys.get(key)),
  };
}

function number(keys: Map<string, number>, key: string | undefined): number {
  if (key === undefined) return -1;
  const known = keys.get(key);
  if (known !== undefined) return known;
  keys.set(key, keys.size);
  return keys.size - 1;
}

/** A bit set for each step. */
type Sets = readonly Uint32Array[];

function metByAll(sets: Sets, steps: readonly number[], key: number | undefined): boolean {
  if (key === undefined || steps.length === 0) return false;
  return steps.every((step) => (sets[step]![key >> 5]! & (1 << (key & 31))) !== 0);
}

/** The greatest solution of `set(s) = made(s) ∪ ⋂ set(from(s))`; a place with nothing before has none. */
function solve(
  made: readonly (readonly number[])[],
  from: readonly (readonly number[])[],
  order: readonly number[],
  words: number,
): Sets {
  const sets = made.map(() => new Uint32Array(words).fill(0xffffffff));
  const next = new Uint32Array(words);
  for (let changed = true; changed; ) {
    changed = false;
    for (const step of order) {
      meet(next, sets, from[step]!);
      for (const key of made[step]!) if (key >= 0) next[key >> 5]! |= 1 << (key & 31);
      const set = sets[step]!;
      if (next.some((word, index) => word !== set[index])) {
        set.set(next);
        changed = true;
      }
    }
  }
  return sets;
}

function meet(into: Uint32Array, sets: Sets, steps: readonly number[]): void {
  into.fill(steps.length === 0 ? 0 : 0xffffffff);
  for (const step of steps) {
    const set = sets[step]!;
    for (let index = 0; index < into.length; index++) into[index]! &= set[index]!;
  }
}
