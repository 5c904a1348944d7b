/** A law of trees: what is asked of one file is what there is of it among all. */

import { expect } from 'vitest';
import { pairingKey, type Tree, treeOf } from '../../../server/src/language-service/tree.ts';
import type { Pairing } from '../../../server/src/pairing/pairing.ts';

/** Asks each file of a tree in which nobody has asked for all yet, and holds the answers against those of one that is asked for
 *  all. Returns what was found. */
export function expectSameByFile({
  files,
  pairing,
}: Pick<Tree, 'files' | 'pairing'>): readonly Pairing[] {
  const [whole, asked] = [treeOf(files, pairing), treeOf(files, pairing)];
  const all = [...new Set(whole.everyPairing())];
  for (const file of files.keys()) {
    const own = all.filter(({ sites }) => sites.some((site) => site.file === file));
    expect(asked.everyPairingIn(file).map(shown), file).toEqual(own.map(shown));
  }
  expect(new Set(asked.everyPairingIn(...files.keys()).map(shown))).toEqual(
    new Set(all.map(shown)),
  );
  return all;
}

function shown(pairing: Pairing): unknown {
  return { key: pairingKey(pairing), ...pairing };
}
