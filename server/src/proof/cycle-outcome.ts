/**
 * The outcome that a pairing is about, asked of a program: the cycle of its shape, in which each of two
 * threads makes both accesses and sees (or overwrites) the other side in the wrong order. What the model
 * says of it without the one or the other barrier is what that barrier is worth.
 */

import type { OrderingSite } from '../lowering/lowering.ts';
import { communicationOf } from '../memory-model/candidate.ts';
import type { EventStructure, ExecutionEvent } from '../memory-model/event-structure.ts';
import type { Unknown } from '../memory-model/outcome.ts';
import { has } from '../memory-model/relation.ts';
import type { Trace } from '../memory-model/thread-paths.ts';
import type { AddressSpace } from '../memory-model/value.ts';
import type { AccessKind } from '../pairing/pairing.ts';
import type { LocationName, Origin, Program } from '../program/program.ts';
import type { FieldNames } from '../scenario/field-names.ts';
import type { AllowedExecution } from '../search/executions.ts';
import type { Leg } from './critical-cycle.ts';
import { type Need, needsOf, type SiteGroup } from './needs.ts';
import { relaxedModel } from './relaxed-model.ts';
import {
  type Violation,
  type Violations,
  type WeakExecutions,
  weakExecutions,
} from './violations.ts';

/** Two accesses of one thread in program order, by the locations that each may be to and what it does there. */
export interface CycleLeg {
  readonly thread: number;
  readonly first: ReadonlySet<LocationName>;
  readonly last: ReadonlySet<LocationName>;
  readonly kinds: readonly [AccessKind, AccessKind];
  /** Where not all accesses to the locations are meant: the origins of those that are. */
  readonly firstAt?: ReadonlySet<Origin>;
  readonly lastAt?: ReadonlySet<Origin>;
}

/** The two legs of the cycle, one in each thread. */
export type CycleLegs = readonly [CycleLeg, CycleLeg];

/** A program of two threads, for each initial case, with what orders in it. */
export interface AskedProgram {
  readonly programs: readonly Program[];
  readonly sites: readonly OrderingSite[];
  readonly names: FieldNames;
  readonly unroll: number;
}

/** What the model says of the outcome. */
export type CycleAnswer =
  | {
      /** It happens although everything is in place. */
      readonly kind: 'allowed';
      readonly violation: Violation;
      /** Whether it would not if each of these threads kept all its accesses in program order. */
      readonly isForbiddenByOrderIn: (threads: Iterable<number>) => boolean;
      /** Whether it happens in an execution that shows something else as well. */
      readonly isAllowedWhere: (isShown: (execution: AllowedExecution) => boolean) => boolean;
    }
  | {
      /** It never happens, because of `needs`; a site without a need removes nothing of it. */
      readonly kind: 'forbidden';
      readonly needs: readonly Need[];
    }
  /** It never happens whatever is taken away: the two functions cannot come to it. */
  | { readonly kind: 'impossible' }
  | { readonly kind: 'unknown'; readonly unknown: Unknown };

/** What the questions of one pairing may cost: what cannot be told within that is not known. A way through a thread costs more
 *  where it is longer than any that a person would follow. */
const BUDGET = {
  events: 200,
  executions: 3_000,
  steps: 6_000,
  stepsOfNode: 1 / 200,
  valueSteps: 1 << 17,
};

/** The same, where nobody says that the two functions belong together. */
const BUDGET_OF_GUESS = { ...BUDGET, executions: 1_000, steps: 2_000 };

/** The executions of a program without any of its orders in which both threads make their accesses; earlier questions
 *  of the pairing have cost `spent` steps. A guess may cost less. */
export function weakExecutionsOf(
  { programs, sites, names, unroll }: AskedProgram,
  legs: CycleLegs,
  spent = 0,
  isGuess = false,
): WeakExecutions {
  return weakExecutions(
    programs,
    [programs.map(() => ({ kind: 'true' }))],
    ordering(sites).map(({ site }) => site),
    locationsOf(programs),
    relaxedModel(names.nameOf),
    {
      unroll,
      budget: isGuess ? BUDGET_OF_GUESS : BUDGET,
      spentBefore: spent,
      isAskedFor: (trace, space) => legs.some((leg) => hasLeg(trace, leg, space)),
      askedLocations: new Set(legs.flatMap(({ first, last }) => [...first, ...last])),
    },
  );
}

/** Whether the thread of a trace accesses both locations of its leg. */
function hasLeg({ thread, locations }: Trace, leg: CycleLeg, { names }: AddressSpace): boolean {
  if (thread !== leg.thread) return false;
  const isAt = (places: ReadonlySet<LocationName>) => (location: number | undefined) =>
    location !== undefined && places.has(names[location]!);
  return locations.some(isAt(leg.first)) && locations.some(isAt(leg.last));
}

/** Whether in some execution both threads make the accesses of their legs. */
export function isReached(weak: WeakExecutions, legs: CycleLegs): boolean {
  const both = weak.showing((execution) =>
    legs.every((leg) => accessesOn(execution, leg).length > 0),
  );
  return both.all().length > 0;
}

