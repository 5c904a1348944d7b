/**
 * The same question in a smaller program. Every step keeps the set of final values of what the condition
 * speaks of (`asked`: as far as they meet it), by an argument on `linux-kernel.cat` that stands beside it.
 */

import { type Candidates, only } from '../program/candidates.ts';
import { withoutDeadCode } from '../program/dead-code.ts';
import {
  accessesOf,
  changedStatements,
  type Observed,
  observedIn,
  orderingRegisters,
  placeOf,
  plainValues,
} from '../program/plain-access.ts';
import type { Expression, LocationName, Program, Statement } from '../program/program.ts';
import type { ProgramValues } from '../program/program-values.ts';
import { textOf } from '../program/text-of.ts';
import { everyStatement } from '../program/walk.ts';
import { branchesAsValues } from './branches-as-values.ts';
import { withDecidedCondition } from './decided-condition.ts';
import { herdWork } from './herd-work.ts';
import { demandedOf, possibleBranches } from './possible-branches.ts';
import { isBehindBarriers, withPrivateResults } from './private-results.ts';

/** Which executions have to stay as they are: all, or those only that may meet the condition. Of the others
 *  some may then count no more, or count where they did not: the condition is still met by the same. */
export type Kept = 'all' | 'asked';

/** Reduces a flattened program until no step helps any more. */
export function reduceExactly(program: Program, kept: Kept = 'asked'): Program {
  const [apart, merged] = [false, true].map((merging) => reduced(program, { kept, merging }));
  return herdWork(merged!) < herdWork(apart!) ? merged! : apart!;
}

/** What a reduction may do. */
interface Reduction {
  readonly kept: Kept;
  readonly merging: boolean;
}

function reduced(program: Program, reduction: Reduction): Program {
  let current = program;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = onceReduced(current, reduction);
    if (isSame(next, current)) break;
    current = next;
  }
  return withUsedInitial(current);
}

const MOST_ROUNDS = 12;

function isSame(one: Program, other: Program): boolean {
  const read = ({ threads, condition }: Program) => [threads.map(({ body }) => body), condition];
  return textOf(read(one)) === textOf(read(other));
}

function onceReduced(given: Program, { kept, merging }: Reduction): Program {
  const program = withDecidedCondition(withPrivateResults(given));
  const values = plainValues(program);
  const observed = observedIn(program);
  const sites = threadsAt(program);
  const firstValues = firstValuesIn(program);
  const threads = program.threads.map((thread) => {
    const { index } = thread;
    const ordering = orderingRegisters(thread.body);
    const demanded = demandedOf(program, index, thread.body, kept === 'asked');
    const steps: readonly ((body: readonly Statement[]) => readonly Statement[])[] = [
      (body) => withoutConstantReads(body, ordering, sites, values),
      (body) => withoutOwnReads(body, index, sites, firstValues),
      (body) => withoutUnreadWrites(body, index, sites, observed),
      (body) => possibleBranches(body, { thread: index, values, ordering, demanded, merging }),
      (body) => branchesAsValues(body, ordering),
      (body) => withoutDeadCode(body, observed.registers(index)),
    ];
    return { ...thread, body: steps.reduce((body, step) => step(body), thread.body) };
  });
  return { ...program, threads };
}

/** Which threads read a location, and which write it. */
interface AccessThreads {
  readonly readers: ReadonlyMap<LocationName, ReadonlySet<number>>;
  readonly writers: ReadonlyMap<LocationName, ReadonlySet<number>>;
}

function threadsAt({ threads }: Program): AccessThreads {
  const readers = new Map<LocationName, Set<number>>();
  const writers = new Map<LocationName, Set<number>>();
  const note = (map: Map<LocationName, Set<number>>, place: LocationName, thread: number) =>
    map.set(place, (map.get(place) ?? new Set()).add(thread));
  for (const { body, index } of threads)
    for (const { place, reads, writes } of everyStatement(body).flatMap(accessesOf)) {
      if (place === undefined) continue;
      if (reads) note(readers, place, index);
      if (writes) note(writers, place, index);
    }
  return { readers, writers };
}

/**
 * A READ_ONCE() of a location that no thread writes gives the initial value. Where no dependency starts
 * at it, all order that it takes part in is by fences (and an address dependency into it): it has no fr
 * and no rfe from another thread, and whatever a fence keeps before it that fence keeps before what comes
 * after it. So without the read nothing else is ordered more or less. Acquire reads stay.
 */
function withoutConstantReads(
  body: readonly Statement[],
  ordering: ReadonlySet<string>,
  { writers }: AccessThreads,
  { locations }: ProgramValues,
): readonly Statement[] {
  return changedStatements(body, (statement) => {
    if (statement.kind !== 'assign' || statement.value.kind !== 'load') return statement;
    const { order, address, span } = statement.value;
    const place = placeOf(address);
    if (order !== 'once' || place === undefined || writers.has(place)) return statement;
    const value = onlyValue(locations.get(place) ?? only({ kind: 'integer', value: 0 }));
    if (value === undefined || ordering.has(statement.register)) return statement;
    return { ...statement, value: { kind: 'value', value, span } };
  });
}

