/** The answer for a pairing at the places where its code stands now. */

import type { OpenPairingCheck } from '../proof/open-check.ts';
import type { ProtocolCheck } from '../proof/protocol-check.ts';
import type { Verdict } from '../proof/verdict.ts';
import type { Place } from '../text/span.ts';

/** Says where a place stands now. */
export type Moved = <Placed extends Place>(place: Placed) => Placed;

/** The answer with its places moved; verdicts that are one stay one. */
export function movedCheck({ verdict, orders }: OpenPairingCheck, moved: Moved): OpenPairingCheck {
  const known = new Map<Verdict, Verdict>();
  const move = (one: Verdict): Verdict => {
    const now = known.get(one) ?? movedVerdict(one, moved);
    known.set(one, now);
    return now;
  };
  return {
    verdict: move(verdict),
    orders: orders.map(
      (order): ProtocolCheck => ({
        ...order,
        verdict: move(order.verdict),
        sides: [move(order.sides[0]), move(order.sides[1])],
      }),
    ),
  };
}

function movedVerdict(verdict: Verdict, moved: Moved): Verdict {
  switch (verdict.kind) {
    case 'needed':
    case 'broken': {
      const events = verdict.witness.events.map((event) =>
        event.origin === undefined ? event : { ...event, origin: moved(event.origin) },
      );
      return { ...verdict, witness: { ...verdict.witness, events } };
    }
    case 'redundant':
      return {
        ...verdict,
        by: verdict.by.map((giver) => ({ ...giver, place: moved(giver.place) })),
      };
    case 'idle':
      return verdict;
    case 'unknown':
      return verdict.place === undefined ? verdict : { ...verdict, place: moved(verdict.place) };
  }
}
