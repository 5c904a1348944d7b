/** What a program's events are to a model: the sets and relations that herd defines before its first line. */

import type { EventStructure, ExecutionEvent } from '../memory-model/event-structure.ts';
import {
  difference,
  type EventSet,
  forEachPair,
  identityOn,
  inSet,
  type Relation,
  relationOf,
  setOf,
} from '../memory-model/relation.ts';
import type { Base } from './interpret.ts';

/**
 * How a read-modify-write shows what it orders. Up to Linux 6.13 (herd's variant lkmmv1) a fully ordered
 * one stands between two fences, and of the others the read or the write bears the tag. From then on
 * (lkmmv2) both bear the tag that the `.def` file gives, and the bell file says what it means.
 */
export type Representation = 'fenced' | 'tagged';

/** An execution as herd hands it to a model, before `lock.cat` has put lock events into R and W. */
export function baseOf(structure: EventStructure, representation: Representation): Base {
  const { size, po, addr, data, ctrl, loc, int, ext } = structure;
  const everything = setOf(size, () => true);
  return {
    size,
    sets: baseSets(structure, representation),
    relations: new Map<string, Relation>([
      ['po', po],
      ['addr', addr],
      ['data', data],
      ['ctrl', ctrl],
      ['rmw', withoutLocks(structure)],
      ['loc', loc],
      ['int', int],
      ['ext', ext],
      ['id', identityOn(size, everything)],
    ]),
    finals: observedWrites(structure),
  };
}

/** The ordinary writes of each location whose value at the end is asked for. */
function observedWrites({ events, sets }: EventStructure): readonly (readonly number[])[] {
  const groups = new Map<number | undefined, number[]>();
  for (const { index, kind, location } of events)
    if (kind === 'write' && inSet(sets.observed, index))
      groups.set(location, [...(groups.get(location) ?? []), index]);
  return [...groups.values()];
}

/** The sets by herd's names, and one for each tag: `before-atomic` is the set `Before-atomic`. */
function baseSets(
  structure: EventStructure,
  representation: Representation,
): Map<string, EventSet> {
  const { size, events, sets } = structure;
  const tags = representation === 'fenced' ? events.map(({ tag }) => tag) : newTags(structure);
  const where = (holds: (event: ExecutionEvent) => boolean): EventSet =>
    setOf(size, (index) => holds(events[index]!));
  const named = new Map<string, EventSet>([
    ['R', where(({ kind }) => kind === 'read')],
    ['W', where(({ kind }) => kind === 'write')],
    ['M', where(({ kind }) => kind === 'read' || kind === 'write')],
    ['F', where(({ kind, index }) => kind === 'fence' && tags[index] !== '')],
    ['LKR', where(({ kind }) => kind === 'lock-read')],
    ['LKW', where(({ kind }) => kind === 'lock-write')],
    ['UL', where(({ kind }) => kind === 'unlock')],
    ['LF', where(({ kind }) => kind === 'lock-fail')],
    ['RL', where(({ kind }) => kind === 'read-locked')],
    ['RU', where(({ kind }) => kind === 'read-unlocked')],
    ['IW', sets.IW],
    ['RMW', sets.RMW],
  ]);
  for (const tag of new Set(tags)) {
    const name = tag.charAt(0).toUpperCase() + tag.slice(1);
    if (tag !== '' && !named.has(name))
      named.set(
        name,
        where(({ index }) => tags[index] === tag),
      );
  }
  return named;
}

/** The tags that newer kernels write in capitals. */
const IN_CAPITALS = new Set(['once', 'acquire', 'release', 'noreturn', 'mb']);

/** The tags of the newer representation. The fences around read-modify-writes are none there: without a
 *  tag they have no effect. The read of one that failed is in RMW, and whatever its tag is, it orders
 *  nothing. */
function newTags({ events, rmw }: EventStructure): readonly string[] {
  const placeOf = ({ thread, span }: ExecutionEvent) => `${thread}:${span.start}-${span.end}`;
  const atomic = new Set(events.filter((event) => event.atomic).map(placeOf));
  const wraps = (event: ExecutionEvent) => event.tag === 'mb' && atomic.has(placeOf(event));
  const wrapped = new Set(events.filter(wraps).map(placeOf));
  const tags = events.map((event) => (wraps(event) ? '' : event.tag));
  forEachPair(rmw, (read, write) => {
    const [first, second] = [tags[read]!, tags[write]!];
    const isWrapped = wrapped.has(placeOf(events[read]!));
    const order = isWrapped ? 'mb' : first === 'once' ? second : first;
    if (events[read]!.kind === 'read') tags[read] = tags[write] = order;
  });
  return tags.map((tag) => (IN_CAPITALS.has(tag) ? tag.toUpperCase() : tag));
}

/** The pairs of LKR and LKW are for `lock.cat` to find. */
function withoutLocks({ size, rmw, sets: { LKR } }: EventStructure): Relation {
  const ofLocks = new Set<number>();
  forEachPair(rmw, (read) => {
    if (inSet(LKR, read)) ofLocks.add(read);
  });
  return difference(
    rmw,
    relationOf(size, (read) => ofLocks.has(read)),
  );
}
