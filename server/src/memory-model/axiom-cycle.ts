/** Finds, for an execution that the model forbids, the axiom that does and the cycle it is broken by. */

import type { EventStructure } from './event-structure.ts';
import {
  type Axiom,
  type Basic,
  type Communication,
  judge,
  type Ordering,
  orderingRelations,
  plainIncoherence,
  rcuRelations,
} from './linux-kernel.ts';
import type { WitnessEdge } from './outcome.ts';
import { has, intersection, type Relation, sequence, union } from './relation.ts';

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
  const names: Named[] = [
    ['rf', com.rf],
    ['co', com.co],
    ['fr', com.fr],
    ['po-loc', poLoc],
  ];
  const cycle = shortestCycle(union(poLoc, com.rf, com.co, com.fr));
  if (cycle !== undefined)
    return { axiom: 'coherence', cycle: edgesOf(cycle, (a, b) => [named(names, a, b)]) };
  const fre = intersection(com.fr, ext);
  const coe = intersection(com.co, ext);
  const broken = firstPair(intersection(rmw, sequence(fre, coe)));
  if (broken === undefined) return undefined;
  const [read, write] = broken;
  const path = pathThrough(
    [
      { relation: fre, name: 'fr' },
      { relation: coe, name: 'co' },
    ],
    read,
    write,
  );
  const back: WitnessEdge = { relation: 'rmw', from: write, to: read };
  return {
    axiom: 'atomic',
    cycle: [...path.map(({ from, to, step }) => ({ relation: step.name, from, to })), back],
  };
}

function brokenOrdering(
  structure: EventStructure,
  basic: Basic,
  com: Communication,
): BrokenAxiom | undefined {
  const { broken, plain } = judge(structure, basic, com);
  if (broken === undefined) return undefined;
  const ordering = orderingRelations(structure, basic, com);
  const story = tellers(structure, basic, com, ordering);
  switch (broken) {
    case 'happens-before':
      return { axiom: broken, cycle: edgesOf(shortestCycle(ordering.hb)!, story.hb) };
    case 'propagation':
      return { axiom: broken, cycle: edgesOf(shortestCycle(ordering.pb)!, story.pb) };
    case 'rcu':
      return { axiom: broken, cycle: story.rb() };
    default: {
      const pair = plain && firstPair(plainIncoherence(basic, com, plain));
      if (pair === undefined) return { axiom: broken, cycle: [] };
      const [left, right] = pair;
      const forth: WitnessEdge = {
        relation: named(communicationNames(com), left, right).relation,
        from: left,
        to: right,
      };
      return { axiom: broken, cycle: [forth, { relation: 'vis', from: right, to: left }] };
    }
  }
}

/** How an edge of a derived relation is told in edges of simpler ones. */
type Teller = (from: number, to: number) => readonly WitnessEdge[];

function tellers(
  structure: EventStructure,
  basic: Basic,
  com: Communication,
  ordering: Ordering,
): { readonly hb: Teller; readonly pb: Teller; readonly rb: () => readonly WitnessEdge[] } {
  const { ext, addr, data, ctrl } = structure;
  const simple: Named[] = [
    ...communicationNames(com),
    ['addr', addr],
    ['data', data],
    ['ctrl', ctrl],
    ['mb', ordering.mb],
    ['gp', basic.gp],
    ['wmb', basic.wmb],
    ['rmb', basic.rmb],
    ['po-rel', basic.poRel],
    ['acq-po', basic.acqPo],
    ['po-unlock-lock-po', ordering.poUnlockLockPo],
  ];
  const step = (from: number, to: number) => [named(simple, from, to)];
  const overwrite = intersection(union(com.co, com.fr), ext);
  const tell = (steps: readonly Step[], from: number, to: number): readonly WitnessEdge[] =>
    pathThrough(steps, from, to).flatMap((part) => (part.step.tell ?? step)(part.from, part.to));
  const bases = union(ordering.strongFence, basic.poRel, basic.wmb, ordering.poUnlockLockPo);
  const cumulFence: Teller = (from, to) =>
    tell(
      [
        { name: 'rf', relation: ordering.rfe, repeat: 'optional' },
        { name: 'fence', relation: bases },
      ],
      from,
      to,
    );
  const prop: Teller = (from, to) =>
    tell(
      [
        { name: 'overwrite', relation: overwrite, repeat: 'optional' },
        { name: 'cumul-fence', relation: ordering.cumulFence, repeat: 'star', tell: cumulFence },
        { name: 'rf', relation: ordering.rfe, repeat: 'optional' },
      ],
      from,
      to,
    );
  const hb: Teller = (from, to) =>
    simple.some(([, r]) => has(r, from, to)) ? step(from, to) : prop(from, to);
  const hbs: Step = { name: 'hb', relation: ordering.hb, repeat: 'star', tell: hb };
  const pb: Teller = (from, to) =>
    tell(
      [
        { name: 'prop', relation: ordering.prop, tell: prop },
        { name: 'strong-fence', relation: ordering.strongFence },
        hbs,
      ],
      from,
      to,
    );
  const rb = () => {
    const rcu = rcuRelations(structure, basic, ordering);
    const at = structure.events.findIndex(({ index }) => has(rcu.rb, index, index));
    const fence: Step = {
      name: 'rcu-fence',
      relation: rcu.rcuFence,
      tell: (from, to) => [{ relation: 'rcu-fence', from, to }],
    };
    const pbs: Step = { name: 'pb', relation: ordering.pb, repeat: 'star', tell: pb };
    return tell([{ name: 'prop', relation: ordering.prop, tell: prop }, fence, hbs, pbs], at, at);
  };
  return { hb, pb, rb };
}

