/** What each ordering device of an event structure contributes to the relations of the model, by itself. */

import type { EventStructure, ExecutionEvent } from '../memory-model/event-structure.ts';
import { type Basic, basicRelations } from '../memory-model/linux-kernel.ts';
import {
  addTo,
  between,
  chain,
  type EventSet,
  emptySet,
  from,
  fromEvent,
  inSet,
  into,
  isEmpty,
  type Relation,
  setOf,
  union,
} from '../memory-model/relation.ts';
import type { LocationName } from '../program/program.ts';

/** The name of the field that a location belongs to. */
export type FieldOf = (location: string) => string;

/** The relations that are made of what single devices give. */
export type Part = 'rmb' | 'rmbFromRead' | 'rmbToRead' | 'wmb' | 'mb' | 'gp' | 'po-rel' | 'acq-po';
export type Dependency = 'addr' | 'data' | 'ctrl';

export interface Contribution {
  readonly site: string | undefined;
  readonly part: Part | Dependency;
  readonly relation: Relation;
}

/** What the devices of one structure give, each by itself. */
export interface Contributions {
  readonly structure: EventStructure;
  readonly basic: Basic;
  readonly parts: readonly Contribution[];
  readonly gracePeriods: readonly ExecutionEvent[];
  readonly fields: ReadonlyMap<string, EventSet>;
  /** By event: the field it accesses, if it is an access. */
  readonly fieldAt: readonly (string | undefined)[];
  /** By event: what it is to the model and where it comes from; alike in all structures of a program. */
  readonly names: readonly string[];
  /** The events by these names, no two of which are the same. */
  readonly numbers: ReadonlyMap<string, number>;
}

/** The location that an event accesses, or the bit in it that it is about. */
export function accessedBy(
  { location, origin }: ExecutionEvent,
  locations: readonly LocationName[],
): LocationName | undefined {
  if (location === undefined) return undefined;
  const name = locations[location]!;
  return origin?.bit === undefined ? name : `${name}.${origin.bit}`;
}

/** What each device of a structure that relaxes nothing gives. */
export function contributionsOf(structure: EventStructure, fieldOf: FieldOf): Contributions {
  const fieldAt = structure.events.map((event) => {
    const accessed = accessedBy(event, structure.space.names);
    return accessed === undefined ? undefined : fieldOf(accessed);
  });
  const fields = new Map<string, EventSet>();
  for (const [index, name] of fieldAt.entries()) {
    if (name === undefined) continue;
    const set = fields.get(name) ?? emptySet(structure.size);
    addTo(set, index);
    fields.set(name, set);
  }
  const numbers = eventNumbers(structure);
  return {
    structure,
    names: [...numbers.keys()],
    numbers,
    basic: basicRelations(structure),
    parts: structure.events
      .flatMap((event) => [...fenceParts(structure, event), ...accessParts(structure, event)])
      .filter(({ relation }) => !isEmpty(relation)),
    gracePeriods: structure.events.filter(({ tag }) => isGracePeriod(tag)),
    fields,
    fieldAt,
  };
}

/** The events by name, in their order. Those of one thread that are alike are counted. */
function eventNumbers({ events, sets, space }: EventStructure): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const { index, thread, kind, tag, atomic, location, origin } of events) {
    const place = location === undefined ? '' : space.names[location];
    const marked = inSet(sets.Marked, index);
    const name = [thread, kind, tag, atomic, marked, place, origin?.site].join(' ');
    let count = 0;
    while (numbers.has(`${name} ${count}`)) count++;
    numbers.set(`${name} ${count}`, index);
  }
  return numbers;
}

/** What a fence orders, by the definitions of `linux-kernel.cat` for this one event. */
function fenceParts(structure: EventStructure, fence: ExecutionEvent): readonly Contribution[] {
  if (fence.kind !== 'fence' && fence.kind !== 'srcu') return [];
  const { size, po } = structure;
  const { R, W, M, RMW, LKW, Noreturn } = structure.sets;
  const site = fence.origin?.site;
  const it = setOf(size, (index) => index === fence.index);
  const pairs = chain(into(po, it), po);
  const ordinary = difference(size, R, Noreturn);
  const part = (name: Part, relation: Relation): Contribution => ({ site, part: name, relation });
  switch (fence.tag) {
    case 'rmb':
      return [
        part('rmb', between(ordinary, pairs, ordinary)),
        part('rmbFromRead', between(ordinary, pairs, not(size, Noreturn))),
        part('rmbToRead', between(not(size, Noreturn), pairs, ordinary)),
      ];
    case 'wmb':
      return [part('wmb', between(W, pairs, W))];
    case 'mb':
      return [part('mb', between(M, pairs, M))];
    case 'before-atomic':
      return [part('mb', between(M, union(into(pairs, RMW), chain(into(pairs, RMW), po)), M))];
    case 'after-atomic':
      return [
        part('mb', between(M, union(from(RMW, pairs), chain(into(po, RMW), from(RMW, pairs))), M)),
      ];
    case 'after-spinlock':
      return [
        part('mb', between(M, union(from(LKW, pairs), chain(into(po, LKW), from(LKW, pairs))), M)),
      ];
    default:
      return isGracePeriod(fence.tag) ? [part('gp', union(pairs, into(po, it)))] : [];
  }
}

function isGracePeriod(tag: string): boolean {
  return tag === 'sync-rcu' || tag === 'sync-srcu';
}

/** What a release, an acquire or a read that others depend on orders. */
function accessParts(structure: EventStructure, event: ExecutionEvent): readonly Contribution[] {
  const { size, po, addr, data, ctrl } = structure;
  const { M, Release, Acquire } = structure.sets;
  const { index, kind, origin } = event;
  const site = origin?.site;
  const parts: Contribution[] = [];
  if (inSet(Release, index)) {
    const it = setOf(size, (other) => other === index);
    parts.push({ site, part: 'po-rel', relation: between(M, po, it) });
  }
  if (inSet(Acquire, index))
    parts.push({ site, part: 'acq-po', relation: into(fromEvent(index, po), M) });
  if (kind === 'read') {
    parts.push({ site, part: 'addr', relation: fromEvent(index, addr) });
    parts.push({ site, part: 'data', relation: fromEvent(index, data) });
    parts.push({ site, part: 'ctrl', relation: fromEvent(index, ctrl) });
  }
  return parts;
}

function difference(size: number, left: EventSet, right: EventSet): EventSet {
  return setOf(size, (event) => inSet(left, event) && !inSet(right, event));
}

function not(size: number, set: EventSet): EventSet {
  return setOf(size, (event) => !inSet(set, event));
}
