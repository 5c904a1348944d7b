/** What is left to choose at each location, and the bounds that it gives to the leaves of a model. */

import { addPair, emptyRelation, has, type Relation, wordsFor } from '../memory-model/relation.ts';
import type { Interval } from './bounds.ts';
import type { Frame, Place } from './frame.ts';
import type { Solution } from './local-solutions.ts';

/** The solutions of one place that are still possible, at least one. */
export interface Domain {
  readonly place: Place;
  readonly solutions: readonly Solution[];
  /** The bits that all solutions have, and those that any has: see `Solution`. */
  readonly lower: Uint32Array;
  readonly upper: Uint32Array;
}

export function domainOf(place: Place, solutions: readonly Solution[]): Domain {
  const first = solutions[0]!.bits;
  if (solutions.length === 1) return { place, solutions, lower: first, upper: first };
  const [lower, upper] = [first.slice(), first.slice()];
  for (const { bits } of solutions)
    for (let word = 0; word < bits.length; word++) {
      lower[word]! &= bits[word]!;
      upper[word]! |= bits[word]!;
    }
  return { place, solutions, lower, upper };
}

/** The bounds of each leaf over all places. */
export function leafIntervals(frame: Frame, domains: readonly Domain[]): readonly Interval[] {
  const isSettled = domains.every(({ solutions }) => solutions.length === 1);
  return frame.leaves.map((_, leaf) => {
    const lower = gather(frame, domains, leaf, 'lower');
    return { lower, upper: isSettled ? lower : gather(frame, domains, leaf, 'upper') };
  });
}

function gather(
  { structure }: Frame,
  domains: readonly Domain[],
  leaf: number,
  bound: 'lower' | 'upper',
): Relation {
  const whole = emptyRelation(structure.size);
  for (const domain of domains) {
    const { events } = domain.place;
    const bits = domain[bound];
    const words = wordsFor(events.length);
    let at = leaf * events.length * words;
    for (const from of events)
      for (let word = 0; word < words; word++, at++)
        for (let pending = bits[at]!; pending !== 0; pending &= pending - 1)
          addPair(whole, from, events[(word << 5) + 31 - Math.clz32(pending & -pending)]!);
  }
  return whole;
}

/** The domain without the solutions that have a forbidden pair (by leaf); undefined where none is left. */
export function without(
  domain: Domain,
  forbidden: readonly (Relation | undefined)[],
): Domain | undefined {
  const { place, solutions } = domain;
  if (solutions.length === 1) return domain;
  const mask = openBits(domain);
  for (const [leaf, pairs] of forbidden.entries()) keepPairs(mask, place, leaf, pairs);
  const kept = solutions.filter(({ bits }) => !meet(mask, bits));
  if (kept.length === solutions.length) return domain;
  return kept.length === 0 ? undefined : domainOf(place, kept);
}

/** The bits that some solutions have and others have not. */
function openBits({ lower, upper }: Domain): Uint32Array {
  return upper.map((word, index) => word & ~lower[index]!);
}

/** Clears the bits of a leaf that are none of `pairs`. */
function keepPairs(
  mask: Uint32Array,
  { events }: Place,
  leaf: number,
  pairs: Relation | undefined,
): void {
  const words = wordsFor(events.length);
  const start = leaf * events.length * words;
  if (pairs === undefined) mask.fill(0, start, start + events.length * words);
  else
    for (let at = start; at < start + events.length * words; at++) {
      const [row, word] = [Math.floor((at - start) / words), (at - start) % words];
      for (let pending = mask[at]!; pending !== 0; pending &= pending - 1) {
        const bit = pending & -pending;
        const to = events[(word << 5) + 31 - Math.clz32(bit)]!;
        if (!has(pairs, events[row]!, to)) mask[at]! &= ~bit;
      }
    }
}

function meet(left: Uint32Array, right: Uint32Array): boolean {
  for (let word = 0; word < left.length; word++)
    if ((left[word]! & right[word]!) !== 0) return true;
  return false;
}

/** Two parts of a domain of several solutions: those that have some pair of a leaf, and those that lack
 *  it. Solutions that no leaf tells apart are one by one. */
export function halves(domain: Domain): readonly Domain[] {
  const { place, solutions } = domain;
  const cut = evenBit(domain);
  if (cut === undefined) return solutions.map((solution) => domainOf(place, [solution]));
  const isSet = ({ bits }: Solution) => (bits[cut >>> 5]! & (1 << (cut & 31))) !== 0;
  const having = solutions.filter(isSet);
  const lacking = solutions.filter((solution) => !isSet(solution));
  return [domainOf(place, having), domainOf(place, lacking)];
}

/** So many solutions are looked at to find an even cut: for an estimate it is enough. */
const SAMPLE = 16;

/** The number of a bit that about half of the solutions have; undefined where they have the same bits. */
function evenBit(domain: Domain): number | undefined {
  const { solutions } = domain;
  const step = Math.ceil(solutions.length / SAMPLE);
  const sample = solutions.filter((_, index) => index % step === 0);
  let best: number | undefined;
  let evenness = -1;
  for (const [word, bits] of openBits(domain).entries())
    for (let open = bits; open !== 0; open &= open - 1) {
      const bit = open & -open;
      const having = sample.filter(({ bits }) => (bits[word]! & bit) !== 0).length;
      const score = Math.min(having, sample.length - having);
      if (score <= evenness) continue;
      evenness = score;
      best = (word << 5) + 31 - Math.clz32(bit);
    }
  return best;
}
