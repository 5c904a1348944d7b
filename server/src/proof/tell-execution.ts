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
  readonly isWrite?: true;
  /** Its number in the witness, by which the picture knows it. */
  readonly event?: number;
  /** Of a read: where its value is from. */
  readonly source?: ReadSource;
}

/** A write that stands earlier in the list was missed; or the value is of the start, of another thread or of the
 *  own one. */
export type ReadSource = 'overwritten' | 'start' | 'other' | 'own';

/** The events in an order in which reads come after the writes they read from. Where a read misses a
 *  write that stands earlier in the list, the step says so: that is what a barrier would forbid. `moved`
 *  says where the statements stand now; fences that are gone are not told. */
export function tellExecution(
  { scope, execution }: Violation,
  fields: FieldNames,
  moved: Retrace,
): readonly ExecutionStep[] {
  return tellWitness(witnessOf(scope, execution), fields, moved);
}

/** The same of a witness; as it stands where nothing else is said. */
export function tellWitness(
  witness: Witness,
  fields: FieldNames = AS_NAMED,
  moved: Retrace = AS_PLACED,
): readonly ExecutionStep[] {
  const told = inOrder(witness).filter((event) => isTold(event, witness));
  const seen = new Set<number>();
  return told.flatMap((event) => {
    const origin = event.origin && moved(event.origin);
    if (event.origin !== undefined && origin === undefined) return [];
    const source = event.kind === 'read' ? sourceOf(event, witness, seen) : undefined;
    const message = messageOf(event, fields, source);
    seen.add(event.index);
    return [
      {
        thread: event.thread,
        ...(origin && {
          place: { file: origin.file, span: origin.span },
          function: origin.function,
        }),
        message,
        ...(event.kind === 'write' && { isWrite: true as const }),
        event: event.index,
        ...(source && { source: source.kind }),
      },
    ];
  });
}

const AS_NAMED: FieldNames = {
  nameOf: (location) => location,
  valueOf: (_, value) => value,
};
const AS_PLACED: Retrace = (origin) => origin;

function messageOf(event: WitnessEvent, fields: FieldNames, source: Source | undefined): string {
  const { location, value: number = '?' } = event;
  const field = location === undefined ? '' : fields.nameOf(location);
  const value = location === undefined ? number : fields.valueOf(location, number);
  switch (event.kind) {
    case 'read':
      return `reads ${field} = ${value}${source === undefined ? '' : sourceText(source)}`;
    case 'write':
      return `writes ${field} = ${value}`;
    case 'lock':
      return `${LOCK_WORDS[event.tag] ?? 'takes'} ${field}`;
    case 'unlock':
      return `releases ${field}`;
    case 'fence':
    case 'rcu':
    case 'srcu':
    case 'branch':
      return `${event.origin?.primitive ?? event.tag}()`;
  }
}

/** What a thread does to a lock without taking it, by the tag of the event. */
const LOCK_WORDS: Readonly<Record<string, string>> = {
  trylock: 'does not get',
  'is-locked': 'looks at the lock',
};

interface Source {
  readonly kind: ReadSource;
  /** The thread that wrote the value. */
  readonly thread: number;
}

/** Where a read has its value from. */
function sourceOf(read: WitnessEvent, witness: Witness, seen: ReadonlySet<number>): Source {
  const { edges, events } = witness;
  const from = edges.find(({ relation, to }) => relation === 'rf' && to === read.index)?.from;
  const thread = from === undefined ? -1 : events[from]!.thread;
  const misses = edges.some(
    ({ relation, from: missing, to }) =>
      relation === 'fr' &&
      missing === read.index &&
      seen.has(to) &&
      events[to]!.thread !== read.thread,
  );
  if (misses) return { kind: 'overwritten', thread };
  if (thread < 0) return { kind: 'start', thread };
  return { kind: thread === read.thread ? 'own' : 'other', thread };
}

function sourceText({ kind, thread }: Source): string {
  switch (kind) {
    case 'overwritten':
      return ', a value that has been overwritten';
    case 'start':
      return ', as it was at the start';
    case 'other':
      return `, from P${thread}`;
    case 'own':
      return '';
  }
}

/** Initial writes go without saying, and so do the fences that an atomic operation implies, and the write with which a
 *  lock is taken: its read says it. */
function isTold(event: WitnessEvent, { events, edges }: Witness): boolean {
  if (event.thread < 0 || event.kind === 'branch') return false;
  if (event.kind === 'lock')
    return !edges.some(({ relation, to }) => relation === 'rmw' && to === event.index);
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
