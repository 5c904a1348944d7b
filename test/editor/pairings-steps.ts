/** The way through the tree of barriers beside the code: it follows the cursor, is sorted anew, and leads to each barrier and its partners. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Flow } from './flow.ts';
import { ANALYSIS } from './workbench.ts';

/** What it goes through. */
export const SAMPLE = 'test/livepatch/rfc-v2';

const lines = readFileSync(join(SAMPLE, 'transition.c'), 'utf8').split('\n');
const barrier = lines.findIndex((line) => /^\s+smp_wmb\(\);/.test(line)) + 1;
const reading = lines.findIndex((line) => /^\s+smp_rmb\(\);/.test(line)) + 1;

export async function throughPairings({ window, picture }: Flow): Promise<void> {
  const { page } = window;
  await window.open('transition.c');
  await window.goto(barrier);
  await window
    .lens(/✓ needed/)
    .first()
    .waitFor({ timeout: ANALYSIS });
  await window.command('Explorer: Focus on Barrier Pairings View');
  const tree = page.locator('.monaco-list[aria-label="Barrier Pairings"]');
  const row = (words: RegExp) => tree.locator('.monaco-list-row', { hasText: words }).first();
  await row(/✓ smp_wmb\(\) in klp_init_transition\(\)/).waitFor({ timeout: ANALYSIS });

  await window.goto(1);
  await window.goto(barrier);
  await tree
    .locator('.monaco-list-row.selected', { hasText: /smp_wmb\(\) in klp_init_transition\(\)/ })
    .waitFor({ timeout: ANALYSIS });
  await picture('follows the cursor');

  await row(/smp_rmb\(\) in klp_patch_task\(\)/).click();
  await window
    .cursor()
    .filter({ hasText: `Ln ${reading}` })
    .waitFor({ timeout: ANALYSIS });
  // The call hierarchy of the editor leads to the other side, too.
  await window.open('transition.c');
  await window.goto(barrier);
  await window.press('Shift+Alt+H');
  // Its view takes the place of the tree, which has such a row, too, before it is filled.
  await page.getByText('References: Callers Of').waitFor({ timeout: ANALYSIS });
  await tree.waitFor({ state: 'hidden', timeout: ANALYSIS });
  await page
    .getByRole('treeitem', { name: /smp_rmb\(\) in klp_ftrace_handler\(\)/ })
    .filter({ visible: true })
    .first()
    .waitFor({ timeout: ANALYSIS });
  await picture('call hierarchy');
  await window.command('Explorer: Focus on Barrier Pairings View');
  await window.command('BarrierLens: List Barriers by Verdict');
  await row(/^warned/).waitFor({ timeout: ANALYSIS });
  await tree
    .locator(`.monaco-list-row.selected[aria-label*="line ${barrier}"]`)
    .waitFor({ timeout: ANALYSIS });
  await picture('by verdict');
  await window.command('BarrierLens: List Barriers by Scenario');
  await row(/^disable/).waitFor({ timeout: ANALYSIS });
  await picture('by scenario');
}
