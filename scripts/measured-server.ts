/** The language server as an editor starts it, for what is measured: a process of its own that is spoken to over its pipes. */

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProtocolConnection, PublishDiagnosticsParams } from 'vscode-languageserver/node';
import {
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

/** A server, as an editor that has one folder open talks to it. */
export interface Server {
  open(file: string, text: string): void;
  change(file: string, text: string): void;
  /** Resolves when the last findings sent for a file are as many as `accept` asks for. */
  findings(file: string, accept: (count: number) => boolean): Promise<void>;
  /** Resolves when the folder has been read. */
  idle(): Promise<void>;
  stop(): void;
}

export async function startServer(folder: string): Promise<Server> {
  const child = spawn(process.execPath, ['dist/server.cjs', '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = connect(child);
  const counts = new Map<string, number>();
  let state = 'running';
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of waiting) look();
  };
  const until = (accept: () => boolean) => waitUntil(waiting, accept);
  const uri = (file: string) => pathToFileURL(join(folder, file)).href;
  connection.onNotification(
    PublishDiagnosticsNotification.type,
    (sent: PublishDiagnosticsParams) => {
      // What the scenarios find comes and goes in its own time, after the edit.
      const own = sent.diagnostics.filter(({ code }) => code !== 'violated-invariant');
      counts.set(sent.uri, own.length);
      wake();
    },
  );
  connection.onNotification('barrierlens/status', (status: { readonly state: string }) => {
    state = status.state;
    wake();
  });
  await initialize(connection, folder);
  let version = 0;
  return {
    open: (file, text) =>
      void connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri: uri(file), languageId: 'c', version: ++version, text },
      }),
    change: (file, text) =>
      void connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri: uri(file), version: ++version },
        contentChanges: [{ text }],
      }),
    findings: (file, accept) => until(() => accept(counts.get(uri(file)) ?? 0)),
    idle: () => until(() => state === 'current'),
    stop: () => {
      connection.dispose();
      child.kill();
    },
  };
}

function connect(child: ChildProcess): ProtocolConnection {
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout!),
    new StreamMessageWriter(child.stdin!),
  );
  connection.listen();
  return connection;
}

async function initialize(connection: ProtocolConnection, folder: string): Promise<void> {
  const uri = pathToFileURL(folder).href;
  await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: uri,
    capabilities: {},
    workspaceFolders: [{ uri, name: 'livepatch' }],
  });
  await connection.sendNotification(InitializedNotification.type, {});
}

/** Looks again whenever something arrives; gives up after half a minute. */
function waitUntil(waiting: Set<() => void>, accept: () => boolean): Promise<void> {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error('the server did not answer')), 30_000);
    const look = () => {
      if (!accept()) return;
      waiting.delete(look);
      clearTimeout(timer);
      done();
    };
    waiting.add(look);
    look();
  });
}
