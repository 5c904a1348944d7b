/** What is known of a site and one partner of it. */

import type { PlacedSite } from '../pairing/pairing.ts';
import type { ShownVerdict, Side } from './verdict.ts';
import type { OrderedFields } from './words.ts';

/** One partner of the site. */
export interface PartnerLine {
  readonly partner: PlacedSite;
  /** Which side of the pairing the explained site is. */
  readonly side: Side;
  readonly sources: readonly ('claimed' | 'inferred' | 'proven')[];
  /** As the explained site orders them. */
  readonly orders: readonly OrderedFields[];
  readonly verdict?: ShownVerdict;
  /** The order that the verdict is about, as the explained site orders it; without a verdict what the pairing
   *  is about in the first place. */
  readonly decisive?: OrderedFields;
  /** Where that is what is not known. */
  readonly unknownAt?: FileLine;
  readonly reasons: readonly string[];
}

/** A line of a file, counted from 1. */
export interface FileLine {
  readonly file: string;
  readonly line: number;
}

/** `pairs with`; of what is only inferred and of which nothing is proven `may pair with`. */
export function pairsWords({ sources, verdict }: PartnerLine): 'pairs with' | 'may pair with' {
  const kind = verdict?.answer?.verdict.kind;
  const isKnown = kind !== undefined && kind !== 'unknown' && kind !== 'idle';
  return isKnown || sources.includes('claimed') ? 'pairs with' : 'may pair with';
}
