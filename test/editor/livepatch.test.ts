/** The livepatch code of Linux 6.1 in the editor: lenses, the hover and its link, a barrier lost and found. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { linuxSource } from '../support/linux-source.ts';
import { flow, recordedProcesses } from './flow.ts';
import { lineOf } from './lines.ts';
import { livepatchWorkspace } from './workspace.ts';

const linux = linuxSource();
if (linux === undefined) throw new Error('The editor tests need linux-source-6.1');
const source = (file: string) => readFileSync(join(linux, 'kernel/livepatch', file), 'utf8');

/** The handler's first read barrier, and the write barrier that it pairs with. */
const reader = { file: 'patch.c', line: lineOf(source('patch.c'), 'smp_rmb();') };
const writer = {
  file: 'core.c',
  line: lineOf(source('core.c'), 'smp_wmb();', 'static int __klp_enable_patch('),
};

/** What is analysed before the first answer: the folder and the headers around it. */
const ANALYSIS = 60_000;

flow(
  'livepatch',
  () => livepatchWorkspace(linux),
  async ({ window, folder, picture }) => {
    await window.open(reader.file);
    await window.goto(reader.line);
    await window
      .lens(/__klp_enable_patch/)
      .first()
      .waitFor({ timeout: ANALYSIS });
    await picture('lenses');
    expect(recordedProcesses().some((line) => /\bserver\.cjs\b/.test(line))).toBe(true);

    const hover = await window.hover(/__klp_enable_patch\(\)/);
    expect(await hover.textContent()).toMatch(/klp_ops\.func_stack/);
    expect(await hover.textContent()).toMatch(/klp_func\.transition/);
    await picture('hover');

    await hover
      .getByRole('link', { name: /core\.c/ })
      .first()
      .click();
    await window.tab(writer.file).waitFor();
    await picture('followed link');

    await window.showProblems();
    const finding = window
      .problems(new RegExp(`Ln ${reader.line}, Col `))
      .and(window.problems(/__klp_enable_patch/));
    expect(await finding.count()).toBe(0);
    await window.open(writer.file);
    await window.goto(writer.line);
    await window.press('Control+Shift+K');
    await finding.first().waitFor({ timeout: ANALYSIS });
    await picture('barrier deleted');
    expect(readFileSync(join(folder, writer.file), 'utf8')).toBe(source(writer.file));

    await window.press('Control+Z');
    await finding.first().waitFor({ state: 'detached', timeout: ANALYSIS });
    await picture('undone');
  },
);
