/** The way of a barrier that was deleted: at its partner the lamp puts it back. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Flow } from './flow.ts';
import { SAMPLE } from './pairings-steps.ts';
import { ANALYSIS } from './workbench.ts';

const lineOf = (file: string, pattern: RegExp) =>
  readFileSync(join(SAMPLE, file), 'utf8')
    .split('\n')
    .findIndex((line) => pattern.test(line)) + 1;
const reading = lineOf('patch.c', /^\t\tsmp_rmb\(\);/);
const writing = lineOf('transition.c', /^\tsmp_wmb\(\);/);

export async function throughPutBack({ window, picture }: Flow): Promise<void> {
  const { page } = window;
  await window.open('transition.c');
  await window.goto(writing);
  await window
    .lens(/✓ needed/)
    .first()
    .waitFor({ timeout: ANALYSIS });
  await window.open('patch.c');
  await window.goto(reading);
  await window.press('Control+Shift+K');

  await window.open('transition.c');
  await window.goto(writing);
  await window
    .lens(/partner gone/)
    .first()
    .waitFor({ timeout: ANALYSIS });
  await window.press('Control+.');
  const offer = page.locator('.action-widget', { hasText: /Put back smp_rmb\(\)/ });
  await offer.waitFor({ timeout: ANALYSIS });
  await picture('offered');
  await window.press('Enter');
  await window
    .lens(/✓ needed on disable · pairs/)
    .first()
    .waitFor({ timeout: ANALYSIS });
  await picture('put back');
}
