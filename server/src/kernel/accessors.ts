/**
 * Functions and macros that access the memory their arguments name without ordering anything (lists,
 * trees, memory copies), and those that only name a place: what reads as a call and is an access.
 */

import type { OwnAccess } from './primitive.ts';
import { at, lvalue } from './row.ts';

const read = (argument: number) => at(argument, 'read');
const write = (argument: number) => at(argument, 'write');
const both = (argument: number) => at(argument, 'read-write');

type Rows = readonly (readonly [accesses: readonly OwnAccess[], names: string])[];

/** `(new, head)`, `(entry)`, ... as in include/linux/list.h, rbtree.h, llist.h and string.h. */
const ROWS: Rows = [
  [[write(1), write(0)], 'list_add list_add_tail list_move list_move_tail list_bulk_move_tail'],
  [[write(1), read(0)], 'list_splice list_splice_tail list_splice_init list_splice_tail_init'],
  [[write(0), write(1)], 'list_replace list_replace_init list_swap'],
  [[write(0)], 'list_del list_del_init __list_del_entry INIT_LIST_HEAD INIT_LIST_HEAD_RCU'],
  [[read(0)], 'list_empty list_is_singular list_is_head list_is_first list_is_last'],
  [[read(0)], 'list_first_entry list_last_entry list_first_entry_or_null list_next_entry'],
  [[read(0)], 'list_prev_entry list_count_nodes list_entry_is_head'],
  [[read(1)], 'list_for_each list_for_each_prev list_for_each_entry list_for_each_entry_reverse'],
  [[read(1)], 'list_for_each_entry_continue list_for_each_entry_from list_for_each_rcu'],
  [[read(1)], 'list_for_each_entry_continue_reverse list_for_each_entry_from_reverse'],
  [[read(2)], 'list_for_each_safe list_for_each_prev_safe list_for_each_entry_safe'],
  [[read(2)], 'list_for_each_entry_safe_continue list_for_each_entry_safe_from'],
  [[read(2)], 'list_for_each_entry_safe_reverse'],
  [[write(1), write(0)], 'hlist_add_head hlist_add_before hlist_add_behind hlist_bl_add_head'],
  [[write(1), write(0)], 'hlist_nulls_add_head'],
  [[write(0)], 'hlist_del hlist_del_init INIT_HLIST_HEAD INIT_HLIST_NODE hlist_bl_del'],
  [[read(0)], 'hlist_empty hlist_unhashed hlist_unhashed_lockless hlist_bl_empty hlist_bl_first'],
  [[read(1)], 'hlist_for_each_entry hlist_for_each'],
  [[read(2)], 'hlist_for_each_entry_safe hlist_for_each_safe hlist_nulls_for_each_entry'],
  [[lvalue(0, 'write'), write(1)], 'hash_add'],
  [[lvalue(0, 'read')], 'hash_for_each hash_for_each_safe hash_for_each_possible hash_empty'],
  [[write(0)], 'hash_del'],
  [[read(0)], 'local_read local64_read'],
  [[write(0)], 'local_set local64_set'],
  [[both(0)], 'local_inc local_dec local_inc_return local_cmpxchg local_xchg'],
  [[both(1)], 'local_add local_sub local_add_return cpumask_set_cpu cpumask_clear_cpu'],
  [[read(1)], 'cpumask_test_cpu'],
  [[both(1), write(0)], 'rb_insert_color rb_erase rb_insert_color_cached rb_erase_cached'],
  [[read(0)], 'rb_first rb_last rb_next rb_prev rb_first_cached RB_EMPTY_ROOT RB_EMPTY_NODE'],
  [[read(0)], 'llist_empty llist_for_each_entry llist_for_each'],
  [[write(0)], 'memset memzero_explicit bitmap_zero bitmap_fill __memset'],
  [[write(0), read(1)], 'memcpy memmove strscpy strncpy strcpy memcpy_fromio memcpy_toio'],
  [[read(0), read(1)], 'memcmp strcmp strncmp'],
  [[read(0)], 'bitmap_empty bitmap_full bitmap_weight find_first_bit find_next_bit'],
  [[read(0)], 'find_first_zero_bit find_next_zero_bit find_last_bit'],
  [[read(1)], 'for_each_set_bit for_each_clear_bit for_each_set_bit_from for_each_clear_bit_from'],
  [[read(0)], 'cpumask_first cpumask_empty cpumask_weight'],
  [[read(1)], 'cpumask_next for_each_cpu'],
  [[lvalue(0, 'read-write'), lvalue(1, 'read-write')], 'swap'],
  [
    [lvalue(0, 'read')],
    'this_cpu_read __this_cpu_read raw_cpu_read data_race per_cpu this_cpu_var',
  ],
  [[lvalue(0, 'write')], 'this_cpu_write __this_cpu_write raw_cpu_write'],
  [[lvalue(0, 'read-write')], 'this_cpu_inc this_cpu_dec this_cpu_add this_cpu_sub this_cpu_or'],
  [[lvalue(0, 'read-write')], '__this_cpu_inc __this_cpu_dec __this_cpu_add this_cpu_xchg'],
  [[lvalue(0, 'read-write')], 'this_cpu_cmpxchg this_cpu_inc_return this_cpu_add_return'],
  [[write(0)], 'init_completion reinit_completion spin_lock_init init_waitqueue_head'],
  [[read(0)], 'waitqueue_active swait_active wq_has_sleeper swq_has_sleeper mutex_is_locked'],
];

