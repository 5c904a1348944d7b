/**
 * Ways from the start of a thread to the end of a branch that are alike: what comes behind is the same for them, so that
 * of those which differ only in what no other thread sees and in what orders more, the one that orders the least is
 * followed on (see `weakest-traces.ts`).
 */

import {
  eventNodes,
  eventsOf,
  type NodeDependencies,
  nodeDependencies,
  type PathRelations,
  relationsBetweenEvents,
} from '../memory-model/dependencies.ts';
import type { Edge, InstructionGraph } from '../memory-model/instruction-graph.ts';
import type { Joins, NodeRange, PathState, Register } from '../memory-model/path-state.ts';
import { has, inSet, type Relation } from '../memory-model/relation.ts';
import { type AddressSpace, evaluate, type Term } from '../memory-model/value.ts';
import type { Program, Statement } from '../program/program.ts';
import { everyStatement, expressionsOf, registersOf } from '../program/walk.ts';
import {
  hasLoads,
  keptEvents,
  keyOf,
  ONLY_ORDERS,
  ordersLess,
  type Placed,
} from './weakest-traces.ts';

/** What is remembered of the ways of all threads of a program. */
export interface AlikeWays {
  /** For following the ways of a thread once, all of them. */
  readonly joinsOf: (thread: number) => Joins;
  /** Whether what counted of the ways of a thread when they were followed last is still what counts. */
  readonly isUpToDate: (thread: number) => boolean;
}

/** What is accessed at locations that `isAsked`, that other threads access or that the thread itself reads counts. Which
 *  these are turns out as ways are followed. */
export function alikeWays({ threads }: Program, isAsked: (location: number) => boolean): AlikeWays {
  const gone = threads.map((): Gone => ({ accessed: new Set(), read: new Set() }));
  const counting = (thread: number): ReadonlySet<number> => {
    const others = gone.filter((_, other) => other !== thread);
    const seen = [...gone[thread]!.accessed].filter(
      (location) => isAsked(location) || others.some(({ accessed }) => accessed.has(location)),
    );
    return new Set([...gone[thread]!.read, ...seen]);
  };
  const counted = threads.map((): ReadonlySet<number> => new Set());
  const live = threads.map(({ body }) => liveBehindBranches(body));
  return {
    joinsOf: (thread) => {
      const all = counting(thread);
      counted[thread] = all;
      const memory = waysTo(live[thread]!, all, isAsked);
      return { isStoodFor: memory, note: (state) => noteAccesses(state, gone[thread]!) };
    },
    isUpToDate: (thread) => {
      const before = counted[thread]!;
      return [...counting(thread)].every((location) => isAsked(location) || before.has(location));
    },
  };
}

/** The locations that a thread accesses on the ways that were followed, and those that it does not only write to. */
interface Gone {
  readonly accessed: Set<number>;
  readonly read: Set<number>;
}

function noteAccesses({ graph, locations }: PathState, { accessed, read }: Gone): void {
  for (const [index, { kind }] of eventsOf(graph).entries()) {
    const location = locations[index];
    if (location === undefined) continue;
    accessed.add(location);
    if (!ONLY_ORDERS.has(kind)) read.add(location);
  }
}

/** A way to a place, with what each thing that may lead on there rests on. */
interface WayTo extends Placed {
  readonly resting: () => readonly (readonly number[])[];
}

function waysTo(
  live: LiveBehind,
  counted: ReadonlySet<number>,
  isAsked: (location: number) => boolean,
): Joins['isStoodFor'] {
  const known = new Map<string, WayTo[]>();
  const origins = new Map<unknown, number>();
  const places = new Map<Statement, number>();
  return (state, branch) => {
    const names = live.get(branch);
    if (names === undefined || state.rounds > 0 || state.decided < state.prescribed) return false;
    const way = wayOf(state, names, (location) => isAsked(location) || counted.has(location));
    const kept = keyOf(way.way, way.isKept, origins);
    const registers = keyOfRegisters(state, names, way);
    if (kept === undefined) return false;
    const place = places.get(branch) ?? places.size;
    places.set(branch, place);
    const key = [place, registers, kept].join('\n');
    const alike = known.get(key) ?? [];
    if (alike.some((weak) => leadsOnLess(weak, way))) return true;
    known.set(key, [...alike, way]);
    return false;
  };
}

