/**
 * Conclusions that hb draws for what is still open: an edge that would close a cycle of hb together
 * with what is certain already cannot be chosen, so the search need not try it.
 */

import type { HappensBefore } from '../memory-model/linux-kernel.ts';
import { has, inSet } from '../memory-model/relation.ts';
import { type Choices, copyChoices, orderWrites, type Problem, propagate } from './choices.ts';

/**
 * The choices without the sources and orders that hb rules out; the same choices where it rules out
 * none; undefined where nothing is left. `order` is that of a lower bound of the choices.
 */
export function foresee(
  problem: Problem,
  choices: Choices,
  order: HappensBefore,
): Choices | undefined {
  const next = copyChoices(choices);
  const touched = new Set<number>();
  for (const [location, reads] of problem.readsAt)
    for (const read of reads) {
      const open = next.sources[read]!;
      if (open.length < 2) continue;
      const kept = open.filter((write) => !closesCycle(problem, choices, order, write, read));
      if (kept.length === open.length) continue;
      if (kept.length === 0) return undefined;
      next.sources[read] = kept;
      touched.add(location);
    }
  for (const [location, writes] of problem.writesAt)
    for (const first of writes)
      for (const second of writes) {
        if (first === second || has(next.co, first, second) || has(next.co, second, first))
          continue;
        if (!overtakes(problem, order, second, first)) continue;
        if (!orderWrites(problem, next, location, first, second)) return undefined;
        touched.add(location);
      }
  for (const location of touched) if (!propagate(problem, next, location)) return undefined;
  return touched.size === 0 ? choices : next;
}

/** Whether `read` taking its value from `write` closes a cycle: by rfe, or by fr to a later write. */
function closesCycle(
  problem: Problem,
  { co }: Choices,
  order: HappensBefore,
  write: number,
  read: number,
): boolean {
  const { ext, sets, events } = problem.structure;
  const marked = inSet(sets.Marked, write) && inSet(sets.Marked, read);
  if (marked && has(ext, write, read) && has(order.hbPlus, read, write)) return true;
  const later = problem.writesAt.get(events[read]!.location!)!;
  return later.some((other) => has(co, write, other) && overtakes(problem, order, read, other));
}

/**
 * Whether `access` being overwritten by `write` of another thread puts it before something in its own
 * thread that happens before it: `((prop \ id) & int)` would point backwards.
 */
function overtakes(
  { structure }: Problem,
  { hbPlus, propagated }: HappensBefore,
  access: number,
  write: number,
): boolean {
  const { ext, int, sets } = structure;
  if (!has(ext, access, write) || !inSet(sets.Marked, access)) return false;
  const { words, bits } = propagated;
  for (let word = 0; word < words; word++) {
    let pending = bits[write * words + word]! & int.bits[access * words + word]!;
    while (pending !== 0) {
      const event = (word << 5) + 31 - Math.clz32(pending);
      pending &= ~(1 << (event & 31));
      if (event !== access && has(hbPlus, event, access)) return true;
    }
  }
  return false;
}
