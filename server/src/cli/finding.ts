/** A finding as the commands show it. */

import type { Diagnostic } from '../language-service/diagnostic.ts';

/** A finding with its file and position, counted from 1. */
export interface PlacedFinding extends Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
