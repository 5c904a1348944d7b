/** The way through the table of livepatch's scenarios, a page beside the code: a cell opens its execution, each step shows its line. */

import { expect } from 'vitest';
import { violations } from './axe.ts';
import type { Flow } from './flow.ts';
import { ANALYSIS } from './workbench.ts';

export async function throughTable({ window, picture }: Flow): Promise<void> {
  const { page } = window;
  await window.open('transition.c');
  await window.command('BarrierLens: Show What Each Barrier Is For, as a Table');
  const view = page.frameLocator('iframe.webview').frameLocator('iframe');
  const cell = view.locator('td.needed button').first();
  await cell.waitFor({ timeout: ANALYSIS });
  await picture('table');
  await cell.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowRight');
  await view
    .locator('#count')
    .filter({ hasText: /^Step 2 of/ })
    .waitFor({ timeout: ANALYSIS });
  await picture('execution of a cell');
  const inner = page.frames().find((frame) => frame.parentFrame()?.parentFrame() != null);
  const serious = (await violations(inner!)).filter(
    ([, impact]) => impact === 'serious' || impact === 'critical',
  );
  expect(serious).toEqual([]);
}
