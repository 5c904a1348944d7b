/** Litmus tests and scenarios that the client has open: findings while they are typed, outline, folds, hover, completion, and the
 *  observation of a test above its first line. */

import {
  type CodeLens,
  type CompletionItem,
  CompletionItemKind,
  type Connection,
  DiagnosticSeverity,
  DocumentFormattingRequest,
  type DocumentSymbol,
  DocumentSymbolRequest,
  type FoldingRange,
  FoldingRangeRequest,
  type Hover,
  LSPErrorCodes,
  MarkupKind,
  type Position,
  type Range,
  RenameRequest,
  ResponseError,
  SymbolKind,
  type TextEdit,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Execution } from '../language-service/execution.ts';
import { layoutOf } from '../language-service/format-written.ts';
import { primitiveHover } from '../language-service/hover.ts';
import { markdown } from '../language-service/markup.ts';
import type { NamesAround } from '../language-service/names-around.ts';
import { writtenExecution } from '../language-service/written-execution.ts';
import {
  heldAt,
  isWrittenTest,
  observationOf,
  placeAt,
  readWrittenTest,
  type WrittenPart,
  type WrittenTest,
  whyNoName,
  writtenCompletions,
} from '../language-service/written-test.ts';
import { PRIMITIVES } from '../litmus/primitives.ts';
import type { Span } from '../text/span.ts';
import type { Announcements } from './announcements.ts';
import { lineAddress } from './convert.ts';
import type { SiteParams } from './protocol.ts';
import { pathOf } from './uri.ts';

/** Answers about the documents of the two languages; undefined about every other one. */
export interface WrittenTests {
  readonly edited: (document: TextDocument) => void;
  readonly closed: (document: TextDocument) => void;
  readonly hover: (uri: string, position: Position) => Hover | null | undefined;
  readonly completions: (uri: string, position: Position) => CompletionItem[] | undefined;
  readonly lenses: (uri: string) => CodeLens[] | undefined;
  /** What a litmus test comes to; null where it is not known, or of a scenario. */
  readonly execution: (uri: string) => Execution | null | undefined;
  /** Offers outlines, folds, new names and a layout of these documents, and of no others: an editor folds C by itself. */
  readonly register: (connection: Connection) => Promise<void>;
}

interface Read {
  readonly document: TextDocument;
  readonly version: number;
  readonly test: WrittenTest;
  observation?: string;
}

const SELECTOR = [{ pattern: '**/*.litmus' }, { pattern: '**/*.scenario' }];
const MARKUP = markdown(lineAddress);

