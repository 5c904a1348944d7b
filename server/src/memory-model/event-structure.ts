/** One combination of control paths as a whole: its events with their locations, and all that po decides. */

import type { Origin } from '../program/program.ts';
import type { Span } from '../text/span.ts';
import type { EventKind, ThreadEvent } from './instruction-graph.ts';
import {
  addMoved,
  addPair,
  addTo,
  between,
  chain,
  complementOf,
  difference,
  type EventSet,
  emptyRelation,
  emptySet,
  forEachPair,
  from,
  has,
  inSet,
  intersection,
  into,
  isEmptySet,
  type Relation,
  relationOfRows,
  setOf,
  unionOfSets,
} from './relation.ts';
import { type RelaxedOrders, relaxedOrders } from './relaxed-orders.ts';
import type { Scope } from './scope.ts';
import type { ThreadPath } from './thread-paths.ts';
import { type AddressSpace, addressOf, locationOf } from './value.ts';

/** An event of an execution. Initial writes come first; their thread is `INITIAL`. */
export interface ExecutionEvent {
  readonly index: number;
  readonly thread: number;
  readonly kind: EventKind;
  readonly tag: string;
  readonly atomic: boolean;
  /** The number of the location in the address space; undefined for fences. */
  readonly location: number | undefined;
  readonly span: Span;
  readonly origin: Origin | undefined;
}

/** The "thread" of the initial writes. */
export const INITIAL = -1;

/** A combination of paths whose locations are known: what stays the same for every rf and co. */
export interface EventStructure {
  readonly size: number;
  readonly events: readonly ExecutionEvent[];
  readonly paths: readonly ThreadPath[];
  /** The index of the first event of each thread. */
  readonly offsets: readonly number[];
  /** What the program's relaxations take away; undefined where there are none. */
  readonly relaxed: RelaxedOrders | undefined;
  readonly space: AddressSpace;
  readonly sets: EventSets;
  readonly po: Relation;
  readonly addr: Relation;
  readonly data: Relation;
  readonly ctrl: Relation;
  readonly rmw: Relation;
  readonly loc: Relation;
  readonly poLoc: Relation;
  readonly int: Relation;
  readonly ext: Relation;
  /** From each LKW to the UL that ends its critical section. */
  readonly critical: Relation;
}

/** The sets of `linux-kernel.bell` and `lock.cat`, after the latter has put locks into R and W. */
export interface EventSets {
  readonly IW: EventSet;
  readonly R: EventSet;
  readonly W: EventSet;
  readonly M: EventSet;
  readonly Marked: EventSet;
  readonly Plain: EventSet;
  readonly Acquire: EventSet;
  readonly Release: EventSet;
  readonly Noreturn: EventSet;
  readonly RMW: EventSet;
  readonly LKR: EventSet;
  readonly LKW: EventSet;
  readonly UL: EventSet;
  /** All lock events. */
  readonly locks: EventSet;
  /** All that is at a location whose value at the end is asked for: one of them is in `FW`. */
  readonly observed: EventSet;
  /** The events with a tag: `tagged('rcu-lock')`. */
  readonly tagged: (tag: string) => EventSet;
}

/** Puts paths, one a thread, together. `locations` holds, per path, the location number of each of
 *  its events (undefined for those that have none). */
export function eventStructure(
  scope: Scope,
  paths: readonly ThreadPath[],
  locations: readonly (readonly (number | undefined)[])[],
): EventStructure {
  const { program, space } = scope;
  const events = initialWrites(scope, locations);
  const offsets: number[] = [];
  for (const [thread, path] of paths.entries()) {
    offsets.push(events.length);
    for (const [index, event] of path.events.entries())
      events.push({
        index: events.length,
        thread,
        kind: event.kind,
        tag: event.tag,
        atomic: event.atomic,
        location: locations[thread]![index],
        span: event.span,
        origin: event.origin,
      });
  }
  const size = events.length;
  const po = place(size, paths, offsets, 'po');
  const loc = alike(events, ({ location }) => location);
  const sameThread = alike(events, ({ thread }) => thread);
  const poLoc = intersection(po, loc);
  const rmw = readModifyWrites(size, paths, offsets, po, poLoc);
  const sets = eventSets(scope, events, rmw);
  const relaxed = relaxedOrders(program.relaxations ?? [], events, space);
  const dependency = (name: 'addr' | 'data' | 'ctrl') =>
    withoutTaken(place(size, paths, offsets, name), relaxed);
  return {
    size,
    events,
    paths,
    offsets,
    relaxed,
    space,
    sets,
    po,
    addr: dependency('addr'),
    data: dependency('data'),
    ctrl: dependency('ctrl'),
    rmw,
    loc,
    poLoc,
    int: from(
      setOf(size, (index) => events[index]!.thread !== INITIAL),
      sameThread,
    ),
    ext: complementOf(sameThread),
    critical: criticalSections(sets, poLoc),
  };
}

