/** The list of barriers that a client shows: those of the open files and of their partners' files, as their lenses say. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PairingsView } from '../../server/src/lsp/protocol.ts';
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

const folder = mkdtempSync(join(tmpdir(), 'barrierlens-pairings-'));
const [writer, reader] = [join(folder, 'writer.c'), join(folder, 'reader.c')];
let client: Client;

beforeAll(async () => {
  writeFileSync(writer, WRITER);
  writeFileSync(reader, READER);
  client = await startClient(folder);
  await client.open(writer, WRITER);
});
afterAll(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

async function pairings(): Promise<PairingsView> {
  return (await client.request('barrierlens/pairings', {})) as PairingsView;
}

const told = ({ barriers }: PairingsView) =>
  barriers.map(({ name, group, partners }) => [name, group, partners.map((each) => each.name)]);

test('both sides of a pairing, with the place of each and the words of the lens', async () => {
  await expect
    .poll(async () => told(await pairings()))
    .toEqual([
      ['smp_rmb() in consume()', 'needed', ['smp_wmb() in publish()']],
      ['smp_wmb() in publish()', 'needed', ['smp_rmb() in consume()']],
    ]);
  const { warnings, barriers } = await pairings();
  expect(warnings).toBe(0);
  const lenses = await client.request('textDocument/codeLens', {
    textDocument: { uri: uriOf(writer) },
  });
  const listed = barriers[1]!;
  expect(lenses).toMatchObject([{ range: listed.range, command: { title: listed.told } }]);
  expect(listed.partners[0]).toMatchObject({
    uri: uriOf(reader),
    range: { start: positionOf(READER, READER.indexOf('smp_rmb();')) },
    told: '✓ needed',
  });
});

test('the call hierarchy leads from a barrier to the other side and back, with what each orders', async () => {
  interface Item {
    readonly name: string;
    readonly detail: string;
    readonly uri: string;
  }
  await expect
    .poll(async () => (await pairings()).barriers.map(({ group }) => group))
    .toEqual(['needed', 'needed']);
  const [item] = (await client.request('textDocument/prepareCallHierarchy', {
    textDocument: { uri: uriOf(writer) },
    position: positionOf(WRITER, WRITER.indexOf('smp_wmb();')),
  })) as Item[];
  expect(item).toMatchObject({ name: 'smp_wmb() in publish()' });
  const [call] = (await client.request('callHierarchy/outgoingCalls', { item })) as { to: Item }[];
  expect(call!.to).toMatchObject({
    name: 'smp_rmb() in consume()',
    detail: '✓ needed · box.flag → box.data',
    uri: uriOf(reader),
  });
  const back = (await client.request('callHierarchy/incomingCalls', { item: call!.to })) as {
    from: Item;
  }[];
  expect(back.map(({ from }) => from.name)).toEqual(['smp_wmb() in publish()']);
  expect(
    await client.request('textDocument/prepareCallHierarchy', {
      textDocument: { uri: uriOf(writer) },
      position: { line: 0, character: 0 },
    }),
  ).toBeNull();
});

test('a barrier that has lost its partner is warned', async () => {
  await client.open(reader, READER);
  await client.edit(reader, '\tsmp_rmb();\n', '');
  await expect
    .poll(async () => told(await pairings()).map(([name, group]) => `${name}: ${group}`))
    .toEqual(['smp_wmb() in publish(): warned']);
  expect((await pairings()).warnings).toBe(1);
});

test('in VS Code the hierarchy of who knows the calls of C comes before', async () => {
  const code = await startClient(folder, {}, { showsExecutions: true });
  const registered = () =>
    code.log.flatMap(({ method, params }) =>
      method === 'client/registerCapability'
        ? (params as { registrations: { method: string; registerOptions?: object }[] })
            .registrations
        : [],
    );
  await code.until(() => registered().some((each) => each.method.includes('allHierarchy')));
  const [hierarchy] = registered().filter((each) => each.method.includes('allHierarchy'));
  expect(hierarchy).toMatchObject({ registerOptions: { documentSelector: [{ language: '*' }] } });
  await code.close();
});