/** No document is open yet; `known` is what the files around have. */
export function createWrittenTests(
  announce: Pick<Announcements, 'diagnostics'>,
  known: () => NamesAround,
): WrittenTests {
  const open = new Map<string, Read>();

  return {
    edited(document) {
      const path = pathOf(document.uri);
      if (path === undefined || !isWrittenTest(path)) return;
      const test = readWrittenTest(path, document.getText());
      open.set(document.uri, { document, version: document.version, test });
      announce.diagnostics({
        uri: document.uri,
        version: document.version,
        diagnostics: test.problems.map(({ message, span }) => ({
          range: rangeIn(document, span),
          severity: DiagnosticSeverity.Error,
          source: 'barrierlens',
          message,
        })),
      });
    },
    closed(document) {
      if (!open.delete(document.uri)) return;
      announce.diagnostics({ uri: document.uri, diagnostics: [] });
    },
    hover(uri, position) {
      const read = open.get(uri);
      if (read === undefined) return undefined;
      const { document, test } = read;
      const [text, offset] = [document.getText(), document.offsetAt(position)];
      const found = primitiveHover(text, offset, MARKUP);
      const held = found === undefined ? heldAt(text, test, offset) : undefined;
      const value = found?.text ?? (held && MARKUP.text(held.sentence));
      const span = found?.span ?? held?.span;
      if (value === undefined || span === undefined) return null;
      return { contents: { kind: MarkupKind.Markdown, value }, range: rangeIn(document, span) };
    },
    completions(uri, position) {
      const document = open.get(uri)?.document;
      if (document === undefined) return undefined;
      const offset = document.offsetAt(position);
      const { span, names } = writtenCompletions(uri, document.getText(), offset, known);
      return names.map((label) => ({
        label,
        kind: PRIMITIVES.has(label) ? CompletionItemKind.Function : CompletionItemKind.Text,
        textEdit: { range: rangeIn(document, span), newText: label },
      }));
    },
    lenses(uri) {
      const read = open.get(uri);
      if (read === undefined) return undefined;
      const { program } = read.test;
      if (program === undefined) return [];
      read.observation ??= observationOf(program);
      const start = { line: 0, character: 0 };
      const range = { start, end: start };
      const site: SiteParams = { uri, position: start };
      const command = 'barrierlens.showExecution';
      return [{ range, command: { title: read.observation, command, arguments: [site] } }];
    },
    execution(uri) {
      const read = open.get(uri);
      if (read === undefined) return undefined;
      const { program } = read.test;
      const path = pathOf(uri);
      return path === undefined || program === undefined
        ? null
        : (writtenExecution(path, read.document.getText(), program) ?? null);
    },
    async register(connection) {
      connection.onDocumentSymbol(({ textDocument: { uri } }) => symbolsOf(open.get(uri)));
      connection.onFoldingRanges(({ textDocument: { uri } }) => foldsOf(open.get(uri)));
      connection.onPrepareRename(({ textDocument: { uri }, position }) => {
        const found = renaming(open.get(uri), position);
        return found === undefined ? null : { range: found.here, placeholder: found.place.name };
      });
      connection.onRenameRequest(({ textDocument: { uri }, position, newName }) => {
        const found = renaming(open.get(uri), position);
        if (found === undefined) return null;
        const refused = whyNoName(newName, found.place);
        if (refused !== undefined) throw new ResponseError(LSPErrorCodes.RequestFailed, refused);
        return { changes: { [uri]: found.ranges.map((range) => ({ range, newText: newName })) } };
      });
      const options = { documentSelector: SELECTOR };
      connection.onDocumentFormatting(({ textDocument: { uri } }) => layoutIn(open.get(uri)));
      await connection.client.register(RenameRequest.type, { ...options, prepareProvider: true });
      await connection.client.register(DocumentFormattingRequest.type, options);
      await connection.client.register(DocumentSymbolRequest.type, options);
      await connection.client.register(FoldingRangeRequest.type, options);
    },
  };
}

function rangeIn(document: TextDocument, { start, end }: Span): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** What is named at a position, there and everywhere in the test. */
function renaming(read: Read | undefined, position: Position) {
  if (read === undefined) return undefined;
  const { document, test } = read;
  const offset = document.offsetAt(position);
  const place = placeAt(document.getText(), test, offset);
  const here = place?.spans.find(({ start, end }) => start <= offset && offset <= end);
  if (place === undefined || here === undefined) return undefined;
  const ranges = place.spans.map((span) => rangeIn(document, span));
  return { place, ranges, here: rangeIn(document, here) };
}

function layoutIn(read: Read | undefined): TextEdit[] {
  if (read === undefined) return [];
  return layoutOf(read.document.getText()).map(({ span, text }) => ({
    range: rangeIn(read.document, span),
    newText: text,
  }));
}

const KINDS: Readonly<Record<WrittenPart['kind'], SymbolKind>> = {
  thread: SymbolKind.Function,
  condition: SymbolKind.Boolean,
  state: SymbolKind.Struct,
};

function symbolsOf(read: Read | undefined): DocumentSymbol[] {
  if (read === undefined) return [];
  return read.test.parts.map(({ name, detail, kind, span }) => {
    const range = rangeIn(read.document, span);
    return { name, detail, kind: KINDS[kind], range, selectionRange: range };
  });
}

function foldsOf(read: Read | undefined): FoldingRange[] {
  if (read === undefined) return [];
  return read.test.parts.flatMap(({ span }) => {
    const { start, end } = rangeIn(read.document, span);
    return end.line > start.line ? [{ startLine: start.line, endLine: end.line }] : [];
  });
}
