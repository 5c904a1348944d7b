/**
 * Lowered programs kept for when the same is asked again, as after an edit elsewhere.
 *
 * What a lowering gives follows from its request without the sources, and from what it asked of the
 * sources: names, and what they stand for. So it is found again wherever all its questions have the same
 * answers, spans apart, and is brought to where the code stands now.
 */

import { type Answered, type AskedAbout, type AskedAgain, aboutOf, askAgain } from './asked.ts';
import type { KnownRuns } from './known-runs.ts';
import type { Lowered, LoweringRequest } from './lowering.ts';
import { together, withMovedSpans } from './moved-spans.ts';
import type { Symbols } from './symbols.ts';

/** A lowered program with everything that was asked for it, and what about. */
export interface KnownLowering {
  readonly about: AskedAbout;
  readonly asked: readonly Answered[];
  readonly lowered: Lowered;
}

/** What came of one request, its sources aside. */
interface KnownRequest {
  /** The last programs, the newest first. */
  readonly lowerings: readonly KnownLowering[];
  /** The runs of threads that they were made of. */
  readonly runs: KnownRuns;
}

/** By request. */
export type KnownLowerings = Map<string, KnownRequest>;

/** So many programs of one request are kept: enough for edits that are tried and undone. */
const MOST_OF_ONE = 4;
/** Requests beyond this many are forgotten, the longest unused first. */
const MOST_REQUESTS = 400;

/** The program that `known` has for a request whose names stand for what they stood for then; else the
 *  one that `anew` makes, with the last runs and the last program at hand; it may ask nothing of the sources but what it says. */
export function loweredBefore(
  known: KnownLowerings,
  request: LoweringRequest,
  symbols: Symbols,
  anew: (runs: KnownRuns, last: KnownLowering | undefined) => KnownLowering,
): KnownLowering {
  const key = keyOf(request);
  const { lowerings, runs } = known.get(key) ?? {
    lowerings: [],
    runs: { ofThread: new Map(), areKept: true },
  };
  const { found, now } = recalled(lowerings, request, symbols) ?? {
    found: undefined,
    now: anew(runs, lowerings[0]),
  };
  const others = lowerings.filter((each) => each !== found);
  known.delete(key);
  known.set(key, { lowerings: [now, ...others].slice(0, MOST_OF_ONE), runs });
  for (const oldest of known.keys()) if (known.size > MOST_REQUESTS) known.delete(oldest);
  return now;
}

/** Everything a program follows from but what the sources answer. */
function keyOf({ sources, stubs, state, parse, configuration, ...rest }: LoweringRequest): string {
  const files = sources.map(({ file }) => file);
  const own = [state, ...stubs].map(({ file, text }) => [file, text]);
  return JSON.stringify([files, own, rest]);
}

interface Recalled {
  readonly found: KnownLowering;
  /** It, where the code stands now. */
  readonly now: KnownLowering;
}

function recalled(
  before: readonly KnownLowering[],
  request: AskedAbout,
  symbols: Symbols,
): Recalled | undefined {
  for (const found of before) {
    const again = askAgain(found.asked, found.about, request, symbols);
    if (again !== undefined) return { found, now: moved(found, again, request) };
  }
  return undefined;
}

/** The program where the code stands now. What did not move stays in it, with the answers of before: its
 *  spans are those of their trees. */
function moved(
  { lowered }: KnownLowering,
  again: readonly AskedAgain[],
  about: AskedAbout,
): KnownLowering {
  const isMoved = ({ paired }: AskedAgain) => paired.isMoved;
  return {
    about: aboutOf(about),
    asked: again.map((each) =>
      isMoved(each) || each.now === each.before
        ? each.now
        : ({ ...each.now, answer: each.before.answer } as Answered),
    ),
    lowered: withMovedSpans(lowered, together(again.filter(isMoved).map(({ paired }) => paired))),
  };
}
