/**
 * The need table of livepatch's transition as of RFC v2. Expectations are the review's claims
 * (LIVEPATCH.md), and where the model says otherwise, the reasoning that stands with the test.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SolutionCache } from '../../server/src/proof/scenario-solution.ts';
import { supposedAnswers } from '../../server/src/proof/suppositions.ts';
import {
  observationOnPath,
  type TransitionTable,
  transitionTable,
} from '../../server/src/proof/transition-table.ts';
import { type Edit, RFC_V2, scenarioFile, treeBelow } from '../support/scenario-tree.ts';

const read = (file: string) => readFileSync(file, 'utf8');
const cache: SolutionCache = new Map();

/** The table of some scenarios for the sample, edited. */
function tableOf(scenarios: readonly string[], ...edits: readonly Edit[]): TransitionTable {
  const files = scenarios.map((name) => scenarioFile('rfc-v2', name));
  return transitionTable(files, read, treeBelow(RFC_V2, edits), cache);
}

const ENABLE = ['enable-live'];
const DISABLE = ['disable'];
const REVERSE = ['reverse-enable-pending', 'reverse-enable-switched'];
const ALL = [...ENABLE, ...DISABLE, ...REVERSE];

/** A barrier of the review: `wmb1` is the 1st smp_wmb() of klp_init_transition(). */
const BARRIERS: Readonly<Record<string, readonly [string, string, number]>> = {
  wmb1: ['klp_init_transition', 'smp_wmb', 1],
  wmb2: ['klp_init_transition', 'smp_wmb', 2],
  wmb3: ['klp_reverse_transition', 'smp_wmb', 1],
  rmb1: ['klp_ftrace_handler', 'smp_rmb', 1],
  rmb2: ['klp_ftrace_handler', 'smp_rmb', 2],
  rmb3: ['klp_patch_task', 'smp_rmb', 1],
};

/** The rows of a barrier on a path, as `invariant verdict: before -> after, ...`. */
function rowsOf(table: TransitionTable, barrier: string, path: string): readonly string[] {
  const [name, primitive, ordinal] = BARRIERS[barrier]!;
  return table.rows
    .filter(
      (row) =>
        row.path === path &&
        row.barrier.function === name &&
        row.barrier.primitive === primitive &&
        row.barrier.ordinal === ordinal,
    )
    .map(({ invariant, verdict, orders }) => {
      const pairs = orders.map(({ before, after }) => `${short(before)} -> ${short(after)}`);
      return `${invariant.slice(0, 2)} ${verdict}: ${pairs.sort().join(', ')}`;
    });
}

function short(field: string): string {
  return field.replace(/^\w+\./, '');
}

/** The verdicts of a barrier on a path, whatever the invariant. */
function verdictsOf(table: TransitionTable, barrier: string, path: string): readonly string[] {
  return rowsOf(table, barrier, path).map((row) => row.split(/[ :]+/)[1]!);
}

const table = tableOf(ALL);

describe('what the review claims', () => {
  test('wmb1 keeps the states of the tasks before the transition flags, on disable', () => {
    expect(rowsOf(table, 'wmb1', 'disable')).toContain('I1 needed: patch_state -> transition');
  });

  test('wmb1 is not needed on enable: wmb2 is enough', () => {
    const rows = table.rows.filter(
      ({ barrier, path }) =>
        path === 'enable' && barrier.primitive === 'smp_wmb' && barrier.ordinal === 1,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { verdict, by } of rows) {
      expect(verdict).toBe('redundant');
      expect(by.join()).toContain('smp_wmb() number 2 in klp_init_transition()');
    }
  });

  test('wmb2 and rmb3 keep the target before the pending flags, on enable and on disable', () => {
    for (const path of ['enable', 'disable']) {
      expect(rowsOf(table, 'wmb2', path)).toContain(
        'I2 needed: klp_target_state -> TIF_PATCH_PENDING',
      );
      expect(rowsOf(table, 'rmb3', path)).toContain(
        'I2 needed: TIF_PATCH_PENDING -> klp_target_state',
      );
    }
  });

  test('wmb3 and rmb3 do so on reverse, for a task that has been switched before', () => {
    expect(rowsOf(table, 'wmb3', 'reverse')).toContain(
      'I2 needed: klp_target_state -> TIF_PATCH_PENDING',
    );
    expect(rowsOf(table, 'rmb3', 'reverse')).toContain(
      'I2 needed: TIF_PATCH_PENDING -> klp_target_state',
    );
  });

  test('rmb2 is needed on disable and not on enable', () => {
    expect(rowsOf(table, 'rmb2', 'disable')).toContain('I1 needed: transition -> patch_state');
    expect(verdictsOf(table, 'rmb2', 'enable')).not.toContain('needed');
  });

  test('rmb1 is not needed on disable', () => {
    expect(verdictsOf(table, 'rmb1', 'disable')).not.toContain('needed');
  });

  test('wmb2 orders nothing before func_stack on disable', () => {
    expect(rowsOf(table, 'wmb2', 'disable').join()).not.toContain('func_stack');
  });
});

