/** The state of executing one control path of a thread: its graph, registers, and choices. */

import type { Thread, Traced } from '../litmus/program.ts';
import type { Span } from '../text/span.ts';
import {
  addNode,
  bindData,
  type EventKind,
  emptyGraph,
  type Fragment,
  type InstructionGraph,
  type Port,
} from './instruction-graph.ts';
import { type AddressSpace, constant, type Term } from './value.ts';

/** A condition that the path assumed: the term is true, or is not. */
export interface Constraint {
  readonly term: Term;
  readonly holds: boolean;
}

/** Why a path ends before the thread does. */
export interface Stop {
  readonly why: 'discard' | 'bound';
  readonly reason: string;
  readonly at: Traced;
}

/** A register: its value, and the node that wrote it last, if any did. */
export interface Register {
  readonly value: Term;
  readonly writer: number | undefined;
}

export interface PathState {
  readonly space: AddressSpace;
  readonly thread: Thread;
  /** How often a loop is unrolled. */
  readonly unroll: number;
  readonly graph: InstructionGraph;
  readonly registers: Map<string, Register>;
  readonly constraints: Constraint[];
  /** The decisions taken so far, and of how many alternatives each; a prefix is given at the start. */
  readonly decisions: Decision[];
  decided: number;
  events: number;
  /** Numbers the instructions as herd's program order index does. */
  instance: number;
  stop: Stop | undefined;
}

export interface Decision {
  taken: number;
  readonly of: number;
}

export function startPath(
  space: AddressSpace,
  thread: Thread,
  unroll: number,
  registers: ReadonlyMap<string, Term>,
  decisions: Decision[],
): PathState {
  const initial = [...registers].map(
    ([name, value]) => [name, { value, writer: undefined }] as const,
  );
  return {
    space,
    thread,
    unroll,
    graph: emptyGraph(),
    registers: new Map(initial),
    constraints: [],
    decisions,
    decided: 0,
    events: 0,
    instance: 0,
    stop: undefined,
  };
}

/** Takes one of `of` alternatives: the one prescribed, or the first where none is yet. */
export function decide(state: PathState, of: number): number {
  const prescribed = state.decisions[state.decided];
  if (prescribed === undefined) state.decisions.push({ taken: 0, of });
  state.decided++;
  return prescribed === undefined ? 0 : prescribed.taken;
}

/** What an event is, apart from where it stands. */
export interface EventShape {
  readonly kind: EventKind;
  readonly tag: string;
  readonly atomic?: boolean;
  readonly address?: Term;
  readonly value?: Term;
  readonly port?: Port;
}

/** Adds an event; a read without a given value is worth what it will return. */
export function emit(state: PathState, shape: EventShape, at: Traced): Fragment {
  const value =
    shape.value ??
    (shape.kind === 'read' ? ({ kind: 'read', event: state.events } as const) : undefined);
  const node = addNode(state.graph, {
    what: 'event',
    event: {
      kind: shape.kind,
      tag: shape.tag,
      atomic: shape.atomic ?? false,
      address: shape.address,
      value,
      instance: state.instance,
      span: at.span,
      origin: at.origin,
    },
    port: shape.port ?? 'none',
    instance: state.instance,
  });
  state.events++;
  return { first: node, end: node + 1, value: value ?? constant(0) };
}

/** A fence hands on no value, so it stands outside of every data dependency. */
export function emitFence(state: PathState, tag: string, at: Traced): Fragment {
  return { ...emit(state, { kind: 'fence', tag }, at), output: [] };
}

export function readRegister(state: PathState, name: string, port: Port): Fragment {
  const known = state.registers.get(name) ?? { value: constant(0), writer: undefined };
  const node = addNode(state.graph, {
    what: 'register-read',
    event: undefined,
    port,
    instance: state.instance,
  });
  if (known.writer !== undefined) state.graph.registerReadsFrom.push([known.writer, node]);
  return { first: node, end: node + 1, value: known.value };
}

export function writeRegister(state: PathState, name: string, value: Fragment): void {
  const node = addNode(state.graph, {
    what: 'register-write',
    event: undefined,
    port: 'none',
    instance: state.instance,
  });
  bindData(state.graph, value, { first: node, end: node + 1, value: value.value });
  state.registers.set(name, { value: value.value, writer: node });
}

/** The path ends here. */
export function stopPath(state: PathState, why: Stop['why'], reason: string, at: Traced): void {
  state.stop = { why, reason, at };
}

/** The span of a stop, for the answer. */
export function spanOf(stop: Stop): Span {
  return stop.at.span;
}
