/** Every row of the protocols whose tests herd7 does not read or finish, held against the naive enumeration. */

import { describe, expect, test } from 'vitest';
import type { OrderingSite } from '../../server/src/lowering/lowering.ts';
import { communicationOf, finalValues } from '../../server/src/memory-model/candidate.ts';
import { basicRelations, judge } from '../../server/src/memory-model/linux-kernel.ts';
import { scopeOf } from '../../server/src/memory-model/scope.ts';
import type { Program } from '../../server/src/program/program.ts';
import type { Need } from '../../server/src/proof/needs.ts';
import { solveScenario } from '../../server/src/proof/scenario-solution.ts';
import { bundledProtocols, readText } from '../../server/src/scenario/load-library.ts';
import { loadScenario } from '../../server/src/scenario/load-scenario.ts';
import { partsOfRun } from '../../server/src/scenario/run-parts.ts';
import { runScenario } from '../../server/src/scenario/scenario-run.ts';
import { coherentExecutions } from '../../server/src/search/enumerate.ts';
import { KERNELS, linuxSource } from '../support/linux-source.ts';
import { treeBelow } from '../support/scenario-tree.ts';

const PROTOCOLS = ['llist', 'task-work', 'printk-commit', 'printk-text'];

describe.each(KERNELS)('Linux $kernel ($without)', ({ kernel }) => {
  const linux = linuxSource(kernel);
  test.skipIf(linux === undefined).each(PROTOCOLS)('%s', (protocol) => {
    const tree = treeBelow(linux!);
    const [file] = bundledProtocols(protocol);
    const { scenario } = loadScenario(file!, readText, tree);
    let rows = 0;
    for (const part of partsOfRun(runScenario(scenario!, tree))) {
      const { solutions } = solveScenario(part, new Map());
      for (const [at, solution] of solutions.entries()) {
        const programs = part.invariants[at]!.programs.map(({ program }) => program);
        if (solution.kind !== 'holds') continue;
        const needs = solution.needs();
        for (const need of needs) checkRow(need, needs, programs);
        rows += needs.length;
      }
    }
    expect(rows).toBeGreaterThan(0);
  });
});

function checkRow(
  { group, verdict, others }: Need,
  all: readonly Need[],
  programs: readonly Program[],
): void {
  expect(verdict).not.toBe('unknown');
  const isNeededToo =
    verdict === 'needed' ||
    all.some((other) => other.group === group && other.verdict === 'needed');
  expect(isViolated(programs, group.sites)).toBe(isNeededToo);
  for (const set of others) {
    const sites = [group, ...set].flatMap((each) => each.sites);
    expect(isViolated(programs, sites)).toBe(true);
  }
}

/** Whether one of the programs can violate the invariant where these sites order nothing. */
function isViolated(programs: readonly Program[], sites: readonly OrderingSite[]): boolean {
  return programs.some((program) => {
    const all = scopeOf(program).space.names;
    const relaxations = sites.map(({ site }) => ({ site, before: all, after: all }));
    return isPossible({ ...program, relaxations });
  });
}

/** Whether any of all executions of the program satisfies its condition under the full model. */
function isPossible(program: Program): boolean {
  const scope = scopeOf(program);
  for (const execution of coherentExecutions(program, scope, 2)) {
    const tracked = scope.tracked.map(finalValues(scope, execution));
    if (!scope.passesFilter(tracked) || !scope.satisfiesCondition(tracked)) continue;
    const { structure } = execution;
    const { broken } = judge(structure, basicRelations(structure), communicationOf(execution));
    if (broken === undefined) return true;
  }
  return false;
}
