/** Litmus tests and scenarios that the client has open: findings while they are typed, outline, folds, hover, completion, and the
 *  observation of a test above its first line. */

import {
  type CodeLens,
  type CompletionItem,
  CompletionItemKind,
  type Connection,
  DiagnosticSeverity,
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
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { primitiveHover } from '../language-service/hover.ts';
import { markdown } from '../language-service/markup.ts';
import {
  isWrittenTest,
  observationOf,
  placeAt,
  readWrittenTest,
  type WrittenPart,
  type WrittenTest,
  whyNoName,
  writtenCompletions,
} from '../language-service/written-test.ts';
import type { Span } from '../text/span.ts';
import type { Announcements } from './announcements.ts';
import { lineAddress } from './convert.ts';
import { pathOf } from './uri.ts';

/** Answers about the documents of the two languages; undefined about every other one. */
export interface WrittenTests {
  readonly edited: (document: TextDocument) => void;
  readonly closed: (document: TextDocument) => void;
  readonly hover: (uri: string, position: Position) => Hover | null | undefined;
  readonly completions: (uri: string, position: Position) => CompletionItem[] | undefined;
  readonly lenses: (uri: string) => CodeLens[] | undefined;
  /** Offers outlines and folds of these documents, and of no others (an editor folds C by itself), and new names in litmus tests. */
  readonly register: (connection: Connection) => Promise<void>;
}

interface Read {
  readonly document: TextDocument;
  readonly version: number;
  readonly test: WrittenTest;
  observation?: string;
}

const LITMUS = { pattern: '**/*.litmus' };
const SELECTOR = [LITMUS, { pattern: '**/*.scenario' }];
const MARKUP = markdown(lineAddress);

/** No document is open yet. */
export function createWrittenTests(announce: Pick<Announcements, 'diagnostics'>): WrittenTests {
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
      const document = open.get(uri)?.document;
      if (document === undefined) return undefined;
      const found = primitiveHover(document.getText(), document.offsetAt(position), MARKUP);
      if (found === undefined) return null;
      const contents = { kind: MarkupKind.Markdown, value: found.text };
      return { contents, range: rangeIn(document, found.span) };
    },
    completions(uri, position) {
      const document = open.get(uri)?.document;
      if (document === undefined) return undefined;
      const { span, names } = writtenCompletions(document.getText(), document.offsetAt(position));
      return names.map((label) => ({
        label,
        kind: CompletionItemKind.Function,
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
      return [{ range, command: { title: read.observation, command: '' } }];
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
      await connection.client.register(RenameRequest.type, {
        documentSelector: [LITMUS],
        prepareProvider: true,
      });
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
