/** What is left to choose at each location, and the bounds that it gives to the leaves of a model. */

import {
  addPair,
  emptyRelation,
  forEachPair,
  has,
  intersection,
  isEmpty,
  type Relation,
  union,
} from '../memory-model/relation.ts';
import type { Interval } from './bounds.ts';
import { type Frame, type Place, project } from './frame.ts';
import type { Solution } from './local-solutions.ts';

/** The solutions of one place that are still possible, at least one. */
export interface Domain {
  readonly place: Place;
  readonly solutions: readonly Solution[];
  /** By leaf, over the events of the place: the pairs of every solution, and those of any. */
  readonly lower: readonly Relation[];
  readonly upper: readonly Relation[];
}

export function domainOf(place: Place, solutions: readonly Solution[]): Domain {
  const [first, ...rest] = solutions.map(({ leaves }) => leaves);
  if (rest.length === 0) return { place, solutions, lower: first!, upper: first! };
  const lower = first!.map((relation, leaf) =>
    rest.reduce((common, leaves) => intersection(common, leaves[leaf]!), relation),
  );
  const upper = first!.map((relation, leaf) =>
    union(relation, ...rest.map((leaves) => leaves[leaf]!)),
  );
  return { place, solutions, lower, upper };
}

/** The bounds of each leaf over all places. */
export function leafIntervals(frame: Frame, domains: readonly Domain[]): readonly Interval[] {
  const isSettled = domains.every(({ solutions }) => solutions.length === 1);
  return frame.leaves.map((_, leaf) => {
    const lower = gather(frame, domains, (domain) => domain.lower[leaf]!);
    if (isSettled) return { lower, upper: lower };
    const upper = gather(frame, domains, (domain) => domain.upper[leaf]!);
    return { lower, upper };
  });
}

function gather(
  { structure }: Frame,
  domains: readonly Domain[],
  part: (domain: Domain) => Relation,
): Relation {
  const whole = emptyRelation(structure.size);
  for (const domain of domains) {
    const { events } = domain.place;
    forEachPair(part(domain), (from, to) => addPair(whole, events[from]!, events[to]!));
  }
  return whole;
}

/** The domain without the solutions that have a forbidden pair (by leaf); undefined where none is left. */
export function without(
  domain: Domain,
  forbidden: readonly (Relation | undefined)[],
): Domain | undefined {
  const { place, solutions, upper } = domain;
  if (solutions.length === 1) return domain;
  let kept = solutions;
  for (const [leaf, pairs] of forbidden.entries()) {
    if (pairs === undefined || isEmpty(upper[leaf]!)) continue;
    const here = project(pairs, place.events).relation;
    if (isEmpty(intersection(here, upper[leaf]!))) continue;
    kept = kept.filter(({ leaves }) => isEmpty(intersection(here, leaves[leaf]!)));
  }
  if (kept.length === solutions.length) return domain;
  return kept.length === 0 ? undefined : domainOf(place, kept);
}

/** Two parts of a domain of several solutions: those that have some pair of a leaf, and those that lack
 *  it, as evenly as can be. Solutions that no leaf tells apart are one by one. */
export function halves(domain: Domain): readonly Domain[] {
  const { place, solutions, lower, upper } = domain;
  let best: { readonly leaf: number; readonly from: number; readonly to: number } | undefined;
  let evenness = 0;
  for (const [leaf, possible] of upper.entries())
    forEachPair(possible, (from, to) => {
      if (has(lower[leaf]!, from, to)) return;
      const having = solutions.filter(({ leaves }) => has(leaves[leaf]!, from, to)).length;
      const score = Math.min(having, solutions.length - having);
      if (score > evenness) {
        evenness = score;
        best = { leaf, from, to };
      }
    });
  const cut = best;
  if (cut === undefined) return solutions.map((solution) => domainOf(place, [solution]));
  const having = (solution: Solution) => has(solution.leaves[cut.leaf]!, cut.from, cut.to);
  return [
    domainOf(place, solutions.filter(having)),
    domainOf(
      place,
      solutions.filter((solution) => !having(solution)),
    ),
  ];
}
