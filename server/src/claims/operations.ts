/** What comments call the operations that order: their names, abbreviated, as patterns and misspelt, and the kinds. */

import { primitive } from '../kernel/primitives.ts';

/** Names of operations by how they begin; in front of these `raw_`, `arch_` and underscores say nothing. */
const BEGINNINGS = [
  'smp_*',
  'smp_mb',
  'smp_rmb',
  'smp_wmb',
  'smp_store_',
  'smp_load_',
  'smp_cond_',
  'smp_acquire_',
  'smp_read_barrier',
  'virt_',
  'atomic_',
  'atomic64_',
  'atomic_long_',
  'refcount_',
  'kref_get',
  'kref_put',
  'test_bit',
  'set_bit',
  'clear_bit',
  'change_bit',
  'test_and_set_bit',
  'test_and_clear_bit',
  'test_and_change_bit',
  'rcu_assign',
  'rcu_dereference',
  'rcu_replace',
  'rcu_access_pointer',
  'rcu_read_lock',
  'rcu_read_unlock',
  'srcu_read_lock',
  'srcu_read_unlock',
  'synchronize_rcu',
  'synchronize_srcu',
  'call_rcu',
  'spin_lock',
  'spin_unlock',
  'spin_trylock',
  'read_lock',
  'read_unlock',
  'read_trylock',
  'write_lock',
  'write_unlock',
  'write_trylock',
  'mutex_lock',
  'mutex_unlock',
  'mutex_trylock',
  'read_seq',
  'write_seq',
];

/** Whole names. */
const NAMES: ReadonlySet<string> = new Set([
  'mb',
  'rmb',
  'wmb',
  'dma_mb',
  'dma_rmb',
  'dma_wmb',
  'dmb',
  'dsb',
  'mmiowb',
  'barrier',
  'READ_ONCE',
  'WRITE_ONCE',
  'ACCESS_ONCE',
  'set_mask_bits',
  'set_current_state',
  'set_special_state',
  'set_task_state',
  'lockless_dereference',
  'read_barrier_depends',
]);

/** Ends of names: whole, or behind an underscore. */
const ENDINGS = ['store_release', 'load_acquire', 'store_mb'];

const EMPTY_PREFIXES = ['_', 'raw_', 'arch_'];

/** Whether a name is that of an operation that orders or marks, as comments write it. */
export function isOperation(name: string): boolean {
  const bare = withoutPrefix(name);
  return (
    NAMES.has(bare) ||
    BEGINNINGS.some((beginning) => bare.startsWith(beginning)) ||
    ENDINGS.some((ending) => bare === ending || bare.endsWith(`_${ending}`)) ||
    bare.includes('xchg') ||
    ((bare.startsWith('list_') || bare.startsWith('hlist_')) && bare.endsWith('_rcu'))
  );
}

function withoutPrefix(name: string): string {
  let bare = name;
  for (;;) {
    const prefix = EMPTY_PREFIXES.find((each) => bare.startsWith(each));
    if (prefix === undefined) return bare;
    bare = bare.slice(prefix.length);
  }
}

/** Whether the kernel's tables have the operation. */
export function isPrimitive(name: string): boolean {
  return primitive(spelled(name)) !== undefined;
}

/** Whether an operation that stands for itself names a place: everybody who sleeps does so through these, while
 *  "pairs with smp_rmb()" does not say which. */
export function isPlace(operation: string): boolean {
  return operation.startsWith('set_') && operation.endsWith('_state');
}

/** Letters that comments exchange or lose, and what was meant. */
const MISSPELLINGS: readonly (readonly [string, string])[] = [
  ['aquire', 'acquire'],
  ['acuire', 'acquire'],
  ['acqurie', 'acquire'],
  ['relase', 'release'],
  ['realease', 'release'],
  ['relese', 'release'],
  ['atomic_inc', 'atomic'],
  ['atomic_dec', 'atomic'],
];

/** Beginnings that were meant to be `smp_` where the rest is a barrier. */
const MISSPELT_SMP = ['smb_', 'sm_', 'spm_', 'smp__', 'mp_', 'sp_'];

/** The name as it was meant. */
export function spelled(name: string): string {
  if (primitive(name) !== undefined) return name;
  const beginning = MISSPELT_SMP.find((each) => name.startsWith(each));
  const fixed = beginning === undefined ? name : `smp_${name.slice(beginning.length)}`;
  const letters = MISSPELLINGS.reduce((text, [wrong, right]) => text.replace(wrong, right), fixed);
  return primitive(letters) === undefined ? name : letters;
}

/** A word of prose for a kind of operation. */
const KINDS_OF_OPERATION: ReadonlyMap<string, string> = new Map([
  ['mb', 'mb'],
  ['rmb', 'rmb'],
  ['wmb', 'wmb'],
  ['mbs', 'mb'],
  ['rmbs', 'rmb'],
  ['wmbs', 'wmb'],
  ['acquire', 'acquire'],
  ['acquires', 'acquire'],
  ['release', 'release'],
  ['releases', 'release'],
]);

/** What a word says of the kind of operation (`rmb`, `acquire`), or undefined. */
export function kindOfOperation(word: string): string | undefined {
  return KINDS_OF_OPERATION.get(word.toLowerCase());
}

/** "a write memory barrier": the word before `barrier` that says which. */
export const KINDS_OF_BARRIER: ReadonlyMap<string, string> = new Map([
  ['read', 'read barrier'],
  ['load', 'read barrier'],
  ['write', 'write barrier'],
  ['store', 'write barrier'],
  ['full', 'full barrier'],
  ['general', 'full barrier'],
  ['acquire', 'acquire'],
  ['release', 'release'],
]);
