/** Litmus tests and scenarios in an editor: findings while they are typed, outline, folds, hover, completion, and what a test comes to. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Client, positionOf, startClient, uriOf } from './support/client.ts';

/** Message passing with both barriers, as in the kernel's MP+fencewmbonceonce+fencermbonceonce. */
const MP = `C MP

(*
 * Result: Never
 *)

{}

P0(int *buf, int *flag)
{
	WRITE_ONCE(*buf, 1);
	smp_wmb();
	WRITE_ONCE(*flag, 1);
}

P1(int *buf, int *flag)
{
	int r0;
	int r1;

	r0 = READ_ONCE(*flag);
	smp_rmb();
	r1 = READ_ONCE(*buf);
}

exists (1:r0=1 /\\ 1:r1=0)
`;

const SCENARIO = `C mp
"A flag and its data."
source: box.c
P0 {
	publish(box);
}
P1 {
	consume(box);
}
never seen-early "the flag without the data": 0:r=1
`;

let folder: string;
let client: Client;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'barrierlens-written-'));
  client = await startClient(folder);
});
afterEach(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

async function open(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await client.open(path, text);
  await client.until(() => client.diagnostics(path) !== undefined);
  return path;
}

async function lens(path: string): Promise<unknown> {
  const lenses = await client.request('textDocument/codeLens', {
    textDocument: { uri: uriOf(path) },
  });
  return (lenses as { command: { title: string } }[]).map(({ command: { title } }) => title);
}

test('who asks before the settings are known is answered as well', async () => {
  const path = join(folder, 'mp.litmus');
  await client.open(path, MP);
  const [lenses, symbols] = await Promise.all([
    lens(path),
    client.request('textDocument/documentSymbol', { textDocument: { uri: uriOf(path) } }),
  ]);
  expect(lenses).toEqual(['✓ Never · 0 of 3 executions']);
  expect(symbols).toContainEqual(expect.objectContaining({ name: 'P0' }));
});

test('what a test comes to stands above it, and whether that is its result', async () => {
  const path = await open('mp.litmus', MP);
  expect(client.diagnostics(path)).toEqual([]);
  expect(await lens(path)).toEqual(['✓ Never · 0 of 3 executions']);
  await client.edit(path, '\tsmp_rmb();\n', '');
  expect(await lens(path)).toEqual(['✗ Sometimes · 1 of 4 executions, expected Never']);
});

test('the lens opens the execution, forbidden or allowed, on the lines of the test', async () => {
  const path = await open('mp.litmus', MP);
  const shown = async () => {
    const [{ command }] = (await client.request('textDocument/codeLens', {
      textDocument: { uri: uriOf(path) },
    })) as [{ command: { command: string; arguments: [object] } }];
    expect(command.command).toBe('barrierlens.showExecution');
    const view = await client.request('barrierlens/execution', command.arguments[0]);
    const told = await client.request('workspace/executeCommand', command);
    expect(view).toMatchObject({ title: (told as { title: string }).title });
    expect((view as { html: string }).html).not.toContain('litmus test');
    return told as { title: string; text: string; picture: string };
  };
  const forbidden = await shown();
  expect(forbidden.title).toBe('MP: forbidden');
  expect(forbidden.text).toContain('which the axiom happens-before forbids');
  expect(forbidden.picture).toContain('<svg');
  await client.edit(path, '\tsmp_rmb();\n', '');
  const allowed = await shown();
  expect(allowed.title).toBe('MP: allowed');
  expect(allowed.text).toMatch(/P1 {2}mp\.litmus:22 P1\(\) {2}reads buf = 0/);
});

test('a mistake is shown where it is while it is typed, and goes with it', async () => {
  const path = await open('mp.litmus', MP);
  await client.edit(path, 'smp_rmb();', 'smp_rmbb();');
  await client.until(() => client.diagnostics(path)!.length > 0);
  const [found] = client.diagnostics(path)!;
  expect(String(found!.message)).toContain('smp_rmbb');
  expect(found!['range']).toMatchObject({ start: positionOf(MP, MP.indexOf('smp_rmb();')) });
  expect(await lens(path)).toEqual([]);
  await client.edit(path, 'smp_rmbb();', 'smp_rmb();');
  await client.until(() => client.diagnostics(path)!.length === 0);
});

test('outline and folds of a test and of a scenario', async () => {
  const ask = async (path: string, method: string) =>
    (await client.request(method, { textDocument: { uri: uriOf(path) } })) as never[];
  const names = async (path: string) =>
    (await ask(path, 'textDocument/documentSymbol')).map(({ name }) => name);
  const folds = async (path: string) =>
    (await ask(path, 'textDocument/foldingRange')).map(({ startLine, endLine }) => [
      startLine,
      endLine,
    ]);
  const test_ = await open('mp.litmus', MP);
  expect(await names(test_)).toEqual(['{ }', 'P0', 'P1', 'exists']);
  const line = (text: string) => MP.slice(0, MP.indexOf(text)).split('\n').length - 1;
  expect(await folds(test_)).toContainEqual([line('P0('), line('P1(') - 2]);
  const scenario = await open('mp.scenario', SCENARIO);
  expect(await names(scenario)).toEqual(['P0', 'P1', 'seen-early']);
});

test('a location or a register gets a new name, unless that stands in the test already or means something else', async () => {
  const path = await open('mp.litmus', MP);
  const rename = (text: string, newName: string) =>
    client.request('textDocument/rename', {
      textDocument: { uri: uriOf(path) },
      position: positionOf(MP, MP.indexOf(text)),
      newName,
    });
  const { changes } = (await rename('r1 = READ', 'data')) as { changes: Record<string, object[]> };
  expect(changes[uriOf(path)]).toMatchObject(
    ['r1;', 'r1 = READ', 'r1=0'].map((text) => ({
      newText: 'data',
      range: { start: positionOf(MP, MP.indexOf(text)) },
    })),
  );
  expect(await rename('smp_wmb', 'other')).toBeNull();
  await expect(rename('r1 = READ', 'flag')).rejects.toThrow('flag stands here already');
  await expect(rename('r1 = READ', 'smp_mb')).rejects.toThrow('has a meaning of its own');
  await expect(rename('r1 = READ', '1r')).rejects.toThrow('no name of C');
});

test('an object or a variable of a scenario gets a new name, where no other file can name it', async () => {
  const text = `C box
source: box.c
{
	struct box box = { .data = 1 };
}
P0 as box {
	/* box */
	publish(&box);
	data = box.data;
}
P1 {
	data = consume(&box);
}
never seen-early "box and data": (P1:data = 0 /\\ box.data = 1)
`;
  const path = await open('box.scenario', text);
  const renamed = async (words: string, newName: string) => {
    const answer = await client.request('textDocument/rename', {
      textDocument: { uri: uriOf(path) },
      position: positionOf(text, text.indexOf(words)),
      newName,
    });
    const { changes } = answer as {
      changes: Record<string, { range: { start: { line: number } } }[]>;
    };
    return changes[uriOf(path)]!.map(({ range }) => range.start.line);
  };
  expect(await renamed('box = {', 'chest')).toEqual([3, 5, 7, 8, 11, 13]);
  expect(await renamed('data = consume', 'seen')).toEqual([11, 13]);
  await expect(renamed('data = consume', 'box')).rejects.toThrow('box stands here already');
  await client.edit(path, 'source: box.c\n', 'source: box.c\ninclude: more.scenario\n');
  expect(
    await client.request('textDocument/rename', {
      textDocument: { uri: uriOf(path) },
      position: positionOf(client.textOf(path), client.textOf(path).indexOf('box = {')),
      newName: 'chest',
    }),
  ).toBeNull();
});

test('a test and a scenario are laid out', async () => {
  const format = async (path: string) => {
    const edits = await client.request('textDocument/formatting', {
      textDocument: { uri: uriOf(path) },
      options: { tabSize: 8, insertSpaces: false },
    });
    return edits as { newText: string }[];
  };
  expect(await format(await open('mp.litmus', MP))).toEqual([]);
  expect(
    await format(await open('mp.scenario', SCENARIO.replace('\tpublish', '    publish'))),
  ).toEqual([
    { newText: '\t', range: { start: { line: 4, character: 0 }, end: { line: 4, character: 4 } } },
  ]);
});

test('hover and completion of primitives', async () => {
  const path = await open('mp.litmus', MP);
  const at = (text: string, behind = 0) => ({
    textDocument: { uri: uriOf(path) },
    position: positionOf(client.textOf(path), client.textOf(path).indexOf(text) + behind),
  });
  expect(JSON.stringify(await client.request('textDocument/hover', at('smp_wmb')))).toContain(
    'write barrier',
  );
  const held = async (text: string) => {
    const found = await client.request('textDocument/hover', at(text));
    return (found as { contents: { value: string } }).contents.value;
  };
  expect(await held('buf, 1')).toBe('buf, a location: one of 0, 1');
  expect(await held('r1 = READ')).toBe('r1, a register of P1: one of 0, 1');
  await client.edit(path, '\tsmp_rmb();', '\tsmp_rmb();\n\tsmp_store_');
  const found = await client.request('textDocument/completion', at('smp_store_', 10));
  expect((found as { label: string }[]).map(({ label }) => label)).toContain('smp_store_release');
});

test('completion of a scenario: its language, its own names, and functions, structs and fields of the files around', async () => {
  await client.open(
    join(folder, 'box.c'),
    '#include <linux/compiler.h>\nstruct box { int full; };\nvoid publish(struct box *b) { smp_wmb(); WRITE_ONCE(b->full, 1); }\n',
  );
  const text = `C box
source: box.c
{
	struct box the_box = { };
}
P0 {
	publish(&the_box);
}
never early "seen": (P0:r = 1)
`;
  const path = await open('box.scenario', text);
  const typed = async (words: string) => {
    const typing = text.replace('\tpublish', `${words}\n\tpublish`);
    await client.edit(path, client.textOf(path), typing);
    const found = await client.request('textDocument/completion', {
      textDocument: { uri: uriOf(path) },
      position: positionOf(typing, typing.indexOf(`${words}\n`) + words.length),
    });
    return (found as { label: string }[]).map(({ label }) => label);
  };
  expect(await typed('\tpub')).toEqual(['publish']);
  expect(await typed('\tthe_')).toEqual(['the_box']);
  // The file beside it is read when the server comes to it.
  await expect.poll(() => typed('\tstruct b')).toEqual(['box']);
  expect(await typed('\tthe_box.fu')).toEqual(['full']);
  expect(await typed('\tsmp_w')).toContain('smp_wmb');
  expect(await typed('unr')).toEqual(['unroll:']);
});
