/** A bundled scenario whose function or object is gone is told; a tree that is none of its own is left alone. */

import { describe, expect, test } from 'vitest';
import { type LostScenario, lostScenarios } from '../../server/src/scenario/gone-functions.ts';
import { allBundledScenarios, readText } from '../../server/src/scenario/load-library.ts';
import { loadScenario } from '../../server/src/scenario/load-scenario.ts';
import type { Scenario } from '../../server/src/scenario/scenario.ts';
import { notAbout, type SourceTree } from '../../server/src/scenario/scenario-request.ts';
import { KERNELS, linuxSource } from '../support/linux-source.ts';
import { SINCE_6_16 } from '../support/livepatch-tree.ts';
import { parseText, RFC_V2, treeBelow } from '../support/scenario-tree.ts';

function scenariosFor(tree: SourceTree): readonly Scenario[] {
  return allBundledScenarios().flatMap((file) => loadScenario(file, readText, tree).scenario!);
}

function lostIn(tree: SourceTree): readonly LostScenario[] {
  const scenarios = scenariosFor(tree);
  const isLeftOut = (scenario: Scenario) => notAbout(scenario, tree) !== undefined;
  return lostScenarios(
    scenarios.filter(isLeftOut),
    scenarios.filter((scenario) => !isLeftOut(scenario)),
    tree,
  );
}

/** The tree with another name for a function or object, wherever it is named. */
function renamed(tree: SourceTree, name: string, to: string): SourceTree {
  return {
    ...tree,
    source: (path) => {
      const source = tree.source(path);
      return source?.text.includes(name) === true
        ? parseText(path, source.text.replace(new RegExp(`\\b${name}\\b`, 'g'), to))
        : source;
    },
  };
}

function messages(lost: readonly LostScenario[]): readonly string[] {
  return [...new Set(lost.map(({ problem }) => problem.message))];
}

describe.each(KERNELS)('Linux $kernel ($without)', ({ kernel }) => {
  const linux = linuxSource(kernel);
  const tree = linux === undefined ? undefined : treeBelow(linux);
  const asked = tree
    ? scenariosFor(tree).filter((scenario) => notAbout(scenario, tree) === undefined)
    : [];
  const names = [...new Set(asked.flatMap(({ applies }) => applies.map(({ name }) => name)))];

  test.skipIf(tree === undefined)('nothing is lost of the code as it is', () => {
    expect(messages(lostIn(tree!))).toEqual([]);
  });

  test.skipIf(tree === undefined).each(names)('%s under another name', (name) => {
    const lost = lostIn(renamed(tree!, name, 'quite_another_name'));
    expect(messages(lost)).toEqual([expect.stringMatching(`^the tree does not define ${name}\\b`)]);
    const near = messages(lostIn(renamed(tree!, name, `${name}d`)));
    expect(near).toEqual([expect.stringContaining(`the tree does not define ${name}; `)]);
  });
});

const SWITCH = 'kernel/livepatch/transition.c';

describe('a kernel whose tasks switch inside of __schedule()', () => {
  const linux = linuxSource('6.12');
  const tree = linux === undefined ? undefined : treeBelow(linux, SINCE_6_16);

  test.skipIf(tree === undefined)(
    'is told by the barrier of a switch that has another name',
    () => {
      expect(messages(lostIn(tree!))).toEqual([]);
      expect(
        messages(lostIn(renamed(tree!, '__klp_sched_try_switch', 'klp_moves_itself'))),
      ).toEqual([
        'the tree does not define __klp_sched_try_switch, and no scenario comes to smp_rmb() in klp_moves_itself()',
      ]);
    },
  );

  test.skipIf(tree === undefined).each([
    ['behind a macro', 'klp_rmb();', 'klp_rmb() in klp_moves_itself()'],
    ['lost', '', 'klp_moves_itself(), which leads to klp_check_stack()'],
  ])('and by what it does, where that barrier is %s', (_, left, told) => {
    const without = treeBelow(linux!, [
      ...SINCE_6_16,
      { file: SWITCH, from: /smp_rmb\(\);(?=\s+klp_try_switch_task)/, to: left },
      { file: SWITCH, from: /(?=#define MAX_STACK)/, to: '#define klp_rmb() smp_rmb()\n' },
    ]);
    expect(messages(lostIn(without))).toEqual([]);
    expect(
      messages(lostIn(renamed(without, '__klp_sched_try_switch', 'klp_moves_itself'))),
    ).toEqual([
      `the tree does not define __klp_sched_try_switch, and no scenario comes to ${told}`,
    ]);
  });
});

test('the sample of RFC v2 is no later kernel whose functions are gone', () => {
  expect(messages(lostIn(treeBelow(RFC_V2)))).toEqual([]);
  const name = 'klp_patch_task';
  expect(messages(lostIn(renamed(treeBelow(RFC_V2), name, 'klp_patch_tasks')))).toEqual([
    'the tree does not define klp_patch_task; klp_patch_tasks?',
  ]);
});

test('a tree that has the file, and nothing that the scenario speaks of, is none of its own', () => {
  const files = ['lib/llist.c', 'include/linux/llist.h'];
  const tree: SourceTree = {
    source: (path) =>
      files.includes(path) ? parseText(path, 'int other(void) { return 0; }') : undefined,
    parse: parseText,
  };
  expect(messages(lostIn(tree))).toEqual([]);
});
