/** RCU and SRCU: readers, publishing and dereferencing of pointers, and grace periods. */

import type { Operation } from './operation.ts';
import type { Primitive, Source } from './primitive.ts';
import { at, DEPENDENCY, FULL_FENCE, lvalue, RELEASE, row } from './row.ts';

const WHAT_IS_RCU = 'Documentation/RCU/whatisRCU.rst';
const CORE_API: Source = { document: WHAT_IS_RCU, section: "2.  WHAT IS RCU'S CORE API?" };
const FULL_LIST: Source = { document: WHAT_IS_RCU, section: '8.  FULL LIST OF RCU APIs' };
const ORDERING = 'tools/memory-model/Documentation/ordering.txt';
const FULL_BARRIERS: Source = { document: ORDERING, section: 'Full Memory Barriers' };
const RELEASES: Source = { document: ORDERING, section: 'Release Operations' };
const READ_SIDE: Source = { document: ORDERING, section: 'RCU Read-Side Ordering' };
const DEREFERENCE: Source = {
  document: 'Documentation/RCU/rcu_dereference.rst',
  section: 'WHICH MEMBER OF THE rcu_dereference() FAMILY SHOULD YOU USE?',
};

const loadOnce: Operation = { kind: 'load', order: 'once', location: 0 };
const storeOnce = { kind: 'store', order: 'once', location: 0, value: { argument: 1 } } as const;

/** Readers. Regions without preemption, softirqs or interrupts are readers too since the flavours
 *  were consolidated (whatisRCU.rst, 8, "bh" and "sched"). They order nothing by themselves. */
const readers: readonly Primitive[] = [
  ...['', '_bh', '_sched', '_sched_notrace'].flatMap((flavour) => [
    row(`rcu_read_lock${flavour}`, 'rcu-reader', READ_SIDE, {
      operation: { kind: 'rcu', action: 'lock' },
    }),
    row(`rcu_read_unlock${flavour}`, 'rcu-reader', READ_SIDE, {
      operation: { kind: 'rcu', action: 'unlock' },
    }),
  ]),
  ...['preempt_disable', 'preempt_disable_notrace', 'local_bh_disable'].map((name) =>
    row(name, 'rcu-reader', FULL_LIST, { operation: { kind: 'rcu', action: 'lock' } }),
  ),
  ...['preempt_enable', 'preempt_enable_notrace', 'local_bh_enable'].map((name) =>
    row(name, 'rcu-reader', FULL_LIST, { operation: { kind: 'rcu', action: 'unlock' } }),
  ),
  ...(['srcu_read_lock', 'srcu_read_lock_notrace', 'srcu_read_lock_nmisafe'] as const).map((name) =>
    row(name, 'rcu-reader', FULL_LIST, {
      operation: { kind: 'srcu', action: 'lock', location: 0 },
    }),
  ),
  ...(['srcu_read_unlock', 'srcu_read_unlock_notrace', 'srcu_read_unlock_nmisafe'] as const).map(
    (name) =>
      row(name, 'rcu-reader', FULL_LIST, {
        operation: { kind: 'srcu', action: 'unlock', location: 0, index: 1 },
      }),
  ),
  row('srcu_down_read', 'rcu-reader', FULL_LIST, {
    operation: { kind: 'srcu', action: 'down-read', location: 0 },
  }),
  row('srcu_up_read', 'rcu-reader', FULL_LIST, {
    operation: { kind: 'srcu', action: 'up-read', location: 0, index: 1 },
  }),
];

const publishing: readonly Primitive[] = [
  row('rcu_assign_pointer', 'rcu-publish', RELEASES, {
    access: lvalue(0, 'write'),
    orders: RELEASE,
    operation: { ...storeOnce, order: 'release' },
  }),
  row('rcu_replace_pointer', 'rcu-publish', RELEASES, {
    access: lvalue(0, 'read-write'),
    orders: RELEASE,
  }),
  row('RCU_INIT_POINTER', 'marked-access', CORE_API, {
    access: lvalue(0, 'write'),
    operation: storeOnce,
  }),
];

const dereferencing: readonly Primitive[] = [
  ...[
    'rcu_dereference',
    'rcu_dereference_check',
    'rcu_dereference_bh',
    'rcu_dereference_bh_check',
    'rcu_dereference_sched',
    'rcu_dereference_sched_check',
    'rcu_dereference_raw',
    'rcu_dereference_raw_check',
    'rcu_dereference_raw_notrace',
    'rcu_dereference_rtnl',
    'srcu_dereference',
    'srcu_dereference_check',
    'srcu_dereference_notrace',
    'lockless_dereference',
  ].map((name) =>
    row(name, 'rcu-dereference', READ_SIDE, {
      access: lvalue(0, 'read'),
      orders: DEPENDENCY,
      operation: loadOnce,
      further: furtherOf(name),
    }),
  ),
  row('rcu_access_pointer', 'marked-access', DEREFERENCE, {
    access: lvalue(0, 'read'),
    operation: loadOnce,
  }),
  ...['rcu_dereference_protected', 'rcu_dereference_bh_protected', 'rtnl_dereference'].map((name) =>
    row(name, 'marked-access', DEREFERENCE, {
      access: lvalue(0, 'read'),
      operation: { kind: 'load', order: 'plain', location: 0 },
      further: furtherOf(name),
    }),
  ),
];

/** The srcu_struct, and the condition under which it is no mistake. */
function furtherOf(name: string): number {
  const takesCondition = /_protected$|_check$/.test(name) && name !== 'rcu_dereference_raw_check';
  return Number(name.startsWith('srcu')) + Number(takesCondition);
}

/** Waiting for readers is a full barrier; handing a callback over orders nothing for the caller. */
const gracePeriods: readonly Primitive[] = [
  ...['synchronize_rcu', 'synchronize_rcu_expedited', 'synchronize_net', 'synchronize_sched'].map(
    (name) =>
      row(name, 'grace-period', FULL_BARRIERS, {
        orders: FULL_FENCE,
        operation: { kind: 'rcu', action: 'synchronize' },
      }),
  ),
  ...['synchronize_srcu', 'synchronize_srcu_expedited'].map((name) =>
    row(name, 'grace-period', FULL_BARRIERS, {
      access: at(0, 'read'),
      orders: FULL_FENCE,
      operation: { kind: 'srcu', action: 'synchronize', location: 0 },
    }),
  ),
  ...[
    'synchronize_rcu_tasks',
    'synchronize_rcu_tasks_rude',
    'synchronize_rcu_tasks_trace',
    'synchronize_rcu_mult',
    'cond_synchronize_rcu',
    'schedule_on_each_cpu',
    'rcu_barrier',
    'srcu_barrier',
  ].map((name) => row(name, 'grace-period', FULL_LIST, { orders: FULL_FENCE })),
  ...['call_rcu', 'call_rcu_hurry', 'call_rcu_tasks', 'call_srcu', 'kfree_rcu', 'kvfree_rcu'].map(
    (name) => row(name, 'grace-period', FULL_LIST),
  ),
];

/** Everything of RCU but its lists. */
export const rcu: readonly Primitive[] = [
  ...readers,
  ...publishing,
  ...dereferencing,
  ...gracePeriods,
];
