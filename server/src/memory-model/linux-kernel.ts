/**
 * The Linux-kernel memory consistency model: the relations and axioms of `linux-kernel.bell` and
 * `linux-kernel.cat` (tools/memory-model), in their order and under their names (`cumulFence` for
 * `cumul-fence`), one line a definition where the original has one. `lock.cat` is in `lock-events.ts`.
 */

import { type EventStructure, isRelaxed } from './event-structure.ts';
import {
  addPair,
  between,
  chain,
  closure,
  complement,
  difference,
  domain,
  type EventSet,
  emptyRelation,
  forEachPair,
  from,
  has,
  identityOn,
  inSet,
  intersection,
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
export type Ordering = ReturnType<typeof orderingRelations>;

/** `linux-kernel.bell` and the basic relations of `linux-kernel.cat`: what does not depend on rf and
 *  co, except for the two relations that pass through lock hand-overs (see `handovers`). */
export function basicRelations(structure: EventStructure) {
  const { size, po, poLoc, ext, loc, addr, data, ctrl } = structure;
  const { M, R, W, IW, Marked, Plain, Acquire, Release, Noreturn, RMW, LKW, tagged } =
    structure.sets;
  const fencerel = (set: EventSet) => fenceRelation(structure, set);
  const SyncRcu = tagged('sync-rcu');
  const SyncSrcu = tagged('sync-srcu');
  const RcuLock = tagged('rcu-lock');
  const RcuUnlock = tagged('rcu-unlock');
  const SrcuLock = tagged('srcu-lock');
  const SrcuUnlock = tagged('srcu-unlock');
  const optionalPo = optional(po);

  // linux-kernel.bell: matching pairs of nested read-side critical sections.
  const rcuRscs = matchedPairs(po, RcuLock, RcuUnlock);
  const srcuRscs = matchedPairs(poLoc, SrcuLock, SrcuUnlock);

  // Release Acquire
  const acqPo = withoutRelaxed(structure, between(Acquire, po, M), 'source');
  const poRel = withoutRelaxed(structure, between(M, po, Release), 'target');

  // Fences
  const R4rmb = setDifference(R, Noreturn);
  const fencerelRmb = fencerel(tagged('rmb'));
  const rmb = between(R4rmb, fencerelRmb, R4rmb);
  const wmb = between(W, fencerel(tagged('wmb')), W);
  const staticMb = union(
    between(M, fencerel(tagged('mb')), M),
    between(M, chain(into(fencerel(tagged('before-atomic')), RMW), optionalPo), M),
    between(M, chain(into(optionalPo, RMW), fencerel(tagged('after-atomic'))), M),
    between(M, chain(into(optionalPo, LKW), fencerel(tagged('after-spinlock'))), M),
    between(
      M,
      chain(into(po, tagged('srcu-unlock')), fencerel(tagged('after-srcu-read-unlock'))),
      M,
    ),
  );
  const afterUnlockLock = into(from(LKW, fencerel(tagged('after-unlock-lock'))), M);
  const gp = gracePeriods(structure, unionOfSets(SyncRcu, SyncSrcu));
  const barrierTags = [
    'barrier',
    'rmb',
    'wmb',
    'mb',
    'sync-rcu',
    'sync-srcu',
    'before-atomic',
    'after-atomic',
    'acquire',
    'release',
    'rcu-lock',
    'rcu-unlock',
    'srcu-lock',
    'srcu-unlock',
  ];
  const barriers = unionOfSets(Acquire, Release, ...barrierTags.map(tagged));
  const barrier = union(fencerel(barriers), into(po, Release), from(Acquire, po));

  // Preserved program order, the part without fences and coherence.
  const dep = union(addr, data);
  const rwdep = into(union(dep, ctrl), W);
  const addrWmb = chain(into(addr, Plain), wmb);

  // Plain accesses
  const PlainW = setDifference(Plain, R);
  const unordered = difference(poLoc, barrier);
  const mixedAccesses = union(
    between(PlainW, unordered, Marked),
    between(Marked, unordered, PlainW),
  );
  const preRace = intersection(
    ext,
    union(product(size, Plain, M), product(size, setDifference(M, IW), Plain)),
  );
  const NotNoreturn = complement(size, Noreturn);

  return {
    optionalPo,
    rcuRscs,
    srcuRscs,
    SyncRcu,
    SyncSrcu,
    acqPo,
    poRel,
    R4rmb,
    rmb,
    wmb,
    staticMb,
    afterUnlockLock,
    gp,
    barrier,
    dep,
    rwdep,
    addrWmb,
    mixedAccesses,
    preRace,
    rmbFromRead: between(R4rmb, fencerelRmb, NotNoreturn),
    rmbToRead: between(NotNoreturn, fencerelRmb, R4rmb),
    hasPlain: !isEmptySet(Plain),
    hasGracePeriods: !isEmptySet(SyncRcu) || !isEmptySet(SyncSrcu),
    hasLocks: !isEmptySet(structure.sets.LKR),
    lockUnlock: { po, loc },
  };
}

/** From "Fundamental coherence ordering" to `pb`: everything in terms of rf, co and fr. */
export function orderingRelations(structure: EventStructure, basic: Basic, com: Communication) {
  const { po, int, ext, addr } = structure;
  const { M, Marked, UL, LKR, LKW } = structure.sets;
  const { rf, co, fr } = com;
  const { acqPo, poRel, wmb, rmb, gp, dep, rwdep } = basic;
  const rfe = intersection(rf, ext);
  const rfi = intersection(rf, int);
  const marked = (relation: Relation) => between(Marked, relation, Marked);

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
  const prop = marked(
    chain(optional(intersection(overwrite, ext)), cumulFenceStar, from(Marked, optional(rfe))),
  );

  // Happens Before: Ordering from the passage of time.
  const hb = marked(union(ppo, rfe, intersection(withoutIdentity(prop), int)));
  const hbStar = reflexiveClosure(hb);

  // Write and fence propagation ordering
  const pb = into(chain(prop, strongFence, hbStar), Marked);

  return { rfe, strongFence, nonrwFence, fence, cumulFenceStar, prop, hb, hbStar, pb };
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
    rcuOrder,
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
  /** Where there are plain accesses and no axiom is broken: what bounds their lifetimes. */
  readonly plain: PlainRelations | undefined;
}

/** Checks hb, pb, rb and plain coherence, in this order, and stops at the first that is broken. */
export function judge(structure: EventStructure, basic: Basic, com: Communication): Judgement {
  const ordering = orderingRelations(structure, basic, com);
  if (!isIrreflexive(closure(ordering.hb))) return { broken: 'happens-before', plain: undefined };
  if (!isAcyclic(ordering.pb)) return { broken: 'propagation', plain: undefined };
  const rcu = basic.hasGracePeriods
    ? rcuRelations(structure, basic, ordering)
    : { ...ordering, rb: emptyRelation(structure.size) };
  if (!isIrreflexive(rcu.rb)) return { broken: 'rcu', plain: undefined };
  if (!basic.hasPlain) return { broken: undefined, plain: undefined };
  const plain = plainRelations(structure, basic, ordering, rcu);
  const incoherent = plainIncoherence(basic, com, plain);
  return { broken: isEmpty(incoherent) ? undefined : 'plain-coherence', plain };
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
  const { M, IW, UL, locks, tagged } = structure.sets;
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
    ['unmatched-unlock', unmatched(UL, range(critical))],
    ['mixed-accesses', !isEmpty(basic.mixedAccesses)],
  ];
  return flags.filter(([, raised]) => raised && size > 0).map(([name]) => name);
}

