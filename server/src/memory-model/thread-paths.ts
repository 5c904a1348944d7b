/** All control paths of the threads of a program, each with its events, relations and assumptions. */

import type { Program, Thread } from '../program/program.ts';
import { eventsOf, type PathRelations, pathRelations } from './dependencies.ts';
import type { Edge, InstructionGraph, ThreadEvent } from './instruction-graph.ts';
import { executeThread } from './instruction-semantics.ts';
import {
  type Constraint,
  type Decision,
  type Equation,
  type Joins,
  type PathState,
  type ReadOracle,
  type Stop,
  settleOperations,
  startPath,
} from './path-state.ts';
import {
  type AddressSpace,
  addressOf,
  constant,
  type RuntimeValue,
  runtimeValue,
  type Term,
} from './value.ts';

/** One way through a thread. Its reads are named by their index in `events`. */
export interface ThreadPath {
  readonly thread: number;
  readonly events: readonly ThreadEvent[];
  /** Computed when first asked for: many paths are never part of an execution. */
  readonly relations: () => PathRelations;
  readonly constraints: readonly Constraint[];
  readonly equations: readonly Equation[];
  /** What each register holds at the end. */
  readonly registers: ReadonlyMap<string, Term>;
  /** Set where the path was cut, not where it came to its end: its executions do not count, but make a "never" unknown. */
  readonly stop: Stop | undefined;
}

/** The control paths of one thread, their values left as terms. Paths that end in a `discard` are
 *  left out; a branch whose condition is known at once is no choice. */
export function threadPaths(
  program: Program,
  thread: Thread,
  space: AddressSpace,
  unroll: number,
): readonly ThreadPath[] {
  const registers = initialRegisters(program, thread, space);
  const paths: ThreadPath[] = [];
  const decisions: Decision[] = [];
  do {
    const state = startPath(space, thread, unroll, registers, decisions);
    executeThread(state, thread.body);
    if (state.stop?.why !== 'discard')
      paths.push(pathOf(state, state.graph, relationsOf(state.graph)));
  } while (advance(decisions));
  return paths;
}

/** A path on which every value that decides an address, a branch or a write is known. */
export interface Trace extends ThreadPath {
  /** The location number of each event that has one. */
  readonly locations: readonly (number | undefined)[];
  /** The value of each write, and of each read that had to be decided; other reads are free. */
  readonly values: readonly (RuntimeValue | undefined)[];
  /** The instructions that do not order all their accesses: a write may feed a read of the same. */
  readonly crowded: ReadonlySet<number>;
  /** Equal for traces that differ in their values only. */
  readonly shape: string;
}

/** Finds the traces of one thread; keeps what does not depend on the oracle between calls. */
export interface TraceMaker {
  readonly registers: ReadonlyMap<string, Term>;
  readonly relations: Map<string, ThreadPath['relations']>;
}

export function traceMaker(program: Program, thread: Thread, space: AddressSpace): TraceMaker {
  return { registers: initialRegisters(program, thread, space), relations: new Map() };
}

/** The traces of a thread whose reads return what the oracle allows; undefined where `mayGoOn`, which is told how many
 *  nodes each path had, and how many events where executions may have it, says so before all are found. With `joins`,
 *  without those for which others stand. */
export function threadTraces(
  maker: TraceMaker,
  thread: Thread,
  space: AddressSpace,
  unroll: number,
  oracle: ReadOracle,
  mayGoOn: (traces: number, nodes: number, events: number) => boolean,
  joins?: Joins,
): readonly Trace[] | undefined {
  const traces: Trace[] = [];
  const decisions: Decision[] = [];
  do {
    const state = startPath(space, thread, unroll, maker.registers, decisions, oracle, joins);
    executeThread(state, thread.body);
    settleOperations(state);
    joins?.note(state);
    const isKept = state.stop?.why !== 'discard';
    if (isKept) traces.push(traceOf(maker, state));
    const { length: nodes } = state.graph.nodes;
    if (!mayGoOn(traces.length, nodes, isKept ? state.events : 0)) return undefined;
  } while (advance(decisions));
  return traces;
}

function traceOf(maker: TraceMaker, state: PathState): Trace {
  const graph = state.stop === undefined ? state.graph : begun(state.graph, state.stop.nodes);
  const key = `${state.control}/${graph.nodes.length}`;
  const relations = maker.relations.get(key) ?? relationsOf(graph);
  maker.relations.set(key, relations);
  const { locations, values, crowded } = state;
  const shape = `${key}/${locations.join()}`;
  return { ...pathOf(state, graph, relations), locations, values, crowded, shape };
}

/** The relations of a finished graph; the graph is kept no longer than until they are known. */
function relationsOf(graph: InstructionGraph): () => PathRelations {
  let open: InstructionGraph | undefined = graph;
  let known: PathRelations | undefined;
  return () => {
    if (open !== undefined) known = pathRelations(open);
    open = undefined;
    return known!;
  };
}

function pathOf(
  state: PathState,
  graph: InstructionGraph,
  relations: ThreadPath['relations'],
): ThreadPath {
  return {
    thread: state.thread.index,
    events: eventsOf(graph),
    relations,
    constraints: state.constraints,
    equations: state.equations,
    registers: new Map([...state.registers].map(([name, { value }]) => [name, value])),
    stop: state.stop?.why === 'end' ? undefined : state.stop,
  };
}

/** The graph of the first `end` nodes. */
function begun(graph: InstructionGraph, end: number): InstructionGraph {
  const upTo = (edges: readonly Edge[]) => edges.filter(([, target]) => target < end);
  return {
    nodes: graph.nodes.slice(0, end),
    older: graph.older.slice(0, end),
    data: upTo(graph.data),
    control: upTo(graph.control),
    registerReadsFrom: upTo(graph.registerReadsFrom),
    branches: upTo(graph.branches),
  };
}

/** Parameters hold addresses; the initial state may give other registers a value. */
function initialRegisters(
  program: Program,
  thread: Thread,
  space: AddressSpace,
): ReadonlyMap<string, Term> {
  const registers = new Map<string, Term>();
  for (const { target, value } of program.initial)
    if (target.kind === 'register' && target.thread === thread.index)
      registers.set(target.name, constant(runtimeValue(space, value)));
  for (const { name } of thread.parameters) registers.set(name, constant(addressOf(space, name)));
  return registers;
}

/** Moves to the next combination of decisions; false after the last one. */
function advance(decisions: Decision[]): boolean {
  while (decisions.length > 0) {
    const last = decisions.at(-1)!;
    if (++last.taken < last.of) return true;
    decisions.pop();
  }
  return false;
}
