/** The shapes in which two sides meet: which two fields both order, in opposite order, and how. */

import type { Field } from '../facts/file-facts.ts';
import type { AccessKind, PlacedAccess, Shape, SharedOrder } from './pairing.ts';
import type { ByFieldName, FieldAccesses, Side, SideOrder } from './side.ts';

/** A field, or one bit of it, as an access names it. */
export interface Located {
  readonly field: Field;
  readonly bit?: string;
}

/** Whether two accesses can be to the same object: 1 for the same struct and name, less where the struct of
 *  one could not be told, 0 for different objects or different bits of one. */
export function sameness(a: Located, b: Located): number {
  if (a.field.name !== b.field.name) return 0;
  if (a.bit !== undefined && b.bit !== undefined && a.bit !== b.bit) return 0;
  const [left, right] = [a.field.struct, b.field.struct];
  if (left === right) return left === '?' ? 0.2 : 1;
  return left === '?' || right === '?' ? 0.3 : 0;
}

/** The likeliest pairs of fields that `one` orders and `other` meets in the opposite order, nearest first. */
export function sharedOrders(one: Side, other: Side): readonly SharedOrder[] {
  const found = one.orders.flatMap((left) => other.orders.flatMap((right) => meeting(left, right)));
  return withoutRepeats(sortedBy(found, farthest));
}

/** Steps from the barriers to the farthest of the accesses; one in a callee is further away than its call. */
export function farthest({ accesses: [one, two] }: SharedOrder): number {
  return Math.max(reach(one[0]), reach(one[1]), reach(two[0]), reach(two[1]));
}

function reach({ distance, via }: PlacedAccess): number {
  return distance + 4 * via.length;
}

/** Both fields of an order: `left` has the first before and the second after, `right` the reverse. */
function meeting(left: SideOrder, right: SideOrder): readonly SharedOrder[] {
  const firsts = common(left.before, right.after);
  if (firsts.length === 0) return [];
  const seconds = common(left.after, right.before);
  return firsts.flatMap((first) =>
    seconds.flatMap((second) => (sameness(first[0], second[0]) > 0 ? [] : shapes(first, second))),
  );
}

/** The same field as two sides access it. */
type Common = readonly [FieldAccesses, FieldAccesses];

/** Of many common fields the nearest are looked at: far ones say little, and their products are many. */
const MOST_COMMON = 10;

function common(a: ByFieldName, b: ByFieldName): readonly Common[] {
  if (a.size > b.size) return common(b, a).map(([left, right]) => [right, left]);
  const found: Common[] = [];
  for (const [name, lefts] of a)
    for (const right of b.get(name) ?? [])
      for (const left of lefts) if (sameness(left, right) > 0) found.push([left, right]);
  if (found.length <= MOST_COMMON) return found;
  return sortedBy(found, ([left, right]) => Math.max(away(left), away(right))).slice(
    0,
    MOST_COMMON,
  );
}

function away({ read, write }: FieldAccesses): number {
  return Math.min(
    read === undefined ? Number.POSITIVE_INFINITY : reach(read),
    write === undefined ? Number.POSITIVE_INFINITY : reach(write),
  );
}

/** Sorted by a number that is computed once for each. */
function sortedBy<Item>(items: readonly Item[], rank: (item: Item) => number): readonly Item[] {
  return items
    .map((item) => ({ item, rank: rank(item) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** The best known of the shapes that the accesses allow: message passing before store buffering, ... An operation that returns nothing
 *  is taken for its store, as long as there is a shape then: nobody sees what `set_bit()` found. In message passing the reader may end with
 *  one, which changes what it finds. */
function shapes(first: Common, second: Common): readonly SharedOrder[] {
  const allowed = SHAPES.flatMap(([shape, [a, b], [c, d]]): readonly SharedOrder[] => {
    const one = [first[0][a], second[0][b]] as const;
    const two = [second[1][c], first[1][d]] as const;
    if (!areThere(one) || !areThere(two)) return [];
    const kinds = [
      [a, b],
      [c, d],
    ] as const;
    return [{ shape, first: known(first), second: known(second), accesses: [one, two], kinds }];
  });
  const best =
    allowed.find((order) => order.shape === 'MP' && !readsBlindly(order, [0])) ??
    allowed.find((order) => !readsBlindly(order, [0, 1])) ??
    allowed[0];
  return best === undefined ? [] : [best];
}

/** Whether such an operation is taken for its read as one of the accesses of a side that are asked about. */
function readsBlindly({ accesses, kinds }: SharedOrder, asked: readonly (0 | 1)[]): boolean {
  return accesses.some((side, at) =>
    asked.some((leg) => side[leg].isBlind === true && kinds[at]![leg] === 'read'),
  );
}

/** A shape by the kinds of its accesses in program order: of the first side to the first and the second
 *  location, of the second side to the second and the first (litmus-tests.txt; the mirror image of an
 *  asymmetric shape is in the table too). */
const SHAPES: readonly (readonly [
  Shape,
  readonly [AccessKind, AccessKind],
  readonly [AccessKind, AccessKind],
])[] = [
  ['MP', ['write', 'write'], ['read', 'read']],
  ['MP', ['read', 'read'], ['write', 'write']],
  ['SB', ['write', 'read'], ['write', 'read']],
  ['LB', ['read', 'write'], ['read', 'write']],
  ['S', ['write', 'write'], ['read', 'write']],
  ['S', ['read', 'write'], ['write', 'write']],
  ['R', ['write', 'write'], ['write', 'read']],
  ['R', ['write', 'read'], ['write', 'write']],
  ['2+2W', ['write', 'write'], ['write', 'write']],
];

/** The shape of two sides whose accesses are of these kinds; undefined where they do not conflict. */
export function shapeOf([one, two]: SharedOrder['kinds']): Shape | undefined {
  return SHAPES.find(
    ([, left, right]) =>
      left[0] === one[0] && left[1] === one[1] && right[0] === two[0] && right[1] === two[1],
  )?.[0];
}

function areThere(
  accesses: readonly [PlacedAccess | undefined, PlacedAccess | undefined],
): accesses is readonly [PlacedAccess, PlacedAccess] {
  return accesses[0] !== undefined && accesses[1] !== undefined;
}

/** The same order as seen from the other side. */
export function reversed({ shape, first, second, accesses, kinds }: SharedOrder): SharedOrder {
  return {
    shape,
    first: second,
    second: first,
    accesses: [accesses[1], accesses[0]],
    kinds: [kinds[1], kinds[0]],
  };
}

/** The field as the side that knows its struct names it. */
function known([a, b]: Common): Field {
  return a.field.struct === '?' ? b.field : a.field;
}

function withoutRepeats(orders: readonly SharedOrder[]): readonly SharedOrder[] {
  const seen = new Set<string>();
  return orders.filter(({ shape, first, second }) => {
    const key = `${shape} ${first.struct}.${first.name} ${second.struct}.${second.name}`;
    return !seen.has(key) && seen.add(key);
  });
}
