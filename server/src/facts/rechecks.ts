/**
 * Hand-made sequence counts: a function reads a field, then others, then the field again, and takes what it read only
 * where both values are the same. The reads in between have to come before the second read of the field
 * (seqlock.rst; read_seqretry() has an smp_rmb() for it).
 */

import type { Expression } from '../syntax/ast.ts';
import { givenVariable, type Step } from '../syntax/control-flow.ts';
import { everyExpression } from '../syntax/walk.ts';
import type { Span } from '../text/span.ts';
import type { AccessEvent, Event } from './events.ts';
import { fieldName, type Recheck } from './file-facts.ts';
import type { Flow } from './flow.ts';

/** Where a function compares two reads of one field, with reads in between that nothing orders before the second. */
export function rechecksIn(steps: readonly Step[], flow: Flow): readonly Recheck[] {
  const given = new Map<string, Read>();
  const found: Recheck[] = [];
  steps.forEach((step, index) => {
    if (step.expression === undefined) return;
    if (flow.events[index]!.some(isWait)) return;
    for (const part of everyExpression(step.expression)) {
      if (part.kind !== 'binary' || !/^[=!]=$/.test(part.operator)) continue;
      const sides = [part.left, part.right].map((side) => readOf(side, index, flow, given));
      const [left, right] = sides;
      const recheck = left && right && recheckOf(left, right, flow);
      if (recheck !== undefined) found.push(recheck);
    }
    for (const { variable, events } of assignmentsIn(step, flow.events[index]!)) {
      const read = lastRead(events, index);
      if (read === undefined) given.delete(variable);
      else given.set(variable, read);
    }
  });
  return found;
}

interface Given {
  readonly variable: string;
  /** Of the value that it is given. */
  readonly events: readonly Event[];
}

/** The variables that a step gives a value, be it in the middle of an expression. */
function assignmentsIn(step: Step, events: readonly Event[]): readonly Given[] {
  const { expression } = step;
  if (expression === undefined) return [];
  const variable = givenVariable(step);
  if (variable !== undefined) return [{ variable, events }];
  return everyExpression(expression).flatMap((part) =>
    part.kind === 'assign' && part.target.kind === 'identifier'
      ? [{ variable: part.target.name, events: eventsWithin(part.value, events) }]
      : [],
  );
}

/** What is compared until it changes vouches for nothing that was read before. */
function isWait(event: Event): boolean {
  return event.kind === 'primitive' && event.row.category === 'sleep';
}

/** A read, with its step. */
interface Read {
  readonly access: AccessEvent;
  readonly step: number;
}

function readOf(
  side: Expression,
  step: number,
  flow: Flow,
  given: ReadonlyMap<string, Read>,
): Read | undefined {
  if (side.kind === 'identifier') return given.get(side.name);
  return lastRead(eventsWithin(side, flow.events[step]!), step);
}

/** The accesses among events that an expression makes. */
function eventsWithin({ span }: Expression, events: readonly Event[]): readonly Event[] {
  return events.filter((event) => event.kind === 'access' && isWithin(event.span, span));
}

function isWithin(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** The read whose value an expression of such events is worth, where it makes but one that is marked. */
function lastRead(events: readonly Event[], step: number): Read | undefined {
  const access = events.findLast(
    (event): event is AccessEvent => event.kind === 'access' && event.effect === 'read',
  );
  return access === undefined || access.marking === 'plain' ? undefined : { access, step };
}

function recheckOf(one: Read, other: Read, flow: Flow): Recheck | undefined {
  const [first, second] = one.step < other.step ? [one, other] : [other, one];
  const [counter, again] = [keyOf(first.access), keyOf(second.access)];
  if (counter !== again || first.step === second.step) return undefined;
  const between = unordered(flow, first.step, second.step).filter(
    (access) => keyOf(access) !== counter && access.field.struct !== undefined,
  );
  if (between.length === 0) return undefined;
  return {
    first: first.access.span,
    second: second.access.span,
    between: between.map(({ span }) => span),
    ...(isFollowedByOrder(first, between[0]!, flow) && { isMeant: true as const }),
  };
}

/** Whether a read is ordered before another one, so that an order is meant: it is an acquire, or a read barrier follows. */
function isFollowedByOrder({ access, step }: Read, next: AccessEvent, { events }: Flow): boolean {
  if (access.marking === 'acquire') return true;
  const all = events.slice(step + 1).flat();
  const between = all.slice(0, all.indexOf(next));
  return between.some((event) => event.kind === 'primitive' && event.row.orders.some(ordersReads));
}

function keyOf({ field, root, bit }: AccessEvent): string {
  return `${fieldName(field)} ${root} ${bit}`;
}

/** The reads between two steps behind the last operation that orders reads before reads. */
function unordered(flow: Flow, from: number, to: number): readonly AccessEvent[] {
  let reads: AccessEvent[] = [];
  for (const event of flow.events.slice(from + 1, to).flat()) {
    if (event.kind === 'call' || event.kind === 'indirect-call') reads = [];
    if (event.kind === 'primitive' && event.row.orders.some(ordersReads)) reads = [];
    if (event.kind === 'access' && event.effect === 'read' && event.marking !== 'acquire')
      reads.push(event);
  }
  return reads;
}

function ordersReads({ before }: { readonly before: string; readonly after: string }): boolean {
  return before === 'reads' || before === 'all';
}
