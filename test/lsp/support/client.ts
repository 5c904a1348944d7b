/** A client of the server in the same process: what an editor sends and sees, over two streams. */

import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import {
  createConnection,
  type Diagnostic,
  ProposedFeatures,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import {
  createMessageConnection,
  InitializeRequest,
  type MessageConnection,
} from 'vscode-languageserver-protocol/node';
import { nodeFileSystem } from '../../../server/src/disk/node-file-system.ts';
import { createEngine } from '../../../server/src/language-service/node-engine.ts';
import type { ClientOptions } from '../../../server/src/lsp/protocol.ts';
import { startSession } from '../../../server/src/lsp/session.ts';
import type { Span } from '../../../server/src/text/span.ts';

export interface Client {
  readonly connection: MessageConnection;
  readonly open: (path: string, text: string) => Promise<void>;
  /** Replaces the first `old` of the text as the client has it. */
  readonly edit: (path: string, old: string, text: string) => Promise<void>;
  readonly replace: (path: string, span: Span, text: string) => Promise<void>;
  readonly request: (method: string, params: object) => Promise<unknown>;
  readonly textOf: (path: string) => string;
  /** The diagnostics last sent for a file. */
  readonly diagnostics: (path: string) => readonly Diagnostic[] | undefined;
  /** Resolves when what was sent satisfies the condition. */
  readonly until: (condition: () => boolean) => Promise<void>;
  /** Every notification in order: method and parameters. */
  readonly log: readonly { readonly method: string; readonly params: unknown }[];
  readonly close: () => Promise<void>;
}

export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}

/** Starts a server and a client over `folder`; `configuration` is the section `barrierlens`. */
export async function startClient(
  folder: string,
  configuration: object = {},
  shows: ClientOptions = {},
): Promise<Client> {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const server = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(up),
    new StreamMessageWriter(down),
  );
  startSession(server, await createEngine(), nodeFileSystem);
  server.listen();
  const connection = createMessageConnection(
    new StreamMessageReader(down),
    new StreamMessageWriter(up),
  );
  const documents = new Map<string, { version: number; text: string }>();
  const published = new Map<string, PublishDiagnosticsParams>();
  const log: { method: string; params: unknown }[] = [];
  const waiting = new Set<() => void>();
  const happened = () => {
    for (const look of waiting) look();
  };
  connection.onNotification((method, params) => {
    log.push({ method, params });
    if (method === 'textDocument/publishDiagnostics') {
      const sent = params as PublishDiagnosticsParams;
      published.set(sent.uri, sent);
    }
    happened();
  });
  connection.onRequest('workspace/configuration', () => [configuration]);
  connection.onRequest('client/registerCapability', (params) => {
    log.push({ method: 'client/registerCapability', params });
    happened();
    return null;
  });
  connection.onRequest('window/workDoneProgress/create', () => null);
  connection.onRequest('workspace/codeLens/refresh', () => {
    log.push({ method: 'workspace/codeLens/refresh', params: null });
    happened();
    return null;
  });
  connection.listen();
  await connection.sendRequest(InitializeRequest.type, {
    processId: null,
    rootUri: uriOf(folder),
    workspaceFolders: [{ uri: uriOf(folder), name: 'folder' }],
    initializationOptions: shows,
    capabilities: {
      workspace: {
        configuration: true,
        workspaceFolders: true,
        workspaceEdit: { snippetEditSupport: true },
      },
      window: { workDoneProgress: true },
      textDocument: {
        documentSymbol: { dynamicRegistration: true },
        callHierarchy: { dynamicRegistration: true },
      },
    },
  });
  await connection.sendNotification('initialized', {});

  const replace: Client['replace'] = async (path, { start, end }, text) => {
    const document = documents.get(path)!;
    const range = { start: positionOf(document.text, start), end: positionOf(document.text, end) };
    document.text = document.text.slice(0, start) + text + document.text.slice(end);
    document.version++;
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: uriOf(path), version: document.version },
      contentChanges: [{ range, text }],
    });
  };

  return {
    connection,
    log,
    async open(path, text) {
      documents.set(path, { version: 1, text });
      const textDocument = { uri: uriOf(path), languageId: 'c', version: 1, text };
      await connection.sendNotification('textDocument/didOpen', { textDocument });
    },
    edit(path, old, text) {
      const at = documents.get(path)!.text.indexOf(old);
      if (at === -1) throw new Error(`${path} does not contain ${old}`);
      return replace(path, { start: at, end: at + old.length }, text);
    },
    replace,
    request: (method, params) => connection.sendRequest(method, params),
    textOf: (path) => documents.get(path)!.text,
    diagnostics: (path) => published.get(uriOf(path))?.diagnostics,
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    async close() {
      await connection.sendRequest('shutdown');
      connection.dispose();
      server.dispose();
    },
  };
}

/** The position of an offset, as the protocol counts. */
export function positionOf(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)!.length };
}
