/** What lies before and after a place of one function: accesses and calls with the steps to them. */

import { type AlwaysMet, keyOf } from './always-met.ts';
import type { AccessEvent, CallEvent, Event } from './events.ts';
import type { Access } from './file-facts.ts';
import { type Direction, distancesFrom, type Flow } from './flow.ts';

/** An event of a flow with its place. */
export interface Placed<E extends Event = Event> {
  readonly event: E;
  readonly step: number;
  readonly at: number;
}

/** An access or call seen from a place: steps between, and whether every path there meets it. */
export interface Met<E extends Event = AccessEvent | CallEvent> {
  readonly event: E;
  readonly distance: number;
  readonly on: Access['on'];
}

/** Further away nothing is looked for: nobody reads a barrier as being about it. */
const FARTHEST = 150;

/** What every path, or some path, from `place` meets in a direction, nearest first: of the events that
 *  `counts` accepts, each key once. Going round a loop leads to what follows the loop, but not to what
 *  stands before the place in it. */
export function reachOf(
  flow: Flow,
  met: AlwaysMet,
  place: Placed,
  direction: Direction,
  counts: (event: Met['event']) => boolean,
): readonly Met[] {
  const distances = distancesFrom(flow, place.step, direction);
  const always = direction === 'forward' ? met.after : met.before;
  const nearest = new Map<string, Met>();
  for (const [event, distance] of eventsBeyond(flow, place, distances, direction)) {
    const key = keyOf(event);
    if (key === undefined || !counts(event as Met['event'])) continue;
    if ((nearest.get(key)?.distance ?? FARTHEST + 1) <= distance) continue;
    const on = always(place.step, place.at, key) ? 'every-path' : 'some-path';
    nearest.set(key, { event: event as Met['event'], distance, on });
  }
  const sign = direction === 'forward' ? 1 : -1;
  return [...nearest.values()].sort(
    (a, b) => a.distance - b.distance || sign * (a.event.span.start - b.event.span.start),
  );
}

/** The events in a direction with their distances: those of the same step are one step away. */
function eventsBeyond(
  flow: Flow,
  { step, at }: Placed,
  distances: Int32Array,
  direction: Direction,
): readonly (readonly [Event, number])[] {
  const here = flow.events[step]!;
  const found: (readonly [Event, number])[] = (
    direction === 'forward' ? here.slice(at + 1) : here.slice(0, at).reverse()
  ).map((event) => [event, 1]);
  flow.events.forEach((events, other) => {
    const distance = distances[other]!;
    const isBeyond = direction === 'forward' ? other > step : other < step;
    if (!isBeyond || distance < 0 || distance > FARTHEST) return;
    const nearFirst = direction === 'forward' ? events : events.toReversed();
    for (const event of nearFirst) found.push([event, Math.max(1, distance)]);
  });
  return found;
}
