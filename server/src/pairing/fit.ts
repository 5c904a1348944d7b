/** How well a site fits what a comment says of the partner: by primitive, role, fields, and its own comment. */

import type { Claim } from '../claims/claim.ts';
import { matchesPattern } from '../claims/name-pattern.ts';
import { isOperation } from '../claims/operations.ts';
import type { Site } from '../facts/file-facts.ts';
import type { Category } from '../kernel/primitive.ts';
import { primitive } from '../kernel/primitives.ts';
import { farthest, sameness, sharedOrders } from './shape.ts';
import {
  type ByFieldName,
  type FieldAccesses,
  isAcquire,
  isOpposite,
  isRelease,
  type Side,
} from './side.ts';

/** A site that can be meant, with what speaks for it. */
export interface Fit {
  readonly side: Side;
  /** Comparable among the candidates of one claim only. */
  readonly points: number;
  /** What it was recognised by, in a few words. */
  readonly via: string;
  /** Whether more than its mere presence speaks for it: the name, a field, its own comment. */
  readonly hasEvidence: boolean;
  /** Whether the fields leave little doubt, or its comment: two of them in the opposite order. */
  readonly isStrong: boolean;
  /** Whether its operation is the one that is named, or of the kind that is named and on the same object. */
  readonly isNamed: boolean;
  /** Whether there is no doubt: it is named, or of the kind that is named, or its comment names this side. */
  readonly isAnswer: boolean;
}

/** How well `candidate` can be the partner that `claim`, made for `from`, means; undefined where it cannot. */
export function fitOf(from: Side, claim: Claim, candidate: Side): Fit | undefined {
  if (
    candidate.site.id === from.site.id &&
    candidate.file === from.file &&
    claim.label === undefined
  )
    return undefined;
  if (!isOpposite(from.role, candidate.role)) return undefined;
  const named = namedBy(claim, candidate.site);
  if (isForCompiler(candidate.site) && isForCpus(from.site) && !namesCompiler(from.site))
    return undefined;
  const meets = meeting(from, candidate);
  const returns = claimsBack(from, candidate);
  const hasEvidence = named === 'exact' || named === 'kind' || meets > 0 || returns;
  if (claim.style === 'mention' && !isForMention(from, candidate, hasEvidence, returns))
    return undefined;
  const isSaid = claim.primitive !== undefined && named !== 'other' && candidate.site.explicit;
  if (claim.style === 'see' && !isSaid && !isForHint(from, candidate, hasEvidence))
    return undefined;
  if (!canBeMeant(named, candidate.site, meets > 0 || returns)) return undefined;
  const points =
    NAME_POINTS[named] + meets + (returns ? 30 : 0) + standing(from.site, candidate.site);
  return {
    side: candidate,
    points,
    via: viaOf(named, candidate.site, meets, returns),
    hasEvidence,
    isStrong: meets >= BOTH_POINTS || returns,
    isNamed: named === 'exact' || (named === 'kind' && sameFlag(from, candidate)),
    isAnswer: named === 'exact' || named === 'kind' || returns,
  };
}

/** Whether it keeps only the compiler from moving accesses. */
function isForCompiler({ category }: Site): boolean {
  return category === 'compiler-barrier';
}

/** Whether the comment speaks of what orders for the compiler, and not of "the barrier" in general. */
function namesCompiler({ comment }: Site): boolean {
  return /(?<!\w)barrier\(\)|compiler/.test(comment?.text ?? '');
}

/** Whether it orders all before all for other CPUs: what orders but for the compiler is no partner of it. */
function isForCpus({ primitive: name }: Site): boolean {
  const orders = primitive(name)?.orders ?? [];
  return orders.some(({ before, after }) => before === 'all' && after === 'all');
}

/** A mere mention of a function means a site of it only if that answers it, or is a barrier that has
 *  something to do with this one. */
function isForMention(
  from: Side,
  candidate: Side,
  hasEvidence: boolean,
  returns: boolean,
): boolean {
  if (returns) return true;
  if (isForCompiler(candidate.site)) return false;
  if (candidate.site.explicit) return hasEvidence || from.role !== 'both';
  return hasEvidence && sameFlag(from, candidate);
}

/** "See f()" may point to the same thing done elsewhere: a full barrier beside a full barrier, or what orders only by
 *  the way, needs a reason. */
function isForHint(from: Side, candidate: Side, hasEvidence: boolean): boolean {
  if (hasEvidence) return true;
  const isSame = from.role === 'both' && candidate.role === 'both';
  return from.site.explicit && candidate.site.explicit && !isSame;
}

