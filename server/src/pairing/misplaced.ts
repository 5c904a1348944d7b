/**
 * Accesses on the wrong side of the field that announces them: one side orders a field and its announcement, the other
 * side does the same, and makes its access to the field on the side of the announcement where no order helps. It reads the
 * field before the announcement and uses what it has read behind it, or stores the field only behind the announcement. Or
 * the announcement is a counter that is moved before and behind the stores, and the reader does not look at it again. Or the
 * announcement is read a second time, by a read that orders nothing, and that value says how far the field is read. Or the
 * announcement says that the object is free again, and the field is read behind it, where the next one may have filled it.
 */

import {
  type Access,
  type FunctionAccess,
  type FunctionFact,
  fieldName,
  type GivenObject,
} from '../facts/file-facts.ts';
import { sitesOfFunction } from '../facts/sites-of-function.ts';
import {
  accessesBeside,
  factOf,
  functionsAround,
  isNew,
  isTested,
  mayLock,
  siteAt,
} from './as-made.ts';
import type { PlacedFunction } from './function-index.ts';
import { type FunctionsOf, type MetOrder, sitesOf } from './met-orders.ts';
import type { PlacedAccess, SharedOrder } from './pairing.ts';
import { sameness } from './shape.ts';
import { roleOf } from './side.ts';

/** The first of `met` in which the function on the other side misplaces its access. `flag` is the announcement as the site
 *  has it; `users` are the functions that access a field themselves. */
export function misplacedIn(
  met: readonly MetOrder[],
  flag: PlacedAccess,
  users: (field: string) => readonly PlacedFunction[],
  sources: FunctionsOf,
): SharedOrder | undefined {
  for (const { order, root, isInSameOrder } of met) {
    // Of what is set up nobody reads too early: nobody knows it yet.
    if (order.shape !== 'MP' || order.accesses[0].some((each) => isNew(each, sources))) continue;
    if (!isInSameOrder) {
      const again = secondRead(order, root, sources);
      if (again !== undefined) return again;
      continue;
    }
    const { kinds, accesses } = order;
    const [one, other] = accesses[1];
    const isWriter = kinds[1][0] === 'write';
    if (isWriter && isLateStore(one, other, users, sources) && isTested(flag, sources))
      return { ...order, misplaced: 'late-store', isDecided: true };
    if (!isWriter && isEarlyRead(other, one, root, sources))
      return { ...order, misplaced: 'early-read' };
    if (!isWriter && isUnchecked(order, root, sources))
      return { ...order, misplaced: 'unchecked-read' };
  }
  return undefined;
}

/** Whether a store announces what was stored before: it releases, or it is marked and stands behind a barrier for stores. */
function isReleased(access: PlacedAccess, sources: FunctionsOf): boolean {
  if (access.marking === 'release') return true;
  if (access.marking === 'plain' || access.effect !== 'write') return false;
  const { start } = access.inner ?? access.span;
  const facts = sources.facts(access.innerFile ?? access.file);
  return functionsAround(access, sources).some(({ name }) =>
    sitesOfFunction(facts, name).some(
      (site) =>
        /^(?:full|write)-barrier$/.test(site.category) && site.explicit && site.span.start <= start,
    ),
  );
}

/** Whether a store comes too late behind the release that announces it: nobody else stores the field but to announce it behind
 *  that, so that there is nothing else to be found in it. What an object is added to a list by makes it known itself. */
