/**
 * The LKMM with some orders taken away, for executions that are asked about many times: what each
 * ordering device of an event structure contributes is computed once, and the basic relations for a
 * question are put together from the contributions that are left.
 */

import { brokenOrdering } from '../memory-model/axiom-cycle.ts';
import { type CandidateExecution, communicationOf } from '../memory-model/candidate.ts';
import {
  type EventStructure,
  type ExecutionEvent,
  unrelaxed,
} from '../memory-model/event-structure.ts';
import type { Basic, Communication } from '../memory-model/linux-kernel.ts';
import {
  between,
  chain,
  copyOf,
  type EventSet,
  emptyRelation,
  emptySet,
  inSet,
  intersectSets,
  into,
  keptApart,
  type Relation,
  setDifference,
  setOf,
  union,
} from '../memory-model/relation.ts';
import { type Certificate, certificateOf } from './certificate.ts';
import {
  type Contributions,
  contributionsOf,
  type Dependency,
  type FieldOf,
  type Part,
} from './contributions.ts';
import { type AddedOrder, isWhole, ordersBySite, type TakenOrder } from './taken-order.ts';

/** An execution made ready for being asked about: one object for all executions that are the same to the
 *  model, whatever values they carry. */
export interface PreparedExecution {
  readonly contributions: AskedContributions;
  readonly com: Communication;
}

/** Whether an execution is allowed. If it is forbidden, the certificate says on what that rests; without
 *  one nothing is known of what else could be taken away. */
export type Answer =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'forbidden'; readonly certificate: Certificate | undefined };

/** Says for executions whether the model allows them when some orders are taken away. */
export interface RelaxedModel {
  readonly prepare: (execution: CandidateExecution) => PreparedExecution;
  /** Those of the orders that something in the execution's structure gives: to it, they are all the same. */
  readonly effective: (
    execution: PreparedExecution,
    without: readonly TakenOrder[],
  ) => readonly TakenOrder[];
  readonly ask: (
    execution: PreparedExecution,
    without: readonly TakenOrder[],
    added?: readonly AddedOrder[],
  ) => Answer;
}

/** The model for executions of programs with the same locations, whatever they relax themselves; remembers
 *  what has been computed for the structures seen. */
export function relaxedModel(fieldOf: FieldOf): RelaxedModel {
  const shapes = new Map<EventStructure, string>();
  const seen = new Map<string, AskedContributions>();
  return {
    prepare: (execution) => {
      const { structure, rf, co } = execution;
      const shape = shapes.get(structure) ?? shapeOf(structure);
      shapes.set(structure, shape);
      const contributions: AskedContributions =
        seen.get(shape) ?? contributionsOf(unrelaxed(structure), fieldOf);
      seen.set(shape, contributions);
      contributions.prepared ??= new Map();
      const key = textOfBits(rf) + textOfBits(co);
      const known = contributions.prepared.get(key);
      if (known !== undefined) return known;
      const { fr } = communicationOf(execution);
      const made = { contributions, com: { rf, co, fr: keptApart(fr) } };
      contributions.prepared.set(key, made);
      return made;
    },
    effective: ({ contributions }, without) => effective(contributions, without),
    ask: ({ contributions, com }, without, added = []) => {
      const { structure, basic } = relaxed(contributions, without);
      const stronger = added.length === 0 ? basic : strengthened(contributions, basic, added);
      const broken = brokenOrdering(structure, stronger, com);
      if (broken === undefined) return { kind: 'allowed' };
      const certificate = certificateOf(contributions, ordersBySite(without), broken.cycle);
      return { kind: 'forbidden', certificate };
    },
  };
}

/** The bits of a relation as a key. */
function textOfBits({ bits }: Relation): string {
  const halves = new Uint16Array(bits.buffer, bits.byteOffset, bits.length * 2);
  let text = '';
  for (let at = 0; at < halves.length; at += 4096)
    text += String.fromCharCode(...halves.subarray(at, at + 4096));
  return text;
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

/** Contributions with the last questions asked of them and the answers: each question is asked of all
 *  executions of a structure in turn. */
interface AskedContributions extends Contributions {
  /** The executions of the structure, by their rf and co. */
  prepared?: Map<string, PreparedExecution>;
  last?: { readonly without: readonly TakenOrder[]; readonly relaxed: Relaxed };
  lastEffective?: {
    readonly without: readonly TakenOrder[];
    readonly effective: readonly TakenOrder[];
  };
}

interface Relaxed {
  readonly structure: EventStructure;
  readonly basic: Basic;
}

function effective(
  contributions: AskedContributions,
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
function relaxed(contributions: AskedContributions, without: readonly TakenOrder[]): Relaxed {
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
      poRel: of('po-rel'),
      acqPo: of('acq-po'),
    },
  };
}

/** The basic relations with barriers where orders are added. */
function strengthened(
  { structure, fields }: Contributions,
  basic: Basic,
  added: readonly AddedOrder[],
): Basic {
  const { size, events, po, sets } = structure;
  const kept = (by: AddedOrder['by'], ordered: EventSet) =>
    added
      .filter((order) => order.by === by)
      .map((order) => {
        const [before, after] = ends(order, size, fields);
        const own = (accesses: EventSet) =>
          order.thread === undefined
            ? intersectSets(accesses, ordered)
            : intersectSets(
                intersectSets(accesses, ordered),
                setOf(size, (index) => events[index]!.thread === order.thread),
              );
        return between(own(before), po, own(after));
      });
  const rmb = kept('rmb', setDifference(sets.R, sets.Noreturn));
  return {
    ...basic,
    staticMb: union(basic.staticMb, ...kept(undefined, sets.M)),
    wmb: union(basic.wmb, ...kept('wmb', sets.W)),
    rmb: union(basic.rmb, ...rmb),
    rmbFromRead: union(basic.rmbFromRead, ...rmb),
    rmbToRead: union(basic.rmbToRead, ...rmb),
  };
}

function isLeft(event: ExecutionEvent, tag: string, removed: ReadonlySet<string>): boolean {
  return event.tag === tag && !(event.origin !== undefined && removed.has(event.origin.site));
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
  { before, after }: TakenOrder | AddedOrder,
  size: number,
  fields: ReadonlyMap<string, EventSet>,
): readonly [before: EventSet, after: EventSet] {
  const accesses = (field: string | undefined) =>
    field === undefined ? setOf(size, () => true) : (fields.get(field) ?? emptySet(size));
  return [accesses(before), accesses(after)];
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
