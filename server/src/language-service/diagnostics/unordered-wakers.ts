/**
 * Wakers that look whether somebody sleeps, without a full barrier behind the store that the sleeper looks for: the look
 * may be made first, before the sleeper queues itself, who then misses the store (include/linux/wait.h, comment of
 * waitqueue_active()). And wakers that make the store only behind the wake-up.
 */

import { creditedIn } from '../../claims/credited.ts';
import {
  type Access,
  type FunctionCall,
  type FunctionFact,
  fieldName,
  type Site,
  shownField,
} from '../../facts/file-facts.ts';
import { functionsCalling, functionsNamed } from '../../facts/functions-of-file.ts';
import { functionsWith, sitesOfCategory, sitesOfFunction } from '../../facts/sites-of-function.ts';
import { primitive } from '../../kernel/primitives.ts';
import { isSmall, mayLock } from '../../pairing/as-made.ts';
import { accessesOf, calleeOf, comparePaths, sitesOf } from '../../pairing/met-orders.ts';
import type { PlacedAccess } from '../../pairing/pairing.ts';
import { sameness } from '../../pairing/shape.ts';
import { GENERAL_USE } from '../../pairing/side.ts';
import { isLocking } from '../../pairing/taken-locks.ts';
import { commentAbove } from '../../text/comment-above.ts';
import type { Span } from '../../text/span.ts';
import type { Finding, Related } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import { type NamedFunction, nameEachOther } from '../named-in-comments.ts';
import type { PlacedFunction } from '../tree.ts';

/** What looks at a queue and orders nothing; `wq_has_sleeper()` and `swq_has_sleeper()` have their barrier in them. */
const LOOKS = ['waitqueue_active', 'swait_active'] as const;

/** What looks itself, at a queue that many words share (kernel/sched/wait_bit.c: "it uses waitqueue_active() internally"). */
const LOOKING_WAKES: ReadonlyMap<string, typeof sleeperOf> = new Map([
  ['wake_up_bit', sleeperOnBit],
  ['wake_up_var', sleeperOnVariable],
]);

/** The looks of the file that may be made before a store which they should come after; of each function the first. */
export function unorderedWakers(moment: FileMoment): readonly Finding[] {
  const text = moment.textOf(moment.file) ?? '';
  const isLook = ({ effect, span: { start } }: Access) =>
    effect === 'read' && LOOKS.some((name) => text.startsWith(name, start));
  return moment.facts.functions.flatMap((fact) => {
    const looks = fact.accesses.filter((each) => isLook(each) && wakesBehind(moment, fact, each));
    const wakes = moment.tree
      .sitesIn(moment.file, fact.name)
      .flatMap(({ primitive: name, own }) => {
        const sleeperFor = LOOKING_WAKES.get(name);
        return sleeperFor && own ? finding(moment, fact, own, sleeperFor) : [];
      });
    return [...looks.flatMap((look) => finding(moment, fact, look, sleeperOf)), ...wakes].slice(
      0,
      1,
    );
  });
}

/** Whether a function wakes somebody behind a look, or has that done: else it looks for something else. */
function wakesBehind(
  { file, tree }: FileMoment,
  { name, callSites }: FunctionFact,
  look: Access,
): boolean {
  const isBehind = ({ span }: { readonly span: Span }) => span.start > look.span.start;
  return (
    tree.sitesIn(file, name).some((site) => site.category === 'wake' && isBehind(site)) ||
    callSites.some((call) => isBehind(call) && WAKES.test(call.name))
  );
}

const WAKES = /wake|kick|work|notify|signal|complete/;