type Named = readonly [name: string, relation: Relation];

function communicationNames({ rf, co, fr }: Communication): Named[] {
  return [
    ['rf', rf],
    ['co', co],
    ['fr', fr],
  ];
}

/** The pair under the name of the first relation that holds it. */
function named(names: readonly Named[], from: number, to: number): WitnessEdge {
  const found = names.find(([, relation]) => has(relation, from, to));
  return { relation: found?.[0] ?? 'hb', from, to };
}

function edgesOf(cycle: readonly number[], tell: Teller): readonly WitnessEdge[] {
  return cycle.flatMap((from, place) => tell(from, cycle[(place + 1) % cycle.length]!));
}

function firstPair(relation: Relation): readonly [number, number] | undefined {
  for (let left = 0; left < relation.size; left++)
    for (let right = 0; right < relation.size; right++)
      if (has(relation, left, right)) return [left, right];
  return undefined;
}

/** The events of a shortest cycle, or undefined where there is none. */
function shortestCycle(relation: Relation): readonly number[] | undefined {
  let best: readonly number[] | undefined;
  for (let start = 0; start < relation.size; start++) {
    const parents = new Map<number, number>();
    const queue = [start];
    for (let at = queue.shift(); at !== undefined && !parents.has(start); at = queue.shift())
      for (let to = 0; to < relation.size; to++)
        if (has(relation, at, to) && !parents.has(to)) {
          parents.set(to, at);
          queue.push(to);
        }
    if (!parents.has(start)) continue;
    const cycle = [start];
    for (let at = parents.get(start)!; at !== start; at = parents.get(at)!) cycle.unshift(at);
    const rotated = [start, ...cycle.slice(0, -1)];
    if (best === undefined || rotated.length < best.length) best = rotated;
  }
  return best;
}

/** One relation of a composition, taken once, at most once, or any number of times. */
interface Step {
  readonly name: string;
  readonly relation: Relation;
  readonly repeat?: 'optional' | 'star';
  readonly tell?: Teller;
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly step: Step;
}

/** A shortest way from one event to another through a composition of relations. */
function pathThrough(steps: readonly Step[], from: number, to: number): readonly Part[] {
  type Node = { readonly event: number; readonly next: number; readonly path: readonly Part[] };
  const seen = new Set<string>();
  const queue: Node[] = [{ event: from, next: 0, path: [] }];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    const key = `${node.event}/${node.next}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (node.next === steps.length && node.event === to) return node.path;
    const step = steps[node.next];
    if (step === undefined) continue;
    if (step.repeat !== undefined) queue.push({ ...node, next: node.next + 1 });
    const next = step.repeat === 'star' ? node.next : node.next + 1;
    for (let event = 0; event < step.relation.size; event++)
      if (has(step.relation, node.event, event))
        queue.push({ event, next, path: [...node.path, { from: node.event, to: event, step }] });
  }
  return [];
}
