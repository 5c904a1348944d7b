/** Turns an execution into a witness: its events, the edges worth drawing, and what forbids it. */

import { type BrokenAxiom, brokenAxiom } from '../memory-model/axiom-cycle.ts';
import {
  type CandidateExecution,
  communicationOf,
  finalValues,
} from '../memory-model/candidate.ts';
import type { ExecutionEvent } from '../memory-model/event-structure.ts';
import { basicRelations } from '../memory-model/linux-kernel.ts';
import type { Witness, WitnessEdge, WitnessEvent } from '../memory-model/outcome.ts';
import { addPair, emptyRelation, has, pairsOf, type Relation } from '../memory-model/relation.ts';
import { printState, type Scope } from '../memory-model/scope.ts';
import { printValue, type RuntimeValue } from '../memory-model/value.ts';
import type { Choices, Problem } from './choices.ts';

/** The execution that complete choices stand for. */
export function executionOf(problem: Problem, { sources, co }: Choices): CandidateExecution {
  const { structure } = problem;
  const rf = emptyRelation(structure.size);
  const values = problem.values.slice();
  for (const read of problem.reads) {
    const [write] = sources[read]!;
    addPair(rf, write!, read);
    if (structure.events[read]!.kind === 'read') values[read] = problem.values[write!];
  }
  return { structure, rf, co, values };
}

/** The witness of an execution; with the broken axiom and its cycle where the model forbids it. */
export function witnessOf(scope: Scope, execution: CandidateExecution): Witness {
  const { structure, rf, co, values } = execution;
  const com = communicationOf(execution);
  const edges = [
    ...edgesOf('po', immediate(structure.po)),
    ...edgesOf('rf', rf),
    ...edgesOf('co', immediate(co)),
    ...nextWrites(rf, immediate(co)),
    ...edgesOf('addr', structure.addr),
    ...edgesOf('data', structure.data),
    ...edgesOf('ctrl', structure.ctrl),
    ...edgesOf('rmw', structure.rmw),
  ];
  const forbidden = brokenAxiom(structure, basicRelations(structure), com);
  const witness = {
    events: structure.events.map((event) => witnessEvent(scope, event, values[event.index])),
    edges,
    final: printState(scope, finalValues(scope, execution)),
  };
  return forbidden === undefined ? witness : { ...witness, forbidden: plainly(forbidden) };
}

function plainly({ axiom, cycle }: BrokenAxiom): NonNullable<Witness['forbidden']> {
  return { axiom, cycle };
}

function edgesOf(name: string, relation: Relation): readonly WitnessEdge[] {
  return pairsOf(relation).map(([from, to]) => ({ relation: name, from, to }));
}

/** The pairs of a transitive relation with nothing between them. */
function immediate(relation: Relation): Relation {
  const result = emptyRelation(relation.size);
  const between = (left: number, right: number) => {
    for (let middle = 0; middle < relation.size; middle++)
      if (has(relation, left, middle) && has(relation, middle, right)) return true;
    return false;
  };
  for (const [left, right] of pairsOf(relation))
    if (!between(left, right)) addPair(result, left, right);
  return result;
}

/** fr from each read to the first write that overwrites what it read. */
function nextWrites(rf: Relation, co: Relation): readonly WitnessEdge[] {
  return pairsOf(rf).flatMap(([write, read]) =>
    pairsOf(co).flatMap(([earlier, to]) =>
      earlier === write && to !== read ? [{ relation: 'fr', from: read, to }] : [],
    ),
  );
}

const KINDS = {
  read: 'read',
  write: 'write',
  srcu: 'srcu',
  'lock-read': 'lock',
  'lock-write': 'lock',
  'lock-fail': 'lock',
  'read-locked': 'lock',
  'read-unlocked': 'lock',
  unlock: 'unlock',
} as const;

function witnessEvent(
  scope: Scope,
  event: ExecutionEvent,
  value: RuntimeValue | undefined,
): WitnessEvent {
  const { index, thread, kind, tag, location, span, origin } = event;
  const isRcu = tag === 'rcu-lock' || tag === 'rcu-unlock' || tag === 'sync-rcu';
  return {
    index,
    thread,
    kind: kind === 'fence' ? (isRcu ? 'rcu' : 'fence') : KINDS[kind],
    tag,
    ...(location === undefined ? {} : { location: scope.space.names[location]! }),
    ...(value === undefined ? {} : { value: printValue(scope.space, value) }),
    span,
    ...(origin === undefined ? {} : { origin }),
  };
}
