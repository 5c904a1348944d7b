/** What the bundled scenarios say of the files that are open: rows on barriers, violated invariants. */

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { nodeFileSystem } from '../../server/src/disk/node-file-system.ts';
import type { Violation } from '../../server/src/language-service/need-table.ts';
import { bundledNeeds, treesAround } from '../../server/src/language-service/scenario-trees.ts';
import { createSimulation } from '../../server/src/language-service/simulate-tree.ts';
import type { Page } from '../../server/src/language-service/table-page.ts';
import type { ExecutionView } from '../../server/src/lsp/protocol.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import { RFC_V2 } from '../support/scenario-tree.ts';
import { type Client, positionOf, startClient, uriOf } from './support/client.ts';

const clients: Client[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function copyOfSample(): string {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-scenarios-'));
  cpSync(RFC_V2, folder, { recursive: true });
  folders.push(folder);
  return folder;
}

/** A copy of the sample of RFC v2, opened as a folder. */
async function openSample() {
  const folder = copyOfSample();
  const client = await startClient(folder);
  clients.push(client);
  const open = async (name: string) => {
    const path = join(folder, name);
    await client.open(path, readFileSync(path, 'utf8'));
    return path;
  };
  return { client, open };
}

/** The hover on the first `primitive` in the function, as Markdown. */
async function hoverIn(client: Client, path: string, name: string, primitive: string) {
  const text = client.textOf(path);
  const body = text.search(new RegExp(`\\b${name}\\([^;{]*\\)\\s*\\{`));
  const hover = await client.request('textDocument/hover', {
    textDocument: { uri: uriOf(path) },
    position: positionOf(text, text.indexOf(`${primitive}(`, body)),
  });
  return JSON.stringify(hover);
}

function violations(client: Client, path: string) {
  return (client.diagnostics(path) ?? [])
    .filter(({ code }) => code === 'violated-invariant')
    .map((found) => ({ ...found, message: String(found.message) }));
}

/** Waits until all scenarios have answered for the present texts: rows come last. */
async function allAnswered(client: Client, path: string): Promise<void> {
  const textDocument = { uri: uriOf(path) };
  for (;;) {
    const lenses = JSON.stringify(await client.request('textDocument/codeLens', { textDocument }));
    if (lenses.includes('needed on') && !lenses.includes('↻ stale')) return;
    await setTimeout(50);
  }
}

test('the sample: rows in the hover of a barrier, and the invariant that reversing violates', async () => {
  const { client, open } = await openSample();
  const path = await open('transition.c');
  await allAnswered(client, path);

  const said = await hoverIn(client, path, 'klp_init_transition', 'smp_wmb');
  expect(said).toContain('**✓ needed on disable**');
  expect(said).toContain('Not needed on enable: also ordered by ');

  const reverse = violations(client, path).filter(({ message }) => message.includes('I4-at-rest'));
  expect(reverse.map(({ message }) => message)).toEqual([
    expect.stringMatching(/klp-reverse-disable-pending, klp-reverse-enable-pending\)/),
  ]);
  const [finding] = reverse;
  expect(finding!.severity).toBe(2);
  const steps = finding!.relatedInformation!.map(({ message }) => message);
  expect(steps).toContainEqual(expect.stringContaining('klp_target_state'));
  expect(
    steps.some((step) => step.startsWith('P0: ')) && steps.some((step) => step.startsWith('P1: ')),
  ).toBe(true);

  // Without the write barrier nothing keeps the new state before the new mark: I1 falls on this path.
  await client.edit(path, '\tsmp_wmb();\n', '');
  expect(await hoverIn(client, path, 'klp_init_transition', 'smp_wmb')).toContain('↻ stale');
  await client.until(() =>
    violations(client, path).some(({ message }) => /path disable .*I1-before/.test(message)),
  );
});

test('what a grace period kept apart is found in the file of the function that waited, and that no barrier is enough', async () => {
  const { client, open } = await openSample();
  const path = await open('transition.c');
  const completing = () =>
    violations(client, path).filter(
      ({ message }) =>
        message.includes('klp-complete-disable-live') && message.includes('no barrier is enough'),
    );
  await allAnswered(client, path);
  expect(completing()).toEqual([]);
  await client.edit(path, '\t\tsynchronize_rcu();\n', '');
  await client.until(() => completing().length > 0);
});

