/** Who pairs with whom by what the fields say: two sides that order the same two fields in opposite order. */

import type { Field } from '../facts/file-facts.ts';
import { fieldName } from '../facts/file-facts.ts';
import type { FieldPostings } from './field-postings.ts';
import { sameFlag } from './fit.ts';
import { folderOf } from './function-index.ts';
import type { Shape, SharedOrder } from './pairing.ts';
import { farthest, sharedOrders } from './shape.ts';
import { isOpposite, type Side } from './side.ts';

/** Two sides that belong together by their fields. */
export interface InferredPair {
  readonly sides: readonly [Side, Side];
  readonly orders: readonly SharedOrder[];
  readonly score: number;
  readonly reasons: readonly string[];
}

/** Pairs below this are chance. */
const LEAST_SCORE = 0.35;
/** Of one site the pairs that are much worse than its best are left out, and more than so many. */
const SHARE_OF_BEST = 0.6;
const MOST_PARTNERS = 6;

/** The likeliest partners of `side`, best first. The work is bounded by the postings of its fields. */
export function inferPartners(side: Side, postings: FieldPostings): readonly InferredPair[] {
  if (!takesPart(side)) return [];
  const pairs = [...postings.candidates(side)]
    .flatMap((other) => pairOf(side, other, postings) ?? [])
    .filter(({ score }) => score >= LEAST_SCORE)
    .sort((a, b) => b.score - a.score || compareSides(a.sides[1], b.sides[1]));
  const best = pairs[0]?.score ?? 0;
  return pairs.filter(({ score }) => score >= best * SHARE_OF_BEST).slice(0, MOST_PARTNERS);
}

/** Whether pairs are inferred for the site: a barrier, a release or acquire, RCU's publication and its
 *  readers, a fully ordered atomic. Locks pair by their lock, not by a partner somewhere. */
export function takesPart({ site }: Side): boolean {
  switch (site.category) {
    case 'full-barrier':
    case 'read-barrier':
    case 'write-barrier':
    case 'release':
    case 'acquire':
    case 'rcu-publish':
    case 'rcu-dereference':
      return !site.uncertain;
    case 'atomic':
    case 'bitop':
    case 'thread-flag':
      return site.orders.length > 0 && !site.uncertain;
    case 'compiler-barrier':
    case 'marked-access':
    case 'lock':
    case 'unlock':
    case 'rcu-reader':
    case 'grace-period':
    case 'sleep':
    case 'wake':
    case 'seqcount-reader':
    case 'seqcount-writer':
      return false;
  }
}

/** Whether a reader of the code looks for the partner of such a site; of two that only imply an order no
 *  pair is made. */
function isDeliberate({ site }: Side): boolean {
  return (
    site.explicit ||
    site.category === 'release' ||
    site.category === 'acquire' ||
    site.category === 'rcu-publish'
  );
}

function pairOf(side: Side, other: Side, postings: FieldPostings): InferredPair | undefined {
  if (side === other || !isOpposite(side.role, other.role)) return undefined;
  if (!isDeliberate(side) && !isDeliberate(other)) return undefined;
  const weighed = sharedOrders(side, other)
    .filter(({ shape }) => shape !== '2+2W')
    .map((order) => ({ order, weight: weightOf(order, postings) }))
    .sort((a, b) => b.weight - a.weight);
  const flag = flagWeight(side, other, postings);
  const together = weighed.slice(0, 3).reduce((rest, { weight }) => rest * (1 - weight), 1 - flag);
  const score = (1 - together) * nearness(side, other);
  return {
    sides: [side, other],
    orders: weighed.map(({ order }) => order),
    score: Math.round(score * 1000) / 1000,
    reasons: reasonsOf(
      side,
      other,
      weighed.map(({ order }) => order),
      flag > 0,
    ),
  };
}

const SHAPE_WEIGHTS: Readonly<Record<Shape, number>> = {
  MP: 0.9,
  SB: 0.85,
  LB: 0.5,
  S: 0.4,
  R: 0.4,
  '2+2W': 0,
};

/** How much one common order says: by its shape, how rare its fields are, how close the accesses. */
function weightOf(order: SharedOrder, postings: FieldPostings): number {
  const { shape, first, second } = order;
  const rarity = rarityOf(first, postings) * rarityOf(second, postings);
  return (SHAPE_WEIGHTS[shape] * rarity) / (1 + farthest(order) / 30);
}

/** The same flag written with release and read with acquire, or published and dereferenced by RCU. */
function flagWeight(side: Side, other: Side, postings: FieldPostings): number {
  if (!sameFlag(side, other) || side.role === 'both' || other.role === 'both') return 0;
  return 0.6 * rarityOf(side.site.own!.field, postings);
}

/** Names that say nothing by themselves, as half of the structs have them. */
const GENERIC_NAMES: ReadonlySet<string> = new Set([
  ...[
    'next',
    'prev',
    'head',
    'tail',
    'list',
    'node',
    'first',
    'entry',
    'parent',
    'lock',
    'state',
    'flags',
  ],
  ...[
    'data',
    'priv',
    'private',
    'count',
    'refcnt',
    'refcount',
    'kref',
    'usage',
    'size',
    'len',
    'length',
  ],
  ...[
    'name',
    'type',
    'id',
    'index',
    'dev',
    'ops',
    'key',
    'value',
    'val',
    'ptr',
    'counter',
    'num',
    'status',
  ],
]);

/** 1 for a field that few functions order, less for common, generic and unknown ones. */
function rarityOf(field: Field, postings: FieldPostings): number {
  const uses = postings.frequency(field);
  const common = 1 / (1 + Math.max(0, Math.log2(uses / 8)) / 2);
  const known = field.struct === '?' ? 0.35 : 1;
  return common * known * (GENERIC_NAMES.has(field.name) && field.struct !== undefined ? 0.75 : 1);
}

function nearness(a: Side, b: Side): number {
  if (a.file === b.file) return a.site.function === b.site.function ? 0.5 : 1;
  return folderOf(a.file) === folderOf(b.file) ? 0.95 : 0.8;
}

function reasonsOf(
  side: Side,
  other: Side,
  orders: readonly SharedOrder[],
  isFlag: boolean,
): readonly string[] {
  const shared = orders
    .slice(0, 3)
    .map(
      ({ shape, first, second }) =>
        `${side.site.function}() orders ${fieldName(first)} before ${fieldName(second)}, ${other.site.function}() the reverse (${shape})`,
    );
  const flag = isFlag
    ? [
        `${side.site.primitive}() and ${other.site.primitive}() access the same ${fieldName(side.site.own!.field)}`,
      ]
    : [];
  return [...shared, ...flag];
}

function compareSides(a: Side, b: Side): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.site.span.start - b.site.span.start;
}
