/** The page of `simulate livepatch --html` in a browser: without network, by keyboard, and for everybody. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { dispatch } from '../../server/src/cli/dispatch.ts';
import { KERNELS, type Kernel } from '../support/linux-source.ts';
import { violations } from './axe.ts';
import { requiredLinux } from './livepatch-sources.ts';
import { RESULTS } from './results.ts';

/** The page of a kernel in a fresh window without network. */
async function onPage(
  kernel: Kernel,
  act: (page: Page, requests: readonly string[]) => Promise<void>,
) {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-page-'));
  const file = join(folder, 'livepatch.html');
  const silent = { write: () => undefined, warn: () => undefined };
  await dispatch(
    ['simulate', 'livepatch', '--tree', requiredLinux(kernel), '--html', file],
    silent,
  );
  const browser = await chromium.launch({
    executablePath: inject('chromium'),
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  try {
    const context = await browser.newContext({
      offline: true,
      viewport: { width: 1280, height: 900 },
    });
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => {
      throw error;
    });
    await page.goto(pathToFileURL(file).href);
    await act(page, requests);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

test.each(KERNELS)(
  'of $kernel it steps by the keyboard, with and without a barrier, and asks for nothing',
  ({ kernel }) =>
    onPage(kernel, async (page, requests) => {
      const count = page.locator('#count');
      const needed = page.locator('td.needed button').first();
      await needed.focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => count.textContent()).toMatch(/^Step 1 of \d+: P0 /);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
      expect(await count.textContent()).toMatch(/^Step 3 of/);
      await page.keyboard.press('ArrowLeft');
      expect(await count.textContent()).toMatch(/^Step 2 of/);
      expect(await page.locator('.source .now').count()).toBe(1);
      await page.keyboard.press('End');
      expect(await page.locator('#on').isDisabled()).toBe(true);
      expect(await page.locator('#about').textContent()).toMatch(/Without it/);
      await page.locator('input[value=with]').check();
      expect(await page.locator('#about').textContent()).toMatch(/With it no execution ends so/);
      await page.screenshot({ path: join(RESULTS, `transition-page-${kernel}.png`) });
      expect(requests.every((url) => url.startsWith('file:'))).toBe(true);
    }),
);

test.each(KERNELS)(
  'of $kernel axe finds nothing, in the table and while an execution is stepped through',
  ({ kernel }) =>
    onPage(kernel, async (page) => {
      expect(await violations(page)).toEqual([]);
      await page.locator('td.needed button').first().click();
      await page.keyboard.press('ArrowRight');
      await page.locator('input[value=with]').check();
      expect(await violations(page)).toEqual([]);
    }),
);
