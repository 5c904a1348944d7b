/**
 * Threads of a combination of traces that can be exchanged while some of it is decided: all that the model sees of them
 * is the same, and what is open is open to both. Of the ways to take a decision that an exchange makes of one another
 * one is tried, for all of them.
 */

import type { EventStructure } from '../memory-model/event-structure.ts';
import { has } from '../memory-model/relation.ts';
import type { Trace } from '../memory-model/thread-paths.ts';
import type { AlikeThreads } from './alike-threads.ts';
import {
  alternatives,
  type Choices,
  type Decision,
  decideOrder,
  decideSource,
  type Problem,
} from './choices.ts';

/** Groups of two or more threads; any two of a group can be exchanged. */
export type Groups = readonly (readonly number[])[];

/** One way to take a decision, and for how many it stands. */
export interface Way {
  readonly choices: Choices;
  readonly copies: number;
}

/** The threads of one class that have the same trace. */
export function alikeIn({ classes, threads }: AlikeThreads, traces: readonly Trace[]): Groups {
  return classes.flatMap((members) => {
    const byTrace = new Map<number, number[]>();
    for (const { thread } of members) {
      const at = threads[thread]!.indexOf(traces[thread]!);
      byTrace.set(at, [...(byTrace.get(at) ?? []), thread]);
    }
    return [...byTrace.values()].filter((group) => group.length > 1);
  });
}

/** The threads of each group that can still be exchanged. */
export function stillAlike(problem: Problem, choices: Choices, groups: Groups): Groups {
  return groups.flatMap((group) => {
    const parts: number[][] = [];
    for (const thread of group) {
      const part = parts.find(([first]) => isKept(problem, choices, [first!, thread]));
      if (part === undefined) parts.push([thread]);
      else part.push(thread);
    }
    return parts.filter((part) => part.length > 1);
  });
}

/** The ways to take a decision, one for all that an exchange within the groups makes of it. */
export function distinctWays(
  problem: Problem,
  choices: Choices,
  decision: Decision,
  groups: Groups,
): readonly Way[] {
  if (groups.length === 0)
    return alternatives(problem, choices, decision).map((way) => ({ choices: way, copies: 1 }));
  const { structure } = problem;
  if (decision.kind === 'order') {
    const { first, second } = decision;
    const [one, other] = [threadOf(structure, first), threadOf(structure, second)];
    const isMirrored =
      groups.some((group) => group.includes(one) && group.includes(other)) &&
      exchanged(structure, [one, other], first) === second;
    const decided = [decideOrder(problem, choices, first, second)];
    if (!isMirrored) decided.push(decideOrder(problem, choices, second, first));
    return waysOf(decided, () => (isMirrored ? 2 : 1));
  }
  const { read } = decision;
  const kinds = new Map<string, number[]>();
  for (const source of choices.sources[read]!) {
    const key = kindOf(structure, groups, threadOf(structure, read), source);
    kinds.set(key, [...(kinds.get(key) ?? []), source]);
  }
  const sources = [...kinds.values()];
  const decided = sources.map(([source]) => decideSource(problem, choices, read, source!));
  return waysOf(decided, (at) => sources[at]!.length);
}

function waysOf(
  decided: readonly (Choices | undefined)[],
  copies: (at: number) => number,
): readonly Way[] {
  return decided.flatMap((choices, at) =>
    choices === undefined ? [] : [{ choices, copies: copies(at) }],
  );
}

/** Equal for writes that an exchange makes of one another which leaves the thread of the read as it is. */
function kindOf(structure: EventStructure, groups: Groups, reader: number, write: number): string {
  const thread = threadOf(structure, write);
  const group = thread === reader ? undefined : groups.find((threads) => threads.includes(thread));
  if (group === undefined) return String(write);
  return `${group[0]!}/${write - structure.offsets[thread]!}`;
}

function threadOf({ events }: EventStructure, event: number): number {
  return events[event]!.thread;
}

/** What an exchange of two threads makes of an event. */
function exchanged(
  { events, offsets }: EventStructure,
  [one, other]: readonly [number, number],
  event: number,
): number {
  const { thread } = events[event]!;
  if (thread === one) return event - offsets[one]! + offsets[other]!;
  if (thread === other) return event - offsets[other]! + offsets[one]!;
  return event;
}

/** Whether choices stay the same under an exchange of two threads. */
function isKept(
  { structure, reads, writesAt }: Problem,
  { sources, co }: Choices,
  threads: readonly [number, number],
): boolean {
  const image = structure.events.map(({ index }) => exchanged(structure, threads, index));
  for (const read of reads) {
    const [here, there] = [sources[read]!, sources[image[read]!]!];
    if (here.length !== there.length) return false;
    if (!here.every((write) => there.includes(image[write]!))) return false;
  }
  for (const writes of writesAt.values())
    for (const first of writes)
      for (const second of writes)
        if (has(co, first, second) !== has(co, image[first]!, image[second]!)) return false;
  return true;
}
