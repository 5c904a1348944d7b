/** What a program's events are to a model: the sets and relations that herd defines before its first line. */

import type { EventStructure, ExecutionEvent } from '../memory-model/event-structure.ts';
import {
  difference,
  type EventSet,
  forEachPair,
  identityOn,
  inSet,
  type Relation,
  relationOf,
  setOf,
} from '../memory-model/relation.ts';
import type { Base } from './interpret.ts';

/** An execution as herd hands it to a model, before `lock.cat` has put lock events into R and W. */
export function baseOf(structure: EventStructure): Base {
  const { size, po, addr, data, ctrl, loc, int, ext } = structure;
  const everything = setOf(size, () => true);
  return {
    size,
    sets: baseSets(structure),
    relations: new Map<string, Relation>([
      ['po', po],
      ['addr', addr],
      ['data', data],
      ['ctrl', ctrl],
      ['rmw', withoutLocks(structure)],
      ['loc', loc],
      ['int', int],
      ['ext', ext],
      ['id', identityOn(size, everything)],
    ]),
  };
}

/** The sets by herd's names, and one for each tag: `before-atomic` is the set `Before-atomic`. */
function baseSets({ size, events, sets: { IW, RMW } }: EventStructure): Map<string, EventSet> {
  const where = (holds: (event: ExecutionEvent) => boolean): EventSet =>
    setOf(size, (index) => holds(events[index]!));
  const named = new Map<string, EventSet>([
    ['R', where(({ kind }) => kind === 'read')],
    ['W', where(({ kind }) => kind === 'write')],
    ['M', where(({ kind }) => kind === 'read' || kind === 'write')],
    ['F', where(({ kind }) => kind === 'fence')],
    ['LKR', where(({ kind }) => kind === 'lock-read')],
    ['LKW', where(({ kind }) => kind === 'lock-write')],
    ['UL', where(({ kind }) => kind === 'unlock')],
    ['LF', where(({ kind }) => kind === 'lock-fail')],
    ['RL', where(({ kind }) => kind === 'read-locked')],
    ['RU', where(({ kind }) => kind === 'read-unlocked')],
    ['IW', IW],
    ['FW', where(() => false)],
    ['RMW', RMW],
  ]);
  for (const tag of new Set(events.map((event) => event.tag))) {
    if (tag === '') continue;
    const name = tag.charAt(0).toUpperCase() + tag.slice(1);
    if (!named.has(name))
      named.set(
        name,
        where((event) => event.tag === tag),
      );
  }
  return named;
}

/** The pairs of LKR and LKW are for `lock.cat` to find. */
function withoutLocks({ size, rmw, sets: { LKR } }: EventStructure): Relation {
  const ofLocks = new Set<number>();
  forEachPair(rmw, (read) => {
    if (inSet(LKR, read)) ofLocks.add(read);
  });
  return difference(
    rmw,
    relationOf(size, (read) => ofLocks.has(read)),
  );
}
