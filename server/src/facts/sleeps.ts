/**
 * How a function goes to sleep: it sets its state, and what it tested only before that nobody tells it any more. The
 * state has to be set before the condition is tested (memory-barriers.txt, "SLEEP AND WAKE-UP FUNCTIONS"), and in an order
 * that others see: `__set_current_state()` gives none.
 */

import { looksLikeLock, looksLikeUnlock } from '../kernel/lock-names.ts';
import type { Step } from '../syntax/control-flow.ts';
import type { AccessEvent, Event } from './events.ts';
import { fieldName, type Sleep } from './file-facts.ts';
import type { Flow } from './flow.ts';
import { targetOf } from './locations.ts';
import { calledName, isLockedAt } from './locked-steps.ts';
import type { Scope } from './scope.ts';

const STATE = /^(?:set_current_state|prepare_to_wait(?:_exclusive|_event)?)$/;
const UNORDERED_STATE = /^__set_current_state$/;
const ASLEEP = /^(?:(?:blk_)?io_|freezable_)?schedule$|^schedule_preempt_disabled$/;
const QUEUED = /^(?:add_wait_queue(?:_exclusive)?|prepare_to_wait(?:_exclusive|_event)?)$/;

/** The places where a function sets its state and then sleeps without looking again at what it tested before: what keeps
 *  it from sleeping, and is tested again when it has slept, be it by the function's caller. Where a lock is released before the sleep, it is the lock that
 *  keeps the waker away. */
export function sleepsIn(steps: readonly Step[], flow: Flow, scope: Scope): readonly Sleep[] {
  const names = steps.map(({ expression }) => calledName(expression));
  if (!names.some((name) => ASLEEP.test(name))) return [];
  const queues = new Set(
    steps.flatMap((step, index) => {
      const { expression } = step;
      if (expression?.kind !== 'call' || !QUEUED.test(names[index]!)) return [];
      const [queue] = expression.arguments;
      const field = queue && targetOf(queue, scope);
      return field === undefined ? [] : [fieldName(field)];
    }),
  );
  const isEnd = (index: number) => STATE.test(names[index]!) || ASLEEP.test(names[index]!);
  const isAnyEnd = (index: number) => isEnd(index) || UNORDERED_STATE.test(names[index]!);
  return steps.flatMap((step, index): readonly Sleep[] => {
    if (setsRunning(step) || isLockedAt(index, steps, flow)) return [];
    if (UNORDERED_STATE.test(names[index]!)) {
      const tests = testsUnordered(steps, names, flow, index, isAnyEnd);
      const tested = readsIn(flow, tests).filter(isOfStruct);
      const asked = tests.flatMap((each) => callsAt(flow, each).map(({ span }) => span));
      if (tested.length + asked.length === 0) return [];
      return [
        {
          state: step.span,
          queues: [...queues],
          tested: tested.map(({ span }) => span),
          ...(asked.length > 0 && { asked }),
          calls: [],
          isUnordered: true,
        },
      ];
    }
    if (!STATE.test(names[index]!)) return [];
    const woken = [...reached(flow.successors, index, isEnd)].filter((each) =>
      ASLEEP.test(names[each]!),
    );
    const after = between(index, woken, flow, isEnd);
    if (woken.length === 0 || [...after].some((each) => looksLikeUnlock(names[each]!))) return [];
    const again = new Set(looksIn(flow, after).map(({ field }) => fieldName(field)));
    const before = reached(flow.predecessors, index, isEnd);
    const round = new Set(
      woken.flatMap((each) => [...reached(flow.successors, each, (at) => at === index)]),
    );
    const sleepsOnce = !woken.some((each) => reached(flow.successors, each, NEVER).has(index));
    const tests = [...before].filter(
      (each) =>
        steps[each]!.kind === 'branch' &&
        (sleepsOnce || round.has(each)) &&
        flow.successors[each]!.some((to) => !leadsTo(flow, to, index, each)),
    );
    const tested = looksIn(flow, tests).filter(
      (look) => isOfStruct(look) && !again.has(fieldName(look.field)),
    );
    const asked = [...tests].flatMap((each) => callsAt(flow, each).map(({ span }) => span));
    if (tested.length + asked.length === 0) return [];
    const calls = [...after].flatMap((each) => (names[each] === '' ? [] : [names[each]!]));
    const inCalls = [...after].flatMap((each) => callsAt(flow, each).map(({ name }) => name));
    return [
      {
        state: step.span,
        queues: [...queues],
        tested: tested.map(({ span }) => span),
        ...(asked.length > 0 && { asked, again: [...again] }),
        calls: [...new Set([...calls, ...inCalls])],
      },
    ];
  });
}

