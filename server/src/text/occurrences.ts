/** Where a name of a text stands. */

import type { Span } from './span.ts';

/** What a litmus test or a scenario gives a name to, and everywhere where it stands. */
export interface Occurrences {
  readonly name: string;
  /** Of a register, the thread that has it. */
  readonly thread?: number;
  /** In text order. */
  readonly spans: readonly Span[];
  /** Every word of the text, which nothing else may be called by. */
  readonly words: ReadonlySet<string>;
}
