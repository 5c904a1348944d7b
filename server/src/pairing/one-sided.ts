/**
 * Orders that one side gives and a function on the other side does not: it meets the same two fields the other way
 * round, and decides by the one whether it looks at the other. A barrier orders nothing for anybody unless the other
 * side is ordered too (memory-barriers.txt, "SMP BARRIER PAIRING").
 */

import { type Access, fieldName, type Site, type SiteOrder } from '../facts/file-facts.ts';
import { remembering } from '../memo/once.ts';
import { isNew, isReadAgain, isSetUp, isTested } from './as-made.ts';
import { clearedBefore } from './cleared-flags.ts';
import { folderOf, type PlacedFunction } from './function-index.ts';
import type { FunctionsOfTree } from './functions-of-tree.ts';
import {
  accessesOf,
  comparePaths,
  type FunctionsOf,
  ordersGivenBackBy,
  ordersMetBy,
  type Step,
  sitesOf,
} from './met-orders.ts';
import { isLateRead, misplacedIn } from './misplaced.ts';
import type { PlacedAccess, PlacedSite, SharedOrder } from './pairing.ts';
import { sameness } from './shape.ts';
import type { MayShareLock } from './shared-locks.ts';
import { isNamed, roleOf } from './side.ts';
import { takes } from './store-buffering.ts';

/** A barrier, a function that meets its order, and over which two fields; the first side is the barrier's. */
export interface OneSided {
  readonly site: PlacedSite;
  readonly function: PlacedFunction;
  readonly order: SharedOrder;
}

/** Functions by the name of a field. */
type Users = (field: string) => readonly PlacedFunction[];

/** What the barriers of a tree order and functions do not. */
export interface OneSidedOrders {
  /** The functions that meet what a barrier orders, and are not kept away from it by a lock. */
  readonly metBy: (site: PlacedSite) => readonly OneSided[];
  /** Whether functions of a file may be among them. */
  readonly mayBeMetIn: (file: string, site: PlacedSite) => boolean;
}

/** Of one barrier so many functions are looked at. */
const MOST_FUNCTIONS = 4;

/** A field that more functions access says little of who meets whom. */
const MOST_USERS = 16;

/** So many fields next to a barrier may be what its flag is for. */
const MOST_FIELDS = 4;

/** The same for all barriers: each is looked at when it is asked about. */
export function oneSidedOrders(
  sources: FunctionsOfTree,
  mayShareLock: MayShareLock,
): OneSidedOrders {
  const { accessing } = sources;
  const isMet: MetBy = {
    read: remembering((field) => usersOf(field, 'read', accessing)),
    write: remembering((field) => usersOf(field, 'write', accessing)),
    named: sources.functions,
  };
  const flagged = ({ file, site }: PlacedSite): readonly Met[] =>
    flagsOf(site, (access, effect) =>
      isMetElsewhere({ file, site }, access, effect, isMet),
    ).flatMap((about) => {
      const own = accessing(fieldName(about.flag.field)).filter((user) =>
        isUserOf(user, about.flag),
      );
      if (own.length > MOST_USERS) return [];
      const behind = own.flatMap(({ fact }) => sources.calling(fact.name));
      const roots = [...new Set([...own, ...behind])].filter((root) =>
        isOtherSide(root, { file, site }, about.flag, sources.calling),
      );
      return [{ ...about, roots }];
    });
  return {
    metBy(site) {
      const found = flagged(site).flatMap(({ flag, orders, roots }) =>
        roots.flatMap((root) => {
          const about = { ...site, site: { ...site.site, orders: madeBesides(root, orders) } };
          return meetingsOf(about, root, flag, { users: accessing, mayShareLock }, sources);
        }),
      );
      return found.slice(0, MOST_FUNCTIONS).map((each) => ({ ...each, site }));
    },
    mayBeMetIn: (file, site) =>
      flagged(site).some(({ roots }) => roots.some((root) => root.file === file)),
  };
}

/** The access that a barrier lets others see last, or that it looks at first, with what it orders on its other side. */
interface Flagged {
  readonly flag: Access;
  readonly orders: readonly SiteOrder[];
}

/** The same, and the functions that may run beside that of the barrier. */
interface Met extends Flagged {
  readonly roots: readonly PlacedFunction[];
}

/** Whether another function than that of the barrier accesses a field, too, in such a way, or that one beside itself. */
type IsMet = (access: Access, effect: MetEffect) => boolean;