test('an edit that is undone brings back what was found before', async () => {
  const { client, open } = await openSample();
  const path = await open('transition.c');
  const messages = () => violations(client, path).map(({ message }) => message);
  await allAnswered(client, path);
  const before = messages();
  await client.edit(path, '\tsmp_wmb();\n', '\tsmp_mb__before_atomic();\n');
  await client.until(() => messages().length > before.length);
  await client.edit(path, '\tsmp_mb__before_atomic();\n', '\tsmp_wmb();\n');
  await allAnswered(client, path);
  expect(messages()).toEqual(before);
});

test('what a scenario can violate is told when it has answered, all in the end', async () => {
  const [tree] = await treesOf(join(copyOfSample(), 'transition.c'));
  const simulate = await createSimulation();
  const told: (readonly Violation[])[] = [];
  const run = new AbortController();
  const cancelled = await simulate(tree!, run.signal, (violations) => {
    told.push(violations);
    run.abort();
  });
  expect(cancelled).toBeUndefined();
  expect(told).toHaveLength(1);
  const whole = await simulate(tree!, new AbortController().signal, (some) => told.push(some));
  expect(told.slice(1).flat()).toEqual(whole!.violations);
});

test('the scenarios of an edited function are told first; the answer has all in their order', async () => {
  const folder = copyOfSample();
  const [handler, transition] = [join(folder, 'patch.c'), join(folder, 'transition.c')];
  const simulate = await createSimulation();
  const without = (file: string, ordinal: number, barrier: string) => {
    const parts = readFileSync(file, 'utf8').split(barrier);
    const kept = parts.flatMap((part, at) => (at === ordinal ? [part] : [barrier, part]));
    writeFileSync(file, kept.slice(1).join(''));
  };
  const answer = async (found?: (violations: readonly Violation[]) => void) => {
    const [tree] = await treesOf(transition);
    return (await simulate(tree!, new AbortController().signal, found))!.violations;
  };
  without(handler, 1, '\t\tsmp_rmb();\n');
  await answer();
  without(transition, 3, '\tsmp_wmb();\n');
  const told: Violation[] = [];
  const both = await answer((some) => told.push(...some));
  expect(told[0]!.path).toBe('reverse');
  expect(both[0]!.path).toBe('disable');
  expect(both).toHaveLength(told.length);
  expect(both).toEqual(expect.arrayContaining(told));
});

test('a run that is cancelled ends before its next scenario', async () => {
  const open = join(copyOfSample(), 'transition.c');
  const [tree] = await treesOf(open);
  const simulate = await createSimulation();
  const run = new AbortController();
  const cancelled = simulate(tree!, run.signal);
  run.abort();
  expect(await cancelled).toBeUndefined();
  const whole = await simulate(tree!, new AbortController().signal);
  expect(whole!.rows.length).toBeGreaterThan(0);
});

/** The trees around an open file that scenarios could speak of; `buffer` is its unsaved text. */
function treesOf(file: string, buffer?: string) {
  const textOf = (path: string) => (path === file ? buffer : undefined);
  const reading = { textOf, files: nodeFileSystem, maxFileSize: 1_000_000 };
  return treesAround([file], bundledNeeds(), reading);
}

test('where a file that the scenarios name is not there, nothing is simulated', async () => {
  const folder = copyOfSample();
  const open = join(folder, 'transition.c');
  expect((await treesOf(open)).map(({ root }) => root)).toEqual([folder]);
  rmSync(join(folder, 'patch.h'));
  expect(await treesOf(open)).toEqual([]);
});

test('of the open file the buffer counts, of the others what is on disk', async () => {
  const folder = copyOfSample();
  const open = join(folder, 'transition.c');
  const edited = `/* unsaved */${readFileSync(open, 'utf8')}`;
  const [tree] = await treesOf(open, edited);
  expect(tree!.texts.get('transition.c')).toBe(edited);
  expect(tree!.texts.get('patch.c')).toBe(readFileSync(join(folder, 'patch.c'), 'utf8'));
});

const linux = linuxSource();

