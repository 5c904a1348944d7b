/** Accesses that race as they are written, on the sample of RFC v2. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { missingMarks } from '../../server/src/proof/missing-marks.ts';
import { loadScenario } from '../../server/src/scenario/load-scenario.ts';
import type { Scenario } from '../../server/src/scenario/scenario.ts';
import { RFC_V2, scenarioFile, treeBelow } from '../support/scenario-tree.ts';

function scenarioOf(name: string): Scenario {
  const file = scenarioFile('rfc-v2', name);
  return loadScenario(file, (path) => readFileSync(path, 'utf8')).scenario!;
}

/** The accesses found in a scenario, as `function mark text`. */
function marksOf(name: string, tree: ReturnType<typeof treeBelow>): readonly string[] {
  return missingMarks([scenarioOf(name)], tree).map(({ function: name, place, mark }) => {
    const { text } = tree.source(place.file)!;
    return `${name} ${mark} ${text.slice(place.span.start, place.span.end)}`;
  });
}

test('the target is written by the updater while a task reads it, both without a mark', () => {
  const marks = marksOf('reverse-enable-pending', treeBelow(RFC_V2));
  expect(marks).toContainEqual(
    expect.stringMatching(/^klp_reverse_transition WRITE_ONCE klp_target_state = /),
  );
  expect(marks).toContainEqual(
    expect.stringMatching(/^klp_patch_task READ_ONCE .*klp_target_state/),
  );
});

test('a marked access is not reported', () => {
  const tree = treeBelow(RFC_V2, [
    {
      file: 'transition.c',
      from: 'task->patch_state = klp_target_state;',
      to: 'task->patch_state = READ_ONCE(klp_target_state);',
    },
  ]);
  expect(marksOf('reverse-enable-pending', tree).join('\n')).not.toContain(
    'klp_patch_task READ_ONCE',
  );
});

test('accesses that the flag keeps apart do not race', () => {
  // The task reads the target only after it has seen the flag that was set behind wmb3.
  expect(marksOf('reverse-enable-switched', treeBelow(RFC_V2))).toEqual([]);
});

test('an access whose search is cut short is not known to be safe', () => {
  const tree = treeBelow(RFC_V2);
  const scenario = scenarioOf('reverse-enable-pending');
  const cut = missingMarks([scenario], tree, { executions: 0 });
  expect(cut.length).toBeGreaterThan(0);
  for (const { unknown } of cut) expect(unknown).toMatch(/executions/);
});
