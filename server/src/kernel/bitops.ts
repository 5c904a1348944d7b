/** Atomic and non-atomic operations on single bits, and their lock forms. */

import type { Operation } from './operation.ts';
import type { OwnAccess, Primitive, Source } from './primitive.ts';
import { ACQUIRE, FULL_RMW, RELEASE, row } from './row.ts';

const ORDERING: Source = { document: 'Documentation/atomic_bitops.txt', section: 'ORDERING' };
const NON_ATOMIC: Source = { document: 'Documentation/atomic_bitops.txt', section: 'API' };
const SWAPS: Source = { document: 'Documentation/atomic_t.txt', section: 'ORDERING' };

const ACTIONS = ['set', 'clear', 'change'] as const;

/** What a bit operation does to the location that stands for its bit; `location` is the word's argument. */
export function bitOperation(
  action: (typeof ACTIONS)[number],
  location: number,
  returns: boolean,
): Operation {
  return {
    kind: 'rmw',
    order: returns ? 'mb' : 'noreturn',
    location,
    apply: action === 'change' ? 'xor' : 'set',
    operand: { constant: action === 'clear' ? 0 : 1 },
    result: returns ? 'old-is-nonzero' : 'nothing',
  };
}

/** Every bit operation: `(bit, address)` are their arguments. */
export const bitops: readonly Primitive[] = [
  ...['test_bit', 'arch_test_bit', 'const_test_bit'].map((name) =>
    row(name, 'marked-access', ORDERING, {
      access: bit('read'),
      operation: { kind: 'load', order: 'once', location: 1 },
    }),
  ),
  ...['', 'arch_'].flatMap((layer) => [
    ...ACTIONS.map((action) => voidRow(`${layer}${action}_bit`, action)),
    ...ACTIONS.map((action) => testRow(`${layer}test_and_${action}_bit`, action)),
  ]),
  testRow('cpumask_test_and_set_cpu', 'set'),
  testRow('cpumask_test_and_clear_cpu', 'clear'),
  ...ACTIONS.flatMap((action) =>
    [`__${action}_bit`, `__test_and_${action}_bit`].map((name) =>
      row(name, 'bitop', NON_ATOMIC, { access: bit('read-write') }),
    ),
  ),
  row('test_bit_acquire', 'bitop', ORDERING, {
    access: bit('read'),
    orders: ACQUIRE,
    operation: { kind: 'load', order: 'acquire', location: 1 },
  }),
  row('test_and_set_bit_lock', 'bitop', ORDERING, {
    access: bit('read-write'),
    orders: ACQUIRE,
    when: 'on-success',
    operation: {
      ...bitOperation('set', 1, true),
      order: 'acquire',
      onlyReadsIfSet: true,
    } as Operation,
  }),
  ...['clear_bit_unlock', '__clear_bit_unlock', 'clear_bit_unlock_is_negative_byte'].map((name) =>
    row(name, 'bitop', ORDERING, {
      access: bit('read-write'),
      orders: RELEASE,
      operation: { kind: 'store', order: 'release', location: 1, value: { constant: 0 } },
    }),
  ),
  ...['set_mask_bits', 'bit_clear_unless'].map((name) =>
    row(name, 'bitop', SWAPS, {
      access: { argument: 0, effect: 'read-write', by: 'pointer' },
      orders: FULL_RMW,
      when: 'on-success',
    }),
  ),
];

function bit(effect: OwnAccess['effect']): OwnAccess {
  return { argument: 1, effect, by: 'pointer', bit: 0 };
}

function voidRow(name: string, action: (typeof ACTIONS)[number]): Primitive {
  return row(name, 'bitop', ORDERING, {
    access: bit('read-write'),
    operation: bitOperation(action, 1, false),
  });
}

/** Fully ordered also where the bit did not change (atomic_bitops.txt, ORDERING). */
function testRow(name: string, action: (typeof ACTIONS)[number]): Primitive {
  return row(name, 'bitop', ORDERING, {
    access: bit('read-write'),
    orders: FULL_RMW,
    operation: bitOperation(action, 1, true),
  });
}
