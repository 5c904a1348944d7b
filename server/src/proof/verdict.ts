/** What the simulation says about one order: needed, redundant, idle, broken or unknown, with its evidence. */

import type { Witness } from '../memory-model/outcome.ts';
import type { Place } from '../text/span.ts';

/** Something else that gives the order. */
export interface OrderGiver {
  /** In the field's words: `the release of rcu_assign_pointer()`. */
  readonly device: string;
  readonly place: Place;
}

/** What a barrier, or a pair of them, is worth. Every verdict carries what it rests on that the source does not say. */
export type Verdict =
  | {
      /** `needed`: with the order the bad outcome never happens; without it `witness` can. `broken`: it
       *  happens as `witness` although everything is there. Its locations go by the names of fields. */
      readonly kind: 'needed' | 'broken';
      readonly witness: Witness;
      readonly assumptions: readonly string[];
    }
  | {
      /** The bad outcome never happens without it either, because of `by`. With `oneMustStay`, each of
       *  them suffices alone and so does the order itself: one of them has to stay. */
      readonly kind: 'redundant';
      readonly by: readonly OrderGiver[];
      readonly oneMustStay: boolean;
      readonly assumptions: readonly string[];
    }
  /** It removes nothing that the other function could tell apart: no execution of the two, however weak,
   *  shows the bad outcome. */
  | { readonly kind: 'idle'; readonly assumptions: readonly string[] }
  | {
      /** A bound was hit, something that could matter is not modelled, or it is not known which fields are
       *  meant. */
      readonly kind: 'unknown';
      readonly reason: string;
      readonly place?: Place;
      readonly assumptions: readonly string[];
    };

export type VerdictKind = Verdict['kind'];