type MetEffect = 'read' | 'write';

/** The functions that may access a field in such a way, and all functions by their names. */
interface MetBy extends Readonly<Record<MetEffect, Users>> {
  readonly named: FunctionsOf['functions'];
}

/** The functions that call one of a name. */
type Callers = FunctionsOfTree['calling'];

function isMetElsewhere(
  { file, site }: PlacedSite,
  access: Access,
  effect: MetEffect,
  metBy: MetBy,
): boolean {
  const isOwn = (user: PlacedFunction) => user.file === file && user.fact.name === site.function;
  const others = metBy[effect](fieldName(access.field));
  const own = metBy.named(site.function);
  return (
    others.some((user) => !isOwn(user)) ||
    own.some((user) => isOwn(user) && takesByItself(user, access, site))
  );
}

/** A barrier's flag is what others look at, or store: an index that only its own function moves is none. Where its comment names
 *  such a field, it is that one, unless it is nearer on the other side: a count is looked at twice. */
function flagsOf(site: Site, isMet: IsMet): readonly Flagged[] {
  const closest = (accesses: readonly Access[], opposite: readonly Access[], isWanted: Wanted) =>
    nearestOf(
      accesses,
      (access) =>
        isNamed(site, access.field) && isWanted(access) && !isNearerThere(access, opposite),
    ) ?? nearestOf(accesses, isWanted);
  const isRead: Wanted = (access) => canBe(access, 'write') && isMet(access, 'read');
  const isStored: Wanted = (access) => canBe(access, 'read') && isMet(access, 'write');
  const role = roleOf(site);
  return site.orders.flatMap(({ before, after }) => {
    const written = role === 'reader' ? undefined : closest(after, before, isRead);
    // A full barrier that a store follows is there to have that seen last; what an operation that takes something stores
    // itself says nothing.
    const isTaking = written !== undefined && isOwn(written, site) && takes(site.primitive);
    const isWriter = role === 'writer' || (written !== undefined && !isTaking);
    const read = isWriter ? undefined : closest(before, after, isStored);
    const found: Flagged[] = [];
    if (written !== undefined)
      found.push({
        flag: written,
        orders: [{ before: beside(before, written), after: [written] }],
      });
    if (read !== undefined)
      found.push({ flag: read, orders: [{ before: [read], after: beside(after, read) }] });
    if (role === 'both')
      found.push(...storeThenLook(closest(before, after, isRead), nextLook(after, isStored)));
    return found;
  });
}

/** Whether an operation that orders makes the access itself. */
function isOwn({ span, caller }: Access, site: Site): boolean {
  return caller === undefined && site.span.start <= span.start && span.end <= site.span.end;
}

/** Store buffering: what a full barrier has stored before, and looks at behind it. */
function storeThenLook(stored: Access | undefined, look: Access | undefined): readonly Flagged[] {
  if (stored === undefined || look === undefined || !canBe(stored, 'write')) return [];
  return [{ flag: look, orders: [{ before: [stored], after: [look] }] }];
}

type Wanted = (access: Access) => boolean;

/** Whether the same field is accessed on the other side of the barrier, nearer to it. */
function isNearerThere({ field, distance }: Access, opposite: readonly Access[]): boolean {
  const name = fieldName(field);
  return opposite.some((access) => fieldName(access.field) === name && access.distance < distance);
}

/** The nearest access that is wanted, where the function with the barrier or a caller of it makes it, or calls who does. */
function nearestOf(accesses: readonly Access[], isWanted: Wanted): Access | undefined {
  const found = byDistance(accesses).find(isWanted);
  return found !== undefined && found.via.length <= 1 ? found : undefined;
}

/** The same, but not of a caller; a plain read gives way to a marked one in the same step: that is what others store meanwhile. */
function nextLook(accesses: readonly Access[], isWanted: Wanted): Access | undefined {
  const nearest = nearestOf(accesses, isWanted);
  const isMarkedBeside: Wanted = (access) =>
    access.distance === nearest?.distance && access.marking !== 'plain' && isWanted(access);
  const isPlain = nearest?.effect === 'read' && nearest.marking === 'plain';
  const found = (isPlain ? nearestOf(accesses, isMarkedBeside) : undefined) ?? nearest;
  return found?.caller === undefined ? found : undefined;
}

