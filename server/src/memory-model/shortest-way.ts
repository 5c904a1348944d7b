/** Shortest ways through relations: round a cycle of one, or through a composition of several. */

import { closure, has, type Relation } from './relation.ts';

/** One relation of a composition, taken once, at most once, or any number of times. */
export interface Step {
  readonly relation: Relation;
  readonly repeat?: 'optional' | 'star';
}

/** One pair on the way, of the step with this number. */
export interface Part {
  readonly step: number;
  readonly from: number;
  readonly to: number;
}

/** The events of a shortest cycle, or undefined where there is none. */
export function shortestCycle(relation: Relation): readonly number[] | undefined {
  const { size } = relation;
  const reached = closure(relation);
  let best: readonly number[] | undefined;
  for (let start = 0; start < size; start++) {
    if (!has(reached, start, start)) continue;
    const cycle = shorterCycle(relation, start, best?.length ?? size + 1);
    if (cycle !== undefined) best = cycle;
  }
  return best;
}

/** A shortest cycle from `start` of less than `length` events. */
function shorterCycle(
  relation: Relation,
  start: number,
  length: number,
): readonly number[] | undefined {
  const parents = new Int32Array(relation.size).fill(NONE);
  const depths = new Int32Array(relation.size);
  const queue = [start];
  for (let head = 0; head < queue.length && parents[start] === NONE; head++) {
    const at = queue[head]!;
    if (depths[at]! + 1 >= length) return undefined;
    forEachSuccessor(relation, at, (to) => {
      if (parents[to] !== NONE) return;
      parents[to] = at;
      if (to === start) return;
      depths[to] = depths[at]! + 1;
      queue.push(to);
    });
  }
  if (parents[start] === NONE) return undefined;
  const cycle: number[] = [];
  for (let at = parents[start]!; at !== start; at = parents[at]!) cycle.unshift(at);
  return [start, ...cycle];
}

const NONE = -1;

/** A shortest way from one event to another through a composition of relations; undefined where the
 *  composition does not relate them. */
export function shortestWay(
  steps: readonly Step[],
  from: number,
  to: number,
): readonly Part[] | undefined {
  const size = steps[0]?.relation.size ?? 0;
  const states = (steps.length + 1) * size;
  // A state is an event before a step: the number of the step, then the event.
  const parents = new Int32Array(states).fill(NONE);
  const goal = steps.length * size + to;
  parents[from] = from;
  const queue = [from];
  const enter = (state: number, parent: number) => {
    if (parents[state] !== NONE) return;
    parents[state] = parent;
    queue.push(state);
  };
  for (let head = 0; head < queue.length && parents[goal] === NONE; head++) {
    const state = queue[head]!;
    const next = Math.floor(state / size);
    const step = steps[next];
    if (step === undefined) continue;
    if (step.repeat !== undefined) enter(state + size, state);
    const after = (step.repeat === 'star' ? next : next + 1) * size;
    forEachSuccessor(step.relation, state % size, (event) => enter(after + event, state));
  }
  return parents[goal] === NONE ? undefined : partsTo(goal, parents, steps, size);
}

/** Follows the way back to its start; where a step is passed over, the event stays the same. */
function partsTo(
  goal: number,
  parents: Int32Array,
  steps: readonly Step[],
  size: number,
): readonly Part[] {
  const parts: Part[] = [];
  for (let state = goal; parents[state] !== state; state = parents[state]!) {
    const before = parents[state]!;
    const step = Math.floor(before / size);
    const isPassedOver = state === before + size && steps[step]!.repeat !== undefined;
    if (!isPassedOver) parts.unshift({ step, from: before % size, to: state % size });
  }
  return parts;
}

/** The events that `event` is related to, ascending. */
function forEachSuccessor(relation: Relation, event: number, visit: (to: number) => void): void {
  const { words, bits } = relation;
  for (let word = 0; word < words; word++) {
    let pending = bits[event * words + word]!;
    while (pending !== 0) {
      const lowest = pending & -pending;
      pending ^= lowest;
      visit((word << 5) + 31 - Math.clz32(lowest));
    }
  }
}
