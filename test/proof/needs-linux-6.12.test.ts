/**
 * The need table of livepatch's transition as of Linux 6.12, on its own unmodified files, and of samples made
 * from them: the series of February 2023 as it was reviewed, without its two barriers, and 6.16, where tasks
 * switch inside of __schedule(). Expectations are LIVEPATCH.md ("Later kernels", "What to know of 6.12 and
 * later") and the comments of those files.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SolutionCache } from '../../server/src/proof/scenario-solution.ts';
import { type TransitionTable, transitionTable } from '../../server/src/proof/transition-table.ts';
import { bundledScenarios } from '../../server/src/scenario/load-library.ts';
import { linuxSource, WITHOUT_LINUX_6_12 } from '../support/linux-source.ts';
import { SINCE_6_16 } from '../support/livepatch-tree.ts';
import { type Edit, scenarioFile, treeBelow } from '../support/scenario-tree.ts';

const linux = linuxSource('6.12');
const read = (file: string) => readFileSync(file, 'utf8');
const cache: SolutionCache = new Map();

const RESCHED = [
  ...['resched-enable-live', 'resched-disable', 'resched-next'],
  ...['resched-reverse-enable-switched', 'resched-reverse-enable-pending'],
];

function tableOf(names: readonly string[], ...edits: readonly Edit[]): TransitionTable {
  const files = names.map((name) => scenarioFile('linux', name));
  return transitionTable(files, read, treeBelow(linux!, edits), cache);
}

const TRANSITION = 'kernel/livepatch/transition.c';

/** `path invariant: function primitive number verdict` of the rows of a barrier, without those that are redundant. */
function rowsOf({ rows }: TransitionTable, name: string, primitive: string): readonly string[] {
  return rows
    .filter(({ barrier }) => barrier.function === name && barrier.primitive === primitive)
    .filter(({ verdict }) => verdict !== 'redundant')
    .map(({ path, invariant, verdict }) => `${path} ${invariant.slice(0, 2)} ${verdict}`);
}

/** `scenario invariant` of all that is not known to hold. */
function violationsIn({ answers }: TransitionTable): readonly string[] {
  return answers.flatMap(({ scenario, invariants }) =>
    invariants
      .filter(({ observation }) => observation !== 'Never')
      .map(({ name, observation }) => `${scenario.name} ${name.slice(0, 2)} ${observation}`),
  );
}

/** What nothing keeps in order, of all violated invariants: `before -> after in P0`. */
function missingIn({ answers }: TransitionTable): readonly string[] {
  return answers.flatMap(({ invariants }) =>
    invariants.flatMap(({ unkept }) =>
      unkept.map(({ before, after, thread }) => `${before} -> ${after} in P${thread}`),
    ),
  );
}

const READ_BARRIER: Edit = {
  file: TRANSITION,
  from: /smp_rmb\(\);(?=\s+klp_try_switch_task\(current\);)/,
  to: '',
};
const WRITE_BARRIER: Edit = {
  file: TRANSITION,
  from: /smp_wmb\(\);(?=\s+klp_start_transition\(\);)/,
  to: '',
};
const GRACE_PERIOD: Edit = {
  file: TRANSITION,
  from: /klp_synchronize_transition\(\);(?=\s+\/\*\s+\* All patching has stopped)/,
  to: '',
};