const NEVER = (): boolean => false;

/** Whether an event could order a store before it and a read behind it. */
function orders(event: Event): boolean {
  if (event.kind !== 'primitive' || event.row.orders.length === 0) return false;
  return event.row.category !== 'acquire' && event.row.category !== 'marked-access';
}

function isOfStruct({ field }: AccessEvent): boolean {
  return field.struct !== undefined && field.struct !== '?';
}

/** The tests behind a state that is set without order which keep the function from the sleep that follows: nothing between
 *  the two could order them, nor a lock. */
function testsUnordered(
  steps: readonly Step[],
  names: readonly string[],
  flow: Flow,
  state: number,
  isEnd: (index: number) => boolean,
): readonly number[] {
  const after = reached(flow.successors, state, isEnd);
  const mayOrder = (each: number) =>
    looksLikeUnlock(names[each]!) || looksLikeLock(names[each]!) || flow.events[each]!.some(orders);
  const isOrdered = (test: number) =>
    [...reached(flow.successors, state, (at) => at === test || isEnd(at))].some(
      (each) => !isEnd(each) && mayOrder(each),
    );
  const sleeps = (from: number) =>
    ASLEEP.test(names[from]!) ||
    (!isEnd(from) &&
      [...reached(flow.successors, from, isEnd)].some((each) => ASLEEP.test(names[each]!)));
  return [...after].filter((each) => {
    const ways = flow.successors[each]!.map(sleeps);
    const decides = steps[each]!.kind === 'branch' && ways.includes(true) && ways.includes(false);
    return decides && !isOrdered(each);
  });
}

/** `set_current_state(TASK_RUNNING)` is the end of a sleep. */
function setsRunning({ expression }: Step): boolean {
  if (expression?.kind !== 'call') return false;
  return expression.arguments.some(
    (given) => given.kind === 'identifier' && given.name === 'TASK_RUNNING',
  );
}

/** The steps that ways from `start` come to before they end. */
function reached(
  next: Flow['successors'],
  start: number,
  isEnd: (index: number) => boolean,
): ReadonlySet<number> {
  const found = new Set<number>();
  const waiting = [...next[start]!];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (found.has(index)) continue;
    found.add(index);
    if (!isEnd(index)) waiting.push(...next[index]!);
  }
  return found;
}

/** The steps on the ways from `start` to one of `ends`, these included: who runs on instead of sleeping may come to others. */
function between(
  start: number,
  ends: readonly number[],
  { successors, predecessors }: Flow,
  isEnd: (index: number) => boolean,
): ReadonlySet<number> {
  const leading = new Set(ends.flatMap((end) => [end, ...reached(predecessors, end, isEnd)]));
  return new Set([...reached(successors, start, isEnd)].filter((each) => leading.has(each)));
}

/** Whether control comes from one step to another without passing a third. */
function leadsTo({ successors }: Flow, from: number, to: number, around: number): boolean {
  if (from === to) return true;
  return reached(successors, from, (at) => at === around).has(to);
}

function callsAt(flow: Flow, step: number): readonly Extract<Event, { kind: 'call' }>[] {
  return flow.events[step]!.filter((event) => event.kind === 'call');
}

function readsIn(flow: Flow, steps: Iterable<number>): readonly AccessEvent[] {
  return looksIn(flow, steps).filter(({ effect }) => effect === 'read');
}

/** The reads, and the operations that read and store, as `test_and_clear_bit()`. */
function looksIn(flow: Flow, steps: Iterable<number>): readonly AccessEvent[] {
  return [...steps].flatMap((index) =>
    flow.events[index]!.filter(
      (event): event is AccessEvent => event.kind === 'access' && event.effect !== 'write',
    ),
  );
}
