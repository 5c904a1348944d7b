/** The primitives a litmus test can call: the names of `linux-kernel.def`, as operations. The table of
 *  `kernel/` says the same of them among a thousand others, and takes too long to build for a command
 *  that runs one small test; `test/litmus/primitives.test.ts` holds the two together. */

import type {
  FenceTag,
  Operand,
  Operation,
  RmwFunction,
  RmwOrder,
  RmwResult,
} from '../kernel/operation.ts';

/** A primitive: what it does, and whether its location is written as an lvalue (`READ_ONCE(*x)`). */
export interface LitmusPrimitive {
  readonly name: string;
  readonly arity: number;
  readonly operation: Operation;
  readonly lvalue: boolean;
}

type OrderedRmw = Exclude<RmwOrder, 'noreturn'>;

const SUFFIXES: readonly (readonly [string, OrderedRmw])[] = [
  ['', 'mb'],
  ['_relaxed', 'once'],
  ['_acquire', 'acquire'],
  ['_release', 'release'],
];

const argument = (position: number): Operand => ({ argument: position });

function row(name: string, arity: number, operation: Operation, lvalue = false): LitmusPrimitive {
  return { name, arity, operation, lvalue };
}

function accesses(): readonly LitmusPrimitive[] {
  return [
    row('READ_ONCE', 1, { kind: 'load', order: 'once', location: 0 }, true),
    row('rcu_dereference', 1, { kind: 'load', order: 'once', location: 0 }, true),
    row('smp_load_acquire', 1, { kind: 'load', order: 'acquire', location: 0 }),
    row('atomic_read', 1, { kind: 'load', order: 'once', location: 0 }),
    row('atomic_read_acquire', 1, { kind: 'load', order: 'acquire', location: 0 }),
    row('WRITE_ONCE', 2, store('once'), true),
    row('rcu_assign_pointer', 2, store('release'), true),
    // biome-ignore lint/suspicious/noThenProperty: the word of the Operation type, not a promise
    row('smp_store_mb', 2, { ...store('once'), then: 'mb' }, true),
    row('smp_store_release', 2, store('release')),
    row('atomic_set', 2, store('once')),
    row('atomic_set_release', 2, store('release')),
  ];
}

function store(order: 'once' | 'release'): Extract<Operation, { kind: 'store' }> {
  return { kind: 'store', order, location: 0, value: argument(1) };
}

const FENCES: readonly (readonly [string, FenceTag])[] = [
  ['smp_mb', 'mb'],
  ['smp_rmb', 'rmb'],
  ['smp_wmb', 'wmb'],
  ['smp_mb__before_atomic', 'before-atomic'],
  ['smp_mb__after_atomic', 'after-atomic'],
  ['smp_mb__after_spinlock', 'after-spinlock'],
  ['smp_mb__after_unlock_lock', 'after-unlock-lock'],
  ['smp_mb__after_srcu_read_unlock', 'after-srcu-read-unlock'],
  ['barrier', 'barrier'],
];

function locksAndRcu(): readonly LitmusPrimitive[] {
  return [
    row('spin_lock', 1, { kind: 'lock', action: 'lock', location: 0 }),
    row('spin_unlock', 1, { kind: 'lock', action: 'unlock', location: 0 }),
    row('spin_trylock', 1, { kind: 'lock', action: 'trylock', location: 0 }),
    row('spin_is_locked', 1, { kind: 'lock', action: 'is-locked', location: 0 }),
    row('rcu_read_lock', 0, { kind: 'rcu', action: 'lock' }),
    row('rcu_read_unlock', 0, { kind: 'rcu', action: 'unlock' }),
    row('synchronize_rcu', 0, { kind: 'rcu', action: 'synchronize' }),
    row('synchronize_rcu_expedited', 0, { kind: 'rcu', action: 'synchronize' }),
    row('srcu_read_lock', 1, { kind: 'srcu', action: 'lock', location: 0 }),
    row('srcu_down_read', 1, { kind: 'srcu', action: 'down-read', location: 0 }),
    row('srcu_read_unlock', 2, { kind: 'srcu', action: 'unlock', location: 0, index: 1 }),
    row('srcu_up_read', 2, { kind: 'srcu', action: 'up-read', location: 0, index: 1 }),
    row('synchronize_srcu', 1, { kind: 'srcu', action: 'synchronize', location: 0 }),
    row('synchronize_srcu_expedited', 1, { kind: 'srcu', action: 'synchronize', location: 0 }),
  ];
}

