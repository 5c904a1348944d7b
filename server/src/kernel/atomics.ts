/** The atomic operations on `atomic_t`, `atomic64_t` and `atomic_long_t`, from the grammar of their names. */

import type { Operand, Operation, RmwFunction, RmwOrder } from './operation.ts';
import type { Ordering, Primitive, Source } from './primitive.ts';
import { ACQUIRE, at, FULL_RMW, RELEASE, row, UNORDERED } from './row.ts';

const API: Source = { document: 'Documentation/atomic_t.txt', section: 'SEMANTICS' };
const ORDERING: Source = { document: 'Documentation/atomic_t.txt', section: 'ORDERING' };

/** A suffix of an operation that returns a value, and what it says about order. */
export interface OrderVariant {
  readonly suffix: string;
  readonly order: Exclude<RmwOrder, 'noreturn'>;
  readonly orders: readonly Ordering[];
}

/** atomic_t.txt, ORDERING: fully ordered unless the name says otherwise. */
export const ORDER_VARIANTS: readonly OrderVariant[] = [
  { suffix: '', order: 'mb', orders: FULL_RMW },
  { suffix: '_relaxed', order: 'once', orders: UNORDERED },
  { suffix: '_acquire', order: 'acquire', orders: ACQUIRE },
  { suffix: '_release', order: 'release', orders: RELEASE },
];

/** `arch_` and `raw_` are the same operations without instrumentation. */
const PREFIXES = ['', 'arch_', 'raw_'].flatMap((layer) =>
  ['atomic_', 'atomic64_', 'atomic_long_'].map((type) => layer + type),
);

/** How an operation applies its operand: `atomic_add(i, v)` has it first, `atomic_inc(v)` has none. */
interface Shape {
  readonly name: string;
  readonly apply: RmwFunction;
  readonly operand: Operand;
  readonly location: number;
}

function withOperand(name: RmwFunction): Shape {
  return { name, apply: name, operand: { argument: 0 }, location: 1 };
}

const INC: Shape = { name: 'inc', apply: 'add', operand: { constant: 1 }, location: 0 };
const DEC: Shape = { name: 'dec', apply: 'sub', operand: { constant: 1 }, location: 0 };
const ADD = withOperand('add');
const SUB = withOperand('sub');
const ARITHMETIC = [ADD, SUB, INC, DEC];
const BITWISE = (['and', 'or', 'xor', 'andnot'] as const).map(withOperand);

/** Every atomic operation with every prefix and suffix. */
export const atomics: readonly Primitive[] = PREFIXES.flatMap((prefix) => [
  ...nonRmw(prefix),
  ...ARITHMETIC.flatMap((shape) => [
    voidRow(prefix, shape),
    ...valueRows(prefix, `${shape.name}_return`, shape, 'new'),
    ...valueRows(prefix, `fetch_${shape.name}`, shape, 'old'),
  ]),
  ...BITWISE.flatMap((shape) => [
    voidRow(prefix, shape),
    ...valueRows(prefix, `fetch_${shape.name}`, shape, 'old'),
  ]),
  ...tests(prefix),
  ...swaps(prefix),
  ...conditional(prefix),
]);

function nonRmw(prefix: string): readonly Primitive[] {
  const load = (order: 'once' | 'acquire'): Operation => ({ kind: 'load', order, location: 0 });
  const store = (order: 'once' | 'release'): Operation => ({
    kind: 'store',
    order,
    location: 0,
    value: { argument: 1 },
  });
  const read = at(0, 'read');
  const write = at(0, 'write');
  return [
    row(`${prefix}read`, 'marked-access', API, { access: read, operation: load('once') }),
    row(`${prefix}set`, 'marked-access', API, { access: write, operation: store('once') }),
    row(`${prefix}read_acquire`, 'acquire', ORDERING, {
      access: read,
      orders: ACQUIRE,
      operation: load('acquire'),
    }),
    row(`${prefix}set_release`, 'release', ORDERING, {
      access: write,
      orders: RELEASE,
      operation: store('release'),
    }),
  ];
}

function voidRow(prefix: string, { name, apply, operand, location }: Shape): Primitive {
  return row(prefix + name, 'atomic', ORDERING, {
    access: at(location, 'read-write'),
    operation: { kind: 'rmw', order: 'noreturn', location, apply, operand, result: 'nothing' },
  });
}

function valueRows(
  prefix: string,
  name: string,
  { apply, operand, location }: Shape,
  result: 'old' | 'new' | 'new-is-zero' | 'new-is-negative',
): readonly Primitive[] {
  return ORDER_VARIANTS.map(({ suffix, order, orders }) =>
    row(`${prefix}${name}${suffix}`, 'atomic', ORDERING, {
      access: at(location, 'read-write'),
      orders,
      operation: { kind: 'rmw', order, location, apply, operand, result },
    }),
  );
}

function tests(prefix: string): readonly Primitive[] {
  const plain = (shape: Shape) =>
    valueRows(prefix, `${shape.name}_and_test`, shape, 'new-is-zero').slice(0, 1);
  return [
    ...[SUB, INC, DEC].flatMap(plain),
    ...valueRows(prefix, 'add_negative', ADD, 'new-is-negative'),
  ];
}

function swaps(prefix: string): readonly Primitive[] {
  return ORDER_VARIANTS.flatMap(({ suffix, order, orders }) => {
    const access = at(0, 'read-write');
    const compare = (name: string, result: 'old' | 'changed') =>
      row(`${prefix}${name}${suffix}`, 'atomic', ORDERING, {
        access,
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
    return [
      row(`${prefix}xchg${suffix}`, 'atomic', ORDERING, {
        access,
        orders,
        operation: {
          kind: 'rmw',
          order,
          location: 0,
          apply: 'set',
          operand: { argument: 1 },
          result: 'old',
        },
      }),
      compare('cmpxchg', 'old'),
      compare('try_cmpxchg', 'changed'),
    ];
  });
}

/** Unordered on failure (atomic_t.txt, ORDERING). Those whose test is no equality have no operation. */
function conditional(prefix: string): readonly Primitive[] {
  const addUnless = (operand: Operand, unless: Operand, result: 'old' | 'changed'): Operation => ({
    kind: 'add-unless',
    order: 'mb',
    location: 0,
    operand,
    unless,
    result,
  });
  const one = (name: string, operation?: Operation) =>
    row(prefix + name, 'atomic', ORDERING, {
      access: at(0, 'read-write'),
      orders: FULL_RMW,
      when: 'on-success',
      operation,
    });
  return [
    one('add_unless', addUnless({ argument: 1 }, { argument: 2 }, 'changed')),
    one('fetch_add_unless', addUnless({ argument: 1 }, { argument: 2 }, 'old')),
    one('inc_not_zero', addUnless({ constant: 1 }, { constant: 0 }, 'changed')),
    one('dec_unless_positive'),
    one('inc_unless_negative'),
    one('dec_if_positive'),
  ];
}
