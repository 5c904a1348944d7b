/**
 * Counts the ways to complete one location without visiting them. By coherence its accesses happen one after another,
 * those of a thread in program order, and a read returns what was written last. Of a beginning it matters how far each
 * thread has come, who wrote last and what the reads that are asked about have returned, not in which order; and of
 * threads that do the same there, how many have come how far.
 */

import { INITIAL } from '../memory-model/event-structure.ts';
import { has } from '../memory-model/relation.ts';
import type { RuntimeValue } from '../memory-model/value.ts';
import type { Choices, Problem } from './choices.ts';

/** Completions that return the same to the reads asked about, and leave the same value if that is shown. */
export interface PlaceCompletions {
  /** By read asked about. */
  readonly values: readonly RuntimeValue[];
  /** The last write of one of them, and by read its source. */
  readonly sample: Sample | undefined;
  readonly last: number;
  readonly count: number;
}

/** The accesses of one completion, the last one first. */
export interface Sample {
  readonly event: number;
  /** What was written last before. */
  readonly source: number;
  readonly before: Sample | undefined;
}

interface Beginning {
  /** By thread how many of its accesses have happened. */
  readonly done: readonly number[];
  /** The thread that wrote last; -1 for the initial write. */
  readonly writer: number;
  readonly last: number;
  /** The threads before this one read no more before the next write. */
  readonly reader: number;
  readonly values: readonly (RuntimeValue | undefined)[];
  readonly sample: Sample | undefined;
  count: number;
}

interface Place {
  readonly problem: Problem;
  readonly choices: Choices;
  /** By thread its accesses there. */
  readonly threads: readonly (readonly number[])[];
  /** By thread: the first of those that do the same. */
  readonly kinds: readonly number[];
  readonly asked: readonly number[];
  readonly isShown: boolean;
}

/** All completions of a location, counted; undefined where the accesses of a thread have no order, or where `mayGoOn`,
 *  which is asked for each step, ends it. */
export function placeCompletions(
  problem: Problem,
  choices: Choices,
  location: number,
  question: { readonly asked: readonly number[]; readonly isShown: boolean },
  mayGoOn: () => boolean,
): readonly PlaceCompletions[] | undefined {
  const [initial, ...writes] = problem.writesAt.get(location)!;
  const events = [...(problem.readsAt.get(location) ?? []), ...writes].sort((a, b) => a - b);
  const threads = byThread(problem, events);
  if (!threads.every((accesses) => isInOrder(problem, accesses))) return undefined;
  const place: Place = {
    problem,
    choices,
    threads,
    kinds: kindsOf(problem, choices, threads, question),
    ...question,
  };
  let beginnings: readonly Beginning[] = [
    {
      done: threads.map(() => 0),
      writer: -1,
      last: initial!,
      reader: 0,
      values: question.asked.map(() => undefined),
      sample: undefined,
      count: 1,
    },
  ];
  for (let length = 0; length < events.length; length++) {
    const longer = new Map<string, Beginning>();
    for (const beginning of beginnings)
      if (!extend(place, beginning, longer, mayGoOn)) return undefined;
    beginnings = [...longer.values()];
  }
  return beginnings.map(({ values, ...rest }) => ({
    ...rest,
    values: values.map((value) => value!),
  }));
}

function byThread(
  { structure }: Problem,
  events: readonly number[],
): readonly (readonly number[])[] {
  const threads = new Map<number, number[]>();
  for (const event of events) {
    const { thread } = structure.events[event]!;
    if (thread === INITIAL) continue;
    const known = threads.get(thread);
    if (known === undefined) threads.set(thread, [event]);
    else known.push(event);
  }
  return [...threads.values()];
}

function isInOrder({ structure }: Problem, accesses: readonly number[]): boolean {
  return accesses.every((event, at) => at === 0 || has(structure.poLoc, accesses[at - 1]!, event));
}

/** Puts each access that can come next behind a beginning. */
function extend(
  place: Place,
  beginning: Beginning,
  longer: Map<string, Beginning>,
  mayGoOn: () => boolean,
): boolean {
  const { choices, threads, problem } = place;
  const { done, last, reader } = beginning;
  const pending = threads.findIndex((accesses, thread) =>
    isHalfDone(problem, accesses, done[thread]!),
  );
  for (const [thread, accesses] of threads.entries()) {
    const event = accesses[done[thread]!];
    if (event === undefined) continue;
    if (!mayGoOn()) return false;
    const sources = choices.sources[event]!;
    if (sources.length > 0) {
      if (thread >= reader && sources.includes(last)) add(place, beginning, thread, event, longer);
    } else if ((pending === -1 || pending === thread) && isNext(place, beginning, event)) {
      add(place, beginning, thread, event, longer);
    }
  }
  return true;
}

