/** The walkthrough: its button opens a copy of the bundled sample, in which everything works without a folder of the user's. */

import { flow } from './flow.ts';
import { ANALYSIS } from './workbench.ts';
import { workspaceOf } from './workspace.ts';

flow(
  'the sample that comes with it',
  () => workspaceOf({ 'notes.txt': 'nothing here' }),
  async ({ window, picture }) => {
    const { page } = window;
    await window.command('Welcome: Open Walkthrough...');
    const walkthroughs = page.locator('.quick-input-list .monaco-list-row');
    await walkthroughs
      .filter({ hasText: 'Memory barriers of a live patch' })
      .first()
      .waitFor({ timeout: ANALYSIS });
    await page.keyboard.type('Memory barriers of a live patch');
    await page.keyboard.press('Enter');
    const button = page.locator('.getting-started-step a, .getting-started-step .button', {
      hasText: 'Open the sample',
    });
    await button.first().waitFor({ timeout: ANALYSIS });
    await picture('walkthrough');
    await button.first().click();
    await window
      .lens(/✓ needed on disable/)
      .first()
      .waitFor({ timeout: ANALYSIS });
    await picture('opened');
  },
);
