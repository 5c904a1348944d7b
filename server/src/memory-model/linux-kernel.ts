/**
 * The Linux-kernel memory consistency model: the relations and axioms of `linux-kernel.bell` and
 * `linux-kernel.cat` (tools/memory-model), in their order and under their names (`cumulFence` for
 * `cumul-fence`), one line a definition where the original has one. Locks are accesses of the event
 * structure; what `lock.cat` says of them is in `choices.ts` and `event-structure.ts`.
 */

import type { EventStructure } from './event-structure.ts';
import {
  fenceRelation,
  gracePeriods,
  keptPeriods,
  matchedPairs,
  withoutRelaxed,
} from './fence-relations.ts';
import {
  between,
  chain,
  closure,
  complement,
  difference,
  domain,
  type EventSet,
  emptyRelation,
  from,
  identityOn,
  intersection,
  intersectSets,
  into,
  inverse,
  isAcyclic,
  isEmpty,
  isEmptySet,
  isIrreflexive,
  optional,
  pairsOf,
  product,
  type Relation,
  range,
  reflexiveClosure,
  sameRelation,
  sequence,
  setDifference,
  union,
  unionOfSets,
} from './relation.ts';
import type { RuntimeValue } from './value.ts';

/** What an execution adds to its event structure. In the search these are bounds: relations that
 *  every completion contains, or that contain those of every completion. */
export interface Communication {
  readonly rf: Relation;
  readonly co: Relation;
  readonly fr: Relation;
}

/** The axioms, by the names the cat file gives them. */
export type Axiom =
  | 'coherence'
  | 'atomic'
  | 'happens-before'
  | 'propagation'
  | 'rcu'
  | 'plain-coherence';

export type Basic = ReturnType<typeof basicRelations>;
/** `hb`, and what it and `pb` are made of. */
export type HappensBefore = ReturnType<typeof happensBeforeRelations>;
export type Ordering = HappensBefore & { readonly pb: Relation };

/** `linux-kernel.bell` and the basic relations of `linux-kernel.cat`: all that rf and co do not change. */
export function basicRelations(structure: EventStructure) {
  const { addr, data, ctrl } = structure;
  const { W, Plain, LKR, tagged } = structure.sets;
  const fences = fenceRelations(structure);
  const SyncRcu = keptPeriods(structure, tagged('sync-rcu'));
  const SyncSrcu = keptPeriods(structure, tagged('sync-srcu'));
  const dep = union(addr, data);
  return {
    ...fences,
    // Compute matching pairs of nested (S)rcu-lock and (S)rcu-unlock
    rcuRscs: matchedPairs(structure.po, tagged('rcu-lock'), tagged('rcu-unlock')),
    srcuRscs: matchedPairs(structure.poLoc, tagged('srcu-lock'), tagged('srcu-unlock')),
    SyncRcu,
    SyncSrcu,
    optionalPo: optional(structure.po),
    // Preserved Program Order, the part without fences and coherence
    dep,
    rwdep: into(union(dep, ctrl), W),
    addrWmb: chain(into(addr, Plain), fences.wmb),
    hasPlain: !isEmptySet(Plain),
    hasGracePeriods: !isEmptySet(SyncRcu) || !isEmptySet(SyncSrcu),
    hasLocks: !isEmptySet(LKR),
    ...conflicts(structure, fences.barrier),
  };
}

/** "Basic relations": release, acquire and fences; without the hand-over of a lock in mb. */
function fenceRelations(structure: EventStructure) {
  const { size, po } = structure;
  const { M, R, W, Acquire, Release, Noreturn, RMW, LKW, tagged } = structure.sets;
  const fencerel = (set: EventSet) => fenceRelation(structure, set);
  const optionalPo = optional(po);

  // Release Acquire
  const acqPo = withoutRelaxed(structure, between(Acquire, po, M), 'source');
  const poRel = withoutRelaxed(structure, between(M, po, Release), 'target');

  // Fences
  const R4rmb = setDifference(R, Noreturn); // Reads for which rmb works
  const NotNoreturn = complement(size, Noreturn);
  const fencerelRmb = fencerel(tagged('rmb'));
  const rmb = between(R4rmb, fencerelRmb, R4rmb);
  const wmb = between(W, fencerel(tagged('wmb')), W);
  const afterSrcuUnlock = fencerel(tagged('after-srcu-read-unlock'));
  const staticMb = union(
    between(M, fencerel(tagged('mb')), M),
    between(M, chain(into(fencerel(tagged('before-atomic')), RMW), optionalPo), M),
    between(M, chain(into(optionalPo, RMW), fencerel(tagged('after-atomic'))), M),
    between(M, chain(into(optionalPo, LKW), fencerel(tagged('after-spinlock'))), M),
    between(M, chain(into(po, tagged('srcu-unlock')), afterSrcuUnlock), M),
  );
  const barriers = unionOfSets(Acquire, Release, ...BARRIERS.map(tagged));
  return {
    acqPo,
    poRel,
    rmb,
    rmbFromRead: between(R4rmb, fencerelRmb, NotNoreturn),
    rmbToRead: between(NotNoreturn, fencerelRmb, R4rmb),
    wmb,
    staticMb,
    afterUnlockLock: between(LKW, fencerel(tagged('after-unlock-lock')), M),
    gp: gracePeriods(structure, unionOfSets(tagged('sync-rcu'), tagged('sync-srcu'))),
    barrier: union(fencerel(barriers), into(po, Release), from(Acquire, po)),
  };
}

