/**
 * What a claimed pairing would be about where its two sides do not meet: what the one side orders, and
 * the same two fields as the other side accesses them, wherever its barrier stands. It shows a barrier
 * that is on the wrong side of an access, or of the wrong kind.
 */

import type { Access, FileFacts, FunctionAccess } from '../facts/file-facts.ts';
import type { AccessKind, PlacedAccess, PlacedSite, SharedOrder } from '../pairing/pairing.ts';
import { reversed, sameness, shapeOf } from '../pairing/shape.ts';

/** An order, and for each side whether its barrier stands between the two accesses. */
export interface PlacedOrder {
  readonly order: SharedOrder;
  readonly stands: readonly [boolean, boolean];
}

/** The facts of files. */
interface FactsOf {
  readonly facts: (file: string) => FileFacts | undefined;
}

/** How many of the nearest accesses of a side are looked at. */
const NEAREST = 8;

/** The orders of either side that the other one should meet, the nearest first. */
export function ordersAsPlaced(
  sites: readonly [PlacedSite, PlacedSite],
  sources: FactsOf,
): readonly PlacedOrder[] {
  const forward = oneSided(sites[0], sites[1], sources).map(
    ([order, stands]): PlacedOrder => ({ order, stands: [true, stands] }),
  );
  const backward = oneSided(sites[1], sites[0], sources).map(
    ([order, stands]): PlacedOrder => ({ order: reversed(order), stands: [stands, true] }),
  );
  return [...forward, ...backward];
}

/** What `one` orders, as the accesses of the function of `other` meet it. */
function oneSided(
  one: PlacedSite,
  other: PlacedSite,
  { facts }: FactsOf,
): readonly (readonly [SharedOrder, boolean])[] {
  const home = facts(other.file)?.functions.find(({ name }) => name === other.site.function);
  if (home === undefined) return [];
  return one.site.orders.flatMap(({ before, after }) =>
    nearest(before).flatMap((first) =>
      nearest(after).flatMap((second) =>
        meeting({ ...first, file: one.file }, { ...second, file: one.file }, other, home.accesses),
      ),
    ),
  );
}

function nearest(accesses: readonly Access[]): readonly Access[] {
  return [...accesses].sort((a, b) => a.distance - b.distance).slice(0, NEAREST);
}

/** The other side accesses `second` and later, in text order, `first`: the closest such two to its site. */
function meeting(
  first: PlacedAccess,
  second: PlacedAccess,
  { file, site }: PlacedSite,
  accesses: readonly FunctionAccess[],
): readonly (readonly [SharedOrder, boolean])[] {
  if (sameness(first, second) > 0) return [];
  const starts = accesses.filter((access) => sameness(access, second) === 1);
  const ends = accesses.filter((access) => sameness(access, first) === 1);
  const pairs = starts.flatMap((start) =>
    ends
      .filter((end) => end.span.start >= start.span.end)
      .flatMap((end) => {
        const kinds = kindsOf([first, second], [start, end]);
        return kinds === undefined ? [] : [{ start, end, kinds }];
      }),
  );
  const away = ({ span }: Access) => Math.abs(span.start - site.span.start);
  const [best] = pairs.sort((a, b) => away(a.start) + away(a.end) - away(b.start) - away(b.end));
  if (best === undefined) return [];
  const { start, end, kinds } = best;
  const stands = start.span.start <= site.span.start && site.span.end <= end.span.end;
  const order: SharedOrder = {
    shape: shapeOf(kinds)!,
    first: first.field,
    second: second.field,
    accesses: [
      [first, second],
      [
        { ...start, file },
        { ...end, file },
      ],
    ],
    kinds,
  };
  return [[order, stands]];
}

/** Message passing or store buffering, if the accesses can be that; other shapes are not looked for. */
function kindsOf(
  one: readonly [Access, Access],
  two: readonly [Access, Access],
): SharedOrder['kinds'] | undefined {
  return LOOKED_FOR.find(
    ([left, right]) =>
      canBe(one[0], left[0]) &&
      canBe(one[1], left[1]) &&
      canBe(two[0], right[0]) &&
      canBe(two[1], right[1]),
  );
}

const LOOKED_FOR: readonly SharedOrder['kinds'][] = [
  [
    ['write', 'write'],
    ['read', 'read'],
  ],
  [
    ['read', 'read'],
    ['write', 'write'],
  ],
  [
    ['write', 'read'],
    ['write', 'read'],
  ],
];

function canBe({ effect }: Access, kind: AccessKind): boolean {
  return effect === 'read-write' || effect === kind;
}
