/** Deleting a barrier of livepatch in the buffer: the finding appears at its partner, in the other file, at once. */

import { expect } from 'vitest';
import type { Flow } from './flow.ts';
import { flow } from './flow.ts';
import type { Barrier } from './livepatch-sources.ts';
import { BARRIERS, requiredLinux } from './livepatch-sources.ts';
import { ANALYSIS } from './workbench.ts';
import { livepatchWorkspace } from './workspace.ts';

/** The ways to take a line away, each a text that was not seen before. It is measured from the key press to the row
 *  in the Problems panel. The times are printed and not judged: a test must not fail because the machine is
 *  busy. `npm run bench` has the bars. */
const WAYS = [
  { keys: 'Control+Shift+K', linesLess: 1 },
  { keys: 'Control+/', linesLess: 0 },
] as const;

/** A needed barrier, and the finding that has to appear without it. */
interface Loss {
  readonly lost: Barrier;
  /** Its partners, of which one at least has to be warned. */
  readonly left: readonly Barrier[];
  /** What the finding has to speak of. */
  readonly words: string;
}

/** Barriers that pair by the kernel's own comments: the partner's finding names the function that has none any more.
 *  The handler's first read barrier is not among them: what it orders is also ordered by the address dependency on the
 *  entry that was read. */
const PAIRED: readonly Loss[] = [
  { lost: BARRIERS.enable, left: [BARRIERS.handlerStack] },
  { lost: BARRIERS.disable, left: [BARRIERS.handlerStack, BARRIERS.update] },
  { lost: BARRIERS.init, left: [BARRIERS.handlerState] },
  { lost: BARRIERS.handlerState, left: [BARRIERS.init] },
  { lost: BARRIERS.update, left: [BARRIERS.init] },
].map(({ lost, left }) => ({ lost, left, words: lost.function }));

/** What only the simulated transition knows to be needed: the finding names the invariant that no longer holds. */
const SIMULATED: readonly Loss[] = [
  {
    lost: BARRIERS.removed,
    left: [BARRIERS.handlerList, BARRIERS.handlerStack],
    words: 'I3-after-the-switch in klp-complete-disable-live',
  },
  {
    lost: BARRIERS.completed,
    left: [BARRIERS.handlerList, BARRIERS.handlerStack],
    words: 'I5-never-undefined in klp-complete-enable',
  },
  { lost: BARRIERS.reversed, left: [BARRIERS.reversedTarget], words: 'I4-at-rest' },
];

for (const loss of [...PAIRED, ...SIMULATED]) {
  const { lost } = loss;
  const name = `without line ${lost.line} of ${lost.function}`;
  flow(
    name,
    () => livepatchWorkspace(requiredLinux()),
    async (step) => {
      const { window, picture } = step;
      await window.open(lost.file);
      await window.goto(lost.line);
      // The scenarios have answered: the lens of a barrier that only they know says so.
      await window
        .lens(SIMULATED.includes(loss) ? /needed on/ : /pairs with/)
        .first()
        .waitFor({ timeout: ANALYSIS });
      await window.showProblems(loss.words);
      const times: number[] = [];
      for (const way of WAYS) times.push(await deletionTime(step, loss, way));
      await picture('undone');
      console.log(`${name}: found after ${times.map(Math.round).join(', ')} ms`);
      expect(times).toHaveLength(WAYS.length);
    },
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
