/**
 * Which things a property rests on: the minimal sets of them that cannot all be taken away. Knows
 * nothing of barriers; it asks whether a set breaks the property, which must be monotone (taking more
 * away never repairs).
 */

/** Items by number, ascending. */
export type ItemSet = readonly number[];

export interface BreakingSets {
  /** Taking all of a set away breaks the property, taking any proper subset away does not. */
  readonly sets: readonly ItemSet[];
  /** Whether these are all there are. */
  readonly complete: boolean;
}

/** Finds the minimal breaking sets of the items `0 .. size-1`, asking at most `questions` times.
 *
 *  A set that hits all breaking sets found so far is kept and all else taken away: if that breaks the
 *  property, what was taken away shrinks to a new breaking set; if not, no set misses that hitting
 *  set. When no hitting set is left to try, all breaking sets are known (dualisation as in MARCO). */
export function minimalBreakingSets(
  size: number,
  breaks: (removed: ItemSet) => boolean,
  questions: number,
): BreakingSets {
  const all = Array.from({ length: size }, (_, item) => item);
  const sets: ItemSet[] = [];
  const settled = new Set<string>();
  let left = questions;
  const ask = (removed: ItemSet) => {
    left -= 1;
    return breaks(removed);
  };
  for (;;) {
    const kept = minimalHittingSets(sets).find((set) => !settled.has(set.join()));
    if (kept === undefined) return { sets, complete: true };
    if (left <= 0) return { sets, complete: false };
    const removed = without(all, kept);
    if (ask(removed)) sets.push(minimalSubset(removed, ask));
    else settled.add(kept.join());
  }
}

/** A minimal breaking subset of a breaking set: halves are tried first, then smaller pieces. */
export function minimalSubset(breaking: ItemSet, breaks: (removed: ItemSet) => boolean): ItemSet {
  let current = breaking;
  for (let piece = Math.ceil(current.length / 2); piece >= 1; piece = nextPiece(piece)) {
    for (let at = 0; at < current.length; ) {
      const rest = [...current.slice(0, at), ...current.slice(at + piece)];
      if (breaks(rest)) current = rest;
      else at += piece;
    }
  }
  return current;
}

function nextPiece(piece: number): number {
  return piece === 1 ? 0 : Math.ceil(piece / 2);
}

/** The minimal sets that have an item of each of `sets` (Berge: one set at a time). */
export function minimalHittingSets(sets: readonly ItemSet[]): readonly ItemSet[] {
  let hitting: readonly ItemSet[] = [[]];
  for (const set of sets) {
    const extended = hitting.flatMap((hit) =>
      hit.some((item) => set.includes(item)) ? [hit] : set.map((item) => sorted([...hit, item])),
    );
    hitting = minimalOnly(extended);
  }
  return hitting;
}

function minimalOnly(sets: readonly ItemSet[]): readonly ItemSet[] {
  const bySize = [...new Map(sets.map((set) => [set.join(), set])).values()].sort(
    (left, right) => left.length - right.length,
  );
  const minimal: ItemSet[] = [];
  for (const set of bySize)
    if (!minimal.some((smaller) => smaller.every((item) => set.includes(item)))) minimal.push(set);
  return minimal;
}

function sorted(items: ItemSet): ItemSet {
  return [...items].sort((left, right) => left - right);
}

function without(items: ItemSet, removed: ItemSet): ItemSet {
  return items.filter((item) => !removed.includes(item));
}
