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

/** So many words of the bit sets are joined for one function; ways back that cross over one another could ask for the
 *  square of its size. */
const MOST_WORK = 300_000_000;

/** Solves the data flow of one function; undefined where that takes more work than a function is worth. */
export function alwaysMet(flow: Flow): AlwaysMet | undefined {
  const keys = new Map<string, number>();
  const made = flow.events.map((events) =>
    events.map((event) => number(keys, event.kind === 'primitive' ? siteKey(event) : keyOf(event))),
  );
  const words = (keys.size + 31) >> 5;
  const order = flow.events.map((_, step) => step);
  const before = solve(made, flow.predecessors, order, words);
  const after = solve(made, flow.successors, order.toReversed(), words);
  if (before === undefined || after === undefined) return undefined;
  const places = made.map(placesOf);
  return {
    before: (step, at, key) => {
      const known = keys.get(key);
      if (known === undefined) return false;
      const here = places[step]!.get(known);
      return (
        (here !== undefined && here.first < at) || metByAll(before, flow.predecessors[step]!, known)
      );
    },
    after: (step, at, key) => {
      const known = keys.get(key);
      if (known === undefined) return false;
      const here = places[step]!.get(known);
      return (
        (here !== undefined && here.last > at) || metByAll(after, flow.successors[step]!, known)
      );
    },
  };
}

/** Where in a step each of its keys stands first and last. */
function placesOf(
  keys: readonly number[],
): ReadonlyMap<number, { readonly first: number; readonly last: number }> {
  const places = new Map<number, { first: number; last: number }>();
  for (const [at, key] of keys.entries()) {
    const known = places.get(key);
    if (known === undefined) places.set(key, { first: at, last: at });
    else known.last = at;
  }
  return places;
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

function metByAll(sets: Sets, steps: readonly number[], key: number): boolean {
  if (steps.length === 0) return false;
  return steps.every((step) => (sets[step]![key >> 5]! & (1 << (key & 31))) !== 0);
}

/** Undefined after too much work; else the greatest solution of `set(s) = made(s) ∪ ⋂ set(from(s))`; a place with nothing before has none. */
function solve(
  made: readonly (readonly number[])[],
  from: readonly (readonly number[])[],
  order: readonly number[],
  words: number,
): Sets | undefined {
  const ways = from.reduce((sum, steps) => sum + steps.length + 2, 0);
  let left = MOST_WORK;
  const sets = made.map(() => new Uint32Array(words).fill(0xffffffff));
  const next = new Uint32Array(words);
  for (let changed = true; changed; ) {
    changed = false;
    left -= ways * words;
    if (left < 0) return undefined;
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
