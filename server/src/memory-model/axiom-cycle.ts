/**
 * Finds, for an execution that the model forbids, the axiom that does and the cycle it is broken by. Each
 * edge stands for itself: it is a pair of the relation that it names, in the role that the axiom has for
 * it. So the pairs on the cycle, and nothing else, are enough to forbid the execution.
 */

import type { EventStructure } from './event-structure.ts';
import {
  type Axiom,
  type Basic,
  type Communication,
  judge,
  type Ordering,
  type PlainRelations,
  plainIncoherence,
  propagationOrder,
  rcuRelations,
} from './linux-kernel.ts';
import type { WitnessEdge } from './outcome.ts';
import {
  from,
  has,
  intersection,
  into,
  isEmpty,
  type Relation,
  sequence,
  union,
} from './relation.ts';
import { type Step, shortestCycle, shortestWay } from './shortest-way.ts';

export interface BrokenAxiom {
  readonly axiom: Axiom;
  /** The edges in order; each begins where the one before ends, the first where the last ends. */
  readonly cycle: readonly WitnessEdge[];
}

/** The first axiom that is broken, in the order of the cat file; undefined where none is. */
export function brokenAxiom(
  structure: EventStructure,
  basic: Basic,
  com: Communication,
): BrokenAxiom | undefined {
  return brokenCoherence(structure, com) ?? brokenOrdering(structure, basic, com);
}

function brokenCoherence(structure: EventStructure, com: Communication): BrokenAxiom | undefined {
  const { poLoc, rmw, ext } = structure;
  const cycle = shortestCycle(union(poLoc, com.rf, com.co, com.fr));
  if (cycle !== undefined) {
    const tell = named([...communicationNames(com), ['po-loc', poLoc]]);
    return { axiom: 'coherence', cycle: edgesOf(cycle, tell) };
  }
  const fre: Told = { relation: intersection(com.fr, ext), tell: edge('fr') };
  const coe: Told = { relation: intersection(com.co, ext), tell: edge('co') };
  const broken = firstPair(intersection(rmw, sequence(fre.relation, coe.relation)));
  if (broken === undefined) return undefined;
  const [read, write] = broken;
  const back: WitnessEdge = { relation: 'rmw', from: write, to: read };
  return { axiom: 'atomic', cycle: [...through(fre, coe)(read, write), back] };
}

/** The first axiom after coherence and atomicity that is broken; undefined where none is. */
export function brokenOrdering(
  structure: EventStructure,
  basic: Basic,
  com: Communication,
): BrokenAxiom | undefined {
  const { broken, plain, order } = judge(structure, basic, com);
  if (broken === undefined) return undefined;
  const hb = happensBeforeTeller(structure, basic, com, order);
  if (broken === 'happens-before')
    return { axiom: broken, cycle: edgesOf(shortestCycle(order.hb)!, hb) };
  if (broken === 'plain-coherence') return { axiom: broken, cycle: plainCycle(basic, com, plain) };
  const ordering = { ...order, pb: propagationOrder(structure, order) };
  const pb = propagationTeller(structure, basic, com, ordering, hb);
  const cycle =
    broken === 'propagation'
      ? edgesOf(shortestCycle(ordering.pb)!, pb)
      : rcuCycle(structure, basic, com, ordering, { hb, pb });
  return { axiom: broken, cycle };
}

/** How a pair of a derived relation is told in pairs of simpler ones. */
type Teller = (from: number, to: number) => readonly WitnessEdge[];

/** A step of a composition whose pairs can be told. */
interface Told extends Step {
  readonly tell: Teller;
}

type Named = readonly [name: string, relation: Relation];

function edge(relation: string): Teller {
  return (from, to) => [{ relation, from, to }];
}

/** Tells a pair under the name of the first relation that holds it; else as `otherwise` does. */
function named(names: readonly Named[], otherwise: Teller = () => []): Teller {
  return (from, to) => {
    const found = names.find(([, relation]) => has(relation, from, to));
    return found === undefined ? otherwise(from, to) : [{ relation: found[0], from, to }];
  };
}

/** Tells a pair of a composition as one of the shortest ways through it; none where it has none. */
function through(...steps: readonly Told[]): Teller {
  return (from, to) =>
    (shortestWay(steps, from, to) ?? []).flatMap((part) =>
      steps[part.step]!.tell(part.from, part.to),
    );
}

/** Tells a pair by the first of the tellers that can. */
function either(...tellers: readonly Teller[]): Teller {
  return (from, to) => {
    for (const tell of tellers) {
      const edges = tell(from, to);
      if (edges.length > 0) return edges;
    }
    return [];
  };
}

function communicationNames({ rf, co, fr }: Communication): Named[] {
  return [
    ['rf', rf],
    ['co', co],
    ['fr', fr],
  ];
}

