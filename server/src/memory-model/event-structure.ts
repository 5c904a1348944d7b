/** One combination of control paths as a whole: its events with their locations, and all that po decides. */

import type { Origin, Program, Relaxation } from '../litmus/program.ts';
import type { Span } from '../text/span.ts';
import type { EventKind } from './instruction-graph.ts';
import {
  addPair,
  type EventSet,
  emptyRelation,
  forEachPair,
  intersection,
  type Relation,
  relationOf,
  setOf,
} from './relation.ts';
import type { ThreadPath } from './thread-paths.ts';
import type { AddressSpace } from './value.ts';

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
  readonly relaxations: readonly Relaxation[];
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
  /** The events with a tag: `tagged('rcu-lock')`. */
  readonly tagged: (tag: string) => EventSet;
}

/** Puts paths, one a thread, together. `locations` holds, per path, the location number of each of
 *  its events (undefined for those that have none). */
export function eventStructure(
  program: Program,
  space: AddressSpace,
  paths: readonly ThreadPath[],
  locations: readonly (readonly (number | undefined)[])[],
): EventStructure {
  const events = initialWrites(program, locations);
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
  const relation = (holds: (left: ExecutionEvent, right: ExecutionEvent) => boolean) =>
    relationOf(size, (left, right) => holds(events[left]!, events[right]!));
  const placed = (name: 'po' | 'addr' | 'data' | 'ctrl') => place(size, paths, offsets, name);
  const po = placed('po');
  const loc = relation(
    (left, right) => left.location === right.location && left.location !== undefined,
  );
  const poLoc = intersection(po, loc);
  const rmw = readModifyWrites(size, paths, offsets, poLoc);
  const relaxations = program.relaxations ?? [];
  const dependency = (name: 'addr' | 'data' | 'ctrl') =>
    relaxed(placed(name), events, space, relaxations);
  return {
    size,
    events,
    paths,
    offsets,
    relaxations,
    space,
    sets: eventSets(events, rmw),
    po,
    addr: dependency('addr'),
    data: dependency('data'),
    ctrl: dependency('ctrl'),
    rmw,
    loc,
    poLoc,
    int: relation((left, right) => left.thread === right.thread && left.thread !== INITIAL),
    ext: relation((left, right) => left.thread !== right.thread),
    critical: criticalSections(events, poLoc),
  };
}

/** One write for each location that an event touches. */
function initialWrites(
  program: Program,
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
  for (const [thread, path] of paths.entries()) {
    const offset = offsets[thread]!;
    forEachPair(path.relations[name], (left, right) =>
      addPair(result, left + offset, right + offset),
    );
  }
  return result;
}

/** Pairs of the read and the write of one instruction, and of LKR with its LKW. */
function readModifyWrites(
  size: number,
  paths: readonly ThreadPath[],
  offsets: readonly number[],
  poLoc: Relation,
): Relation {
  const result = emptyRelation(size);
  for (const [thread, { events }] of paths.entries())
    for (const [index, read] of events.entries()) {
      if (!(read.kind === 'read' && read.atomic) && read.kind !== 'lock-read') continue;
      const partner = read.kind === 'read' ? 'write' : 'lock-write';
      const isPartner = (event: (typeof events)[number], at: number) =>
        at > index &&
        event.kind === partner &&
        event.instance === read.instance &&
        (event.atomic || partner === 'lock-write');
      const write = events.findIndex(isPartner);
      if (write !== -1) addPair(result, index + offsets[thread]!, write + offsets[thread]!);
    }
  return intersection(result, poLoc);
}

/** `([LKW] ; po-loc ; [UL]) \ (po-loc ; [LKW | UL] ; po-loc)` */
function criticalSections(events: readonly ExecutionEvent[], poLoc: Relation): Relation {
  const result = emptyRelation(events.length);
  const ends = (event: ExecutionEvent) => event.kind === 'lock-write' || event.kind === 'unlock';
  for (const lock of events) {
    if (lock.kind !== 'lock-write') continue;
    const unlock = events.find(
      (event) => ends(event) && poLoc.size > 0 && related(poLoc, lock.index, event.index),
    );
    if (unlock?.kind === 'unlock') addPair(result, lock.index, unlock.index);
  }
  return result;
}

function related(relation: Relation, left: number, right: number): boolean {
  return ((relation.bits[left * relation.words + (right >>> 5)]! >>> (right & 31)) & 1) === 1;
}

/** Takes the pairs away whose order comes from a relaxed site and is named by its relaxation. */
function relaxed(
  relation: Relation,
  events: readonly ExecutionEvent[],
  space: AddressSpace,
  relaxations: readonly Relaxation[],
): Relation {
  if (relaxations.length === 0) return relation;
  const result = emptyRelation(relation.size);
  forEachPair(relation, (left, right) => {
    const device = events[left]!;
    if (!isRelaxed(relaxations, space, device, device, events[right]!))
      addPair(result, left, right);
  });
  return result;
}

/** Whether what `device` orders between these two accesses has been taken away. */
export function isRelaxed(
  relaxations: readonly Relaxation[],
  space: AddressSpace,
  device: ExecutionEvent,
  before: ExecutionEvent,
  after: ExecutionEvent,
): boolean {
  const site = device.origin?.site;
  if (site === undefined || relaxations.length === 0) return false;
  const names = (event: ExecutionEvent, listed: readonly string[]) =>
    event.location !== undefined && listed.includes(space.names[event.location]!);
  return relaxations.some(
    (relaxation) =>
      relaxation.site === site &&
      names(before, relaxation.before) &&
      names(after, relaxation.after),
  );
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

function eventSets(events: readonly ExecutionEvent[], rmw: Relation): EventSets {
  const size = events.length;
  const where = (holds: (event: ExecutionEvent) => boolean) =>
    setOf(size, (index) => holds(events[index]!));
  const kind = (wanted: EventKind) => where((event) => event.kind === wanted);
  const inRmw = new Set<number>();
  forEachPair(rmw, (read, write) => inRmw.add(read).add(write));
  const isAccess = (event: ExecutionEvent) => event.kind === 'read' || event.kind === 'write';
  const isPlain = (event: ExecutionEvent) =>
    isAccess(event) && event.thread !== INITIAL && !MARKS.has(event.tag) && !inRmw.has(event.index);
  const tags = new Map<string, EventSet>();
  const tagged = (tag: string): EventSet => {
    const known = tags.get(tag) ?? where((event) => event.tag === tag);
    tags.set(tag, known);
    return known;
  };
  return {
    IW: where((event) => event.thread === INITIAL),
    R: where((event) => READS.has(event.kind)),
    W: where((event) => WRITES.has(event.kind)),
    M: where((event) => READS.has(event.kind) || WRITES.has(event.kind)),
    Marked: where((event) => !isPlain(event)),
    Plain: where(isPlain),
    Acquire: where((event) => event.tag === 'acquire' || event.kind === 'lock-read'),
    Release: where((event) => event.tag === 'release' || event.kind === 'unlock'),
    Noreturn: tagged('noreturn'),
    RMW: where((event) => event.atomic),
    LKR: kind('lock-read'),
    LKW: kind('lock-write'),
    UL: kind('unlock'),
    locks: where((event) => isLock(event.kind)),
    tagged,
  };
}

/** Whether this is one of `lock.cat`'s events. */
export function isLock(kind: EventKind): boolean {
  return kind !== 'read' && kind !== 'write' && kind !== 'fence' && kind !== 'srcu';
}
