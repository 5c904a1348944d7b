/** The state of executing one control path of a thread: its graph, registers, and choices. */

import type { Statement, Thread, Traced } from '../program/program.ts';
import { crowdedStatements } from './crowded.ts';
import {
  addNode,
  bindData,
  type EventKind,
  emptyGraph,
  type Fragment,
  type InstructionGraph,
  type Port,
} from './instruction-graph.ts';
import {
  type AddressSpace,
  constant,
  evaluate,
  isAddress,
  locationOf,
  printValue,
  type RuntimeValue,
  readsOf,
  type Term,
  THIN_AIR,
} from './value.ts';

/** A condition that the path assumed: the term is true, or is not. */
export interface Constraint {
  readonly term: Term;
  readonly holds: boolean;
}

/** Two terms that are worth the same on the path, whatever they are worth. */
export interface Equation {
  readonly left: Term;
  readonly right: Term;
}

/** Why a path ends before the text of the thread does. */
export interface Stop {
  readonly why: 'end' | 'discard' | 'bound';
  readonly reason: string;
  readonly at: Traced;
  /** How many nodes of the graph the path has before it ends. */
  readonly nodes: number;
}

/** Nodes of a graph, from `first` up to `end`. */
export interface NodeRange {
  readonly first: number;
  readonly end: number;
}

/** The places of a thread at which ways come together again. */
export interface Joins {
  /** Whether another way from the start to the end of this branch stands for the one that was taken. */
  readonly isStoodFor: (state: PathState, branch: Statement) => boolean;
  /** Takes notice of where a path went. */
  readonly note: (state: PathState) => void;
}

/** A register: its value, and the node that wrote it last, if any did. */
export interface Register {
  readonly value: Term;
  readonly writer: number | undefined;
}

export interface PathState {
  readonly space: AddressSpace;
  /** What reads may return: with it, a value that decides something is decided at once; without it,
   *  values stay terms and what they decide becomes constraints. */
  readonly oracle: ReadOracle | undefined;
  /** The addresses of the events so far, and the values of the reads that have been decided. */
  readonly locations: (number | undefined)[];
  readonly values: (RuntimeValue | undefined)[];
  /** What each read may return. */
  readonly reads: (MemoryRead | undefined)[];
  /** Those of them whose values have been decided, by location. */
  readonly valued: Map<number, MemoryRead[]>;
  /** By location: the first read that is known to have met what others write there once at most. */
  readonly met: Map<number, MemoryRead>;
  /** The operations that were computed, where their operands were not known. */
  readonly operations: Term[];
  /** By location: the writes of the thread that reads which come now may take their value from. */
  readonly ownWrites: Map<number, OwnWrites>;
  /** The statements whose accesses are not all ordered, a write with them. */
  readonly crowds: ReadonlySet<Statement>;
  /** The instruction at hand makes accesses that it does not order among themselves, a write with them. */
  isCrowded: boolean;
  /** The instructions of that kind so far. */
  readonly crowded: Set<number>;
  /** The decisions of control among all decisions; paths with the same have the same relations. */
  control: string;
  readonly thread: Thread;
  /** How often a loop is unrolled. */
  readonly unroll: number;
  readonly graph: InstructionGraph;
  readonly registers: Map<string, Register>;
  readonly constraints: Constraint[];
  readonly equations: Equation[];
  /** The nodes of conditions that everything up to the end of the thread depends on. */
  readonly lasting: NodeRange[];
  /** The nodes of the conditions in whose branches the path is, the outermost first. */
  readonly enclosing: NodeRange[];
  /** How many rounds of loops the path is in. */
  rounds: number;
  /** Tells at the end of each branch whether the path is worth following. */
  readonly joins: Joins | undefined;
  /** The decisions taken so far, and of how many alternatives each; a prefix is given at the start. */
  readonly decisions: Decision[];
  /** How many of them were given at the start. */
  readonly prescribed: number;
  decided: number;
  events: number;
  /** Numbers the instructions as herd's program order index does. */
  instance: number;
  stop: Stop | undefined;
}

