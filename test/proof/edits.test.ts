/** What is known of a tree before an edit answers for it after: the same as if it were solved afresh. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { answerScenario, type ScenarioAnswer } from '../../server/src/proof/scenario-answer.ts';
import { type SolutionCache, solveScenario } from '../../server/src/proof/scenario-solution.ts';
import { loadScenario } from '../../server/src/scenario/load-scenario.ts';
import { runScenario } from '../../server/src/scenario/scenario-run.ts';
import { type Edit, RFC_V2, scenarioFile, treeBelow } from '../support/scenario-tree.ts';

/** Replaces a barrier, which is told from others by what follows it. */
function edit(file: string, barrier: string, follows: string, by: string): Edit {
  return { file, from: `${barrier}${follows}`, to: `${by}${follows}` };
}

/** Solves the tree and then the edited tree, and says whether what was enumerated for the one answered for the
 *  other. In any case the answers must be those that are found without knowing anything. */
function isKnown(name: string, change: Edit): boolean {
  const scenario = scenarioOf(name);
  const cache: SolutionCache = new Map();
  const edited = treeBelow(RFC_V2, [change]);
  const before = solveScenario(runScenario(scenario, treeBelow(RFC_V2)), cache);
  const after = solveScenario(runScenario(scenario, edited), cache);
  const answer = answerScenario(scenario, edited, cache);
  expect(plain(answer)).toEqual(plain(answerScenario(scenario, edited, new Map())));
  return after.enumerated === before.enumerated;
}

function scenarioOf(name: string) {
  const file = scenarioFile('rfc-v2', name);
  return loadScenario(file, (path) => readFileSync(path, 'utf8')).scenario!;
}

/** An answer as plain data, with the executions told: which of its execution's events a step is, does not matter, as one
 *  that was found before has the barrier's, too. */
function plain({ invariants, rows }: ScenarioAnswer): unknown {
  const told = <Each extends { readonly execution: () => unknown }>(each: Each) =>
    JSON.parse(
      JSON.stringify({ ...each, execution: each.execution() }, (key, value) =>
        key === 'event' ? undefined : value,
      ),
    );
  return { invariants: invariants.map(told), rows: rows().map(told) };
}

const HANDLER = '\n\n\tif (unlikely(func->transition))';
const AT_END = '\n}\n\n/* Asks every task';

describe('what is known of the whole tree answers without', () => {
  const lost: readonly (readonly [string, string, string, string])[] = [
    ['the 1st smp_rmb() of the handler', 'patch.c', 'smp_rmb();', HANDLER],
    ['the 2nd smp_rmb() of the handler', 'patch.c', 'smp_rmb();', '\n\n\t\tif (current'],
    ['the 1st smp_wmb() of the updater', 'transition.c', 'smp_wmb();', '\n\n\tklp_for_each_object'],
    ['the 2nd smp_wmb() of the updater', 'transition.c', 'smp_wmb();', AT_END],
  ];
  for (const [what, file, barrier, follows] of lost)
    test(what, () => {
      for (const scenario of ['disable', 'enable-live', 'reverse-enable-switched'])
        expect(isKnown(scenario, edit(file, barrier, follows, ''))).toBe(true);
    });
});

describe('what is known with a wait for a grace period answers without', () => {
  const wait = edit('transition.c', 'synchronize_rcu();', '\n\t}\n\n\tklp_complete', '');
  test.each([
    ['the only one, with which the read sides go', 'complete-disable-live'],
    ['one of two, with which they stay', 'complete-disable'],
  ])('%s', (_, scenario) => {
    expect(isKnown(scenario, wait)).toBe(true);
  });
});

describe('what is known of the whole tree does not answer', () => {
  test('where a barrier is another one', () => {
    expect(isKnown('disable', edit('patch.c', 'smp_rmb();', HANDLER, 'smp_mb();'))).toBe(false);
  });

  test('where writes change places', () => {
    const swapped: Edit = {
      file: 'transition.c',
      from: 'func->transition = true;\n\n\tklp_target_state = state;',
      to: '{ klp_target_state = state; func->transition = true; }',
    };
    expect(isKnown('disable', swapped)).toBe(false);
  });
});