function finding(
  moment: FileMoment,
  fact: FunctionFact,
  look: Access,
  sleeperFor: typeof sleeperOf,
): readonly Finding[] {
  const here = { file: moment.file, fact };
  const stores = storesBefore(moment, here, look.span.start);
  const isGiven = look.field.struct === '?';
  const queues = new Map<FunctionCall | undefined, readonly Pick<Access, 'field'>[]>();
  for (const { by, store, call } of stores) {
    const given = queues.get(call) ?? (call && isGiven ? queuesGiven(moment, by, call) : [look]);
    queues.set(call, given);
    const [met] = given.flatMap((queue) => {
      const sleeper = sleeperFor(moment, by, store, queue);
      return sleeper === undefined ? [] : [{ sleeper, queue: shownField(queue.field) }];
    });
    if (met === undefined) continue;
    const { sleeper, queue } = met;
    const name = store.bit ?? shownField(store.field);
    const who = `${sleeper.fact.name}()`;
    const related: readonly Related[] = [
      step(by, store, `${by.fact.name}() stores to ${name}`),
      step(sleeper, sleeper.test, `${who} looks at ${name}, and sleeps`),
    ];
    const message = `nothing orders the store to ${name} before this look at ${queue}: it may find nobody, before ${who} queues itself, misses the store and sleeps`;
    const wakers = [by, here].map(named);
    const helper = store.via.at(-1);
    if (helper !== undefined) wakers.push({ file: store.innerFile ?? by.file, name: helper });
    const atMost = isCredited(moment, look) ? {} : unlessNamed(moment, sleeper, wakers);
    return [{ span: look.span, message, related, ...atMost }];
  }
  return [];
}

/** Told as information, unless a comment speaks of the waker where somebody sleeps, or of who sleeps where he is woken. */
function unlessNamed(
  { tree }: FileMoment,
  sleeper: PlacedFunction,
  wakers: readonly NamedFunction[],
): Pick<Finding, 'atMost'> {
  const isMeant = wakers.some((waker) => nameEachOther(tree, named(sleeper), waker));
  return isMeant ? {} : { atMost: 'information' };
}

function named({ file, fact: { name } }: PlacedFunction): NamedFunction {
  return { file, name };
}

/** Whether the comment before a look says of an operation that it is the barrier, which it is not: the order is counted on. */
function isCredited({ file, textOf }: FileMoment, { span: { start } }: Access): boolean {
  const text = textOf(file) ?? '';
  const said = commentAbove(text, text.lastIndexOf('\n', start) + 1) ?? '';
  return creditedIn(said).some(({ what }) => what === 'barrier' || what === 'smp_mb');
}

/** What of the objects of the tree a call may be given as a queue (`wake(&dev->wait)`), as one that is looked at. */
function queuesGiven(
  { textOf, tree }: FileMoment,
  { file }: PlacedFunction,
  { span: { start, end } }: FunctionCall,
): readonly Pick<Access, 'field'>[] {
  const given = textOf(file)?.slice(start, end).matchAll(GIVEN) ?? [];
  const names = new Set([...given].map(([, name]) => name));
  const accessed = [...tree.files.values()].flatMap(({ functions }) =>
    functions.flatMap(({ accesses }) => accesses.filter(({ field }) => names.has(field.name))),
  );
  return [...new Map(accessed.map((access) => [fieldName(access.field), access])).values()];
}

/** A member whose address is an argument: the `wait` of `&dev->wait`. */
const GIVEN = /(?:->|\.)\s*(\w+)\s*(?=[,)])/g;

/** The wake-ups of the file behind which the store is made that the sleeper looks for; of each function the first. */
export function earlyWakers(moment: FileMoment): readonly Finding[] {
  const { facts, file, tree } = moment;
  return facts.functions.flatMap((fact) => {
    const wakes = tree.sitesIn(file, fact.name).filter(isWakeOfQueue);
    const last = wakes.at(-1);
    return last === undefined || mayLock({ file, fact }, [], tree)
      ? []
      : earlyWake(moment, fact, last);
  });
}

/** The queues that `wake_up()` and its like are given; a completion counts by itself whether it was there. */
function isWakeOfQueue({ category, primitive: name, own }: Site): boolean {
  return (
    category === 'wake' &&
    /^s?wake_up(?:_all|_interruptible\w*|_one|_nr|_sync)?$/.test(name) &&
    own !== undefined
  );
}

