/**
 * Which values of an execution follow from the text of the program: herd solves the equations between them
 * and takes an execution only if every value that something is computed from is found. A value can be
 * known before the write that the read takes it from is: a successful compare-and-exchange has read what
 * it expected, and an access that another feeds is at the location of the other.
 */

import type { EventStructure } from './event-structure.ts';
import { forEachPair, type Relation } from './relation.ts';
import { readsOf, type Term } from './value.ts';

/** Whether some value may be known otherwise than from the write that is read. */
export function hasEquations({ paths }: EventStructure): boolean {
  return paths.some(
    ({ events, equations }) =>
      equations.length > 0 || events.some(({ address }) => address?.kind === 'read'),
  );
}

/** The reads whose values do not follow: they only hand on what they read from one another. */
export function underivedReads(structure: EventStructure, rf: Relation): ReadonlySet<number> {
  const system = systemOf(structure, rf);
  while (system.definitions.some((definition) => derive(system, definition)));
  const reads = structure.events.filter(({ kind }) => kind === 'read').map(({ index }) => index);
  return new Set(reads.filter((read) => !system.known.has(classOf(system, read))));
}

/** A term of a thread whose reads are counted from `offset` on. */
interface PlacedTerm {
  readonly term: Term;
  readonly offset: number;
}

/** The read has the value of the term. */
interface Definition {
  readonly read: number;
  readonly by: PlacedTerm;
}

interface System {
  /** Reads that have one value are in one class; each leads to another of it, in the end to one. */
  readonly leaders: number[];
  readonly definitions: readonly Definition[];
  /** The classes whose value is known, by their leaders. */
  readonly known: Set<number>;
}

function systemOf({ events, paths, offsets, size }: EventStructure, rf: Relation): System {
  const leaders = Array.from({ length: size }, (_, index) => index);
  const definitions: Definition[] = [];
  const equate = (left: PlacedTerm, right: PlacedTerm) => {
    const [first, second] = [readOf(left), readOf(right)];
    if (first !== undefined && second !== undefined)
      leaders[leaderOf(leaders, first)] = leaderOf(leaders, second);
    else if (first !== undefined) definitions.push({ read: first, by: right });
    else if (second !== undefined) definitions.push({ read: second, by: left });
  };
  const placed = (event: number, part: 'address' | 'value'): PlacedTerm => {
    const { thread } = events[event]!;
    const path = paths[thread];
    const offset = offsets[thread] ?? 0;
    const term = path?.events[event - offset]?.[part];
    return { term: term ?? CONSTANT, offset };
  };
  forEachPair(rf, (write, read) => {
    const { thread, kind } = events[read]!;
    if (kind !== 'read') return;
    const offset = offsets[thread]!;
    equate({ term: { kind: 'read', event: read - offset }, offset }, placed(write, 'value'));
    equate(placed(read, 'address'), placed(write, 'address'));
  });
  for (const [thread, { equations }] of paths.entries())
    for (const { left, right } of equations) {
      const offset = offsets[thread]!;
      equate({ term: left, offset }, { term: right, offset });
    }
  return { leaders, definitions, known: new Set() };
}

const CONSTANT: Term = { kind: 'constant', value: 0 };

function readOf({ term, offset }: PlacedTerm): number | undefined {
  return term.kind === 'read' ? offset + term.event : undefined;
}

function leaderOf(leaders: number[], read: number): number {
  let leader = read;
  while (leaders[leader] !== leader) leader = leaders[leader]!;
  return leader;
}

function classOf({ leaders }: System, read: number): number {
  return leaderOf(leaders, read);
}

/** Whether a definition tells a value that was not known yet. */
function derive(system: System, { read, by }: Definition): boolean {
  const defined = classOf(system, read);
  if (system.known.has(defined) || !isDerived(system, by)) return false;
  system.known.add(defined);
  return true;
}

function isDerived(system: System, { term, offset }: PlacedTerm): boolean {
  if (isSettled(system, term, offset)) return true;
  const reads = new Set<number>();
  readsOf(term, reads);
  return [...reads].every((read) => system.known.has(classOf(system, offset + read)));
}

/** `r ^ s`, `r == s`, `r != s` of one value, whatever it is. */
function isSettled(system: System, term: Term, offset: number): boolean {
  if (term.kind !== 'binary' || !['^', '==', '!='].includes(term.operator)) return false;
  const [left, right] = [readOf({ term: term.left, offset }), readOf({ term: term.right, offset })];
  if (left === undefined || right === undefined) return false;
  return classOf(system, left) === classOf(system, right);
}
