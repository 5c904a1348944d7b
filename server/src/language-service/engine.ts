/** The analyses below the language service, as the host calls them: facts, pairing, verdicts. */

import type { FileFacts } from '../facts/file-facts.ts';
import type { TypeIndex } from '../facts/type-index.ts';
import type { Pairing, PlacedSite } from '../pairing/pairing.ts';
import type { PairingIndex } from '../pairing/pairing-index.ts';
import type { OpenPairingCheck } from '../proof/open-check.ts';
import type { Header } from './headers.ts';
import type { PlacedFunction } from './tree.ts';

/** The texts that the host knows. */
export interface FileTexts {
  readonly textOf: (file: string) => string | undefined;
  /** The known headers that the present text of a file includes. */
  readonly headersOf: (file: string) => readonly HeaderText[];
}

export type HeaderText = Pick<Header, 'path' | 'text'>;

/** A pairing that is to be proved, with its two sites in the same order. */
export interface ProofQuestion {
  readonly pairing: Pairing;
  readonly sites: readonly [PlacedSite, PlacedSite];
}

/** Where a proof looks things up: the texts, and what they say. */
export interface ProofSources extends FileTexts {
  readonly facts: (file: string) => FileFacts | undefined;
  /** Definitions of that name, in any file. */
  readonly functions: (name: string) => readonly PlacedFunction[];
}

/** An answer, and what it was made of; plain data. */
export interface Proved {
  readonly check: OpenPairingCheck;
  /** The files and headers that it was looked up in. */
  readonly files: readonly string[];
  /** Every word in what the functions can lead to, also those that name nothing yet. */
  readonly words: ReadonlySet<string>;
  /** Functions that matter as they are called: what their callers hold then. */
  readonly called: ReadonlySet<string>;
}

/** What the host asks of the analyses. Every function is total. */
export interface Engine {
  /** `headers` are those that the text includes. */
  readonly facts: (file: string, text: string, headers: readonly Header[]) => FileFacts;
  /** What a header declares. */
  readonly types: (text: string) => TypeIndex;
  readonly createIndex: () => PairingIndex;
  /** Simulates a pairing; heavy (up to seconds). */
  readonly verdict: (question: ProofQuestion, sources: ProofSources) => Proved;
}
