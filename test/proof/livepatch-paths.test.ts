/**
 * What else the transition does, on Linux as it is: cancelling, replacing, forks, idle tasks, several tasks and
 * funcs, modules, force. Each holds, and does not without what it rests on, by the comments of transition.c.
 */

import { describe, expect, test } from 'vitest';
import type { Observation } from '../../server/src/memory-model/outcome.ts';
import { supposedAnswers } from '../../server/src/proof/suppositions.ts';
import { transitionTable } from '../../server/src/proof/transition-table.ts';
import { readText } from '../../server/src/scenario/load-library.ts';
import { KERNELS, linuxSource } from '../support/linux-source.ts';
import { type Edit, scenarioFile, treeBelow } from '../support/scenario-tree.ts';

/** "Make sure klp_ftrace_handler() can no longer see functions from this patch on the ops->func_stack." */
const AFTER_UNPATCHING: Edit = {
  file: 'kernel/livepatch/transition.c',
  from: /klp_synchronize_transition\(\);(?=\s+\}\s+klp_for_each_object)/,
  to: '',
};

/** "Prevent klp_ftrace_handler() from seeing KLP_UNDEFINED state" */
const BEFORE_IDLE: Edit = {
  file: 'kernel/livepatch/transition.c',
  from: /if \(klp_target_state == KLP_\w+\)\s+klp_synchronize_transition\(\);/,
  to: '',
};

/** "Enforce the order of the func->transition writes in klp_init_transition() and the TIF_PATCH_PENDING writes" */
const BEFORE_PENDING: Edit = {
  file: 'kernel/livepatch/core.c',
  from: /smp_wmb\(\);(?=\s+klp_start_transition\(\);\s+patch->enabled = false;)/,
  to: '',
};

/** "The parent process may have gone through a KLP transition since the thread flag was copied" */
const SET_FLAG: Edit = {
  file: 'kernel/livepatch/transition.c',
  from: 'set_tsk_thread_flag(child, TIF_PATCH_PENDING);',
  to: ';',
};

const COPIED_STATE: Edit = {
  file: 'kernel/livepatch/transition.c',
  from: 'child->patch_state = current->patch_state;',
  to: '',
};

/** "This test_and_clear_tsk_thread_flag() call also serves as a read barrier" */
const READ_SIDE: Edit = {
  file: 'kernel/livepatch/transition.c',
  from: 'test_and_clear_tsk_thread_flag(task, TIF_PATCH_PENDING)',
  to: 'test_tsk_thread_flag(task, TIF_PATCH_PENDING)',
};

const RESTS_ON: readonly (readonly [scenario: string, Edit])[] = [
  ['cancel', AFTER_UNPATCHING],
  ['two-tasks', AFTER_UNPATCHING],
  ['complete-replace', BEFORE_IDLE],
  ['two-funcs', BEFORE_PENDING],
  ['idle-disable', BEFORE_PENDING],
  ['idle-enable-first', READ_SIDE],
  ['fork-disable', SET_FLAG],
  ['fork-reverse', COPIED_STATE],
];

const OTHERS = ['module-coming', 'forced'];

describe.each(KERNELS)('Linux $kernel ($without)', ({ kernel }) => {
  const linux = linuxSource(kernel);
  const skipped = linux === undefined;

  const violated = (name: string, ...edits: readonly Edit[]) => {
    const files = [scenarioFile('linux', name)];
    const { answers, problems } = transitionTable(
      files,
      readText,
      treeBelow(linux!, edits),
      new Map(),
    );
    expect(problems).toEqual([]);
    expect(answers).toHaveLength(1);
    return answers[0]!.invariants.flatMap(({ name: invariant, observation }) =>
      observation === 'Never' ? [] : [`${invariant}: ${observation}`],
    );
  };

  test.skipIf(skipped).each([...RESTS_ON.map(([name]) => name), ...OTHERS])('%s holds', (name) => {
    expect(violated(name)).toEqual([]);
  });

  test.skipIf(skipped).each(RESTS_ON)('%s rests on %o', (name, edit) => {
    expect(violated(name, edit).join()).toMatch(/: Sometimes/);
  });

  test.skipIf(skipped)('a forced transition moves a task that is in the old function', () => {
    const tree = treeBelow(linux!);
    const { answers } = transitionTable(
      [scenarioFile('linux', 'forced')],
      readText,
      tree,
      new Map(),
    );
    const supposed = supposedAnswers(answers[0]!.scenario, tree, new Map());
    const forced = supposed.flatMap(
      ({ supposition, after }): readonly (Observation | undefined)[] =>
        supposition.name === 'forced' && after.name === 'I3-moved-inside'
          ? [after.observation]
          : [],
    );
    expect(forced).toEqual(['Sometimes']);
  });
});
