/** The analyses below the language service, as the host calls them: facts, pairing, verdicts. */

import type { FileFacts } from '../facts/file-facts.ts';
import type { TypeIndex } from '../facts/type-index.ts';
import type { Pairing } from '../pairing/pairing.ts';
import type { PairingIndex } from '../pairing/pairing-index.ts';
import type { PairingCheck } from '../proof/pairing-check.ts';
import type { Tree } from './tree.ts';

/** The text of a file that the host knows. */
export type TextOf = (file: string) => string | undefined;

/** What the host asks of the analyses. Every function is total. */
export interface Engine {
  /** `types` are those that the file's headers declare. */
  readonly facts: (file: string, text: string, types: TypeIndex) => FileFacts;
  /** What a header declares. */
  readonly types: (text: string) => TypeIndex;
  readonly createIndex: () => PairingIndex;
  /** Simulates a pairing; heavy (milliseconds), so the host calls it in slices. */
  readonly verdict: (pairing: Pairing, tree: Tree, textOf: TextOf) => PairingCheck;
}
