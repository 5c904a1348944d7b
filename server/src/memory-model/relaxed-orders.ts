/** What the relaxations of a program take away from the events of one structure. */

import type { Origin, Relaxation } from '../program/program.ts';
import { type EventSet, inSet, setOf } from './relation.ts';
import type { AddressSpace } from './value.ts';

/** Events are named by their index. */
export interface RelaxedOrders {
  /** Whether something that the event gives is taken away. */
  readonly touches: (device: number) => boolean;
  /** Whether all is taken away that the event could order in this structure. */
  readonly takesAll: (device: number) => boolean;
  /** Whether what `device` orders between these two accesses is taken away. */
  readonly takes: (device: number, before: number, after: number) => boolean;
}

/** What is asked of an event. */
interface PlacedEvent {
  /** The number of the location in the address space; undefined for fences. */
  readonly location: number | undefined;
  readonly origin: Origin | undefined;
}

/** The accesses that a relaxation is about. */
interface Ends {
  readonly before: EventSet;
  readonly after: EventSet;
}

/** Undefined where nothing is relaxed. */
export function relaxedOrders(
  relaxations: readonly Relaxation[],
  events: readonly PlacedEvent[],
  space: AddressSpace,
): RelaxedOrders | undefined {
  if (relaxations.length === 0) return undefined;
  const accesses = accessesTo(events, space);
  const bySite = new Map<string, Ends[]>();
  for (const { site, before, after } of relaxations) {
    const ends = { before: accesses(before), after: accesses(after) };
    const known = bySite.get(site);
    if (known === undefined) bySite.set(site, [ends]);
    else known.push(ends);
  }
  const located = setOf(events.length, (index) => events[index]!.location !== undefined);
  const isAll = (set: EventSet) => located.every((word, at) => (word & ~set[at]!) === 0);
  const whole = new Set<string>();
  for (const [site, ends] of bySite)
    if (ends.some(({ before, after }) => isAll(before) && isAll(after))) whole.add(site);
  const siteOf = (device: number) => events[device]!.origin?.site ?? '';
  return {
    touches: (device) => bySite.has(siteOf(device)),
    takesAll: (device) => whole.has(siteOf(device)),
    takes: (device, before, after) =>
      bySite
        .get(siteOf(device))
        ?.some((ends) => inSet(ends.before, before) && inSet(ends.after, after)) === true,
  };
}

/** The events that access one of the named locations; a list that comes often is looked at once. */
function accessesTo(events: readonly PlacedEvent[], { names }: AddressSpace) {
  const known = new Map<readonly string[], EventSet>();
  return (listed: readonly string[]): EventSet => {
    const set =
      known.get(listed) ??
      setOf(events.length, (index) => {
        const { location } = events[index]!;
        return location !== undefined && listed.includes(names[location]!);
      });
    known.set(listed, set);
    return set;
  };
}
