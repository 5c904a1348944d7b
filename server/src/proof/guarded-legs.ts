/**
 * Which accesses of a function its barrier is about: a look without it that is taken again behind it, as before a
 * queue is stopped, is no fault, nor is what a loop does behind it before its next round.
 */

import { grouped } from '../facts/grouped.ts';
import type { OrderingSite } from '../lowering/lowering.ts';
import type { LocationName, Origin, Program, Statement } from '../program/program.ts';
import { bodiesOf, expressionsOf, partsOf, withOperands, withParts } from '../program/walk.ts';
import type { AskedProgram, CycleLeg, CycleLegs } from './cycle-outcome.ts';

/** The programs, in which each access has an origin of its own, by which legs can name it. */
export function withOwnOrigins(programs: readonly Program[]): readonly Program[] {
  return programs.map((program) => ({
    ...program,
    threads: program.threads.map((thread) => ({ ...thread, body: ownOrigins(thread.body) })),
  }));
}

function ownOrigins(body: readonly Statement[]): readonly Statement[] {
  return body.map((statement) => {
    const own = withParts(statement, ownOrigin, ownOrigins);
    return own.origin === undefined ? own : { ...own, origin: { ...own.origin } };
  });
}

function ownOrigin<T extends Parameters<typeof withOperands>[0]>(expression: T): T {
  const own = withOperands(expression, ownOrigin) as T;
  return 'origin' in own && own.origin !== undefined ? { ...own, origin: { ...own.origin } } : own;
}

/**
 * The legs without accesses that are made again on the right side of a barrier: before it, to what is also accessed
 * behind it, and behind it, to what is also accessed before it. The barrier is that of the side; where the accesses do not
 * stand around that one, another one of the function. The same legs where there are no such accesses.
 */
export function guardedLegs(
  { programs, sites }: AskedProgram,
  legs: CycleLegs,
  barriers: readonly [readonly OrderingSite[], readonly OrderingSite[]],
): CycleLegs {
  const [one, two] = legs.map((leg): CycleLeg => {
    const own = new Set(barriers[leg.thread]!.map(({ site }) => site));
    const others = sites.filter(({ device }) => device === 'fence').map(({ site }) => site);
    const bodies = programs.map(({ threads }) => threads[leg.thread]!.body);
    return guarded(leg, bodies, own) ?? guarded(leg, bodies, new Set(others)) ?? leg;
  });
  return one === legs[0] && two === legs[1] ? legs : [one!, two!];
}

/** The leg around one of these barriers, the same where all of its accesses count; undefined where no two of them stand
 *  around one. */
function guarded(
  leg: CycleLeg,
  bodies: readonly (readonly Statement[])[],
  barriers: ReadonlySet<string>,
): CycleLeg | undefined {
  const [before, behind] = [new Set<Origin>(), new Set<Origin>()];
  for (const body of bodies) {
    passing(body, barriers, false, behind);
    passing(reversed(body), barriers, false, before);
    for (const each of ofNextRound(body, barriers)) before.delete(each);
  }
  const made = bodies.flatMap(accessesIn);
  const firsts = originsAt(made, leg.first, leg.firstAt);
  const lasts = originsAt(made, leg.last, leg.lastAt);
  if (!firsts.some((each) => before.has(each)) || !lasts.some((each) => behind.has(each)))
    return undefined;
  const isRepeated = (access: Origin, on: ReadonlySet<Origin>, wrong: ReadonlySet<Origin>) =>
    wrong.has(access) && !on.has(access);
  const firstAt = firsts.filter((each) => !isRepeated(each, before, behind));
  const lastAt = lasts.filter((each) => !isRepeated(each, behind, before));
  return firstAt.length === firsts.length && lastAt.length === lasts.length
    ? leg
    : { ...leg, firstAt: new Set(firstAt), lastAt: new Set(lastAt) };
}