/** The fences of `barrier`, which keep the compiler from moving accesses across. */
const BARRIERS = [
  ...['barrier', 'rmb', 'wmb', 'mb', 'sync-rcu', 'sync-srcu', 'before-atomic', 'after-atomic'],
  ...['rcu-lock', 'rcu-unlock', 'srcu-lock', 'srcu-unlock'],
];

/** `mixed-accesses` and `pre-race`. */
function conflicts({ size, poLoc, ext, sets }: EventStructure, barrier: Relation) {
  const { M, R, IW, Marked, Plain } = sets;
  const none = emptyRelation(size);
  if (isEmptySet(Plain)) return { mixedAccesses: none, preRace: none };
  const PlainW = setDifference(Plain, R);
  const unordered = difference(poLoc, barrier);
  const conflicting = union(product(size, Plain, M), product(size, setDifference(M, IW), Plain));
  return {
    mixedAccesses: union(between(PlainW, unordered, Marked), between(Marked, unordered, PlainW)),
    preRace: intersection(ext, conflicting),
  };
}

/** Write and fence propagation ordering: `let pb = prop ; strong-fence ; hb* ; [Marked]` */
export function propagationOrder(
  structure: EventStructure,
  { prop, strongFence, hbStar }: HappensBefore,
): Relation {
  if (isEmpty(strongFence)) return strongFence;
  return into(chain(prop, strongFence, hbStar), structure.sets.Marked);
}

/** From "Fundamental coherence ordering" to `hb`: everything in terms of rf, co and fr. */
function happensBeforeRelations(structure: EventStructure, basic: Basic, com: Communication) {
  const { po, int, ext, addr } = structure;
  const { M, Marked, UL, LKR, LKW } = structure.sets;
  const { rf, co, fr } = com;
  const { acqPo, poRel, wmb, rmb, gp, dep, rwdep } = basic;
  const rfe = intersection(rf, ext);
  const rfi = intersection(rf, int);
  const marked = (relation: Relation) =>
    basic.hasPlain ? between(Marked, relation, Marked) : relation;

  // Basic relations that pass through the hand-over of a lock
  const poUnlockLockPo = basic.hasLocks
    ? chain(into(po, UL), into(union(po, rf), LKR), po)
    : emptyRelation(structure.size);
  const mb = isEmpty(basic.afterUnlockLock)
    ? basic.staticMb
    : union(
        basic.staticMb,
        from(M, chain(into(po, UL), into(union(co, po), LKW), basic.afterUnlockLock)),
      );
  const strongFence = union(mb, gp);
  const nonrwFence = union(strongFence, poRel, acqPo);
  const fence = union(nonrwFence, wmb, rmb);

  // Preserved Program Order
  const overwrite = union(co, fr);
  const toW = union(rwdep, intersection(overwrite, int), basic.addrWmb);
  const toR = union(addr, chain(into(dep, Marked), rfi));
  const ppo = union(toR, toW, fence, intersection(poUnlockLockPo, int));

  // Propagation: Ordering from release operations and strong fences.
  const aCumul = (relation: Relation) => union(relation, chain(into(rfe, Marked), relation));
  const cumulFence = marked(union(aCumul(union(strongFence, poRel)), wmb, poUnlockLockPo));
  const cumulFenceStar = reflexiveClosure(cumulFence);
  // prop without its first step: tells beforehand what an edge of co or fr would close a cycle with
  const propagated = marked(chain(cumulFenceStar, from(Marked, optional(rfe))));
  const prop = marked(chain(optional(intersection(overwrite, ext)), propagated));

  // Happens Before: Ordering from the passage of time.
  const hb = marked(union(ppo, rfe, intersection(withoutIdentity(prop), int)));
  const hbPlus = closure(hb);
  const hbStar = optional(hbPlus);

  return {
    rfe,
    poUnlockLockPo,
    mb,
    strongFence,
    nonrwFence,
    fence,
    cumulFence,
    cumulFenceStar,
    propagated,
    prop,
    hb,
    hbPlus,
    hbStar,
  };
}

