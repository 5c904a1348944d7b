/** `lost-wake-up`: a condition is tested before the state is set, and not again before the function sleeps. */

import {
  type Access,
  type FunctionFact,
  fieldName,
  type Site,
  type Sleep,
  shownField,
} from '../../facts/file-facts.ts';
import { functionsCalling } from '../../facts/functions-of-file.ts';
import { functionsWith, sitesOfFunction } from '../../facts/sites-of-function.ts';
import { isSmall } from '../../pairing/as-made.ts';
import type { PlacedFunction } from '../../pairing/function-index.ts';
import { calleeOf, within } from '../../pairing/met-orders.ts';
import type { PlacedAccess } from '../../pairing/pairing.ts';
import { sameness } from '../../pairing/shape.ts';
import { isLocking } from '../../pairing/taken-locks.ts';
import type { Span } from '../../text/span.ts';
import type { Finding, Related } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import { nameEachOther } from '../named-in-comments.ts';
import type { CheckedKind } from './check.ts';
import { earlyWakers, unorderedWakers } from './unordered-wakers.ts';

export const lostWakeUp: CheckedKind = {
  code: 'lost-wake-up',
  meaning:
    'A function tests a condition, sets its state and sleeps. Whoever makes the condition true and wakes it between the test and the setting of the state finds it running, and wakes nobody: the function sleeps although the condition holds (memory-barriers.txt, "SLEEP AND WAKE-UP FUNCTIONS"). A waker that only wakes whom it sees asleep has to make its store before it looks.',
  fires:
    'Where a field is tested, be it by a small function, before set_current_state() or prepare_to_wait(), nothing between that and schedule() reads it again, neither in the function nor in what it calls, the test is what keeps it from sleeping and is made anew after the sleep (or the function sleeps but once, and its caller goes on), no lock is held or released in between, and another function stores to the field and then wakes the queue that the function is on, or, where it is on none, the task beside the field (small functions may do the one and the other for it). Also on waitqueue_active(), where a wake-up follows it, behind a store that a function looks at which sleeps, with no full barrier between the two, in the function and what it calls or, where it stores nothing itself, in its callers, up to three calls up through small functions; and on wake_up_bit() and wake_up_var(), which look themselves. Also on wake_up() and its like in a function without a lock that makes the store on every path, but only behind its last wake-up, and nothing before that which the one who sleeps looks for. Also where a field is tested, be it by a small function, behind __set_current_state(), which orders nothing, and keeps the function from the sleep that follows; no lock is taken there nor by the waker, and nothing in between orders. It is a warning where a comment in the one function names the other one, or the one before the look takes something for the barrier ("spin_unlock() implies smp_mb()"), else an information.',
  fix: 'Set the state first, by set_current_state(), and test the condition between that and schedule(), or use wait_event(). In the waker use wq_has_sleeper(), or put smp_mb() before waitqueue_active() or wake_up_var(), smp_mb__after_atomic() between clear_bit_unlock() and wake_up_bit(), as clear_and_wake_up_bit() does; wake behind the store.',
  check: (moment) => [
    ...oncePerTest(
      moment.facts.functions.flatMap((fact) =>
        (fact.sleeps ?? []).flatMap((sleep) => finding(moment, fact, sleep)),
      ),
    ),
    ...unorderedWakers(moment),
    ...earlyWakers(moment),
  ],
};

/** A test may come behind several places where the state is set. */
function oncePerTest(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((each) => [each.span.start, each])).values()];
}

function finding(moment: FileMoment, fact: FunctionFact, sleep: Sleep): readonly Finding[] {
  const { file, linesOf } = moment;
  for (const test of testsOf(moment, fact, sleep)) {
    const name = fieldName(test.field);
    if (sleep.calls.some((callee) => reads(moment, callee, name, LOOKED_INTO))) continue;
    const waker = wakerOf(moment, fact, test, new Set(sleep.queues));
    if (waker === undefined) continue;
    const isUnordered = sleep.isUnordered === true;
    const shown = test.bit ?? shownField(test.field);
    if (isUnordered && isLocking(waker.function, moment.tree)) continue;
    const line = (linesOf(file)?.position(sleep.state.start).line ?? 0) + 1;
    const testing = {
      file,
      span: test.span,
      line: test.line,
      message: `${fact.name}() tests ${shown}`,
    };
    const state = {
      file,
      span: sleep.state,
      line,
      message: `${fact.name}() sets its state${isUnordered ? ', which may be seen late' : ', and sleeps'}`,
    };
    const related: readonly Related[] = isUnordered
      ? [state, ...waker.steps, { ...testing, message: `${testing.message}, and sleeps` }]
      : [testing, ...waker.steps, state];
    const message = isUnordered
      ? `nothing orders the state before this test of ${shown}: ${fact.name}() can see it as it was while ${waker.name}() still finds it running and wakes nobody`
      : `${shown} is tested before the state is set, and not again: ${waker.name}() can set it and wake nobody in between, and ${fact.name}() sleeps on`;
    const { fact: of, file: home } = waker.function;
    const isMeant = nameEachOther(
      moment.tree,
      { file, name: fact.name },
      { file: home, name: of.name },
    );
    const atMost = !isMeant && { atMost: 'information' as const };
    return [{ span: test.span, message, related, ...atMost }];
  }
  return [];
}

