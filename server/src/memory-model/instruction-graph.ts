/**
 * The events of one control path of a thread while it is being built: memory events, fences, and the
 * register accesses that carry dependencies between them, with the causality inside each instruction
 * ("iico" in herd's semantics), from which addr, data, ctrl and po are computed.
 */

import type { Origin, Traced } from '../program/program.ts';
import type { Span } from '../text/span.ts';
import type { Term } from './value.ts';

/** What an event does. The lock kinds are those of `lock.cat`: LKR, LKW, UL, LF, RL, RU. */
export type EventKind =
  | 'read'
  | 'write'
  | 'fence'
  | 'lock-read'
  | 'lock-write'
  | 'unlock'
  | 'lock-fail'
  | 'read-locked'
  | 'read-unlocked'
  | 'srcu';

/** What the value of a node is used for in its instruction, as far as dependencies ask. */
export type Port = 'address' | 'data' | 'none';

/** An event of a thread; its value and its address in terms of reads of the same thread. */
export interface ThreadEvent {
  readonly kind: EventKind;
  /** The tag as the bell file spells it (`once`, `mb`, `rcu-lock`, ...), `plain` for none. */
  readonly tag: string;
  /** Part of a read-modify-write, be it one that failed. */
  readonly atomic: boolean;
  readonly address: Term | undefined;
  /** What it writes; undefined for reads. */
  readonly value: Term | undefined;
  /** Counts the instructions of the path; the accesses of one read-modify-write share it. */
  readonly instance: number;
  readonly span: Span;
  readonly origin: Origin | undefined;
}

/** A node: an event, or an access to a register. */
export interface GraphNode {
  readonly what: 'event' | 'register-read' | 'register-write';
  readonly event: ThreadEvent | undefined;
  readonly port: Port;
  readonly instance: number;
}

export type Edge = readonly [from: number, to: number];

/** The graph under construction. Edges go from a smaller to a larger node number. */
export interface InstructionGraph {
  readonly nodes: GraphNode[];
  /** By node: how many edges of `data` and of `control` there were before it. */
  readonly older: { readonly data: number; readonly control: number }[];
  readonly data: Edge[];
  readonly control: Edge[];
  /** From the last write of a register to each read of it. */
  readonly registerReadsFrom: Edge[];
  /** From each node of a condition to each node of the branch it decides. */
  readonly branches: Edge[];
}

export function emptyGraph(): InstructionGraph {
  return { nodes: [], older: [], data: [], control: [], registerReadsFrom: [], branches: [] };
}

/**
 * A part of an instruction: the nodes from `first` up to `end` and what they compute. `output` holds
 * the nodes whose value the part hands on; without it these are its data-maximal nodes.
 */
export interface Fragment {
  readonly first: number;
  readonly end: number;
  readonly value: Term;
  readonly output?: readonly number[];
}

export function emptyFragment(graph: InstructionGraph, value: Term): Fragment {
  return { first: graph.nodes.length, end: graph.nodes.length, value };
}

export function addNode(graph: InstructionGraph, node: GraphNode): number {
  graph.nodes.push(node);
  graph.older.push({ data: graph.data.length, control: graph.control.length });
  return graph.nodes.length - 1;
}

/** Where an event comes from, as its statement or access says. */
export function provenance(traced: Traced): { span: Span; origin: Origin | undefined } {
  return { span: traced.span, origin: traced.origin };
}

export function connect(edges: Edge[], before: readonly number[], after: readonly number[]): void {
  for (const source of before) for (const target of after) edges.push([source, target]);
}

function nodesOf(part: Fragment): number[] {
  return Array.from({ length: part.end - part.first }, (_, index) => part.first + index);
}

/** Those of the edges that are inside a part; the first `older` of them were there before it. */
function inside(part: Fragment, edges: readonly Edge[], older: number): Edge[] {
  const found: Edge[] = [];
  for (let at = older; at < edges.length; at++) {
    const edge = edges[at]!;
    if (edge[0] >= part.first && edge[1] < part.end) found.push(edge);
  }
  return found;
}

function dataInside({ data, older }: InstructionGraph, part: Fragment): Edge[] {
  return inside(part, data, older[part.first]?.data ?? data.length);
}

/** The nodes of a part that no data edge of the part enters. */
export function dataMinimal(graph: InstructionGraph, part: Fragment): number[] {
  const edges = dataInside(graph, part);
  return nodesOf(part).filter((node) => !edges.some(([, target]) => target === node));
}

/** The nodes of a part that no edge of the part enters. */
export function minimal(graph: InstructionGraph, part: Fragment): number[] {
  const edges = causality(graph, part);
  return nodesOf(part).filter((node) => !edges.some(([, target]) => target === node));
}

/** The nodes of a part that no edge of the part leaves. */
export function maximal(graph: InstructionGraph, part: Fragment): number[] {
  const edges = causality(graph, part);
  return nodesOf(part).filter((node) => !edges.some(([source]) => source === node));
}

function causality(graph: InstructionGraph, part: Fragment): Edge[] {
  const { control, older } = graph;
  return [
    ...dataInside(graph, part),
    ...inside(part, control, older[part.first]?.control ?? control.length),
  ];
}

/** The nodes whose value a part hands on. */
export function outputOf(graph: InstructionGraph, part: Fragment): readonly number[] {
  if (part.output !== undefined) return part.output;
  const edges = dataInside(graph, part);
  return nodesOf(part).filter((node) => !edges.some(([source]) => source === node));
}

/** `second` consumes the value of `first`; `second` begins where `first` ends. */
export function bindData(graph: InstructionGraph, first: Fragment, second: Fragment): Fragment {
  const before = outputOf(graph, first);
  const after = dataMinimal(graph, second);
  const output = dataOutput(graph, first, second);
  connect(graph.data, before, after);
  return joined(first, second, second.value, output);
}

function dataOutput(
  graph: InstructionGraph,
  first: Fragment,
  second: Fragment,
): readonly number[] | undefined {
  if (second.output !== undefined || first.output === undefined) return second.output;
  const handedOn = outputOf(graph, second);
  return handedOn.length === 0 ? first.output : handedOn;
}

/** `second` comes after `first` in the instruction without consuming its value. */
export function bindControl(graph: InstructionGraph, first: Fragment, second: Fragment): Fragment {
  const before = maximal(graph, first);
  const after = minimal(graph, second);
  const output = outputOf(graph, second);
  connect(graph.control, before, after);
  return joined(first, second, second.value, output);
}

/** The two parts side by side, unordered: operands of one operator. */
export function beside(
  graph: InstructionGraph,
  first: Fragment,
  second: Fragment,
  value: Term,
): Fragment {
  const output =
    first.output === undefined && second.output === undefined
      ? undefined
      : [...outputOf(graph, first), ...outputOf(graph, second)];
  return joined(first, second, value, output);
}

/** The part that reaches from `first` to the end of `last`. */
export function joined(
  first: Fragment,
  last: Fragment,
  value: Term,
  output: readonly number[] | undefined,
): Fragment {
  const bounds = { first: first.first, end: last.end, value };
  return output === undefined ? bounds : { ...bounds, output };
}
