/** The shape of a fix: an action that is only offered where the simulation of the files with it says that it mends. */

import type { Pairing } from '../../pairing/pairing.ts';
import type { Span } from '../../text/span.ts';
import type { Diagnostic, DiagnosticCode } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { NeedRow } from '../verdict.ts';
import type { TextEdit } from './action.ts';

/** A function by its file and name. */
export interface FunctionRef {
  readonly file: string;
  readonly function: string;
}

/** A finding with the file that it stands in. */
export interface PlacedFinding extends Pick<Diagnostic, 'code' | 'message'> {
  readonly file: string;
}

export interface Fix {
  readonly title: string;
  /** The finding that it answers, where it answers one. */
  readonly fixes?: DiagnosticCode;
  /** The edits that may do it, the likeliest first: the first that mends is offered. */
  readonly ways: readonly (readonly TextEdit[])[];
  /** What must not be found any more. */
  readonly mends: readonly PlacedFinding[];
  /** Between which two functions the outcome has to be forbidden then. */
  readonly between: readonly (readonly [FunctionRef, FunctionRef])[];
  /** Functions by what they do, between all of which it is forbidden then, whether a barrier stands for it or not. */
  readonly met?: readonly Pairing[];
  /** Control flow alone tells the finding: that it is gone says all, and no outcome is said to be forbidden. */
  readonly isOfFlow?: true;
  /** The scenarios have to have answered for the text with it. */
  readonly isAnswered?: true;
  /** The barrier that stands there again: a scenario may know that it is needed. */
  readonly restores?: NeedRow['barrier'];
  /** It takes away what is not needed: nothing may come of that. */
  readonly drops?: true;
  /** No finding asks for it: it is only simulated for who opens the lamp, not for every barrier that the cursor passes. */
  readonly isOnRequest?: true;
  /** It changes more than is needed where another fix for the same does it. */
  readonly isLast?: true;
}

/** The fixes that are worth a simulation in a range of a file; pure. */
export type FixOffer = (moment: FileMoment, range: Span) => readonly Fix[];