/** The nearest accesses that are not to the flag. */
function beside(accesses: readonly Access[], flag: Access): readonly Access[] {
  const name = fieldName(flag.field);
  return byDistance(accesses)
    .filter(({ field }) => fieldName(field) !== name && field.struct !== '?')
    .slice(0, MOST_FIELDS);
}

function byDistance(accesses: readonly Access[]): readonly Access[] {
  return accesses.toSorted((a, b) => a.distance - b.distance);
}

function canBe({ effect }: Access, wanted: Access['effect']): boolean {
  return effect === 'read-write' || effect === wanted;
}

/** Whether a function may run beside that of the barrier and knows its flag: one of its files, and neither calls the other,
 *  but for a helper with the barrier that more functions call; or the same one, which takes the flag by an atomic
 *  operation and so expects others of its kind. */
function isOtherSide(
  root: PlacedFunction,
  { file, site }: PlacedSite,
  flag: Access,
  callers: Callers,
): boolean {
  if (flag.field.struct === '?') return false;
  const isNear = root.file === file || homesNear(file, site, callers).has(folderOf(root.file));
  const home = flag.caller ?? site.function;
  if (root.file === file && root.fact.name === site.function)
    return takesByItself(root, flag, site);
  return (
    isNear &&
    root.fact.name !== site.function &&
    root.fact.name !== home &&
    (home === site.function || !root.fact.calls.includes(home)) &&
    (!root.fact.calls.includes(site.function) || callers(site.function).length > 1)
  );
}

/** The folders in which the other side of a barrier is looked for: its own, and those of its users where it is in a header. */
function homesNear(file: string, site: Site, callers: Callers): ReadonlySet<string> {
  const users = file.endsWith('.h') ? callers(site.function) : [];
  return new Set([file, ...users.map((user) => user.file)].map(folderOf));
}

/** What others do before and behind a barrier of a helper than one of its callers. */
function madeBesides(
  { fact: { name } }: PlacedFunction,
  orders: readonly SiteOrder[],
): readonly SiteOrder[] {
  const others = (accesses: readonly Access[]) => accesses.filter(({ caller }) => caller !== name);
  return orders.map(({ before, after }) => ({ before: others(before), after: others(after) }));
}

/** Whether a function comes to what it then stores by an atomic operation whose outcome decides, as `cmpxchg()`. */
function takesByItself({ fact }: PlacedFunction, { field, span }: Access, site: Site): boolean {
  const name = fieldName(field);
  return fact.accesses.some(
    (access) =>
      access.marking === 'atomic' &&
      access.effect === 'read-write' &&
      access.isTested === true &&
      (access.span.start < span.start || isLastRelease(site, access)) &&
      fieldName(access.field) === name,
  );
}

/** Whether an access is that of an operation which releases only, and whose outcome says who is the last: that one is ordered by nothing
 *  behind it (atomic_t.txt, "ORDERING"; include/linux/refcount.h, "Memory ordering"). */
function isLastRelease(site: Site, { span }: Access): boolean {
  return roleOf(site) === 'writer' && span.start === site.span.start;
}

/** What is known of all functions. */
interface Among {
  readonly users: Users;
  readonly mayShareLock: MayShareLock;
}

/** Whether a lock may keep the function away from the other side while it makes such accesses; `own` are those of that side. */
type KeepsAway = (accesses: readonly PlacedAccess[], own: readonly Access[]) => boolean;

/** What the function meets the other way round, and what it misplaces. */
function meetingsOf(
  site: PlacedSite,
  root: PlacedFunction,
  flag: Access,
  { users, mayShareLock }: Among,
  sources: FunctionsOf,
): readonly Omit<OneSided, 'site'>[] {
  const keepsAway: KeepsAway = (accesses, own) =>
    mayShareLock(root, accesses, [...homesOf(own, site, sources), ...makersOf(own, sources)]);
  const met = ordersMetBy(site, root, sources);
  const others = met.filter(
    ({ order, isInSameOrder }) =>
      !isInSameOrder &&
      !isSetUp(order.accesses[1][1], root, users(fieldName(flag.field))) &&
      !isOrderedElsewhere(order, root, sources),
  );
  const decided = others
    .map(({ order }) => order)
    .filter((order) => isDecided(order, flag, site.file, root, keepsAway, sources));
  const [opposite] = decided;
  const besides = opposite && decided.find((order) => isBesideFlag(order, opposite, flag));
  const vouched = others.find(({ order }) => isVouchedFor(order, site, root, sources));
  const placedFlag = { ...flag, file: site.file };
  const misplaced = misplacedIn(met, placedFlag, users, sources);
  const late = ordersGivenBackBy(site, root, sources).find((order) =>
    isLateRead(order, root, sources),
  );
  const cleared = clearedBefore(site, root, flag, sources);
  return [
    ...(vouched === undefined ? [] : [vouched.order]),
    ...(vouched === undefined ? [opposite, besides] : []).flatMap((order) =>
      order === undefined ? [] : { ...order, isDecided: true as const },
    ),
    ...(misplaced === undefined ? [] : [misplaced]),
    ...(late === undefined ? [] : [{ ...late, misplaced: 'late-read' as const }]),
    ...(cleared === undefined ? [] : [cleared]),
  ].map((order) => ({ function: root, order }));
}

