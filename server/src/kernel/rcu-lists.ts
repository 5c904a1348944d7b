/** The RCU forms of the list operations: adding publishes, walking dereferences. */

import type { OwnAccess, Primitive, Source } from './primitive.ts';
import { at, DEPENDENCY, lvalue, RELEASE, row } from './row.ts';

const SOURCE: Source = {
  document: 'Documentation/RCU/whatisRCU.rst',
  section: '8.  FULL LIST OF RCU APIs',
};
const NULLS: Source = {
  document: 'Documentation/RCU/rculist_nulls.rst',
  section: '2) Insert algo',
};

/** Adding: the new node is made visible at `place` by a release. */
const publishing: readonly Primitive[] = [
  ...[
    'list_add_rcu',
    'list_add_tail_rcu',
    'list_replace_rcu',
    'hlist_add_head_rcu',
    'hlist_add_tail_rcu',
    'hlist_add_before_rcu',
    'hlist_add_behind_rcu',
    'hlist_replace_rcu',
    'hlist_bl_add_head_rcu',
    'list_splice_init_rcu',
    'list_splice_tail_init_rcu',
  ].map((name) => publish(name, SOURCE, at(placeOf(name), 'write'), at(nodeOf(name), 'write'))),
  ...[
    'hlist_nulls_add_head_rcu',
    'hlist_nulls_add_tail_rcu',
    'hlist_nulls_replace_rcu',
    'hlist_nulls_replace_init_rcu',
  ].map((name) => publish(name, NULLS, at(placeOf(name), 'write'), at(nodeOf(name), 'write'))),
  publish('hlist_bl_set_first_rcu', SOURCE, at(0, 'write')),
  publish('hash_add_rcu', SOURCE, lvalue(0, 'write'), at(1, 'write')),
];

/** Taking out: marked stores that publish nothing new. */
const removing: readonly Primitive[] = [
  'list_del_rcu',
  'hlist_del_rcu',
  'hlist_del_init_rcu',
  'hlist_nulls_del_rcu',
  'hlist_nulls_del_init_rcu',
  'hlist_bl_del_rcu',
  'hlist_bl_del_init_rcu',
  'hash_del_rcu',
].map((name) => row(name, 'marked-access', SOURCE, { access: at(0, 'write') }));

/** Walking: what is reached through the pointer read comes after that read. */
const dereferencing: readonly Primitive[] = [
  ...['list_first_or_null_rcu', 'list_first_entry_rcu', 'list_tail_or_null_rcu'].map((name) =>
    dereference(name, at(0, 'read')),
  ),
  ...['list_entry_rcu', 'list_entry_lockless'].map((name) => dereference(name, lvalue(0, 'read'))),
  dereference('list_next_or_null_rcu', at(1, 'read')),
  dereference('hlist_bl_first_rcu', at(0, 'read')),
  ...[
    'list_for_each_entry_rcu',
    'list_for_each_entry_srcu',
    'list_for_each_entry_lockless',
    'list_for_each_entry_continue_rcu',
    'list_for_each_entry_from_rcu',
    'hlist_for_each_entry_rcu',
    'hlist_for_each_entry_srcu',
    'hlist_for_each_entry_rcu_bh',
    'hlist_for_each_entry_rcu_notrace',
    '__hlist_for_each_rcu',
  ].map((name) => dereference(name, at(1, 'read'))),
  ...[
    'hlist_for_each_entry_continue_rcu',
    'hlist_for_each_entry_continue_rcu_bh',
    'hlist_for_each_entry_from_rcu',
  ].map((name) => dereference(name, lvalue(0, 'read'))),
  ...['hlist_nulls_for_each_entry_rcu', 'hlist_nulls_for_each_entry_safe'].map((name) =>
    dereference(name, at(2, 'read')),
  ),
  dereference('hlist_bl_for_each_entry_rcu', at(2, 'read')),
  ...['hash_for_each_rcu', 'hash_for_each_possible_rcu', 'hash_for_each_possible_rcu_notrace'].map(
    (name) => dereference(name, lvalue(0, 'read')),
  ),
];

/** Every RCU list operation. */
export const rcuLists: readonly Primitive[] = [...publishing, ...removing, ...dereferencing];

/** A replacement takes `(old, new)`, everything else `(new, place)`. */
function placeOf(name: string): number {
  return name.includes('_replace_') ? 0 : 1;
}

function nodeOf(name: string): number {
  return 1 - placeOf(name);
}

function publish(name: string, source: Source, place: OwnAccess, node?: OwnAccess): Primitive {
  return row(name, 'rcu-publish', source, {
    access: place,
    ...(node === undefined
      ? {}
      : { also: [node], publishes: { argument: Number(node.argument), by: 'member' } }),
    orders: RELEASE,
  });
}

function dereference(name: string, access: OwnAccess): Primitive {
  return row(name, 'rcu-dereference', SOURCE, { access, orders: DEPENDENCY });
}
