/** How fast the language server answers: first findings after opening, findings after an edit, a partner's file. */

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
import { linuxSource, WITHOUT_LINUX } from '../../test/support/linux-source.ts';
import type { Row } from '../bench-section.ts';
import { median, runSection } from '../bench-section.ts';

const ROUNDS = 15;

/** Something to be found in any text: a barrier of which nobody says anything. */
const MARK = 'void barrierlens_mark(void)\n{\n\tsmp_wmb();\n}\n';

await runSection({ name: 'editor', run });

async function run(): Promise<readonly Row[] | string> {
  const linux = linuxSource();
  if (linux === undefined) return WITHOUT_LINUX;
  const folder = join(linux, 'kernel/livepatch');
  const core = readFileSync(join(folder, 'core.c'), 'utf8');
  const lines = core.split('\n').length;
  const rows = {
    open: await measured(ROUNDS, () => openingTime(folder, core)),
    ...(await editTimes(folder, core)),
  };
  const medianOf = `median of ${ROUNDS}`;
  return [
    {
      what: `opening a file of ${lines} lines: first findings`,
      value: median(rows.open),
      unit: 'ms',
      bar: { atMost: 300 },
      note: `${medianOf}, each in a new server`,
    },
    {
      what: 'an edit in it: findings of the file',
      value: median(rows.same),
      unit: 'ms',
      bar: { atMost: 100 },
      note: medianOf,
    },
    {
      what: 'a barrier deleted in it: the finding in the partner’s file',
      value: median(rows.partner),
      unit: 'ms',
      bar: { atMost: 500 },
      note: medianOf,
    },
  ];
}

async function measured(times: number, once: () => Promise<number>): Promise<readonly number[]> {
  const values: number[] = [];
  for (let round = 0; round < times; round++) values.push(await once());
  return values;
}

async function openingTime(folder: string, core: string): Promise<number> {
  const server = await startServer(folder);
  const before = performance.now();
  server.open('core.c', core + MARK);
  await server.findings('core.c', (count) => count > 0);
  const time = performance.now() - before;
  server.stop();
  return time;
}

/** Adds and removes the mark, then the barrier that the handler's first read barrier pairs with. */
async function editTimes(folder: string, core: string) {
  const server = await startServer(folder);
  const barrier = core.indexOf('smp_wmb();', core.indexOf('static int __klp_enable_patch('));
  const without = `${core.slice(0, barrier)}${core.slice(barrier + 'smp_wmb();'.length)}`;
  server.open('patch.c', readFileSync(join(folder, 'patch.c'), 'utf8'));
  server.open('core.c', core + MARK);
  await server.findings('core.c', (count) => count > 0);
  await server.idle();

  const edit = async (text: string, file: string, accept: (count: number) => boolean) => {
    const before = performance.now();
    server.change('core.c', text);
    await server.findings(file, accept);
    return performance.now() - before;
  };
  const same: number[] = [];
  const partner: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await edit(core, 'core.c', (count) => count === 0);
    same.push(await edit(core + MARK, 'core.c', (count) => count > 0));
    partner.push(await edit(without, 'patch.c', (count) => count > 0));
    await edit(core + MARK, 'patch.c', (count) => count === 0);
  }
  server.stop();
  return { same, partner };
}

interface Server {
  open(file: string, text: string): void;
  change(file: string, text: string): void;
  /** Resolves when the last findings sent for a file are as many as `accept` asks for. */
  findings(file: string, accept: (count: number) => boolean): Promise<void>;
  /** Resolves when the folder has been read. */
  idle(): Promise<void>;
  stop(): void;
}

async function startServer(folder: string): Promise<Server> {
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