/** The structure as it is when nothing is relaxed. */
export function unrelaxed(structure: EventStructure): EventStructure {
  const { size, paths, offsets, relaxed } = structure;
  if (relaxed === undefined) return structure;
  return {
    ...structure,
    relaxed: undefined,
    addr: place(size, paths, offsets, 'addr'),
    data: place(size, paths, offsets, 'data'),
    ctrl: place(size, paths, offsets, 'ctrl'),
  };
}

/** Relates the events that have the same key; those without a key to none. */
function alike(
  events: readonly ExecutionEvent[],
  keyOf: (event: ExecutionEvent) => number | undefined,
): Relation {
  const groups = new Map<number, EventSet>();
  const groupOf = (event: ExecutionEvent) => {
    const key = keyOf(event);
    return key === undefined ? undefined : groups.get(key);
  };
  for (const event of events) {
    const key = keyOf(event);
    if (key === undefined) continue;
    const group = groups.get(key) ?? emptySet(events.length);
    addTo(group, event.index);
    groups.set(key, group);
  }
  return relationOfRows(events.length, (index) => groupOf(events[index]!));
}

/** One write for each location that an event touches. */
function initialWrites(
  { program }: Scope,
  locations: readonly (readonly (number | undefined)[])[],
): ExecutionEvent[] {
  const touched = new Set(locations.flat().filter((location) => location !== undefined));
  const numbers = [...touched].sort((left, right) => left - right);
  return numbers.map((location, index) => ({
    index,
    thread: INITIAL,
    kind: 'write',
    tag: 'plain',
    atomic: false,
    location,
    span: program.initial[0]?.span ?? { start: 0, end: 0 },
    origin: undefined,
  }));
}

/** A relation of the paths, moved to where their events stand. */
function place(
  size: number,
  paths: readonly ThreadPath[],
  offsets: readonly number[],
  name: 'po' | 'addr' | 'data' | 'ctrl',
): Relation {
  const result = emptyRelation(size);
  for (let thread = 0; thread < paths.length; thread++)
    addMoved(result, paths[thread]!.relations()[name], offsets[thread]!);
  return result;
}

/**
 * Pairs of an atomic read and an atomic write of one instruction, in this order, with no other atomic access
 * between them; and of LKR with LKW likewise (`lock.cat`: `lk-rmw`). An instruction of several
 * read-modify-writes, which are not ordered among themselves, may have one in several pairs.
 */
function readModifyWrites(
  size: number,
  paths: readonly ThreadPath[],
  offsets: readonly number[],
  po: Relation,
  poLoc: Relation,
): Relation {
  const result = emptyRelation(size);
  for (const [thread, { events }] of paths.entries()) {
    const offset = offsets[thread]!;
    for (const [index, read] of events.entries()) {
      const partner = PARTNERS[read.kind];
      if (partner === undefined || !isAtomic(read)) continue;
      for (let other = index + 1; other < events.length; other++) {
        const write = events[other]!;
        if (write.instance !== read.instance) break;
        if (write.kind !== partner || !isAtomic(write)) continue;
        if (!has(poLoc, offset + index, offset + other)) continue;
        const isBetween = (event: ThreadEvent, at: number) =>
          (event.atomic || partner === 'lock-write') &&
          has(po, offset + index, offset + at) &&
          has(po, offset + at, offset + other);
        if (!events.some(isBetween)) addPair(result, offset + index, offset + other);
      }
    }
  }
  return result;
}