/** Whether what the function looks at first decides what it does then, and it looks without a lock; or it is the one that
 *  writes, under whatever lock. */
function isDecided(
  { shape, accesses: [own, [first, last]], kinds: [, [kind]] }: SharedOrder,
  flag: Access,
  file: string,
  root: PlacedFunction,
  keepsAway: KeepsAway,
  sources: FunctionsOf,
): boolean {
  if (shape === 'SB')
    return (
      (flag.marking !== 'plain' || isTested({ ...flag, file }, sources)) &&
      isTested(last, sources) &&
      last.marking !== 'plain' &&
      !isNew(first, sources) &&
      !keepsAway([first, last], own)
    );
  // What is given back is looked at no more: the other side fills it anew where it finds it free.
  if (shape === 'LB')
    return (
      fieldName(last.field) === fieldName(flag.field) &&
      (flag.marking === 'acquire' || isTested({ ...flag, file }, sources)) &&
      last.effect === 'write' &&
      first.effect === 'read' &&
      ![first, last].some((each) => isNew(each, sources)) &&
      !keepsAway([first, last], own)
    );
  if (shape !== 'MP') return false;
  // An object that is new when it is filled is known by what is stored last, which an acquire waits for.
  if (kind === 'write')
    return (
      isTested({ ...flag, file }, sources) &&
      !isNew(last, sources) &&
      (flag.marking === 'acquire' || !isNew(first, sources))
    );
  return (
    last.effect === 'read' &&
    isTested(first, sources) &&
    ![first, last].some((each) => isNew(each, sources)) &&
    !isStoredBetween(first, last, root) &&
    (isAwaited(first, sources) || !keepsAway([first, last], own))
  );
}

/** Whether an order is of a field beside the flag, where another one is of what the flag may lead to: an address dependency orders
 *  that one alone (memory-barriers.txt, "ADDRESS-DEPENDENCY BARRIERS (HISTORICAL)"). */
function isBesideFlag(order: SharedOrder, other: SharedOrder, { field }: Access): boolean {
  const [payload, known] = [order, other].map(({ accesses: [, met] }) =>
    met.find((access) => fieldName(access.field) !== fieldName(field)),
  );
  return (
    order.shape === 'MP' &&
    payload?.field.struct === field.struct &&
    known?.field.struct !== field.struct
  );
}

/** Whether a function stores itself, on the way from its look at the flag, to what it then reads. */
function isStoredBetween(flag: PlacedAccess, read: PlacedAccess, root: PlacedFunction): boolean {
  if (read.via.length > 0) return false;
  // What is stored on one branch only is no nearer to the function's entry.
  return root.fact.accesses.some(
    (access) =>
      access.via.length === 0 &&
      isStoreTo(access, read) &&
      access.span.end < read.span.start &&
      access.distance < read.distance &&
      flag.distance <= access.distance,
  );
}

const WAIT = /^s?wait_event(?!.*_lock_irq)/;

/** Whether a function waits until the flag is set, and keeps its locks meanwhile: who sets it cannot be in need of them. */
function isAwaited(flag: PlacedAccess, { facts }: FunctionsOf): boolean {
  const { start, end } = flag.inner ?? flag.span;
  const file = facts(flag.innerFile ?? flag.file);
  return (file?.sites ?? []).some(
    ({ primitive, span }) => WAIT.test(primitive) && span.start <= start && end <= span.end,
  );
}

/** Store buffering: whether the function stores to the field in several places, and has a barrier between one of them and
 *  the same look: the other values that it stores are hints. */
