/**
 * Flags that are cleared before what they announce is looked at: who sets the flag again meanwhile stores before it what is not
 * seen any more, unless a full barrier stands on both sides (litmus test R+fencembonceonces: a lesser one on either side
 * is not enough).
 */

import type { Access } from '../facts/file-facts.ts';
import { isNew, mayLock } from './as-made.ts';
import type { PlacedFunction } from './function-index.ts';
import { accessesOf, type FunctionsOf } from './met-orders.ts';
import type { PlacedSite, SharedOrder } from './pairing.ts';
import { sameness } from './shape.ts';
import { roleOf } from './side.ts';

/** What a full barrier keeps before the store to a flag, where `root` tests the flag, clears it and then reads that. */
export function clearedBefore(
  { file, site }: PlacedSite,
  root: PlacedFunction,
  flag: Access,
  sources: FunctionsOf,
): SharedOrder | undefined {
  if (roleOf(site) !== 'both' || !site.explicit || flag.effect === 'read') return undefined;
  const steps = accessesOf(root, sources);
  const tested = steps.findIndex(
    ({ made, isTested }) => isTested && made.effect === 'read' && sameness(made, flag) === 1,
  );
  if (tested < 0) return undefined;
  const behind = steps.slice(tested + 1);
  const cleared = behind.findIndex(
    ({ made }) => made.effect !== 'read' && sameness(made, flag) === 1,
  );
  const clear = behind[cleared]?.access;
  if (clear === undefined) return undefined;
  for (const { before, after } of site.orders) {
    if (!after.includes(flag)) continue;
    for (const stored of before) {
      if (stored.effect === 'read') continue;
      const read = behind
        .slice(cleared + 1)
        .find(({ made }) => made.effect !== 'write' && sameness(made, stored) === 1)?.access;
      if (read === undefined || isNew(read, sources)) continue;
      if (mayLock(root, [clear, read], sources)) continue;
      return {
        shape: 'R',
        first: stored.field,
        second: flag.field,
        accesses: [
          [
            { ...stored, file },
            { ...flag, file },
          ],
          [clear, read],
        ],
        kinds: [
          ['write', 'write'],
          ['write', 'read'],
        ],
      };
    }
  }
  return undefined;
}
