/** What axe finds wrong in a page or in a frame of it, for those who cannot see or cannot use a mouse. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Each rule that is broken, with its weight and the elements. */
export async function violations(page: Page | Frame) {
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate<AxeResults>('axe.run()');
  return found.map(({ id, impact, nodes }) => [id, impact, ...nodes.map(({ html }) => html)]);
}
