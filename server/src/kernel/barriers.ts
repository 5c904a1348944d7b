/** The barriers that stand on a line of their own: SMP, mandatory, DMA, guest and compiler barriers. */

import type { FenceTag } from './operation.ts';
import type { Domain, Ordering, OrderingCondition, Primitive, Source } from './primitive.ts';
import {
  FULL_FENCE,
  memoryBarriers,
  READ_FENCE,
  type RowDetails,
  row,
  UNORDERED,
  WRITE_FENCE,
} from './row.ts';

const CPU_BARRIERS = memoryBarriers('CPU MEMORY BARRIERS');
const GUESTS = memoryBarriers('VIRTUAL MACHINE GUESTS');
const DEPENDENCY_BARRIERS = memoryBarriers('ADDRESS-DEPENDENCY BARRIERS (HISTORICAL)');
const AUGMENTATION: Source = {
  document: 'tools/memory-model/Documentation/ordering.txt',
  section: 'RMW Ordering Augmentation Barriers',
};

/** Every barrier, the names that older kernels had included. */
export const barriers: readonly Primitive[] = [
  ...threeKinds('smp_', 'smp', CPU_BARRIERS),
  ...threeKinds('', 'mandatory', CPU_BARRIERS),
  ...threeKinds('dma_', 'dma', CPU_BARRIERS),
  ...threeKinds('virt_', 'virt', GUESTS),
  ...threeKinds('__smp_', 'smp', CPU_BARRIERS),
  row('pmem_wmb', 'write-barrier', CPU_BARRIERS, {
    domain: 'mandatory',
    ...fence('wmb', WRITE_FENCE),
  }),
  row('io_stop_wc', 'write-barrier', CPU_BARRIERS, { domain: 'mandatory', explicit: true }),
  row('barrier', 'compiler-barrier', memoryBarriers('COMPILER BARRIER'), {
    ...fence('barrier', FULL_FENCE),
    domain: 'compiler',
  }),
  ...['smp_', 'virt_', '__smp_'].flatMap(aroundAtomics),
  ...['smp_mb__before_clear_bit', 'smp_mb__before_atomic_inc', 'smp_mb__before_atomic_dec'].map(
    (name) => row(name, 'full-barrier', CPU_BARRIERS, beside('before-atomic', 'with-adjacent-rmw')),
  ),
  ...['smp_mb__after_clear_bit', 'smp_mb__after_atomic_inc', 'smp_mb__after_atomic_dec'].map(
    (name) => row(name, 'full-barrier', CPU_BARRIERS, beside('after-atomic', 'with-adjacent-rmw')),
  ),
  row(
    'smp_mb__after_spinlock',
    'full-barrier',
    AUGMENTATION,
    beside('after-spinlock', 'with-adjacent-lock'),
  ),
  row(
    'smp_mb__after_unlock_lock',
    'full-barrier',
    {
      document: 'Documentation/RCU/Design/Memory-Ordering/Tree-RCU-Memory-Ordering.rst',
      section: 'Tree RCU Grace Period Memory Ordering Building Blocks',
    },
    beside('after-unlock-lock', 'with-adjacent-lock'),
  ),
  row(
    'smp_mb__after_srcu_read_unlock',
    'full-barrier',
    AUGMENTATION,
    beside('after-srcu-read-unlock', 'with-adjacent-lock'),
  ),
  row('smp_mb__before_spinlock', 'write-barrier', CPU_BARRIERS, {
    explicit: true,
    orders: WRITE_FENCE,
    when: 'with-adjacent-lock',
  }),
  row('smp_read_barrier_depends', 'read-barrier', DEPENDENCY_BARRIERS, {
    explicit: true,
    orders: UNORDERED,
  }),
  row('read_barrier_depends', 'read-barrier', DEPENDENCY_BARRIERS, {
    domain: 'mandatory',
    explicit: true,
    orders: UNORDERED,
  }),
];

/** `smp_mb`, `smp_rmb`, `smp_wmb` and their like. Those of devices order what other CPUs see, too: every
 *  architecture makes them at least what it makes of the SMP barriers. */
function threeKinds(prefix: string, domain: Domain, source: Source): readonly Primitive[] {
  const kind = (
    tag: 'mb' | 'rmb' | 'wmb',
    category: Primitive['category'],
    orders: readonly Ordering[],
  ) =>
    row(`${prefix}${tag}`, category, source, {
      ...fence(tag, orders),
      domain,
    });
  return [
    kind('mb', 'full-barrier', FULL_FENCE),
    kind('rmb', 'read-barrier', READ_FENCE),
    kind('wmb', 'write-barrier', WRITE_FENCE),
  ];
}

function aroundAtomics(prefix: string): readonly Primitive[] {
  const source = prefix === 'virt_' ? GUESTS : CPU_BARRIERS;
  const domain = prefix === 'virt_' ? 'virt' : 'smp';
  return (['before', 'after'] as const).map((side) =>
    row(`${prefix}mb__${side}_atomic`, 'full-barrier', source, {
      ...beside(`${side}-atomic`, 'with-adjacent-rmw'),
      domain,
    }),
  );
}

function fence(tag: FenceTag, orders: readonly Ordering[]): RowDetails {
  return { explicit: true, orders, operation: { kind: 'fence', tag } };
}

/** A full barrier that is one only beside the operation it augments. */
function beside(tag: FenceTag, when: OrderingCondition): RowDetails {
  return { ...fence(tag, FULL_FENCE), when };
}
