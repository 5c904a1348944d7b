/**
 * Threads that do the same: their code is the same, registers start the same, and of their ends the same is asked.
 * An exchange of two of them makes an execution of an execution.
 */

import type { Scope } from '../memory-model/scope.ts';
import type { Trace } from '../memory-model/thread-paths.ts';

/** A thread that does the same as others. */
export interface Member {
  readonly thread: number;
  /** The places in `scope.tracked` of its registers; those of all members come in one order. */
  readonly asked: readonly number[];
}

export interface AlikeThreads {
  /** Two or more threads each. */
  readonly classes: readonly (readonly Member[])[];
  /** By thread its traces; those of the members of a class come in one order. */
  readonly threads: readonly (readonly Trace[])[];
}

/** Finds the threads that do the same; `threads` are all their traces. With `unasked`, only those of whose registers
 *  nothing is asked: an exchange of them changes nothing of the end. */
export function alikeThreads(
  scope: Scope,
  threads: readonly (readonly Trace[])[],
  unasked: boolean,
): AlikeThreads {
  const ordered = [...threads];
  const groups = new Map<string, Member[]>();
  for (const { thread, asked } of likelyMembers(scope, threads, unasked)) {
    const traces = threads[thread]!;
    const named = traces.map((trace) => ({ trace, name: nameOf(trace) }));
    named.sort((one, other) => (one.name < other.name ? -1 : 1));
    const names = named.map(({ name }) => name);
    if (new Set(names).size < names.length) continue;
    ordered[thread] = named.map(({ trace }) => trace);
    const key = names.join('\n');
    groups.set(key, [...(groups.get(key) ?? []), { thread, asked }]);
  }
  const alike = [...groups.values()].flatMap((group) =>
    group.length > 1 ? byCode(scope, group) : [],
  );
  const classes = alike.filter((members) => members.length > 1);
  return classes.length > 0 ? { classes, threads: ordered } : { classes, threads };
}

/** The threads that have as many traces and events as another one: what costs little to find out. */
function likelyMembers(
  scope: Scope,
  threads: readonly (readonly Trace[])[],
  unasked: boolean,
): readonly Member[] {
  const groups = new Map<string, Member[]>();
  for (const [thread, traces] of threads.entries()) {
    const asked = askedOf(scope, thread);
    if (unasked && asked.length > 0) continue;
    const { parameters } = scope.program.threads[thread]!;
    const names = parameters.map(({ name }) => name).join();
    const key = `${asked.length} ${names} ${traces
      .map(({ events }) => events.length)
      .sort()
      .join()}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ thread, asked }]);
    else group.push({ thread, asked });
  }
  return [...groups.values()].filter((group) => group.length > 1).flat();
}

/** The places in `scope.tracked` of the registers of a thread. */
function askedOf({ tracked }: Scope, thread: number): readonly number[] {
  return [...tracked.keys()].filter((at) => {
    const one = tracked[at]!;
    return one.kind === 'register' && one.thread === thread;
  });
}

/** Equal for traces of the same code that read and write the same. */
function nameOf({ shape, values, stop }: Trace): string {
  const known = values.map((value) => (typeof value === 'bigint' ? `${value}n` : value));
  return `${shape}/${known.join()}/${stop?.reason}`;
}

/** Divides threads into those whose code is the same, spans apart. */
function byCode(scope: Scope, members: readonly Member[]): readonly (readonly Member[])[] {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const key = codeOf(scope, member);
    groups.set(key, [...(groups.get(key) ?? []), member]);
  }
  return [...groups.values()];
}

function codeOf({ program, tracked }: Scope, { thread, asked }: Member): string {
  const { parameters, body } = program.threads[thread]!;
  const initial = program.initial.flatMap(({ target, value }) =>
    target.kind === 'register' && target.thread === thread ? [[target.name, value]] : [],
  );
  const names = asked.map((at) => tracked[at]!).map((one) => one.kind === 'register' && one.name);
  return JSON.stringify([parameters, body, initial, names], (key, value: unknown) => {
    if (key === 'span' || key === 'origin') return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}
