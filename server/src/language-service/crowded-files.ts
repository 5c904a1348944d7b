/** Files with more pairings than anybody reads: the likeliest are proved, and of the others it is told that they are not. */

import { grouped } from '../facts/grouped.ts';
import type { Pairing } from '../pairing/pairing.ts';
import { pairingKey, type Tree } from './tree.ts';

/** Of a file so many pairings are proved, a few seconds of work: more than any file of the kernel has. */
const MOST_PROVED = 400;

/** Why a pairing is not proved that is too many in all of its files. */
export const TOO_MANY = `not proved: the file has more than ${MOST_PROVED} pairings, and this is none of the likeliest`;

interface LeftOut {
  readonly pairings: ReadonlySet<string>;
  /** By file, how many of its pairings are left out. */
  readonly counts: ReadonlyMap<string, number>;
}

const known = new WeakMap<Tree, LeftOut>();

/** Whether a pairing of `tree` is not proved. */
export function isLeftOut(pairing: Pairing, tree: Tree): boolean {
  const { pairings } = leftOut(tree);
  return pairings.size > 0 && pairings.has(pairingKey(pairing));
}

/** How many pairings of a file are not proved. */
export function leftOutOf(file: string, tree: Tree): number {
  return leftOut(tree).counts.get(file) ?? 0;
}

function leftOut(tree: Tree): LeftOut {
  const found = known.get(tree) ?? findLeftOut(tree.everyPairing());
  known.set(tree, found);
  return found;
}

function findLeftOut(all: readonly Pairing[]): LeftOut {
  const byFile = grouped(all, filesOf);
  const crowded = new Map(
    [...byFile].flatMap(([file, own]): (readonly [string, ReadonlySet<Pairing>])[] =>
      own.length > MOST_PROVED ? [[file, new Set(likeliest(own))]] : [],
    ),
  );
  const isTooMany = (pairing: Pairing) =>
    filesOf(pairing).every((file) => crowded.get(file)?.has(pairing) === false);
  const left = [...crowded.keys()].map(
    (file) => [file, byFile.get(file)!.filter(isTooMany)] as const,
  );
  return {
    pairings: new Set(left.flatMap(([, pairings]) => pairings.map(pairingKey))),
    counts: new Map(left.map(([file, { length }]) => [file, length])),
  };
}

function likeliest(pairings: readonly Pairing[]): readonly Pairing[] {
  return [...pairings].sort((a, b) => b.score - a.score).slice(0, MOST_PROVED);
}

function filesOf({ sites }: Pairing): readonly string[] {
  return sites.map(({ file }) => file);
}
