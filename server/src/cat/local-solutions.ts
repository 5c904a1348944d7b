/**
 * All that may be chosen at one location so that the checks hold which look at single locations only,
 * as `acyclic po-loc | com` and `empty rmw & (fre ; coe)` do. Choices are taken one after the other;
 * what the lower bounds show to break such a check is not pursued.
 */

import {
  addPair,
  closure,
  copyOf,
  difference,
  emptyRelation,
  has,
  inverse,
  type Relation,
  union,
} from '../memory-model/relation.ts';
import { type Bounds, boundsOver, type Interval } from './bounds.ts';
import { firstOf } from './completions.ts';
import { type Frame, type Place, project } from './frame.ts';
import { isBroken } from './requirement.ts';
import type { Choice, Term } from './term.ts';

/** One way to choose at a place. */
export interface Solution {
  /** What the leaves of the frame are, one after the other, as relations over the events of the place. */
  readonly bits: Uint32Array;
  /** The write that each of the reads of the place takes its value from. */
  readonly sources: readonly number[];
  /** The ordinary write that co puts last. */
  readonly last: number | undefined;
}

/** The solutions at a place whose reads take their values from one of `sources` each. `mayGoOn` is
 *  asked at each step; where it says no, what was found so far is returned. */
export function solutionsAt(
  frame: Frame,
  place: Place,
  sources: readonly (readonly number[])[],
  mayGoOn: () => boolean,
): readonly Solution[] {
  const indexOf = new Map(place.events.map((event, index) => [event, index]));
  const solver: Solver = {
    frame,
    place,
    steps: stepsAt(frame, place, sources, indexOf),
    projected: new Map(),
    mayGoOn,
    found: [],
  };
  const open = frame.residue.choices.map(({ choice }, index) =>
    choice.kind === 'order' ? undefined : initialInterval(solver, index),
  );
  decide(solver, 0, { intervals: open, lines: frame.residue.choices.map(() => []) });
  return solver.found;
}

/** A decision, in the order of the model's text; events are numbered as they stand at the place. */
type Step =
  | { readonly kind: 'source'; readonly read: number; readonly writes: readonly number[] }
  | { readonly kind: 'option'; readonly choice: number; readonly options: readonly Relation[] }
  /** Which of the events comes next in an order. */
  | { readonly kind: 'next'; readonly choice: number; readonly events: readonly number[] };

interface Solver {
  readonly frame: Frame;
  readonly place: Place;
  readonly steps: readonly Step[];
  /** The known relations at the place, by the id of their terms. */
  readonly projected: Map<number, Interval>;
  readonly mayGoOn: () => boolean;
  readonly found: Solution[];
}

interface Progress {
  /** By choice; undefined for an order that has not been begun. */
  readonly intervals: readonly (Interval | undefined)[];
  /** By choice: the events that have their place in the order. */
  readonly lines: readonly (readonly number[])[];
}

function stepsAt(
  { residue, placeOf }: Frame,
  place: Place,
  sources: readonly (readonly number[])[],
  indexOf: ReadonlyMap<number, number>,
): readonly Step[] {
  return residue.choices.flatMap(({ choice }, index): readonly Step[] => {
    switch (choice.kind) {
      case 'reads-from':
        return place.reads.map((read, at) => ({
          kind: 'source',
          read: indexOf.get(read)!,
          writes: sources[at]!.map((write) => indexOf.get(write)!),
        }));
      case 'same-value':
      case 'final':
        return [];
      case 'selection':
        return choice.components
          .filter((component) => placeOf.get(component) === place)
          .map((component) => ({
            kind: 'option',
            choice: index,
            options: component.map((option) => project(option, place.events).relation),
          }));
      case 'order': {
        const members = choice.classes.find(([first]) => indexOf.has(first!)) ?? [];
        const events = members.map((event) => indexOf.get(event)!);
        return members.map(() => ({ kind: 'next', choice: index, events }));
      }
    }
  });
}

/** Nothing is sure yet, and all that a later step may add is possible. */
function initialInterval({ place, steps }: Solver, choice: number): Interval {
  const size = place.events.length;
  const upper = emptyRelation(size);
  for (const step of steps) {
    if (step.kind === 'source' && choice === 0)
      for (const write of step.writes) addPair(upper, write, step.read);
    if (step.kind === 'option' && step.choice === choice)
      for (const option of step.options) addAll(upper, option);
  }
  return isSettled(steps, 0, choice)
    ? { lower: upper, upper }
    : { lower: emptyRelation(size), upper };
}

function isSettled(steps: readonly Step[], from: number, choice: number): boolean {
  return !steps.some((step, index) => index >= from && choiceOf(step) === choice);
}

/** rf is the first of the choices. */
function choiceOf(step: Step): number {
  return step.kind === 'source' ? 0 : step.choice;
}

function decide(solver: Solver, at: number, progress: Progress): void {
  if (!solver.mayGoOn()) return;
  const bounds = boundsAt(solver, progress);
  if (solver.frame.localChecks.some((check) => isBroken(check, bounds))) return;
  const step = solver.steps[at];
  if (step === undefined) solver.found.push(solutionOf(solver, progress, bounds));
  else for (const next of waysOf(solver, at, step, progress, bounds)) decide(solver, at + 1, next);
}