/** By name, the accesses of a call; they are plain but for those of `markedAccessors`. */
export const accessors: ReadonlyMap<string, readonly OwnAccess[]> = new Map(
  ROWS.flatMap(([accesses, names]) => names.split(' ').map((name) => [name, accesses] as const)),
);

/** Those that look by READ_ONCE() (include/linux/list.h, llist.h, wait.h): without the lock under which others store. */
export const markedAccessors: ReadonlySet<string> = new Set(
  'list_empty hlist_empty hlist_unhashed_lockless llist_empty waitqueue_active'.split(' '),
);

/** Those that add an entry to a list and leave it to a lock who finds it when: by name, the argument that is the entry. */
export const adders: ReadonlyMap<string, number> = new Map([
  ...(
    'list_add list_add_tail hlist_add_head hlist_add_before hlist_add_behind hlist_bl_add_head ' +
    'hlist_nulls_add_head'
  )
    .split(' ')
    .map((name) => [name, 0] as const),
  ['hash_add', 1],
]);

/** Those that read all of what an argument points to, as user space is given it: by name, that argument. */
export const copied: ReadonlyMap<string, number> = new Map(
  'memcpy memmove memcpy_toio copy_to_user __copy_to_user'
    .split(' ')
    .map((name) => [name, 1] as const),
);

/** What a call is worth as a place or a pointer to one. */
export type Designator =
  /** A pointer to the struct that contains its first argument's place; the type is an argument. */
  | { readonly kind: 'container'; readonly type: number }
  /** A pointer to a struct of the type that the first argument points to. */
  | { readonly kind: 'sibling' }
  /** The place, or the pointer, that its first argument is (on some CPU). */
  | { readonly kind: 'same' };

const CONTAINERS =
  'container_of container_of_const container_of_safe list_entry list_entry_rcu list_entry_lockless ' +
  'list_first_entry list_last_entry list_first_entry_or_null list_first_or_null_rcu ' +
  'list_first_entry_rcu list_entry_safe hlist_entry hlist_entry_safe hlist_nulls_entry rb_entry ' +
  'rb_entry_safe rb_entry_rcu llist_entry hlist_bl_entry';

const SAME =
  'READ_ONCE data_race rcu_dereference rcu_dereference_check rcu_dereference_bh ' +
  'rcu_dereference_sched rcu_dereference_raw rcu_dereference_raw_check rcu_dereference_protected ' +
  'rcu_dereference_rtnl rtnl_dereference srcu_dereference srcu_dereference_check ' +
  'rcu_access_pointer smp_load_acquire xchg per_cpu per_cpu_ptr this_cpu_ptr raw_cpu_ptr ' +
  'this_cpu_read __this_cpu_read raw_cpu_read get_cpu_ptr get_cpu_var __this_cpu_ptr likely unlikely ' +
  'hlist_first_rcu hlist_next_rcu hlist_pprev_rcu list_next_rcu list_tail_rcu hlist_nulls_first_rcu ' +
  'hlist_nulls_next_rcu __rcu_dereference_raw unrcu_pointer rcu_pointer_handoff';

/** By name, the designators. */
export const designators: ReadonlyMap<string, Designator> = new Map<string, Designator>([
  ...SAME.split(' ').map((name) => [name, { kind: 'same' }] as const),
  ...CONTAINERS.split(' ').map((name) => [name, { kind: 'container', type: 1 }] as const),
  ['list_next_or_null_rcu', { kind: 'container', type: 2 }],
  ['list_next_entry', { kind: 'sibling' }],
  ['list_prev_entry', { kind: 'sibling' }],
]);

/** Structs that are one location to the reader: their members are named by the field that holds them. */
export const opaqueStructs: ReadonlySet<string> = new Set(
  (
    'list_head hlist_head hlist_node hlist_nulls_head hlist_nulls_node hlist_bl_head hlist_bl_node ' +
    'llist_head llist_node rb_root rb_node rb_root_cached callback_head rcu_head atomic_t atomic64_t ' +
    'atomic_long_t refcount_t refcount_struct kref spinlock_t raw_spinlock_t spinlock raw_spinlock ' +
    'rwlock_t mutex rw_semaphore semaphore seqcount_t seqlock_t seqcount wait_queue_head ' +
    'wait_queue_head_t swait_queue_head completion'
  ).split(' '),
);

/** Members by which an opaque struct is recognised where its type is not known. */
export const opaqueMembers: ReadonlySet<string> = new Set([
  'next',
  'prev',
  'first',
  'pprev',
  'counter',
  'rb_node',
  'rb_root',
]);