/** `xchg` and `cmpxchg`, plain and atomic, in the four orders. */
function exchanges(): readonly LitmusPrimitive[] {
  return SUFFIXES.flatMap(([suffix, order]) =>
    ['', 'atomic_'].flatMap((prefix) => [
      row(`${prefix}xchg${suffix}`, 2, {
        kind: 'rmw',
        order,
        location: 0,
        apply: 'set',
        operand: argument(1),
        result: 'old',
      }),
      row(`${prefix}cmpxchg${suffix}`, 3, {
        kind: 'cmpxchg',
        order,
        location: 0,
        expected: argument(1),
        desired: argument(2),
        result: 'old',
      }),
    ]),
  );
}

/** `atomic_add(v, x)` and all that is spelt like it. The bitwise ones give no new value: whoever has
 *  the old one can compute it. */
function arithmetic(): readonly LitmusPrimitive[] {
  const bitwise: readonly RmwFunction[] = ['and', 'or', 'xor', 'andnot'];
  return [
    ...bitwise.flatMap((apply) => family(apply, apply, 2)),
    ...family('add', 'add', 2, ['atomic_add_negative', 'new-is-negative']),
    ...family('sub', 'sub', 2, ['atomic_sub_and_test', 'new-is-zero']),
    ...family('inc', 'add', 1, ['atomic_inc_and_test', 'new-is-zero']),
    ...family('dec', 'sub', 1, ['atomic_dec_and_test', 'new-is-zero']),
  ];
}

/** With arity 1 the operand is 1 and the location comes first (`atomic_inc(x)`). Those that have a
 *  form worth a test of the new value (`tested`) have one worth that value, too. */
function family(
  spelling: string,
  apply: RmwFunction,
  arity: 1 | 2,
  tested?: readonly [name: string, result: RmwResult],
): readonly LitmusPrimitive[] {
  const location = arity - 1;
  const operand: Operand = arity === 2 ? argument(0) : { constant: 1 };
  const rmw = (name: string, order: RmwOrder, result: RmwResult) =>
    row(name, arity, { kind: 'rmw', order, location, apply, operand, result });
  return [
    rmw(`atomic_${spelling}`, 'noreturn', 'nothing'),
    ...SUFFIXES.flatMap(([suffix, order]) => [
      rmw(`atomic_fetch_${spelling}${suffix}`, order, 'old'),
      ...(tested === undefined ? [] : [rmw(`atomic_${spelling}_return${suffix}`, order, 'new')]),
    ]),
    ...(tested === undefined ? [] : [rmw(tested[0], 'mb', tested[1])]),
  ];
}

const ADD_UNLESS = row('atomic_add_unless', 3, {
  kind: 'add-unless',
  order: 'mb',
  location: 0,
  operand: argument(1),
  unless: argument(2),
  result: 'changed',
});

/** By name: every primitive of `linux-kernel.def`, of Linux 6.1 and of newer kernels. */
export const PRIMITIVES: ReadonlyMap<string, LitmusPrimitive> = new Map(
  [
    ...accesses(),
    ...FENCES.map(([name, tag]) => row(name, 0, { kind: 'fence', tag })),
    ...locksAndRcu(),
    ...exchanges(),
    ...arithmetic(),
    ADD_UNLESS,
  ].map((primitive) => [primitive.name, primitive]),
);
