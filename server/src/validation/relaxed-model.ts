/**
 * The LKMM with some orders taken away, for executions that are asked about many times: what each
 * ordering device of an event structure contributes is computed once, and the basic relations for a
 * question are put together from the contributions that are left.
 */

import type { Program } from '../litmus/program.ts';
import { type CandidateExecution, communicationOf } from '../memory-model/candidate.ts';
import {
  type EventStructure,
  type ExecutionEvent,
  eventStructure,
} from '../memory-model/event-structure.ts';
import {
  type Basic,
  basicRelations,
  type Communication,
  judge,
} from '../memory-model/linux-kernel.ts';
import {
  between,
  chain,
  copyOf,
  type EventSet,
  emptyRelation,
  emptySet,
  from,
  inSet,
  intersectSets,
  into,
  isEmpty,
  keptApart,
  type Relation,
  setOf,
  union,
} from '../memory-model/relation.ts';

/** An order to take away: all that a site gives, or only what it orders after accesses to the field
 *  `before`, before accesses to the field `after`, or both. */
export interface TakenOrder {
  readonly site: string;
  readonly before?: string;
  readonly after?: string;
}

/** An order to add, in every thread: accesses to `before` are kept, as by a full barrier, before the
 *  accesses to `after` that follow them in program order. */
export interface AddedOrder {
  readonly before: string;
  readonly after: string;
}

/** The name of the field that a location belongs to. */
export type FieldOf = (location: string) => string;

/** An execution made ready for being asked about. */
export interface PreparedExecution {
  /** Equal for executions that are the same to the model, whatever values they carry. */
  readonly key: string;
  readonly contributions: Contributions;
  readonly com: Communication;
}

/** Says for executions whether the model allows them when some orders are taken away. */
export interface RelaxedModel {
  readonly prepare: (execution: CandidateExecution) => PreparedExecution;
  /** Those of the orders that something in the execution's structure gives: to it, they are all the same. */
  readonly effective: (
    execution: PreparedExecution,
    without: readonly TakenOrder[],
  ) => readonly TakenOrder[];
  readonly allows: (
    execution: PreparedExecution,
    without: readonly TakenOrder[],
    added?: readonly AddedOrder[],
  ) => boolean;
}

/** The model for executions of `program`, whatever it relaxes itself, remembering what has been computed
 *  for the structures seen. */
export function relaxedModel(program: Program, fieldOf: FieldOf): RelaxedModel {
  const unrelaxed = { ...program, relaxations: [] };
  const seen = new Map<string, Contributions>();
  return {
    prepare: (execution) => {
      const { structure, rf, co } = execution;
      const shape = shapeOf(structure);
      const contributions =
        seen.get(shape) ?? contributionsOf(rebuilt(unrelaxed, structure), fieldOf);
      seen.set(shape, contributions);
      const key = `${shape}|${rf.bits.join()}|${co.bits.join()}`;
      const { fr } = communicationOf(execution);
      return { key, contributions, com: { rf, co, fr: keptApart(fr) } };
    },
    effective: ({ contributions }, without) => effective(contributions, without),
    allows: ({ contributions, com }, without, added = []) => {
      const { structure, basic } = relaxed(contributions, without);
      const stronger = added.length === 0 ? basic : strengthened(contributions, basic, added);
      return judge(structure, stronger, com).broken === undefined;
    },
  };
}

/** Equal for structures of the same events in the same places. */
function shapeOf({ events, space }: EventStructure): string {
  return events
    .map(({ thread, kind, tag, location, origin }) =>
      [thread, kind, tag, location === undefined ? '' : space.names[location], origin?.site].join(
        ' ',
      ),
    )
    .join(';');
}

/** The structure as it is when nothing is relaxed. */
function rebuilt(program: Program, structure: EventStructure): EventStructure {
  const { paths, offsets, events, space } = structure;
  const locations = paths.map((path, thread) =>
    path.events.map((_, index) => events[offsets[thread]! + index]!.location),
  );
  return eventStructure(program, space, paths, locations);
}

/** The relations that are made of what single devices give. */
type Part = 'rmb' | 'rmbFromRead' | 'rmbToRead' | 'wmb' | 'mb' | 'gp' | 'poRel' | 'acqPo';
type Dependency = 'addr' | 'data' | 'ctrl';

