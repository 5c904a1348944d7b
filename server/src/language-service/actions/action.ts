/** The shape of a code action: a title, the diagnostic that it answers, and edits of one or more files. */

import type { Span } from '../../text/span.ts';
import type { DiagnosticCode } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';

export interface TextEdit {
  readonly file: string;
  /** What is replaced; empty to insert. */
  readonly span: Span;
  readonly text: string;
  /** Where in the text the user goes on writing; at no certain place, where it says nothing. */
  readonly cursor?: number;
}

export interface Action {
  readonly title: string;
  readonly fixes?: DiagnosticCode;
  readonly edits: readonly TextEdit[];
}

/** The text of one file after edits of it, which do not overlap. */
export function edited(text: string, edits: readonly Omit<TextEdit, 'file'>[]): string {
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce(
      (now, { span, text: added }) => now.slice(0, span.start) + added + now.slice(span.end),
      text,
    );
}

/** What an action offers for a range of a file; pure. */
export type Offer = (moment: FileMoment, range: Span) => readonly Action[];