function isOrderedElsewhere(
  { shape, accesses: [, [stored, look]] }: SharedOrder,
  root: PlacedFunction,
  sources: FunctionsOf,
): boolean {
  if (shape !== 'SB') return false;
  const steps = accessesOf(root, sources);
  const stores = steps.filter(({ made }) => isStoreTo(made, stored));
  const looks = steps.filter(
    ({ made: { effect, field } }) =>
      effect !== 'write' && fieldName(field) === fieldName(look.field),
  );
  return (
    stores.length > 1 &&
    sitesOf(root, sources, (site) => site.explicit && roleOf(site) === 'both').some((site) => {
      const isBehind = ({ path }: Step) => comparePaths(site, path) < 0;
      const next = looks.find(isBehind);
      const last = stores.findLast((each) => !isBehind(each));
      return (
        last !== undefined &&
        next !== undefined &&
        !stores.some((each) => isBehind(each) && comparePaths(each.path, next.path) < 0)
      );
    })
  );
}

function isStoreTo({ effect, field }: Access, to: Access): boolean {
  return effect !== 'read' && fieldName(field) === fieldName(to.field);
}

/** Whether the readers take what they have read only where a second look at a counter finds it as it was, and the writer stores
 *  to both. Where the two looks are in different functions, the writer has to move the counter on before and behind the store,
 *  as of a sequence count (Documentation/locking/seqlock.rst, "Sequence counters (seqcount_t)"). */
function isVouchedFor(
  { shape, accesses: [own, met], kinds: [, [kind]] }: SharedOrder,
  site: PlacedSite,
  root: PlacedFunction,
  sources: FunctionsOf,
): boolean {
  if (shape !== 'MP') return false;
  const homes = homesOf(own, site, sources);
  const [[read, counter], readers, writers] =
    kind === 'write' ? ([own, homes, [root]] as const) : ([met, [root], homes] as const);
  const isInOne = [read, counter].every(isMadeThere) && kind === 'write';
  return (
    isReadAgain(counter, read, readers, sources) &&
    (isInOne || isMovedAround(counter, read, writers, sources)) &&
    ![...own, ...met].some((each) => each.effect !== 'read' && isNew(each, sources))
  );
}

/** Whether the function that is looked at makes an access, and none that it calls or that calls it. */
function isMadeThere({ via, caller }: Access): boolean {
  return via.length === 0 && caller === undefined;
}

/** Whether one of the functions stores to a counter, then to what it vouches for, then to the counter again; and what reads it
 *  calls another function for one of the looks: where both are in one function, `unordered-recheck` tells it. */
function isMovedAround(
  counter: PlacedAccess,
  read: PlacedAccess,
  writers: readonly PlacedFunction[],
  sources: FunctionsOf,
): boolean {
  if ([read, counter].every(isMadeThere)) return false;
  const [moved, stored] = [fieldName(counter.field), fieldName(read.field)];
  return writers.some((writer) => {
    const stores = accessesOf(writer, sources)
      .filter(({ made: { effect } }) => effect !== 'read')
      .map(({ made: { field } }) => fieldName(field));
    const begin = stores.indexOf(moved);
    const between = stores.indexOf(stored, begin + 1);
    return begin >= 0 && between > begin && stores.lastIndexOf(moved) > between;
  });
}

/** The functions that make the accesses which a site orders: its own, or those that call it. */
function homesOf(
  accesses: readonly Access[],
  { file, site }: PlacedSite,
  { functions }: FunctionsOf,
): readonly PlacedFunction[] {
  const callers = accesses.flatMap(({ caller }) => caller ?? []);
  if (callers.length > 0) return callers.flatMap(functions);
  return functions(site.function).filter((each) => each.file === file);
}

/** The functions that are called for accesses, up to those that make them. */
function makersOf(
  accesses: readonly Access[],
  { functions }: FunctionsOf,
): readonly PlacedFunction[] {
  return accesses.flatMap(({ via }) => via.flatMap(functions));
}

/** Whether a function accesses the flag itself: of a word of bits, the same one. */
function isUserOf({ fact }: PlacedFunction, flag: Access): boolean {
  return fact.accesses.some((access) => sameness(access, flag) > 0);
}

/** The functions that may access a field in such a way. */
function usersOf(field: string, effect: MetEffect, users: Users): readonly PlacedFunction[] {
  return users(field).filter(({ fact }) =>
    fact.accesses.some((access) => canBe(access, effect) && fieldName(access.field) === field),
  );
}