/** What is computed of a way when it is first asked for: most are never compared. */
interface Made {
  graph?: InstructionGraph;
  dependencies?: NodeDependencies;
  relations?: PathRelations;
  resting?: readonly (readonly number[])[];
}

/** The way that a path has gone so far. */
function wayOf(
  state: PathState,
  names: readonly string[],
  isCounted: (location: number) => boolean,
): WayTo {
  const events = eventsOf(state.graph);
  const graph = graphSoFar(state);
  const { constraints, equations, stop } = state;
  const locations = [...state.locations];
  const registers = names.map((name) => state.registers.get(name));
  const ends = { lasting: [...state.lasting], enclosing: [...state.enclosing] };
  const made: Made = {};
  const dependencies = () => {
    made.graph ??= graph();
    made.dependencies ??= nodeDependencies(made.graph);
    return [made.graph, made.dependencies] as const;
  };
  const way = {
    events,
    locations,
    values: [...state.values],
    crowded: new Set(state.crowded),
    constraints: [...constraints],
    equations: [...equations],
    stop,
    relations: () => {
      made.relations ??= relationsBetweenEvents(...dependencies());
      return made.relations;
    },
  };
  const kept = new Set(
    locations.flatMap((location) =>
      location !== undefined && isCounted(location) ? [location] : [],
    ),
  );
  return {
    way,
    isKept: keptEvents(way, kept),
    resting: () => {
      made.resting ??= restingOn(...dependencies(), registers, ends);
      return made.resting;
    },
  };
}

/** The graph of a path as it is now, with what the conditions decide in whose branches it is: a graph only grows. */
function graphSoFar({ graph, lasting, enclosing }: PathState): () => InstructionGraph {
  const { nodes, older, data, control, registerReadsFrom, branches } = graph;
  const { length: end } = nodes;
  const conditions = [...lasting, ...enclosing];
  const [dataEnd, controlEnd] = [data.length, control.length];
  const [readsEnd, branchesEnd] = [registerReadsFrom.length, branches.length];
  return () => ({
    nodes: nodes.slice(0, end),
    older: older.slice(0, end),
    data: data.slice(0, dataEnd),
    control: control.slice(0, controlEnd),
    registerReadsFrom: registerReadsFrom.slice(0, readsEnd),
    branches: [
      ...branches.slice(0, branchesEnd),
      ...conditions.flatMap((condition) => edgesOf(condition, end)),
    ],
  });
}

/** From each node of a condition to each one that follows up to `end`. */
function edgesOf({ first, end: behind }: NodeRange, end: number): readonly Edge[] {
  const edges: Edge[] = [];
  for (let source = first; source < behind; source++)
    for (let target = behind; target < end; target++) edges.push([source, target]);
  return edges;
}

/** Equal for ways that leave the same values in registers. */
function keyOfRegisters(
  { registers, space }: PathState,
  names: readonly string[],
  { way: { events, values }, isKept }: WayTo,
): string {
  const numbers = new Map<number, number>();
  for (const index of events.keys()) if (isKept(index)) numbers.set(index, numbers.size);
  return names
    .map((name) => {
      const value = registers.get(name)?.value;
      return value === undefined ? '' : textOfTerm(value, values, space, numbers);
    })
    .join();
}

