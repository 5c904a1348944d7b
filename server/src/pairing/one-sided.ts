/**
 * Orders that one side gives and a function on the other side does not: it meets the same two fields the other way
 * round, and decides by the one whether it looks at the other. A barrier orders nothing for anybody unless the other
 * side is ordered too (memory-barriers.txt, "SMP BARRIER PAIRING").
 */

import { type Access, fieldName, type Site, type SiteOrder } from '../facts/file-facts.ts';
import { isNew, isReadAgain, isTested, mayLock } from './as-made.ts';
import { folderOf, type PlacedFunction } from './function-index.ts';
import { type FunctionsOf, ordersMetBy } from './met-orders.ts';
import { misplacedIn } from './misplaced.ts';
import type { PlacedSite, SharedOrder } from './pairing.ts';
import { roleOf } from './side.ts';

/** A barrier, a function that meets its order, and over which two fields; the first side is the barrier's. */
export interface OneSided {
  readonly site: PlacedSite;
  readonly function: PlacedFunction;
  readonly order: SharedOrder;
}

/** The functions that access a field themselves, by its name. */
type Users = ReadonlyMap<string, readonly PlacedFunction[]>;

/** Of one barrier so many functions are looked at. */
const MOST_FUNCTIONS = 4;

/** A field that more functions access says little of who meets whom. */
const MOST_USERS = 16;

/** So many fields next to a barrier may be what its flag is for. */
const MOST_FIELDS = 4;

/** The functions that meet what one of the barriers `sites` orders. */
export function oneSidedOrders(
  sites: readonly PlacedSite[],
  functions: readonly PlacedFunction[],
  sources: FunctionsOf,
): readonly OneSided[] {
  const users = usersOf(functions);
  const callers = callersOf(functions);
  return sites.flatMap((site) => {
    const found = flagsOf(site.site, (access, effect) =>
      isMetElsewhere(site, access, effect, users),
    ).flatMap(({ flag, orders }) => {
      const own = users.get(fieldName(flag.field)) ?? [];
      if (own.length > MOST_USERS) return [];
      const behind = own.flatMap(({ fact }) => callers.get(fact.name) ?? []);
      const about = { ...site, site: { ...site.site, orders } };
      return [...new Set([...own, ...behind])]
        .filter((root) => isOtherSide(root, site, flag))
        .flatMap((root) => meetingsOf(about, root, flag, users, sources));
    });
    return found.slice(0, MOST_FUNCTIONS).map((each) => ({ ...each, site }));
  });
}

/** The access that a barrier lets others see last, or that it looks at first, with what it orders on its other side. */
interface Flagged {
  readonly flag: Access;
  readonly orders: readonly SiteOrder[];
}

/** Whether another function than that of the barrier accesses a field, too, in such a way, or that one beside itself. */
type IsMet = (access: Access, effect: Access['effect']) => boolean;

function isMetElsewhere(
  { file, site }: PlacedSite,
  access: Access,
  effect: Access['effect'],
  users: Users,
): boolean {
  const name = fieldName(access.field);
  return (users.get(name) ?? []).some((user) =>
    user.file === file && user.fact.name === site.function
      ? takesByItself(user, access)
      : user.fact.accesses.some((each) => fieldName(each.field) === name && canBe(each, effect)),
  );
}

/** A barrier's flag is what others look at, or store: an index that only its own function moves is none. */
function flagsOf(site: Site, isMet: IsMet): readonly Flagged[] {
  const isRead: Wanted = (access) => canBe(access, 'write') && isMet(access, 'read');
  const isStored: Wanted = (access) => canBe(access, 'read') && isMet(access, 'write');
  const role = roleOf(site);
  return site.orders.flatMap(({ before, after }) => {
    const written = role === 'reader' ? undefined : nearest(after, isRead);
    // A full barrier that a store follows is there to have that seen last.
    const isWriter = role === 'writer' || written !== undefined;
    const read = isWriter ? undefined : nearest(before, isStored);
    const found: Flagged[] = [];
    if (written !== undefined)
      found.push({
        flag: written,
        orders: [{ before: beside(before, written), after: [written] }],
      });
    if (read !== undefined)
      found.push({ flag: read, orders: [{ before: [read], after: beside(after, read) }] });
    if (role === 'both')
      found.push(...storeThenLook(closest(before, isRead), nearest(after, isStored)));
    return found;
  });
}

/** Store buffering: what a full barrier has stored before, and looks at behind it. */
function storeThenLook(stored: Access | undefined, look: Access | undefined): readonly Flagged[] {
  if (stored === undefined || look === undefined || stored.effect !== 'write') return [];
  return [{ flag: look, orders: [{ before: [stored], after: [look] }] }];
}

type Wanted = (access: Access) => boolean;

/** The nearest access that is wanted, where the function with the barrier makes it. */
function nearest(accesses: readonly Access[], isWanted: Wanted): Access | undefined {
  const found = closest(accesses, isWanted);
  return found?.caller === undefined ? found : undefined;
}

