/** The shape of one row of the primitive table: an operation of the kernel that orders accesses. */

import type { Operation } from './operation.ts';

/** A class of accesses as seen from a primitive in program order. `reads`, `writes` and `all` are the
 *  accesses of other statements, `own` is the primitive's (`own-read` and `own-write` the halves of a
 *  read-modify-write), `dependent` are those whose address is computed from the value it read. */
export type AccessClass =
  | 'reads'
  | 'writes'
  | 'all'
  | 'own'
  | 'own-read'
  | 'own-write'
  | 'dependent';

/** Every access of class `before`, po-before the primitive (or its own), is ordered before every
 *  access of class `after`, po-after it (or its own). */
export interface Ordering {
  readonly before: AccessClass;
  readonly after: AccessClass;
  /** Where it holds under another condition than the rest of the row (`refcount_dec_and_test`). */
  readonly when?: OrderingCondition;
}

/** When the orderings hold. */
export type OrderingCondition =
  | 'always'
  /** Only if the operation succeeded (a cmpxchg that stored, a trylock that took the lock). */
  | 'on-success'
  /** Only if a wake-up really woke somebody. */
  | 'if-woken'
  /** Only together with the atomic read-modify-write next to it (`smp_mb__before_atomic`). */
  | 'with-adjacent-rmw'
  /** Only together with the lock operation next to it (`smp_mb__after_spinlock`). */
  | 'with-adjacent-lock';

/** What a row is for the reader; pairing ranks by it. */
export type Category =
  | 'full-barrier'
  | 'read-barrier'
  | 'write-barrier'
  | 'compiler-barrier'
  | 'release'
  | 'acquire'
  | 'marked-access'
  | 'atomic'
  | 'bitop'
  | 'lock'
  | 'unlock'
  | 'rcu-reader'
  | 'rcu-publish'
  | 'rcu-dereference'
  | 'grace-period'
  | 'sleep'
  | 'wake'
  | 'seqcount-reader'
  | 'seqcount-writer'
  | 'thread-flag'
  /** No row has it: the call of a function that a comment speaks of as of a barrier. */
  | 'helper';

/** What is done to a lock whose readers do not exclude each other; `downgrade` makes a writer a reader. */
export interface RwLockAction {
  readonly side: 'read' | 'write';
  readonly action: 'lock' | 'unlock' | 'trylock' | 'downgrade';
}

/** Between whom the primitive orders: CPUs, CPU and device, guest and host, or compiler only. */
export type Domain = 'smp' | 'mandatory' | 'dma' | 'virt' | 'compiler';

/** The kernel document that states the rule; `section` is the heading as it stands there. */
export interface Source {
  readonly document: string;
  readonly section: string;
}

/** How the primitive touches memory itself, if it does. */
export interface OwnAccess {
  /** Position of the argument, counted from 0, that names the location; `current` is the task itself. */
  readonly argument: number | 'current';
  readonly effect: 'read' | 'write' | 'read-write';
  /** `pointer`: the argument is the address; `lvalue`: it is the location itself (READ_ONCE(x)). */
  readonly by: 'pointer' | 'lvalue';
  /** The field of the location that is meant: `__state` of a task, its `thread_info.flags`. */
  readonly field?: string;
  /** The bit of the location that is meant: the argument that numbers it, or its name. The bits of
   *  one word are treated as locations of their own. */
  readonly bit?: number | string;
  /** Whether nobody is told what was there before, where the row has no operation that says so. */
  readonly givesNothing?: true;
}

export interface Primitive {
  readonly name: string;
  readonly category: Category;
  readonly domain: Domain;
  /** Whether this is what a reader would call "a barrier" on its own line (gets a lens). */
  readonly explicit: boolean;
  readonly access?: OwnAccess;
  /** Further locations it touches, which take no part in its orders (the new node of `list_add_rcu`). */
  readonly also?: readonly OwnAccess[];
  /** What it makes known to others: the object that an argument points to, or the one that it points into (`&new->node`). */
  readonly publishes?: { readonly argument: number; readonly by: 'pointer' | 'member' };
  readonly orders: readonly Ordering[];
  readonly when: OrderingCondition;
  /** What it asks of who uses it beside that, in a sentence. */
  readonly asks?: string;
  /** The executable meaning; absent where the LKMM has no exact word for it (device barriers, list
   *  operations, ...). Of a primitive on a bit, on the location that stands for that bit. */
  readonly operation?: Operation;
  /** What it does to a lock with readers and writers, of which the LKMM knows nothing. */
  readonly rwLock?: RwLockAction;
  /** How many arguments it takes behind those that the rest of the row names: flags, a class of locks, a condition. */
  readonly further?: number;
  readonly source: Source;
}