/** A write of the thread itself; the event is -1 for the initial one. */
interface OwnWrite {
  readonly event: number;
  readonly value: RuntimeValue;
}

/** The writes of the instruction that wrote to a location last, and of the one before it that did. */
interface OwnWrites {
  readonly instance: number;
  readonly last: readonly OwnWrite[];
  readonly before: readonly OwnWrite[];
}

interface MemoryRead {
  readonly event: number;
  readonly instance: number;
  readonly location: number;
  /** The write of its own thread that it may read from; undefined where there may be several. */
  readonly own: OwnWrite | undefined;
  /** What it may write itself, and what others may. */
  readonly options: readonly RuntimeValue[];
}

/** What is known of memory before the threads are put together. */
export interface ReadOracle {
  readonly initialAt: (location: number) => RuntimeValue;
  /** The values that other threads than this one may write to the location. */
  readonly valuesOfOthers: (thread: number, location: number) => readonly RuntimeValue[];
  /** The values that this thread itself may write to the location. */
  readonly valuesOfOwn: (thread: number, location: number) => readonly RuntimeValue[];
  /** Whether other threads than this one write to the location once at most; or where a value is given, that value. */
  readonly isWrittenOnceByOthers: (
    thread: number,
    location: number,
    value?: RuntimeValue,
  ) => boolean;
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
  oracle?: ReadOracle,
  joins?: Joins,
): PathState {
  const initial = [...registers].map(
    ([name, value]) => [name, { value, writer: undefined }] as const,
  );
  return {
    space,
    oracle,
    locations: [],
    values: [],
    reads: [],
    valued: new Map(),
    met: new Map(),
    operations: [],
    ownWrites: new Map(),
    crowds: crowdedStatements(thread),
    isCrowded: false,
    crowded: new Set(),
    control: '',
    thread,
    unroll,
    graph: emptyGraph(),
    registers: new Map(initial),
    constraints: [],
    equations: [],
    lasting: [],
    enclosing: [],
    rounds: 0,
    joins,
    decisions,
    prescribed: decisions.length,
    decided: 0,
    events: 0,
    instance: 0,
    stop: undefined,
  };
}

/** The accesses come that are the statement's own, not those of its branches. */
export function beginInstruction(state: PathState, statement: Statement): void {
  state.isCrowded = state.crowds.has(statement);
  if (state.isCrowded) state.crowded.add(state.instance);
}

/** Takes one of `of` ways on; what is taken shapes the relations of the path. */
export function chooseWay(state: PathState, of: number): number {
  const taken = decide(state, of);
  state.control += taken;
  return taken;
}

/** Takes one of several values that no read gives, so that it tells paths apart as a way does. */
export function chooseValue<Value>(state: PathState, alternatives: readonly Value[]): Value {
  const taken = decide(state, alternatives.length);
  state.control += `[${taken}]`;
  return alternatives[taken]!;
}

/** Takes one of `of` alternatives: the one prescribed, or the first where none is yet. */
function decide(state: PathState, of: number): number {
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
  const event = state.events++;
  if (shape.address !== undefined) locate(state, event, shape.address, at);
  const symbolic = shape.value ?? (shape.kind === 'read' ? readOf(event) : undefined);
  const value = shape.value === undefined ? symbolic : resolve(state, shape.value);
  if (shape.value !== undefined && shape.value.kind !== 'read') noteOperation(state, shape.value);
  if (value?.kind === 'constant' && Number.isNaN(value.value))
    stopPath(state, 'bound', 'a value that no C program may compute', at);
  remember(state, event, shape.kind, value);
  const node = addNode(state.graph, {
    what: 'event',
    event: {
      kind: shape.kind,
      tag: shape.tag,
      atomic: shape.atomic ?? false,
      address: shape.address,
      value: shape.value,
      instance: state.instance,
      span: at.span,
      origin: at.origin,
    },
    port: shape.port ?? 'none',
    instance: state.instance,
  });
  return { first: node, end: node + 1, value: symbolic ?? constant(0) };
}

