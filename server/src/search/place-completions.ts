/**
 * Counts the ways to complete one location without visiting them. By coherence its accesses happen one after another,
 * those of a thread in program order, and a read returns what was written last. Of a beginning it matters how far each
 * thread has come, who wrote last and what the reads that are asked about have returned, not in which order; and of
 * threads that do the same there, how many have come how far. Where nobody reads, threads do the same whatever they write,
 * for only the last write is seen, and each of those that are alike is the last one as often as the others.
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

/** One access, and what is known of its place among the others. */
interface Access {
  readonly event: number;
  /** What a read may return; undefined for a write. */
  readonly sources: readonly number[] | undefined;
  /** Its place among the reads asked about; -1 for all others. */
  readonly asked: number;
  /** By thread how many of its accesses come before a write. */
  readonly behind: readonly number[];
  /** Whether the write of a read-modify-write is still to come where this access has just happened. */
  readonly isHalf: boolean;
}

interface Place {
  readonly problem: Problem;
  /** By thread its accesses there. */
  readonly threads: readonly (readonly Access[])[];
  /** By thread: a number for how far it is, from this one on; the same for threads that do the same. */
  readonly codes: readonly number[];
  /** By thread how many of its accesses have happened once it reads no more. */
  readonly untilRead: readonly number[];
  readonly isShown: boolean;
  /** Nobody reads there. */
  readonly isOnlyWritten: boolean;
}

/** What a code unit of a string can hold. */
const MOST_CODES = 0x10000;

/** All completions of a location, counted; undefined where the accesses of a thread have no order, where they are too many,
 *  or where `mayGoOn`, which is asked for each step, ends it. */
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
  const isOnlyWritten = !events.some((event) => isRead(choices, event));
  const isSeen = question.isShown && !isOnlyWritten;
  const kinds = kindsOf(problem, choices, threads, { ...question, isShown: isSeen });
  const { codes, end } = codesOf(threads, kinds);
  if (end > MOST_CODES) return undefined;
  const place: Place = {
    problem,
    threads: threads.map((accesses) =>
      accesses.map((_, at) => accessOf(problem, choices, threads, accesses, at, question.asked)),
    ),
    codes,
    untilRead: threads.map(
      (accesses) => accesses.findLastIndex((event) => isRead(choices, event)) + 1,
    ),
    isShown: question.isShown,
    isOnlyWritten,
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
  const ends =
    isOnlyWritten && question.isShown ? byLastThread(place, threads, beginnings) : beginnings;
  return ends.map(({ values, ...rest }) => ({
    ...rest,
    values: values.map((value) => value!),
  }));
}

/** What ends with one of several threads that are alike, ending with each of them. */
function byLastThread(
  { codes, problem }: Place,
  threads: readonly (readonly number[])[],
  ends: readonly Beginning[],
): readonly Beginning[] {
  const found = new Map<RuntimeValue | undefined, Beginning>();
  for (const end of ends) {
    const alike = threads.flatMap((_, thread) =>
      codes[thread] === codes[end.writer] ? thread : [],
    );
    for (const thread of alike.length === 0 ? [end.writer] : alike) {
      const swapped = exchanged(end, threads[end.writer] ?? [], threads[thread] ?? []);
      const value = problem.values[swapped.last];
      const known = found.get(value);
      const count = end.count / Math.max(1, alike.length);
      if (known === undefined) found.set(value, { ...swapped, count });
      else known.count += count;
    }
  }
  return [...found.values()];
}

