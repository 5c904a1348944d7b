/** Deleting a barrier of livepatch in the buffer: the finding appears at its partner, in the other file, at once. */

import { expect } from 'vitest';
import { median } from '../../scripts/bench-section.ts';
import type { Kernel } from '../support/linux-source.ts';
import type { Flow } from './flow.ts';
import { flow } from './flow.ts';
import type { Barrier } from './livepatch-sources.ts';
import { BARRIERS, NEWER_BARRIERS, requiredLinux } from './livepatch-sources.ts';
import { ANALYSIS } from './workbench.ts';
import { livepatchWorkspace } from './workspace.ts';

/** The ways to take a line away, each a text that was not seen before. It is measured from the key press to the row
 *  in the Problems panel. The times are printed and not judged: a test must not fail because the machine is
 *  busy. `npm run bench` has the bars. */
const WAYS = [
  { keys: 'Control+Shift+K', linesLess: 1 },
  { keys: 'Control+/', linesLess: 0 },
] as const;

/** All barriers of a kernel in one window: its start takes as long as several of them. */
const FLOW = 600_000;

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
function pairedIn(barriers: typeof BARRIERS): readonly Loss[] {
  return [
    { lost: barriers.enable, left: [barriers.handlerStack] },
    { lost: barriers.disable, left: [barriers.handlerStack, barriers.update] },
    { lost: barriers.init, left: [barriers.handlerState] },
    { lost: barriers.handlerState, left: [barriers.init] },
    { lost: barriers.update, left: [barriers.init] },
  ].map(({ lost, left }) => ({ lost, left, words: lost.function }));
}

/** What only the simulated transition knows to be needed: the finding names the invariant that no longer holds. */
function simulatedIn(barriers: typeof BARRIERS): readonly Loss[] {
  return [
    {
      lost: barriers.removed,
      left: [barriers.handlerList, barriers.handlerStack],
      words: 'I3-after-the-switch in klp-complete-disable-live',
    },
    {
      lost: barriers.completed,
      left: [barriers.handlerList, barriers.handlerStack],
      words: 'I5-never-undefined in klp-complete-enable',
    },
  ];
}

const LOSSES: Readonly<Record<Kernel, readonly Loss[]>> = {
  '6.1': [
    ...pairedIn(BARRIERS),
    ...simulatedIn(BARRIERS),
    { lost: BARRIERS.reversed, left: [BARRIERS.reversedTarget], words: 'I4-at-rest' },
  ],
  '6.12': [
    ...pairedIn(NEWER_BARRIERS),
    ...simulatedIn(NEWER_BARRIERS),
    { lost: NEWER_BARRIERS.reversed, left: [NEWER_BARRIERS.handlerStack], words: 'I4-at-rest' },
    {
      lost: NEWER_BARRIERS.reversedFlags,
      left: [NEWER_BARRIERS.reversedTarget],
      words: 'I2-at-the-switch',
    },
    { lost: NEWER_BARRIERS.scheduled, left: [NEWER_BARRIERS.tried], words: 'I2-at-the-switch' },
  ],
};

for (const [kernel, losses] of Object.entries(LOSSES) as [Kernel, readonly Loss[]][])
  flow(
    `barriers of Linux ${kernel} lost`,
    () => livepatchWorkspace(requiredLinux(kernel)),
    async (step) => {
      const { window } = step;
      const all: number[] = [];
      for (const loss of losses) {
        const { file, line, function: name } = loss.lost;
        await window.open(file);
        await window.goto(line);
        // The scenarios have answered: the lens of a barrier that they know says so.
        await window
          .lens(/needed on|redundant on|pairs with/)
          .first()
          .waitFor({ timeout: ANALYSIS });
        await window.showProblems(loss.words);
        const times: number[] = [];
        for (const way of WAYS) times.push(await deletionTime(step, loss, way));
        all.push(...times);
        console.log(
          `${kernel}, ${file}:${line} ${name}: found after ${times.map(Math.round).join(', ')} ms`,
        );
      }
      console.log(`${kernel}: median of ${all.length}: ${Math.round(median(all))} ms`);
      expect(all).toHaveLength(losses.length * WAYS.length);
    },
    FLOW,
  );

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
