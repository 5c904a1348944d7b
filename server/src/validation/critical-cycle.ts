/**
 * Why an execution is not sequentially consistent: a shortest cycle of program order inside threads and
 * communication between them (a critical cycle of Shasha and Snir). Each of its legs is an order that
 * the execution does not keep, or keeps in vain because another leg is not kept.
 */

import { type CandidateExecution, communicationOf } from '../memory-model/candidate.ts';
import type { ExecutionEvent } from '../memory-model/event-structure.ts';
import { has, intersection, pairsOf, union } from '../memory-model/relation.ts';

/** The part of a cycle inside one thread: from the access the cycle comes in by to the one it leaves by. */
export interface Leg {
  readonly first: ExecutionEvent;
  readonly last: ExecutionEvent;
}

type Edge = readonly [from: number, to: number];

/** The legs of a shortest cycle, in order; none where the execution has no cycle. */
export function criticalCycle(execution: CandidateExecution): readonly Leg[] {
  const { structure } = execution;
  const { events, po, ext } = structure;
  const { rf, co, fr } = communicationOf(execution);
  const steps = pairsOf(intersection(union(rf, co, fr), ext)).filter(
    ([from]) => events[from]!.thread >= 0,
  );
  const follows = (left: Edge, right: Edge) => left[1] === right[0] || has(po, left[1], right[0]);
  let shortest: readonly Edge[] | undefined;
  for (const start of steps) {
    const cycle = shortestFrom(start, steps, follows, shortest?.length ?? Number.POSITIVE_INFINITY);
    if (cycle !== undefined) shortest = cycle;
  }
  return legsOf(shortest ?? [], events);
}

/** Breadth first over communication edges, joined by program order, back to `start`; undefined where no
 *  cycle is shorter than `limit`. */
function shortestFrom(
  start: Edge,
  steps: readonly Edge[],
  follows: (left: Edge, right: Edge) => boolean,
  limit: number,
): readonly Edge[] | undefined {
  const paths = new Map<Edge, readonly Edge[]>([[start, [start]]]);
  for (const [edge, path] of paths) {
    if (path.length >= limit) return undefined;
    if (path.length > 1 && follows(edge, start)) return path;
    for (const next of steps)
      if (!paths.has(next) && follows(edge, next)) paths.set(next, [...path, next]);
  }
  return undefined;
}

function legsOf(cycle: readonly Edge[], events: readonly ExecutionEvent[]): readonly Leg[] {
  return cycle.map(([leaves], at) => ({
    first: events[cycle.at(at - 1)![1]]!,
    last: events[leaves]!,
  }));
}

/** The sites of the fences, releases, acquires and dependencies that stand on a leg. */
export function sitesOnLeg(
  { structure }: CandidateExecution,
  { first, last }: Leg,
): ReadonlySet<string> {
  const { events, po } = structure;
  const standing = events.filter(
    ({ index, kind }) =>
      index === first.index ||
      index === last.index ||
      (kind === 'fence' && has(po, first.index, index) && has(po, index, last.index)),
  );
  return new Set(standing.flatMap(({ origin }) => origin?.site ?? []));
}
