/** The language server under messages that nobody should send: it goes on, and answers each request once. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { StreamMessageReader } from 'vscode-languageserver/node';
import { programOf } from '../../test/support/program.ts';
import { type Message, unruly } from './messages.ts';
import type { Random } from './mutate.ts';

const CPU_SECONDS = 10;
const MEGABYTES = 1024;
/** So long may nothing happen at all. */
const SILENT_SECONDS = 60;
/** A server that has crashed inside says so in its log, and goes on. */
const CRASH = /RangeError|TypeError|Maximum call|is not a function|Cannot read prop/;

interface Reply {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: { readonly message?: unknown } | null;
}

export interface ProtocolFuzz {
  /** Sends a session to the server and says what went wrong; undefined where nothing did. */
  readonly tell: (messages: readonly Message[]) => Promise<string | undefined>;
  readonly messages: (text: string, random: Random) => readonly Message[];
  readonly stop: () => void;
}

/** A server that is started anew where one has ended. */
export function protocolFuzz(): ProtocolFuzz {
  const program = programOf('server/src/lsp/main.ts');
  let server: Server | undefined;
  let next = 1;
  return {
    messages: (text, random) => unruly(text, next, random),
    async tell(messages) {
      server ??= startServer(program);
      const current = server;
      next += 1000;
      const problem = await problemWith(current, messages, next++);
      if (problem !== undefined || current.hasEnded()) {
        current.kill();
        server = undefined;
      }
      return problem;
    },
    stop: () => server?.kill(),
  };
}

interface Server {
  readonly send: (message: object) => void;
  readonly replies: Reply[];
  readonly kill: () => void;
  readonly hasEnded: () => boolean;
  readonly errors: () => string;
  readonly spent: () => { readonly cpu: number; readonly megabytes: number };
}

function startServer(program: string): Server {
  const child = spawn(process.execPath, [program, '--stdio']);
  const replies: Reply[] = [];
  let errors = '';
  let ended = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdin.on('error', () => undefined);
  child.on('exit', () => {
    ended = true;
  });
  const send = (message: object) => {
    const text = JSON.stringify(message);
    child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  new StreamMessageReader(child.stdout).listen((message) => replies.push(message as Reply));
  send({ jsonrpc: '2.0', id: 'init', method: 'initialize', params: { capabilities: {} } });
  send({ jsonrpc: '2.0', method: 'initialized', params: {} });
  return {
    send,
    replies,
    kill: () => void child.kill('SIGKILL'),
    hasEnded: () => ended,
    errors: () => errors,
    spent: () => spentBy(child),
  };
}

/** What a process has spent so far (proc(5)); nothing where the system does not tell. */
function spentBy({ pid }: ChildProcessWithoutNullStreams) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, '').trim().split(' ');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0);
    return { cpu: (Number(stat[11]) + Number(stat[12])) / 100, megabytes: kilobytes / 1024 };
  } catch {
    return { cpu: 0, megabytes: 0 };
  }
}

/** Sends the messages and then a request that has an answer, for which all that came before is done first. */
async function problemWith(
  server: Server,
  messages: readonly Message[],
  probe: number,
): Promise<string | undefined> {
  const before = server.spent().cpu;
  server.replies.length = 0;
  for (const message of messages) server.send(message);
  const document = { uri: 'file:///nowhere/probe.c' };
  server.send({
    ...{ jsonrpc: '2.0', id: probe, method: 'textDocument/codeLens' },
    params: { textDocument: document },
  });
  const mayEnd = messages.some(({ method }) => method === 'shutdown' || method === 'exit');
  const asked = messages.flatMap(({ id }) => (typeof id === 'number' ? [id] : []));
  const isDone = () => [...asked, probe].every((id) => repliesTo(server, id) > 0);
  const end = Date.now() + SILENT_SECONDS * 1000;
  while (!isDone()) {
    if (Date.now() > end) return `no reply within ${SILENT_SECONDS} s`;
    if (server.hasEnded())
      return mayEnd && server.errors() === '' ? undefined : `the server ended: ${server.errors()}`;
    if (server.spent().cpu - before > CPU_SECONDS) return `more than ${CPU_SECONDS} s of CPU`;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const twice = asked.find(
    (id) => repliesTo(server, id) > asked.filter((each) => each === id).length,
  );
  if (twice !== undefined) return `more than one reply to request ${twice}`;
  const crash = server.replies.find((reply) => CRASH.test(JSON.stringify(reply)));
  if (crash !== undefined) return JSON.stringify(crash);
  if (server.errors() !== '') return server.errors();
  const { megabytes } = server.spent();
  return megabytes > MEGABYTES ? `${Math.round(megabytes)} MB` : undefined;
}

function repliesTo({ replies }: Server, id: number): number {
  return replies.filter((reply) => reply.id === id && reply.method === undefined).length;
}
