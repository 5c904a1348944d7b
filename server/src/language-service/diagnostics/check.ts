/** The shape of one diagnostic: its description and the check that finds it. */

import type { Pairing } from '../../pairing/pairing.ts';
import type { DiagnosticKind, Finding, Severity } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { Tree } from '../tree.ts';

/** Looks at one file of a moment; pure. */
export type Check = (moment: FileMoment) => readonly Finding[];

export interface CheckedKind extends DiagnosticKind {
  readonly check: Check;
  /** The pairings whose simulation it looks at for findings that may be of the severity or of a more serious one;
   *  without it, none. */
  readonly asks?: (tree: Tree, severity: Severity) => readonly Pairing[];
}