/** How the claim's primitive stands to a site's: the very name or pattern, a class it belongs to, any
 *  barrier, another one, or the claim names none. */
type NameMatch = 'exact' | 'kind' | 'any' | 'other' | 'unsaid';

const NAME_POINTS: Readonly<Record<NameMatch, number>> = {
  exact: 200,
  kind: 40,
  any: 5,
  other: -20,
  unsaid: 0,
};

/** A site that bears the label the claim names is named by it. */
function namedBy({ label, primitive }: Claim, site: Site): NameMatch {
  if (label !== undefined && site.labels.includes(label)) return 'exact';
  return primitive === undefined ? 'unsaid' : nameMatch(primitive, site);
}

/** How the operation `name`, as a comment has it, stands to the primitive of `site`. */
export function nameMatch(name: string, site: Site): NameMatch {
  const bare = name.replace(/^_+/, '');
  if (bare === site.primitive.replace(/^_+/, '')) return 'exact';
  if (bare.includes('*') && isAbbreviated(bare, site.primitive)) return 'exact';
  if (bare === 'barrier') return 'any';
  if (isMarked(site.primitive) && isMarked(bare)) return 'unsaid';
  if (operationOf(bare) === operationOf(site.primitive)) return 'kind';
  const kind = KINDS.find(([word]) => word.test(bare));
  if (kind === undefined && !isOperation(name)) return 'unsaid';
  return kind?.[1](site) === true ? 'kind' : 'other';
}

/** What an atomic operation does, whatever it does it to: comments say cmpxchg() for atomic_try_cmpxchg(). */
function operationOf(name: string): string {
  return name.replace(/^_*(?:(?:arch|raw)_)*(?:atomic(?:64|_long)?_)?(?:try_)?/, '');
}

/** An access that is only marked: comments say READ_ONCE() where WRITE_ONCE() is meant, and the reverse. */
function isMarked(name: string): boolean {
  return primitive(name)?.category === 'marked-access';
}

/** What has a read or a write barrier inside counts as one. */
const READS: ReadonlySet<Category> = new Set(['read-barrier', 'seqcount-reader']);
const WRITES: ReadonlySet<Category> = new Set(['write-barrier', 'seqcount-writer']);

/** A word for a kind of operation, and the sites that are of the kind. */
const KINDS: readonly (readonly [RegExp, (site: Site) => boolean])[] = [
  [/^(?:read barrier|rmb|smp_rmb)$/, (site) => READS.has(site.category) || isAcquire(site)],
  [/^(?:write barrier|wmb|smp_wmb)$/, (site) => WRITES.has(site.category) || isRelease(site)],
  [/^(?:full barrier|mb|smp_mb)$/, isFull],
  [/acquire/, isAcquire],
  [/release/, isRelease],
];

export function isFull({ category, primitive }: Site): boolean {
  return category === 'full-barrier' || /^smp_(?:store_)?mb/.test(primitive);
}

/** Whether a pattern names the operation; underscores beside its stars are the comment's. */
function isAbbreviated(pattern: string, operation: string): boolean {
  const open = pattern.replaceAll('_*', '*').replaceAll('*_', '*');
  return matchesPattern(open, operation) || matchesPattern(open, operation.replace(/^_+/, ''));
}

/** Barriers can be meant by their presence; what orders only by the way needs a reason. */
function canBeMeant(named: NameMatch, site: Site, hasReason: boolean): boolean {
  switch (named) {
    case 'exact':
    case 'kind':
      return true;
    case 'any':
    case 'unsaid':
      return site.explicit || implies(site) || (hasReason && !NOT_MEANT.has(site.category));
    case 'other':
      return hasReason && site.explicit;
  }
}

/** What comments call an implied barrier. */
const IMPLYING: ReadonlySet<Category> = new Set([
  'atomic',
  'bitop',
  'thread-flag',
  'sleep',
  'acquire',
  'release',
  'rcu-publish',
]);

/** Operations that order, but are never what "the barrier in f()" means. */
const NOT_MEANT: ReadonlySet<Category> = new Set([
  'wake',
  'lock',
  'unlock',
  'rcu-reader',
  'grace-period',
]);

/** A value-returning atomic or bit operation, an acquire or release, or the setting of a task's state. */
function implies(site: Site): boolean {
  return IMPLYING.has(site.category) && site.orders.length > 0;
}

/** Barriers are meant before what implies one, those for CPUs before those for devices, and one that
 *  is as strong as the claiming site before others. */
function standing(from: Site, site: Site): number {
  if (isForCompiler(site)) return -6;
  const kin = isKin(from, site) ? 6 : 0;
  const domain = site.domain === from.domain ? 0 : -6;
  return (site.explicit ? 12 : -4) + kin + domain;
}