/** The same, where a caller of the helper with the barrier may make it. */
function closest(accesses: readonly Access[], isWanted: Wanted): Access | undefined {
  const found = byDistance(accesses).find(isWanted);
  return found?.via.length === 0 ? found : undefined;
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

/** Whether a function may run beside that of the barrier and knows its flag: one of its files, and neither calls the other;
 *  or the same one, which takes the flag by an atomic operation and so expects others of its kind. */
function isOtherSide(root: PlacedFunction, { file, site }: PlacedSite, flag: Access): boolean {
  if (flag.field.struct === '?') return false;
  const isNear = root.file === file || folderOf(root.file) === folderOf(file);
  const home = flag.caller ?? site.function;
  if (root.file === file && root.fact.name === site.function) return takesByItself(root, flag);
  return (
    isNear &&
    root.fact.name !== site.function &&
    root.fact.name !== home &&
    !root.fact.calls.includes(home) &&
    !root.fact.calls.includes(site.function)
  );
}

/** Whether a function comes to what it then stores by an atomic operation whose outcome decides, as `cmpxchg()`. */
function takesByItself({ fact }: PlacedFunction, { field, span }: Access): boolean {
  const name = fieldName(field);
  return fact.accesses.some(
    (access) =>
      access.marking === 'atomic' &&
      access.effect === 'read-write' &&
      access.isTested === true &&
      access.span.start < span.start &&
      fieldName(access.field) === name,
  );
}

/** What the function meets the other way round, and what it misplaces. */
function meetingsOf(
  site: PlacedSite,
  root: PlacedFunction,
  flag: Access,
  users: Users,
  sources: FunctionsOf,
): readonly Omit<OneSided, 'site'>[] {
  const met = ordersMetBy(site, root, sources);
  const others = met.filter(
    ({ order, isInSameOrder }) =>
      !isInSameOrder && !isSetUp(order, users.get(fieldName(flag.field)) ?? []),
  );
  const opposite = others.find(({ order }) => isDecided(order, flag, site.file, root, sources));
  const vouched = others.find(({ order }) => isVouchedFor(order, sources));
  const placedFlag = { ...flag, file: site.file };
  const misplaced = misplacedIn(met, placedFlag, (name) => users.get(name) ?? [], sources);
  return [
    ...(opposite === undefined ? [] : [{ ...opposite.order, isDecided: true as const }]),
    ...(vouched === undefined ? [] : [vouched.order]),
    ...(misplaced === undefined ? [] : [misplaced]),
  ].map((order) => ({ function: root, order }));
}

/** Whether what the function looks at first decides what it does then, and it looks without a lock; or it is the one that
 *  writes, under whatever lock. */
function isDecided(
  { shape, accesses: [, [first, last]], kinds: [, [kind]] }: SharedOrder,
  flag: Access,
  file: string,
  root: PlacedFunction,
  sources: FunctionsOf,
): boolean {
  if (shape === 'SB')
    return (
      isTested({ ...flag, file }, sources) &&
      isTested(last, sources) &&
      last.marking !== 'plain' &&
      !isNew(first, sources) &&
      !mayLock(root, [first, last], sources)
    );
  if (shape !== 'MP') return false;
  if (kind === 'write')
    return (
      isTested({ ...flag, file }, sources) && ![first, last].some((each) => isNew(each, sources))
    );
  return (
    last.effect === 'read' &&
    isTested(first, sources) &&
    ![first, last].some((each) => isNew(each, sources)) &&
    !mayLock(root, [first, last], sources)
  );
}

/** Whether a function stores the flag plainly where others, its `users`, mark their stores: it sets up an object that nobody
 *  else knows yet. */
function isSetUp(
  { accesses: [, [, { effect, marking, field }]] }: SharedOrder,
  users: readonly PlacedFunction[],
): boolean {
  const name = fieldName(field);
  return (
    effect === 'write' &&
    marking === 'plain' &&
    users.some(({ fact }) =>
      fact.accesses.some(
        (each) =>
          each.effect !== 'read' && each.marking !== 'plain' && fieldName(each.field) === name,
      ),
    )
  );
}

/** Whether the barrier stands before a second look at a counter, which decides whether what was read before counts; and the
 *  other side stores to both. */
function isVouchedFor(
  { shape, accesses: [[read, counter], [first, last]], kinds: [, [kind]] }: SharedOrder,
  sources: FunctionsOf,
): boolean {
  return (
    shape === 'MP' &&
    kind === 'write' &&
    isReadAgain(counter, read, sources) &&
    ![first, last].some((each) => isNew(each, sources))
  );
}

/** The functions that access a field themselves. */
function usersOf(functions: readonly PlacedFunction[]): Users {
  return grouped(functions, ({ fact }) => fact.accesses.map(({ field }) => fieldName(field)));
}

/** The functions that call one of a name. */
function callersOf(
  functions: readonly PlacedFunction[],
): ReadonlyMap<string, readonly PlacedFunction[]> {
  return grouped(functions, ({ fact }) => fact.calls);
}

function grouped(
  functions: readonly PlacedFunction[],
  namesOf: (of: PlacedFunction) => readonly string[],
): ReadonlyMap<string, readonly PlacedFunction[]> {
  const groups = new Map<string, PlacedFunction[]>();
  for (const each of functions)
    for (const name of new Set(namesOf(each))) {
      const list = groups.get(name);
      if (list === undefined) groups.set(name, [each]);
      else list.push(each);
    }
  return groups;
}
