/**
 * The need table of livepatch's transition as of Linux 6.1, on its own unmodified files. Expectations are
 * LIVEPATCH.md ("Later kernels"), the comments of those files, and reasoning that stands with the test.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SolutionCache } from '../../server/src/proof/scenario-solution.ts';
import {
  observationOnPath,
  type TransitionTable,
  transitionTable,
} from '../../server/src/proof/transition-table.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import { type Edit, scenarioFile, treeBelow } from '../support/scenario-tree.ts';

const linux = linuxSource();
const read = (file: string) => readFileSync(file, 'utf8');
const cache: SolutionCache = new Map();

function tableOf(scenarios: readonly string[], ...edits: readonly Edit[]): TransitionTable {
  const files = scenarios.map((name) => scenarioFile('linux', name));
  return transitionTable(files, read, treeBelow(linux!, edits), cache);
}

const CORE = 'kernel/livepatch/core.c';
const PATCH = 'kernel/livepatch/patch.c';
const TRANSITION = 'kernel/livepatch/transition.c';

/** `function primitive number verdict: before -> after` of all rows of an invariant on a path. */
function rowsOf(table: TransitionTable, path: string, invariant: string): readonly string[] {
  return table.rows
    .filter((row) => row.path === path && row.invariant.startsWith(invariant))
    .flatMap(({ barrier, verdict, orders }) => {
      const name = `${barrier.function} ${barrier.primitive} ${barrier.ordinal} ${verdict}`;
      const short = (field: string) => field.replace(/^\w+\./, '');
      if (orders.length === 0) return [name];
      return orders.map(({ before, after }) => `${name}: ${short(before)} -> ${short(after)}`);
    });
}

