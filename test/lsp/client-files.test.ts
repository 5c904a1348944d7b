/** A server without a disk: addresses of any file system as paths, and the questions that it asks the client. */

import { describe, expect, test } from 'vitest';
import { clientFiles } from '../../server/src/lsp/client-files.ts';
import type { FileParams } from '../../server/src/lsp/protocol.ts';
import { uriOf } from '../../server/src/lsp/uri.ts';
import { pathOf as webPathOf, uriOf as webUriOf } from '../../server/src/lsp/uri.web.ts';

describe('addresses in a browser', () => {
  test.each([
    [
      'vscode-vfs://github/torvalds/linux/kernel/fork.c',
      '/vscode-vfs/@github/torvalds/linux/kernel/fork.c',
    ],
    ['vscode-remote://127.0.0.1:8080/src/a%20b.c', '/vscode-remote/@127.0.0.1:8080/src/a b.c'],
    ['vscode-userdata:/User/sample/patch.c', '/vscode-userdata/@/User/sample/patch.c'],
    ['file:///src/100%25.c', '/file/@/src/100%.c'],
  ])('%s and back', (uri, path) => {
    expect(webPathOf(uri)).toBe(path);
    expect(webPathOf(webUriOf(path))).toBe(path);
  });

  test.each(['untitled:Untitled-1', 'no address', 'file:///%zz.c'])('%s has no path', (uri) => {
    expect(webPathOf(uri)).toBeUndefined();
  });
});

/** A client that has these files, and what it was asked. */
function clientWith(texts: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const remembered = new Map<string, string>();
  const answerTo = (method: string, path: string): unknown => {
    if (method === 'barrierlens/list')
      return {
        value: Object.keys(texts).map((name) => ({
          name: name.slice(path.length + 1),
          kind: 'file',
        })),
      };
    return path in texts ? { value: texts[path] } : { problem: 'no such file or folder' };
  };
  const connection = {
    async sendRequest(method: string, { uri }: FileParams) {
      asked.push(`${method} ${uri}`);
      const path = Object.keys(texts).find((each) => uriOf(each) === uri) ?? '/src';
      return answerTo(method, path);
    },
  };
  const files = clientFiles(
    connection as unknown as Parameters<typeof clientFiles>[0],
    (path, text) => remembered.set(path, text),
  );
  return { files, asked, remembered };
}

test('the client is asked for a text, and not where it lies outside of the folders', async () => {
  const { files, asked } = clientWith({ '/src/a.c': 'int a;' });
  expect(await files.readText('/src/a.c', 100, ['/src'])).toEqual({ value: 'int a;' });
  expect(await files.readText('/src/../etc/a.c', 100, ['/src'])).toHaveProperty('problem');
  expect(asked).toEqual(['barrierlens/readText file:///src/a.c']);
});

test('the scenarios of a folder are read when it is listed, for they are asked for at once', async () => {
  const { files, remembered } = clientWith({ '/src/a.c': '', '/src/a.scenario': 'C a' });
  const listed = await files.list('/src');
  expect(listed).toMatchObject({
    value: { real: '/src', entries: [{ name: 'a.c' }, { name: 'a.scenario' }] },
  });
  expect([...remembered]).toEqual([['/src/a.scenario', 'C a']]);
});

test('a client that fails has no file', async () => {
  const failing = { sendRequest: () => Promise.reject(new Error('gone')) };
  const files = clientFiles(
    failing as unknown as Parameters<typeof clientFiles>[0],
    () => undefined,
  );
  expect(await files.exists('/src/a.c')).toBe(false);
  expect(await files.readText('/src/a.c', 1)).toHaveProperty('problem');
});
