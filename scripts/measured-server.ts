/** The language server as an editor starts it, for what is measured: a process of its own that is spoken to over its pipes. */

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProtocolConnection, PublishDiagnosticsParams } from 'vscode-languageserver/node';
import {
  CodeLensRefreshRequest,
  CodeLensRequest,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  HoverRequest,
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
  /** How often the server has said that lenses are to be asked for again. */
  refreshes(): number;
  /** The titles of the lenses of a file. */
  lenses(file: string): Promise<readonly string[]>;
  /** Asks for the hover at a line and column, both from 0. */
  hover(file: string, line: number, character: number): Promise<void>;
  /** What the status item says last. */
  status(): { readonly state: string; readonly text: string };
  /** What the process and its threads have used of the processors, in seconds. */
  cpuSeconds(): number;
  /** The memory of the process and its threads, in megabytes: now, and the most that it was. */
  memory(): { readonly now: number; readonly most: number };
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
  let status = { state: 'running', text: '' };
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
  connection.onNotification('barrierlens/status', (told: typeof status) => {
    status = told;
    wake();
  });
  let refreshes = 0;
  connection.onRequest(CodeLensRefreshRequest.type, () => void refreshes++);
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
    refreshes: () => refreshes,
    async lenses(file) {
      const lenses = await connection.sendRequest(CodeLensRequest.type, {
        textDocument: { uri: uri(file) },
      });
      return (lenses ?? []).map(({ command }) => command?.title ?? '');
    },
    async hover(file, line, character) {
      await connection.sendRequest(HoverRequest.type, {
        textDocument: { uri: uri(file) },
        position: { line, character },
      });
    },
    status: () => status,
    cpuSeconds: () => cpuOf(child.pid!),
    memory: () => memoryOf(child.pid!),
    idle: () => until(() => status.state === 'current'),
    stop: () => {
      connection.dispose();
      child.kill();
    },
  };
}

/** As Linux has it: user and system time, the 14th and 15th of its fields, in hundredths; the 2nd may have spaces. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** As Linux has it. */
function memoryOf(pid: number): { readonly now: number; readonly most: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024;
  return { now: megabytes('VmRSS'), most: megabytes('VmHWM') };
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
