/**
 * Programs: what both front ends produce and the simulation core runs. A handful of threads of
 * structured statements over named shared locations, an initial state and a condition.
 *
 * Every statement and every access carries its span; a program lowered from C also carries, per
 * statement, the place in the C file it came from.
 */

import type {
  AccessOrder,
  FenceTag,
  RmwFunction,
  RmwOrder,
  RmwResult,
} from '../kernel/operation.ts';
import type { Place, Span } from '../text/span.ts';
import type { Integer, IntegerType } from './integer.ts';

/** A shared location: a global, or one element or field of it (`x`, `a[1]`, `func.transition`). */
export type LocationName = string;

/** An integer, or the address of a location (`&x`). The null pointer is the integer 0. */
export type Value =
  | { readonly kind: 'integer'; readonly value: Integer }
  | { readonly kind: 'address'; readonly of: LocationName };

/** What a condition can speak of: a shared location or a register of a thread (`0:r1`). */
export type Observable =
  | { readonly kind: 'location'; readonly name: LocationName }
  | { readonly kind: 'register'; readonly thread: number; readonly name: string };

export interface InitialValue {
  readonly target: Observable;
  readonly value: Value;
  /** The C type as written (`int`, `spinlock_t`, `int *`), empty where none is. */
  readonly type: string;
  readonly span: Span;
}

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly span: Span;
}

export interface Thread {
  readonly index: number;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly span: Span;
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||';

/** Expressions over registers and addresses. Those that touch memory are `load` and the RMWs. */
export type Expression =
  | { readonly kind: 'value'; readonly value: Value; readonly span: Span }
  | { readonly kind: 'register'; readonly name: string; readonly span: Span }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      /** What both operands have been converted to (a shift's left one); `int` where it is absent, as in
       *  all litmus tests. */
      readonly type?: IntegerType;
      readonly span: Span;
    }
  /** C's conversion to an integer type. */
  | {
      readonly kind: 'convert';
      readonly to: IntegerType;
      readonly operand: Expression;
      readonly span: Span;
    }
  | { readonly kind: 'not'; readonly operand: Expression; readonly span: Span }
  /** Address arithmetic over structs, made by the C lowering only: `member` turns the address of `x`
   *  into that of `x.path`, `container` is its inverse (`container_of`). Either keeps the dependency
   *  on its base. `container(&head, p)` of something that is no member `p` is an address that equals
   *  no location but gives `&head` back under `member p`, as pointer arithmetic does. */
  | {
      readonly kind: 'member' | 'container';
      readonly base: Expression;
      readonly path: string;
      readonly span: Span;
    }
  /** The address `index` elements behind that of an element, made by the C lowering only. */
  | {
      readonly kind: 'element';
      readonly base: Expression;
      readonly index: Expression;
      readonly span: Span;
    }
  | OpenValue
  | Load
  | ReadModifyWrite
  | CompareExchange
  | AddUnless
  | LockQuery
  | SrcuLock;

/** A value that nothing in the program decides, made by the C lowering only: each of the alternatives is
 *  taken in some execution. No event gives it, so that nothing depends on it. */
export interface OpenValue extends Traced {
  readonly kind: 'open';
  readonly alternatives: readonly Value[];
  /** What it may be beside: any integer of a range (see settle-open-values.ts). */
  readonly range?: IntegerRange;
}

export interface IntegerRange {
  readonly least: Integer;
  readonly most: Integer;
}

/** What the `.def` files of Linux 6.14 and later make of SRCU: accesses to the `srcu_struct`, which bear
 *  this tag in place of the order's. */
export type SrcuAccessTag = 'srcu-lock' | 'srcu-unlock';

export interface Load extends Traced {
  readonly kind: 'load';
  readonly order: AccessOrder;
  readonly tag?: SrcuAccessTag;
  readonly address: Expression;
}

export interface ReadModifyWrite extends Traced {
  readonly kind: 'rmw';
  readonly order: RmwOrder;
  readonly address: Expression;
  readonly apply: RmwFunction;
  readonly operand: Expression;
  readonly result: RmwResult;
  /** Of a bit: where it is set already, it may as well be only read. */
  readonly onlyReadsIfSet?: true;
  /** The bits of what was there that stay as they are. */
  readonly keeps?: Integer;
  /** The type it computes in; `int` where it is absent. */
  readonly type?: IntegerType;
}

export interface CompareExchange extends Traced {
  readonly kind: 'cmpxchg';
  readonly order: Exclude<RmwOrder, 'noreturn'>;
  readonly address: Expression;
  readonly expected: Expression;
  readonly desired: Expression;
}