/** Whether the read of a read-modify-write has happened and its write has not: no other thread writes in between. */
function isHalfDone({ partners }: Problem, accesses: readonly number[], done: number): boolean {
  for (let at = 0; at < done; at++)
    for (const write of partners.get(accesses[at]!) ?? [])
      if (accesses.indexOf(write) >= done) return true;
  return false;
}

/** Whether all writes that are to come before have happened. */
function isNext({ choices, threads }: Place, { done }: Beginning, event: number): boolean {
  return threads.every((accesses, thread) =>
    accesses.every(
      (other, at) =>
        at < done[thread]! || choices.sources[other]!.length > 0 || !has(choices.co, other, event),
    ),
  );
}

function add(
  place: Place,
  beginning: Beginning,
  thread: number,
  event: number,
  longer: Map<string, Beginning>,
): void {
  const { choices, problem, asked } = place;
  const { last, sample, count } = beginning;
  const isRead = choices.sources[event]!.length > 0;
  const at = isRead ? asked.indexOf(event) : -1;
  const next: Beginning = {
    done: beginning.done.with(thread, beginning.done[thread]! + 1),
    writer: isRead ? beginning.writer : thread,
    last: isRead ? last : event,
    reader: isRead ? thread : 0,
    values: at === -1 ? beginning.values : beginning.values.with(at, problem.values[last]),
    sample: { event, source: last, before: sample },
    count,
  };
  const key = keyOf(place, next);
  const known = longer.get(key);
  if (known === undefined) longer.set(key, next);
  else known.count += count;
}

/** Equal for beginnings that go on in the same ways, but for an exchange of threads that do the same. */
function keyOf(place: Place, { done, writer, last, reader, values }: Beginning): string {
  const { threads, kinds, choices, problem, isShown } = place;
  const isOver = done.every((count, thread) => count === threads[thread]!.length);
  const isRead = threads.some((accesses, thread) =>
    accesses.some((event, at) => at >= done[thread]! && choices.sources[event]!.length > 0),
  );
  const standing = done.map(
    (count, thread) =>
      `${kinds[thread]!}.${count}${isRead && thread === writer ? 'w' : ''}${isRead && thread < reader ? 'r' : ''}`,
  );
  const end = isOver && isShown ? String(problem.values[last]) : '';
  const initial = isRead && writer === -1 ? '-' : '';
  return `${standing.sort().join()} ${initial}${end} ${values.map(String).join()}`;
}

/** By thread the first one with which it can be exchanged without a change of anything there. */
function kindsOf(
  problem: Problem,
  choices: Choices,
  threads: readonly (readonly number[])[],
  question: { readonly asked: readonly number[]; readonly isShown: boolean },
): readonly number[] {
  const kinds: number[] = [];
  for (const [thread, accesses] of threads.entries()) {
    const found = kinds.find(
      (kind, at) =>
        kind === at &&
        areExchangeable(problem, choices, threads, [threads[kind]!, accesses], question),
    );
    kinds.push(found ?? thread);
  }
  return kinds;
}

function areExchangeable(
  { partners, values }: Problem,
  { sources, co }: Choices,
  threads: readonly (readonly number[])[],
  [one, other]: readonly [readonly number[], readonly number[]],
  { asked, isShown }: { readonly asked: readonly number[]; readonly isShown: boolean },
): boolean {
  if (one.length !== other.length) return false;
  const mine = new Map(one.map((event, at) => [event, other[at]!]));
  for (const [left, right] of [...mine]) mine.set(right, left);
  const swap = (event: number): number => mine.get(event) ?? event;
  const areSame = (left: readonly number[], right: readonly number[]): boolean =>
    left.length === right.length && left.every((event) => right.includes(swap(event)));
  const areSeen = isShown || asked.length > 0;
  return threads.flat().every((event) => {
    const image = swap(event);
    if (!areSame(sources[event]!, sources[image]!)) return false;
    if (!areSame(partners.get(event) ?? [], partners.get(image) ?? [])) return false;
    if (sources[event]!.length > 0) return image === event || !asked.includes(event);
    if (areSeen && !Object.is(values[event], values[image])) return false;
    return threads
      .flat()
      .every(
        (write) =>
          sources[write]!.length > 0 || has(co, event, write) === has(co, image, swap(write)),
      );
  });
}
