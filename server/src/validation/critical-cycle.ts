/**
 * Why an execution is not sequentially consistent: a shortest cycle of program order inside threads and
 * communication between them (a critical cycle of Shasha and Snir). Each of its legs is an order that
 * the execution does not keep, or keeps in vain because another leg is not kept.
 */

import type { Witness, WitnessEdge, WitnessEvent } from '../memory-model/outcome.ts';

/** The part of a cycle inside one thread: from the access the cycle comes in by to the one it leaves by. */
export interface Leg {
  readonly thread: number;
  readonly first: WitnessEvent;
  readonly last: WitnessEvent;
  /** The edge by which the cycle leaves `last` for the next leg. */
  readonly leaves: WitnessEdge;
}

/** The legs of a shortest cycle, in order; undefined where the execution has none. */
export function criticalCycle(witness: Witness): readonly Leg[] | undefined {
  const after = programOrder(witness);
  const steps = communication(witness);
  const follows = (left: WitnessEdge, right: WitnessEdge) =>
    left.to === right.from || after[left.to]!.has(right.from);
  const cycles = steps.flatMap((start) => shortestFrom(start, steps, follows) ?? []);
  const [shortest] = cycles.toSorted((left, right) => left.edges.length - right.edges.length);
  return shortest && legsOf(shortest.edges, witness.events);
}

interface Cycle {
  readonly edges: readonly WitnessEdge[];
}

/** Breadth first over communication edges, joined by program order, back to `start`. */
function shortestFrom(
  start: WitnessEdge,
  steps: readonly WitnessEdge[],
  follows: (left: WitnessEdge, right: WitnessEdge) => boolean,
): Cycle | undefined {
  const reached = new Map<WitnessEdge, WitnessEdge | undefined>([[start, undefined]]);
  for (const edge of reached.keys()) {
    if (edge !== start && follows(edge, start)) return { edges: pathTo(edge, reached) };
    for (const next of steps)
      if (!reached.has(next) && follows(edge, next)) reached.set(next, edge);
  }
  return undefined;
}

function pathTo(
  edge: WitnessEdge,
  reached: ReadonlyMap<WitnessEdge, WitnessEdge | undefined>,
): readonly WitnessEdge[] {
  const before = reached.get(edge);
  return before === undefined ? [edge] : [...pathTo(before, reached), edge];
}

function legsOf(
  cycle: readonly WitnessEdge[],
  events: readonly WitnessEvent[],
): readonly Leg[] {
  return cycle.map((leaves, at) => {
    const comes = cycle.at(at - 1)!;
    const first = events[comes.to]!;
    return { thread: first.thread, first, last: events[leaves.from]!, leaves };
  });
}

/** For each event the events after it in its thread. */
function programOrder({ events, edges }: Witness): readonly ReadonlySet<number>[] {
  const after = events.map(() => new Set<number>());
  const next = events.map(() => [] as number[]);
  for (const { relation, from, to } of edges) if (relation === 'po') next[from]!.push(to);
  const visit = (from: number, at: number): void => {
    for (const to of next[at]!)
      if (!after[from]!.has(to)) {
        after[from]!.add(to);
        visit(from, to);
      }
  };
  for (const { index } of events) visit(index, index);
  return after;
}

/** rf, co and fr between different threads; co and fr also to the writes that follow in co. */
function communication({ events, edges }: Witness): readonly WitnessEdge[] {
  const overwrites = new Map<number, readonly number[]>();
  for (const { relation, from, to } of edges)
    if (relation === 'co') overwrites.set(from, [...(overwrites.get(from) ?? []), to]);
  const later = (write: number): readonly number[] =>
    (overwrites.get(write) ?? []).flatMap((next) => [next, ...later(next)]);
  const all = edges.flatMap((edge): readonly WitnessEdge[] => {
    if (edge.relation === 'rf') return [edge];
    if (edge.relation !== 'co' && edge.relation !== 'fr') return [];
    return [edge, ...later(edge.to).map((to) => ({ ...edge, to }))];
  });
  const thread = (event: number) => events[event]!.thread;
  return all.filter(
    ({ from, to }) => thread(from) >= 0 && thread(to) >= 0 && thread(from) !== thread(to),
  );
}
