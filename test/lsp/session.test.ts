/** The server as an editor sees it: opening, editing, undoing, asking, all over the protocol. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type Client, positionOf, startClient, uriOf } from './support/client.ts';

const WRITER = `#include <linux/types.h>
struct box { int data; int flag; };
void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	/* Pairs with smp_rmb() in consume(). */
	smp_wmb();
	WRITE_ONCE(b->flag, 1);
}
`;

const READER = `#include <linux/types.h>
struct box { int data; int flag; };
int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	/* Pairs with smp_wmb() in publish(). */
	smp_rmb();
	return READ_ONCE(b->data);
}
`;

const opened: { readonly client: Client; readonly folder: string }[] = [];

afterEach(async () => {
  for (const { client, folder } of opened.splice(0)) {
    await client.close();
    rmSync(folder, { recursive: true });
  }
});

/** A folder with these files and a client over it. */
async function start(files: Readonly<Record<string, string>>, configuration?: object) {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-lsp-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const client = await startClient(folder, configuration);
  opened.push({ client, folder });
  return { client, path: (name: string) => join(folder, name) };
}

/** Opens the file at `path` and waits until the folder around it was read and what that says was shown. */
async function openAndRead(client: Client, path: string, text: string): Promise<void> {
  await client.open(path, text);
  await client.until(() => {
    const read = client.log.findIndex(({ params }) => /^read \d+ files/.test(messageOf(params)));
    return read !== -1 && client.log.slice(read).some(({ method }) => method === LENSES);
  });
}

const LENSES = 'workspace/codeLens/refresh';

/** What a line of the log says. */
function messageOf(params: unknown): string {
  return (params as { readonly message?: string } | null)?.message ?? '';
}

function messages(client: Client, path: string): readonly string[] {
  return (client.diagnostics(path) ?? []).map(({ message }) => String(message));
}

test('verdicts of the open file do not wait until the rest of a large folder was read', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 800 }, (_, index) => [
      `${index % 2 === 0 ? 'near' : 'zz'}/other${index}.c`,
      WRITER.replaceAll('box', `other${index}`).replace('consume', `nobody${index}`),
    ]),
  );
  const { client, path } = await start({
    'near/writer.c': WRITER,
    'near/reader.c': READER,
    ...many,
  });
  await client.open(path('near/reader.c'), READER);
  const isRead = () => client.log.some(({ params }) => /^read \d+ files/.test(messageOf(params)));
  const textDocument = { uri: uriOf(path('near/reader.c')) };
  const isProven = async () =>
    JSON.stringify(await client.request('textDocument/codeLens', { textDocument })).includes(
      '✓ needed · pairs with publish()',
    );
  while (!(await isProven())) {
    expect(isRead()).toBe(false);
    await setTimeout(20);
  }
});

test('a deleted barrier is reported in the file of its partner, which is not open, and undone', async () => {
  const { client, path } = await start({ 'writer.c': WRITER, 'reader.c': READER });
  await openAndRead(client, path('reader.c'), READER);
  expect(messages(client, path('reader.c'))).toEqual([]);

  await client.edit(path('reader.c'), '\tsmp_rmb();\n', '');
  await client.until(() => messages(client, path('writer.c')).length > 0);
  expect(messages(client, path('writer.c'))).toEqual([
    expect.stringContaining('smp_wmb() has lost its partner smp_rmb() in consume()'),
  ]);

  await client.edit(path('reader.c'), '\treturn READ_ONCE', '\tsmp_rmb();\n\treturn READ_ONCE');
  await client.until(() => messages(client, path('writer.c')).length === 0);
});

test('what puts the barrier back is offered at the partner, when it has been simulated', async () => {
  const { client, path } = await start({ 'writer.c': WRITER, 'reader.c': READER });
  await openAndRead(client, path('reader.c'), READER);
  const uri = uriOf(path('reader.c'));
  await client.edit(path('reader.c'), '\tsmp_rmb();\n', '');
  await client.until(() => messages(client, path('writer.c')).length > 0);
  const at = positionOf(WRITER, WRITER.indexOf('smp_wmb();'));
  await client.open(path('writer.c'), WRITER);
  const actions = await client.request('textDocument/codeAction', {
    textDocument: { uri: uriOf(path('writer.c')) },
    range: { start: at, end: at },
    context: { diagnostics: client.diagnostics(path('writer.c')) },
  });
  const stood = positionOf(READER, READER.indexOf('\tsmp_rmb();'));
  expect(actions).toMatchObject([
    {
      title: 'Put back smp_rmb() in consume(): forbidden after this',
      kind: 'quickfix',
      diagnostics: [{ code: 'missing-partner-barrier' }],
      edit: {
        changes: { [uri]: [{ range: { start: stood, end: stood }, newText: '\tsmp_rmb();\n' }] },
      },
    },
    {
      title: 'Accept missing-partner-barrier here, for a reason',
      edit: {
        documentChanges: [
          {
            edits: [
              {
                snippet: {
                  kind: 'snippet',
                  value: '\t/* barrierlens: ok(missing-partner-barrier): $0 */\n',
                },
              },
            ],
          },
        ],
      },
    },
  ]);
});

test('diagnostics of an open file carry its version', async () => {
  const { client, path } = await start({ 'writer.c': WRITER });
  const text = WRITER.replace('/* Pairs with smp_rmb() in consume(). */', '');
  await client.open(path('writer.c'), text);
  await client.until(() => client.diagnostics(path('writer.c')) !== undefined);
  await client.edit(path('writer.c'), 'smp_wmb', 'smp_mb');
  await client.until(() =>
    messages(client, path('writer.c')).some((text) => text.includes('smp_mb()')),
  );
  const sent = client.log.filter(({ method }) => method === 'textDocument/publishDiagnostics');
  expect(sent.at(-1)?.params).toMatchObject({ version: 2 });
});

test('hover, definition, references, lenses over the protocol', async () => {
  const { client, path } = await start({ 'writer.c': WRITER, 'reader.c': READER });
  await openAndRead(client, path('reader.c'), READER);
  const at = {
    textDocument: { uri: uriOf(path('reader.c')) },
    position: positionOf(READER, READER.indexOf('smp_rmb();')),
  };
  expect(await client.request('textDocument/hover', at)).toMatchObject({
    contents: { kind: 'markdown', value: expect.stringMatching(/publish\(\).*writer\.c#L7\)/) },
  });
  const partner = {
    uri: uriOf(path('writer.c')),
    range: { start: positionOf(WRITER, WRITER.indexOf('smp_wmb();')) },
  };
  expect(await client.request('textDocument/definition', at)).toMatchObject([partner]);
  const references = await client.request('textDocument/references', {
    ...at,
    context: { includeDeclaration: true },
  });
  expect(references).toHaveLength(2);
  expect(references).toContainEqual(expect.objectContaining({ uri: partner.uri }));
  expect(await client.request('textDocument/codeLens', at)).toMatchObject([
    {
      range: { start: at.position },
      command: {
        title: expect.stringMatching(/^(?:✓ needed|… being proved) · pairs with publish\(\)$/),
        command: 'barrierlens.showPartners',
        arguments: [{ uri: at.textDocument.uri }, [partner]],
      },
    },
  ]);
});

test('the quick fix of a barrier without a comment writes what it pairs with', async () => {
  const { client, path } = await start({ 'writer.c': WRITER, 'reader.c': READER });
  const bare = WRITER.replace('\t/* Pairs with smp_rmb() in consume(). */\n', '');
  await openAndRead(client, path('writer.c'), bare);
  const start_ = positionOf(bare, bare.indexOf('smp_wmb();'));
  const ask = async () =>
    (await client.request('textDocument/codeAction', {
      textDocument: { uri: uriOf(path('writer.c')) },
      range: { start: start_, end: start_ },
      context: { diagnostics: client.diagnostics(path('writer.c')) },
    })) as unknown[];
  // Nothing is offered before it is proven.
  let actions = await ask();
  while (actions.length === 0) {
    await setTimeout(50);
    actions = await ask();
  }
  expect(actions).toMatchObject([
    {
      kind: 'quickfix',
      diagnostics: [{ code: 'uncommented-barrier' }],
      edit: {
        changes: {
          [uriOf(path('writer.c'))]: [
            { newText: expect.stringContaining('Pairs with smp_rmb() in consume().') },
          ],
        },
      },
    },
  ]);
});

test('a C project that is no kernel: nothing is said, nothing is read', async () => {
  const program = `#include <stdatomic.h>