describe.skipIf(linux === undefined)(`Linux 6.1 (${WITHOUT_LINUX})`, () => {
  test('the unmodified files are modelled whole, and only I3 on enable can be violated', () => {
    const table = tableOf(['enable-live', 'disable', 'reverse-enable-pending', 'complete-enable']);
    expect(table.problems).toEqual([]);
    expect(table.answers.flatMap(({ notModelled }) => notModelled)).toEqual([]);
    const violated = table.answers.flatMap(({ scenario, invariants }) =>
      invariants
        .filter(({ observation }) => observation !== 'Never')
        .map(({ name, observation }) => `${scenario.name} ${name} ${observation}`),
    );
    // set_bit() is not ordered with the list_add_rcu() before it, and no barrier stands between them.
    expect(violated).toEqual(['klp-enable-live I3-after-the-switch Sometimes']);
  });

  test('what is broken says what is missing, with the lines of both accesses', () => {
    const table = tableOf(['enable-live']);
    const broken = table.rows.filter(({ verdict }) => verdict === 'broken');
    const lineIn = (file: string, name: string, text: string) => {
      const lines = readFileSync(`${linux}/${file}`, 'utf8').split('\n');
      const start = lines.findIndex((line) => line.startsWith(name));
      const end = lines.indexOf('}', start);
      return start + lines.slice(start, end).findLastIndex((line) => line.includes(text)) + 1;
    };
    const added = lineIn(PATCH, 'static int klp_patch_func(', 'list_add_rcu(');
    const flagged = lineIn(TRANSITION, 'void klp_start_transition(', 'for_each_process_thread') + 2;
    expect(broken.map(({ reason }) => reason)).toEqual([
      expect.stringContaining(`func_stack (${PATCH}:${added}) before TIF_PATCH_PENDING`),
    ]);
    expect(broken[0]?.reason).toContain(`TIF_PATCH_PENDING (${TRANSITION}:${flagged}) in P0`);
  });

  test('a grace period that is redundant in one scenario is said to be, also where another one needs it', () => {
    const table = tableOf(['complete-disable', 'complete-disable-live']);
    const rows = table.rows.filter(
      ({ barrier, invariant }) =>
        barrier.primitive === 'klp_synchronize_transition' && invariant.startsWith('I3'),
    );
    const said = rows.map(({ verdict, scenarios }) => [verdict, scenarios]);
    // docs/livepatch.md: on disable it is needed where a stack stays in use, and redundant where it does not.
    expect(said).toContainEqual(['needed', ['klp-complete-disable-live']]);
    expect(said).toContainEqual(['redundant', ['klp-complete-disable']]);
  });

  test('on disable: what the comments of the barriers say', () => {
    const table = tableOf(['disable']);
    expect(rowsOf(table, 'disable', 'I5')).toEqual(
      expect.arrayContaining([
        'klp_init_transition smp_wmb 1 needed: patch_state -> transition',
        'klp_ftrace_handler smp_rmb 2 needed: transition -> patch_state',
      ]),
    );
    expect(rowsOf(table, 'disable', 'I3')).toContain(
      '__klp_disable_patch smp_wmb 1 needed: transition -> TIF_PATCH_PENDING',
    );
    expect(rowsOf(table, 'disable', 'I2')).toContain(
      'klp_update_patch_state test_and_clear_tsk_thread_flag 1 needed: TIF_PATCH_PENDING -> klp_target_state',
    );
  });

  test('on disable either of the two write barriers keeps the target before the flags', () => {
    const rows = rowsOf(tableOf(['disable']), 'disable', 'I2');
    expect(rows).toEqual(
      expect.arrayContaining([
        'klp_init_transition smp_wmb 1 redundant: klp_target_state -> TIF_PATCH_PENDING',
        '__klp_disable_patch smp_wmb 1 redundant: klp_target_state -> TIF_PATCH_PENDING',
      ]),
    );
  });

  test('on reverse and completion the grace periods are needed', () => {
    const table = tableOf(['reverse-enable-pending', 'complete-enable', 'complete-disable-live']);
    expect(rowsOf(table, 'reverse', 'I4')).toContain(
      'klp_reverse_transition klp_synchronize_transition 1 needed',
    );
    expect(rowsOf(table, 'enable', 'I5')).toContain(
      'klp_complete_transition klp_synchronize_transition 2 needed',
    );
    expect(rowsOf(table, 'disable', 'I3')).toContain(
      'klp_complete_transition klp_synchronize_transition 1 needed',
    );
  });

  test('a fork while a patch is enabled leaves no child behind', () => {
    const table = tableOf(['fork']);
    expect(observationOnPath(table.answers, 'fork', 'I4-at-rest')).toBe('Never');
    // The flags are copied as a word; what is cleared is a bit of it, which goes by its name.
    expect(rowsOf(table, 'fork', 'I4-parent-at-rest')).toEqual([
      'klp_update_patch_state test_and_clear_tsk_thread_flag 1 needed: TIF_PATCH_PENDING -> klp_target_state',
    ]);
    const without = tableOf(['fork'], {
      file: TRANSITION,
      from: 'set_tsk_thread_flag(child, TIF_PATCH_PENDING);',
      to: ';',
    });
    expect(observationOnPath(without.answers, 'fork', 'I4-at-rest')).toBe('Sometimes');
  });

  /** Deleting a needed barrier violates an invariant, and the partner's row says that it is broken. */
  const DELETIONS: readonly (readonly [string, string, string, Edit, string, string])[] = [
    [
      'the write barrier of klp_init_transition()',
      'disable',
      'I5',
      { file: TRANSITION, from: /smp_wmb\(\);/, to: '' },
      'klp_ftrace_handler',
      'smp_rmb',
    ],
    [
      'the 2nd read barrier of klp_ftrace_handler()',
      'disable',
      'I5',
      { file: PATCH, from: /smp_rmb\(\);(?=\s+patch_state)/, to: '' },
      'klp_init_transition',
      'smp_wmb',
    ],
    [
      'the write barrier of __klp_disable_patch()',
      'disable',
      'I3',
      { file: CORE, from: /smp_wmb\(\);(?=\s+klp_start_transition)/, to: '' },
      'klp_update_patch_state',
      'test_and_clear_tsk_thread_flag',
    ],
    [
      'the order of test_and_clear_tsk_thread_flag()',
      'disable',
      'I2',
      {
        file: TRANSITION,
        from: /if \(test_and_clear_tsk_thread_flag\(task, TIF_PATCH_PENDING\)\)/,
        to: 'clear_tsk_thread_flag(task, TIF_PATCH_PENDING);',
      },
      'klp_init_transition',
      'smp_wmb',
    ],
  ];

  test.each(DELETIONS)('without %s', (_, scenario, invariant, edit, partner, primitive) => {
    const table = tableOf([scenario], edit);
    const answer = table.answers[0]!.invariants.find(({ name }) => name.startsWith(invariant));
    expect(answer?.observation).toBe('Sometimes');
    const broken = table.rows.filter(
      ({ verdict, invariant: name }) => verdict === 'broken' && name.startsWith(invariant),
    );
    expect(broken.map(({ barrier }) => [barrier.function, barrier.primitive])).toContainEqual([
      partner,
      primitive,
    ]);
  });

  test('a scenario with two tasks and two funcs still answers', () => {
    const file = new URL('../scenario/two-tasks.scenario', import.meta.url).pathname;
    const { answers } = transitionTable([file], read, treeBelow(linux!), cache);
    const [answer] = answers;
    expect(answer?.notModelled).toEqual([]);
    expect(answer?.invariants.map(({ observation }) => observation)).toEqual([
      'Never',
      'Never',
      'Never',
    ]);
  });

  describe('a kernel whose tasks also move in cond_resched()', () => {
    const added = `
#define klp_cond_resched_enable() sched_dynamic_klp_enable()

void __klp_sched_try_switch(void)
{
	preempt_disable();
	if (!klp_patch_pending(current))
		goto out;
	smp_rmb();
	klp_try_switch_task(current);
out:
	preempt_enable();
}

`;
    const edit: Edit = {
      file: TRANSITION,
      from: '/* Called from copy_process() during fork */',
      to: added,
    };
    const scenario = [scenarioFile('linux', 'resched-disable')];

    test('takes a scenario and no code: its read barrier is needed for the target', () => {
      const table = transitionTable(scenario, read, treeBelow(linux!, [edit]), cache);
      expect(table.answers.flatMap(({ notModelled }) => notModelled)).toEqual([]);
      expect(rowsOf(table, 'disable', 'I4')).toContain(
        '__klp_sched_try_switch smp_rmb 1 needed: TIF_PATCH_PENDING -> klp_target_state',
      );
    });

    test('is not spoken of where the function is not there', () => {
      expect(transitionTable(scenario, read, treeBelow(linux!), cache).answers).toEqual([]);
    });
  });
});
