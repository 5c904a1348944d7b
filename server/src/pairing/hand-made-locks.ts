/**
 * Locks that code makes of a bit or a word: an atomic operation takes it, a store gives it back. Unless that operation is an
 * acquire and that store a release, whoever takes it next may not see what was stored under it (atomic_bitops.txt:
 * test_and_set_bit_lock() and clear_bit_unlock()).
 */

import { type Access, type FunctionAccess, fieldName } from '../facts/file-facts.ts';
import { grouped } from '../facts/grouped.ts';
import { primitive } from '../kernel/primitives.ts';
import { isRelaxed, siteAt } from './as-made.ts';
import { folderOf, type PlacedFunction } from './function-index.ts';
import type { FunctionsOfTree } from './functions-of-tree.ts';
import { accessesOf, type FunctionsOf, hasAccess, leadingTo, type Step } from './met-orders.ts';
import type { PlacedAccess } from './pairing.ts';
import { reversed } from './shape.ts';
import type { FindMeetings, Meeting } from './store-buffering.ts';

/** A lock that more functions take is looked at in so many. */
const MOST_TAKERS = 6;

/** A function that takes such a lock and gives it back, with what it does in between; each `Bare` where that orders nothing. */
interface Taker {
  readonly function: PlacedFunction;
  readonly take: PlacedAccess;
  readonly takesBare: boolean;
  readonly give: PlacedAccess;
  readonly givesBare: boolean;
  /** Whether a barrier stands before the giving, in the function that makes it. */
  readonly hasBarrier: boolean;
  /** Without counts: what is only changed by atomic operations needs no lock. */
  readonly held: readonly PlacedAccess[];
  /** What of that is stored last before the giving: since it may have been given back on another path. */
  readonly stored: readonly PlacedAccess[];
}

/** Functions of which one gives such a lock back and another, or the same once more, takes it, and one of the two orders
 *  nothing: that one first. */
export function handMadeLocks(sources: FunctionsOfTree): FindMeetings {
  const takersOver = (functions: readonly PlacedFunction[]) =>
    grouped(
      functions.flatMap((each) => takersIn(each, sources)),
      ({ function: { file }, take }) => [`${folderOf(file)} ${locationOf(take)}`],
    );
  /** All that take the locks of the file's functions: a lock is one of its folder. */
  const takersLike = (file: string) => {
    const own = takersOver(sources.ofFile(file));
    const locks = [...own.values()].map(([taker]) => taker!.take);
    const others = locks
      .flatMap((lock) => mayTakeLock(lock, sources))
      .filter((each) => folderOf(each.file) === folderOf(file));
    const all = takersOver(sources.inOrder([...sources.ofFile(file), ...others]));
    return new Map([...all].filter(([key]) => own.has(key)));
  };
  return (file) => {
    const takers = file === undefined ? takersOver(sources.all()) : takersLike(file);
    return [...takers.values()].flatMap(meetingsOver);
  };
}

/** Of the functions that take one lock those that meet. */
function meetingsOver(all: readonly Taker[]): readonly Meeting[] {
  const takers = all.filter(({ takesBare }) => takesBare);
  // Where the taking orders nothing, a barrier before the giving may be enough for that.
  const givers = all.filter((each) => each.givesBare && !(takers.length > 0 && each.hasBarrier));
  return givers.length > 0
    ? givers.slice(0, MOST_TAKERS).flatMap((giver) => meetingWith(giver, all) ?? [])
    : all
        .slice(0, MOST_TAKERS)
        .flatMap((giver) => meetingWith(giver, takers) ?? [])
        .map(ofTheTaker);
}

/** The functions that may come to the taking of a lock, themselves or as deep as what they call is looked into. */
function mayTakeLock(lock: Access, sources: FunctionsOfTree): readonly PlacedFunction[] {
  const own = sources
    .accessing(fieldName(lock.field))
    .filter(({ fact }) =>
      fact.accesses.some((each) => mayTake(each) && locationOf(each) === locationOf(lock)),
    );
  return leadingTo(own, sources.calling);
}

/** Whether an access can take a lock, by itself or with a store behind it. */
function mayTake(access: FunctionAccess): boolean {
  const isTested = access.isTested === true;
  return isTake(access, isTested) || isLook(access, isTested);
}

/** The locks that a function takes, itself or in what it calls. */
function takersIn(root: PlacedFunction, sources: FunctionsOf): readonly Taker[] {
  if (!root.fact.accesses.some(isStoreOrUpdate) || !hasAccess(root, sources, mayTake)) return [];
  const steps = accessesOf(root, sources);
  const found = new Map<string, Taker>();
  steps.forEach((step, index) => {
    const key = locationOf(step.made);
    const isThat = ({ made }: Step) => locationOf(made) === key;
    const rest = found.has(key) ? undefined : behindTaking(step, steps.slice(index + 1), sources);
    if (rest === undefined) return;
    const again = rest.findIndex((each) => isThat(each) && isTake(each.made, each.isTested));
    const behind = again < 0 ? rest : rest.slice(0, again + 1);
    const gives = behind.flatMap((each, at) =>
      isThat(each) && isStoreOrUpdate(each.made) ? [at] : [],
    );
    const isBare = (at: number) => {
      const { access, isTested } = behind[at]!;
      return !isTested && access.marking !== 'acquire' && !isRelease(access, sources);
    };
    // An error path gives it back, too, and often before anything is stored.
    const end = gives.findLast(isBare) ?? gives.at(-1);
    if (end === undefined) return;
    const { access: give } = behind[end]!;
    const earlier = gives.findLast((at) => at < end) ?? -1;
    const isNear = (each: Step) =>
      each.path.length === 1 || (each.path.length === 2 && each.access.innerFile === root.file);
    const isHeld = (each: Step) =>
      each.made.field.struct !== '?' && each.made.marking !== 'atomic' && isNear(each);
    const held = behind.slice(0, end).filter(isHeld);
    const stored = held.filter(({ made }) => isStoreOrUpdate(made));
    const own = stored.filter((each) => behind.indexOf(each) > earlier);
    const givesBare = isBare(end);
    const takesBare =
      step.access.effect === 'read'
        ? step.access.marking !== 'acquire'
        : isRelaxed(step.access, sources);
    const hasBarrier = isBehindBarrier(give, sources);
    const each = {
      function: root,
      take: step.access,
      takesBare,
      give,
      givesBare,
      hasBarrier,
      held: held.map(({ access }) => access),
      stored: (own.length > 0 ? own : stored).map(({ access }) => access),
    };
    found.set(key, each);
  });
  return [...found.values()];
}

