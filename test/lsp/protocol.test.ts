/** The server as a process with clients that keep to no rules: it answers as LSP 3.17 says, or ends and says why. */

import { expect, test } from 'vitest';
import { programOf } from '../support/program.ts';
import { type ServerProcess as Server, startServer as start } from './support/server-process.ts';

const program = programOf('server/src/lsp/main.ts');
const startServer = (...args: readonly string[]) => start(program, ...args);

const request = (id: number | string, method: string, params?: unknown) => ({
  jsonrpc: '2.0',
  id,
  method,
  ...(params !== undefined && { params }),
});
const notification = (method: string, params?: unknown) => ({ jsonrpc: '2.0', method, params });

const EVERYTHING = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    codeLens: { refreshSupport: true },
  },
  window: { workDoneProgress: true },
};

async function initialize(server: Server, capabilities: object = {}): Promise<void> {
  server.send(request('init', 'initialize', { processId: null, rootUri: null, capabilities }));
  expect((await server.reply('init')).result).toHaveProperty('capabilities.hoverProvider', true);
  server.send(notification('initialized', {}));
}

const C = `struct s { int a; int b; };
void w(struct s *s)
{
	WRITE_ONCE(s->a, 1);
	/* Pairs with smp_rmb() in r(). */
	smp_wmb();
	WRITE_ONCE(s->b, 1);
}
`;
const URI = 'file:///nowhere/at/all.c';
const OPEN = { textDocument: { uri: URI, languageId: 'c', version: 1, text: C } };
const BARRIER = { textDocument: { uri: URI }, position: { line: 5, character: 3 } };

async function shutDown(server: Server): Promise<void> {
  server.send(request('down', 'shutdown'));
  expect(await server.reply('down')).toMatchObject({ result: null });
  server.send(notification('exit'));
  expect(await server.ended()).toEqual({ code: 0, errors: '' });
}

test.each(['X: 1\r\n\r\n{}', 'hello\r\n\r\n', 'Content-Length: x\r\n\r\n'])(
  'bytes that are no messages: %j',
  async (bytes) => {
    const server = startServer();
    server.raw(bytes);
    expect(await server.ended()).toEqual({
      code: 1,
      errors: expect.stringMatching(/^barrierlens: no message can be read: .+\n$/),
    });
  },
);

test('no transport', async () => {
  expect(await startServer('--help').ended()).toEqual({
    code: 2,
    errors: expect.stringMatching(/^barrierlens: one of --stdio, .+\n$/),
  });
});

test('contents that are no JSON, or no message', async () => {
  const server = startServer();
  for (const text of ['{', '']) server.raw(`Content-Length: ${text.length}\r\n\r\n${text}`);
  for (const each of [[], null, 7, {}, { id: 1 }, { id: {}, method: 'x' }]) server.send(each);
  await initialize(server);
  const errors = server.replies.flatMap(({ id, error }) =>
    id === null && error ? error.code : [],
  );
  expect(errors).toEqual([-32700, -32700, ...Array.from({ length: 6 }, () => -32600)]);
  await shutDown(server);
});

test('before and after its time', async () => {
  const server = startServer();
  server.send(notification('textDocument/didOpen', OPEN));
  server.send(request(1, 'textDocument/hover', BARRIER));
  expect((await server.reply(1)).error).toMatchObject({ code: -32002 });
  server.send(request(2, 'shutdown'));
  expect((await server.reply(2)).error).toMatchObject({ code: -32002 });
  await initialize(server);
  server.send(request(3, 'initialize', { processId: null, rootUri: null, capabilities: {} }));
  expect((await server.reply(3)).error).toMatchObject({ code: -32600 });
  server.send(request(4, 'shutdown'));
  await server.reply(4);
  server.send(request(5, 'shutdown'));
  expect((await server.reply(5)).error).toMatchObject({ code: -32600 });
  server.send(request(6, 'textDocument/hover', BARRIER));
  expect((await server.reply(6)).error).toMatchObject({ code: -32600 });
  server.send(notification('exit'));
  expect(await server.ended()).toEqual({ code: 0, errors: '' });
});

test.each([
  ['at once', async () => undefined],
  ['without shutdown', (server: Server) => initialize(server)],
])('exit %s', async (_, before) => {
  const server = startServer();
  await before(server);
  server.send(notification('exit'));
  expect(await server.ended()).toEqual({ code: 1, errors: '' });
});

test('a client that goes without a word', async () => {
  const server = startServer();
  await initialize(server);
  server.close();
  expect((await server.ended()).code).toBe(1);
});

