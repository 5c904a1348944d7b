/** Files with more pairings than anybody reads: the likeliest are proved, and of the others it is told that they are not. */

import type { Pairing } from '../pairing/pairing.ts';
import { pairingKey, type Tree } from './tree.ts';

/** Of a file so many pairings are proved, a few seconds of work: more than all but a few files of the kernel have. */
const MOST_PROVED = 400;

/** Why a pairing is not proved that is too many in all of its files. */
export const TOO_MANY = `not proved: the file has more than ${MOST_PROVED} pairings, and this is none of the likeliest`;

/** By file, those of its pairings that are none of the likeliest, by their keys. */
type Unlikely = Map<string, ReadonlySet<string>>;

const known = new WeakMap<Tree, Unlikely>();

/** Whether a pairing of `tree` is not proved. */
export function isLeftOut(pairing: Pairing, tree: Tree): boolean {
  const files = new Set(pairing.sites.map(({ file }) => file));
  const asked = known.get(tree);
  const key = pairingKey(pairing);
  // One file that is not crowded is enough: one that was asked about is looked at first.
  return [...files]
    .sort((a, b) => Number(asked?.has(b) === true) - Number(asked?.has(a) === true))
    .every((file) => unlikelyIn(file, tree).has(key));
}

/** How many pairings of a file are not proved. */
export function leftOutOf(file: string, tree: Tree): number {
  if (unlikelyIn(file, tree).size === 0) return 0;
  return tree.everyPairingIn(file).filter((pairing) => isLeftOut(pairing, tree)).length;
}

function unlikelyIn(file: string, tree: Tree): ReadonlySet<string> {
  const asked: Unlikely = known.get(tree) ?? new Map();
  known.set(tree, asked);
  const found = asked.get(file) ?? new Set(unlikely(tree.everyPairingIn(file)).map(pairingKey));
  asked.set(file, found);
  return found;
}

function unlikely(pairings: readonly Pairing[]): readonly Pairing[] {
  return pairings.toSorted((a, b) => b.score - a.score).slice(MOST_PROVED);
}
