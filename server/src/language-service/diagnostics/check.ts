/** The shape of one diagnostic: its description and the check that finds it. */

import type { DiagnosticKind, Finding } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';

/** Looks at one file of a moment; pure. */
export type Check = (moment: FileMoment) => readonly Finding[];

export interface CheckedKind extends DiagnosticKind {
  readonly check: Check;
}
