/** `missing-full-barrier`: two functions each store what the other one looks at, and both can miss it. */

import { type Site, shownField } from '../../facts/file-facts.ts';
import { primitive } from '../../kernel/primitives.ts';
import type { Pairing, PlacedAccess, SharedOrder } from '../../pairing/pairing.ts';
import { bareName } from '../bare-side.ts';
import { type Finding, isAtLeast, type Severity } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import { nameEachOther } from '../named-in-comments.ts';
import type { Tree } from '../tree.ts';
import { decisive } from '../verdict.ts';
import { stepsOf } from './broken-pairing.ts';
import type { CheckedKind } from './check.ts';

export const missingFullBarrier: CheckedKind = {
  code: 'missing-full-barrier',
  meaning:
    'Two functions each store to a field and then look, without a lock, at the field that the other one stores to, so that at least one of them sees the other. That holds only with a full barrier between the store and the look in both; atomic operations that return no value or that fail, bit operations and locks are none.',
  fires:
    'Where both functions do so with two fields of one object, or of two where one of the functions wakes somebody and the other one sleeps (the store may be in a small function that is called for it, the look one at a list, as list_empty()), one of them by an atomic operation or both so that they back off (they store to the field again behind the look), where the look may be an atomic operation that takes a bit or a state (test_and_set_bit(); a cmpxchg() that fails orders nothing), and the simulation of both as they are shows that both miss what the other one stored; the execution is attached. It is a warning where one of the two has its full barrier, or a comment in one says that it belongs to the other, else an information.',
  fix: 'Put smp_mb() (beside an atomic operation that returns nothing smp_mb__after_atomic()) between the store and the look, in both functions.',
  asks: (tree, severity) =>
    tree
      .idioms()
      .filter(({ idiom }) => idiom === 'store-buffering')
      .filter((pairing) => isAtLeast(mostSerious(tree, pairing, pairing.orders), severity)),
  check: (moment) =>
    moment.tree
      .idiomsIn(moment.file)
      .filter(({ idiom }) => idiom === 'store-buffering')
      .flatMap((pairing) => finding(moment, pairing)),
};

function finding(moment: FileMoment, pairing: Pairing): readonly Finding[] {
  const { answer, currency } = moment.verdictOf(pairing) ?? {};
  if (answer === undefined || currency !== 'current' || answer.verdict.kind !== 'broken') return [];
  const { order, bad } = decisive(answer)!;
  const { tree } = moment;
  const isOrdered = (side: Side) => hasBetween(tree, side, isFullyOrdered);
  const side = order.accesses.find((each) => !isOrdered(each) && !isMeant(tree, each));
  if (side === undefined || side[0].file !== moment.file) return [];
  const [store, look] = side;
  return [
    {
      span: look.span,
      message: `nothing orders the store to ${shownField(store.field)} before the look at ${shownField(look.field)}: ${bad}`,
      related: stepsOf(moment, answer),
      atMost: mostSerious(moment.tree, pairing, [order]),
    },
  ];
}

/** An information where neither a full barrier nor a comment says that one of the orders is meant. */
function mostSerious(tree: Tree, pairing: Pairing, orders: readonly SharedOrder[]): Severity {
  const areMeant =
    orders.some(({ accesses }) => accesses.some((side) => isMeant(tree, side))) ||
    isClaimed(tree, pairing);
  return areMeant ? 'error' : 'information';
}

/** Whether a comment in one of the functions names the other one. */
function isClaimed(tree: Tree, { sites }: Pairing): boolean {
  const [one, other] = sites.map((ref) => ({ file: ref.file, name: bareName(ref) ?? '' }));
  return nameEachOther(tree, one!, other!);
}

type Side = readonly [PlacedAccess, PlacedAccess];

/** Whether somebody has put a full barrier between the two accesses of a side. */
function isMeant(tree: Tree, side: Side): boolean {
  return hasBetween(tree, side, ({ category }) => category === 'full-barrier');
}

/** Whether such a site stands between the two accesses of a side, or makes one of them. */
function hasBetween(tree: Tree, [store, look]: Side, isIt: (site: Site) => boolean): boolean {
  return (tree.facts(store.file)?.sites ?? []).some(
    (site) => store.span.start <= site.span.start && site.span.end <= look.span.end && isIt(site),
  );
}

/** Whether it orders everything, whatever comes of it. */
function isFullyOrdered(site: Site): boolean {
  const { when, orders = [] } = primitive(site.primitive) ?? {};
  return (
    when === 'always' && orders.some(({ before, after }) => before === 'all' && after === 'all')
  );
}