test.skipIf(linux === undefined)(
  `of the kernel it is the root, also where only the folder is open (${WITHOUT_LINUX})`,
  async () => {
    const open = join(linux!, 'kernel/livepatch/patch.c');
    expect((await treesOf(open)).map(({ root }) => root)).toEqual([linux]);
  },
);

/** A writer and a reader without a write barrier, a scenario of them, and a client that has the C file open. */
async function openBox() {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-own-'));
  folders.push(folder);
  const file = join(folder, 'box.c');
  const scenario = join(folder, 'tests', 'box.scenario');
  mkdirSync(join(folder, 'tests'));
  writeFileSync(
    file,
    `struct box { int data; int flag; };
void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	WRITE_ONCE(b->flag, 1);
}
int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	smp_rmb();
	return READ_ONCE(b->data);
}
`,
  );
  const text = `C box
source: box.c
{ struct box the_box = { }; }
P0 { publish(&the_box); }
P1 { seen = consume(&the_box); }
never half "half a box is seen": (P1:seen = 0)
`;
  writeFileSync(scenario, text);
  const client = await startClient(folder);
  clients.push(client);
  await client.open(file, readFileSync(file, 'utf8'));
  return { client, file, scenario, text };
}

test("a scenario of the user's is run for the files that it names, again when it changes on disk", async () => {
  const { client, file, scenario, text } = await openBox();
  await client.until(() => violations(client, file).length === 1);
  expect(violations(client, file)[0]!.message).toContain('half a box is seen (half in box)');
  writeFileSync(scenario, text.replace('seen = 0', 'seen = 2'));
  const changes = [{ uri: uriOf(scenario), type: 2 }];
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
  await client.until(() => violations(client, file).length === 0);
});

test('what the editor shows of a scenario counts, saved or not', async () => {
  const { client, file, scenario, text } = await openBox();
  await client.until(() => violations(client, file).length === 1);
  await client.open(scenario, text);
  await client.edit(scenario, 'seen = 0', 'seen = 2');
  await client.until(() => violations(client, file).length === 0);
  await client.edit(scenario, 'seen = 2', 'seen = 0');
  await client.until(() => violations(client, file).length === 1);
  await client.edit(scenario, 'half a box', 'an empty box');
  await client.until(() => /an empty box is seen/.test(violations(client, file)[0]?.message ?? ''));
  await client.connection.sendNotification('textDocument/didClose', {
    textDocument: { uri: uriOf(scenario) },
  });
  await client.until(() => /half a box is seen/.test(violations(client, file)[0]?.message ?? ''));
});

test('the table of the scenarios, of the text as it is in the editor', async () => {
  const { client, open } = await openSample();
  const path = await open('transition.c');
  const asked = async () => {
    const view = (await client.request('barrierlens/table', { uri: uriOf(path) })) as ExecutionView;
    const [, data = ''] = /id="page">(.*?)<\/script>/s.exec(view.html)!;
    return { view, page: JSON.parse(data) as Page };
  };
  const { view, page } = await asked();
  expect(view.title).toBe('The livepatch transition');
  const row = page.rows.find(({ name }) => name.endsWith('klp_init_transition() smp_wmb()'))!;
  const cell = row.cells[page.paths.indexOf('disable')]!;
  expect(cell.text).toBe('needed for I1-before-the-switch');
  const [{ at } = { at: -1 }] = cell.executions;
  expect(view.html).toContain(`<button type="button" data-execution="${at}"`);
  const { steps } = page.executions[at]!;
  const files = steps.flatMap(({ excerpt }) => page.excerpts[excerpt ?? -1]?.file ?? []);
  expect(files).toContain(uriOf(path));

  await client.edit(path, '\tsmp_wmb();\n', '');
  const without = (await asked()).page;
  expect(without.rows.map(({ name }) => name)).not.toContain(row.name);
  expect(without.violated.length).toBeGreaterThan(page.violated.length);
});

test('a file of which no scenario speaks has no table', async () => {
  const { client, open } = await openSample();
  const path = await open('transition.c');
  const uri = uriOf(path.replace('transition.c', 'README.md'));
  expect(await client.request('barrierlens/table', { uri })).toBeNull();
});
