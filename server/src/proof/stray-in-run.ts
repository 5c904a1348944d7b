/** Scenarios in which a lock is given back by a thread that does not hold it. */

import type { Unknown } from '../memory-model/outcome.ts';
import type { ScenarioRun } from '../scenario/scenario-run.ts';
import { strayUnlock } from '../search/stray-unlock.ts';

/** Why "never" is no answer where what a lock keeps apart is not held; the first such place. */
export function strayIn({ invariants, scenario }: ScenarioRun): Unknown | undefined {
  for (const { program } of invariants.flatMap(({ programs }) => programs)) {
    const unknown = strayUnlock(program, scenario.unroll);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}
