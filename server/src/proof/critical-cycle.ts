/**
 * Why an execution is not sequentially consistent: short cycles of program order inside threads and
 * communication between them (critical cycles of Shasha and Snir). Each of its legs is an order that
 * the execution does not keep, or keeps in vain because another leg is not kept.
 */

import { type CandidateExecution, communicationOf } from '../memory-model/candidate.ts';
import type { ExecutionEvent } from '../memory-model/event-structure.ts';
import { has, inSet, intersection, pairsOf, union } from '../memory-model/relation.ts';

/** The part of a cycle inside one thread: from the access the cycle comes in by to the one it leaves by. */
export interface Leg {
  readonly first: ExecutionEvent;
  readonly last: ExecutionEvent;
}

type Edge = readonly [from: number, to: number];

/** Cycles of more communication edges than this, and more cycles than that, are not looked for. */
const LONGEST = 3;
const MOST = 64;

const KNOWN = new WeakMap<CandidateExecution, readonly (readonly Leg[])[]>();

/** The legs of each short cycle, in order, the shortest cycles first; none where there is no cycle. They
 *  are found once for an execution. */
export function criticalCycles(execution: CandidateExecution): readonly (readonly Leg[])[] {
  const known = KNOWN.get(execution) ?? cyclesOf(execution);
  KNOWN.set(execution, known);
  return known;
}

function cyclesOf(execution: CandidateExecution): readonly (readonly Leg[])[] {
  const { structure } = execution;
  const { events, po, ext } = structure;
  const { rf, co, fr } = communicationOf(execution);
  const steps = pairsOf(intersection(union(rf, co, fr), ext)).filter(
    ([from]) => events[from]!.thread >= 0,
  );
  const follows = ([, comes]: Edge, [leaves]: Edge) => comes === leaves || has(po, comes, leaves);
  const next = steps.map((step) =>
    steps.flatMap((other, at) => (follows(step, other) ? [at] : [])),
  );
  const cycles: (readonly number[])[] = [];
  const extend = (path: readonly number[]): void => {
    const [first, following] = [path[0]!, next[path.at(-1)!]!];
    if (path.length > 1 && following.includes(first)) cycles.push(path);
    if (path.length === LONGEST || cycles.length >= MOST) return;
    for (const step of following) if (step > first && !path.includes(step)) extend([...path, step]);
  };
  // Each cycle is found once, from the first of its edges.
  for (let step = 0; step < steps.length; step++) extend([step]);
  return cycles
    .toSorted((left, right) => left.length - right.length)
    .map((cycle) =>
      legsOf(
        cycle.map((step) => steps[step]!),
        events,
      ),
    );
}

function legsOf(cycle: readonly Edge[], events: readonly ExecutionEvent[]): readonly Leg[] {
  return cycle.map(([leaves], at) => ({
    first: events[cycle.at(at - 1)![1]]!,
    last: events[leaves]!,
  }));
}

/** The sites that stand on a leg the right way round: fences between its two accesses, the acquire or
 *  dependency it begins with, the release it ends in. */
export function sitesOnLeg(execution: CandidateExecution, leg: Leg): ReadonlySet<string> {
  return sitesWith(execution, leg, () => true);
}

/** Those of them that order such accesses: a read barrier two reads, a write barrier two writes. */
export function sitesKeeping(execution: CandidateExecution, leg: Leg): ReadonlySet<string> {
  const { Noreturn } = execution.structure.sets;
  const isOrdered: Readonly<Record<string, (event: ExecutionEvent) => boolean>> = {
    rmb: ({ kind, index }) => kind === 'read' && !inSet(Noreturn, index),
    wmb: ({ kind }) => kind === 'write',
  };
  const ends = [leg.first, leg.last];
  return sitesWith(execution, leg, ({ tag }) => ends.every(isOrdered[tag] ?? (() => true)));
}

function sitesWith(
  { structure }: CandidateExecution,
  { first, last }: Leg,
  isKept: (fence: ExecutionEvent) => boolean,
): ReadonlySet<string> {
  const { events, po, sets } = structure;
  const standing = new Set<string>();
  for (const event of events) {
    const { index, kind, origin } = event;
    if (origin === undefined) continue;
    const stands =
      kind === 'fence'
        ? has(po, first.index, index) && has(po, index, last.index) && isKept(event)
        : (index === first.index && kind === 'read') ||
          (index === last.index && inSet(sets.Release, index));
    if (stands) standing.add(origin.site);
  }
  return standing;
}
