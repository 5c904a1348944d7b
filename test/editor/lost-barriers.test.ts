/** Deleting a barrier of livepatch in the buffer: the finding appears at its partner, in the other file, at once. */

import { expect } from 'vitest';
import { median } from '../../scripts/bench-section.ts';
import { DRAWN, drawn } from '../support/drawn.ts';
import type { Kernel } from '../support/linux-source.ts';
import type { Flow } from './flow.ts';
import { flow } from './flow.ts';
import type { Barrier, Loss } from './livepatch-sources.ts';
import { LOSSES, requiredLinux } from './livepatch-sources.ts';
import { ANALYSIS } from './workbench.ts';
import { livepatchWorkspace } from './workspace.ts';

/** The ways to take a line away, in turn. It is measured from the key press to the row
 *  in the Problems panel. The times are printed and not judged: a test must not fail because the machine is
 *  busy. `npm run bench` has the bars. */
const WAYS = [
  { keys: 'Control+Shift+K', linesLess: 1 },
  { keys: 'Control+/', linesLess: 0 },
] as const;

/** All barriers of a kernel in one window: its start takes as long as several of them. */
const FLOW = 1_800_000;

for (const [kernel, all] of Object.entries(LOSSES) as [Kernel, readonly Loss[]][]) {
  const losses = drawn(all, 2);
  flow(
    `barriers of Linux ${kernel} lost, ${DRAWN}`,
    () => livepatchWorkspace(requiredLinux(kernel)),
    async (step) => {
      const { window } = step;
      const times: number[] = [];
      for (const [index, loss] of losses.entries()) {
        const { file, line, function: name } = loss.lost;
        await window.open(file);
        await window.goto(line);
        // The scenarios have answered: the lens of a barrier that they know says so.
        await window
          .lens(/needed on|redundant on|pairs with/)
          .first()
          .waitFor({ timeout: ANALYSIS });
        await window.showProblems(loss.words);
        const time = await deletionTime(step, loss, WAYS[index % WAYS.length]!);
        times.push(time);
        console.log(`${kernel}, ${file}:${line} ${name}: found after ${Math.round(time)} ms`);
      }
      console.log(`${kernel}: median of ${times.length}: ${Math.round(median(times))} ms`);
      expect(times).toHaveLength(losses.length);
    },
    { timeout: FLOW },
  );
}

/** Takes the line away, waits for the finding, undoes, waits until it is gone; returns the first wait in milliseconds. */
async function deletionTime(
  { window, picture }: Flow,
  { lost, left, words }: Loss,
  { keys, linesLess }: (typeof WAYS)[number],
): Promise<number> {
  const isBelow = (barrier: Barrier) => barrier.file === lost.file && barrier.line > lost.line;
  const lines = left.map((barrier) => barrier.line - (isBelow(barrier) ? linesLess : 0));
  const finding = window.finding(lines, words).first();
  await window.open(lost.file);
  await window.goto(lost.line);
  expect(await finding.count()).toBe(0);
  const before = performance.now();
  await window.press(keys);
  await window.findingDrawn(lines, words);
  const time = performance.now() - before;
  await picture('deleted');
  await window.press('Control+Z');
  await finding.waitFor({ state: 'detached', timeout: ANALYSIS });
  return time;
}