function isLateStore(
  store: PlacedAccess,
  announcement: PlacedAccess,
  users: (field: string) => readonly PlacedFunction[],
  sources: FunctionsOf,
): boolean {
  const name = fieldName(store.field);
  const flag = fieldName(announcement.field);
  const isAnnounced = ({ file, fact }: PlacedFunction, { span }: Access) =>
    fact.accesses.some(
      (each) =>
        fieldName(each.field) === flag &&
        each.span.start > span.start &&
        isReleased({ ...each, file }, sources),
    );
  const stores = (of: PlacedFunction) =>
    of.fact.accesses.filter(
      (access) =>
        access.effect !== 'read' &&
        fieldName(access.field) === name &&
        !isAnnounced(of, access) &&
        !isCopyOut(access, of.fact),
    );
  return (
    store.effect === 'write' &&
    (announcement.marking === 'release' || !isForAnother(store, sources)) &&
    isReleased(announcement, sources) &&
    !isNew(store, sources) &&
    siteAt(store, sources)?.category !== 'rcu-publish' &&
    users(name).flatMap(stores).length === 1
  );
}

/** Whether a store may be a flag of its own, or what a later one stands for: those are marked. */
function isForAnother(store: PlacedAccess, sources: FunctionsOf): boolean {
  const { start } = store.inner ?? store.span;
  return (
    store.marking !== 'plain' ||
    accessesBeside(store, sources).some(
      ({ effect, marking, span }) => effect !== 'read' && marking !== 'plain' && span.start > start,
    )
  );
}

/** Whether a store puts what was read of the field into an object that the function was given for that. */
function isCopyOut({ field, parameter }: FunctionAccess, { accesses }: FunctionFact): boolean {
  const name = fieldName(field);
  return accesses.some(
    ({ effect, handedTo, field: of }) =>
      effect === 'read' &&
      handedTo !== undefined &&
      handedTo === parameter &&
      fieldName(of) === name,
  );
}

/** Whether a field is read behind the release that gives its object back: who takes that by an acquire stores to the field then. Not
 *  where the function may have taken something again in between, by whatever looks and orders, nor where the two accesses are marked: they are there to race. */
export function isLateRead(
  { accesses: [[taken, filled], [read, given]] }: SharedOrder,
  root: PlacedFunction,
  sources: FunctionsOf,
): boolean {
  const [from, to] = [given.span.end, read.span.start];
  const isTakenAgain = sitesOf(root, sources, (site) => roleOf(site) !== 'writer').some(
    ([at = 0]) => from <= at && at < to,
  );
  return (
    taken.marking === 'acquire' &&
    [filled, read].every(({ marking }) => marking === 'plain') &&
    filled.effect === 'write' &&
    given.effect === 'write' &&
    given.marking === 'release' &&
    read.effect === 'read' &&
    read.field.struct === given.field.struct &&
    from <= to &&
    !isTakenAgain &&
    ![filled, read].some((each) => isNew(each, sources)) &&
    !mayLock(root, [read], sources)
  );
}

/** Whether a value is read too early, before the acquire (or the read barrier) of what announces it, and used behind that, or by the caller. */
function isEarlyRead(
  read: PlacedAccess,
  announcement: PlacedAccess,
  root: PlacedFunction,
  sources: FunctionsOf,
): boolean {
  const isArgument = announcement.via.length > 0 && isWithin(read, announcement);
  return (
    read.effect === 'read' &&
    !leadsTo(read, announcement, sources) &&
    isAcquired(announcement, root, sources) &&
    isTested(announcement, sources) &&
    (isArgument || isUsedBehind(read, announcement, root, sources)) &&
    // A lock that is taken between the two keeps nobody away from what was read before it.
    !mayLock(root, [read], sources)
  );
}

/** Whether what is read, by a function or by one that it calls, is used by it behind another access, or by its caller. */
function isUsedBehind(
  read: PlacedAccess,
  { span: { start, end } }: PlacedAccess,
  root: PlacedFunction,
  sources: FunctionsOf,
): boolean {
  const fact = factOf(read, sources);
  const isKept = ({ keptUntil = 0 }: { readonly keptUntil?: number }) => keptUntil > end;
  if (fact === undefined || read.via.length > 1 || read.span.end > start) return false;
  if (read.via.length === 0) return isKept(fact) || fact.handedTo !== undefined;
  const call = root.fact.callSites.find(({ span }) => span.start === read.span.start);
  if (call === undefined) return false;
  const isReturned = fact.isTested === true && fact.toExit === 1;
  const isGivenBack = ({ position }: GivenObject) => position === fact.handedTo;
  const object = call.objects?.find(isGivenBack);
  return (
    (isReturned && isKept(call)) ||
    (object !== undefined && ('parameter' in object || isKept(object)))
  );
}

