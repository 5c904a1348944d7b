/** An execution told step by step on the lines of the C files. */

import type { Witness, WitnessEvent } from '../memory-model/outcome.ts';
import type { FieldNames } from '../scenario/field-names.ts';
import { witnessOf } from '../search/witness.ts';
import type { Place } from '../text/span.ts';
import type { Retrace } from './retrace.ts';
import type { Violation } from './violations.ts';

/** One event of an execution where it stands in the source. */
export interface ExecutionStep {
  readonly thread: number;
  readonly place?: Place;
  readonly function?: string;
  /** `reads klp_func.transition = 0, as it was at the start`; `smp_wmb()`. */
  readonly message: string;
}

/** The events in an order in which reads come after the writes they read from. Where a read misses a
 *  write that stands earlier in the list, the step says so: that is what a barrier would forbid. `moved`
 *  says where the statements stand now; fences that are gone are not told. */
export function tellExecution(
  { scope, execution }: Violation,
  fields: FieldNames,
  moved: Retrace,
): readonly ExecutionStep[] {
  const witness = witnessOf(scope, execution);
  const told = inOrder(witness).filter((event) => isTold(event, witness.events));
  const seen = new Set<number>();
  return told.flatMap((event) => {
    const origin = event.origin && moved(event.origin);
    if (event.origin !== undefined && origin === undefined) return [];
    const message = messageOf(event, witness, fields, seen);
    seen.add(event.index);
    return [
      {
        thread: event.thread,
        ...(origin && {
          place: { file: origin.file, span: origin.span },
          function: origin.function,
        }),
        message,
      },
    ];
  });
}

function messageOf(
  event: WitnessEvent,
  witness: Witness,
  fields: FieldNames,
  seen: ReadonlySet<number>,
): string {
  const field = event.location === undefined ? '' : fields.nameOf(event.location);
  switch (event.kind) {
    case 'read':
      return `reads ${field} = ${event.value ?? '?'}${sourceOf(event, witness, seen)}`;
    case 'write':
      return `writes ${field} = ${event.value ?? '?'}`;
    case 'lock':
      return `takes ${field}`;
    case 'unlock':
      return `releases ${field}`;
    case 'fence':
    case 'rcu':
    case 'srcu':
    case 'branch':
      return `${event.origin?.primitive ?? event.tag}()`;
  }
}

/** Where a read has its value from, if that is not the latest write told so far. */
function sourceOf(read: WitnessEvent, witness: Witness, seen: ReadonlySet<number>): string {
  const { edges, events } = witness;
  const source = edges.find(({ relation, to }) => relation === 'rf' && to === read.index);
  const misses = edges.some(
    ({ relation, from, to }) =>
      relation === 'fr' &&
      from === read.index &&
      seen.has(to) &&
      events[to]!.thread !== read.thread,
  );
  if (misses) return ', a value that has been overwritten';
  if (source === undefined || events[source.from]!.thread < 0) return ', as it was at the start';
  const writer = events[source.from]!.thread;
  return writer === read.thread ? '' : `, from P${writer}`;
}

/** Initial writes go without saying, and so do the fences that an atomic operation implies. */
function isTold(event: WitnessEvent, events: readonly WitnessEvent[]): boolean {
  if (event.thread < 0 || event.kind === 'branch') return false;
  if (event.kind !== 'fence') return true;
  return !events.some(
    (other) =>
      other.location !== undefined &&
      other.thread === event.thread &&
      other.origin !== undefined &&
      other.origin.site === event.origin?.site,
  );
}

/** A topological order of program order and rf that stays in a thread as long as it can. */
function inOrder({ events, edges }: Witness): readonly WitnessEvent[] {
  const waits = events.map(() => 0);
  const next = events.map(() => [] as number[]);
  for (const { relation, from, to } of edges)
    if (relation === 'po' || relation === 'rf') {
      waits[to]! += 1;
      next[from]!.push(to);
    }
  const order: WitnessEvent[] = [];
  const ready = events.filter(({ index }) => waits[index] === 0);
  while (ready.length > 0) {
    const thread = order.at(-1)?.thread;
    const same = ready.findIndex((event) => event.thread === thread);
    const [event] = ready.splice(Math.max(same, 0), 1);
    order.push(event!);
    for (const to of next[event!.index]!) if (--waits[to]! === 0) ready.push(events[to]!);
  }
  return order.length === events.length ? order : events;
}