/**
 * A READ_ONCE() of a location that only this thread writes gives what it last wrote there, or the first
 * value. Where that is a constant, written without a condition, no dependency goes through the write into the read; the read has no
 * fr and no rfe to or from another thread. So all order into it is by fences, and where there is no
 * smp_rmb() before it, these keep what comes before them before all that comes after the read, too.
 */
function withoutOwnReads(
  body: readonly Statement[],
  thread: number,
  sites: AccessThreads,
  firstValues: ReadonlyMap<LocationName, Expression>,
): readonly Statement[] {
  if (everyStatement(body).some((each) => each.kind === 'while')) return body;
  const isOwn = (place: LocationName) => {
    const writers = sites.writers.get(place);
    return writers?.size === 1 && writers.has(thread);
  };
  const own = [...firstValues].filter(([place]) => isOwn(place));
  return ownReads(body, isOwn, { written: new Map(own), pastReadBarrier: false });
}

/** What locations hold before any thread runs. */
function firstValuesIn({ initial }: Program): ReadonlyMap<LocationName, Expression> {
  return new Map(
    initial.flatMap(({ target, value, span }) =>
      target.kind === 'location' ? [[target.name, { kind: 'value', value, span }]] : [],
    ),
  );
}

/** What a thread has done so far: the constants that it last wrote. */
interface Behind {
  readonly written: Map<LocationName, Expression>;
  pastReadBarrier: boolean;
}

function ownReads(
  body: readonly Statement[],
  isOwn: (place: LocationName) => boolean,
  behind: Behind,
): readonly Statement[] {
  return body.map((statement): Statement => {
    if (statement.kind === 'fence' && statement.tag === 'rmb') behind.pastReadBarrier = true;
    if (statement.kind === 'if') {
      const arm = (inner: readonly Statement[]) => {
        const entered = { ...behind, written: new Map(behind.written) };
        const made = ownReads(inner, isOwn, entered);
        behind.pastReadBarrier ||= entered.pastReadBarrier;
        return made;
      };
      const held = arm(statement.then);
      const otherwise = arm(statement.otherwise);
      for (const place of everyStatement([statement]).flatMap(writtenAt))
        behind.written.delete(place);
      // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
      return { ...statement, then: held, otherwise };
    }
    const known = behind.pastReadBarrier ? undefined : constantRead(statement, behind.written);
    for (const place of writtenAt(statement)) behind.written.delete(place);
    const [place] = writtenAt(statement);
    const isPlain = statement.kind === 'store' && statement.then === undefined;
    if (isPlain && place !== undefined && isOwn(place) && isConstant(statement))
      behind.written.set(place, statement.value);
    return known ?? statement;
  });
}

function constantRead(
  statement: Statement,
  written: ReadonlyMap<LocationName, Expression>,
): Statement | undefined {
  if (statement.kind !== 'assign' || statement.value.kind !== 'load') return undefined;
  const { order, address } = statement.value;
  const value = order === 'once' ? written.get(placeOf(address) ?? '') : undefined;
  return value && { ...statement, value };
}

function writtenAt(statement: Statement): readonly LocationName[] {
  return accessesOf(statement).flatMap(({ writes, place }) => (writes ? (place ?? []) : []));
}

/** Whether neither where is written nor what depends on a read. */
function isConstant({ address, value }: Statement & { readonly kind: 'store' }): boolean {
  return address.kind === 'value' && value.kind === 'value';
}

function onlyValue(candidates: Candidates) {
  const [value, ...others] = candidates === 'any' ? [] : candidates.values();
  return others.length === 0 ? value : undefined;
}

/**
 * A WRITE_ONCE() to a location that only this thread writes, that nobody reads, and whose final value is
 * not asked for, is in no communication with another thread. What is kept before it is kept by a fence
 * also before what that fence, or a later strong one, keeps after it; only a dependency into it followed
 * by smp_wmb() makes an order that would be lost. So it goes where there is no such barrier behind it.
 */
function withoutUnreadWrites(
  body: readonly Statement[],
  thread: number,
  { readers, writers }: AccessThreads,
  { locations }: Observed,
): readonly Statement[] {
  return changedStatements(body, (statement) => {
    if (statement.kind !== 'store' || statement.order !== 'once' || statement.then !== undefined)
      return statement;
    const place = placeOf(statement.address);
    if (place === undefined || readers.has(place) || locations.has(place)) return statement;
    const isAlone = [...(writers.get(place) ?? [])].every((writer) => writer === thread);
    return isAlone && isBehindBarriers(body, statement) ? undefined : statement;
  });
}

/** Without the initial values of locations that nothing in the program names any more. */
function withUsedInitial(program: Program): Program {
  const { readers, writers } = threadsAt(program);
  const { locations } = observedIn(program);
  return {
    ...program,
    initial: program.initial.filter(
      ({ target }) =>
        target.kind === 'register' ||
        locations.has(target.name) ||
        readers.has(target.name) ||
        writers.has(target.name),
    ),
  };
}
