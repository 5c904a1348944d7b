/** The phrasings by which kernel comments name the partner of a barrier: one row per phrasing. */

import type { ClaimStyle } from './claim.ts';
import { type Pattern, pattern } from './phrase-pattern.ts';

/** What introduces a claim. The names of the partner stand after the phrase, or before it where it points back
 *  ("the one in f() pairs with this"). */
export interface Phrase {
  readonly style: ClaimStyle;
  readonly pattern: Pattern;
  /** A common word: the sentence has to speak of barriers, or the claim to name an operation. */
  readonly isCommon?: true;
  /** The phrase is none behind these words, unless it begins a sentence ("See ..."). */
  readonly notAfter?: ReadonlySet<string>;
}

const COMMON = { isCommon: true } as const;

/** "we will see", "to see": somebody looks, and nobody is sent to look. */
const LOOKERS = {
  notAfter: new Set(
    (
      'will must may can could would should might to we they not you both also i it he cpu cpus ' +
      "it'll we'll can't won't don't doesn't never always cannot would've us who which"
    ).split(' '),
  ),
};

const SYNCHRONIZED =
  'synchronize|synchronise|synchronizes|synchronises|synchronized|synchronised|synchronizing|synchronising|' +
  'syncs|synced|syncing';
const ORDERED =
  'order|orders|ordered|ordering|serialize|serializes|serialized|serialise|serialises|serialised';

/** In the order in which they are tried; of two that overlap in a comment the earlier row wins. */
export const PHRASES: readonly Phrase[] = [
  row('pairs', 'pair|pairs|paired|pairing up? ~ly? with|w|to|in|by|against'),
  row('pairs', 'pair of the|a? barrier|barriers with|to|in'),
  row('pairs', 'pair|pairs|pairing|pairings :'),
  row('pairs', 'pair|pairing|partner|mate *6 is|are|lives|sits|stands|resides', COMMON),
  row('matches', 'match|matches|matchees|matched|matching with|by|to?', COMMON),
  row('matches', 'counterpart|counterparts *2 of|to|is|in|for'),
  row('matches', 'counter part|parts *2 of|to|is|in|for'),
  row('coupled', 'coupled|couples with|to'),
  row('pairs', 'goes|go|belongs together? with|to', COMMON),
  row(
    'corresponds',
    'corresponding|complementary|complimentary|respective|paired|opposite|companion|partner => *3 <barrier>',
  ),
  row(
    'corresponds',
    'corresponds|correspond|complements|complement|complementary|corresponding to|with|the',
  ),
  row('corresponds', 'other|opposite side|half|end *4 is|are|in', COMMON),
  row('corresponds', 'balances|balanced|echoes to|with|by|the?', COMMON),
  row('synchronizes', `${SYNCHRONIZED} with|against`),
  row(
    'synchronizes',
    'interacts|interact|combination|combined|conjunction|cooperates with',
    COMMON,
  ),
  row('ordered-against', `${ORDERED} *4 against|wrt|with|vs|versus`),
  row('ordered-against', `${ORDERED} *4 by => *4 <barrier>`),
  row('ordered-against', 'against|vs|versus', COMMON),
  row(
    'see',
    'see also? the? *3 comment|comments|explanation|description ~ing? in|for|of|at|on|above|before|to|over',
    LOOKERS,
  ),
  row('see', 'see also? the?', LOOKERS),
  row('see', 'mirror|mirrors of? the?'),
];

function row(
  style: ClaimStyle,
  text: string,
  more: Omit<Phrase, 'style' | 'pattern'> = {},
): Phrase {
  return { style, pattern: pattern(text), ...more };
}

/** The rows by each word that they can begin with, in their order. */
export const PHRASES_BY_WORD: ReadonlyMap<string, readonly Phrase[]> = byFirstWord();

function byFirstWord(): ReadonlyMap<string, readonly Phrase[]> {
  const table = new Map<string, Phrase[]>();
  for (const phrase of PHRASES)
    for (const word of phrase.pattern.firsts) {
      const list = table.get(word);
      if (list === undefined) table.set(word, [phrase]);
      else list.push(phrase);
    }
  return table;
}
