/** The language server as a process, over stdio or as it is told, for tests that speak to it themselves. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { StreamMessageReader } from 'vscode-languageserver/node';

export type ServerProcess = ReturnType<typeof startServer>;

export interface Reply {
  readonly id?: number | string | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
  readonly method?: string;
}

/** A server as a process of its own, to which messages go as they are or framed, and whose replies are collected. */
export function startServer(program: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...(args.length > 0 ? args : ['--stdio'])]);
  const replies: Reply[] = [];
  let errors = '';
  let look = () => {};
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdin.on('error', () => undefined);
  new StreamMessageReader(child.stdout).listen((message) => {
    replies.push(message as Reply);
    look();
  });
  const ended = once(child, 'exit').then(([code]) => code as number);
  return {
    pid: child.pid,
    replies,
    raw: (text: string) => void child.stdin.write(text),
    send: (message: unknown) => {
      const text = JSON.stringify(message);
      child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    },
    close: () => child.stdin.end(),
    kill: () => void child.kill('SIGKILL'),
    /** Whether it has ended by itself, and what it has said on standard error. */
    hasEnded: () => child.exitCode !== null,
    errors: () => errors,
    /** The reply to a request. */
    reply: (id: number | string | null) =>
      new Promise<Reply>((resolve) => {
        look = () => {
          const found = replies.find((each) => each.id === id && each.method === undefined);
          if (found !== undefined) resolve(found);
        };
        look();
      }),
    ended: async () => ({ code: await ended, errors }),
  };
}
