/** What a diagnostic is, in editor terms, and what a kind of diagnostic says about itself. */

import type { Place, Span } from '../text/span.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export type DiagnosticCode =
  | 'unpaired-barrier'
  | 'misplaced-access'
  | 'missing-partner-barrier'
  | 'lost-order'
  | 'unresolved-claim'
  | 'credited-order'
  | 'lost-wake-up'
  | 'unordered-recheck'
  | 'racy-reread'
  | 'unordered-publication'
  | 'unordered-unlock'
  | 'barrier-without-atomic'
  | 'missing-full-barrier'
  | 'broken-pairing'
  | 'violated-invariant'
  | 'uncommented-barrier';

/** A place that a diagnostic points to, with what is to be seen there. */
export interface Related extends Place {
  /** Counted from 1, for texts; editors use the span. */
  readonly line: number;
  readonly message: string;
}

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** One sentence without a full stop, in the field's words. */
  readonly message: string;
  /** The same in the few words that a lens has room for, behind a cross. */
  readonly brief?: string;
  readonly span: Span;
  /** The id of the site whose partner is not what it should be. */
  readonly about?: string;
  /** In the order in which they are to be followed: for a cycle, in cycle order. */
  readonly related: readonly Related[];
  /** It comes from what is open, wherever it stands: shown at any severity, also where the file is not open. */
  readonly isOfOpenFiles: boolean;
}

/** What a kind of diagnostic is: the sentences of the hover and of the README. */
export interface DiagnosticKind {
  readonly code: DiagnosticCode;
  /** What it means. */
  readonly meaning: string;
  /** When it fires, and when it holds back. */
  readonly fires: string;
  /** What to do about it. */
  readonly fix: string;
  readonly isOfOpenFiles?: true;
}

/** A finding before the user's settings give it its severity. */
export interface Finding extends Omit<Diagnostic, 'severity' | 'code' | 'isOfOpenFiles' | 'about'> {
  /** The id of the site whose partner is not what it should be: told once, by the first diagnostic of the
   *  table that sees it. */
  readonly partnerOf?: string;
  /** The most serious it may be, whatever the settings say. */
  readonly atMost?: Severity;
}

/** The severities, the most serious first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** Whether a severity is the other one or more serious. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}
