/** The need table at a glance, against the review of RFC v2 (LIVEPATCH.md, "The review's claims"; where the
 *  simulation differs, docs/livepatch.md says why). */

import { expect, test } from 'vitest';
import { type BarrierCell, barrierTable } from '../../server/src/proof/barrier-table.ts';
import { transitionTable } from '../../server/src/proof/transition-table.ts';
import { bundledScenarios, readText } from '../../server/src/scenario/load-library.ts';
import { RFC_V2, treeBelow } from '../support/scenario-tree.ts';

const table = transitionTable(bundledScenarios(), readText, treeBelow(RFC_V2), new Map());
const barriers = barrierTable(table.rows);

function cellOf(name: string, primitive: string, ordinal: number, path: string) {
  const row = barriers.find(
    ({ barrier }) =>
      barrier.function === name && barrier.primitive === primitive && barrier.ordinal === ordinal,
  );
  return row?.cells.get(path);
}

function verdictOf(cell: BarrierCell | undefined): string {
  if (cell === undefined) return '-';
  if (cell.isUnknown) return 'unknown';
  const needed = cell.needed.length > 0 ? 'needed' : '';
  const broken = cell.broken.length > 0 ? 'broken' : '';
  return [needed, broken].filter((word) => word !== '').join(' and ') || 'not needed';
}

test.each([
  ['wmb1', 'klp_init_transition', 'smp_wmb', 1, 'enable', 'not needed'],
  ['wmb1', 'klp_init_transition', 'smp_wmb', 1, 'disable', 'needed'],
  ['wmb2', 'klp_init_transition', 'smp_wmb', 2, 'enable', 'needed'],
  ['wmb2', 'klp_init_transition', 'smp_wmb', 2, 'disable', 'needed'],
  ['wmb3', 'klp_reverse_transition', 'smp_wmb', 1, 'reverse', 'needed and broken'],
  ['wmb3', 'klp_reverse_transition', 'smp_wmb', 1, 'enable', '-'],
  ['rmb1', 'klp_ftrace_handler', 'smp_rmb', 1, 'enable', 'not needed'],
  ['rmb1', 'klp_ftrace_handler', 'smp_rmb', 1, 'disable', 'not needed'],
  ['rmb2', 'klp_ftrace_handler', 'smp_rmb', 2, 'enable', 'not needed'],
  ['rmb2', 'klp_ftrace_handler', 'smp_rmb', 2, 'disable', 'needed'],
  ['rmb3', 'klp_patch_task', 'smp_rmb', 1, 'enable', 'needed and broken'],
  ['rmb3', 'klp_patch_task', 'smp_rmb', 1, 'disable', 'needed'],
  ['rmb3', 'klp_patch_task', 'smp_rmb', 1, 'reverse', 'needed and broken'],
])('%s: %s %s %i on %s: %s', (_, name, primitive, ordinal, path, verdict) => {
  expect(verdictOf(cellOf(name, primitive, ordinal, path))).toBe(verdict);
});

test('what is not needed says who gives the order', () => {
  const givers = cellOf('klp_ftrace_handler', 'smp_rmb', 2, 'enable')?.givers;
  const first = { function: 'klp_ftrace_handler', primitive: 'smp_rmb', ordinal: 1 };
  expect(givers).toEqual([[{ barrier: expect.objectContaining(first) }]]);
});

test('what is broken says what is missing, with the lines', () => {
  const [broken] = cellOf('klp_patch_task', 'smp_rmb', 1, 'reverse')?.broken ?? [];
  expect(broken?.lacks).toMatch(
    /^it does not keep TIF_PATCH_PENDING \(transition\.c:\d+\) before klp_target_state \(transition\.c:\d+\)/,
  );
});

test('barriers stand in the order of their lines', () => {
  const places = barriers.map(
    ({ barrier }) => `${barrier.file} ${String(barrier.line).padStart(5)}`,
  );
  expect(places).toEqual([...places].sort());
});