/** The bounds of local terms, over the events of the place alone: what holds elsewhere does not matter. */
function boundsAt(solver: Solver, { intervals }: Progress): Bounds {
  const { choices } = solver.frame.residue;
  const size = solver.place.events.length;
  const numbers = new Map(choices.map(({ id }, index) => [id, index]));
  const bounds: Bounds = boundsOver(size, (term) => {
    if (term.kind === 'known') return projectedTerm(solver, term);
    if (term.kind !== 'choice') return undefined;
    if (term.choice.kind === 'final') return intervalOfFinal(solver, term.choice, bounds);
    return intervals[numbers.get(term.id)!] ?? intervalOfOrder(solver, term, bounds);
  });
  return bounds;
}

function projectedTerm(solver: Solver, term: Term & { readonly kind: 'known' }): Interval {
  const before = solver.projected.get(term.id);
  if (before !== undefined) return before;
  const { relation } = project(term.relation, solver.place.events);
  const interval = { lower: relation, upper: relation };
  solver.projected.set(term.id, interval);
  return interval;
}

/** The last writes are those that nothing follows in co. */
function intervalOfFinal(
  { frame, place }: Solver,
  { groups }: Choice & { readonly kind: 'final' },
  bounds: Bounds,
): Interval {
  const members = new Set(groups.flat());
  const writes = place.events.flatMap((event, index) => (members.has(event) ? [index] : []));
  const last = (co: Relation): Relation => {
    const result = emptyRelation(bounds.size);
    for (const write of writes)
      if (!writes.some((later) => has(co, write, later))) addPair(result, write, write);
    return result;
  };
  const { co } = frame.residue;
  return { lower: last(bounds.upper(co)), upper: last(bounds.lower(co)) };
}

/** An order of which only the base is known, and that only as far as its bounds are. */
function intervalOfOrder(solver: Solver, term: Term, bounds: Bounds): Interval {
  const { choices } = solver.frame.residue;
  const index = choices.findIndex(({ id }) => id === term.id);
  const { choice } = choices[index]!;
  const step = solver.steps.find((one) => one.kind === 'next' && one.choice === index);
  const events = step?.kind === 'next' ? step.events : [];
  const base = choice.kind === 'order' ? bounds.lower(choice.base) : emptyRelation(bounds.size);
  return intervalOfLine([], events, closure(base));
}

/** `line` comes first, in this order, and the other events after it, as far as known as `base` has them. */
function intervalOfLine(
  line: readonly number[],
  events: readonly number[],
  base: Relation,
): Interval {
  const rest = events.filter((event) => !line.includes(event));
  const lower = copyOf(base);
  for (const [rank, from] of line.entries())
    for (const to of [...line.slice(rank + 1), ...rest]) addPair(lower, from, to);
  if (rest.length <= 1) return { lower, upper: lower };
  const upper = copyOf(lower);
  for (const from of rest)
    for (const to of rest) if (from !== to && !has(base, to, from)) addPair(upper, from, to);
  return { lower, upper };
}

/** Each way to take a step. */
function waysOf(
  solver: Solver,
  at: number,
  step: Step,
  progress: Progress,
  bounds: Bounds,
): readonly Progress[] {
  const choice = choiceOf(step);
  const settled = isSettled(solver.steps, at + 1, choice);
  switch (step.kind) {
    case 'source': {
      const pairs = step.writes.map((write) => pair(bounds.size, write, step.read));
      return pairs.map((way) => narrowed(progress, choice, way, pairs, settled));
    }
    case 'option':
      return step.options.map((way) => narrowed(progress, choice, way, step.options, settled));
    case 'next':
      return nextInLine(solver, step, progress, bounds);
  }
}

function nextInLine(
  { frame }: Solver,
  { choice, events }: Step & { readonly kind: 'next' },
  progress: Progress,
  bounds: Bounds,
): readonly Progress[] {
  const order = frame.residue.choices[choice]!.choice;
  const base =
    order.kind === 'order' ? closure(bounds.lower(order.base)) : emptyRelation(bounds.size);
  const line = progress.lines[choice]!;
  const rest = events.filter((event) => !line.includes(event));
  return firstOf(rest, base).map((first) => {
    const longer = [...line, first];
    return {
      intervals: progress.intervals.with(choice, intervalOfLine(longer, events, base)),
      lines: progress.lines.with(choice, longer),
    };
  });
}

/** Takes one of `ways`, which rules the others out. */
function narrowed(
  progress: Progress,
  choice: number,
  way: Relation,
  ways: readonly Relation[],
  settled: boolean,
): Progress {
  const before = progress.intervals[choice]!;
  const lower = union(before.lower, way);
  if (settled)
    return { ...progress, intervals: progress.intervals.with(choice, { lower, upper: lower }) };
  const all = emptyRelation(way.size);
  for (const each of ways) addAll(all, each);
  const upper = union(difference(before.upper, all), lower);
  return { ...progress, intervals: progress.intervals.with(choice, { lower, upper }) };
}

function pair(size: number, from: number, to: number): Relation {
  const relation = emptyRelation(size);
  addPair(relation, from, to);
  return relation;
}

function addAll(relation: Relation, more: Relation): void {
  for (let index = 0; index < more.bits.length; index++) relation.bits[index]! |= more.bits[index]!;
}

function solutionOf({ frame, place }: Solver, progress: Progress, bounds: Bounds): Solution {
  const { events, reads, writes } = place;
  const rf = inverse(progress.intervals[0]!.lower);
  const co = bounds.lower(frame.residue.co);
  const index = (event: number) => events.indexOf(event);
  return {
    bits: joined(frame.leaves.map((leaf) => bounds.lower(leaf).bits)),
    sources: reads.map((read) => writes.find((write) => has(rf, index(read), index(write)))!),
    last: writes.find((write) => !writes.some((later) => has(co, index(write), index(later)))),
  };
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new Uint32Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
