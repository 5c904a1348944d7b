/** How client and server reach each other, as the client asks on the command line: IPC, stdio, a socket, a pipe. */

import type { Readable } from 'node:stream';
import {
  createServerPipeTransport,
  createServerSocketTransport,
  type Disposable,
  Emitter,
  ErrorCodes,
  IPCMessageReader,
  IPCMessageWriter,
  type Message,
  type MessageReader,
  type MessageWriter,
  type PartialMessageInfo,
  type ResponseMessage,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { createFraming, type Frame } from './framing.ts';

export interface Transport {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
}

/** The transport that `args` ask for; undefined where they ask for none. */
export function transportOf(args: readonly string[]): Transport | undefined {
  for (const [at, argument] of args.entries()) {
    const [name, given = args[at + 1]] = argument.split('=', 2);
    if (name === '--node-ipc')
      return { reader: new IPCMessageReader(process), writer: new IPCMessageWriter(process) };
    if (name === '--stdio') return overStreams(process.stdin, process.stdout);
    if (name === '--socket' && given !== undefined)
      return both(createServerSocketTransport(Number(given)));
    if (name === '--pipe' && given !== undefined) return both(createServerPipeTransport(given));
  }
  return undefined;
}

function both([reader, writer]: readonly [MessageReader, MessageWriter]): Transport {
  return { reader, writer };
}

/** Messages over two streams of bytes. What is framed rightly and is no JSON is answered as such; what is not
 *  framed rightly is an error of the reader, after which it reads nothing. */
export function overStreams(input: Readable, output: NodeJS.WritableStream): Transport {
  const writer = new StreamMessageWriter(output);
  const reader = streamReader(input, (reason) => {
    const error = { code: ErrorCodes.ParseError, message: reason };
    const response: ResponseMessage = { jsonrpc: '2.0', id: null, error };
    writer.write(response).catch(() => undefined);
  });
  return { reader, writer };
}

function streamReader(input: Readable, unreadable: (reason: string) => void): MessageReader {
  const errors = new Emitter<Error>();
  const closed = new Emitter<void>();
  const partial = new Emitter<PartialMessageInfo>();
  const framing = createFraming();
  const take = (frame: Frame, callback: (message: Message) => void) => {
    switch (frame.kind) {
      case 'message': {
        const message = parsed(frame.content);
        if ('value' in message) callback(message.value as Message);
        else unreadable(message.problem);
        return;
      }
      case 'too-large':
        unreadable(`a message of ${frame.bytes} bytes is larger than what is read`);
        return;
      case 'broken':
        errors.fire(new Error(frame.reason));
        return;
    }
  };
  return {
    onError: errors.event,
    onClose: closed.event,
    onPartialMessage: partial.event,
    listen(callback): Disposable {
      const read = (bytes: Buffer) => {
        for (const frame of framing(bytes)) take(frame, callback);
      };
      input.on('data', read);
      input.on('error', (error) => errors.fire(error));
      input.once('end', () => closed.fire());
      input.once('close', () => closed.fire());
      return { dispose: () => void input.off('data', read) };
    },
    dispose() {
      for (const emitter of [errors, closed, partial]) emitter.dispose();
    },
  };
}

function parsed(content: Buffer): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(content.toString('utf8')) };
  } catch (error) {
    return { problem: `not JSON: ${error instanceof Error ? error.message : error}` };
  }
}
