/** The livepatch files of a kernel and its needed barriers, to be taken out of them one at a time. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kernel } from './linux-source.ts';
import type { Edit } from './scenario-tree.ts';

/** A needed barrier: what stands for it in a function, and what is left without it. */
export interface NeededBarrier {
  readonly file: string;
  readonly name: string;
  readonly what: string;
  /** Which one of its kind in the function, from 1. */
  readonly ordinal: number;
  readonly left: string;
}

const FOLDER = 'kernel/livepatch';
const TRANSITION = `${FOLDER}/transition.c`;

/** Edits of 6.12 that make 6.16 of it: no switch for cond_resched(), and the section without preemption is the caller's. */
export const SINCE_6_16: readonly Edit[] = [
  {
    file: TRANSITION,
    from: /#define klp_cond_resched_enable\(\) sched_dynamic_klp_enable\(\)\n#define .*\n/,
    to: '',
  },
  {
    file: TRANSITION,
    from: /DEFINE_STATIC_KEY_FALSE\(klp_sched_try_switch_key\);[^#]*#define klp_cond_resched_enable.*\n#define .*\n/,
    to: '',
  },
  { file: TRANSITION, from: /\n\tklp_cond_resched_enable\(\);/, to: '' },
  { file: TRANSITION, from: /\n\tklp_cond_resched_disable\(\);/, to: '' },
  { file: TRANSITION, from: /preempt_disable\(\);(?=\s+\/\*\s+\* Make sure current)/, to: '' },
  { file: TRANSITION, from: /out:\s+preempt_enable\(\);/, to: 'out:;' },
];

/** The texts of the files that the transition is in, by their absolute paths. */
export function livepatchTexts(linux: string): ReadonlyMap<string, string> {
  const folder = join(linux, FOLDER);
  const files = readdirSync(folder)
    .filter((name) => /\.[ch]$/.test(name))
    .map((name) => join(folder, name));
  const all = [...files, join(linux, 'include/linux/livepatch.h')];
  return new Map(all.map((file) => [file, readFileSync(file, 'utf8')]));
}

function needed(file: string, name: string, what: string, ordinal = 1, left = ''): NeededBarrier {
  return { file, name, what, ordinal, left };
}

/** What the comments of these files, and of LIVEPATCH.md for 6.12, say is needed. */
export function livepatchBarriers(kernel: Kernel): readonly NeededBarrier[] {
  const wait = 'klp_synchronize_transition();';
  const clear = 'test_and_clear_tsk_thread_flag(task, TIF_PATCH_PENDING)';
  const unordered =
    '(test_tsk_thread_flag(task, TIF_PATCH_PENDING) && (clear_tsk_thread_flag(task, TIF_PATCH_PENDING), 1))';
  const both = [
    needed('core.c', '__klp_disable_patch', 'smp_wmb();'),
    needed('transition.c', 'klp_init_transition', 'smp_wmb();'),
    needed('patch.c', 'klp_ftrace_handler', 'smp_rmb();', 2),
    needed('patch.c', 'klp_patch_func', 'list_add_rcu(', 2, 'list_add('),
    needed('transition.c', 'klp_update_patch_state', clear, 1, unordered),
    needed('transition.c', 'klp_complete_transition', wait, 1),
    needed('transition.c', 'klp_complete_transition', wait, 2),
    needed('transition.c', 'klp_reverse_transition', wait),
    needed('transition.c', 'klp_synchronize_transition', 'schedule_on_each_cpu(klp_sync);'),
  ];
  if (kernel === '6.1') return both;
  return [
    ...both,
    needed('transition.c', 'klp_reverse_transition', 'smp_wmb();'),
    needed('transition.c', '__klp_sched_try_switch', 'smp_rmb();'),
  ];
}

/** The texts without the barrier. Throws where it is not there, so that no test passes for that. */
export function edited(
  texts: ReadonlyMap<string, string>,
  { file, name, what, ordinal, left }: NeededBarrier,
): ReadonlyMap<string, string> {
  const path = [...texts.keys()].find((each) => each.endsWith(`${FOLDER}/${file}`));
  const text = texts.get(path ?? '') ?? '';
  let at = text.search(new RegExp(`^\\w[^;\\n]*\\b${name}\\([^;{]*\\)\\n\\{`, 'm'));
  for (let count = 0; count < ordinal && at !== -1; count++) at = text.indexOf(what, at + 1);
  if (path === undefined || at === -1) throw new Error(`no ${what} in ${name}() of ${file}`);
  return new Map([...texts, [path, text.slice(0, at) + left + text.slice(at + what.length)]]);
}