describe('where the model says otherwise', () => {
  test('on enable list_add_rcu() and wmb2 both keep transition before func_stack', () => {
    // list_add_rcu() publishes by a release store, which orders all that is before it.
    expect(rowsOf(table, 'wmb2', 'enable').join('\n')).toMatch(
      /I1 redundant: .*transition -> func_stack/,
    );
  });

  test('on enable the pointer from func_stack orders the flag by itself; rmb1 or rmb2 the state', () => {
    const rows = table.rows.filter(
      ({ barrier, path, invariant }) =>
        path === 'enable' &&
        invariant.startsWith('I1') &&
        barrier.primitive === 'smp_rmb' &&
        barrier.ordinal === 1,
    );
    expect(rows).toMatchObject([{ verdict: 'redundant' }]);
    expect(rows[0]!.by).toEqual(
      expect.arrayContaining([
        'smp_rmb() number 2 in klp_ftrace_handler()',
        'list_first_or_null_rcu() in klp_ftrace_handler()',
      ]),
    );
  });

  test('on disable wmb2 is also needed for a call after the switch', () => {
    // The task has seen its flag set; without the order it may still see transition clear.
    expect(rowsOf(table, 'wmb2', 'disable')).toContain(
      'I3 needed: transition -> TIF_PATCH_PENDING',
    );
  });

  test('on disable that call reads the flag in order through rmb1 or rmb3: one has to stay', () => {
    expect(rowsOf(table, 'rmb1', 'disable')).toContain(
      'I3 redundant: TIF_PATCH_PENDING -> transition',
    );
    expect(rowsOf(table, 'rmb3', 'disable')).toContain(
      'I3 redundant: TIF_PATCH_PENDING -> transition',
    );
  });

  test('on reverse the void clear_bit() is not ordered by rmb3: the task can be left behind', () => {
    expect(observationOnPath(table.answers, 'reverse', 'I4-at-rest')).toBe('Sometimes');
    expect(rowsOf(table, 'rmb3', 'reverse')).toContain(
      'I4 broken: TIF_PATCH_PENDING -> klp_target_state',
    );
    expect(rowsOf(table, 'wmb3', 'reverse')).toContain(
      'I4 broken: klp_target_state -> TIF_PATCH_PENDING',
    );
  });

  test('on enable nothing keeps a func pushed on a live stack before the pending flag', () => {
    expect(observationOnPath(table.answers, 'enable', 'I3-after-the-switch')).toBe('Sometimes');
    const [answer] = table.answers.filter(({ scenario }) => scenario.path === 'enable');
    const violated = answer!.invariants.find(({ name }) => name.startsWith('I3'))!;
    expect(violated.unkept).toContainEqual(
      expect.objectContaining({
        before: 'klp_ops.func_stack',
        after: 'TIF_PATCH_PENDING',
        thread: 0,
        lacking: true,
      }),
    );
  });

  test('the execution is told on the lines of the source', () => {
    const [answer] = table.answers.filter(({ scenario }) => scenario.path === 'enable');
    const steps = answer!.invariants.find(({ name }) => name.startsWith('I3'))!.execution();
    expect(steps).toContainEqual(
      expect.objectContaining({
        thread: 1,
        function: 'klp_ftrace_handler',
        message:
          'reads klp_ops.func_stack = older_func.stack_node, a value that has been overwritten',
      }),
    );
  });
});

