/**
 * The search: decides the reads and the order of writes of each combination of traces step by step.
 * Two bounds cut it. What all completions contain already breaks an axiom: none is allowed. What any
 * completion may contain breaks none: all are allowed, and they are counted without being visited.
 * This is sound because rf, co and fr occur only positively in the axioms.
 */

import { hasEquations, underivedReads } from '../memory-model/derived-values.ts';
import {
  type EventStructure,
  eventStructure,
  INITIAL,
  isLock,
} from '../memory-model/event-structure.ts';
import {
  type Basic,
  basicRelations,
  type Communication,
  dataRaces,
  isSrcuBadlyNested,
  judge,
  type PlainRelations,
  staticFlags,
} from '../memory-model/linux-kernel.ts';
import type { Unknown } from '../memory-model/outcome.ts';
import {
  addPair,
  emptyRelation,
  isAcyclic,
  isEmpty,
  isEmptySet,
  pairsOf,
  type Relation,
  sequence,
} from '../memory-model/relation.ts';
import { initialValue, type Scope } from '../memory-model/scope.ts';
import type { Trace } from '../memory-model/thread-paths.ts';
import { type RuntimeValue, readsOf, THIN_AIR } from '../memory-model/value.ts';
import type { Span } from '../text/span.ts';
import { type AlikeEnds, forEachEnd } from './alike-ends.ts';
import { type AlikeThreads, alikeThreads } from './alike-threads.ts';
import {
  alternatives,
  type Choices,
  type Decision,
  initialChoices,
  lowerBound,
  openDecisions,
  type Problem,
  problemOf,
  upperBound,
} from './choices.ts';
import {
  type Clock,
  COMBINATION_STEP,
  SMALL_STEP,
  STATE_STEP,
  stepsOfCombination,
  stepsOfEvents,
} from './clock.ts';
import { forEachCombination } from './combinations.ts';
import { alikeIn, distinctWays, type Groups, stillAlike } from './exchangeable.ts';
import { foresee } from './foresight.ts';
import { addEnd, type Tally, tallyCompletions } from './tally.ts';

/** A complete, allowed execution that satisfies the proposition. */
export interface Found {
  readonly problem: Problem;
  readonly choices: Choices;
}

export interface SearchResult extends Tally {
  readonly flags: ReadonlySet<string>;
  readonly unknown: Unknown | undefined;
  readonly found: Found | undefined;
}

/** Called with each allowed execution, complete; `cut` says that a bound cut it short. */
export type Visit = (found: Found, cut: Unknown | undefined) => void;

/**
 * What is asked: `all` executions that the model allows; the `first` of them that satisfies the
 * proposition; or the first `forbidden` one, for which the axioms after coherence are not asked.
 */
export type Question = 'all' | 'first' | 'forbidden';

export interface SearchOptions {
  readonly visit?: Visit;
  /** Whether an execution that satisfies the proposition is kept. */
  readonly keepsFound?: boolean;
}

/** Explores the combinations of traces. */
export function search(
  scope: Scope,
  threads: readonly (readonly Trace[])[],
  clock: Clock,
  question: Question,
  { visit, keepsFound = question !== 'all' }: SearchOptions = {},
): SearchResult {
  const alike = alikeIfWanted(scope, threads, visit !== undefined, keepsFound);
  const isAsked = alike.classes.some(([first]) => first!.asked.length > 0);
  const span = scope.program.threads[0]?.span ?? { start: 0, end: 0 };
  const state: SearchState = {
    scope,
    span,
    clock,
    question,
    visit,
    tally: { states: new Set(), positive: 0, negative: 0 },
    alike,
    ends: isAsked ? { classes: alike.classes, kept: new Map() } : undefined,
    flags: new Set(),
    structures: new Map(),
    basics: new Map(),
    found: undefined,
    cut: undefined,
    done: false,
  };
  const mayGoOn = () => clock.spend(COMBINATION_STEP, span);
  const visitCombination = (traces: readonly Trace[], copies: number) => {
    exploreCombination(state, traces, copies);
    return !state.done;
  };
  forEachCombination(scope, alike.threads, mayGoOn, visitCombination, { classes: alike.classes });
  const mayKeep = () => clock.spend(STATE_STEP, span);
  if (state.ends !== undefined)
    forEachEnd(state.ends, (values, count) => {
      addEnd(scope, state.tally, values, count);
      return mayKeep();
    });
  clock.allowsExecutions(state.tally.positive + state.tally.negative, span);
  const { tally, flags, found, cut } = state;
  return { ...tally, flags, found, unknown: clock.stopped ?? cut };
}