/** What a function does behind a step, where that takes a lock: by an atomic operation, or by a look and then the store of what
 *  it has found free, if an operation for that gives it back (`clear_bit_unlock()`): nobody else writes so. */
function behindTaking(
  step: Step,
  behind: readonly Step[],
  sources: FunctionsOf,
): readonly Step[] | undefined {
  if (isTake(step.made, step.isTested)) return isCount(step, sources) ? undefined : behind;
  if (!isLook(step.made, step.isTested)) return undefined;
  const key = locationOf(step.made);
  const stores = behind.filter(({ made }) => locationOf(made) === key && isStoreOrUpdate(made));
  const [set, ...gives] = stores;
  const isMeant = gives.some(({ access }) => orderOf(access, sources) === 'release');
  return set === undefined || set.isTested || !isMeant
    ? undefined
    : behind.slice(behind.indexOf(set) + 1);
}

function isBehindBarrier(
  { file, span, inner, innerFile }: PlacedAccess,
  { facts }: FunctionsOf,
): boolean {
  const { start } = inner ?? span;
  const { functions = [], sites = [] } = facts(innerFile ?? file) ?? {};
  const home = functions.find((each) => each.span.start <= start && start < each.span.end);
  return sites.some(
    (site) => site.explicit && site.function === home?.name && site.span.start < start,
  );
}

/** The same, with the side of the taker first: it is the one at fault. */
function ofTheTaker({ functions: [giver, taker], order }: Meeting): Meeting {
  return { functions: [taker, giver], order: { ...order, ...reversed(order) } };
}

/** An atomic operation whose outcome decides whether it was taken, or one that waits until it is, as `wait_on_bit_lock()`. */
function isTake({ effect, marking, field }: Access, isTested: boolean): boolean {
  const isAtomic = marking === 'atomic' || marking === 'acquire' || marking === 'marked';
  return effect === 'read-write' && isAtomic && isTested && field.struct !== '?';
}

/** A marked look that decides. */
function isLook({ effect, marking, field }: Access, isTested: boolean): boolean {
  return effect === 'read' && marking !== 'plain' && isTested && field.struct !== '?';
}

/** Whether what was stored before it is seen before it. */
function isRelease(access: PlacedAccess, sources: FunctionsOf): boolean {
  const order = orderOf(access, sources);
  return access.marking === 'release' || order === 'release' || order === 'mb';
}

/** What the operation that makes an access orders. */
function orderOf(access: PlacedAccess, sources: FunctionsOf): string | undefined {
  const operation = primitive(siteAt(access, sources)?.primitive ?? '')?.operation;
  return operation !== undefined && 'order' in operation ? operation.order : undefined;
}

/** Whether it adds to what is there: a counter or a count of references, which more than one may hold. */
function isCount({ access }: Step, sources: FunctionsOf): boolean {
  const site = siteAt(access, sources);
  const operation = site && primitive(site.primitive)?.operation;
  // Those of refcounts and krefs have a meaning of their own.
  if (operation === undefined) return site !== undefined && site.category !== 'sleep';
  if (operation.kind === 'add-unless') return true;
  return operation.kind === 'rmw' && (operation.apply === 'add' || operation.apply === 'sub');
}

function isStoreOrUpdate({ effect }: Access): boolean {
  return effect !== 'read';
}

function locationOf({ field, bit = '' }: Access): string {
  return `${fieldName(field)}:${bit}`;
}

/** Accesses, first those of the function itself, and of what is accessed least under the lock: a question of few accesses is soon
 *  answered. */
function seldomFirst(
  accesses: readonly PlacedAccess[],
  takers: readonly Taker[],
): readonly PlacedAccess[] {
  const count = ({ field }: PlacedAccess) =>
    takers.flatMap(({ held }) => held.filter((each) => fieldName(each.field) === fieldName(field)))
      .length;
  return accesses.toSorted((a, b) => a.via.length - b.via.length || count(a) - count(b));
}

/** What one stores under the lock and the next one reads there. */
function meetingWith(giver: Taker, takers: readonly Taker[]): Meeting | undefined {
  const { give } = giver;
  for (const taker of takers.toSorted((a, b) => Number(b === giver) - Number(a === giver))) {
    for (const stored of seldomFirst(giver.stored, [giver, taker])) {
      const read = taker.held.find(
        (access) => access.effect !== 'write' && locationOf(access) === locationOf(stored),
      );
      if (read === undefined || locationOf(stored) === locationOf(give)) continue;
      return {
        functions: [giver.function, taker.function],
        order: {
          shape: 'MP',
          first: stored.field,
          second: give.field,
          accesses: [
            [stored, give],
            [taker.take, read],
          ],
          kinds: [
            ['write', 'write'],
            ['read', 'read'],
          ],
          isDecided: true,
          isTaken: true,
        },
      };
    }
  }
  return undefined;
}
