/** Who pairs with whom by what the fields say: two sides that order the same two fields in opposite order. */

import type { Field } from '../facts/file-facts.ts';
import { fieldName } from '../facts/file-facts.ts';
import { type Crossing, crossingsOf } from './crossing.ts';
import { LEAST_CLOSE, MOST_POSTINGS } from './field-postings.ts';
import { isKin, sameFlag } from './fit.ts';
import { folderOf } from './function-index.ts';
import { bySureness, inOrder, refOf } from './orient.ts';
import type { Pairing, Shape, SharedOrder } from './pairing.ts';
import { farthest, sharedOrders } from './shape.ts';
import { isDeliberate, isOpposite, type Side } from './side.ts';

/** Two sides that meet, and how; whether they belong together is a matter of degree (`inferredPairing`). */
export interface Meeting {
  /** In the order that a pairing has them. */
  readonly sides: readonly [Side, Side];
  readonly orders: readonly SharedOrder[];
  readonly crossings: readonly Crossing[];
  /** Both primitives access the same flag, one writing it and one reading it. */
  readonly isFlag: boolean;
}

/** How many functions order a field, in one file or in all. */
export type Frequency = (field: Field, file?: string) => number;

/** How the two meet; undefined where they cannot be two sides or have nothing in common. */
export function meetingOf(side: Side, other: Side): Meeting | undefined {
  if (side === other || !isOpposite(side.role, other.role)) return undefined;
  if (!isDeliberate(side.site) && !isDeliberate(other.site)) return undefined;
  const sides = inOrder(side, other);
  const orders = sharedOrders(...sides)
    .filter(({ shape }) => shape !== '2+2W')
    .slice(0, MOST_ORDERS);
  const isFlag = sameFlag(side, other) && side.role !== 'both' && other.role !== 'both';
  const { found: crossings, areApart } = crossingsOf(...sides);
  const isNear = !areApart && crossings.some(({ weight }) => weight >= LEAST_CLOSE);
  return orders.length > 0 || isFlag || isNear ? { sides, orders, crossings, isFlag } : undefined;
}

const MOST_ORDERS = 6;

/** Pairs below this are chance. */
const LEAST_SCORE = 0.25;
/** Of one site the pairs that are much worse than its best are left out, and more than so many. */
const SHARE_OF_BEST = 0.6;
const MOST_PARTNERS = 6;

/** How much the likeliest field speaks for a pair, and two of them, one on each side of the barriers. */
const ONE_FIELD = 0.7;
const TWO_FIELDS = 0.8;