/** Notes the origins of what is met on a path on which a barrier has been met, or that are the barrier; says whether
 *  one may have been met behind the statements. */
function passing(
  body: readonly Statement[],
  barriers: ReadonlySet<string>,
  before: boolean,
  noted: Set<Origin>,
): boolean {
  let met = before;
  for (const statement of body) {
    const origins = originsOf(statement);
    if (origins.some(({ site }) => barriers.has(site))) met = true;
    if (met) for (const origin of origins) noted.add(origin);
    // Where a branch ends the thread, nothing is behind it, nor, seen from behind, before it.
    const ends = bodiesOf(statement).map((inner) => {
      const end = passing(inner, barriers, met && inner[0]?.kind !== 'stop', noted);
      return end && inner.at(-1)?.kind !== 'stop';
    });
    met ||= ends.includes(true);
  }
  return met;
}

/** Of a loop that is written out round by round: what stands behind the barrier in each round, and so before it only in the
 *  next one. */
function ofNextRound(body: readonly Statement[], barriers: ReadonlySet<string>): readonly Origin[] {
  const made = everyStatement(body).map(originsOf);
  const rounds = grouped(made, (origins) => origins.map(placeOf));
  const isRepeated = (origin: Origin) => rounds.get(placeOf(origin))!.length > 1;
  const isBarrier = (origin: Origin) => barriers.has(origin.site) && isRepeated(origin);
  const firsts = new Map<string, number>();
  for (const [at, origins] of made.entries())
    for (const place of origins.filter(isBarrier).map(placeOf))
      if (!firsts.has(place)) firsts.set(place, at);
  if (firsts.size === 0) return [];
  // In the first round the last of the barriers has been met here.
  const last = Math.max(...firsts.values());
  const earlier = new Set(made.slice(0, last).flat().map(placeOf));
  return made
    .slice(last + 1)
    .flat()
    .filter((origin) => isRepeated(origin) && !earlier.has(placeOf(origin)));
}

function everyStatement(body: readonly Statement[]): readonly Statement[] {
  return body.flatMap((statement) => [statement, ...bodiesOf(statement).flatMap(everyStatement)]);
}

function placeOf({ file, span }: Origin): string {
  return `${file}:${span.start}:${span.end}`;
}

/** The statements from the last to the first. */
function reversed(body: readonly Statement[]): readonly Statement[] {
  return body.toReversed().map((statement) =>
    withParts(
      statement,
      (expression) => expression,
      (inner) => reversed(inner),
    ),
  );
}

function originsOf(statement: Statement): readonly Origin[] {
  const inner = expressionsOf(statement).flatMap(partsOf);
  return [statement, ...inner].flatMap((part) =>
    'origin' in part && part.origin !== undefined ? part.origin : [],
  );
}

/** An access, with the location where that is known before the program runs. */
export interface MadeAccess {
  readonly origin: Origin;
  readonly location: LocationName | undefined;
}

/** The accesses that statements make, those in branches too. */
export function accessesIn(body: readonly Statement[]): readonly MadeAccess[] {
  return body.flatMap((statement) => [
    ...[statement, ...expressionsOf(statement).flatMap(partsOf)].flatMap((part) => {
      if (!('address' in part) || part.origin === undefined) return [];
      const { address, origin } = part;
      const known = address.kind === 'value' ? address.value : undefined;
      return [{ origin, location: known?.kind === 'address' ? known.of : undefined }];
    }),
    ...bodiesOf(statement).flatMap(accessesIn),
  ]);
}

/** The origins of the accesses that may be to these places, of those that are meant. */
export function originsAt(
  made: readonly MadeAccess[],
  places: ReadonlySet<LocationName>,
  meant: ReadonlySet<Origin> | undefined,
): readonly Origin[] {
  return made.flatMap(({ origin, location }) =>
    (location === undefined || places.has(location)) && meant?.has(origin) !== false ? origin : [],
  );
}