/** The same with the accesses of two threads exchanged. */
function exchanged(end: Beginning, one: readonly number[], other: readonly number[]): Beginning {
  if (one === other) return end;
  const images = new Map(
    one.flatMap((event, at): [number, number][] => [
      [event, other[at]!],
      [other[at]!, event],
    ]),
  );
  const image = (event: number) => images.get(event) ?? event;
  const steps: Sample[] = [];
  for (let at = end.sample; at !== undefined; at = at.before) steps.push(at);
  const sample = steps.reduceRight<Sample | undefined>(
    (before, { event, source }) => ({ event: image(event), source: image(source), before }),
    undefined,
  );
  return { ...end, last: image(end.last), sample };
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

/** Where the codes of each thread begin: four for each number of accesses that have happened. */
function codesOf(
  threads: readonly (readonly number[])[],
  kinds: readonly number[],
): { readonly codes: readonly number[]; readonly end: number } {
  const codes: number[] = [];
  let end = 0;
  for (const [thread, kind] of kinds.entries())
    if (kind < thread) codes.push(codes[kind]!);
    else {
      codes.push(end);
      end += (threads[thread]!.length + 1) * 4;
    }
  return { codes, end };
}

function isRead({ sources }: Choices, event: number): boolean {
  return sources[event]!.length > 0;
}

function accessOf(
  { partners }: Problem,
  choices: Choices,
  threads: readonly (readonly number[])[],
  accesses: readonly number[],
  at: number,
  asked: readonly number[],
): Access {
  const event = accesses[at]!;
  const sources = isRead(choices, event) ? choices.sources[event]! : undefined;
  const isLater = (write: number) => accesses.indexOf(write) > at;
  const comesBefore = (other: number) => !isRead(choices, other) && has(choices.co, other, event);
  return {
    event,
    sources,
    asked: sources === undefined ? -1 : asked.indexOf(event),
    behind: sources === undefined ? threads.map((each) => each.findLastIndex(comesBefore) + 1) : [],
    isHalf: accesses
      .slice(0, at + 1)
      .some((before) => (partners.get(before) ?? []).some((write) => isLater(write))),
  };
}

/** Puts each access that can come next behind a beginning. */
function extend(
  place: Place,
  beginning: Beginning,
  longer: Map<string, Beginning>,
  mayGoOn: () => boolean,
): boolean {
  const { threads } = place;
  const { done, last, reader } = beginning;
  // Between the read and the write of a read-modify-write no other thread writes.
  const pending = threads.findIndex((accesses, thread) => accesses[done[thread]! - 1]?.isHalf);
  for (const [thread, accesses] of threads.entries()) {
    const access = accesses[done[thread]!];
    if (access === undefined) continue;
    if (!mayGoOn()) return false;
    const { sources, behind } = access;
    const isNext =
      sources === undefined
        ? (pending === -1 || pending === thread) && behind.every((count, at) => done[at]! >= count)
        : thread >= reader && sources.includes(last);
    if (isNext) add(place, beginning, thread, access, longer);
  }
  return true;
}

function add(
  place: Place,
  beginning: Beginning,
  thread: number,
  { event, sources, asked }: Access,
  longer: Map<string, Beginning>,
): void {
  const { last, sample, count, values } = beginning;
  const isWrite = sources === undefined;
  const next: Beginning = {
    done: beginning.done.with(thread, beginning.done[thread]! + 1),
    writer: isWrite ? thread : beginning.writer,
    last: isWrite ? event : last,
    reader: isWrite ? 0 : thread,
    values: asked === -1 ? values : values.with(asked, place.problem.values[last]),
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
  const { threads, codes, problem, untilRead, isShown, isOnlyWritten } = place;
  const isOver = done.every((count, thread) => count === threads[thread]!.length);
  const isRead = done.some((count, thread) => count < untilRead[thread]!);
  // By thread: how far it is, whether it wrote last, whether it reads no more before the next write.
  const standing = new Uint16Array(done.length);
  for (const [thread, count] of done.entries()) {
    const wrote = isRead && thread === writer ? 2 : 0;
    const passed = isRead && thread < reader ? 1 : 0;
    standing[thread] = codes[thread]! + count * 4 + wrote + passed;
  }
  const left = isOnlyWritten ? codes[writer] : problem.values[last];
  const end = isOver && isShown ? String(left) : '';
  const initial = isRead && writer === -1 ? '-' : '';
  return `${String.fromCharCode(...standing.sort())} ${initial}${end} ${values.join()}`;
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
