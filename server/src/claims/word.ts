/** What the prose of a comment is made of. */

import type { Span } from '../text/span.ts';

/** A word of the prose. */
export type Word =
  /** An identifier of C, or a pattern that stands for several (`{set,clear}_x`). */
  | {
      readonly kind: 'name';
      /** Every name the pattern stands for; one for a plain identifier. A `*` stays for the reader of the tree. */
      readonly names: readonly string[];
      /** Written with parentheses: `f()`. */
      readonly call: boolean;
      /** Written as an owner: `f()'s smp_wmb()`. */
      readonly owner: boolean;
      readonly span: Span;
    }
  /** `f:X` or `LMM(f:X)`: the label X of f; the latter is how a site bears one. */
  | {
      readonly kind: 'label';
      readonly label: string;
      readonly isBorne: boolean;
      readonly span: Span;
    }
  | { readonly kind: 'file'; readonly path: string; readonly span: Span }
  /** `1st`, `second`. */
  | { readonly kind: 'ordinal'; readonly value: number; readonly span: Span }
  | { readonly kind: 'word'; readonly text: string; readonly span: Span }
  /** `p->field`, `&x`, `@arg`: never the name of a partner. */
  | { readonly kind: 'object'; readonly span: Span }
  /** A comma or another sign that joins the items of a list. */
  | { readonly kind: 'join'; readonly span: Span }
  /** A bracket, a colon, ... */
  | { readonly kind: 'sign'; readonly text: string; readonly span: Span }
  /** The end of a sentence. */
  | { readonly kind: 'stop'; readonly span: Span };
