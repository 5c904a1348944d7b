/**
 * Which reads of a thread are only made where another read before them has returned what is looked for, or through
 * the pointer that it has returned: the reads that somebody who tests a flag means to come after it.
 */

import type { PlacedAccess } from '../pairing/pairing.ts';
import type { Expression, LocationName, Origin, Statement } from '../program/program.ts';
import {
  bodiesOf,
  everyStatement,
  expressionsOf,
  mayEnd,
  operandsOf,
  partsOf,
} from '../program/walk.ts';
import type { AskedProgram, CycleLeg } from './cycle-outcome.ts';

/** The leg of which only those last accesses count that one of its first ones decides. */
export function decidedLeg(leg: CycleLeg, { programs }: Pick<AskedProgram, 'programs'>): CycleLeg {
  const found = new Set<Origin>();
  for (const { threads } of programs) {
    const walk: Walk = { leg, carried: new Set(), found };
    follow(threads[leg.thread]!.body, walk, false);
  }
  return { ...leg, lastAt: found };
}

/** The leg of which only those accesses to the flag of its barrier count that stand where the barrier has it: what it writes
 *  last, or reads first. Others of the field, as to another bit of the word, are not what the barrier is about. */
export function flagLeg(
  leg: CycleLeg,
  [first, last]: readonly [PlacedAccess, PlacedAccess],
  { programs }: Pick<AskedProgram, 'programs'>,
): CycleLeg {
  const isRead = leg.kinds[0] === 'read';
  const flag = isRead ? first : last;
  const at = flag.inner ?? flag.span;
  const file = flag.innerFile ?? flag.file;
  const isIt = (origin: Origin) =>
    origin.file === file && origin.span.start < at.end && at.start < origin.span.end;
  const origins = programs.flatMap(({ threads }) =>
    everyStatement(threads[leg.thread]!.body).flatMap((statement) =>
      [statement, ...expressionsOf(statement).flatMap(partsOf)].flatMap((part) =>
        'address' in part && part.origin !== undefined && isIt(part.origin) ? part.origin : [],
      ),
    ),
  );
  return { ...leg, [isRead ? 'firstAt' : 'lastAt']: new Set(origins) };
}

interface Walk {
  readonly leg: CycleLeg;
  /** The registers whose value comes of a first access. */
  readonly carried: Set<string>;
  /** The origins of the accesses that are decided by one. */
  readonly found: Set<Origin>;
}

/** Follows the statements; whether they are reached is `decided` already. Says whether what comes behind them is. */
function follow(body: readonly Statement[], walk: Walk, decided: boolean): boolean {
  let isDecided = decided;
  for (const statement of body) {
    const all = expressionsOf(statement);
    for (const access of [statement, ...all.flatMap(partsOf)])
      if ('address' in access && access.origin !== undefined)
        if (isDecided || isCarried(access.address, walk)) walk.found.add(access.origin);
    if (statement.kind === 'assign' && (isDecided || isCarried(statement.value, walk)))
      walk.carried.add(statement.register);
    const decides = bodiesOf(statement).length > 0 && all.some((each) => isCarried(each, walk));
    for (const inner of bodiesOf(statement)) follow(inner, walk, isDecided || decides);
    if (decides && mayEnd(statement)) isDecided = true;
  }
  return isDecided;
}

/** Whether a value comes of a first access of the leg. */
function isCarried(expression: Expression, walk: Walk): boolean {
  if (expression.kind === 'register') return walk.carried.has(expression.name);
  if ('address' in expression && isAt(expression.address, walk.leg.first)) return true;
  return operandsOf(expression).some((each) => isCarried(each, walk));
}

function isAt(address: Expression, places: ReadonlySet<LocationName>): boolean {
  const known = address.kind === 'value' ? address.value : undefined;
  return known?.kind === 'address' && places.has(known.of);
}
