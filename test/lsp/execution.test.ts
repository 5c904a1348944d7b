/** What an editor shows behind a verdict: the execution with links to its lines, and the litmus test. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dispatch } from '../../server/src/cli/dispatch.ts';
import type { PlayerPage } from '../../server/src/language-service/player-page.ts';
import { parseLitmus } from '../../server/src/litmus/parse.ts';
import type { ExecutionView, LitmusExport } from '../../server/src/lsp/protocol.ts';
import { check } from '../../server/src/search/check.ts';
import { type Client, positionOf, startClient, uriOf } from './support/client.ts';

const BOX = `#include <linux/types.h>
struct box { int data; int flag; };
void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	/* Pairs with smp_rmb() in consume(). */
	smp_wmb();
	WRITE_ONCE(b->flag, 1);
}
int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	/* Pairs with smp_wmb() in publish(). */
	smp_rmb();
	return READ_ONCE(b->data);
}
`;

/** What is written depends on a setting and on a list, and the reader is behind a lookup: nobody knows any of them. */
const TASKS = `#include <linux/list.h>
struct task { int state; struct list_head tasks; };
struct func { int transition; };
struct list_head all;
int immediate;
void init_transition(struct func *f, int state)
{
	struct task *t;

	if (immediate)
		return;
	list_for_each_entry(t, &all, tasks)
		WRITE_ONCE(t->state, state);
	/* Pairs with smp_rmb() in handler(). */
	smp_wmb();
	WRITE_ONCE(f->transition, 1);
}
int handler(struct func *f, struct task *t, int known)
{
	if (!known || !READ_ONCE(f->transition))
		return -1;
	/* Pairs with smp_wmb() in init_transition(). */
	smp_rmb();
	return READ_ONCE(t->state);
}
`;

const folder = mkdtempSync(join(tmpdir(), 'barrierlens-execution-'));
const file = join(folder, 'box.c');
let client: Client;

beforeAll(async () => {
  writeFileSync(file, BOX);
  client = await startClient(folder);
  await client.open(file, BOX);
});
afterAll(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

function at(text: string) {
  return { uri: uriOf(file), position: positionOf(BOX, BOX.indexOf(text)) };
}

/** Asks until there is an answer: pairings are solved in the background. */
async function answer<Answer>(method: string, text: string): Promise<Answer> {
  let found: unknown = null;
  await expect
    .poll(async () => {
      found = await client.request(method, at(text));
      return found;
    })
    .not.toBeNull();
  return found as Answer;
}

test('the execution that the read barrier forbids: steps on the source of both functions', async () => {
  const view = await answer<ExecutionView>('barrierlens/execution', 'smp_rmb();');
  expect(view.title).toBe('Without smp_rmb() in consume()');
  expect(view.picture).toContain('<svg');
  const [, data = ''] = /<script type="application\/json" id="page">([^<]*)</.exec(view.html)!;
  const { executions, excerpts } = JSON.parse(data) as PlayerPage;
  const [first] = executions;
  const lines = BOX.split('\n');
  const told = first!.steps.map(({ thread, excerpt, line, message, isStale }) => [
    `P${thread}`,
    excerpts[excerpt!]!.title,
    lines[line - 1]!.trim(),
    message,
    isStale,
  ]);
  expect(told.filter(([, , , message]) => !String(message).endsWith('()'))).toEqual([
    ['P0', 'box.c publish()', 'WRITE_ONCE(b->data, 1);', 'writes box.data = 1', false],
    ['P0', 'box.c publish()', 'WRITE_ONCE(b->flag, 1);', 'writes box.flag = 1', false],
    ['P1', 'box.c consume()', 'if (!READ_ONCE(b->flag))', 'reads box.flag = 1, from P0', false],
    [
      'P1',
      'box.c consume()',
      'return READ_ONCE(b->data);',
      'reads box.data = 0, a value that has been overwritten',
      true,
    ],
  ]);
  for (const { file: address, line, lines: shown } of excerpts) {
    expect(address).toBe(uriOf(file));
    expect(lines.slice(line - 1, line - 1 + shown.length)).toEqual(shown);
  }
  expect(first!.without.map(({ name, line }) => [name, lines[line - 1]!.trim()])).toEqual([
    ['smp_rmb() in consume()', 'smp_rmb();'],
  ]);
});

test('the page runs no script of its own, and what it shows of the source is text', async () => {
  const { html, script } = await answer<ExecutionView>('barrierlens/execution', 'smp_rmb();');
  expect(html.match(/<script[^>]*>/g)).toEqual(['<script type="application/json" id="page">']);
  expect(html).toContain('<dt><code>rf</code></dt><dd>the second reads what the first wrote</dd>');
  expect(html).not.toContain('<code>rmw</code>');
  expect(html).not.toMatch(/\son\w+=|javascript:/);
  expect(script).not.toMatch(/innerHTML|eval|https?:/);
});

test('the litmus test says what the pairing is there for: it never happens', async () => {
  const { name, text } = await answer<LitmusExport>('barrierlens/litmus', 'smp_wmb();');
  expect(name).not.toBe('');
  const { program, problems } = parseLitmus(text);
  expect(problems).toEqual([]);
  expect(check(program!).observation).toBe('Never');
});

test('what nobody knows is in the litmus test as in the execution that it is about', async () => {
  const tasks = join(folder, 'tasks.c');
  writeFileSync(tasks, TASKS);
  await client.open(tasks, TASKS);
  const position = positionOf(TASKS, TASKS.indexOf('smp_wmb();'));
  let found: unknown = null;
  await expect
    .poll(async () => {
      found = await client.request('barrierlens/litmus', { uri: uriOf(tasks), position });
      return found;
    })
    .not.toBeNull();
  const { text } = found as LitmusExport;
  const { program } = parseLitmus(text);
  expect(program!.threads).toHaveLength(2);
  expect(check(program!).observation).toBe('Never');
  const without = parseLitmus(text.replace('smp_wmb();', '')).program!;
  expect(check(without).observation).toBe('Sometimes');
});

test('where there is no barrier there is nothing to show', async () => {
  expect(await client.request('barrierlens/execution', at('struct box {'))).toBeNull();
  expect(await client.request('barrierlens/litmus', at('struct box {'))).toBeNull();
});

test('the lamp opens the execution, in a client that can show it', async () => {
  const showing = await startClient(folder, {}, { showsExecutions: true });
  await showing.open(file, BOX);
  const { uri, position } = at('smp_rmb();');
  const titles = async (asked: Client) => {
    const actions = await asked.request('textDocument/codeAction', {
      textDocument: { uri },
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
    return (actions as { title: string; command?: { arguments: unknown } }[]).flatMap(
      ({ title, command }) => (command === undefined ? [] : [[title, command.arguments]]),
    );
  };
  await expect.poll(() => titles(showing)).toEqual([['Show the execution', [{ uri, position }]]]);
  expect(await titles(client)).toEqual([]);
  await showing.close();
});

test('a hover does not link to a command that the client does not have', async () => {
  await answer('barrierlens/execution', 'smp_rmb();');
  const { uri, position } = at('smp_rmb();');
  const hover = await client.request('textDocument/hover', { textDocument: { uri }, position });
  expect(JSON.stringify(hover)).not.toContain('command:');
});

test('a scenario to begin with for the barrier and its partner, which runs as it stands', async () => {
  const text = await answer<string>('barrierlens/scenario', 'smp_wmb');
  expect(text).toMatch(/^C publish\n"publish\(\) and consume\(\) at the same time\."/);
  expect(text).toContain('source: box.c\n');
  const scenario = join(folder, 'box.scenario');
  writeFileSync(scenario, text);
  const said: string[] = [];
  const output = {
    write: (words: string) => said.push(words),
    warn: (words: string) => said.push(words),
  };
  expect(await dispatch(['simulate', scenario, '--tree', folder], output), said.join('')).toBe(0);
});