/** `let hb = [Marked] ; (ppo | rfe | ((prop \ id) & int)) ; [Marked]` */
function happensBeforeTeller(
  structure: EventStructure,
  basic: Basic,
  com: Communication,
  order: Omit<Ordering, 'pb'>,
): Teller {
  const { int, addr, data, ctrl } = structure;
  const { W, Marked, Plain } = structure.sets;
  const { gp, wmb, rmb, poRel, acqPo } = basic;
  const rfi: Told = { relation: intersection(com.rf, int), tell: edge('rf') };
  const dependency: Told = {
    relation: into(basic.dep, Marked),
    tell: named([
      ['addr', addr],
      ['data', data],
    ]),
  };
  const plainAddress: Told = { relation: into(addr, Plain), tell: edge('addr') };
  const direct = named([
    ['rf', order.rfe],
    ['co', intersection(com.co, int)],
    ['fr', intersection(com.fr, int)],
    ['addr', addr],
    ['data', into(data, W)],
    ['ctrl', into(ctrl, W)],
    ['mb', order.mb],
    ['gp', gp],
    ['wmb', wmb],
    ['rmb', rmb],
    ['po-rel', poRel],
    ['acq-po', acqPo],
    ['po-unlock-lock-po', intersection(order.poUnlockLockPo, int)],
  ]);
  return either(
    direct,
    through(dependency, rfi),
    through(plainAddress, { relation: wmb, tell: edge('wmb') }),
    propTeller(structure, basic, com, order),
  );
}

/** `let prop = [Marked] ; (overwrite & ext)? ; cumul-fence* ; [Marked] ; rfe? ; [Marked]` */
function propTeller(
  structure: EventStructure,
  basic: Basic,
  com: Communication,
  order: Omit<Ordering, 'pb'>,
): Teller {
  const { ext } = structure;
  const { Marked } = structure.sets;
  const rfe = (relation: Relation): Told => ({ relation, tell: edge('rf') });
  const strongNames = strongFenceNames(basic, order);
  const cumulative: Told = {
    relation: union(order.strongFence, basic.poRel),
    tell: named([...strongNames, ['po-rel', basic.poRel]]),
  };
  // `A-cumul(strong-fence | po-rel) | wmb | po-unlock-lock-po`
  const cumulFence = either(
    named([
      ...strongNames,
      ['po-rel', basic.poRel],
      ['wmb', basic.wmb],
      ['po-unlock-lock-po', order.poUnlockLockPo],
    ]),
    through(rfe(into(order.rfe, Marked)), cumulative),
  );
  const overwrite = into(intersection(union(com.co, com.fr), ext), Marked);
  return through(
    { relation: overwrite, repeat: 'optional', tell: named(communicationNames(com)) },
    { relation: order.cumulFence, repeat: 'star', tell: cumulFence },
    { ...rfe(from(Marked, order.rfe)), repeat: 'optional' },
  );
}

function strongFenceNames({ gp }: Basic, { mb }: Pick<Ordering, 'mb'>): readonly Named[] {
  return [
    ['mb', mb],
    ['gp', gp],
  ];
}

/** `let pb = prop ; strong-fence ; hb* ; [Marked]` */
function propagationTeller(
  structure: EventStructure,
  basic: Basic,
  com: Communication,
  ordering: Ordering,
  hb: Teller,
): Teller {
  return through(
    { relation: ordering.prop, tell: propTeller(structure, basic, com, ordering) },
    { relation: ordering.strongFence, tell: named(strongFenceNames(basic, ordering)) },
    { relation: ordering.hb, repeat: 'star', tell: hb },
  );
}

/** `let rb = prop ; rcu-fence ; hb* ; pb* ; [Marked]`, where an rcu-fence is told as one edge. */
function rcuCycle(
  structure: EventStructure,
  basic: Basic,
  com: Communication,
  ordering: Ordering,
  { hb, pb }: { readonly hb: Teller; readonly pb: Teller },
): readonly WitnessEdge[] {
  const rcu = rcuRelations(structure, basic, ordering);
  const at = structure.events.findIndex(({ index }) => has(rcu.rb, index, index));
  return through(
    { relation: ordering.prop, tell: propTeller(structure, basic, com, ordering) },
    { relation: rcu.rcuFence, tell: edge('rcu-fence') },
    { relation: ordering.hb, repeat: 'star', tell: hb },
    { relation: ordering.pb, repeat: 'star', tell: pb },
  )(at, at);
}

/** A conflict and the visibility that contradicts it, which is told as one edge. */
function plainCycle(
  basic: Basic,
  com: Communication,
  plain: PlainRelations | undefined,
): readonly WitnessEdge[] {
  const pair = plain && firstPair(plainIncoherence(basic, com, plain));
  if (pair === undefined) return [];
  const [left, right] = pair;
  const forth = named(communicationNames(com))(left, right);
  return [...forth, { relation: 'vis', from: right, to: left }];
}

function edgesOf(cycle: readonly number[], tell: Teller): readonly WitnessEdge[] {
  return cycle.flatMap((from, place) => tell(from, cycle[(place + 1) % cycle.length]!));
}

function firstPair(relation: Relation): readonly [number, number] | undefined {
  if (isEmpty(relation)) return undefined;
  for (let left = 0; left < relation.size; left++)
    for (let right = 0; right < relation.size; right++)
      if (has(relation, left, right)) return [left, right];
  return undefined;
}