/** The meeting as a pairing, if more than chance speaks for it. */
export function inferredPairing(meeting: Meeting, ofAll: Frequency): Pairing | undefined {
  const { sides, isFlag } = meeting;
  const frequency = amongThoseOf(sides, ofAll);
  const weighed = meeting.orders
    .map((order) => ({ order, weight: weightOf(order, frequency) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const crossings = meeting.crossings
    .map((each) => ({ ...each, weight: each.weight * oddityOf(each, frequency) }))
    .sort((a, b) => b.weight - a.weight);
  const one = ONE_FIELD * (crossings[0]?.weight ?? 0);
  const two = TWO_FIELDS * twoFields(crossings);
  const flag = isFlag ? FLAG_WEIGHT * rarityOfFlag(sides, frequency) : 0;
  const sure = 1 - (1 - one) * (1 - two) * (1 - flag);
  const score = Math.round(sure * likelihood(...sides) * nearness(...sides) * 1000) / 1000;
  if (score < LEAST_SCORE) return undefined;
  const orders = weighed.map(({ order }) => order);
  return {
    sites: [refOf(sides[0]), refOf(sides[1])],
    sources: ['inferred'],
    orders,
    score,
    reasons: reasonsOf(meeting, orders, crossings),
  };
}

/** How many functions order a field, for what it says of two sides: in one file the functions of that file count, each as
 *  so many, however common the field is elsewhere. */
function amongThoseOf([{ file }, other]: Meeting['sides'], frequency: Frequency): Frequency {
  if (file !== other.file) return frequency;
  return (field) => Math.min(frequency(field), IN_ONE_FILE * frequency(field, file));
}

const IN_ONE_FILE = 4;

/** How much the likeliest two fields say, one that is before the first barrier and another one that is behind it. */
function twoFields(crossings: readonly Crossing[]): number {
  const [before, after] = (['before', 'after'] as const).map((side) =>
    crossings.filter(({ where }) => where === side).slice(0, 2),
  );
  const pairs = before!.flatMap((first) =>
    after!
      .filter(({ field }) => fieldName(field) !== fieldName(first.field))
      .map((second) => Math.sqrt(first.weight * second.weight)),
  );
  return Math.max(0, ...pairs);
}

/** The best of a site's inferred pairings. */
export function bestPairings(pairings: readonly Pairing[]): readonly Pairing[] {
  const sorted = [...pairings].sort(bySureness);
  const least = (sorted[0]?.score ?? 0) * SHARE_OF_BEST;
  return sorted.filter(({ score }) => score >= least).slice(0, MOST_PARTNERS);
}

/** Of the sides of a file those that pairs are inferred for. */
export function takingPart(sides: readonly Side[]): readonly Side[] {
  const last = new Map<string, number>();
  for (const { site, role } of sides)
    if (isDeliberate(site) && role !== 'writer')
      last.set(site.function, Math.max(site.span.start, last.get(site.function) ?? 0));
  const isBehindAll = ({ site }: Side) => site.span.start > (last.get(site.function) ?? -1);
  return sides.filter((side) => takesPart(side) || (isMarkedRead(side) && isBehindAll(side)));
}

/** What depends on it may be in a caller; where a barrier follows it, that is who orders. */
function isMarkedRead({ site: { category, uncertain, own } }: Side): boolean {
  return category === 'marked-access' && !uncertain && own?.effect === 'read';
}

/** Whether pairs are inferred for the site wherever it stands: a barrier, a release or acquire, RCU's publication and its
 *  readers, a marked read on which others depend, a fully ordered atomic. Locks pair by their lock, not by a partner
 *  somewhere. */
function takesPart({ site }: Side): boolean {
  switch (site.category) {
    case 'full-barrier':
    case 'read-barrier':
    case 'write-barrier':
    case 'release':
    case 'acquire':
    case 'rcu-publish':
    case 'rcu-dereference':
      return !site.uncertain;
    case 'marked-access':
      return !site.uncertain && site.orders.some(({ after }) => after.length > 0);
    case 'atomic':
    case 'bitop':
    case 'thread-flag':
      return site.orders.length > 0 && !site.uncertain;
    case 'compiler-barrier':
    case 'lock':
    case 'unlock':
    case 'rcu-reader':
    case 'grace-period':
    case 'sleep':
    case 'wake':
    case 'seqcount-reader':
    case 'seqcount-writer':
    case 'helper':
      return false;
  }
}

/** The same flag written with release and read with acquire, or published and dereferenced by RCU. */
const FLAG_WEIGHT = 0.5;

const SHAPE_WEIGHTS: Readonly<Record<Shape, number>> = {
  MP: 0.9,
  SB: 0.85,
  LB: 0.5,
  S: 0.4,
  R: 0.4,
  '2+2W': 0,
};

/** How much one common order says: by its shape, how rare its fields are, how close the accesses. */
function weightOf(order: SharedOrder, frequency: Frequency): number {
  const { shape, first, second } = order;
  const rarity = rarityOf(first, frequency) * rarityOf(second, frequency);
  return (SHAPE_WEIGHTS[shape] * rarity) / (1 + farthest(order) / 30);
}

/** Kinds that are there for each other are likelier than others, and a barrier for CPUs is hardly ever there for one for
 *  devices. */
function likelihood(a: Side, b: Side): number {
  if (a.site.domain !== b.site.domain) return OTHER_DOMAIN;
  return isKin(a.site, b.site) ? 1 : NOT_KIN;
}

const OTHER_DOMAIN = 0.2;
const NOT_KIN = 0.7;

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

/** As `oddity`, less where the struct of the field is not known. */
function rarityOf(field: Field, frequency: Frequency): number {
  return oddity(field, frequency) * (field.struct === '?' ? 0.35 : 1);
}

/** The two primitives may name their flag in different ways. */
function rarityOfFlag([one, other]: Meeting['sides'], frequency: Frequency): number {
  const [field, same] = [one.site.own!.field, other.site.own!.field];
  return Math.min(rarityOf(field, frequency), oddity(same, frequency));
}

/** Of a field that one side knows by its name only, the name counts, too. */
function oddityOf({ field, unknown }: Crossing, frequency: Frequency): number {
  const known = oddity(field, frequency);
  return unknown === undefined ? known : Math.min(known, oddity(unknown, frequency));
}

/** 1 for a field that few functions order, less for common and generic ones, and 0 for those that everybody orders. */
function oddity(field: Field, frequency: Frequency): number {
  const uses = frequency(field);
  if (uses > MOST_POSTINGS) return 0;
  const common = 1 / (1 + Math.max(0, Math.log2(uses / FEW_USES)) / 2);
  return common * (GENERIC_NAMES.has(field.name) && field.struct !== undefined ? 0.75 : 1);
}

/** A field that no more functions order than this is as good as one that two order. */
const FEW_USES = 16;

function nearness(a: Side, b: Side): number {
  if (a.file === b.file) return a.site.function === b.site.function ? 0.6 : 1;
  return folderOf(a.file) === folderOf(b.file) ? 0.93 : 0.75;
}

function reasonsOf(
  { sides: [side, other], isFlag }: Meeting,
  orders: readonly SharedOrder[],
  crossings: readonly Crossing[],
): readonly string[] {
  const shared = orders
    .slice(0, 3)
    .map(
      ({ shape, first, second }) =>
        `${side.site.function}() orders ${fieldName(first)} before ${fieldName(second)}, ${other.site.function}() the reverse (${shape})`,
    );
  if (isFlag) {
    const flag = fieldName(side.site.own!.field);
    const both = `${side.site.primitive}() and ${other.site.primitive}() access the same ${flag}`;
    return [...shared, both];
  }
  const [nearest] = crossings;
  if (shared.length > 0 || nearest === undefined) return shared;
  const [here, there] = nearest.where === 'before' ? ['before', 'behind'] : ['behind', 'before'];
  return [
    `${side.site.function}() has ${fieldName(nearest.field)} ${here} its ${side.site.primitive}(), ${other.site.function}() ${there} its ${other.site.primitive}()`,
  ];
}
