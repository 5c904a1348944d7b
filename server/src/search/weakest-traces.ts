/**
 * Of traces that differ only in what no other thread sees and in what orders more, the one that orders the least is
 * enough: an execution with another of them, without what that one has more, is an execution with this one, and
 * the model allows it all the more, for each of its relations only grows with events, fences and dependencies.
 */

import { has } from '../memory-model/relation.ts';
import type { Trace } from '../memory-model/thread-paths.ts';

/**
 * By thread the traces without those that another one stands for. Whatever holds of an execution by what is accessed at
 * locations that `isAsked`, or that several threads access, holds of one with the traces that are left; its other accesses,
 * its registers and what it does not need to order it may lack.
 */
export function weakestTraces(
  threads: readonly (readonly Trace[])[],
  isAsked: (location: number) => boolean,
): readonly (readonly Trace[])[] {
  const accessed = threads.map((traces) => new Set(traces.flatMap(({ locations }) => locations)));
  return threads.map((traces, thread) => {
    const isSeen = (location: number) =>
      isAsked(location) ||
      accessed.some((others, other) => other !== thread && others.has(location));
    return withoutStronger(traces, isSeen);
  });
}

/** A way through a thread, or through its beginning. */
export type Way = Pick<
  Trace,
  'events' | 'locations' | 'values' | 'crowded' | 'constraints' | 'equations' | 'stop' | 'relations'
>;

/** A way, and which of its events each one has to have that stands for it. */
export interface Placed {
  readonly way: Way;
  readonly isKept: IsIn;
}

type IsIn = (index: number) => boolean;

function withoutStronger(
  traces: readonly Trace[],
  isSeen: (location: number) => boolean,
): readonly Trace[] {
  const kept = keptLocations(traces, isSeen);
  const alike = new Map<string, Placed[]>();
  const stronger = new Set<Trace>();
  const originNumbers = new Map<unknown, number>();
  for (const trace of traces.toSorted((a, b) => a.events.length - b.events.length)) {
    const isKept = keptEvents(trace, kept);
    const key = keyOf(trace, isKept, originNumbers);
    if (key === undefined) continue;
    const weaker = alike.get(key) ?? [];
    const placed = { way: trace, isKept };
    if (weaker.some((each) => standsFor(each, placed))) stronger.add(trace);
    else alike.set(key, [...weaker, placed]);
  }
  return traces.filter((trace) => !stronger.has(trace));
}

/** The locations all accesses to which count. What is only stored to a location that no other thread sees does no more than
 *  order, nor does a lock that no other thread takes. */
function keptLocations(
  traces: readonly Trace[],
  isSeen: (location: number) => boolean,
): ReadonlySet<number> {
  const kept = new Set<number>();
  for (const { events, locations } of traces)
    for (const [index, { kind }] of events.entries()) {
      const location = locations[index];
      if (location !== undefined && (isSeen(location) || !ONLY_ORDERS.has(kind)))
        kept.add(location);
    }
  return kept;
}

/** Whether an event has to be there, where what is at the `kept` locations counts. */
export function keptEvents({ events, locations }: Way, kept: ReadonlySet<number>): IsIn {
  return (index) => {
    const location = locations[index];
    const { kind, tag } = events[index]!;
    return location === undefined ? kind !== 'fence' || !FENCES.has(tag) : kept.has(location);
  };
}

/** What can do no more than order where nobody else accesses the location. */
export const ONLY_ORDERS: ReadonlySet<string> = new Set([
  'write',
  'lock-read',
  'lock-write',
  'unlock',
]);

/** The fences of `linux-kernel.cat` that only order; those of RCU are counted against one another. */
const FENCES: ReadonlySet<string> = new Set([
  'mb',
  'rmb',
  'wmb',
  'barrier',
  'before-atomic',
  'after-atomic',
  'after-spinlock',
  'after-unlock-lock',
]);

/** Equal for ways whose kept events are the same; undefined where a way is only its own like. */
export function keyOf(
  { events, locations, values, crowded, constraints, equations, stop }: Way,
  isKept: IsIn,
  originNumbers: Map<unknown, number>,
): string | undefined {
  if (stop !== undefined || crowded.size > 0) return undefined;
  const isOpen = constraints.length + equations.length > 0;
  const parts: string[] = [];
  let instance = -1;
  for (const [index, event] of events.entries()) {
    if (isOpen && event.kind === 'read' && values[index] === undefined) return undefined;
    if (!isKept(index)) continue;
    const { kind, tag, atomic, origin } = event;
    const number = originNumbers.get(origin) ?? originNumbers.size;
    originNumbers.set(origin, number);
    const isJoined = event.instance === instance;
    instance = event.instance;
    parts.push(
      `${kind} ${tag} ${atomic} ${locations[index]} ${values[index]} ${number} ${isJoined}`,
    );
  }
  return parts.join();
}

/** Whether all events of `weak` are among those of `strong`, the kept ones as they are, with no other order. */
function standsFor(weak: Placed, strong: Placed): boolean {
  return ordersLess(weak, strong) !== undefined;
}

/** By event of `weak` the same event of `strong`, where that has all events and the same order or more; else undefined. */
export function ordersLess(weak: Placed, strong: Placed): readonly number[] | undefined {
  const to = embedding(weak, strong);
  if (to === undefined || !hasLoads(weak.way)) return to;
  const [one, other] = [weak.way.relations(), strong.way.relations()];
  if (one === other && to.every((index, at) => index === at)) return to;
  const isLess = to.every((left, from) =>
    to.every((right, at) => {
      const isIn = (relation: 'addr' | 'data' | 'ctrl') =>
        !has(one[relation], from, at) || has(other[relation], left, right);
      return (
        has(one.po, from, at) === has(other.po, left, right) &&
        (['addr', 'data', 'ctrl'] as const).every(isIn)
      );
    }),
  );
  return isLess ? to : undefined;
}

/** Whether a way has anything on which something may depend, or that is part of one instruction with other accesses than
 *  those of a lock: without, its events are ordered as they stand. */
export function hasLoads({ events }: Way): boolean {
  return events.some(({ kind }) => !LOADLESS.has(kind));
}

const LOADLESS: ReadonlySet<string> = new Set([
  'write',
  'fence',
  'lock-read',
  'lock-write',
  'unlock',
]);

/** By event of `weak` the same event of `strong`, which has all that is kept there; undefined where there is none. */
function embedding(weak: Placed, strong: Placed): readonly number[] | undefined {
  const to: number[] = [];
  const { events } = weak.way;
  for (const [index, event] of strong.way.events.entries()) {
    const at = to.length;
    const next = events[at];
    const isSame =
      next !== undefined &&
      next.kind === event.kind &&
      next.tag === event.tag &&
      next.origin?.site === event.origin?.site &&
      weak.way.locations[at] === strong.way.locations[index] &&
      weak.isKept(at) === strong.isKept(index);
    if (isSame) to.push(index);
    else if (strong.isKept(index)) return undefined;
  }
  return to.length === events.length ? to : undefined;
}
