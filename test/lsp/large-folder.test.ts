/** A folder that is too large to be read whole, a kernel say: what of it is read for the open files, and what is told of that. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { PairingsView, Status } from '../../server/src/lsp/protocol.ts';
import { type Client, startClient, uriOf } from './support/client.ts';

const STRUCT = `#include <linux/types.h>
struct box { int data; int flag; };
`;

const WRITER = `${STRUCT}void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	/* Pairs with smp_rmb() in consume(). */
	smp_wmb();
	WRITE_ONCE(b->flag, 1);
}
`;

const READER = `${STRUCT}int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	/* Pairs with smp_wmb() in publish(). */
	smp_rmb();
	return READ_ONCE(b->data);
}
`;

const SCENARIO = `C box
"A box is filled and looked into."
source: net/driver/writer.c net/core/reader.c
{ struct box the_box = { }; }
P0 { publish(&the_box); }
P1 { seen = consume(&the_box); }
never half "half a box is seen": (P1:seen = 0)
`;

/** The same for another struct and other functions. */
function of(name: string, text: string): string {
  return text.replaceAll(/\b(box|publish|consume|data|flag)\b/g, `${name}_$1`);
}

const WRONG = `void led_mark(struct led_box *b)
{
	smp_mb__before_atomic();
	WRITE_ONCE(b->led_flag, 1);
}
`;

/** A kernel with two subsystems: in one a reader, its writer in the folder beside it, where something is wrong, too. */
const KERNEL = {
  Kbuild: '',
  Kconfig: '',
  'include/linux/types.h': 'typedef unsigned int u32;\n',
  'net/core/reader.c': READER,
  'net/driver/writer.c': `${WRITER}struct led_box { int led_data; int led_flag; };\n${WRONG}`,
  'net/driver/unrelated.c': of('fan', WRITER),
  'fs/disk/reader.c': of('disk', READER),
  'fs/disk/writer.c': of('disk', WRITER),
  'fs/tape/reader.c': of('tape', READER),
};

const opened: { readonly client: Client; readonly folder: string }[] = [];

afterEach(async () => {
  for (const { client, folder } of opened.splice(0)) {
    await client.close();
    rmSync(folder, { recursive: true });
  }
});

/** That kernel, of which no more than `maxFiles` C files are read whole. */
async function start(maxFiles = 4, more: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-large-'));
  const files: Readonly<Record<string, string>> = { ...KERNEL, ...more };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const configuration = { index: { maxFiles } };
  const client = await startClient(folder, configuration);
  opened.push({ client, folder });
  const path = (name: string) => join(folder, name);
  /** Opens a file and waits until what is read for it was read; says how many files that were. */
  const open = async (name: string) => {
    const before = readings(client).length;
    await client.open(path(name), files[name]!);
    await client.until(() => readings(client).length > before);
    return readings(client).at(-1);
  };
  return { client, path, open, configuration };
}

/** How many files with barriers were read each time. */
function readings({ log }: Client): readonly number[] {
  return log.flatMap(({ params }) => {
    const { message } = (params ?? {}) as { readonly message?: unknown };
    const count = /^read (\d+) files/.exec(String(message))?.[1];
    return count === undefined ? [] : [Number(count)];
  });
}

async function lensesAre(client: Client, path: string, words: string): Promise<void> {
  const textDocument = { uri: uriOf(path) };
  const ask = () => client.request('textDocument/codeLens', { textDocument });
  while (!JSON.stringify(await ask()).includes(words)) await setTimeout(20);
}

async function statusOf(client: Client, isIt: (status: Status) => boolean): Promise<Status> {
  const last = () =>
    client.log.findLast(({ method }) => method === 'barrierlens/status')?.params as Status;
  await client.until(() => last() !== undefined && isIt(last()));
  return last();
}

function messages(client: Client, path: string): readonly string[] {
  return (client.diagnostics(path) ?? []).map(({ message }) => String(message));
}

test('the folder of the open file is read, and around it what speaks of the same fields, and nothing else', async () => {
  const { client, path, open } = await start();
  expect(await open('net/core/reader.c')).toBe(2);
  await lensesAre(client, path('net/core/reader.c'), '✓ needed · pairs with publish()');
});

test('a file of another folder is opened: that is read too, and each folder once', async () => {
  const { client, path, open } = await start();
  await open('net/core/reader.c');
  expect(await open('fs/disk/reader.c')).toBe(2);
  await lensesAre(client, path('fs/disk/reader.c'), '✓ needed · pairs with disk_publish()');
  await client.open(path('fs/disk/writer.c'), KERNEL['fs/disk/writer.c']);
  expect(await open('fs/tape/reader.c')).toBe(1);
  expect(readings(client)).toHaveLength(3);
});

test('a scenario of the user in a folder that is not read is run all the same', async () => {
  const { client, path, open } = await start(4, {
    'net/core/reader.c': READER.replace('\tsmp_rmb();\n', ''),
    'fs/tests/box.scenario': SCENARIO,
  });
  await open('net/core/reader.c');
  await client.until(() =>
    messages(client, path('net/core/reader.c')).some((each) => /half a box is seen/.test(each)),
  );
});

test('what is read is told: with the status and with the pairings', async () => {
  const { client, open } = await start();
  await open('net/core/reader.c');
  const told = /more C files than barrierlens\.index\.maxFiles.*barrierlens check/;
  const { why } = await statusOf(client, ({ state }) => state !== 'running');
  expect(why).toContainEqual(expect.stringMatching(told));
  const { part } = (await client.request('barrierlens/pairings', {})) as PairingsView;
  expect(part).toMatch(told);
});

test('a folder that is not too large is read whole, and nothing is told', async () => {
  const { client, open } = await start(9);
  expect(await open('net/core/reader.c')).toBe(7);
  const { why } = await statusOf(client, ({ state }) => state !== 'running');
  expect(why.join()).not.toContain('maxFiles');
});

test('with a higher limit all is read at once', async () => {
  const { client, open, configuration } = await start();
  await open('net/core/reader.c');
  configuration.index.maxFiles = 100;
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  await client.until(() => readings(client).length === 2);
  expect(readings(client)).toEqual([2, 7]);
});

test('findings of files around the open folder stay untold, unless they are about an open file', async () => {
  const { client, path, open } = await start();
  await open('net/core/reader.c');
  await lensesAre(client, path('net/core/reader.c'), '✓ needed');
  await statusOf(client, ({ state }) => state !== 'running');
  expect(messages(client, path('net/driver/writer.c'))).toEqual([]);
  await client.edit(path('net/core/reader.c'), '\tsmp_rmb();\n', '');
  await client.until(() => messages(client, path('net/driver/writer.c')).length > 0);
  expect(messages(client, path('net/driver/writer.c'))).toEqual([
    expect.stringContaining('smp_wmb() has lost its partner smp_rmb() in consume()'),
  ]);
});

test('they are told when their folder is read', async () => {
  const { client, path, open } = await start();
  await open('net/core/reader.c');
  await open('net/driver/unrelated.c');
  await client.until(() => messages(client, path('net/driver/writer.c')).length > 0);
  expect(messages(client, path('net/driver/writer.c'))).toEqual([
    expect.stringContaining('smp_mb__before_atomic()'),
  ]);
});

test('a comment that names a function of no folder is wrong, one of a folder that was not read is not', async () => {
  const { client, path, open } = await start();
  const name = 'net/core/reader.c';
  await open(name);
  await client.edit(path(name), 'in publish()', 'in tape_consume()');
  // The question takes the edit in, and what it changes is sent before the answer.
  await client.request('textDocument/codeLens', { textDocument: { uri: uriOf(path(name)) } });
  expect(messages(client, path(name)).filter((each) => /no such function/.test(each))).toEqual([]);

  const other = await start(4, { [name]: READER.replace('in publish()', 'in nobody()') });
  await other.open(name);
  await other.client.until(() =>
    messages(other.client, other.path(name)).some((each) =>
      each.includes('names nobody() as its partner, and there is no such function'),
    ),
  );
});
