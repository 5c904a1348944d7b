/**
 * What a primitive does, in the vocabulary of the LKMM (`linux-kernel.bell` and `linux-kernel.def`).
 *
 * Both front ends lower to this: the litmus parser by the name of the call, the C lowering by the
 * row of the primitive table. Arguments are given by their position in the call, counted from 0.
 */

/** The annotation of an access, with LKMM's names; `plain` is an access without any. */
export type AccessOrder = 'plain' | 'once' | 'acquire' | 'release';

/** How a read-modify-write orders: `mb` is fully ordered, `noreturn` gives no value and no order. */
export type RmwOrder = 'mb' | 'once' | 'acquire' | 'release' | 'noreturn';

/** The fences of `linux-kernel.bell`, without the RCU and SRCU events. */
export type FenceTag =
  | 'mb'
  | 'rmb'
  | 'wmb'
  | 'barrier'
  | 'before-atomic'
  | 'after-atomic'
  | 'after-spinlock'
  | 'after-unlock-lock'
  | 'after-srcu-read-unlock';

/** The function of a read-modify-write on the old value. `set` ignores it (`xchg`). */
export type RmwFunction = 'add' | 'sub' | 'and' | 'or' | 'xor' | 'andnot' | 'set';

/** What the call is worth: nothing, the value before, the value after, or a test of one of them. */
export type RmwResult =
  | 'nothing'
  | 'old'
  | 'new'
  | 'new-is-zero'
  | 'new-is-negative'
  | 'old-is-nonzero'
  | 'changed';

/** An operand: the argument at a position of the call, or a constant. */
export type Operand = { readonly argument: number } | { readonly constant: number };

export type Operation =
  | { readonly kind: 'load'; readonly order: AccessOrder; readonly location: number }
  | {
      readonly kind: 'store';
      readonly order: AccessOrder;
      readonly location: number;
      readonly value: Operand;
      /** A fence after the store (`smp_store_mb`). */
      readonly then?: FenceTag;
    }
  | {
      readonly kind: 'rmw';
      readonly order: RmwOrder;
      readonly location: number;
      readonly apply: RmwFunction;
      readonly operand: Operand;
      readonly result: RmwResult;
      /** Of a bit: where it is set already, it is only read (`include/asm-generic/bitops/lock.h`). */
      readonly onlyReadsIfSet?: true;
    }
  | {
      /** Stores `desired` where the location holds `expected`; orders only where it succeeds. */
      readonly kind: 'cmpxchg';
      readonly order: Exclude<RmwOrder, 'noreturn'>;
      readonly location: number;
      readonly expected: Operand;
      readonly desired: Operand;
      /** `old` for cmpxchg; `changed` for try_cmpxchg, whose `expected` is a pointer it updates. */
      readonly result: 'old' | 'changed';
    }
  | {
      /** Adds `operand` unless the location holds `unless`; orders only where it succeeds. */
      readonly kind: 'add-unless';
      readonly order: Exclude<RmwOrder, 'noreturn'>;
      readonly location: number;
      readonly operand: Operand;
      readonly unless: Operand;
      readonly result: 'old' | 'changed';
    }
  | { readonly kind: 'fence'; readonly tag: FenceTag }
  | {
      readonly kind: 'lock';
      readonly action: 'lock' | 'unlock' | 'trylock' | 'is-locked';
      readonly location: number;
    }
  | { readonly kind: 'rcu'; readonly action: 'lock' | 'unlock' | 'synchronize' }
  | {
      /** `location` is the srcu_struct; lock and down-read return the index that unlock takes. */
      readonly kind: 'srcu';
      readonly action: 'lock' | 'unlock' | 'down-read' | 'up-read' | 'synchronize';
      readonly location: number;
      readonly index?: number;
    };