/** `flag ~empty different-values(srcu-rscs) as srcu-bad-nesting` */
export function isSrcuBadlyNested(basic: Basic, values: readonly (number | undefined)[]): boolean {
  return pairsOf(basic.srcuRscs).some(([lock, unlock]) => values[lock] !== values[unlock]);
}

/** `(po & (_ * S)) ; po`, without the pairs that are relaxed for their fence. */
function fenceRelation(structure: EventStructure, set: EventSet): Relation {
  const { size, po, relaxations, events, space } = structure;
  if (isEmptySet(set)) return emptyRelation(size);
  if (relaxations.length === 0) return chain(into(po, set), po);
  const result = emptyRelation(size);
  for (const fence of events) {
    if (!inSet(set, fence.index)) continue;
    for (const before of events)
      for (const after of events)
        if (
          has(po, before.index, fence.index) &&
          has(po, fence.index, after.index) &&
          !isRelaxed(relaxations, space, fence, before, after)
        )
          addPair(result, before.index, after.index);
  }
  return result;
}

/** `po ; [Sync-rcu | Sync-srcu] ; po?` */
function gracePeriods(structure: EventStructure, sync: EventSet): Relation {
  return isEmptySet(sync)
    ? emptyRelation(structure.size)
    : union(fenceRelation(structure, sync), into(structure.po, sync));
}

/** Drops the pairs whose release (the target) or acquire (the source) is relaxed between them. */
function withoutRelaxed(
  structure: EventStructure,
  relation: Relation,
  device: 'source' | 'target',
): Relation {
  const { relaxations, events, space } = structure;
  if (relaxations.length === 0) return relation;
  const result = emptyRelation(relation.size);
  forEachPair(relation, (left, right) => {
    const by = events[device === 'source' ? left : right]!;
    if (!isRelaxed(relaxations, space, by, events[left]!, events[right]!))
      addPair(result, left, right);
  });
  return result;
}

/** The recursion of `rcu-rscs`: each unlock matches the nearest unmatched lock before it in `po`. */
function matchedPairs(po: Relation, locks: EventSet, unlocks: EventSet): Relation {
  let matched = emptyRelation(po.size);
  if (isEmptySet(locks)) return matched;
  for (;;) {
    const unmatchedLocks = setDifference(locks, domain(matched));
    const unmatchedUnlocks = setDifference(unlocks, range(matched));
    const unmatched = unionOfSets(unmatchedLocks, unmatchedUnlocks);
    const unmatchedPo = between(unmatched, po, unmatched);
    const candidates = between(unmatchedLocks, po, unmatchedUnlocks);
    const more = union(matched, difference(candidates, sequence(unmatchedPo, unmatchedPo)));
    if (sameRelation(more, matched)) return matched;
    matched = more;
  }
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