/** What is tested before the state is set, be it by a small function whose result decides. */
function testsOf(
  { file, tree }: FileMoment,
  fact: FunctionFact,
  { tested, asked = [], again = [], isUnordered }: Sleep,
): readonly PlacedAccess[] {
  const isAt = (places: readonly Span[], { start, end }: Span) =>
    places.some((place) => place.start === start && place.end === end);
  const own = fact.accesses.filter(({ span, effect }) => effect !== 'write' && isAt(tested, span));
  const home = { file, fact };
  const inCalls = fact.callSites
    .filter(({ span }) => isAt(asked, span))
    .flatMap((call) => {
      const callee = calleeOf(call.name, home, tree);
      if (callee === undefined || !isSmall(callee.fact)) return [];
      if (isUnordered === true && mayOrder(callee, tree)) return [];
      return callee.fact.accesses
        .filter(({ effect, isTested }) => effect === 'read' && isTested === true)
        .map((access) => within(home, call, access, callee.file, [call.name]));
    })
    .filter(
      ({ field }) =>
        field.struct !== undefined && field.struct !== '?' && !again.includes(fieldName(field)),
    );
  return [...own.map((access) => ({ ...access, file })), ...inCalls];
}

/** Whether a function does anything that could order a store before it and a read in it. */
function mayOrder({ file, fact }: PlacedFunction, { facts }: FileMoment['tree']): boolean {
  return sitesOfFunction(facts(file), fact.name).some(
    ({ category }) => category !== 'marked-access' && category !== 'acquire',
  );
}

/** How deep a function is looked into. */
const LOOKED_INTO = 3;

/** Whether a function of that name may read the field. */
function reads({ tree }: FileMoment, name: string, field: string, depth: number): boolean {
  const isRead = (of: string, left: number): boolean =>
    tree
      .functions(of)
      .some(
        ({ fact }) =>
          fact.accesses.some(
            (access) => access.effect !== 'write' && fieldName(access.field) === field,
          ) ||
          (left > 0 && fact.calls.some((callee) => callee !== of && isRead(callee, left - 1))),
      );
  return isRead(name, depth - 1);
}

interface Waker {
  readonly name: string;
  readonly function: PlacedFunction;
  readonly steps: readonly Related[];
}

/** A place where a function wakes somebody, itself or by a small function that it calls. */
interface Wake {
  readonly of: PlacedFunction;
  readonly span: Span;
  readonly line: number;
}

/** A function that stores to the field and then wakes one of the queues or the task; a small function may do the one or the other for it. */
function wakerOf(
  { tree }: FileMoment,
  sleeper: FunctionFact,
  test: Access,
  queues: ReadonlySet<string>,
): Waker | undefined {
  const field = fieldName(test.field);
  const own = [...tree.files].flatMap(([file, facts]) =>
    functionsWith(facts, 'wake').flatMap((fact) =>
      sitesOfFunction(facts, fact.name)
        .filter((site) => site.category === 'wake' && wakes(site, fact, test, queues))
        .map(({ span, line }): Wake => ({ of: { file, fact }, span, line })),
    ),
  );
  const small = own.filter(({ of }) => isSmall(of.fact));
  for (const wake of [...own, ...small.flatMap(({ of }) => callsOf(of, tree))]) {
    const { of, span, line } = wake;
    if (of.fact === sleeper) continue;
    const store = storesOf(of, tree).find(
      (access) => sameness(access, test) === 1 && access.span.start < span.start,
    );
    if (store === undefined) continue;
    const { file, fact } = of;
    const steps = [
      { file, span: store.span, line: store.line, message: `${fact.name}() stores to ${field}` },
      { file, span, line, message: `${fact.name}() finds nobody asleep` },
    ];
    return { name: fact.name, function: of, steps };
  }
  return undefined;
}

/** The calls of a function, by those who may mean it. */
function callsOf(
  { file, fact: { name } }: PlacedFunction,
  tree: FileMoment['tree'],
): readonly Wake[] {
  return [...tree.files].flatMap(([from, facts]) =>
    functionsCalling(facts, name)
      .map((fact) => ({ file: from, fact }))
      .filter((caller) => calleeOf(name, caller, tree)?.file === file)
      .flatMap((of) =>
        of.fact.callSites
          .filter((call) => call.name === name)
          .map(({ span, line }) => ({ of, span, line })),
      ),
  );
}

/** What a function stores, itself or by small ones that it calls. */
function storesOf(of: PlacedFunction, tree: FileMoment['tree']): readonly PlacedAccess[] {
  const isStore = ({ effect }: Access) => effect !== 'read';
  const inCalls = of.fact.callSites.flatMap((call) => {
    const callee = calleeOf(call.name, of, tree);
    if (callee === undefined || !isSmall(callee.fact)) return [];
    return callee.fact.accesses
      .filter(isStore)
      .map((access) => within(of, call, access, callee.file, [call.name]));
  });
  return [
    ...of.fact.accesses.filter(isStore).map((each) => ({ ...each, file: of.file })),
    ...inCalls,
  ];
}

/** Whether a wake-up is of one of the queues or, where there are none, of the task beside the field. */
function wakes(site: Site, fact: FunctionFact, test: Access, queues: ReadonlySet<string>): boolean {
  return queues.size === 0
    ? wakesTaskOf(site, test, fact)
    : site.own !== undefined && queues.has(fieldName(site.own.field));
}

const WAKES_TASK = /^wake_up_(?:process|state)$/;

/** Whether the task that is woken stands beside the field that its function tests: it is named there, or by a variable that was given it. */
function wakesTaskOf({ primitive, span }: Site, test: Access, { accesses }: FunctionFact): boolean {
  const isThere = (place: number) => span.start <= place && place <= span.end;
  return (
    WAKES_TASK.test(primitive) &&
    accesses.some(
      ({ effect, field, span: { start, end }, keptUntil }) =>
        effect === 'read' &&
        field.struct === test.field.struct &&
        ((isThere(start) && isThere(end)) || (keptUntil !== undefined && isThere(keptUntil))),
    )
  );
}