test('unknown methods, and parameters that are none', async () => {
  const server = startServer();
  await initialize(server);
  server.send(notification('$/nothing', { a: 1 }));
  server.send(notification('textDocument/nothing'));
  server.send(request(1, 'textDocument/nothing', {}));
  server.send(request(2, '$/nothing', {}));
  for (const id of [1, 2]) expect((await server.reply(id)).error).toMatchObject({ code: -32601 });
  const wrong = [
    ['textDocument/hover', undefined],
    ['textDocument/hover', []],
    ['textDocument/hover', { textDocument: { uri: 1 }, position: { line: 0, character: 0 } }],
    ['textDocument/hover', { textDocument: { uri: URI }, position: { line: -1, character: 0 } }],
    ['textDocument/hover', { textDocument: { uri: URI }, position: { line: 0.5, character: 0 } }],
    ['textDocument/codeAction', { textDocument: { uri: URI } }],
    ['textDocument/codeLens', { textDocument: null }],
    ['barrierlens/execution', { uri: URI }],
  ] as const;
  for (const [at, [method, params]] of wrong.entries()) {
    server.send(request(100 + at, method, params));
    expect((await server.reply(100 + at)).error, method).toMatchObject({ code: -32602 });
  }
  for (const params of [undefined, {}, { textDocument: { uri: URI } }, { textDocument: OPEN }]) {
    server.send(notification('textDocument/didOpen', params));
    server.send(notification('textDocument/didChange', params));
    server.send(notification('$/cancelRequest', params));
  }
  server.send(notification('textDocument/didOpen', OPEN));
  server.send(request(3, 'textDocument/hover', BARRIER));
  expect((await server.reply(3)).result).not.toBe(null);
  await shutDown(server);
});

test('places and documents that are not there', async () => {
  const server = startServer();
  await initialize(server);
  server.send(notification('textDocument/didOpen', OPEN));
  const far = { line: 2 ** 31 - 1, character: 2 ** 31 - 1 };
  server.send(request(1, 'textDocument/hover', { textDocument: { uri: URI }, position: far }));
  expect(await server.reply(1)).toMatchObject({ result: null });
  const range = { start: far, end: { line: 0, character: 0 } };
  server.send(
    notification('textDocument/didChange', {
      textDocument: { uri: URI, version: 2 },
      contentChanges: [{ range, text: '' }, { text: C }],
    }),
  );
  const uris = [
    '',
    'untitled:x',
    'file:',
    'file://host/x.c',
    'file:///%00.c',
    'file:///a%2Fb.c',
    'x y',
  ];
  for (const [at, uri] of uris.entries()) {
    const textDocument = { uri, languageId: 'c', version: 1, text: C };
    server.send(notification('textDocument/didClose', { textDocument: { uri } }));
    server.send(notification('textDocument/didOpen', { textDocument }));
    server.send(notification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] }));
    server.send(request(10 + at, 'textDocument/definition', { ...BARRIER, textDocument: { uri } }));
    expect((await server.reply(10 + at)).error, uri).toBe(undefined);
  }
  server.send(request(2, 'textDocument/hover', BARRIER));
  expect((await server.reply(2)).result).not.toBe(null);
  await shutDown(server);
});

test('a request that is cancelled at once, and one that is none', async () => {
  const server = startServer();
  await initialize(server);
  server.send(notification('textDocument/didOpen', OPEN));
  server.send(notification('$/cancelRequest', { id: 77 }));
  server.send(request(1, 'textDocument/hover', BARRIER));
  server.send(notification('$/cancelRequest', { id: 1 }));
  const { error, result } = await server.reply(1);
  expect(error?.code ?? result).toSatisfy(
    (answer) => answer === -32800 || typeof answer === 'object',
  );
  await shutDown(server);
});

test('a client that answers none of the requests of the server', async () => {
  const server = startServer();
  await initialize(server, EVERYTHING);
  server.send(notification('textDocument/didOpen', OPEN));
  server.send(request(1, 'textDocument/hover', BARRIER));
  expect((await server.reply(1)).result).not.toBe(null);
  await shutDown(server);
});

test('a client that refuses all of them is told when all is read', async () => {
  const server = startServer();
  await initialize(server, EVERYTHING);
  server.send(notification('textDocument/didOpen', OPEN));
  const refused = new Set<number | string>();
  const isRead = () =>
    server.replies.some((each) => JSON.stringify(each).includes('files with barriers'));
  while (!isRead()) {
    for (const { id, method } of server.replies)
      if (method !== undefined && id !== undefined && id !== null && !refused.has(id)) {
        refused.add(id);
        server.send({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } });
      }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await shutDown(server);
});

test('a document of 30 MB is not analysed, and the next one is', async () => {
  const server = startServer();
  await initialize(server);
  const huge = { ...OPEN.textDocument, uri: 'file:///huge.c', text: C.repeat(30e6 / C.length) };
  server.send(notification('textDocument/didOpen', { textDocument: huge }));
  server.send(notification('textDocument/didOpen', OPEN));
  server.send(request(1, 'textDocument/hover', BARRIER));
  expect((await server.reply(1)).result).not.toBe(null);
  server.send(request(2, 'textDocument/codeLens', { textDocument: { uri: 'file:///huge.c' } }));
  expect((await server.reply(2)).result).toEqual([]);
  await shutDown(server);
});