const PARTNERS: { readonly [kind in EventKind]?: EventKind } = {
  read: 'write',
  'lock-read': 'lock-write',
};

function isAtomic({ kind, atomic }: ThreadEvent): boolean {
  return atomic || kind === 'lock-read' || kind === 'lock-write';
}

/** `([LKW] ; po-loc ; [UL]) \ (po-loc ; [LKW | UL] ; po-loc)` */
function criticalSections({ LKW, UL }: EventSets, poLoc: Relation): Relation {
  if (isEmptySet(LKW)) return emptyRelation(poLoc.size);
  const overlapped = chain(into(poLoc, unionOfSets(LKW, UL)), poLoc);
  return difference(between(LKW, poLoc, UL), overlapped);
}

/** Takes the pairs away that the event they start from orders in vain. */
function withoutTaken(relation: Relation, relaxed: RelaxedOrders | undefined): Relation {
  if (relaxed === undefined) return relation;
  const result = emptyRelation(relation.size);
  forEachPair(relation, (left, right) => {
    if (!relaxed.takes(left, left, right)) addPair(result, left, right);
  });
  return result;
}

const READS = new Set<EventKind>([
  'read',
  'lock-read',
  'lock-fail',
  'read-locked',
  'read-unlocked',
]);
const WRITES = new Set<EventKind>(['write', 'lock-write', 'unlock']);
const MARKS = new Set(['once', 'acquire', 'release', 'noreturn']);

function eventSets(scope: Scope, events: readonly ExecutionEvent[], rmw: Relation): EventSets {
  const size = events.length;
  const asked = askedLocations(scope);
  const make = () => emptySet(size);
  const [IW, R, W, M, Marked, Plain] = [make(), make(), make(), make(), make(), make()];
  const [Acquire, Release, RMW, LKR, LKW, UL] = [make(), make(), make(), make(), make(), make()];
  const locks = make();
  const inRmw = make();
  forEachPair(rmw, (read, write) => {
    addTo(inRmw, read);
    addTo(inRmw, write);
  });
  const tags = new Map<string, EventSet>();
  for (const { index, thread, kind, tag, atomic } of events) {
    const isAccess = kind === 'read' || kind === 'write';
    const isMarked = !isAccess || thread === INITIAL || MARKS.has(tag) || inSet(inRmw, index);
    addTo(isMarked ? Marked : Plain, index);
    if (thread === INITIAL) addTo(IW, index);
    if (READS.has(kind)) addTo(R, index);
    if (WRITES.has(kind)) addTo(W, index);
    if (READS.has(kind) || WRITES.has(kind)) addTo(M, index);
    if (tag === 'acquire' || kind === 'lock-read') addTo(Acquire, index);
    if (tag === 'release' || kind === 'unlock') addTo(Release, index);
    if (atomic) addTo(RMW, index);
    if (kind === 'lock-read') addTo(LKR, index);
    if (kind === 'lock-write') addTo(LKW, index);
    if (kind === 'unlock') addTo(UL, index);
    if (isLock(kind)) addTo(locks, index);
    const own = tags.get(tag) ?? make();
    tags.set(tag, own);
    addTo(own, index);
  }
  const none = make();
  const tagged = (tag: string) => tags.get(tag) ?? none;
  const Noreturn = tagged('noreturn');
  const observed = setOf(size, (index) => asked.has(events[index]!.location));
  const locked = { LKR, LKW, UL, locks, observed };
  return { IW, R, W, M, Marked, Plain, Acquire, Release, Noreturn, RMW, ...locked, tagged };
}

/** The locations whose value at the end is asked for. */
function askedLocations({ space, tracked }: Scope): ReadonlySet<number | undefined> {
  const asked = new Set<number | undefined>();
  for (const observable of tracked)
    if (observable.kind === 'location') asked.add(locationOf(addressOf(space, observable.name)));
  return asked;
}

/** Whether this is one of `lock.cat`'s events. */
export function isLock(kind: EventKind): boolean {
  return kind !== 'read' && kind !== 'write' && kind !== 'fence' && kind !== 'srcu';
}
