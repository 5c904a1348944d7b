/** One moment of the host: what every question of a snapshot may look at. */

import type { FileFacts } from '../facts/file-facts.ts';
import type { Pairing } from '../pairing/pairing.ts';
import type { LineIndex } from '../text/line-index.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { LostPartner } from './lost-partners.ts';
import type { NeedTable, Violation } from './need-table.ts';
import type { TakenBarrier } from './taken-barriers.ts';
import type { Tree } from './tree.ts';
import type { NeedRow, ShownVerdict } from './verdict.ts';

/** How much of the code has been read: before that, "not there" is not known. */
export interface Coverage {
  /** `reading`: not everything yet; `folder`: the user's folder, in no kernel tree; `tree`: of a kernel
   *  tree all that matters. */
  readonly extent: 'reading' | 'folder' | 'tree';
  /** Names of functions that comments claim and that are defined in files that were not analysed. */
  readonly elsewhere: ReadonlySet<string>;
  /** Where only some folders of a tree were read: the names of functions that were looked for in all of it. Of others it is not
   *  known that they are not there. */
  readonly sought?: ReadonlySet<string>;
}

/** One moment of the host, as the questions see it. */
export interface Moment {
  readonly tree: Tree;
  /** Partners that unsaved edits took away. */
  readonly lost: readonly LostPartner[];
  /** Barriers that a patch takes away; none but where a patch is looked at. */
  readonly taken: readonly TakenBarrier[];
  readonly verdictOf: (pairing: Pairing) => ShownVerdict | undefined;
  readonly needs: readonly NeedRow[];
  /** Invariants of scenarios that the present texts can violate. */
  readonly violations: readonly Violation[];
  /** What the scenarios said of earlier texts, the last first. */
  readonly earlier: readonly NeedTable[];
  /** All findings of a file, as they are shown. */
  readonly findings: (file: string) => readonly Diagnostic[];
  /** What is known not to be there. */
  readonly coverage: Coverage;
  readonly textOf: (file: string) => string | undefined;
  readonly linesOf: (file: string) => LineIndex | undefined;
}

/** A file of a moment: what a diagnostic, a hover or a lens is asked for. */
export interface FileMoment extends Moment {
  readonly file: string;
  readonly facts: FileFacts;
}