interface SearchState {
  readonly scope: Scope;
  /** Where it is said that the budget was spent. */
  readonly span: Span;
  readonly clock: Clock;
  readonly question: Question;
  readonly visit: Visit | undefined;
  readonly tally: Tally;
  readonly alike: AlikeThreads;
  /** What executions end in, where threads can be exchanged of whose ends something is asked. */
  readonly ends: AlikeEnds | undefined;
  readonly flags: Set<string>;
  /** Structures by their shape: combinations that differ in values share them. */
  readonly structures: Map<string, KnownStructure>;
  /** The basic relations of those structures that have come so far as to need them. */
  readonly basics: Map<EventStructure, Basic>;
  found: Found | undefined;
  /** An allowed execution that was cut short by a bound. */
  cut: Unknown | undefined;
  done: boolean;
}

/** Threads count as alike as far as an exchange of them changes nothing of what is to be found. */
function alikeIfWanted(
  scope: Scope,
  threads: readonly (readonly Trace[])[],
  isVisited: boolean,
  keepsFound: boolean,
): AlikeThreads {
  const { filter, relaxations = [] } = scope.program;
  if (isVisited || relaxations.length > 0) return { classes: [], threads };
  return alikeThreads(scope, threads, keepsFound || filter !== undefined);
}

/** One combination of traces: what is fixed while its reads and orders are decided. */
interface Combination {
  readonly problem: Problem;
  readonly basic: Basic;
  /** From each read to the writes whose value is computed from it. */
  readonly carries: Relation;
  /** Whether a value may be known otherwise than from what it is computed from or read from. */
  readonly hasEquations: boolean;
  /** Whether a read returns a value from thin air. */
  readonly hasThinAir: boolean;
  /** The stop of a trace that was cut short; then one allowed execution is enough to know. */
  readonly cut: Unknown | undefined;
  /** How many combinations this one stands for. */
  readonly copies: number;
  counted: boolean;
  raceKnown: boolean;
  /** How often the bound from above was asked for, and how often it settled anything. */
  bounded: number;
  settled: number;
}

function exploreCombination(state: SearchState, traces: readonly Trace[], copies: number): void {
  const stop = traces.find((trace) => trace.stop !== undefined)?.stop;
  if (stop !== undefined && state.cut !== undefined && state.visit === undefined) return;
  const known = structureOf(state, traces);
  const { structure, mixed } = known;
  if (mixed !== undefined) {
    state.cut ??= mixed;
    return;
  }
  if (!state.clock.allowsEvents(structure.size, state.span)) {
    state.done = true;
    return;
  }
  const problem = problemOf(structure, valuesOf(state.scope, structure, traces));
  const choices = initialChoices(problem);
  if (choices === undefined) {
    state.done ||= !state.clock.spend(stepsOfCombination(structure.size), state.span);
    return;
  }
  const basic = basicOf(state, structure);
  const combination: Combination = {
    problem,
    basic,
    carries: carriesOf(structure, traces),
    hasEquations: known.hasEquations,
    hasThinAir: problem.values.includes(THIN_AIR),
    cut: stop && {
      reason: stop.reason,
      span: stop.at.span,
      ...(stop.at.origin && { origin: stop.at.origin }),
    },
    copies,
    counted: false,
    raceKnown: !basic.hasPlain || state.flags.has('data-race'),
    bounded: 0,
    settled: 0,
  };
  explore(state, combination, { choices, groups: alikeIn(state.alike, traces), copies: 1 });
  if (!combination.counted || combination.cut !== undefined) return;
  for (const flag of staticFlags(structure, basic)) state.flags.add(flag);
  if (isSrcuBadlyNested(basic, problem.values)) state.flags.add('srcu-bad-nesting');
}

/** The search keeps the hand-over of locks by itself; what ordinary accesses to them do to it is not known. */
function ordinaryLockAccess({ events, sets, space }: EventStructure): Unknown | undefined {
  if (isEmptySet(sets.locks)) return undefined;
  const locked = new Set(events.filter(({ kind }) => isLock(kind)).map(({ location }) => location));
  const access = events.find(
    ({ kind, thread, location }) =>
      thread !== INITIAL && (kind === 'read' || kind === 'write') && locked.has(location),
  );
  if (access === undefined) return undefined;
  return {
    reason: `an access to the lock ${space.names[access.location!]} that is none of a lock`,
    span: access.span,
    ...(access.origin && { origin: access.origin }),
  };
}

/** What is the same for combinations of traces that differ in their values only. */
interface KnownStructure {
  readonly structure: EventStructure;
  readonly hasEquations: boolean;
  /** An access that makes the search give up. */
  readonly mixed: Unknown | undefined;
}

