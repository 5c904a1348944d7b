/** What a comment says about the partner of a barrier, as plain data. */

import type { Span } from '../text/span.ts';

export type ClaimStyle =
  | 'pairs'
  | 'matches'
  | 'coupled'
  | 'corresponds'
  | 'synchronizes'
  | 'ordered-against'
  | 'see'
  | 'label'
  | 'relative'
  | 'mention';

/** What a comment says about the partner of a site. */
export interface Claim {
  readonly style: ClaimStyle;
  /** The functions named, most likely first; several where a pattern such as `{set,clear}_x()` names them. */
  readonly functions: readonly string[];
  /** The primitive named (`smp_wmb`), or a class (`write barrier`), where there is one. */
  readonly primitive?: string;
  /** "the 2nd smp_wmb() in f()": 2. */
  readonly ordinal?: number;
  /** `A` of a comment or label `(A)`; `klp_func:X` of `LMM(klp_func:X)`. */
  readonly label?: string;
  /** The function is named without parentheses, and may be no function. */
  readonly isBare?: true;
  /** "the barrier between the update and f()": it is not in the function that is named. */
  readonly isBeside?: true;
  /** "below" or "above" in the same function. */
  readonly direction?: 'above' | 'below';
  readonly file?: string;
  /** The words of the claim inside the comment. */
  readonly span: Span;
  /** How the comment stands to the site. */
  readonly attach: 'preceding' | 'trailing' | 'following' | 'preceding-access' | 'label' | 'near';
}

/** Whether the claim only says what operation the partner is ("pairs with smp_wmb() when the mode is set"), not where. */
export function isDescription({
  functions,
  label,
  direction,
  file,
}: Pick<Claim, 'functions' | 'label' | 'direction' | 'file'>): boolean {
  return (
    functions.length === 0 && label === undefined && direction === undefined && file === undefined
  );
}

/** A claim before it is known for which site it is made. */
export interface Said extends Omit<Claim, 'attach'> {
  /** What is meant where the claim names the reader's own function: the other side of the verb, as in "the
   *  smp_wmb() in f() pairs with the smp_rmb() in g()", read in g(). */
  readonly instead?: readonly Said[];
}