export interface AddUnless extends Traced {
  readonly kind: 'add-unless';
  readonly order: Exclude<RmwOrder, 'noreturn'>;
  readonly address: Expression;
  readonly operand: Expression;
  readonly unless: Expression;
  readonly result: 'old' | 'changed';
  /** The type it computes in; `int` where it is absent. */
  readonly type?: IntegerType;
}

/** `spin_trylock` and `spin_is_locked`: worth 1 or 0. */
export interface LockQuery extends Traced {
  readonly kind: 'lock-query';
  readonly action: 'trylock' | 'is-locked';
  readonly address: Expression;
}

/** `srcu_read_lock`, `srcu_down_read`: worth an index for the matching unlock. */
export interface SrcuLock extends Traced {
  readonly kind: 'srcu-lock';
  readonly action: 'lock' | 'down-read';
  readonly address: Expression;
}

/** What every statement and access has: its span in the program text, and for a program lowered
 *  from C the place it came from and an identity that survives edits elsewhere. */
export interface Traced {
  readonly span: Span;
  readonly origin?: Origin;
}

export interface Origin extends Place {
  /** The function the statement stands in (after inlining: the innermost). */
  readonly function: string;
  /** The primitive as written (`smp_wmb`, `list_add_rcu`, `test_and_clear_tsk_thread_flag`). */
  readonly primitive?: string;
  /** The name of the bit that it is about, where it accesses the word around that. */
  readonly bit?: string;
  /** Names the ordering device for `Relaxation`; equal for all copies made by inlining/unrolling. */
  readonly site: string;
}

export type Statement =
  | (Traced & {
      readonly kind: 'declare';
      readonly register: string;
      readonly type: string;
      readonly value?: Expression;
    })
  | (Traced & { readonly kind: 'assign'; readonly register: string; readonly value: Expression })
  | (Traced & {
      readonly kind: 'store';
      readonly order: AccessOrder;
      readonly tag?: SrcuAccessTag;
      readonly address: Expression;
      readonly value: Expression;
      readonly then?: FenceTag;
    })
  | (Traced & { readonly kind: 'evaluate'; readonly value: Expression })
  | (Traced & { readonly kind: 'fence'; readonly tag: FenceTag })
  | (Traced & {
      readonly kind: 'lock';
      readonly action: 'lock' | 'unlock';
      readonly address: Expression;
    })
  | (Traced & { readonly kind: 'rcu'; readonly action: 'lock' | 'unlock' | 'synchronize' })
  | (Traced & {
      readonly kind: 'srcu';
      readonly action: 'unlock' | 'up-read' | 'synchronize';
      readonly address: Expression;
      readonly index?: Expression;
    })
  | (Traced & {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    })
  | (Traced & {
      readonly kind: 'while';
      readonly condition: Expression;
      readonly body: readonly Statement[];
    })
  | Stop;

/**
 * The thread goes no further. `end`: that is all it does (`BUG()`), and the execution counts. Otherwise the
 * execution is of no interest from here on: `wait` (it waits for ever) and `discard` (an assumption that
 * fails) drop it silently, `bound` (a bound of the lowering) makes any "never" of the outcome `unknown`.
 *
 * What follows an `if` in which a thread ends or waits is only reached because of the condition. So it
 * depends on it to the end of the thread, other than what follows herd's `if`.
 */
export interface Stop extends Traced {
  readonly kind: 'stop';
  readonly why: 'end' | 'wait' | 'discard' | 'bound';
  readonly reason: string;
  /** Only where this register is asked for: it has no value from here on (see `withoutUnasked`). */
  readonly register?: string;
}

export type Proposition =
  | { readonly kind: 'true' }
  | {
      readonly kind: 'equals';
      readonly left: Observable;
      readonly right: Value | Observable;
      readonly negated: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: 'and' | 'or' | 'implies';
      readonly left: Proposition;
      readonly right: Proposition;
    }
  | { readonly kind: 'not'; readonly operand: Proposition };

export interface Condition {
  readonly quantifier: 'exists' | '~exists' | 'forall';
  readonly proposition: Proposition;
  readonly span: Span;
}

/** Takes one order away: what `site` orders between an access to a location of `before` and one to
 *  a location of `after`, and nothing else (DESIGN: "each ordering is then taken away alone"). */
export interface Relaxation {
  readonly site: string;
  readonly before: readonly LocationName[];
  readonly after: readonly LocationName[];
}

export interface Program {
  readonly name: string;
  /** The text between the name and the initial state, verbatim. */
  readonly description: string;
  /** The `Result:` line of the description, where there is one. */
  readonly expected?: string;
  readonly initial: readonly InitialValue[];
  readonly threads: readonly Thread[];
  /** Named by `locations [...]`, beside what the condition names. */
  readonly observed: readonly Observable[];
  readonly filter?: Proposition;
  readonly condition: Condition;
  readonly relaxations?: readonly Relaxation[];
}
