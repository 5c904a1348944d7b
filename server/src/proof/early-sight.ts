/** The outcomes of what is announced too early: the other thread finds it, and misses what is stored only afterwards; or takes it, and
 *  what it stores is found by who has given it back. */

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
  return answerOf(weak, (execution) => isSeenEarly(execution, legs));
}

/** Asks for it: one thread gives back what the other one takes and fills, and reads that. Nothing that orders can forbid it. */
export function askGivenBack(weak: WeakExecutions, legs: CycleLegs): CycleAnswer {
  return answerOf(weak, (execution) => isReadBehind(execution, legs));
}

function answerOf(
  weak: WeakExecutions,
  isShown: (execution: AllowedExecution) => boolean,
): CycleAnswer {
  const violations = weak.showing(isShown);
  const violation = violations.without([]);
  if (violation !== undefined) return allowed(violation, violations);
  const unknown = violations.unknown([]);
  return unknown === undefined ? { kind: 'impossible' } : { kind: 'unknown', unknown };
}

/** Legs as of load buffering: the one that takes reads `first` and stores `last`, the other one has stored that one's `first` when
 *  it reads its `last`. */
function isReadBehind(execution: AllowedExecution, [taker, giver]: CycleLegs): boolean {
  const { po } = execution.structure;
  const { rf } = communicationOf(execution);
  const at = accessesIn(execution);
  const gives = at(giver.thread, 'write', taker.first);
  const takes = at(taker.thread, 'read', taker.first);
  const fills = at(taker.thread, 'write', taker.last);
  const reads = at(giver.thread, 'read', taker.last);
  const isFound = (give: ExecutionEvent, fill: ExecutionEvent) =>
    reads.some((read) => has(po, give.index, read.index) && has(rf, fill.index, read.index));
  return gives.some((give) =>
    takes.some(
      (take) =>
        has(rf, give.index, take.index) &&
        fills.some((fill) => has(po, take.index, fill.index) && isFound(give, fill)),
    ),
  );
}

function isSeenEarly(execution: AllowedExecution, [one, other]: CycleLegs): boolean {
  const [writer, reader] = one.kinds[0] === 'write' ? [one, other] : [other, one];
  const { po } = execution.structure;
  const { rf, fr } = communicationOf(execution);
  const at = accessesIn(execution);
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

function accessesIn({ structure: { events, space } }: AllowedExecution) {
  return (thread: number, kind: ExecutionEvent['kind'], places: ReadonlySet<LocationName>) =>
    events.filter(
      (event) =>
        event.thread === thread &&
        event.kind === kind &&
        event.location !== undefined &&
        places.has(space.names[event.location]!),
    );
}
