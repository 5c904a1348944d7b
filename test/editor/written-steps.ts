/** A litmus test as somebody writes it: its verdict above it, a mistake while it is typed, the execution, a new name, its layout. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Flow } from './flow.ts';
import { ANALYSIS } from './workbench.ts';

/** Message passing; one line is not laid out. */
export const MP = `C MP

(*
 * Result: Never
 *)

{}

P0(int *buf, int *flag)
{
	WRITE_ONCE(*buf, 1);
	smp_wmb();
	WRITE_ONCE(*flag, 1);
}

P1(int *buf, int *flag)
{
	int r0;
	int r1;

	r0 = READ_ONCE(*flag);
  smp_rmb();
	r1 = READ_ONCE(*buf);
}

exists (1:r0=1 /\\ 1:r1=0)
`;

const lineOf = (words: string) => MP.split('\n').findIndex((line) => line.includes(words)) + 1;

export async function throughLitmusTest({ window, folder, picture }: Flow): Promise<void> {
  const { page } = window;
  await window.open('mp.litmus');
  await window
    .lens(/✓ Never · 0 of 3 executions/)
    .first()
    .waitFor({ timeout: ANALYSIS });
  await picture('verdict');

  // The barrier is lost: the verdict is another one, and undo gives it back.
  await window.goto(lineOf('smp_rmb'));
  await window.press('Control+Shift+K');
  await window.goto(1);
  await window
    .lens(/✗ Sometimes · 1 of 4 executions, expected Never/)
    .first()
    .waitFor({ timeout: ANALYSIS });
  await window.press('Control+Z');
  await window.goto(1);
  await window
    .lens(/✓ Never/)
    .first()
    .waitFor({ timeout: ANALYSIS });

  await window.command('Format Document');
  await picture('laid out');
  await window.command('File: Save All');
  const saved = () => readFileSync(join(folder, 'mp.litmus'), 'utf8');
  await expect.poll(saved, { timeout: ANALYSIS }).toBe(MP.replace('  smp_rmb', '\tsmp_rmb'));
  await window.goto(lineOf('r1 = READ'));
  await window.press('F2');
  await page.locator('.rename-box input').waitFor({ timeout: ANALYSIS });
  await page.locator('.rename-box input').fill('data');
  await window.press('Enter');
  await page
    .locator('.view-line', { hasText: /1:data=0/ })
    .first()
    .waitFor({ timeout: ANALYSIS });

  await window.goto(1);
  await window
    .lens(/✓ Never/)
    .first()
    .click({ timeout: ANALYSIS });
  const view = page.frameLocator('iframe.webview').frameLocator('iframe');
  await view.locator('svg').waitFor({ timeout: ANALYSIS });
  await view.locator('#player').focus();
  await page.keyboard.press('ArrowRight');
  await view.locator('#count', { hasText: 'Step 2 of' }).waitFor({ timeout: ANALYSIS });
  await picture('execution');
}