function readOf(event: number): Term {
  return { kind: 'read', event };
}

function sourcesOf(term: Term): readonly number[] {
  const reads = new Set<number>();
  readsOf(term, reads);
  return [...reads];
}

/** The address of an event; one that is no address ends the path before the event. */
function locate(state: PathState, event: number, address: Term, at: Traced): void {
  const resolved = resolve(state, address);
  if (resolved.kind !== 'constant') return;
  if (isAddress(resolved.value)) state.locations[event] = locationOf(resolved.value);
  else if (resolved.value === THIN_AIR) stopPath(state, 'discard', 'no address', at);
  else {
    const shown = printValue(state.space, resolved.value);
    stopPath(state, 'bound', `an access through ${shown}, which is no address`, at);
  }
}

/** Notes an operation on values. Nothing can be computed from a value out of thin air. */
export function noteOperation(state: PathState, term: Term): void {
  if (state.oracle !== undefined && term.kind !== 'constant') state.operations.push(term);
}

/** Decides the operands that may come from thin air; such a path is impossible. */
export function settleOperations(state: PathState): void {
  for (const term of state.operations)
    for (const read of sourcesOf(term)) {
      if (state.reads[read]?.options.includes(THIN_AIR) !== true) continue;
      const { value } = resolve(state, readOf(read)) as Extract<Term, { kind: 'constant' }>;
      if (value === THIN_AIR) stopPath(state, 'discard', 'no value', state.thread);
    }
}

/** With an oracle: the constant a term stands for, after deciding the reads it depends on. */
export function resolve(state: PathState, term: Term): Term {
  if (state.oracle === undefined || term.kind === 'constant') return term;
  for (const read of sourcesOf(term)) {
    const open = state.reads[read];
    if (state.values[read] !== undefined) continue;
    if (open === undefined) state.values[read] = Number.NaN;
    else giveValue(state, open, valueRead(state, open));
  }
  return constant(evaluate(state.space, term, state.values) ?? Number.NaN);
}

function giveValue({ values, valued }: PathState, read: MemoryRead, value: RuntimeValue): void {
  values[read.event] = value;
  const others = valued.get(read.location);
  if (others === undefined) valued.set(read.location, [read]);
  else others.push(read);
}

/**
 * The value of a read. A thread that has met the only write of others reads nothing older afterwards: that
 * write, until it writes itself (coherence of reads, and of a read and a write, in its own program order).
 */
function valueRead(state: PathState, read: MemoryRead): RuntimeValue {
  const { location, instance, own, options } = read;
  const met = state.met.get(location);
  if (own !== undefined && met !== undefined && met.instance < instance)
    return own.event > met.event ? own.value : state.values[met.event]!;
  const around = readsAround(state, read);
  const left = options.filter((value) => !comesBack(state, read, value, around));
  const value = left[decide(state, left.length)]!;
  const isFirst = met === undefined || read.event < met.event;
  if (isFirst && isFromOnlyWrite(state, read, value)) state.met.set(location, read);
  return value;
}

/** The first and the last of the instructions in which a thread has read a value, on one side of a read. */
interface Reach {
  first: number;
  last: number;
}

/** Where a value has been read before and behind a read, in program order. */
interface Around {
  before?: Reach;
  behind?: Reach;
}

/** By value: the reads of the same location whose values have been decided, since the same write of the thread's own. */
function readsAround(
  { values, valued }: PathState,
  { location, own, instance }: MemoryRead,
): ReadonlyMap<RuntimeValue, Around> {
  const found = new Map<RuntimeValue, Around>();
  if (own === undefined) return found;
  for (const each of valued.get(location) ?? []) {
    if (each.own?.event !== own.event || each.instance === instance) continue;
    const value = values[each.event]!;
    const around = found.get(value) ?? {};
    found.set(value, around);
    const side = each.instance < instance ? 'before' : 'behind';
    const reach = around[side];
    around[side] = {
      first: Math.min(each.instance, reach?.first ?? each.instance),
      last: Math.max(each.instance, reach?.last ?? each.instance),
    };
  }
  return found;
}