describe.skipIf(linux === undefined)(`Linux 6.12 (${WITHOUT_LINUX_6_12})`, () => {
  test('all bundled scenarios of the later kernels answer: no error, nothing unknown, I3 on a live stack violated', () => {
    const table = transitionTable(bundledScenarios(), read, treeBelow(linux!), cache);
    expect(table.problems).toEqual([]);
    expect(table.answers.length).toBeGreaterThan(15);
    expect(table.answers.flatMap(({ notModelled }) => notModelled)).toEqual([]);
    expect(table.rows.filter(({ verdict }) => verdict === 'unknown')).toEqual([]);
    // As in 6.1: nothing stands between list_add_rcu() and set_tsk_thread_flag().
    expect(violationsIn(table)).toEqual([
      'klp-enable-live I3 Sometimes',
      'klp-resched-enable-live I3 Sometimes',
    ]);
  });

  test('the read barrier of __klp_sched_try_switch() is needed wherever a transition starts', () => {
    const rows = rowsOf(tableOf(RESCHED), '__klp_sched_try_switch', 'smp_rmb');
    expect(rows).toEqual(expect.arrayContaining(['enable I2 needed', 'disable I2 needed']));
  });

  /** What is read too early in a reversal is the state that the task has: klp_try_switch_task() returns, and the flag stays. */
  const COMPARISON: Edit = {
    file: TRANSITION,
    from: /if \(task->patch_state == klp_target_state\)\s+return true;/,
    to: '',
  };

  test('in a reversal a task that reads the old target is left alone, as long as the two are compared', () => {
    const switched = ['resched-reverse-enable-switched'];
    expect(violationsIn(tableOf(switched, READ_BARRIER))).toEqual([]);
    expect(violationsIn(tableOf(switched, COMPARISON))).toEqual([]);
    const violation = 'klp-resched-reverse-enable-switched I2 Sometimes';
    expect(violationsIn(tableOf(switched, READ_BARRIER, COMPARISON))).toContain(violation);
  });

  test('a read barrier before the second look at the flag is too early for a task that was preempted there', () => {
    const early: Edit = {
      file: TRANSITION,
      from: /(?=\/\*\s+\* Make sure current didn't get patched)/,
      to: 'smp_rmb();\n\n\t',
    };
    const table = tableOf(RESCHED, READ_BARRIER, early);
    expect(violationsIn(table)).toContain('klp-resched-next I4 Sometimes');
    expect(missingIn(table)).toContain('TIF_PATCH_PENDING -> klp_target_state in P1');
  });

  test('a flag of a task that is named by its thread_info is the flag that the other threads speak of', () => {
    const byWord: Edit = {
      file: TRANSITION,
      from: 'test_and_clear_tsk_thread_flag(task, TIF_PATCH_PENDING)',
      to: 'test_and_clear_bit(TIF_PATCH_PENDING, &task_thread_info(task)->flags)',
    };
    const scenarios = ['resched-disable', 'disable', 'reverse-enable-pending'];
    const asItIs = tableOf(scenarios);
    const table = tableOf(scenarios, byWord);
    expect(table.answers.flatMap(({ notModelled }) => notModelled)).toEqual([]);
    expect(violationsIn(table)).toEqual([]);
    const rows = rowsOf(table, 'klp_update_patch_state', 'test_and_clear_bit');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(
      rowsOf(asItIs, 'klp_update_patch_state', 'test_and_clear_tsk_thread_flag'),
    );
  });

  test('the grace period and the write barrier of the reversal are needed', () => {
    const table = tableOf(['reverse-enable-pending', 'reverse-enable-switched']);
    expect(rowsOf(table, 'klp_reverse_transition', 'klp_synchronize_transition')).toContain(
      'reverse I4 needed',
    );
    expect(rowsOf(table, 'klp_reverse_transition', 'smp_wmb')).toEqual(
      expect.arrayContaining(['reverse I2 needed', 'reverse I4 needed']),
    );
  });

  test.each([
    [
      'the read barrier of __klp_sched_try_switch()',
      READ_BARRIER,
      'klp-resched-disable I2 Sometimes',
    ],
    [
      'the write barrier of the reversal',
      WRITE_BARRIER,
      'klp-reverse-enable-switched I2 Sometimes',
    ],
    ['the grace period of the reversal', GRACE_PERIOD, 'klp-reverse-enable-pending I4 Sometimes'],
  ])('without %s an invariant can be violated', (_, edit, violation) => {
    const names = ['resched-disable', 'reverse-enable-switched', 'reverse-enable-pending'];
    expect(violationsIn(tableOf(names))).toEqual([]);
    expect(violationsIn(tableOf(names, edit))).toContain(violation);
  });

  test('of the series of February 2023 both barriers that it lacked are named', () => {
    const names = [...RESCHED, 'reverse-enable-switched'];
    const table = tableOf(names, READ_BARRIER, WRITE_BARRIER);
    expect(violationsIn(table)).toEqual(
      expect.arrayContaining([
        'klp-reverse-enable-switched I2 Sometimes',
        'klp-resched-disable I2 Sometimes',
      ]),
    );
    expect(missingIn(table)).toEqual(
      expect.arrayContaining([
        'klp_target_state -> TIF_PATCH_PENDING in P0',
        'TIF_PATCH_PENDING -> klp_target_state in P1',
      ]),
    );
  });

  describe('a kernel whose tasks switch inside of __schedule()', () => {
    test('violates nothing that 6.12 does not', () => {
      const table = tableOf(RESCHED, ...SINCE_6_16);
      expect(table.problems).toEqual([]);
      expect(table.answers.flatMap(({ notModelled }) => notModelled)).toEqual([]);
      expect(violationsIn(table)).toEqual(violationsIn(tableOf(RESCHED)));
      expect(rowsOf(table, '__klp_sched_try_switch', 'smp_rmb')).toContain('disable I2 needed');
    });

    test('relies on the section of __schedule() for the grace period of the reversal', () => {
      const table = tableOf(['resched-reverse-enable-pending'], ...SINCE_6_16, GRACE_PERIOD);
      expect(violationsIn(table)).toContain('klp-resched-reverse-enable-pending I4 Sometimes');
    });
  });
});
