/** Deleting a barrier of livepatch in the buffer: the finding appears at its partner, in the other file, at once. */

import { expect } from 'vitest';
import type { Flow } from './flow.ts';
import { flow } from './flow.ts';
import type { Barrier } from './livepatch-sources.ts';
import { BARRIERS, requiredLinux } from './livepatch-sources.ts';
import { ANALYSIS } from './workbench.ts';
import { livepatchWorkspace } from './workspace.ts';

/** How often each is measured, from the key press to the row in the Problems panel. The times are printed and
 *  not judged: a test must not fail because the machine is busy. `npm run bench` has the bars. */
const ROUNDS = 3;

/** Each barrier with the partners that the kernel's comments give it, of which one at least has to be warned. The handler's first read barrier is not
 *  among them: what it orders is also ordered by the address dependency on the entry that was read. */
const PAIRS: readonly (readonly [lost: Barrier, ...left: Barrier[]])[] = [
  [BARRIERS.enable, BARRIERS.handlerStack],
  [BARRIERS.disable, BARRIERS.handlerStack, BARRIERS.update],
  [BARRIERS.init, BARRIERS.handlerState],
  [BARRIERS.handlerState, BARRIERS.init],
];

for (const [lost, ...left] of PAIRS) {
  const name = `without line ${lost.line} of ${lost.function}`;
  flow(
    name,
    () => livepatchWorkspace(requiredLinux()),
    async (step) => {
      const { window, picture } = step;
      await window.open(lost.file);
      await window.goto(lost.line);
      await window
        .lens(/pairs with/)
        .first()
        .waitFor({ timeout: ANALYSIS });
      await window.showProblems();
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) times.push(await deletionTime(step, lost, left));
      await picture('undone');
      console.log(`${name}: found after ${times.map(Math.round).join(', ')} ms`);
      expect(times).toHaveLength(ROUNDS);
    },
  );
}

/** Deletes the line, waits for the finding, undoes, waits until it is gone; returns the first wait in milliseconds. */
async function deletionTime(
  { window, picture }: Flow,
  lost: Barrier,
  left: readonly Barrier[],
): Promise<number> {
  const lines = left.map(({ line }) => line);
  const finding = window.finding(lines, lost.function).first();
  await window.open(lost.file);
  await window.goto(lost.line);
  expect(await finding.count()).toBe(0);
  const before = performance.now();
  await window.press('Control+Shift+K');
  await finding.waitFor({ timeout: ANALYSIS });
  const time = performance.now() - before;
  await picture('deleted');
  await window.press('Control+Z');
  await finding.waitFor({ state: 'detached', timeout: ANALYSIS });
  return time;
}
