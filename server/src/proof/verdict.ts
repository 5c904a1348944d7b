/** What the simulation says about one order: needed, redundant, broken or unknown, with its evidence. */

import type { Witness } from '../memory-model/outcome.ts';
import type { Place } from '../text/span.ts';

/** Something else that gives the order. */
export interface OrderGiver {
  /** In the field's words: `the release of rcu_assign_pointer()`. */
  readonly device: string;
  readonly place: Place;
}

/** See DESIGN.md, "The idea". Every verdict carries what it rests on that the source does not say. */
export type Verdict =
  | {
      /** With the order the bad outcome never happens; without it `witness` can. */
      readonly kind: 'needed';
      readonly witness?: Witness;
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
  | {
      /** The bad outcome happens although everything is there. */
      readonly kind: 'broken';
      readonly witness?: Witness;
      readonly assumptions: readonly string[];
    }
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      readonly place?: Place;
      readonly assumptions: readonly string[];
    };

export type VerdictKind = Verdict['kind'];
