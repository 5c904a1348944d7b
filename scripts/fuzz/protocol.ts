/** The language server under messages that nobody should send: it goes on, and answers each request once. */

import { readFileSync } from 'node:fs';
import { type ServerProcess, startServer } from '../../test/lsp/support/server-process.ts';
import { programOf } from '../../test/support/program.ts';
import { type Message, unruly } from './messages.ts';
import type { Random } from './mutate.ts';

const CPU_SECONDS = 10;
const MEGABYTES = 1024;
/** So long may nothing happen at all. */
const SILENT_SECONDS = 60;
/** A server that has crashed inside says so in its log, and goes on. */
const CRASH = /RangeError|TypeError|Maximum call|is not a function|Cannot read prop/;

export interface ProtocolFuzz {
  /** Sends a session to the server and says what went wrong; undefined where nothing did. */
  readonly tell: (messages: readonly Message[]) => Promise<string | undefined>;
  readonly messages: (text: string, random: Random) => readonly Message[];
  readonly stop: () => void;
}

/** A server that is started anew where one has ended. */
export function protocolFuzz(): ProtocolFuzz {
  const program = programOf('server/src/lsp/main.ts');
  let server: ServerProcess | undefined;
  let next = 1;
  return {
    messages: (text, random) => unruly(text, next, random),
    async tell(messages) {
      server ??= begin(program);
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

function begin(program: string): ServerProcess {
  const server = startServer(program);
  const params = { processId: null, rootUri: null, capabilities: {} };
  server.send({ jsonrpc: '2.0', id: 'init', method: 'initialize', params });
  server.send({ jsonrpc: '2.0', method: 'initialized', params: {} });
  return server;
}

/** What a process has spent so far (proc(5)); nothing where the system does not tell. */
function spentBy({ pid }: ServerProcess) {
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
  server: ServerProcess,
  messages: readonly Message[],
  probe: number,
): Promise<string | undefined> {
  const before = spentBy(server).cpu;
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
    if (spentBy(server).cpu - before > CPU_SECONDS) return `more than ${CPU_SECONDS} s of CPU`;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const twice = asked.find(
    (id) => repliesTo(server, id) > asked.filter((each) => each === id).length,
  );
  if (twice !== undefined) return `more than one reply to request ${twice}`;
  const crash = server.replies.find((reply) => CRASH.test(JSON.stringify(reply)));
  if (crash !== undefined) return JSON.stringify(crash);
  if (server.errors() !== '') return server.errors();
  const { megabytes } = spentBy(server);
  return megabytes > MEGABYTES ? `${Math.round(megabytes)} MB` : undefined;
}

function repliesTo({ replies }: ServerProcess, id: number): number {
  return replies.filter((reply) => reply.id === id && reply.method === undefined).length;
}