describe('the table follows the source', () => {
  const CASES: readonly (readonly [string, readonly string[], Edit, string, string, string])[] = [
    [
      'without wmb1',
      DISABLE,
      { file: 'transition.c', from: /smp_wmb\(\);(?=\s+klp_for_each_object)/, to: '' },
      'I1-before-the-switch',
      'rmb2',
      'I1 broken: transition -> patch_state',
    ],
    [
      'without wmb2',
      DISABLE,
      { file: 'transition.c', from: /smp_wmb\(\);(?=\n\}\n\n\/\* Asks every)/, to: '' },
      'I2-at-the-switch',
      'rmb3',
      'I2 broken: TIF_PATCH_PENDING -> klp_target_state',
    ],
    [
      'with a compiler barrier for wmb2',
      DISABLE,
      { file: 'transition.c', from: /smp_wmb\(\);(?=\n\}\n\n\/\* Asks every)/, to: 'barrier();' },
      'I3-after-the-switch',
      'rmb3',
      'I3 broken: TIF_PATCH_PENDING -> transition',
    ],
    [
      'without rmb2',
      DISABLE,
      { file: 'patch.c', from: /smp_rmb\(\);(?=\s+if \(current)/, to: '' },
      'I1-before-the-switch',
      'wmb1',
      'I1 broken: patch_state -> transition',
    ],
    [
      'without rmb3',
      ENABLE,
      { file: 'transition.c', from: 'smp_rmb();', to: '' },
      'I2-at-the-switch',
      'wmb2',
      'I2 broken: klp_target_state -> TIF_PATCH_PENDING',
    ],
    [
      'with the target written after wmb2',
      DISABLE,
      {
        file: 'transition.c',
        from: /klp_target_state = state;\s+\/\*[\s\S]*?\*\/\s+smp_wmb\(\);/,
        to: 'smp_wmb(); klp_target_state = state;',
      },
      'I2-at-the-switch',
      'rmb3',
      'I2 broken: TIF_PATCH_PENDING -> klp_target_state',
    ],
  ];

  test.each(CASES)('%s the partner is broken', (_, scenarios, edit, invariant, partner, row) => {
    const edited = tableOf(scenarios, edit);
    const path = edited.answers[0]!.scenario.path;
    expect(observationOnPath(edited.answers, path, invariant)).toBe('Sometimes');
    expect(rowsOf(edited, partner, path)).toContain(row);
  });

  test('without the release of list_add_rcu() the handler may follow an old pointer of the new func', () => {
    const from = /list_add_rcu\((?=[^)]*\);\s+\}\n\n\tfunc->patched = true)/;
    const edited = tableOf(ENABLE, { file: 'patch.c', from, to: 'list_add(' });
    expect(observationOnPath(edited.answers, 'enable', 'I1-before-the-switch')).toBe('Sometimes');
  });

  test('with a value-returning clear the flag and the target are in order on reverse', () => {
    const edited = tableOf(REVERSE, {
      file: 'transition.c',
      from: 'clear_tsk_thread_flag(',
      to: 'test_and_clear_tsk_thread_flag(',
    });
    expect(observationOnPath(edited.answers, 'reverse', 'I4-at-rest')).toBe('Never');
  });

  test('with a barrier between func_stack and the pending flag I3 holds on enable', () => {
    const edited = tableOf(ENABLE, {
      file: 'core.c',
      from: /klp_start_transition\(\);(?=[^}]*enabled = true)/,
      to: 'smp_wmb(); klp_start_transition();',
    });
    expect(observationOnPath(edited.answers, 'enable', 'I3-after-the-switch')).toBe('Never');
  });

  test('lines follow an edit above, although nothing is solved again', () => {
    const before = cache.size;
    const edited = tableOf(DISABLE, {
      file: 'transition.c',
      from: 'struct klp_patch *klp_transition_patch;',
      to: '\n\nstruct klp_patch *klp_transition_patch;',
    });
    expect(cache.size).toBe(before);
    const lineOf = ({ rows }: TransitionTable) =>
      rows.find(({ barrier }) => barrier.function === 'klp_patch_task')!.barrier.line;
    expect(lineOf(edited)).toBe(lineOf(tableOf(DISABLE)) + 2);
    const [row] = edited.rows.filter(({ barrier }) => barrier.function === 'klp_patch_task');
    const step = row!.execution().find((each) => each.function === 'klp_patch_task')!;
    const text = treeBelow(RFC_V2).source('transition.c')!.text;
    expect(step.place!.span.start).toBeGreaterThan(text.indexOf('void klp_patch_task'));
  });
});

describe('what else the review argues with', () => {
  /** What becomes of an invariant under a supposition: `Never -> Sometimes`. */
  function supposed(scenario: string, supposition: string, invariant: string): string {
    const { answers } = tableOf([scenario]);
    const tree = treeBelow(RFC_V2);
    const found = supposedAnswers(answers[0]!.scenario, tree, cache).find(
      (each) => each.supposition.name === supposition && each.after.name.startsWith(invariant),
    )!;
    return `${found.before.observation} -> ${found.after.observation}`;
  }

  test('a task must not be switched in the middle of the handler', () => {
    expect(supposed('sleep-disable', 'switched-while-it-runs', 'I1')).toBe('Never -> Sometimes');
  });

  test('on reverse the flag must be set for every task', () => {
    // Compared with a clear that is ordered, since without that I4 is violated anyway.
    expect(supposed('reverse-enable-pending', 'ordered-clear', 'I4')).toBe('Sometimes -> Never');
    expect(supposed('reverse-enable-pending', 'pending-only-where-needed', 'I4')).toBe(
      'Never -> Sometimes',
    );
  });

  test('register_ftrace_function() must be over, everywhere, when it returns', () => {
    expect(supposed('enable-first', 'registration-returns-early', 'I3')).toBe('Never -> Sometimes');
  });
});
