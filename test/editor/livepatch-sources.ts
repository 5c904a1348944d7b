/** The livepatch code of two kernels that the flows open, and where its barriers are. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Kernel, linuxSource } from '../support/linux-source.ts';

/** A barrier in a file of `kernel/livepatch`; its line is counted from 1. */
export interface Barrier {
  readonly file: string;
  readonly function: string;
  readonly line: number;
}

/** The tree; its absence is an error, as nothing is skipped here. */
export function requiredLinux(kernel: Kernel = '6.1'): string {
  const linux = linuxSource(kernel);
  if (linux === undefined) throw new Error(`The editor tests need linux-source-${kernel}`);
  return linux;
}

/** The text of a file of `kernel/livepatch`. */
export function livepatchText(file: string, kernel: Kernel = '6.1'): string {
  return readFileSync(join(requiredLinux(kernel), 'kernel/livepatch', file), 'utf8');
}

/** The `ordinal`th `text` (from 1) in the definition of a function. */
function barrierIn(kernel: Kernel, file: string, name: string, text: string, ordinal = 1): Barrier {
  const source = livepatchText(file, kernel);
  let at = source.search(new RegExp(`^\\w[^;\\n]*\\b${name}\\([^;]*\\)\\n\\{`, 'm'));
  for (let count = 0; count < ordinal && at !== -1; count++) at = source.indexOf(text, at + 1);
  if (at === -1) throw new Error(`no ${ordinal}. "${text}" in ${name}() of ${file}`);
  return { file, function: name, line: source.slice(0, at).split('\n').length };
}

/** The explicit barriers, the operation that serves as one, the waits for a grace period, and what these keep in order. */
function barriersOf(kernel: Kernel) {
  const barrier = (...where: readonly [file: string, name: string, text: string, nth?: number]) =>
    barrierIn(kernel, ...where);
  return {
    enable: barrier('core.c', '__klp_enable_patch', 'smp_wmb();'),
    disable: barrier('core.c', '__klp_disable_patch', 'smp_wmb();'),
    init: barrier('transition.c', 'klp_init_transition', 'smp_wmb();'),
    update: barrier('transition.c', 'klp_update_patch_state', 'if (test_and_clear_tsk_thread'),
    handlerStack: barrier('patch.c', 'klp_ftrace_handler', 'smp_rmb();', 1),
    handlerState: barrier('patch.c', 'klp_ftrace_handler', 'smp_rmb();', 2),
    removed: barrier('transition.c', 'klp_complete_transition', 'klp_synchronize_transition();', 1),
    completed: barrier(
      'transition.c',
      'klp_complete_transition',
      'klp_synchronize_transition();',
      2,
    ),
    reversed: barrier('transition.c', 'klp_reverse_transition', 'klp_synchronize_transition();'),
    reversedTarget: barrier('transition.c', 'klp_reverse_transition', 'klp_target_state = '),
  };
}

const BARRIERS = barriersOf('6.1');

/** Those of 6.12, where a task is also switched as it is scheduled. */
const NEWER_BARRIERS = {
  ...barriersOf('6.12'),
  reversedFlags: barrierIn('6.12', 'transition.c', 'klp_reverse_transition', 'smp_wmb();'),
  scheduled: barrierIn('6.12', 'transition.c', '__klp_sched_try_switch', 'smp_rmb();'),
  tried: barrierIn('6.12', 'transition.c', 'klp_try_switch_task', 'if (task->patch_state =='),
};

export const BARRIERS_OF = {
  '6.1': BARRIERS,
  '6.12': NEWER_BARRIERS,
} as const satisfies Readonly<Record<Kernel, typeof BARRIERS>>;

/** A needed barrier, and the finding that has to appear without it. */
export interface Loss {
  readonly lost: Barrier;
  /** Its partners, of which one at least has to be warned. */
  readonly left: readonly Barrier[];
  /** What the finding has to speak of. */
  readonly words: string;
  /** The comments pair it, and the scenarios know what else gives the order (docs/livepatch.md). */
  readonly isRedundant?: true;
}

/** Barriers that pair by the kernel's own comments: the partner's finding names the function that has none any more.
 *  The handler's first read barrier is not among them: what it orders is also ordered by the address dependency on the
 *  entry that was read. */
function pairedIn(barriers: typeof BARRIERS): readonly Loss[] {
  return [
    { lost: barriers.enable, left: [barriers.handlerStack], isRedundant: true as const },
    { lost: barriers.disable, left: [barriers.handlerStack, barriers.update] },
    { lost: barriers.init, left: [barriers.handlerState] },
    { lost: barriers.handlerState, left: [barriers.init] },
    { lost: barriers.update, left: [barriers.init] },
  ].map((loss) => ({ ...loss, words: loss.lost.function }));
}

/** What only the simulated transition knows to be needed: the finding names the invariant that no longer holds. Where a wait is
 *  lost that no barrier can stand in for, it is at the first write of the execution: the switch of the task. */
function simulatedIn(barriers: typeof BARRIERS): readonly Loss[] {
  return [
    {
      lost: barriers.removed,
      left: [barriers.update],
      words: 'I3-after-the-switch in klp-complete-disable-live',
    },
    {
      lost: barriers.completed,
      left: [barriers.update],
      words: 'I5-never-undefined in klp-complete-enable',
    },
  ];
}

/** What has to be found where one barrier or wait is deleted. */
export const LOSSES: Readonly<Record<Kernel, readonly Loss[]>> = {
  '6.1': [
    ...pairedIn(BARRIERS),
    ...simulatedIn(BARRIERS),
    { lost: BARRIERS.reversed, left: [BARRIERS.reversedTarget], words: 'I4-at-rest' },
  ],
  '6.12': [
    ...pairedIn(NEWER_BARRIERS),
    ...simulatedIn(NEWER_BARRIERS),
    { lost: NEWER_BARRIERS.reversed, left: [NEWER_BARRIERS.update], words: 'I4-at-rest' },
    {
      lost: NEWER_BARRIERS.reversedFlags,
      left: [NEWER_BARRIERS.reversedTarget],
      words: 'I2-at-the-switch',
    },
    { lost: NEWER_BARRIERS.scheduled, left: [NEWER_BARRIERS.tried], words: 'I2-at-the-switch' },
  ],
};
