/** `xchg`, `cmpxchg` and `try_cmpxchg` on variables of any type, and the CPU-local forms without order. */

import { ORDER_VARIANTS, type OrderVariant } from './atomics.ts';
import type { Primitive, Source } from './primitive.ts';
import { at, FULL_RMW, row } from './row.ts';

const ORDERING: Source = { document: 'Documentation/atomic_t.txt', section: 'ORDERING' };
const LAYERS = ['', 'arch_', 'raw_'];
const LOCAL_OPS: Source = {
  document: 'Documentation/core-api/local_ops.rst',
  section: 'Rules to follow when using local atomic operations',
};

/** Every exchange. */
export const exchanges: readonly Primitive[] = [
  ...LAYERS.flatMap((layer) => ORDER_VARIANTS.flatMap((variant) => family(layer, variant))),
  exchange('sync_', { ...ORDER_VARIANTS[0]!, suffix: '' }),
  compare('sync_cmpxchg', ORDER_VARIANTS[0]!, 'old'),
  ...['cmpxchg_local', 'cmpxchg64_local', 'try_cmpxchg_local', 'cmpxchg_double_local'].map((name) =>
    row(name, 'atomic', LOCAL_OPS, { access: at(0, 'read-write') }),
  ),
  row('cmpxchg_double', 'atomic', ORDERING, {
    access: at(0, 'read-write'),
    also: [at(1, 'read-write')],
    orders: FULL_RMW,
    when: 'on-success',
  }),
];

function family(layer: string, variant: OrderVariant): readonly Primitive[] {
  const { suffix } = variant;
  return [
    exchange(layer, variant),
    ...['cmpxchg', 'cmpxchg64', 'cmpxchg128'].flatMap((name) => [
      compare(`${layer}${name}${suffix}`, variant, 'old'),
      compare(`${layer}try_${name}${suffix}`, variant, 'changed'),
    ]),
  ];
}

function exchange(layer: string, { suffix, order, orders }: OrderVariant): Primitive {
  return row(`${layer}xchg${suffix}`, 'atomic', ORDERING, {
    access: at(0, 'read-write'),
    orders,
    operation: {
      kind: 'rmw',
      order,
      location: 0,
      apply: 'set',
      operand: { argument: 1 },
      result: 'old',
    },
  });
}

function compare(
  name: string,
  { order, orders }: OrderVariant,
  result: 'old' | 'changed',
): Primitive {
  return row(name, 'atomic', ORDERING, {
    access: at(0, 'read-write'),
    orders,
    when: 'on-success',
    operation: {
      kind: 'cmpxchg',
      order,
      location: 0,
      expected: { argument: 1 },
      desired: { argument: 2 },
      result,
    },
  });
}