function earlyWake(moment: FileMoment, fact: FunctionFact, wake: Site): readonly Finding[] {
  const by = { file: moment.file, fact };
  const queue = wake.own!;
  const known = fact.accesses.filter(
    ({ effect, span }) => effect !== 'read' && span.start < wake.span.start,
  );
  for (const store of fact.accesses) {
    if (store.effect !== 'write' || store.field.struct !== queue.field.struct) continue;
    if (store.span.start < wake.span.end || store.on !== 'every-path') continue;
    const sleeper = sleeperOf(moment, by, store, queue);
    if (sleeper === undefined || known.some((each) => isTestedIn(sleeper, each))) continue;
    const who = `${sleeper.fact.name}()`;
    const name = shownField(store.field);
    const related: readonly Related[] = [
      step(by, store, `${fact.name}() stores to ${name}`),
      step(sleeper, sleeper.test, `${who} looks at ${name}, and sleeps`),
    ];
    const message = `${name} is stored only after this wake-up: ${who} may look at it before that, and sleep on`;
    return [{ span: wake.span, message, related, ...unlessNamed(moment, sleeper, [named(by)]) }];
  }
  return [];
}

function isTestedIn({ fact }: Sleeper, store: Access): boolean {
  return fact.accesses.some(
    (access) => access.effect === 'read' && access.isTested === true && sameness(access, store) > 0,
  );
}

function step({ file }: PlacedFunction, { span, line }: Access, message: string): Related {
  return { file, span, line, message };
}

/** A store, and the function that makes it. */
interface Stored {
  readonly by: PlacedFunction;
  readonly store: PlacedAccess;
  /** The call of the function that looks, where one that calls it makes the store. */
  readonly call?: FunctionCall;
}

/** How many calls up a store is looked for. */
const CALLERS = 3;

/** The stores before `end` with no full barrier in between, the last one first, of the function and of what it calls or, where
 *  they make none, of its callers and of those that call these, where they are small. */
function storesBefore({ tree }: FileMoment, here: PlacedFunction, end: number): readonly Stored[] {
  const barrierBefore = (of: PlacedFunction, before: number) =>
    sitesOf(of, tree, isFullBarrier).findLast((path) => path[0]! < before);
  const storesOf = (of: PlacedFunction, before: number): readonly Stored[] => {
    const last = barrierBefore(of, before) ?? [];
    return accessesOf(of, tree)
      .filter(
        ({ access: { effect, field }, path }) =>
          effect !== 'read' &&
          field.struct !== '?' &&
          path[0]! < before &&
          comparePaths(last, path) < 0,
      )
      .map(({ access }) => ({ by: of, store: access }))
      .reverse();
  };
  const around = (of: PlacedFunction, before: number, up: number): readonly Stored[] => {
    const own = storesOf(of, before);
    if (own.length > 0 || up === 0 || barrierBefore(of, before) !== undefined) return own;
    const callers = [...tree.files].flatMap(([file, facts]) =>
      functionsCalling(facts, of.fact.name).map((fact) => ({ file, fact })),
    );
    if (callers.length > GENERAL_USE || (of !== here && !isSmall(of.fact))) return [];
    return callers.flatMap((caller) => {
      const call = caller.fact.callSites.find(({ name }) => name === of.fact.name)!;
      const found = around(caller, call.span.start, up - 1);
      return of === here ? found.map((stored) => ({ ...stored, call })) : found;
    });
  };
  return around(here, end, CALLERS);
}

/** Whether it orders all before all, as smp_mb() and an atomic operation that returns a value. */
function isFullBarrier({ primitive: name }: Site): boolean {
  const orders = primitive(name)?.orders ?? [];
  return orders.some(({ before, after }) => before === 'all' && after === 'all');
}