const KIN: readonly (readonly [Category, Category])[] = [
  ['full-barrier', 'full-barrier'],
  ['read-barrier', 'write-barrier'],
  ['write-barrier', 'read-barrier'],
  ['rcu-publish', 'rcu-dereference'],
  ['rcu-dereference', 'rcu-publish'],
];

/** Whether the candidate's comment names the function of `from` in turn. */
function claimsBack(from: Side, candidate: Side): boolean {
  return candidate.site.claims.some(({ functions }) => functions.includes(from.site.function));
}

/** What two fields in opposite order speak for a site. */
const BOTH_POINTS = 20;

/** What the two sides have in common: two fields in opposite order, the same flag, or one field met on
 *  the right side of each; nearer accesses count more. */
function meeting(from: Side, candidate: Side): number {
  const shared = sharedOrders(from, candidate);
  const nearest = shared[0];
  const both = nearest === undefined ? 0 : BOTH_POINTS + 10 / (1 + farthest(nearest) / 4);
  const field = oneField(from, candidate);
  return both + (sameFlag(from, candidate) ? 15 : 0) + field + asCommented(from, candidate);
}

/** Whether the candidate meets a field that the comment names where this side has it nearest: behind its
 *  own barrier what stands before this one, and the reverse. */
function asCommented(from: Side, candidate: Side): number {
  const words = new Set(from.site.comment?.text.match(/\w+/g));
  const isMet = [...words].some((word) =>
    from.orders.some(({ before, after }) => {
      const nearer = nearest(before, word) <= nearest(after, word) ? 'after' : 'before';
      const own = (nearer === 'after' ? before : after).get(word) ?? [];
      return candidate.orders.some((order) =>
        (order[nearer].get(word) ?? []).some((other) =>
          own.some((field) => sameness(field, other) === 1 && conflicts(field, other)),
        ),
      );
    }),
  );
  return isMet ? 30 : 0;
}

function nearest(fields: ByFieldName, name: string): number {
  const accesses = (fields.get(name) ?? []).flatMap(({ read, write }) => [read, write]);
  return Math.min(...accesses.flatMap((access) => access?.distance ?? []));
}

/** Whether anything that the one orders is ordered by the other as well. */
export function hasCommonField(a: Side, b: Side): boolean {
  return sameFlag(a, b) || oneField(a, b) > 0;
}

/** Both primitives access the same object; of two that belong together the name is enough where the struct of one is
 *  not known. */
export function sameFlag(a: Side, b: Side): boolean {
  const [left, right] = [a.site.own, b.site.own];
  if (left === undefined || right === undefined) return false;
  const alike = sameness(left, right);
  return alike === 1 || (alike > 0 && isKin(a.site, b.site));
}

/** Whether two sites are of kinds that belong together: acquire and release, read and write barrier. */
export function isKin(from: Site, site: Site): boolean {
  return (
    KIN.some(([a, b]) => from.category === a && site.category === b) ||
    (isRelease(from) && isAcquire(site)) ||
    (isAcquire(from) && isRelease(site))
  );
}

/** A field that the one has after and the other before its site, or the reverse. */
function oneField(a: Side, b: Side): number {
  const crosses = a.orders.some((left) =>
    b.orders.some((right) => meet(left.before, right.after) || meet(left.after, right.before)),
  );
  return crosses ? 6 : 0;
}

function meet(
  a: ReadonlyMap<string, readonly FieldAccesses[]>,
  b: ReadonlyMap<string, readonly FieldAccesses[]>,
): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  for (const [name, lefts] of small)
    for (const right of large.get(name) ?? [])
      if (lefts.some((left) => sameness(left, right) === 1 && conflicts(left, right))) return true;
  return false;
}

function conflicts(a: FieldAccesses, b: FieldAccesses): boolean {
  return (
    (a.write !== undefined && (b.read ?? b.write) !== undefined) ||
    (b.write !== undefined && a.read !== undefined)
  );
}

function viaOf(named: NameMatch, site: Site, meets: number, returns: boolean): string {
  if (named === 'exact') return `the ${site.primitive}() that is named`;
  if (named === 'kind') return `${site.primitive}(), of the kind that is named`;
  if (returns) return 'its comment names this side in turn';
  if (meets >= BOTH_POINTS) return 'it meets the same fields in the opposite order';
  if (meets > 0) return 'it orders the same field';
  return site.explicit
    ? 'a barrier in the function'
    : `${site.primitive}(), which implies a barrier`;
}
