/** Marked loads and stores: READ_ONCE and WRITE_ONCE, acquire loads, release stores, store-and-fence. */

import type { Operation } from './operation.ts';
import type { Primitive } from './primitive.ts';
import {
  ACQUIRE,
  at,
  DEPENDENCY,
  lvalue,
  memoryBarriers,
  RELEASE,
  row,
  STORE_THEN_FENCE,
} from './row.ts';

const VARIETIES = memoryBarriers('VARIETIES OF MEMORY BARRIER');
const CPU_BARRIERS = memoryBarriers('CPU MEMORY BARRIERS');
const COMPILER = memoryBarriers('COMPILER BARRIER');
const GUESTS = memoryBarriers('VIRTUAL MACHINE GUESTS');
const CONTROL = memoryBarriers('CONTROL DEPENDENCIES');
const LISTS = 'include/linux/list.h';

const loadOnce = { kind: 'load', order: 'once', location: 0 } as const;
const storeOnce = {
  kind: 'store',
  order: 'once',
  location: 0,
  value: { argument: 1 },
} as const;

// biome-ignore lint/suspicious/noThenProperty: the name the operation vocabulary has for it.
const storeThenFence: Operation = { ...storeOnce, then: 'mb' };

/** Every marked access that is not atomic. `argument` 0 is the location of all of them. */
export const markedAccesses: readonly Primitive[] = [
  ...['READ_ONCE', 'ACCESS_ONCE', 'READ_ONCE_NOCHECK'].map((name) =>
    row(name, 'marked-access', name === 'READ_ONCE' ? CPU_BARRIERS : COMPILER, {
      access: lvalue(0, 'read'),
      orders: DEPENDENCY,
      operation: loadOnce,
    }),
  ),
  row('WRITE_ONCE', 'marked-access', COMPILER, {
    access: lvalue(0, 'write'),
    operation: storeOnce,
  }),
  ...['smp_', 'virt_', '__smp_'].flatMap(family),
  row('set_mb', 'full-barrier', CPU_BARRIERS, {
    explicit: true,
    access: lvalue(0, 'write'),
    orders: STORE_THEN_FENCE,
    operation: storeThenFence,
  }),
  row('smp_cond_load_acquire', 'acquire', VARIETIES, {
    explicit: true,
    access: at(0, 'read'),
    orders: ACQUIRE,
  }),
  row('smp_cond_load_relaxed', 'marked-access', VARIETIES, { access: at(0, 'read') }),
  ...['atomic_', 'atomic64_', 'atomic_long_'].flatMap((prefix) => [
    row(`${prefix}cond_read_acquire`, 'acquire', VARIETIES, {
      access: at(0, 'read'),
      orders: ACQUIRE,
    }),
    row(`${prefix}cond_read_relaxed`, 'marked-access', VARIETIES, { access: at(0, 'read') }),
  ]),
  // `smp_rmb()` on every architecture; the control dependency before it does the rest.
  row('smp_acquire__after_ctrl_dep', 'acquire', CONTROL, {
    explicit: true,
    orders: [{ before: 'reads', after: 'all' }],
    operation: { kind: 'fence', tag: 'rmb' },
  }),
  row(
    'list_empty_careful',
    'acquire',
    { document: LISTS, section: 'list_empty_careful()' },
    { access: at(0, 'read'), orders: ACQUIRE },
  ),
  row(
    'list_del_init_careful',
    'release',
    { document: LISTS, section: 'list_del_init_careful()' },
    { access: at(0, 'write'), orders: RELEASE },
  ),
];

/** `smp_store_release`, `smp_load_acquire`, `smp_store_mb` under one prefix. */
function family(prefix: string): readonly Primitive[] {
  const source = prefix === 'virt_' ? GUESTS : VARIETIES;
  const domain = prefix === 'virt_' ? 'virt' : 'smp';
  return [
    row(`${prefix}store_release`, 'release', source, {
      domain,
      explicit: true,
      access: at(0, 'write'),
      orders: RELEASE,
      operation: { ...storeOnce, order: 'release' },
    }),
    row(`${prefix}load_acquire`, 'acquire', source, {
      domain,
      explicit: true,
      access: at(0, 'read'),
      orders: ACQUIRE,
      operation: { ...loadOnce, order: 'acquire' },
    }),
    row(`${prefix}store_mb`, 'full-barrier', prefix === 'virt_' ? GUESTS : CPU_BARRIERS, {
      domain,
      explicit: true,
      access: lvalue(0, 'write'),
      orders: STORE_THEN_FENCE,
      operation: storeThenFence,
    }),
  ];
}
