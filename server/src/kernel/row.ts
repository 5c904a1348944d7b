/** Building rows of the primitive table: the orders that many primitives share, and a short form. */

import type {
  Category,
  Domain,
  Ordering,
  OrderingCondition,
  OwnAccess,
  Primitive,
  Source,
} from './primitive.ts';

/** `smp_mb()`: everything before it against everything after it. */
export const FULL_FENCE: readonly Ordering[] = [{ before: 'all', after: 'all' }];
export const READ_FENCE: readonly Ordering[] = [{ before: 'reads', after: 'reads' }];
export const WRITE_FENCE: readonly Ordering[] = [{ before: 'writes', after: 'writes' }];

/** A fully ordered read-modify-write: three groups, each before the next (ordering.txt, "Full Memory
 *  Barriers"). */
export const FULL_RMW: readonly Ordering[] = [
  { before: 'all', after: 'own' },
  { before: 'own', after: 'all' },
  { before: 'all', after: 'all' },
];

export const RELEASE: readonly Ordering[] = [{ before: 'all', after: 'own-write' }];
export const ACQUIRE: readonly Ordering[] = [{ before: 'own-read', after: 'all' }];
export const DEPENDENCY: readonly Ordering[] = [{ before: 'own-read', after: 'dependent' }];

/** A store followed by a full barrier (`smp_store_mb`, `set_current_state`). */
export const STORE_THEN_FENCE: readonly Ordering[] = [
  { before: 'own-write', after: 'all' },
  { before: 'all', after: 'all' },
];

export const UNORDERED: readonly Ordering[] = [];

/** What a row may say beside its name, category and source; the rest has the usual value. */
export interface RowDetails {
  readonly domain?: Domain;
  readonly explicit?: boolean;
  readonly access?: OwnAccess;
  readonly also?: readonly OwnAccess[];
  readonly publishes?: Primitive['publishes'];
  readonly orders?: readonly Ordering[];
  readonly when?: OrderingCondition;
  readonly asks?: Primitive['asks'];
  readonly operation?: Primitive['operation'];
  readonly rwLock?: Primitive['rwLock'];
  readonly further?: number;
}

/** One row; without details an unordered SMP primitive that touches nothing. */
export function row(
  name: string,
  category: Category,
  source: Source,
  details: RowDetails = {},
): Primitive {
  const { domain = 'smp', explicit = false, orders = UNORDERED, when = 'always' } = details;
  const { access, also, publishes, asks, operation, rwLock, further } = details;
  return {
    name,
    category,
    domain,
    explicit,
    ...(access === undefined ? {} : { access }),
    ...(also === undefined ? {} : { also }),
    ...(publishes === undefined ? {} : { publishes }),
    orders,
    when,
    ...(asks === undefined ? {} : { asks }),
    ...(operation === undefined ? {} : { operation }),
    ...(rwLock === undefined ? {} : { rwLock }),
    ...(further === undefined ? {} : { further }),
    source,
  };
}

/** The location that the argument at `argument` points to. */
export function at(argument: number, effect: OwnAccess['effect']): OwnAccess {
  return { argument, effect, by: 'pointer' };
}

/** The location that the argument at `argument` is (`READ_ONCE(x)`). */
export function lvalue(argument: number, effect: OwnAccess['effect']): OwnAccess {
  return { argument, effect, by: 'lvalue' };
}

/** A section of `Documentation/memory-barriers.txt`. */
export function memoryBarriers(section: string): Source {
  return { document: 'Documentation/memory-barriers.txt', section };
}