/** The RCU section: `rcu-order` and what is made of it. */
export function rcuRelations(structure: EventStructure, basic: Basic, ordering: Ordering) {
  const { po, loc } = structure;
  const { optionalPo, rcuRscs, srcuRscs, SyncRcu, SyncSrcu } = basic;
  const { hbStar, pb, prop, fence, strongFence } = ordering;
  const pbStar = reflexiveClosure(pb);
  const rcuGp = identityOn(structure.size, SyncRcu);
  const srcuGp = identityOn(structure.size, SyncSrcu);
  const rcuRscsi = inverse(rcuRscs);
  const srcuRscsi = inverse(srcuRscs);
  const rcuLink = chain(optionalPo, hbStar, pbStar, prop, po);
  const rcuOrder = leastFixpoint(union(rcuGp, srcuGp), (order) => {
    const linked = union(rcuLink, chain(rcuLink, order, rcuLink));
    return union(
      chain(rcuGp, linked, rcuRscsi),
      intersection(chain(srcuGp, linked, srcuRscsi), loc),
      chain(rcuRscsi, linked, rcuGp),
      intersection(chain(srcuRscsi, linked, srcuGp), loc),
      chain(order, rcuLink, order),
    );
  });
  const rcuFence = chain(po, rcuOrder, optionalPo);
  const rb = into(chain(prop, rcuFence, hbStar, pbStar), structure.sets.Marked);
  return {
    rcuFence,
    pbStar,
    rb,
    fence: union(fence, rcuFence),
    strongFence: union(strongFence, rcuFence),
  };
}

/** "Plain accesses and data races": when one access is visible to, or over before, another. */
export function plainRelations(
  structure: EventStructure,
  basic: Basic,
  ordering: Ordering,
  rcu: Pick<ReturnType<typeof rcuRelations>, 'rb' | 'fence' | 'strongFence'>,
) {
  const { int, addr } = structure;
  const { Marked } = structure.sets;
  const { hb, pb, cumulFenceStar, rfe, nonrwFence } = ordering;
  const { rb, fence, strongFence } = rcu;

  // Executes-before and visibility
  const xbstar = reflexiveClosure(union(hb, pb, rb));
  const vis = chain(
    cumulFenceStar,
    into(optional(rfe), Marked),
    union(chain(into(strongFence, Marked), xbstar), intersection(xbstar, int)),
  );

  // Boundaries for lifetimes of plain accesses
  const wPreBounded = from(Marked, optional(union(addr, fence)));
  const rPreBounded = from(Marked, optional(union(addr, nonrwFence, basic.rmbFromRead)));
  const wPostBounded = into(optional(fence), Marked);
  const rPostBounded = into(optional(union(nonrwFence, basic.rmbToRead)), Marked);

  // Visibility and executes-before for plain accesses
  const strongly = chain(strongFence, xbstar);
  const visibly = chain(wPostBounded, vis);
  const wwVis = union(fence, chain(strongly, wPreBounded), chain(visibly, wPreBounded));
  const wrVis = union(fence, chain(strongly, rPreBounded), chain(visibly, rPreBounded));
  const rwXbstar = union(fence, chain(rPostBounded, xbstar, wPreBounded));
  return { wwVis, wrVis, rwXbstar };
}

export type PlainRelations = ReturnType<typeof plainRelations>;

/** `acyclic po-loc | com as coherence`, `empty rmw & (fre ; coe) as atomic` */
export function brokenCoherence(structure: EventStructure, com: Communication): Axiom | undefined {
  const { poLoc, rmw, ext } = structure;
  if (!isAcyclic(union(poLoc, com.rf, com.co, com.fr))) return 'coherence';
  const fre = intersection(com.fr, ext);
  const coe = intersection(com.co, ext);
  return isEmpty(intersection(rmw, sequence(fre, coe))) ? undefined : 'atomic';
}

/** The answer of the axioms after coherence. */
export interface Judgement {
  readonly broken: Axiom | undefined;
  /** Where there are plain accesses and no axiom before theirs is broken: what bounds their lifetimes. */
  readonly plain: PlainRelations | undefined;
  readonly order: HappensBefore;
}