function textOfTerm(
  term: Term,
  values: Placed['way']['values'],
  space: AddressSpace,
  numbers: ReadonlyMap<number, number>,
): string {
  const known = evaluate(space, term, values);
  if (known !== undefined) return `${known}`;
  return JSON.stringify(term, (name, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`;
    return name === 'event' && typeof part === 'number' ? (numbers.get(part) ?? -1) : part;
  });
}

/** The events on which what comes may rest: through the conditions that last, through each of those in whose branches
 *  the way is, and through each register. */
function restingOn(
  { nodes }: InstructionGraph,
  { sets, fromLoad, begun, carried, addr, data, resting }: NodeDependencies,
  registers: readonly (Register | undefined)[],
  { lasting, enclosing }: { readonly lasting: NodeRange[]; readonly enclosing: NodeRange[] },
): readonly (readonly number[])[] {
  const events = eventNodes(nodes);
  const before = (node: number, relations: readonly Relation[]) =>
    events.flatMap((from, event) =>
      relations.some((relation) => has(relation, from, node)) ? [event] : [],
    );
  const throughConditions = (ranges: readonly NodeRange[]) => {
    const all = ranges.flatMap(({ first, end }) =>
      Array.from({ length: end - first }, (_, index) => first + index),
    );
    const read = all.filter((node) => inSet(sets.registerRead, node));
    const loads = all.filter((node) => inSet(sets.load, node));
    const anyLoads = all.filter((node) => inSet(sets.anyLoad, node));
    return [
      [...read, ...anyLoads].flatMap((node) => before(node, [carried, addr, data])),
      loads.map((node) => events.indexOf(node)),
      [...read, ...loads].flatMap((node) => before(node, [resting])),
    ];
  };
  return [
    ...throughConditions(lasting),
    ...enclosing.flatMap((range) => throughConditions([range])),
    ...registers.flatMap((register) =>
      register?.writer === undefined
        ? [[], []]
        : [before(register.writer, [begun, carried]), before(register.writer, [fromLoad, resting])],
    ),
  ];
}

/** Whether one way orders no more than another so far, and what comes behind rests on no more. */
function leadsOnLess(weak: WayTo, strong: WayTo): boolean {
  const to = ordersLess(weak, strong);
  if (to === undefined) return false;
  if (!hasLoads(weak.way)) return true;
  const [one, other] = [weak.resting(), strong.resting()];
  return one.every((events, index) => {
    const more = new Set(other[index]);
    return events.every((event) => more.has(to[event]!));
  });
}

function registersReadIn(body: readonly Statement[]): readonly string[] {
  return everyStatement(body).flatMap(expressionsOf).flatMap(registersOf);
}

/** By branch that stands once in a thread, and in no loop: the registers of which the values are asked for behind it. */
type LiveBehind = ReadonlyMap<Statement, readonly string[]>;

function liveBehindBranches(body: readonly Statement[]): LiveBehind {
  const live = new Map<Statement, readonly string[]>();
  const repeated = new Set<Statement>();
  const pass = (statements: readonly Statement[], behind: ReadonlySet<string>) => {
    let at = behind;
    for (const statement of statements.toReversed()) at = passOne(statement, at);
    return at;
  };
  const passOne = (statement: Statement, behind: ReadonlySet<string>): ReadonlySet<string> => {
    const read = expressionsOf(statement).flatMap(registersOf);
    switch (statement.kind) {
      case 'if': {
        if (live.has(statement)) repeated.add(statement);
        live.set(statement, [...behind].sort());
        const ends = [statement.then, statement.otherwise].map((way) => pass(way, behind));
        return new Set([...ends.flatMap((end) => [...end]), ...read]);
      }
      case 'while':
        return pass(
          statement.body,
          new Set([...behind, ...read, ...registersReadIn(statement.body)]),
        );
      case 'declare':
      case 'assign': {
        if (statement.value === undefined) return behind;
        const others = [...behind].filter((name) => name !== statement.register);
        return new Set([...others, ...read]);
      }
      default:
        return read.length === 0 ? behind : new Set([...behind, ...read]);
    }
  };
  pass(body, new Set());
  return new Map([...live].filter(([statement]) => !repeated.has(statement)));
}
