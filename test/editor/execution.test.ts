/** The bundled sample in the editor: the execution behind a verdict as a picture, and its litmus test. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { violations } from './axe.ts';
import { flow } from './flow.ts';
import { ANALYSIS } from './workbench.ts';
import { copyOf } from './workspace.ts';

const SAMPLE = 'test/livepatch/rfc-v2';
const lines = readFileSync(join(SAMPLE, 'transition.c'), 'utf8').split('\n');
const barrier = lines.findIndex((line) => /^\s+smp_wmb\(\);/.test(line)) + 1;

flow(
  'the bundled sample',
  () => copyOf(SAMPLE),
  async ({ window, picture }) => {
    const { page } = window;
    await window.open('transition.c');
    await window.goto(barrier);
    await window
      .lens(/✓ needed/)
      .first()
      .waitFor({ timeout: ANALYSIS });
    await picture('lens');
    await window.hover(/Show the execution/);
    await picture('hover');
    await window.clickInHover(/Show the execution/, 'Show the execution');
    const view = page.frameLocator('iframe.webview').frameLocator('iframe');
    await view.locator('svg').waitFor({ timeout: ANALYSIS });
    await window.press('Escape');
    await picture('execution');

    // Each step is shown on its line in the code, and the keyboard stays with the page.
    await view.locator('#player').focus();
    const count = view.locator('#count');
    for (const step of [2, 3]) {
      await page.keyboard.press('ArrowRight');
      await count.filter({ hasText: `Step ${step} of` }).waitFor({ timeout: ANALYSIS });
    }
    await page.keyboard.press('End');
    await view.locator('#steps [aria-current] .where').waitFor({ timeout: ANALYSIS });
    await picture('last step');
    await view.locator('input[value=with]').check();
    await view
      .locator('#about', { hasText: 'no execution ends so' })
      .waitFor({ timeout: ANALYSIS });
    await picture('with the barrier');
    const inner = page.frames().find((frame) => frame.parentFrame()?.parentFrame() != null);
    const serious = (await violations(inner!)).filter(
      ([, impact]) => impact === 'serious' || impact === 'critical',
    );
    expect(serious).toEqual([]);

    await window.open('transition.c');
    await window.goto(barrier);
    await window.command('BarrierLens: Export the Litmus Test at This Barrier');
    await page
      .locator('.view-line', { hasText: /exists/ })
      .first()
      .waitFor({ timeout: ANALYSIS });
    await picture('litmus test');
  },
);