function structureOf(state: SearchState, traces: readonly Trace[]): KnownStructure {
  const { scope, structures } = state;
  const key = traces.map(({ shape }) => shape).join('|');
  const known = structures.get(key);
  if (known !== undefined) return known;
  const locations = traces.map((trace) => trace.events.map((_, index) => trace.locations[index]));
  const structure = eventStructure(scope, traces, locations);
  const made = {
    structure,
    hasEquations: hasEquations(structure),
    mixed: ordinaryLockAccess(structure),
  };
  structures.set(key, made);
  return made;
}

function basicOf({ basics }: SearchState, structure: EventStructure): Basic {
  const known = basics.get(structure) ?? basicRelations(structure);
  basics.set(structure, known);
  return known;
}

/** The values of the events of a combination of traces, as far as the traces know them. */
export function valuesOf(
  scope: Scope,
  structure: EventStructure,
  traces: readonly Trace[],
): readonly (RuntimeValue | undefined)[] {
  return structure.events.map(({ thread, index, location }) =>
    thread === INITIAL
      ? initialValue(scope, location!)
      : traces[thread]!.values[index - structure.offsets[thread]!],
  );
}

/** Reads that return a value from thin air do so because they feed themselves; all others must not. */
export function carriesOf(structure: EventStructure, traces: readonly Trace[]): Relation {
  const result = emptyRelation(structure.size);
  for (const [thread, { events, values }] of traces.entries()) {
    const offset = structure.offsets[thread]!;
    for (const [write, { value: term }] of events.entries()) {
      if (term === undefined || values[write] === THIN_AIR) continue;
      const reads = new Set<number>();
      readsOf(term, reads);
      for (const read of reads) addPair(result, offset + read, offset + write);
    }
  }
  return result;
}

/**
 * Whether no value is computed from itself, so that each follows from others; herd finds no solution for
 * an execution in which one does not. Where values may follow otherwise, `perhaps`.
 */
function isWellFounded(
  { carries, hasEquations, hasThinAir }: Combination,
  { rf }: Communication,
): boolean | 'perhaps' {
  if (hasEquations && hasThinAir) return 'perhaps';
  return isEmpty(carries) || isAcyclic(sequence(rf, carries)) || (hasEquations ? 'perhaps' : false);
}

/** Whether all values of all completions follow; of a single one that is found out. */
function followsAll(combination: Combination, com: Communication, isComplete: boolean): boolean {
  const isFounded = isWellFounded(combination, com);
  if (isFounded !== 'perhaps' || !isComplete) return isFounded === true;
  const { structure, values } = combination.problem;
  return areDerived(structure, values, com.rf);
}

/** Whether exactly those values do not follow from others that are taken to come from thin air. */
export function areDerived(
  structure: EventStructure,
  values: readonly (RuntimeValue | undefined)[],
  rf: Relation,
): boolean {
  const underived = underivedReads(structure, rf);
  return pairsOf(rf).every(
    ([write, read]) =>
      structure.events[read]!.kind !== 'read' ||
      underived.has(read) === (values[write] === THIN_AIR),
  );
}

/** What is decided of a combination. */
interface Position {
  readonly choices: Choices;
  /** The threads that can still be exchanged. */
  readonly groups: Groups;
  /** How many positions this one stands for. */
  readonly copies: number;
}

function explore(state: SearchState, combination: Combination, position: Position): void {
  const { problem, basic } = combination;
  const { structure } = problem;
  const { choices } = position;
  if (!state.clock.spend(stepsOfEvents(structure.size), state.span)) {
    state.done = true;
    return;
  }
  if (state.question === 'forbidden') {
    if (combination.cut === undefined) count(state, combination, position, false);
    return;
  }
  const lower = lowerBound(problem, choices);
  if (isWellFounded(combination, lower) === false) return;
  const certain = judge(structure, basic, lower);
  if (certain.broken !== undefined) return;
  const open = allOpen(problem, choices);
  if (open.length > 0) {
    const left = foresee(problem, choices, certain.order);
    if (left !== choices) {
      if (left !== undefined) explore(state, combination, { ...position, choices: left });
      return;
    }
  }
  if (open.length === 0 || isWorthBounding(combination)) {
    const upper = open.length === 0 ? lower : upperBound(problem, choices);
    const possible = open.length === 0 ? certain : judge(structure, basic, upper);
    if (possible.broken === undefined && followsAll(combination, upper, open.length === 0)) {
      const plain = { certain: certain.plain, possible: possible.plain };
      const racing = races(combination, { lower, upper }, plain);
      if (racing !== 'some') {
        if (open.length > 0) combination.settled++;
        count(state, combination, position, racing === 'all');
        return;
      }
    }
  }
  if (open.length === 0) return;
  const decision = pick(problem, choices, open);
  if (!state.clock.spend(stepsOfDecision(problem, choices, decision), state.span)) {
    state.done = true;
    return;
  }
  const groups = stillAlike(problem, choices, position.groups);
  for (const way of distinctWays(problem, choices, decision, groups)) {
    const copies = position.copies * way.copies;
    explore(state, combination, { choices: way.choices, groups, copies });
    if (state.done || (combination.cut !== undefined && combination.counted)) return;
  }
}

