/** One moment of the host: what every question of a snapshot may look at. */

import type { FileFacts } from '../facts/file-facts.ts';
import type { Pairing } from '../pairing/pairing.ts';
import type { LineIndex } from '../text/line-index.ts';
import type { LostPartner } from './lost-partners.ts';
import type { Tree } from './tree.ts';
import type { NeedRow, ShownVerdict } from './verdict.ts';

/** One moment of the host, as the questions see it. */
export interface Moment {
  readonly tree: Tree;
  /** Partners that unsaved edits took away. */
  readonly lost: readonly LostPartner[];
  readonly verdictOf: (pairing: Pairing) => ShownVerdict | undefined;
  readonly needs: readonly NeedRow[];
  /** Whether all files that a partner can be in have been read: before, "not there" is not known. */
  readonly complete: boolean;
  readonly textOf: (file: string) => string | undefined;
  readonly linesOf: (file: string) => LineIndex | undefined;
}

/** A file of a moment: what a diagnostic, a hover or a lens is asked for. */
export interface FileMoment extends Moment {
  readonly file: string;
  readonly facts: FileFacts;
}