interface Contribution {
  readonly site: string | undefined;
  readonly part: Part | Dependency;
  readonly relation: Relation;
}

/** What the devices of one structure give, each by itself. */
interface Contributions {
  readonly structure: EventStructure;
  readonly basic: Basic;
  readonly parts: readonly Contribution[];
  readonly gracePeriods: readonly ExecutionEvent[];
  readonly fields: ReadonlyMap<string, EventSet>;
  /** The last question asked, with its answer: it is asked of all executions of the structure in turn. */
  last?: { readonly without: readonly TakenOrder[]; readonly relaxed: Relaxed };
  /** The same of what is effective of a question. */
  lastEffective?: {
    readonly without: readonly TakenOrder[];
    readonly effective: readonly TakenOrder[];
  };
}

interface Relaxed {
  readonly structure: EventStructure;
  readonly basic: Basic;
}

function contributionsOf(structure: EventStructure, fieldOf: FieldOf): Contributions {
  const fields = new Map<string, EventSet>();
  for (const { index, location } of structure.events) {
    if (location === undefined) continue;
    const name = fieldOf(structure.space.names[location]!);
    const set = fields.get(name) ?? emptySet(structure.size);
    set[index >>> 5]! |= 1 << (index & 31);
    fields.set(name, set);
  }
  return {
    structure,
    basic: basicRelations(structure),
    parts: structure.events
      .flatMap((event) => [...fenceParts(structure, event), ...accessParts(structure, event)])
      .filter(({ relation }) => !isEmpty(relation)),
    gracePeriods: structure.events.filter(({ tag }) => isGracePeriod(tag)),
    fields,
  };
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
  const site = event.origin?.site;
  const it = setOf(size, (index) => index === event.index);
  const parts: Contribution[] = [];
  if (inSet(Release, event.index))
    parts.push({ site, part: 'poRel', relation: between(M, po, it) });
  if (inSet(Acquire, event.index))
    parts.push({ site, part: 'acqPo', relation: between(it, po, M) });
  if (event.kind === 'read') {
    parts.push({ site, part: 'addr', relation: from(it, addr) });
    parts.push({ site, part: 'data', relation: from(it, data) });
    parts.push({ site, part: 'ctrl', relation: from(it, ctrl) });
  }
  return parts;
}

function difference(size: number, left: EventSet, right: EventSet): EventSet {
  return setOf(size, (event) => inSet(left, event) && !inSet(right, event));
}

function not(size: number, set: EventSet): EventSet {
  return setOf(size, (event) => !inSet(set, event));
}

function effective(
  contributions: Contributions,
  without: readonly TakenOrder[],
): readonly TakenOrder[] {
  const last = contributions.lastEffective;
  if (last?.without === without) return last.effective;
  const made = without.filter((order) => isEffective(contributions, order));
  contributions.lastEffective = { without, effective: made };
  return made;
}

function isEffective({ parts, gracePeriods, fields }: Contributions, order: TakenOrder): boolean {
  const { site } = order;
  const own = parts.filter((part) => part.site === site);
  if (isWhole(order))
    return own.length > 0 || gracePeriods.some(({ origin }) => origin?.site === site);
  return own.some(({ relation }) => hasPairs(relation, ...ends(order, relation.size, fields)));
}

/** The structure and its basic relations without what has been taken away. */
function relaxed(contributions: Contributions, without: readonly TakenOrder[]): Relaxed {
  if (contributions.last?.without === without) return contributions.last.relaxed;
  const made = relaxAnew(contributions, without);
  contributions.last = { without, relaxed: made };
  return made;
}

