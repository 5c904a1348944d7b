/** A run in parts, where its invariants are not asked of the same threads. */

import { endingRegisters } from '../program/unasked-registers.ts';
import type { InvariantPrograms, ScenarioRun } from './scenario-run.ts';

/** The run in parts, each with the invariants that are asked of the same threads: where a register has no
 *  value on some path, executions end for those only that ask for it. */
export function partsOfRun(run: ScenarioRun): readonly ScenarioRun[] {
  const parts = new Map<string, InvariantPrograms[]>();
  for (const invariant of run.invariants) {
    const key = invariant.programs
      .map(({ program }) => [...new Set(endingRegisters(program))].sort().join())
      .join(';');
    parts.set(key, [...(parts.get(key) ?? []), invariant]);
  }
  return [...parts.values()].map((invariants) => ({ ...run, invariants }));
}
