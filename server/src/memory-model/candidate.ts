/** A candidate execution: an event structure with the values of its events, rf and co. */

import type { Observable } from '../program/program.ts';
import { type EventStructure, INITIAL } from './event-structure.ts';
import type { Communication } from './linux-kernel.ts';
import { difference, has, identityOn, inverse, type Relation, sequence } from './relation.ts';
import { type FinalValue, initialValue, type Scope } from './scope.ts';
import { addressOf, evaluate, locationOf, type RuntimeValue } from './value.ts';

export interface CandidateExecution {
  readonly structure: EventStructure;
  readonly rf: Relation;
  /** A total order of the writes of each location, transitive, the initial write first. */
  readonly co: Relation;
  /** The value each event reads or writes; undefined for those that have none. */
  readonly values: readonly (RuntimeValue | undefined)[];
}

/** rf, co and fr of an execution (`let fr = (rf^-1 ; co) \ id`). */
export function communicationOf({ structure, rf, co }: CandidateExecution): Communication {
  const all = new Uint32Array(rf.words).fill(0xffffffff);
  const fr = difference(sequence(inverse(rf), co), identityOn(structure.size, all));
  return { rf, co, fr };
}

/** The values that the observables have at the end of an execution. */
export function finalValues(scope: Scope, execution: CandidateExecution): FinalValue {
  const { structure, values } = execution;
  return (observable) => {
    if (observable.kind === 'register') return finalRegister(scope, structure, values, observable);
    const location = locationOf(addressOf(scope.space, observable.name));
    const last = structure.events.find(
      (event) =>
        event.kind === 'write' &&
        event.location === location &&
        structure.events.every(
          (later) => later.kind !== 'write' || !has(execution.co, event.index, later.index),
        ),
    );
    return last === undefined ? initialValue(scope, location) : values[last.index]!;
  };
}

function finalRegister(
  scope: Scope,
  structure: EventStructure,
  values: CandidateExecution['values'],
  { thread, name }: Extract<Observable, { kind: 'register' }>,
): RuntimeValue {
  const term = structure.paths[thread]?.registers.get(name);
  if (term === undefined) return 0;
  const offset = structure.offsets[thread]!;
  const reads = structure.paths[thread]!.events.map((_, index) => values[offset + index]);
  return evaluate(scope.space, term, reads) ?? Number.NaN;
}

/** The value of an initial write. */
export function valueOfInitial(
  scope: Scope,
  structure: EventStructure,
  event: number,
): RuntimeValue | undefined {
  const { thread, location } = structure.events[event]!;
  return thread === INITIAL && location !== undefined ? initialValue(scope, location) : undefined;
}