/** Whether an access is made where a read has pointed to. */
function leadsTo(read: PlacedAccess, access: PlacedAccess, sources: FunctionsOf): boolean {
  const orders = siteAt(read, sources)?.orders ?? [];
  return orders.some(({ after }) => after.some((each) => sameness(each, access) === 1));
}

/** Whether a read is there to have what is read behind it ordered: an acquire, or a marked read before a barrier that orders reads. */
function isAcquired(read: PlacedAccess, root: PlacedFunction, sources: FunctionsOf): boolean {
  if (read.marking === 'acquire') return true;
  return (
    read.marking === 'marked' &&
    read.via.length === 0 &&
    sitesOfFunction(sources.facts(root.file), root.fact.name).some(
      (site) => site.explicit && roleOf(site) === 'reader' && site.span.start > read.span.end,
    )
  );
}

/** Whether a field is read behind a counter that its writer moves on before and behind the stores; that it is not looked at
 *  again is known by then: as in a sequence count (Documentation/locking/seqlock.rst, "Sequence counters (seqcount_t)"). */
function isUnchecked(
  { accesses: [[counted, stored], [read, counter]] }: SharedOrder,
  root: PlacedFunction,
  sources: FunctionsOf,
): boolean {
  const name = fieldName(counted.field);
  const moves = accessesBeside(counted, sources).filter(({ field }) => fieldName(field) === name);
  const isMoved =
    moves.some(({ effect }) => effect !== 'write') &&
    moves.some(({ effect, span }) => effect !== 'read' && span.start < stored.span.start) &&
    moves.some(({ effect, span }) => effect !== 'read' && span.start > stored.span.end);
  if (!isMoved || read.effect !== 'read' || !isTested(counter, sources)) return false;
  return !mayLock(root, [read, counter], sources);
}

/** Where a function takes an announcement by an acquire and reads it again, for how far it reads the field: a length or an
 *  index, which its writer moves on from where it was. */
function secondRead(
  order: SharedOrder,
  root: PlacedFunction,
  sources: FunctionsOf,
): SharedOrder | undefined {
  const [[, stored], [first, read]] = order.accesses;
  if (order.kinds[1][0] !== 'read' || first.via.length > 0) return undefined;
  const name = fieldName(first.field);
  const isOfIt = ({ effect, field }: Access) => effect === 'read' && fieldName(field) === name;
  const { start, end } = stored.inner ?? stored.span;
  const isAt = (place: number) => start <= place && place <= end;
  const isMoved = accessesBeside(stored, sources).some(
    (each) =>
      isOfIt(each) &&
      (isWithin(each, stored) || (each.keptUntil !== undefined && isAt(each.keptUntil))),
  );
  const reads = root.fact.accesses.filter(isOfIt);
  const taken = reads.find(({ marking, isTested: decides }) => marking === 'acquire' && decides);
  if (!isMoved || taken === undefined || mayLock(root, [read], sources)) return undefined;
  const again = reads.find(
    ({ marking, span, isTested: decides, keptUntil = span.end }) =>
      marking !== 'acquire' &&
      span.start > taken.span.end &&
      (decides === true ? span.start < read.span.start : keptUntil >= read.span.start),
  );
  return (
    again && {
      ...order,
      accesses: [order.accesses[0], [{ ...again, file: root.file }, read]],
      misplaced: 'second-read',
    }
  );
}

function isWithin({ span: inner }: Access, { span: outer }: Access): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
