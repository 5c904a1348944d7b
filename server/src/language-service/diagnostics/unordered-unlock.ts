/** `unordered-unlock`: a bit or a word that is used as a lock is given back by a store, or taken by an operation, that orders
 *  nothing. */

import { type Access, type Site, shownField } from '../../facts/file-facts.ts';
import { looksLikeLock, looksLikeUnlock } from '../../kernel/lock-names.ts';
import { primitive } from '../../kernel/primitives.ts';
import { siteAt } from '../../pairing/as-made.ts';
import type { Pairing, PlacedAccess, SharedOrder } from '../../pairing/pairing.ts';
import { sameness } from '../../pairing/shape.ts';
import { type Finding, isAtLeast, type Severity } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { Tree } from '../tree.ts';
import { decisive } from '../verdict.ts';
import { stepsOf } from './broken-pairing.ts';
import type { CheckedKind } from './check.ts';

export const unorderedUnlock: CheckedKind = {
  code: 'unordered-unlock',
  meaning:
    'An atomic operation takes a bit or a word like a lock, and a store gives it back. Where that store is no release, what was stored under the lock can become visible after it; where the operation is no acquire, what is read under the lock can be read before it: whoever takes it next reads what was there before.',
  fires:
    'Where a function takes the bit or word by an atomic operation whose outcome it tests (or by a look and a store, where it is given back by clear_bit_unlock() or another release), stores to fields, and gives it back by clear_bit(), atomic_set(), WRITE_ONCE() or a plain store, in itself or in what it calls, another function of its folder, or the same on another CPU, takes it and reads such a field, and that store or the taking orders nothing, and the simulation of both as they are shows the outcome; the execution is attached. An information where nothing else in the file takes the lock by an acquire or gives it back by a release, and no name says that it is a lock: that the order is meant nothing says then.',
  fix: 'Give it back by clear_bit_unlock(), atomic_set_release() or smp_store_release(), or put smp_mb__before_atomic() before clear_bit(); take it by test_and_set_bit_lock() or an operation that ends in _acquire.',
  asks: (tree, severity) =>
    tree
      .idioms()
      .filter(isHandMade)
      .filter(({ orders }) =>
        orders.some((order) => isAtLeast(mostSerious(tree, order), severity)),
      ),
  check: (moment) => {
    const found = moment.tree
      .idiomsIn(moment.file)
      .filter(isHandMade)
      .flatMap((pairing) => finding(moment, pairing));
    return [...new Map(found.map((each) => [each.span.start, each])).values()];
  },
};

function isHandMade({ idiom }: Pairing): boolean {
  return idiom === 'hand-made-lock';
}

function finding(moment: FileMoment, pairing: Pairing): readonly Finding[] {
  const { answer, currency } = moment.verdictOf(pairing) ?? {};
  if (answer === undefined || currency !== 'current' || answer.verdict.kind !== 'broken') return [];
  const { order, bad } = decisive(answer)!;
  const { isTaker, lock, word, other } = handMadeLock(order);
  const { file, span } = word;
  if (file !== moment.file) return [];
  const message = isTaker
    ? `${lock} is taken like a lock here, and nothing orders that before the look at ${shownField(other.field)}: ${bad}`
    : `${lock} is taken like a lock, and nothing orders the store to ${shownField(other.field)} before it is given back here: ${bad}`;
  const related = stepsOf(moment, answer);
  return [{ span, message, related, atMost: mostSerious(moment.tree, order) }];
}

/** What takes part in an order: whether it is the taking that orders nothing, or the giving back. */
interface HandMadeLock {
  readonly isTaker: boolean;
  /** Its name: that of the bit, or of the field. */
  readonly lock: string;
  /** The access that orders nothing. */
  readonly word: PlacedAccess;
  readonly other: PlacedAccess;
  readonly take: PlacedAccess;
  readonly give: PlacedAccess;
}

/** The side that orders nothing is the first. */
function handMadeLock({
  kinds,
  accesses: [[first, last], [start, end]],
}: SharedOrder): HandMadeLock {
  const isTaker = kinds[0][0] === 'read';
  const [word, other] = isTaker ? [first, last] : [last, first];
  const [take, give] = isTaker ? [first, end] : [start, last];
  return { isTaker, lock: word.bit ?? shownField(word.field), word, other, take, give };
}

/** An information where nothing says that the word is meant as a lock. */
function mostSerious(tree: Tree, order: SharedOrder): Severity {
  const { word, lock, take, give } = handMadeLock(order);
  const isMeant =
    isNamedLock(take, give, lock) ||
    order.accesses[1].some((access) => isMeantBy(siteAt(access, tree), access)) ||
    (tree.facts(word.file)?.sites ?? []).some(
      (site) => site.own !== undefined && sameness(site.own, word) > 0 && isMeantBy(site, site.own),
    );
  return isMeant ? 'error' : 'information';
}

/** Whether their names say that it is a lock: that of the bit, or those of the functions that take it and give it back. */
function isNamedLock(take: Access, give: Access, lock: string): boolean {
  return (
    looksLikeLock(lock) ||
    (take.via.some((name) => looksLikeLock(name) || ACQUIRE.test(name)) &&
      give.via.some((name) => looksLikeUnlock(name) || RELEASE.test(name)))
  );
}

const ACQUIRE = /(?:^|_)(?:try_?)?(?:acquire|lock)(?:_|$)/;
const RELEASE = /(?:^|_)release(?:_|$)/;

/** Whether the operation that makes the access is an acquire or a release by its name, as nobody writes it who does not mean it;
 *  who waits for a bit to take it (`wait_on_bit_lock()`) means it, too. */
function isMeantBy(site: Site | undefined, { effect }: Access): boolean {
  if (site?.category === 'sleep' && effect === 'read-write') return true;
  const operation = primitive(site?.primitive ?? '')?.operation;
  return (
    operation !== undefined &&
    'order' in operation &&
    (operation.order === 'acquire' || operation.order === 'release')
  );
}
