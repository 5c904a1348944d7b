/** po, addr, data and ctrl of one control path, computed from the causality inside its instructions. */

import type { GraphNode, InstructionGraph, ThreadEvent } from './instruction-graph.ts';
import {
  addPair,
  between,
  type EventSet,
  emptyRelation,
  emptySet,
  forwardClosure,
  from,
  has,
  intersection,
  into,
  type Relation,
  relationOfRows,
  sequence,
  setOf,
  union,
  unionOfSets,
} from './relation.ts';

/** The relations between the events of a path (not its register accesses), by their cat names. */
export interface PathRelations {
  readonly po: Relation;
  readonly addr: Relation;
  readonly data: Relation;
  readonly ctrl: Relation;
}

/** How the nodes of a graph depend on each other. */
export interface NodeDependencies {
  readonly sets: NodeSets;
  /** From each load to the nodes of its instruction that take its value. */
  readonly fromLoad: Relation;
  /** The same, and from each store to what its instruction does then. */
  readonly begun: Relation;
  /** From each load, or store, to the nodes to which registers carry it. */
  readonly carried: Relation;
  readonly addr: Relation;
  readonly data: Relation;
  /** From each load to the nodes that rest on it, be it by a condition on the way. */
  readonly resting: Relation;
  readonly ctrl: Relation;
}

/**
 * A dependency starts at a read of memory and goes through registers to an access. As in herd it is
 * syntactic: `r ^ r` carries one. A control dependency reaches what stands inside the branches of
 * its condition, and further only through registers that are assigned there and tested later.
 */
export function nodeDependencies(graph: InstructionGraph): NodeDependencies {
  const size = graph.nodes.length;
  const sets = nodeSets(graph.nodes);
  const iicoData = edges(size, graph.data);
  const iicoControl = edges(size, graph.control);
  const control = edges(size, graph.branches);
  const readsRegister = edges(size, graph.registerReadsFrom);

  const throughRegisters = forwardClosure(
    union(readsRegister, between(sets.register, iicoData, sets.register)),
  );
  const fromLoad = from(sets.anyLoad, iicoData);
  const begun = union(from(sets.store, iicoControl), fromLoad);
  const carried = sequence(begun, throughRegisters);

  const lastData = between(sets.dataPort, iicoData, sets.store);
  const data = union(from(sets.anyLoad, lastData), sequence(carried, lastData));
  const lastAddress = union(
    into(iicoData, unionOfSets(sets.load, sets.lockAccess)),
    between(sets.addressPort, iicoData, sets.store),
  );
  const addr = union(from(sets.anyLoad, lastAddress), sequence(carried, lastAddress));

  const controlFromRead = from(unionOfSets(sets.load, sets.registerRead), control);
  const resting = sequence(fromLoad, forwardClosure(union(throughRegisters, controlFromRead)));
  const decided = from(unionOfSets(sets.anyLoad, sets.registerRead), control);
  const ctrl = union(
    sequence(union(carried, addr, data), decided),
    sequence(resting, controlFromRead),
    controlFromRead,
  );
  return { sets, fromLoad, begun, carried, addr, data, resting, ctrl };
}

/** The relations between the events of a path. */
export function pathRelations(graph: InstructionGraph): PathRelations {
  return relationsBetweenEvents(graph, nodeDependencies(graph));
}

/** Those of the relations between nodes that are between events. */
export function relationsBetweenEvents(
  graph: InstructionGraph,
  { sets, addr, data, ctrl }: NodeDependencies,
): PathRelations {
  const size = graph.nodes.length;
  const causality = forwardClosure(union(edges(size, graph.data), edges(size, graph.control)));
  const keep = eventNodes(graph.nodes);
  return {
    po: restrict(programOrder(graph, causality), keep),
    addr: restrict(addr, keep),
    data: restrict(data, keep),
    ctrl: restrict(between(unionOfSets(sets.anyLoad, sets.store), ctrl, sets.controllable), keep),
  };
}

/** The events among the nodes, in order. */
export function eventsOf(graph: InstructionGraph): readonly ThreadEvent[] {
  return graph.nodes.flatMap((node) => (node.event === undefined ? [] : [node.event]));
}

export interface NodeSets {
  readonly load: EventSet;
  /** Reads of memory, a failed trylock and `spin_is_locked` among them. */
  readonly anyLoad: EventSet;
  readonly store: EventSet;
  readonly lockAccess: EventSet;
  readonly register: EventSet;
  readonly registerRead: EventSet;
  readonly addressPort: EventSet;
  readonly dataPort: EventSet;
  /** What a control dependency can reach: accesses, locks and fences, but no SRCU event. */
  readonly controllable: EventSet;
}

function nodeSets(nodes: readonly GraphNode[]): NodeSets {
  const where = (holds: (node: GraphNode) => boolean) =>
    setOf(nodes.length, (index) => holds(nodes[index]!));
  const kind = (node: GraphNode) => node.event?.kind;
  const lockLoads = new Set<string | undefined>(['lock-fail', 'read-locked', 'read-unlocked']);
  const locks = new Set<string | undefined>([...lockLoads, 'lock-read', 'lock-write', 'unlock']);
  return {
    load: where((node) => kind(node) === 'read'),
    anyLoad: where((node) => kind(node) === 'read' || lockLoads.has(kind(node))),
    store: where((node) => kind(node) === 'write'),
    lockAccess: where((node) => locks.has(kind(node))),
    register: where((node) => node.event === undefined),
    registerRead: where((node) => node.what === 'register-read'),
    addressPort: where((node) => node.port === 'address'),
    dataPort: where((node) => node.port === 'data'),
    controllable: where((node) => node.event !== undefined && kind(node) !== 'srcu'),
  };
}

function edges(size: number, list: readonly (readonly [number, number])[]): Relation {
  const result = emptyRelation(size);
  for (const [source, target] of list) addPair(result, source, target);
  return result;
}

/** Instructions are ordered; the accesses of one only by the causality inside it. */
function programOrder({ nodes }: InstructionGraph, causality: Relation): Relation {
  const size = nodes.length;
  const byInstance = new Map<number, EventSet>();
  for (const [index, { instance }] of nodes.entries()) {
    const group = byInstance.get(instance) ?? emptySet(size);
    group[index >>> 5]! |= 1 << (index & 31);
    byInstance.set(instance, group);
  }
  const later = new Map<number, EventSet>();
  let following = emptySet(size);
  for (const instance of [...byInstance.keys()].sort((left, right) => right - left)) {
    later.set(instance, following);
    following = unionOfSets(following, byInstance.get(instance)!);
  }
  const within = intersection(
    causality,
    relationOfRows(size, (index) => byInstance.get(nodes[index]!.instance)),
  );
  return union(
    within,
    relationOfRows(size, (index) => later.get(nodes[index]!.instance)),
  );
}

/** The nodes that are events, in order. */
export function eventNodes(nodes: readonly GraphNode[]): readonly number[] {
  return nodes.flatMap((node, index) => (node.event === undefined ? [] : [index]));
}

/** The relation between the kept nodes, renumbered from zero. */
function restrict(relation: Relation, keep: readonly number[]): Relation {
  const result = emptyRelation(keep.length);
  for (let left = 0; left < keep.length; left++)
    for (let right = 0; right < keep.length; right++)
      if (has(relation, keep[left]!, keep[right]!)) addPair(result, left, right);
  return result;
}