/** A function that looks at the field and sleeps, with where it looks. */
interface Sleeper extends PlacedFunction {
  readonly test: Access;
}

function sleeperOf(
  { tree }: FileMoment,
  { fact: waker }: PlacedFunction,
  store: Access,
  queue: Pick<Access, 'field'>,
): Sleeper | undefined {
  for (const [file, facts] of tree.files)
    for (const fact of functionsWith(facts, 'sleep')) {
      if (fact === waker || !mayQueue(fact, sitesOfFunction(facts, fact.name), queue)) continue;
      const test = testsOf({ file, fact }, tree).find((access) => sameness(access, store) === 1);
      if (test !== undefined) return { file, fact, test };
    }
  return undefined;
}

/** The reads of a function, and of such that it calls for no more than that, whose values decide something or are returned. */
function testsOf(of: PlacedFunction, tree: FileMoment['tree']): readonly PlacedAccess[] {
  return accessesOf(of, tree).flatMap(({ access, isTested }) => {
    const [name] = access.via;
    const callee = name === undefined ? undefined : calleeOf(name, of, tree);
    const isNear = access.via.length === 0 || (callee !== undefined && isPredicate(callee, tree));
    return isTested && access.effect === 'read' && access.via.length <= 1 && isNear ? [access] : [];
  });
}

/** Whether a function may do no more than look for who calls it: it is small, or stores nothing and takes no lock. */
function isPredicate(of: PlacedFunction, tree: FileMoment['tree']): boolean {
  if (isSmall(of.fact)) return true;
  return of.fact.accesses.every(({ effect }) => effect === 'read') && !isLocking(of, tree);
}

/** A function that waits for the bit that was stored; a whole word that was stored elsewhere says nothing of the bit. */
function sleeperOnBit(
  { tree }: FileMoment,
  by: PlacedFunction,
  store: Access,
): Sleeper | undefined {
  return store.marking === 'plain' && store.via.length > 0
    ? undefined
    : sleeperIn(tree, by, 'wait_on_bit', ({ own }) =>
        own !== undefined && sameness(own, store) === 1 ? own : undefined,
      );
}

/** A function that waits until the object of the word `word` has what was stored. */
function sleeperOnVariable(
  { tree }: FileMoment,
  by: PlacedFunction,
  store: Access,
  word: Pick<Access, 'field'>,
): Sleeper | undefined {
  return store.field.struct !== word.field.struct
    ? undefined
    : sleeperIn(tree, by, 'wait_var_event', ({ span: { start, end } }, { accesses }) =>
        accesses.find(
          (access) =>
            access.effect === 'read' &&
            start <= access.span.start &&
            access.span.end <= end &&
            sameness(access, store) === 1,
        ),
      );
}

/** A function other than `by` with a wait of that name, or one that begins so, which makes the test that is looked for. */
function sleeperIn(
  tree: FileMoment['tree'],
  by: PlacedFunction,
  wait: string,
  testOf: (site: Site, fact: FunctionFact) => Access | undefined,
): Sleeper | undefined {
  for (const [file, facts] of tree.files)
    for (const site of sitesOfCategory(facts, 'sleep')) {
      if (!site.primitive.startsWith(wait)) continue;
      const [fact] = functionsNamed(facts, site.function);
      const test = fact && testOf(site, fact);
      if (fact !== undefined && fact !== by.fact && test !== undefined) return { file, fact, test };
    }
  return undefined;
}

/** Whether a function with those sites may be one that waits on the queue: it accesses it, or queues itself by a call. */
function mayQueue(
  { accesses, calls }: FunctionFact,
  sites: readonly Site[],
  queue: Pick<Access, 'field'>,
): boolean {
  const used = sites.map((site) => site.primitive);
  return (
    [...calls, ...used].some((each) => QUEUES.test(each)) ||
    accesses.some((each) => sameness(each, queue) > 0)
  );
}

const QUEUES = /^(?:add_wait_queue|prepare_to_s?wait)/;
