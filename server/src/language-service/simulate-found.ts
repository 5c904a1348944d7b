/** All scenarios that speak of files which were read, run at once: the bundled ones, and the user's. */

import { type NeedTable, textsIn } from './need-table.ts';
import {
  bundledNeeds,
  isNamed,
  joined,
  needsOfScenarios,
  ownScenarios,
  type TreeReading,
  treesAround,
  treesOfScenarios,
} from './scenario-trees.ts';
import { createSimulation, type Simulate } from './simulate-tree.ts';

export interface Found extends TreeReading {
  /** The C files that the bundled scenarios are run for, where they name them. */
  readonly own: Iterable<string>;
  /** The user's scenarios. */
  readonly scenarios: Iterable<string>;
  /** Those of the project, which are run where they name one of the C files. */
  readonly agreed?: readonly string[];
  /** The folders that were opened, with the kernel trees around them. */
  readonly opened: readonly string[];
}

/** What the scenarios say: a table for each tree, by a simulation that may know others. Rejects where the C grammar is
 *  missing. */
export async function simulateFound(
  found: Found,
  simulation: () => Promise<Simulate> = createSimulation,
): Promise<readonly NeedTable[]> {
  const trees = joined([
    ...(await treesAround(found.own, bundledNeeds(), found)),
    ...(await treesOfScenarios(asked(found), found.opened, found)),
  ]);
  if (trees.length === 0) return [];
  const simulate = await simulation();
  const tables: NeedTable[] = [];
  for (const tree of trees) {
    const answer = await simulate(tree, new AbortController().signal);
    if (answer !== undefined) tables.push({ ...answer, texts: textsIn(tree) });
  }
  return tables;
}

/** The same, asked more than once: what has been found is kept for the next time. */
export function createRuns(): (found: Found) => Promise<readonly NeedTable[]> {
  let simulation: Promise<Simulate> | undefined;
  return (found) =>
    simulateFound(found, () => {
      simulation ??= createSimulation();
      return simulation;
    });
}

/** The user's scenarios that are to be run. What cannot be loaded is asked about, too: it will be said why. */
function asked({ own, scenarios, agreed = [], opened, unsaved }: Found): readonly string[] {
  const files = [...own];
  const found = new Set(scenarios);
  return ownScenarios([...found, ...agreed], opened, unsaved).filter((scenario) => {
    if (found.has(scenario)) return true;
    const needs = needsOfScenarios([scenario], opened, unsaved);
    return needs.length === 0 || files.some((file) => isNamed(file, needs));
  });
}
