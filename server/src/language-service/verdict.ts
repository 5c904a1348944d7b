/**
 * Verdicts as the language service shows them: of a pairing, and of a barrier on a path of a
 * scenario. What was found (the verdict) and whether it still speaks of the text (its currency) are
 * two things.
 */

import type { Place } from '../text/span.ts';

/** What the simulation says (see README, "Verdicts"). */
export type Verdict = 'needed' | 'redundant' | 'broken' | 'unknown';

/** Whether a verdict speaks of the present text: `stale` was found for an earlier one, `running` has
 *  none yet for this one. */
export type Currency = 'current' | 'stale' | 'running';

/** One event of an execution, told on its source line. */
export interface CycleStep extends Place {
  readonly line: number;
  readonly message: string;
}

/** The simulation's answer to one pairing. */
export interface PairingVerdict {
  readonly verdict: Verdict;
  /** Why: what the bad outcome is, what else gives the order, or what is not known. */
  readonly reason: string;
  /** What the answer rests on that the source does not say. */
  readonly assumptions: readonly string[];
  /** The accesses of the bad execution in cycle order; for `broken` only. */
  readonly cycle: readonly CycleStep[];
}

/** A verdict with its currency; `answer` is absent while the first run is under way. */
export interface ShownVerdict {
  readonly answer?: PairingVerdict;
  readonly currency: Currency;
}

/** One row of a scenario's need table: what a barrier is for on one path of the protocol. */
export interface NeedRow {
  readonly barrier: {
    readonly file: string;
    readonly function: string;
    readonly primitive: string;
    /** Counts the uses of the primitive in the function from 1. */
    readonly ordinal: number;
  };
  /** The scenario's path: `enable`, `disable`, `reverse`. */
  readonly path: string;
  readonly invariant: string;
  readonly orders: readonly { readonly before: string; readonly after: string }[];
  readonly verdict: Verdict;
  /** What else gives the order, where the barrier is redundant. */
  readonly by: readonly string[];
}

/** Whether the simulation showed that the pairing keeps the bad outcome away. */
export function isProven(shown: ShownVerdict | undefined): boolean {
  return shown?.answer?.verdict === 'needed' || shown?.answer?.verdict === 'redundant';
}

/** The verdict in a few words, its currency included: `proven`, `broken (stale)`, `checking`. */
export function verdictPhrase(shown: ShownVerdict): string {
  if (shown.answer === undefined) return 'checking';
  const words = phrase(shown.answer.verdict);
  return shown.currency === 'current' ? words : `${words} (stale)`;
}

function phrase(verdict: Verdict): string {
  switch (verdict) {
    case 'needed':
      return 'proven';
    case 'redundant':
      return 'proven, redundant';
    case 'broken':
      return 'broken';
    case 'unknown':
      return 'not proven';
  }
}
