/** From editor terms to the language server protocol and back: the only place where the two meet. */

import {
  type CodeAction,
  CodeActionKind,
  type CodeLens,
  type CompletionItem,
  CompletionItemKind,
  DiagnosticSeverity,
  type InlayHint,
  type Location,
  type Diagnostic as ProtocolDiagnostic,
  type Range,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { Action } from '../language-service/actions/action.ts';
import type { Completion } from '../language-service/completion.ts';
import type { Diagnostic, Severity } from '../language-service/diagnostic.ts';
import type { Lens } from '../language-service/lenses.ts';
import type { Snapshot } from '../language-service/snapshot.ts';
import { LineIndex } from '../text/line-index.ts';
import { bounded } from '../text/printable.ts';
import type { Place, Span } from '../text/span.ts';
import type { PartnerArguments } from './protocol.ts';
import { uriOf } from './uri.ts';

/** The address of a line, as editors open it from a hover. */
export function lineAddress(file: string, line: number): string {
  return `${uriOf(file)}#L${line}`;
}

const NOWHERE = new LineIndex('');

/** A span as a range of its file; of a file that is not known, the beginning of `line` (counted from 1). */
export function rangeOf(snapshot: Snapshot, { file, span }: Place, line = 1): Range {
  const known = snapshot.lines(file);
  if (known === undefined && line > 1) {
    const start = { line: line - 1, character: 0 };
    return { start, end: start };
  }
  const lines = known ?? NOWHERE;
  const at = (offset: number) => {
    const { line, column } = lines.position(offset);
    return { line, character: column };
  };
  return { start: at(span.start), end: at(span.end) };
}

export function spanOf(lines: LineIndex, { start, end }: Range): Span {
  return {
    start: lines.offset({ line: start.line, column: start.character }),
    end: lines.offset({ line: end.line, column: end.character }),
  };
}

export function locationOf(snapshot: Snapshot, place: Place): Location {
  return { uri: uriOf(place.file), range: rangeOf(snapshot, place) };
}

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function diagnosticOf(
  snapshot: Snapshot,
  file: string,
  { span, severity, code, message, related }: Diagnostic,
): ProtocolDiagnostic {
  return {
    range: rangeOf(snapshot, { file, span }),
    severity: SEVERITIES[severity],
    code,
    source: 'barrierlens',
    message: bounded(message),
    relatedInformation: related.map((place) => ({
      location: { uri: uriOf(place.file), range: rangeOf(snapshot, place, place.line) },
      message: bounded(place.message),
    })),
  };
}

export function lensOf(snapshot: Snapshot, file: string, lens: Lens): CodeLens {
  const range = rangeOf(snapshot, { file, span: lens.span });
  const partners: PartnerArguments = [
    { uri: uriOf(file), position: range.start },
    lens.targets.map((place) => locationOf(snapshot, place)),
  ];
  const command = {
    title: lens.title,
    command: 'barrierlens.showPartners',
    arguments: [...partners],
  };
  return { range, command };
}

/** What a lens says, at the end of the line of its barrier; the partner is one click away. */
export function inlayHintOf(snapshot: Snapshot, file: string, lens: Lens): InlayHint {
  const text = snapshot.moment.textOf(file) ?? '';
  const stop = text.indexOf('\n', lens.span.end);
  const { line, column } = snapshot.lines(file)!.position(stop === -1 ? text.length : stop);
  const [target] = lens.targets;
  const label = {
    value: lens.title,
    ...(target && { location: locationOf(snapshot, target) }),
  };
  return { position: { line, character: column }, label: [label], paddingLeft: true };
}

/** A candidate, the `order`-th: clients sort by text. */
export function completionOf(
  snapshot: Snapshot,
  file: string,
  { text, span, detail }: Completion,
  order: number,
): CompletionItem {
  return {
    label: text,
    detail,
    kind: CompletionItemKind.Reference,
    sortText: String(order).padStart(3, '0'),
    filterText: text,
    textEdit: { range: rangeOf(snapshot, { file, span }), newText: text },
  };
}

/** The action with the diagnostics of `given` that it answers; where the user goes on writing is a tab stop, if the client
 *  `takesSnippets`. */
export function actionOf(
  snapshot: Snapshot,
  { title, fixes, edits }: Action,
  given: readonly ProtocolDiagnostic[],
  takesSnippets: boolean,
): CodeAction {
  const edit =
    takesSnippets && edits.some(({ cursor }) => cursor !== undefined)
      ? { documentChanges: snippetsOf(snapshot, edits) }
      : { changes: changesOf(snapshot, edits) };
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: given.filter(({ code }) => code === fixes),
    edit,
  };
}

function changesOf(
  snapshot: Snapshot,
  edits: Action['edits'],
): NonNullable<WorkspaceEdit['changes']> {
  const changes: NonNullable<WorkspaceEdit['changes']> = {};
  for (const { file, span, text } of edits) {
    const edit = { range: rangeOf(snapshot, { file, span }), newText: text };
    const uri = uriOf(file);
    changes[uri] = [...(changes[uri] ?? []), edit];
  }
  return changes;
}

function snippetsOf(
  snapshot: Snapshot,
  edits: Action['edits'],
): NonNullable<WorkspaceEdit['documentChanges']> {
  return edits.map(({ file, span, text, cursor = text.length }) => {
    const [before, behind] = [text.slice(0, cursor), text.slice(cursor)].map((part) =>
      part.replace(/[\\$}]/g, '\\$&'),
    );
    const value = `${before}$0${behind}`;
    const range = rangeOf(snapshot, { file, span });
    return {
      textDocument: { uri: uriOf(file), version: null },
      edits: [{ range, snippet: { kind: 'snippet', value } }],
    };
  });
}
