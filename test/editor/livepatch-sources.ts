/** The livepatch code of Linux 6.1 that the flows open, and where its barriers are. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linuxSource } from '../support/linux-source.ts';

/** A barrier in a file of `kernel/livepatch`; its line is counted from 1. */
export interface Barrier {
  readonly file: string;
  readonly function: string;
  readonly line: number;
}

/** The tree; its absence is an error, as nothing is skipped here. */
export function requiredLinux(): string {
  const linux = linuxSource();
  if (linux === undefined) throw new Error('The editor tests need linux-source-6.1');
  return linux;
}

/** The text of a file of `kernel/livepatch`. */
export function livepatchText(file: string): string {
  return readFileSync(join(requiredLinux(), 'kernel/livepatch', file), 'utf8');
}

/** The `ordinal`th `text` (from 1) in the definition of a function. */
function barrier(file: string, name: string, text: string, ordinal = 1): Barrier {
  const source = livepatchText(file);
  let at = source.search(new RegExp(`^\\w[^;\\n]*\\b${name}\\([^;]*\\)\\n\\{`, 'm'));
  for (let count = 0; count < ordinal && at !== -1; count++) at = source.indexOf(text, at + 1);
  if (at === -1) throw new Error(`no ${ordinal}. "${text}" in ${name}() of ${file}`);
  return { file, function: name, line: source.slice(0, at).split('\n').length };
}

/** The explicit barriers, the operation that serves as one, the waits for a grace period, and what these keep in order. */
export const BARRIERS = {
  enable: barrier('core.c', '__klp_enable_patch', 'smp_wmb();'),
  disable: barrier('core.c', '__klp_disable_patch', 'smp_wmb();'),
  init: barrier('transition.c', 'klp_init_transition', 'smp_wmb();'),
  update: barrier('transition.c', 'klp_update_patch_state', 'if (test_and_clear_tsk_thread'),
  handlerList: barrier('patch.c', 'klp_ftrace_handler', 'list_first_or_null_rcu('),
  handlerStack: barrier('patch.c', 'klp_ftrace_handler', 'smp_rmb();', 1),
  handlerState: barrier('patch.c', 'klp_ftrace_handler', 'smp_rmb();', 2),
  removed: barrier('transition.c', 'klp_complete_transition', 'klp_synchronize_transition();', 1),
  completed: barrier('transition.c', 'klp_complete_transition', 'klp_synchronize_transition();', 2),
  reversed: barrier('transition.c', 'klp_reverse_transition', 'klp_synchronize_transition();'),
  reversedTarget: barrier('transition.c', 'klp_reverse_transition', 'klp_target_state = '),
} as const;
