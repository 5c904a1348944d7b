/** The outcome of what is stored too early: the other thread finds it, and misses what is stored only afterwards. */

import { communicationOf } from '../memory-model/candidate.ts';
import type { ExecutionEvent } from '../memory-model/event-structure.ts';
import { has } from '../memory-model/relation.ts';
import type { LocationName } from '../program/program.ts';
import type { AllowedExecution } from '../search/executions.ts';
import { allowed, type CycleAnswer, type CycleLegs } from './cycle-outcome.ts';
import type { WeakExecutions } from './violations.ts';

/** Asks for it: the thread that writes stores `last` and then `first`, the other one reads the new `last` and then the old
 *  `first`. Nothing that orders can forbid that. */
export function askEarly(weak: WeakExecutions, legs: CycleLegs): CycleAnswer {
  const violations = weak.showing((execution) => isSeenEarly(execution, legs));
  const violation = violations.without([]);
  if (violation !== undefined) return allowed(violation, violations);
  const unknown = violations.unknown([]);
  return unknown === undefined ? { kind: 'impossible' } : { kind: 'unknown', unknown };
}

function isSeenEarly(execution: AllowedExecution, [one, other]: CycleLegs): boolean {
  const [writer, reader] = one.kinds[0] === 'write' ? [one, other] : [other, one];
  const { events, space, po } = execution.structure;
  const { rf, fr } = communicationOf(execution);
  const at = (thread: number, kind: ExecutionEvent['kind'], places: ReadonlySet<LocationName>) =>
    events.filter(
      (event) =>
        event.thread === thread &&
        event.kind === kind &&
        event.location !== undefined &&
        places.has(space.names[event.location]!),
    );
  const stores = at(writer.thread, 'write', writer.first);
  const pointers = at(writer.thread, 'write', writer.last);
  const reads = at(reader.thread, 'read', writer.first).filter(
    ({ origin }) =>
      reader.lastAt === undefined || (origin !== undefined && reader.lastAt.has(origin)),
  );
  const found = at(reader.thread, 'read', writer.last);
  return pointers.some((pointer) =>
    found.some(
      (find) =>
        has(rf, pointer.index, find.index) &&
        reads.some(
          (read) =>
            has(po, find.index, read.index) &&
            stores.some(
              (store) => has(po, pointer.index, store.index) && has(fr, read.index, store.index),
            ),
        ),
    ),
  );
}
