/** The way through the livepatch code of a kernel: lenses, the hover and its link, a barrier lost and found. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Kernel } from '../support/linux-source.ts';
import type { Flow } from './flow.ts';
import { BARRIERS_OF, livepatchText } from './livepatch-sources.ts';
import { ANALYSIS } from './workbench.ts';

export async function throughLivepatch(
  { window, folder, picture }: Flow,
  kernel: Kernel,
): Promise<void> {
  // The handler's first read barrier, and the write barrier that it pairs with.
  const { handlerStack: reader, enable: writer } = BARRIERS_OF[kernel];
  await window.open(reader.file);
  await window.goto(reader.line);
  await window
    .lens(/__klp_enable_patch/)
    .first()
    .waitFor({ timeout: ANALYSIS });
  await picture('lenses');

  const hover = await window.hover(/__klp_enable_patch\(\)/);
  expect(hover).toMatch(/func_stack/);
  expect(hover).toMatch(/transition/);
  await picture('hover');

  await window.clickInHover(/__klp_enable_patch\(\)/, /core\.c/);
  await window.tab(writer.file).waitFor();
  await expect.poll(() => window.cursor().textContent()).toContain(`Ln ${writer.line},`);
  await picture('followed link');

  await window.showProblems(writer.function);
  const finding = window.finding([reader.line], writer.function);
  expect(await finding.count()).toBe(0);
  await window.open(writer.file);
  await window.goto(writer.line);
  await window.press('Control+Shift+K');
  await finding.first().waitFor({ timeout: ANALYSIS });
  await picture('barrier deleted');
  expect(readFileSync(join(folder, writer.file), 'utf8')).toBe(livepatchText(writer.file, kernel));

  await window.press('Control+Z');
  await finding.first().waitFor({ state: 'detached', timeout: ANALYSIS });
  await picture('undone');
}