/** Where the bound from above hardly ever settles anything, it is asked for now and then only. */
function isWorthBounding(combination: Combination): boolean {
  const { bounded, settled } = combination;
  combination.bounded++;
  return bounded < 32 || settled * 10 > bounded || bounded % 8 === 0;
}

function allOpen(problem: Problem, choices: Choices): readonly Decision[] {
  return [...problem.writesAt.keys()].flatMap((location) =>
    openDecisions(problem, choices, location),
  );
}

/** Orders of lock hand-overs and atomic reads first, then the reads with the fewest sources. */
function pick(problem: Problem, choices: Choices, open: readonly Decision[]): Decision {
  const cost = (decision: Decision) => {
    if (decision.kind === 'order') return 1000;
    const sources = choices.sources[decision.read]!.length;
    return problem.partners.has(decision.read) ? sources : 100 + sources;
  };
  return open.reduce((best, decision) => (cost(decision) < cost(best) ? decision : best));
}

/** What it costs to take a decision in every way: each is propagated from all accesses of a location to all others. */
function stepsOfDecision(
  { structure, ...problem }: Problem,
  { sources }: Choices,
  decision: Decision,
): number {
  const [event, ways] =
    decision.kind === 'source'
      ? [decision.read, sources[decision.read]!.length]
      : [decision.first, 2];
  const location = structure.events[event]!.location!;
  const reads = problem.readsAt.get(location)?.length ?? 0;
  const writes = problem.writesAt.get(location)!.length;
  const ordering = ((reads + 1) * writes ** 2) / 2 ** 14;
  const comparing = (reads ** 2 * writes) / 2 ** 13; // each read is held against all others of its thread
  return ways * (ordering + comparing);
}

/** Whether all completions race, some may, or none does; `none` once a race is known anyway. */
function races(
  { problem, basic, raceKnown }: Combination,
  { lower, upper }: { readonly lower: Communication; readonly upper: Communication },
  plain: { readonly [bound in 'certain' | 'possible']: PlainRelations | undefined },
): 'all' | 'some' | 'none' {
  const { certain, possible } = plain;
  if (raceKnown || certain === undefined || possible === undefined) return 'none';
  const { structure } = problem;
  if (isEmpty(dataRaces(structure, basic, upper, certain))) return 'none';
  return isEmpty(dataRaces(structure, basic, lower, possible)) ? 'some' : 'all';
}

/** Counts the completions of choices that are all allowed. */
function count(
  state: SearchState,
  combination: Combination,
  { choices, copies }: Position,
  racing: boolean,
): void {
  const { problem, cut } = combination;
  if (state.visit !== undefined) {
    visitCompletions(state, problem, choices, (complete) =>
      state.visit?.({ problem, choices: complete }, cut),
    );
    return;
  }
  if (cut !== undefined) {
    combination.counted = isCompletable(problem, choices);
    if (combination.counted) state.cut = cut;
    return;
  }
  const { clock, span, tally } = state;
  const onPositive = (complete: () => Choices) => {
    state.found ??= { problem, choices: complete() };
    state.done = state.question !== 'all';
    return !state.done;
  };
  const mayGoOn = () => clock.spend(SMALL_STEP, span);
  const all = copies * combination.copies;
  const counted = tallyCompletions(
    state.scope,
    problem,
    choices,
    tally,
    all,
    state.ends,
    onPositive,
    mayGoOn,
  );
  if (!clock.allowsExecutions(tally.positive + tally.negative, span)) state.done = true;
  if (!counted) return;
  combination.counted = true;
  if (!racing) return;
  state.flags.add('data-race');
  combination.raceKnown = true;
}

/** Takes all decisions that are left in every way. */
function visitCompletions(
  state: SearchState,
  problem: Problem,
  choices: Choices,
  visit: (complete: Choices) => void,
): void {
  if (!state.clock.spend(SMALL_STEP, state.span)) return;
  const [decision] = allOpen(problem, choices);
  if (decision === undefined) visit(choices);
  else
    for (const way of alternatives(problem, choices, decision))
      visitCompletions(state, problem, way, visit);
}

/** Whether what is left open can be decided at all. */
function isCompletable(problem: Problem, choices: Choices): boolean {
  const [decision] = allOpen(problem, choices);
  if (decision === undefined) return true;
  return alternatives(problem, choices, decision).some((way) => isCompletable(problem, way));
}
