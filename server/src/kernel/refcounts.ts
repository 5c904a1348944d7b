/** `refcount_t` and `kref`: weaker than the atomic operations of the same name, and differently so. */

import type { Operand, Operation } from './operation.ts';
import type { Ordering, OwnAccess, Primitive, Source } from './primitive.ts';
import { at, RELEASE, row } from './row.ts';

/** Stores after a reference was obtained: a control dependency, not an acquire (case 4). */
const CONTROL: readonly Ordering[] = [{ before: 'own-read', after: 'writes', when: 'on-success' }];
/** Release always, acquire where the count fell to zero (case 5). */
const RELEASE_THEN_ACQUIRE: readonly Ordering[] = [
  ...RELEASE,
  { before: 'own-read', after: 'all', when: 'on-success' },
];
/** Release where the count was changed, and a control dependency then (case 6). */
const RELEASE_THEN_CONTROL: readonly Ordering[] = [
  { before: 'all', after: 'own-write', when: 'on-success' },
  ...CONTROL,
];
/** Release always, and a control dependency where the count fell to zero (case 7). */
const RELEASE_WITH_LOCK: readonly Ordering[] = [...RELEASE, ...CONTROL];

const OBTAINING = 'case 4) - increment-based RMW ops that return a value';
const DROPPING = 'case 6) other decrement-based RMW ops that return a value';

/** Every operation on a reference count. What happens to one that is saturated is C of the lowering's library. */
export const refcounts: readonly Primitive[] = [
  one('refcount_set', 'case 1) - non-"Read/Modify/Write" (RMW) ops', at(0, 'write'), [], {
    kind: 'store',
    order: 'once',
    location: 0,
    value: { argument: 1 },
  }),
  one('refcount_read', 'case 1) - non-"Read/Modify/Write" (RMW) ops', at(0, 'read'), [], {
    kind: 'load',
    order: 'once',
    location: 0,
  }),
  one('refcount_inc', 'case 2) - increment-based ops that return no value', rmw(0), [], {
    kind: 'rmw',
    order: 'noreturn',
    location: 0,
    apply: 'add',
    operand: { constant: 1 },
    result: 'nothing',
  }),
  one('refcount_add', 'case 2) - increment-based ops that return no value', rmw(1), [], {
    kind: 'rmw',
    order: 'noreturn',
    location: 1,
    apply: 'add',
    operand: { argument: 0 },
    result: 'nothing',
  }),
  one('kref_get', 'case 2) - increment-based ops that return no value', rmw(0), []),
  one('refcount_dec', 'case 3) - decrement-based RMW ops that return no value', rmw(0), RELEASE, {
    kind: 'rmw',
    order: 'release',
    location: 0,
    apply: 'sub',
    operand: { constant: 1 },
    result: 'nothing',
  }),
  one('refcount_inc_not_zero', OBTAINING, rmw(0), CONTROL, {
    ...addUnless(0, { constant: 1 }, 0),
    order: 'once',
  }),
  one('refcount_add_not_zero', OBTAINING, rmw(1), CONTROL, {
    ...addUnless(1, { argument: 0 }, 0),
    order: 'once',
  }),
  one('kref_get_unless_zero', OBTAINING, rmw(0), CONTROL),
  ...(
    [
      ['refcount_dec_and_test', 0],
      ['refcount_sub_and_test', 1],
      ['kref_put', 0],
    ] as const
  ).map(([name, location]) =>
    one(
      name,
      'case 5) - generic dec/sub decrement-based RMW ops that return a value',
      rmw(location),
      RELEASE_THEN_ACQUIRE,
    ),
  ),
  one('refcount_dec_if_one', DROPPING, rmw(0), RELEASE_THEN_CONTROL),
  one('refcount_dec_not_one', DROPPING, rmw(0), RELEASE_THEN_CONTROL, {
    ...addUnless(0, { constant: -1 }, 1),
    order: 'release',
  }),
  ...[
    'refcount_dec_and_lock',
    'refcount_dec_and_lock_irqsave',
    'refcount_dec_and_mutex_lock',
    'kref_put_lock',
    'kref_put_mutex',
  ].map((name) => one(name, 'case 7) - lock-based RMW', rmw(0), RELEASE_WITH_LOCK)),
];

function addUnless(location: number, operand: Operand, unless: number) {
  const kind = 'add-unless';
  return { kind, location, operand, unless: { constant: unless }, result: 'changed' } as const;
}

function rmw(argument: number): OwnAccess {
  return at(argument, 'read-write');
}

function one(
  name: string,
  section: string,
  access: OwnAccess,
  orders: readonly Ordering[],
  operation?: Operation,
): Primitive {
  const source: Source = { document: 'Documentation/core-api/refcount-vs-atomic.rst', section };
  const category = access.effect === 'read-write' ? 'atomic' : 'marked-access';
  return row(name, category, source, { access, orders, operation });
}
