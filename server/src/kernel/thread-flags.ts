/** The wrappers of the bit operations on a task's thread flags; they order as the bit operation does. */

import { bitOperation } from './bitops.ts';
import type { OwnAccess, Primitive, Source } from './primitive.ts';
import { FULL_RMW, row } from './row.ts';

const ORDERING: Source = { document: 'Documentation/atomic_bitops.txt', section: 'ORDERING' };
const FLAGS = 'thread_info.flags';

/** How a family names its task: `tsk` and `ti` by an argument, the bare one means the current task. */
interface Family {
  readonly infix: string;
  readonly task: number | 'current';
  readonly flag: number;
}

const FAMILIES: readonly Family[] = [
  { infix: 'tsk_', task: 0, flag: 1 },
  { infix: 'ti_', task: 0, flag: 1 },
  { infix: '', task: 'current', flag: 0 },
];

/** Every wrapper; what the words `set`, `clear`, `test_and_set`, ... mean is said in `bitops.ts`. */
export const threadFlags: readonly Primitive[] = [
  ...FAMILIES.flatMap(flagRows),
  ...namedFlag('need_resched', 'TIF_NEED_RESCHED'),
  ...['need_resched', 'tif_need_resched'].map((name) =>
    row(name, 'thread-flag', ORDERING, {
      access: flag('current', 'TIF_NEED_RESCHED', 'read'),
    }),
  ),
  row('signal_pending', 'thread-flag', ORDERING, { access: flag(0, 'TIF_SIGPENDING', 'read') }),
  row('klp_patch_pending', 'thread-flag', ORDERING, {
    access: flag(0, 'TIF_PATCH_PENDING', 'read'),
  }),
  row('read_thread_flags', 'thread-flag', ORDERING, { access: word('current') }),
  row('read_ti_thread_flags', 'thread-flag', ORDERING, { access: word(0) }),
  row('read_task_thread_flags', 'thread-flag', ORDERING, { access: word(0) }),
];

function flagRows({ infix, task, flag: which }: Family): readonly Primitive[] {
  const change = flag(task, which, 'read-write');
  const acting = (action: 'set' | 'clear', returns: boolean) =>
    typeof task === 'number' ? { operation: bitOperation(action, task, returns) } : {};
  return [
    ...(['set', 'clear'] as const).flatMap((action) => [
      row(`${action}_${infix}thread_flag`, 'thread-flag', ORDERING, {
        access: change,
        ...acting(action, false),
      }),
      row(`test_and_${action}_${infix}thread_flag`, 'thread-flag', ORDERING, {
        access: change,
        orders: FULL_RMW,
        ...acting(action, true),
      }),
    ]),
    row(`update_${infix}thread_flag`, 'thread-flag', ORDERING, { access: change }),
    row(`test_${infix}thread_flag`, 'thread-flag', ORDERING, {
      access: flag(task, which, 'read'),
      ...(typeof task === 'number'
        ? { operation: { kind: 'load', order: 'once', location: task } as const }
        : {}),
    }),
  ];
}

/** `set_tsk_need_resched(task)` and its like: the flag is in the name. */
function namedFlag(name: string, bit: string): readonly Primitive[] {
  return [
    row(`set_tsk_${name}`, 'thread-flag', ORDERING, {
      access: flag(0, bit, 'read-write'),
      operation: bitOperation('set', 0, false),
    }),
    row(`clear_tsk_${name}`, 'thread-flag', ORDERING, {
      access: flag(0, bit, 'read-write'),
      operation: bitOperation('clear', 0, false),
    }),
    row(`test_tsk_${name}`, 'thread-flag', ORDERING, {
      access: flag(0, bit, 'read'),
      operation: { kind: 'load', order: 'once', location: 0 },
    }),
  ];
}

function flag(
  argument: number | 'current',
  bit: number | string,
  effect: OwnAccess['effect'],
): OwnAccess {
  return { argument, effect, by: 'pointer', field: FLAGS, bit };
}

function word(argument: number | 'current'): OwnAccess {
  return { argument, effect: 'read', by: 'pointer', field: FLAGS };
}