int flag;
int main(void) { atomic_thread_fence(memory_order_seq_cst); return flag; }
`;
  const { client, path } = await start({ 'main.c': program, 'writer.c': WRITER });
  await client.open(path('main.c'), program);
  await client.request('textDocument/hover', {
    textDocument: { uri: uriOf(path('main.c')) },
    position: { line: 2, character: 20 },
  });
  const spoken = client.log.map(({ method }) => method);
  expect(spoken).not.toContain('$/progress');
  expect(spoken).not.toContain('barrierlens/status');
  expect(messages(client, path('main.c'))).toEqual([]);
});

test('inlay hints in place of lenses: behind the barrier, with the partner one click away', async () => {
  const settings = { inlayHints: { enable: true }, codeLens: { enable: false } };
  const { client, path } = await start({ 'writer.c': WRITER, 'reader.c': READER }, settings);
  await openAndRead(client, path('writer.c'), WRITER);
  const textDocument = { uri: uriOf(path('writer.c')) };
  expect(await client.request('textDocument/codeLens', { textDocument })).toEqual([]);
  const start_ = { line: 0, character: 0 };
  const asked = (last: number) =>
    client.request('textDocument/inlayHint', {
      textDocument,
      range: { start: start_, end: { line: last, character: 0 } },
    });
  const at = positionOf(WRITER, WRITER.indexOf('smp_wmb();') + 'smp_wmb();'.length);
  const label = [
    {
      value: expect.stringContaining('pairs with consume()'),
      location: { uri: uriOf(path('reader.c')) },
    },
  ];
  expect(await asked(at.line + 1)).toMatchObject([{ position: at, label }]);
  expect(await asked(at.line - 2)).toEqual([]);
});

test('switched off, it says nothing', async () => {
  const bare = WRITER.replace('/* Pairs with smp_rmb() in consume(). */', '');
  const { client, path } = await start({ 'writer.c': bare }, { enable: false });
  await client.open(path('writer.c'), bare);
  const lenses = await client.request('textDocument/codeLens', {
    textDocument: { uri: uriOf(path('writer.c')) },
  });
  expect(lenses).toEqual([]);
  expect(messages(client, path('writer.c'))).toEqual([]);
});

test('documents that are no files on disk are left alone', async () => {
  const { client } = await start({ 'writer.c': WRITER });
  const uri = 'untitled:Untitled-1';
  await client.connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'c', version: 1, text: WRITER },
  });
  const hover = { textDocument: { uri }, position: { line: 0, character: 0 } };
  expect(await client.request('textDocument/hover', hover)).toBe(null);
});

test('a session that ends while files are read and scenarios run leaves nothing behind', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  try {
    for (const wait of [0, 1, 5, 20, 60, 200]) {
      const { client, path } = await start({ 'writer.c': WRITER, 'reader.c': READER });
      await client.open(path('writer.c'), WRITER);
      await client.edit(path('writer.c'), 'smp_wmb', 'smp_mb');
      await setTimeout(wait);
      await client.close();
      rmSync(opened.pop()!.folder, { recursive: true });
    }
    await setTimeout(300);
  } finally {
    process.off('unhandledRejection', note);
  }
  expect(unhandled).toEqual([]);
});
