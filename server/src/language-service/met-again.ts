/** Two functions that met over accesses, in an edited text: the same accesses, where and as they stand there. */

import { fieldName } from '../facts/file-facts.ts';
import { accessesOf, type Step } from '../pairing/met-orders.ts';
import type { Pairing, PlacedAccess, SharedOrder, SiteRef } from '../pairing/pairing.ts';
import type { Tree } from './tree.ts';

/** The pairing with its accesses as they are `after` an edit; undefined where one of them is not there any more, or is not made by
 *  the functions themselves or by what they call. */
export function metAgain(pairing: Pairing, before: Tree, after: Tree): Pairing | undefined {
  const orders = pairing.orders.map((order) => {
    const [one, other] = pairing.sites.map((ref, side) =>
      order.accesses[side]!.map((access) => accessAgain(ref, access, before, after)),
    );
    const accesses = [...one!, ...other!];
    if (accesses.includes(undefined)) return undefined;
    const { misplaced, ...met } = order;
    const again = { ...met, accesses: [one, other] as unknown as SharedOrder['accesses'] };
    return misplaced === undefined || isInPlace(again) ? again : { ...again, misplaced };
  });
  const found = orders.filter((order) => order !== undefined);
  return found.length === orders.length ? { ...pairing, orders: found } : undefined;
}

/** Whether the second side makes its accesses in the order in which it meets those of the first one, by operations that can order. */
function isInPlace({ accesses: [, [first, second]] }: SharedOrder): boolean {
  const isOrdering = ({ marking }: PlacedAccess) => marking === 'release' || marking === 'acquire';
  return first.span.end <= second.span.start && (isOrdering(first) || isOrdering(second));
}

/** Of the accesses to one place in one function the one that was as far down among them. */
function accessAgain(
  ref: SiteRef,
  access: PlacedAccess,
  before: Tree,
  after: Tree,
): PlacedAccess | undefined {
  if (access.caller !== undefined) return undefined;
  const alike = (tree: Tree): readonly Step[] => {
    const placed = tree.site(ref);
    const root = placed && tree.functionIn(placed.file, placed.site.function);
    const steps = root === undefined ? [] : accessesOf(root, tree);
    return steps.filter((step) => placeKey(step.access) === placeKey(access));
  };
  const start = (of: PlacedAccess) => (of.inner ?? of.span).start;
  const index = alike(before).findIndex(({ access: each }) => start(each) === start(access));
  const now = index === -1 ? undefined : alike(after)[index]?.access;
  return now && { ...now, distance: access.distance };
}

function placeKey({ field, bit, via, innerFile }: PlacedAccess): string {
  return JSON.stringify([fieldName(field), bit, via, innerFile]);
}
