/** A barrier that was deleted is put back at its partner, by the lamp, and that is one step to undo. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flow } from './flow.ts';
import { ANALYSIS } from './workbench.ts';
import { copyOf } from './workspace.ts';

const SAMPLE = 'test/livepatch/rfc-v2';
const lineOf = (file: string, pattern: RegExp) =>
  readFileSync(join(SAMPLE, file), 'utf8')
    .split('\n')
    .findIndex((line) => pattern.test(line)) + 1;
const reading = lineOf('patch.c', /^\t\tsmp_rmb\(\);/);
const writing = lineOf('transition.c', /^\tsmp_wmb\(\);/);
const LOST = 'klp_ftrace_handler';

flow(
  'a lost barrier put back',
  () => copyOf(SAMPLE),
  async ({ window, picture }) => {
    const { page } = window;
    await window.open('transition.c');
    await window.goto(writing);
    await window
      .lens(/✓ needed/)
      .first()
      .waitFor({ timeout: ANALYSIS });
    await window.showProblems(LOST);
    await window.open('patch.c');
    await window.goto(reading);
    await window.press('Control+Shift+K');
    const finding = window.finding([writing], LOST).first();
    await finding.waitFor({ timeout: ANALYSIS });

    await window.open('transition.c');
    await window.goto(writing);
    await window.press('Control+.');
    const offer = page.locator('.action-widget .action', { hasText: /^Put back smp_rmb\(\)/ });
    await offer.first().waitFor({ timeout: ANALYSIS });
    await picture('offered');
    await window.press('Enter');
    await finding.waitFor({ state: 'detached', timeout: ANALYSIS });
    await picture('put back');
  },
);