function relaxAnew(
  { structure, basic, parts, gracePeriods, fields }: Contributions,
  without: readonly TakenOrder[],
): Relaxed {
  if (without.length === 0) return { structure, basic };
  const made = new Map<Part | Dependency, Relation>();
  const bySite = ordersBySite(without);
  for (const { site, part, relation } of parts) {
    const sum = made.get(part) ?? emptyRelation(structure.size);
    made.set(part, sum);
    const taken = site === undefined ? undefined : bySite.get(site);
    add(sum, taken === undefined ? relation : remaining(relation, taken, fields));
  }
  const of = (part: Part | Dependency) => made.get(part) ?? emptyRelation(structure.size);
  const dep = union(of('addr'), of('data'));
  const wmb = of('wmb');
  const addrWmb = chain(into(of('addr'), structure.sets.Plain), wmb);
  const whole = new Set(without.filter(isWhole).map(({ site }) => site));
  const SyncRcu = setOf(structure.size, (index) =>
    gracePeriods.some((event) => event.index === index && isLeft(event, 'sync-rcu', whole)),
  );
  const SyncSrcu = setOf(structure.size, (index) =>
    gracePeriods.some((event) => event.index === index && isLeft(event, 'sync-srcu', whole)),
  );
  return {
    structure: { ...structure, addr: of('addr'), data: of('data'), ctrl: of('ctrl') },
    basic: {
      ...basic,
      SyncRcu,
      SyncSrcu,
      dep,
      rwdep: into(union(dep, of('ctrl')), structure.sets.W),
      wmb,
      addrWmb,
      rmb: of('rmb'),
      rmbFromRead: of('rmbFromRead'),
      rmbToRead: of('rmbToRead'),
      staticMb: of('mb'),
      gp: of('gp'),
      poRel: of('poRel'),
      acqPo: of('acqPo'),
    },
  };
}

/** The basic relations with full barriers where orders are added. */
function strengthened(
  { structure, fields }: Contributions,
  basic: Basic,
  added: readonly AddedOrder[],
): Basic {
  const { size, po, sets } = structure;
  const none = emptySet(size);
  const orders = added.map(({ before, after }) =>
    between(
      intersectSets(fields.get(before) ?? none, sets.M),
      po,
      intersectSets(fields.get(after) ?? none, sets.M),
    ),
  );
  return { ...basic, staticMb: union(basic.staticMb, ...orders) };
}

function isLeft(event: ExecutionEvent, tag: string, removed: ReadonlySet<string>): boolean {
  return event.tag === tag && !(event.origin !== undefined && removed.has(event.origin.site));
}

function ordersBySite(orders: readonly TakenOrder[]): ReadonlyMap<string, readonly TakenOrder[]> {
  const bySite = new Map<string, TakenOrder[]>();
  for (const order of orders) {
    const known = bySite.get(order.site);
    if (known === undefined) bySite.set(order.site, [order]);
    else known.push(order);
  }
  return bySite;
}

/** A contribution without the pairs that have been taken away from its site. */
function remaining(
  relation: Relation,
  taken: readonly TakenOrder[],
  fields: ReadonlyMap<string, EventSet>,
): Relation | undefined {
  if (taken.some(isWhole)) return undefined;
  const result = copyOf(relation);
  for (const order of taken) removePairs(result, ...ends(order, relation.size, fields));
  return result;
}

/** The accesses that an order is about: those before and those after. */
function ends(
  { before, after }: TakenOrder,
  size: number,
  fields: ReadonlyMap<string, EventSet>,
): readonly [before: EventSet, after: EventSet] {
  const accesses = (field: string | undefined) =>
    field === undefined ? setOf(size, () => true) : (fields.get(field) ?? emptySet(size));
  return [accesses(before), accesses(after)];
}

function isWhole({ before, after }: TakenOrder): boolean {
  return before === undefined && after === undefined;
}

function hasPairs(relation: Relation, before: EventSet, after: EventSet): boolean {
  const { size, words, bits } = relation;
  for (let row = 0; row < size; row++)
    if (inSet(before, row))
      for (let word = 0; word < words; word++)
        if ((bits[row * words + word]! & after[word]!) !== 0) return true;
  return false;
}

function removePairs(relation: Relation, before: EventSet, after: EventSet): void {
  const { size, words, bits } = relation;
  for (let row = 0; row < size; row++)
    if (inSet(before, row))
      for (let word = 0; word < words; word++) bits[row * words + word]! &= ~after[word]!;
}

function add(sum: Relation, more: Relation | undefined): void {
  if (more === undefined) return;
  for (let word = 0; word < sum.bits.length; word++) sum.bits[word]! |= more.bits[word]!;
}
