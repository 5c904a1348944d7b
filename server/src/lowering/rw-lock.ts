/**
 * Locks with readers and writers, of which the LKMM knows nothing: a reader takes a lock that it shares with
 * the writers only, a writer those of all readers and one that it shares with the other writers. So writers
 * exclude everybody and readers exclude no readers; an order is between those who exclude each other.
 */

import type { RwLockAction } from '../kernel/primitive.ts';
import { memberPath } from '../program/address.ts';
import { only } from '../program/candidates.ts';
import type { LocationName } from '../program/program.ts';
import { forceIntoMemory, holding } from './access.ts';
import { type Lowering, placeOfTrace, SETUP } from './context.ts';
import { placesOf } from './locate.ts';
import { emit, fork, type State, type Trace } from './machine.ts';
import { anyWithin } from './open-value.ts';
import { entered } from './progress.ts';
import { rejoin } from './rejoin.ts';
import { settled } from './settle.ts';
import { reportSite } from './trace.ts';
import { integer, step, toExpression, undefinedValue, type Value } from './value.ts';

const WRITE_SIDE = 'write side';
const READ_SIDE = 'read side of P';

/** Whether a location is one of the locks that stand for a lock with readers and writers. */
export function isSide(location: LocationName): boolean {
  return lockOfSide(location) !== location;
}

/** The lock that a location stands for a side of; of any other lock itself. */
export function lockOfSide(location: LocationName): LocationName {
  return location.replace(/\.(?:write side|read side of P\d+)$/, '');
}

/** Does to the lock at an address what a primitive says, and gives what that is worth. */
export function applyRwLock(
  lowering: Lowering,
  state: State,
  written: Value,
  { side, action }: RwLockAction,
  trace: Trace,
): Value {
  const nothing = undefinedValue('a primitive that returns nothing');
  reportSite(lowering, trace, 'lock');
  const address = settled(lowering, state, written, trace);
  const places = address && placesOf(lowering, state, address, trace);
  if (address === undefined || places === undefined || lowering.thread === SETUP) return nothing;
  const own = READ_SIDE + lowering.thread;
  const all = [WRITE_SIDE, ...lowering.request.actors.map((_, thread) => READ_SIDE + thread)];
  const names = side === 'read' ? [own] : all;
  const locks = names.map((name) => {
    const lock = step('member', address, name, trace.span);
    forceIntoMemory(
      lowering,
      lock,
      places.map((place) => memberPath(place, name)),
    );
    return { name, lock };
  });
  const isHeld = timesHeld(state, step('member', address, own, trace.span)) > 0;
  const [place] = places;
  const isClosed = lowering.request.open === undefined;
  const wrong =
    isClosed && place !== undefined && places.length === 1
      ? wrongRelease(state, { side, action }, memberPath(place, own), memberPath(place, WRITE_SIDE))
      : undefined;
  if (wrong !== undefined) {
    lowering.report.notModelled(wrong, placeOfTrace(trace));
    return nothing;
  }
  switch (action) {
    case 'lock':
    case 'unlock':
      if (side === 'read' && isNested(state, locks[0]!.lock, action)) return nothing;
      if (action === 'lock') for (const { lock } of locks) take(state, lock, trace);
      else for (const { lock } of locks.toReversed()) release(state, lock, trace);
      return nothing;
    case 'downgrade':
      for (const { name, lock } of locks.toReversed())
        if (name !== own) release(state, lock, trace);
      return nothing;
    case 'trylock':
      // Who has it already is refused as a writer; as a reader only where a writer waits.
      if (isHeld && side === 'write') return integer(0);
      if (isHeld) {
        const what = 'trying for the read side of a lock that the thread has';
        lowering.report.notModelled(what, placeOfTrace(trace));
        return nothing;
      }
      return side === 'read'
        ? tryToRead(lowering, state, locks[0]!.lock, trace)
        : tryToWrite(
            lowering,
            state,
            locks.map(({ lock }) => lock),
            trace,
          );
  }
}

/** That what is released is surely not held, or surely for the other side: `own` is the thread's read side, which writers take, too. */
function wrongRelease(
  { progress: { held, kept, tried } }: State,
  { side, action }: RwLockAction,
  own: LocationName,
  whole: LocationName,
): string | undefined {
  if (action !== 'unlock' && action !== 'downgrade') return undefined;
  if (!held.includes(own)) {
    const mayHold = kept.includes(own) || tried.includes(own);
    return mayHold ? undefined : 'a release of a lock that is not held';
  }
  if (side === 'read')
    return held.includes(whole) ? 'a release for reading of what is held for writing' : undefined;
  return kept.includes(whole) ? undefined : 'a release for writing of what is held for reading';
}

/** Whether a reader takes what it has already, or keeps it; that is then noted. */
function isNested(state: State, lock: Value, action: 'lock' | 'unlock'): boolean {
  if (lock.kind !== 'known' || lock.value.kind !== 'address') return false;
  const isInner = timesHeld(state, lock) > (action === 'lock' ? 0 : 1);
  if (isInner) state.progress = entered(state.progress, lock.value.of, action);
  return isInner;
}

function timesHeld({ progress: { held } }: State, lock: Value): number {
  if (lock.kind !== 'known' || lock.value.kind !== 'address') return 0;
  const { of } = lock.value;
  return held.filter((name) => name === of).length;
}

function take(state: State, lock: Value, trace: Trace): void {
  emit(state, { kind: 'lock', action: 'lock', address: toExpression(lock, trace.span), ...trace });
}

function release(state: State, lock: Value, trace: Trace): void {
  const address = toExpression(lock, trace.span);
  emit(state, { kind: 'lock', action: 'unlock', address, ...trace });
}

const BOOLEAN = only({ kind: 'integer', value: 0 }, { kind: 'integer', value: 1 });

/** It fails where a writer has the lock. */
function tryToRead(lowering: Lowering, state: State, lock: Value, trace: Trace): Value {
  const register = lowering.freshRegister('trylock');
  const address = toExpression(lock, trace.span);
  if (lock.kind === 'known' && lock.value.kind === 'address') {
    const { progress } = state;
    state.progress = { ...progress, tried: [...new Set([...progress.tried, lock.value.of])] };
  }
  const value = { kind: 'lock-query', action: 'trylock', address, ...trace } as const;
  emit(state, { kind: 'assign', register, value, ...trace });
  return holding(state, register, BOOLEAN, trace);
}

/** All locks at once, or none: it may also fail where it could succeed. */
function tryToWrite(
  lowering: Lowering,
  state: State,
  locks: readonly Value[],
  trace: Trace,
): Value {
  const range = { least: 0, most: 1 };
  const succeeds = anyWithin(lowering, state, range, 'trylock', trace);
  const root = state.block;
  const { registers } = state;
  const outcomes = { yes: registers, no: registers };
  const [yes, no] = fork(state, toExpression(succeeds, trace.span), outcomes, trace);
  for (const lock of locks) take(yes, lock, trace);
  rejoin(lowering, state, [yes, no], root, () => trace);
  return succeeds;
}