/** Checks hb, pb, rb and plain coherence, in this order, and stops at the first that is broken. */
export function judge(structure: EventStructure, basic: Basic, com: Communication): Judgement {
  const order = happensBeforeRelations(structure, basic, com);
  const forbidden = (broken: Axiom): Judgement => ({ broken, plain: undefined, order });
  if (!isIrreflexive(order.hbPlus)) return forbidden('happens-before');
  const ordering = { ...order, pb: propagationOrder(structure, order) };
  if (!isEmpty(ordering.pb) && !isAcyclic(ordering.pb)) return forbidden('propagation');
  const rcu = basic.hasGracePeriods
    ? rcuRelations(structure, basic, ordering)
    : { ...ordering, rb: emptyRelation(structure.size) };
  if (!isIrreflexive(rcu.rb)) return forbidden('rcu');
  if (!basic.hasPlain) return { broken: undefined, plain: undefined, order };
  const plain = plainRelations(structure, basic, ordering, rcu);
  if (isEmpty(plainIncoherence(basic, com, plain))) return { broken: undefined, plain, order };
  return { broken: 'plain-coherence', plain, order };
}

/** `wr-incoh | rw-incoh | ww-incoh` */
export function plainIncoherence(
  basic: Basic,
  com: Communication,
  plain: PlainRelations,
): Relation {
  const { preRace } = basic;
  const wrIncoh = intersection(intersection(preRace, com.rf), inverse(plain.rwXbstar));
  const rwIncoh = intersection(intersection(preRace, com.fr), inverse(plain.wrVis));
  const wwIncoh = intersection(intersection(preRace, com.co), inverse(plain.wwVis));
  return union(wrIncoh, rwIncoh, wwIncoh);
}

/** `ww-race | wr-race | rw-race`, for the conflicts of `com` and the order of `plain`. */
export function dataRaces(
  structure: EventStructure,
  basic: Basic,
  com: Communication,
  { wwVis, wrVis, rwXbstar }: PlainRelations,
): Relation {
  const { size } = structure;
  const { Marked, W } = structure.sets;
  const { preRace } = basic;
  const wwNonrace = intersection(
    intersection(wwVis, union(product(size, Marked, W), rwXbstar)),
    union(product(size, W, Marked), wrVis),
  );
  const wwRace = difference(intersection(preRace, com.co), wwNonrace);
  const reads = intersection(preRace, chain(optional(com.co), com.rf));
  const wrRace = difference(difference(reads, wrVis), inverse(rwXbstar));
  const rwRace = difference(intersection(preRace, com.fr), rwXbstar);
  return union(wwRace, wrRace, rwRace);
}

/** The flags of the bell file, of `lock.cat` and `mixed-accesses`: those that rf and co do not change. */
export function staticFlags(structure: EventStructure, basic: Basic): readonly string[] {
  const { size, po, loc, critical } = structure;
  const { M, IW, UL, locks, observed, tagged } = structure.sets;
  const unmatched = (set: EventSet, matched: EventSet) => !isEmptySet(setDifference(set, matched));
  const { rcuRscs, srcuRscs, SyncSrcu } = basic;
  const flags: readonly (readonly [string, boolean])[] = [
    [
      'unbalanced-rcu-locking',
      unmatched(tagged('rcu-lock'), domain(rcuRscs)) ||
        unmatched(tagged('rcu-unlock'), range(rcuRscs)),
    ],
    [
      'unbalanced-srcu-locking',
      unmatched(tagged('srcu-lock'), domain(srcuRscs)) ||
        unmatched(tagged('srcu-unlock'), range(srcuRscs)),
    ],
    ['invalid-sleep', !isEmpty(intersection(rcuRscs, chain(into(po, SyncSrcu), po)))],
    [
      'mixed-lock-accesses',
      !isEmpty(between(setDifference(setDifference(M, IW), locks), loc, locks)),
    ],
    ['lock-final', !isEmptySet(intersectSets(observed, locks))],
    ['unmatched-unlock', unmatched(UL, range(critical))],
    ['mixed-accesses', !isEmpty(basic.mixedAccesses)],
  ];
  return flags.filter(([, raised]) => raised && size > 0).map(([name]) => name);
}

/** `flag ~empty different-values(srcu-rscs) as srcu-bad-nesting` */
export function isSrcuBadlyNested(
  basic: Basic,
  values: readonly (RuntimeValue | undefined)[],
): boolean {
  return pairsOf(basic.srcuRscs).some(([lock, unlock]) => values[lock] !== values[unlock]);
}

function withoutIdentity(relation: Relation): Relation {
  const all = new Uint32Array(relation.words).fill(0xffffffff);
  return difference(relation, identityOn(relation.size, all));
}

/** The least relation that contains `start` and is closed under `step`. */
function leastFixpoint(start: Relation, step: (relation: Relation) => Relation): Relation {
  for (let current = start; ; ) {
    const larger = union(current, step(current));
    if (sameRelation(larger, current)) return current;
    current = larger;
  }
}
