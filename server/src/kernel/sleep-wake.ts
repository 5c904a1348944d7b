/** Going to sleep and waking up: the task's state on one side, the event on the other. */

import type { Ordering, OwnAccess, Primitive, Source } from './primitive.ts';
import { ACQUIRE, at, FULL_FENCE, memoryBarriers, row, STORE_THEN_FENCE } from './row.ts';

const SOURCE = memoryBarriers('SLEEP AND WAKE-UP FUNCTIONS');
const MISCELLANEOUS = memoryBarriers('MISCELLANEOUS FUNCTIONS');
const COMPLETIONS: Source = {
  document: 'Documentation/scheduler/completion.rst',
  section: 'Usage:',
};

/** Its inline functions look by `test_bit_acquire()` and `test_and_set_bit()`, before they sleep and after. */
const WAKE_UP_BIT: Source = { document: 'kernel/sched/wait_bit.c', section: 'wake_up_bit' };
const WAIT_BIT: Source = { document: 'include/linux/wait_bit.h', section: 'wait_on_bit' };

/** `(word, bit, ...)` are the arguments. */
function waitedBit(effect: OwnAccess['effect']): OwnAccess {
  return { argument: 0, effect, by: 'pointer', bit: 1 };
}

const STATE: OwnAccess = {
  argument: 'current',
  effect: 'write',
  by: 'pointer',
  field: '__state',
};

/** A sleeper sets its state, then a full barrier, then looks at the condition. */
const sleeping: readonly Primitive[] = [
  ...['set_current_state', 'set_special_state'].map((name) => sleeper(name, STORE_THEN_FENCE)),
  row('__set_current_state', 'sleep', SOURCE, { access: STATE }),
  row('get_current_state', 'marked-access', SOURCE, { access: { ...STATE, effect: 'read' } }),
  ...[
    'prepare_to_wait',
    'prepare_to_wait_exclusive',
    'prepare_to_wait_event',
    'prepare_to_swait_exclusive',
    'prepare_to_swait_event',
    'prepare_to_rcuwait',
  ].map((name) => sleeper(name, STORE_THEN_FENCE)),
  ...['finish_wait', 'finish_swait', 'finish_rcuwait'].map((name) =>
    row(name, 'sleep', SOURCE, { access: STATE }),
  ),
  ...waitEventNames().map((name) => row(name, 'sleep', SOURCE, { orders: FULL_FENCE })),
  ...['wait_on_bit', 'wait_on_bit_io', 'wait_on_bit_timeout'].map((name) =>
    row(name, 'sleep', WAIT_BIT, {
      access: waitedBit('read'),
      orders: [...ACQUIRE, ...FULL_FENCE],
    }),
  ),
  row('wait_on_bit_lock', 'sleep', WAIT_BIT, {
    access: waitedBit('read-write'),
    orders: FULL_FENCE,
  }),
  ...['schedule', 'schedule_preempt_disabled', 'schedule_timeout', 'io_schedule'].map((name) =>
    row(name, 'sleep', MISCELLANEOUS, { orders: FULL_FENCE }),
  ),
];

/** A waker executes a full barrier before it looks at the state, if it wakes somebody. */
const waking: readonly Primitive[] = [
  row('wake_up_process', 'wake', SOURCE, { access: at(0, 'read-write'), orders: FULL_FENCE }),
  row('wake_up_state', 'wake', SOURCE, { access: at(0, 'read-write'), orders: FULL_FENCE }),
  // Of the word only the address counts: it says which sleepers are meant.
  ...['wake_up_bit', 'wake_up_var'].map((name) =>
    row(name, 'wake', WAKE_UP_BIT, {
      access: at(0, 'read'),
      orders: FULL_FENCE,
      when: 'if-woken',
      asks: 'It looks by itself whether anybody sleeps, and nothing keeps that look behind the store before it: without a full barrier between the two the sleeper can be missed.',
    }),
  ),
  ...wakerNames().map((name) =>
    row(name, 'wake', SOURCE, {
      access: at(0, 'read-write'),
      orders: FULL_FENCE,
      when: 'if-woken',
    }),
  ),
];

/** What was done before `complete()` is seen after the wait for it. */
const completing: readonly Primitive[] = [
  ...[
    '',
    '_io',
    '_timeout',
    '_io_timeout',
    '_interruptible',
    '_interruptible_timeout',
    '_killable',
    '_killable_timeout',
    '_state',
  ].map((suffix) =>
    row(`wait_for_completion${suffix}`, 'sleep', COMPLETIONS, {
      access: at(0, 'read-write'),
      orders: [{ before: 'own-read', after: 'all' }],
    }),
  ),
  ...['try_wait_for_completion', 'completion_done'].map((name) =>
    row(name, 'sleep', COMPLETIONS, {
      access: at(0, 'read-write'),
      orders: [{ before: 'own-read', after: 'all' }],
      when: 'on-success',
    }),
  ),
];

/** Both sides of sleeping. */
export const sleepAndWake: readonly Primitive[] = [...sleeping, ...waking, ...completing];

function sleeper(name: string, orders: readonly Ordering[]): Primitive {
  return row(name, 'sleep', SOURCE, { access: STATE, orders });
}

/** The canned loops. Their fast path, where the condition holds already, has no barrier. */
function waitEventNames(): readonly string[] {
  const suffixes = [
    '',
    '_timeout',
    '_cmd',
    '_exclusive_cmd',
    '_freezable',
    '_freezable_timeout',
    '_freezable_exclusive',
    '_hrtimeout',
    '_idle',
    '_idle_exclusive',
    '_idle_timeout',
    '_idle_exclusive_timeout',
    '_interruptible',
    '_interruptible_timeout',
    '_interruptible_hrtimeout',
    '_interruptible_exclusive',
    '_interruptible_locked',
    '_interruptible_locked_irq',
    '_interruptible_lock_irq',
    '_interruptible_lock_irq_cmd',
    '_interruptible_lock_irq_timeout',
    '_killable',
    '_killable_exclusive',
    '_killable_timeout',
    '_lock_irq',
    '_lock_irq_cmd',
    '_lock_irq_timeout',
    '_state',
  ];
  return [
    ...suffixes.map((suffix) => `wait_event${suffix}`),
    'io_wait_event',
    'swait_event_exclusive',
    'swait_event_timeout_exclusive',
    'swait_event_interruptible_exclusive',
    'swait_event_interruptible_timeout_exclusive',
    'swait_event_idle_exclusive',
    'swait_event_idle_timeout_exclusive',
    'rcuwait_wait_event',
    'wait_var_event',
    'wait_var_event_killable',
    'wait_var_event_timeout',
    'wait_var_event_interruptible',
  ];
}

function wakerNames(): readonly string[] {
  return [
    'complete',
    'complete_all',
    'wake_up',
    'wake_up_all',
    'wake_up_all_locked',
    'wake_up_interruptible',
    'wake_up_interruptible_all',
    'wake_up_interruptible_nr',
    'wake_up_interruptible_poll',
    'wake_up_interruptible_sync',
    'wake_up_interruptible_sync_poll',
    'wake_up_locked',
    'wake_up_locked_poll',
    'wake_up_nr',
    'wake_up_poll',
    'wake_up_sync',
    'swake_up_one',
    'swake_up_all',
    'swake_up_locked',
    'rcuwait_wake_up',
  ];
}
