/**
 * Counts the executions that take any solution of each domain, when the model allows all of them. The
 * locations are then independent: only what the final state shows of each is combined.
 */

import type { Domain } from '../cat/domain.ts';
import type { EventStructure } from '../memory-model/event-structure.ts';
import { initialValue, printObserved, type Scope } from '../memory-model/scope.ts';
import {
  addressOf,
  evaluate,
  locationOf,
  type RuntimeValue,
  readsOf,
} from '../memory-model/value.ts';

/** The counts of one question, filled in as executions are found. */
export interface Tally {
  readonly states: Set<string>;
  readonly flags: Set<string>;
  positive: number;
  negative: number;
}

/** An event structure with the values that are known beforehand. */
export interface Valued {
  readonly structure: EventStructure;
  readonly values: readonly (RuntimeValue | undefined)[];
}

/** Adds all completions to the tally; returns whether any passes the filter of the program. */
export function countCompletions(
  scope: Scope,
  execution: Valued,
  domains: readonly Domain[],
  tally: Tally,
): boolean {
  const { structure, values } = execution;
  const counter: Counter = {
    scope,
    structure,
    tally,
    places: placesOf(scope, execution, domains),
    reads: structure.paths.map((path, thread) =>
      path.events.map((_, index) => values[structure.offsets[thread]! + index]),
    ),
    finals: new Map(),
    counted: false,
  };
  combine(counter, 0, 1);
  return counter.counted;
}

/** What a place contributes to final states, and how many of its solutions do so. */
interface Contribution {
  readonly reads: readonly RuntimeValue[];
  readonly last: RuntimeValue;
  count: number;
}

interface CountedPlace {
  readonly location: number;
  /** The free reads that are observed. */
  readonly reads: readonly number[];
  readonly contributions: readonly Contribution[];
}

interface Counter {
  readonly scope: Scope;
  readonly structure: EventStructure;
  readonly tally: Tally;
  readonly places: readonly CountedPlace[];
  /** By thread and index of the event: the values of those that are known so far. */
  readonly reads: (RuntimeValue | undefined)[][];
  /** By location: the value of its last write. */
  readonly finals: Map<number, RuntimeValue>;
  counted: boolean;
}

function placesOf(
  scope: Scope,
  execution: Valued,
  domains: readonly Domain[],
): readonly CountedPlace[] {
  const observed = observedReads(scope, execution);
  const shown = new Set(
    scope.tracked.flatMap((one) =>
      one.kind === 'location' ? [locationOf(addressOf(scope.space, one.name))] : [],
    ),
  );
  return domains.flatMap((domain) => {
    const { location } = domain.place;
    if (location === undefined) return [];
    return [contributionsOf(execution, domain, location, observed, shown.has(location))];
  });
}

function contributionsOf(
  { values }: Valued,
  { place, solutions }: Domain,
  location: number,
  observed: ReadonlySet<number>,
  isShown: boolean,
): CountedPlace {
  const shown = [...place.reads.keys()].filter((at) => observed.has(place.reads[at]!));
  const contributions = new Map<string, Contribution>();
  for (const { sources, last } of solutions) {
    const reads = shown.map((at) => values[sources[at]!]!);
    const final = isShown && last !== undefined ? values[last]! : 0;
    const key = `${reads.join()}/${final}`;
    const known = contributions.get(key);
    if (known === undefined) contributions.set(key, { reads, last: final, count: 1 });
    else known.count++;
  }
  const reads = shown.map((at) => place.reads[at]!);
  return { location, reads, contributions: [...contributions.values()] };
}

/** The reads whose value is not known beforehand and that an observed register depends on. */
function observedReads(scope: Scope, { structure, values }: Valued): ReadonlySet<number> {
  const needed = new Set<number>();
  for (const observable of scope.tracked) {
    if (observable.kind !== 'register') continue;
    const term = structure.paths[observable.thread]?.registers.get(observable.name);
    if (term === undefined) continue;
    const reads = new Set<number>();
    readsOf(term, reads);
    const offset = structure.offsets[observable.thread]!;
    for (const read of reads) if (values[offset + read] === undefined) needed.add(offset + read);
  }
  return needed;
}

/** Chooses a contribution of each place in turn; `count` is the product of those chosen so far. */
function combine(counter: Counter, depth: number, count: number): void {
  const place = counter.places[depth];
  if (place === undefined) {
    finish(counter, count);
    return;
  }
  for (const contribution of place.contributions) {
    for (const [index, read] of place.reads.entries())
      setRead(counter, read, contribution.reads[index]!);
    counter.finals.set(place.location, contribution.last);
    combine(counter, depth + 1, count * contribution.count);
  }
}

function setRead({ structure, reads }: Counter, event: number, value: RuntimeValue): void {
  const { thread } = structure.events[event]!;
  reads[thread]![event - structure.offsets[thread]!] = value;
}

function finish(counter: Counter, count: number): void {
  const { scope, structure, reads, finals, tally } = counter;
  const values = scope.tracked.map((observable) => {
    if (observable.kind === 'location') {
      const location = locationOf(addressOf(scope.space, observable.name));
      return finals.get(location) ?? initialValue(scope, location);
    }
    const term = structure.paths[observable.thread]?.registers.get(observable.name);
    if (term === undefined) return 0;
    return evaluate(scope.space, term, reads[observable.thread]!) ?? Number.NaN;
  });
  if (!scope.passesFilter(values)) return;
  counter.counted = true;
  const shown = scope.observed.map((observable, at) =>
    printObserved(scope, observable, values[at]!),
  );
  tally.states.add(shown.join(' '));
  if (scope.satisfiesCondition(values)) tally.positive += count;
  else tally.negative += count;
}
