/** The analyses below the language service, as the host calls them: facts, pairing, verdicts. */

import type { FileFacts } from '../facts/file-facts.ts';
import type { TypeIndex } from '../facts/type-index.ts';
import type { SourceText } from '../lowering/lowering.ts';
import type { Pairing } from '../pairing/pairing.ts';
import type { PairingIndex } from '../pairing/pairing-index.ts';
import type { OpenPairingCheck } from '../proof/open-check.ts';
import type { Header } from './headers.ts';
import type { Tree } from './tree.ts';

/** The texts that the host knows. */
export interface FileTexts {
  readonly textOf: (file: string) => string | undefined;
  /** The known headers that the present text of a file includes. */
  readonly headersOf: (file: string) => readonly Header[];
}

/** An answer, and the texts that it was looked up in. */
export interface SolvedPairing {
  readonly check: OpenPairingCheck;
  readonly sources: readonly SourceText[];
}

/** What the host asks of the analyses. Every function is total. */
export interface Engine {
  /** `types` are those that the file's headers declare. */
  readonly facts: (file: string, text: string, types: TypeIndex) => FileFacts;
  /** What a header declares. */
  readonly types: (text: string) => TypeIndex;
  readonly createIndex: () => PairingIndex;
  /** Simulates a pairing; heavy (milliseconds), so the host calls it in slices. */
  readonly verdict: (pairing: Pairing, tree: Tree, texts: FileTexts) => SolvedPairing;
}
