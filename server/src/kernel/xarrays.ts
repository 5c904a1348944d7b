/** XArrays, and the IDRs and radix trees that are made of them: storing publishes, lookups follow without a lock. */

import type { Primitive, Source } from './primitive.ts';
import { at, DEPENDENCY, RELEASE, row } from './row.ts';

/** Stores are `rcu_assign_pointer()` under the lock of the array, lookups need a reader of RCU at most ("Locking"). */
const XARRAY: Source = { document: 'Documentation/core-api/xarray.rst', section: 'Locking' };
const IDR: Source = { document: 'Documentation/core-api/idr.rst', section: 'IDR usage' };

/** What stores an entry, by the argument that is it. */
const storing: readonly Primitive[] = [
  ...inEveryContext(['xa_store', 'xa_insert'], XARRAY, 2),
  ...inEveryContext(['xa_alloc', 'xa_alloc_cyclic'], XARRAY, 2),
  ...inEveryContext(['xa_cmpxchg'], XARRAY, 3),
  stores('radix_tree_insert', XARRAY, 2),
  ...['idr_alloc', 'idr_alloc_u32', 'idr_alloc_cyclic', 'idr_replace'].map((name) =>
    stores(name, IDR, 1),
  ),
];

/** What finds one. */
const finding: readonly Primitive[] = [
  ...['xa_load', 'xa_find', 'xa_find_after', 'xa_for_each', 'xa_for_each_start'].map((name) =>
    finds(name, XARRAY),
  ),
  ...['xa_for_each_range', 'xa_for_each_marked', 'radix_tree_lookup'].map((name) =>
    finds(name, XARRAY),
  ),
  ...['idr_find', 'idr_get_next', 'idr_for_each_entry', 'idr_for_each_entry_continue'].map((name) =>
    finds(name, IDR),
  ),
];

/** What takes one out: a marked store that publishes nothing. */
const removing: readonly Primitive[] = [
  ...['xa_erase', 'xa_erase_bh', 'xa_erase_irq', '__xa_erase'].map((name) => removes(name, XARRAY)),
  ...['radix_tree_delete'].map((name) => removes(name, XARRAY)),
  removes('idr_remove', IDR),
];

/** Every row of arrays of pointers. */
export const xarrays: readonly Primitive[] = [...storing, ...finding, ...removing];

function inEveryContext(
  names: readonly string[],
  source: Source,
  entry: number,
): readonly Primitive[] {
  return names.flatMap((name) =>
    [name, `${name}_bh`, `${name}_irq`, `__${name}`].map((each) => stores(each, source, entry)),
  );
}

function stores(name: string, source: Source, entry: number): Primitive {
  return row(name, 'rcu-publish', source, {
    access: at(0, 'write'),
    publishes: { argument: entry, by: 'pointer' },
    orders: RELEASE,
  });
}

function finds(name: string, source: Source): Primitive {
  return row(name, 'rcu-dereference', source, { access: at(0, 'read'), orders: DEPENDENCY });
}

function removes(name: string, source: Source): Primitive {
  return row(name, 'marked-access', source, { access: at(0, 'write') });
}
