/** What scenarios can violate is told before it is asked what any barrier is for, which costs more. */

import { expect, test } from 'vitest';
import { transitionSteps } from '../../server/src/proof/transition-table.ts';
import { bundledScenarios, readText } from '../../server/src/scenario/load-library.ts';
import { RFC_V2, treeBelow } from '../support/scenario-tree.ts';

test('the answers of all scenarios come first, then in steps of their own what barriers are for', () => {
  const steps = transitionSteps(bundledScenarios(), readText, treeBelow(RFC_V2), new Map());
  const seen = [...steps].map((answer) => answer?.scenario.name);
  const answered = seen.filter((name) => name !== undefined);
  expect(answered.length).toBeGreaterThan(5);
  expect(seen).toEqual([...answered, ...answered.map(() => undefined)]);
});
