/**
 * The order of a session (LSP 3.17, Lifecycle Messages): before `initialize` and after `shutdown` no request is
 * answered but with an error, no notification heard but `exit`; and what has not the form of a message, or not that of
 * its method, goes no further than here.
 */

import {
  ErrorCodes,
  type Message,
  MessageType,
  type NotificationMessage,
  type ResponseMessage,
} from 'vscode-languageserver/node';
import type { Transport } from './transport.ts';
import { areValid } from './valid-params.ts';

type Phase = 'new' | 'open' | 'shut';

export interface Lifecycle extends Transport {
  /** Whether the client has ended the session as it should. */
  readonly isShut: () => boolean;
}

/** `transport` with a reader that lets through what may come now. */
export function withLifecycle({ reader, writer }: Transport): Lifecycle {
  let phase: Phase = 'new';

  const send = (message: Message) => void writer.write(message).catch(() => undefined);
  const refuse = (id: ResponseMessage['id'], code: number, message: string) => {
    const response: ResponseMessage = { jsonrpc: '2.0', id, error: { code, message } };
    send(response);
  };

  /** Whether the request may be answered; else it has been refused. */
  const isAnswered = (id: number | string, method: string, params: unknown): boolean => {
    const refused = refusalIn(phase, method);
    if (refused !== undefined) refuse(id, ...refused);
    else if (!areValid(method, params))
      refuse(id, ErrorCodes.InvalidParams, `these are no parameters of ${method}`);
    else return true;
    return false;
  };

  const isHeard = (method: string, params: unknown): boolean => {
    if (method === 'exit') return true;
    if (phase !== 'open') return false;
    if (areValid(method, params)) return true;
    const message = `barrierlens: these are no parameters of ${method}`;
    const notification: NotificationMessage = {
      jsonrpc: '2.0',
      method: 'window/logMessage',
      params: { type: MessageType.Error, message },
    };
    send(notification);
    return false;
  };

  const passes = (message: unknown): boolean => {
    const { id, method, params, isResponse } = partsOf(message);
    if (isResponse) return true;
    if (method === undefined || id === 'invalid') {
      refuse(null, ErrorCodes.InvalidRequest, 'this is no message of the protocol');
      return false;
    }
    if (id === undefined) return isHeard(method, params);
    if (!isAnswered(id.value, method, params)) return false;
    if (method === 'initialize') phase = 'open';
    if (method === 'shutdown') phase = 'shut';
    return true;
  };

  return {
    isShut: () => phase === 'shut',
    writer,
    reader: {
      onError: reader.onError,
      onClose: reader.onClose,
      onPartialMessage: reader.onPartialMessage,
      listen: (callback) =>
        reader.listen((message) => {
          if (passes(message)) callback(message);
        }),
      dispose: () => reader.dispose(),
    },
  };
}

/** Why a request is not answered now. */
function refusalIn(phase: Phase, method: string): readonly [number, string] | undefined {
  switch (phase) {
    case 'new':
      return method === 'initialize'
        ? undefined
        : [ErrorCodes.ServerNotInitialized, 'the server is not initialized'];
    case 'open':
      return method === 'initialize'
        ? [ErrorCodes.InvalidRequest, 'the server is initialized already']
        : undefined;
    case 'shut':
      return [ErrorCodes.InvalidRequest, 'the session has been shut down'];
  }
}

interface Parts {
  readonly id?: { readonly value: number | string } | 'invalid';
  readonly method?: string;
  readonly params?: unknown;
  readonly isResponse: boolean;
}

function partsOf(message: unknown): Parts {
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    return { isResponse: false };
  const { id, method, params, result, error } = message as Readonly<Record<string, unknown>>;
  const hasId = typeof id === 'string' || typeof id === 'number';
  const isResponse = method === undefined && (result !== undefined || error !== undefined);
  return {
    ...(hasId ? { id: { value: id } } : id === undefined ? {} : { id: 'invalid' }),
    ...(typeof method === 'string' && { method }),
    params,
    isResponse,
  };
}
