/** What a primitive is worth in C, and what its location has to be, as the kernel's headers declare it. */

import type { Operation } from './operation.ts';
import type { Primitive } from './primitive.ts';

/** What the configuration without preemption makes a spin lock of, too. */
const RAW = ['raw_spinlock_t', 'struct raw_spinlock'];

const SEQCOUNTS = [
  'seqcount_t',
  ...['raw_spinlock', 'spinlock', 'rwlock', 'mutex', 'ww_mutex'].map((of) => `seqcount_${of}_t`),
];

/** The types of which one is asked for, by the names of the operations (`include/linux/{atomic,spinlock,mutex,...}.h`). Those that are
 *  macros over several types are not here. */
const LOCATIONS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:arch_|raw_)?atomic(?:64|_long)_/, ['atomic64_t', 'atomic_long_t']],
  [/^(?:arch_|raw_)?atomic_/, ['atomic_t']],
  [/^refcount_/, ['refcount_t']],
  [/^kref_/, ['struct kref']],
  [/^spin_/, ['spinlock_t', 'struct spinlock', ...RAW]],
  [/^raw_spin_/, [...RAW, 'spinlock_t', 'struct spinlock']],
  [/^(?:read|write)_(?:lock|trylock|unlock)/, ['rwlock_t']],
  [/^mutex_/, ['struct mutex']],
  [/^(?:down|up)_(?:read|write)|^downgrade_write/, ['struct rw_semaphore']],
  [/^(?:down|up)(?:_|$)/, ['struct semaphore']],
  [/^percpu_/, ['struct percpu_rw_semaphore']],
  [/^(?:srcu|synchronize_srcu)/, ['struct srcu_struct']],
  [
    /^(?:try_)?wait_for_completion|^complet(?:e|e_all|ion_done)$|^reinit_completion$/,
    ['struct completion'],
  ],
  [
    /^(?:io_)?wait_event|^wake_up(?!_process|_state|_bit|_var|_q|_if)/,
    ['wait_queue_head_t', 'struct wait_queue_head'],
  ],
  [/^swait_event|^swake_up/, ['struct swait_queue_head']],
  [/^(?:raw_)?(?:read|write)_seqcount_(?!latch)/, SEQCOUNTS],
  [/^(?:read|write)_seq(?:begin|retry|(?:un)?lock)/, ['seqlock_t']],
  [/^(?:arch_|const_)?_{0,2}(?:test|set|clear|change|test_and_\w+)_bit(?:_|$)/, ['unsigned long']],
];

/** Whether the location is named itself, not by its address. */
export function isNamedItself(name: string): boolean {
  return /wait_event/.test(name);
}

/** The types that what the primitive works on may have; undefined where it may be of many. */
export function locationTypes(name: string): readonly string[] | undefined {
  return LOCATIONS.find(([names]) => names.test(name))?.[1];
}

/** Whether a call is worth nothing; undefined where the row does not say. */
export function givesNothing({ operation, rwLock }: Primitive): boolean | undefined {
  if (rwLock !== undefined) return rwLock.action !== 'trylock';
  return operation && isVoid(operation);
}

function isVoid(operation: Operation): boolean {
  switch (operation.kind) {
    case 'store':
    case 'fence':
    case 'rcu':
      return true;
    case 'rmw':
      return operation.result === 'nothing';
    case 'lock':
      return operation.action === 'lock' || operation.action === 'unlock';
    case 'srcu':
      return operation.action !== 'lock' && operation.action !== 'down-read';
    case 'load':
    case 'cmpxchg':
    case 'add-unless':
      return false;
  }
}