/**
 * Whether a value that only one write stores would stand on both sides of another one: a thread that has left a write does not
 * come back to it, until it writes itself (coherence of reads, in its own program order). The value itself, with another one
 * between it and the read; or another one, with the read between.
 */
function comesBack(
  state: PathState,
  read: MemoryRead,
  value: RuntimeValue,
  around: ReadonlyMap<RuntimeValue, Around>,
): boolean {
  const { before, behind } = around.get(value) ?? {};
  const others = [...around].filter(([other]) => !Object.is(other, value));
  const isLeft = others.some(
    ([, other]) =>
      (before !== undefined && other.before !== undefined && before.first < other.before.last) ||
      (behind !== undefined && other.behind !== undefined && other.behind.first < behind.last),
  );
  if (isLeft && isWrittenOnce(state, read, value)) return true;
  return others.some(
    ([other, at]) =>
      at.before !== undefined && at.behind !== undefined && isWrittenOnce(state, read, other),
  );
}

/** Whether one write at most stores the value that a read may return. */
function isWrittenOnce(
  { oracle, thread }: PathState,
  { location, own }: MemoryRead,
  value: RuntimeValue,
): boolean {
  if (oracle === undefined || value === THIN_AIR) return false;
  return Object.is(value, own?.value)
    ? !oracle.valuesOfOthers(thread.index, location).includes(value)
    : oracle.isWrittenOnceByOthers(thread.index, location, value);
}

function isFromOnlyWrite(
  { oracle, thread }: PathState,
  { location, own }: MemoryRead,
  value: RuntimeValue,
): boolean {
  if (own === undefined || Object.is(value, own.value)) return false;
  return oracle?.isWrittenOnceByOthers(thread.index, location) === true;
}

/** Keeps the value of a write, and what a read may return: what the thread itself wrote last, or what
 *  others write. A read that has but one value to return is decided at once. */
function remember(state: PathState, event: number, kind: EventKind, value: Term | undefined): void {
  const { oracle, locations, values, instance } = state;
  const location = locations[event];
  if (oracle === undefined) return;
  if (kind !== 'read' && value?.kind === 'constant') values[event] = value.value;
  if (location === undefined) return;
  if (kind === 'write') rememberWrite(state, location, { event, value: values[event]! });
  if (kind !== 'read') return;
  const own = ownWritesBefore(state, oracle, location);
  const options = new Set(own.map((write) => write.value));
  for (const other of oracle.valuesOfOthers(state.thread.index, location)) options.add(other);
  if (state.isCrowded)
    for (const other of oracle.valuesOfOwn(state.thread.index, location)) options.add(other);
  const only = own.length === 1 && !state.isCrowded ? own[0] : undefined;
  const read = { event, instance, location, own: only, options: [...options] };
  state.reads[event] = read;
  if (options.size === 1) giveValue(state, read, own[0]!.value);
}

function rememberWrite({ ownWrites, instance }: PathState, location: number, write: OwnWrite) {
  const known = ownWrites.get(location);
  if (known?.instance === instance)
    ownWrites.set(location, { ...known, last: [...known.last, write] });
  else ownWrites.set(location, { instance, last: [write], before: known?.last ?? [] });
}

/** The writes of the thread so far that a read may take its value from: of the last instruction that wrote
 *  there any; and where the read is one of its accesses, of the one before, too. */
function ownWritesBefore(
  { ownWrites, instance }: PathState,
  oracle: ReadOracle,
  location: number,
): readonly OwnWrite[] {
  const known = ownWrites.get(location);
  const initial = [{ event: -1, value: oracle.initialAt(location) }];
  if (known === undefined) return initial;
  if (known.instance !== instance) return known.last;
  return [...(known.before.length > 0 ? known.before : initial), ...known.last];
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
  if (state.stop === undefined || why === 'discard')
    state.stop = { why, reason, at, nodes: state.graph.nodes.length };
}