/** Asks for one outcome. Locks are never taken away: what they exclude, nobody has to order. */
export function askCycle(
  { sites, names }: AskedProgram,
  weak: WeakExecutions,
  legs: CycleLegs,
): CycleAnswer {
  const violations = weak.showing((execution) => isCycle(execution, legs));
  const found = violations.without([]);
  if (found !== undefined) {
    const told = weak.showing((execution) => isCycle(execution, legs, isTold(execution)));
    const violation = told.without([]) ?? found;
    return allowed(violation, violations);
  }
  const unknown = violations.unknown([]);
  if (unknown !== undefined) return { kind: 'unknown', unknown };
  return forbidden(ordering(sites), violations, names);
}

/** What there is to say of an outcome that happens as `violation` among `violations`. */
export function allowed(violation: Violation, violations: Violations): CycleAnswer {
  const isForbiddenByOrderIn = (threads: Iterable<number>) =>
    violations.without(
      [],
      [...threads].map((thread) => ({ thread })),
    ) === undefined;
  const isAllowedWhere = (isShown: (execution: AllowedExecution) => boolean) =>
    violations.where(isShown).without([]) !== undefined;
  return { kind: 'allowed', violation, isForbiddenByOrderIn, isAllowedWhere };
}

/** Asks for message passing between two threads that access the two locations in the same order: the reader meets
 *  what the writer wrote last and missed what it wrote first. Nothing that orders can forbid that. */
export function askPassing(weak: WeakExecutions, legs: CycleLegs): CycleAnswer {
  const violations = weak.showing((execution) => isPassed(execution, legs));
  const violation = violations.without([]);
  if (violation !== undefined) return allowed(violation, violations);
  const unknown = violations.unknown([]);
  return unknown === undefined ? { kind: 'impossible' } : { kind: 'unknown', unknown };
}

/** Whether one thread reads the last write of the other, and has read the location of the first, for the last time,
 *  before that was written. */
function isPassed(execution: AllowedExecution, legs: CycleLegs): boolean {
  const { structure } = execution;
  const { rf, fr } = communicationOf(execution);
  return legs.some((writer, index) => {
    const reader = legs[1 - index]!;
    const missed = accessesTo(structure, reader.thread, writer.first, 'read');
    const met = accessesTo(structure, reader.thread, writer.last, 'read');
    const last = missed.find((read) =>
      missed.every((other) => !has(structure.po, read.index, other.index)),
    );
    return (
      last !== undefined &&
      met.some((read) => has(structure.po, last.index, read.index)) &&
      accessesOn(execution, { ...writer, kinds: ['write', 'write'] }).some(
        (written) =>
          has(fr, last.index, written.first.index) &&
          met.some((read) => has(rf, written.last.index, read.index)),
      )
    );
  });
}

function forbidden(
  sites: readonly OrderingSite[],
  violations: Violations,
  names: FieldNames,
): CycleAnswer {
  if (violations.all().length === 0) return { kind: 'impossible' };
  const groups = sites.map((site): SiteGroup => ({ sites: [site], assumed: false }));
  return { kind: 'forbidden', needs: needsOf(groups, violations, names) };
}

function ordering(sites: readonly OrderingSite[]): readonly OrderingSite[] {
  return sites.filter(({ device }) => device !== 'lock');
}

/** Whether the communication from one event to another counts. */
type Counts = (from: ExecutionEvent, to: ExecutionEvent) => boolean;

/** Whether an execution shows the cycle: communication leads into each leg at its first access and out of
 *  it at its last. */
function isCycle(
  execution: AllowedExecution,
  [one, two]: CycleLegs,
  counts: Counts = () => true,
): boolean {
  const { rf, co, fr } = communicationOf(execution);
  const communicates = (from: ExecutionEvent, to: ExecutionEvent) =>
    [rf, co, fr].some((relation) => has(relation, from.index, to.index)) && counts(from, to);
  const others = accessesOn(execution, two);
  return accessesOn(execution, one).some((leg) =>
    others.some(
      (other) => communicates(leg.last, other.first) && communicates(other.last, leg.first),
    ),
  );
}

/** Whether somebody can tell by the value that a read missed what another event wrote; it reads the same where it did not. */
function isTold({ values }: AllowedExecution): Counts {
  return (from, to) => from.kind !== 'read' || values[from.index] !== values[to.index];
}

/** The pairs of accesses that are as a leg says. */
function accessesOn({ structure }: AllowedExecution, leg: CycleLeg): readonly Leg[] {
  const isAt = (at: ReadonlySet<Origin> | undefined) => (event: ExecutionEvent) =>
    at === undefined || (event.origin !== undefined && at.has(event.origin));
  const firsts = accessesTo(structure, leg.thread, leg.first, leg.kinds[0]).filter(
    isAt(leg.firstAt),
  );
  const lasts = accessesTo(structure, leg.thread, leg.last, leg.kinds[1]).filter(isAt(leg.lastAt));
  return firsts.flatMap((first) =>
    lasts.flatMap((last) => (has(structure.po, first.index, last.index) ? [{ first, last }] : [])),
  );
}

function accessesTo(
  { events, space }: EventStructure,
  thread: number,
  places: ReadonlySet<LocationName>,
  kind: AccessKind,
): readonly ExecutionEvent[] {
  return events.filter(
    (event) =>
      event.thread === thread &&
      event.kind === kind &&
      event.location !== undefined &&
      places.has(space.names[event.location]!),
  );
}

function locationsOf(programs: readonly Program[]): readonly LocationName[] {
  const names = programs.flatMap(({ initial }) =>
    initial.flatMap(({ target }) => (target.kind === 'location' ? [target.name] : [])),
  );
  return [...new Set(names)];
}
