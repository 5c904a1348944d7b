/** What a team has agreed on holds in the editor, and follows the file. */

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiagnosticSeverity } from 'vscode-languageserver/node';
import { folderWith } from '../cli/support/run.ts';
import { type Client, startClient, uriOf } from './support/client.ts';

const STRAY = `struct box { int data; int flag; };
int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	/* Pairs with smp_wmb() in nobody(). */
	smp_rmb();
	return READ_ONCE(b->data);
}
`;

let tree: string;
let client: Client | undefined;

beforeEach(() => {
  tree = folderWith({
    Kbuild: '',
    Kconfig: '',
    'include/linux/types.h': '',
    'kernel/box.c': STRAY,
  });
});
afterEach(async () => {
  await client?.close();
  rmSync(tree, { recursive: true, force: true });
});

const file = () => join(tree, 'kernel/box.c');
const projectFile = () => join(tree, '.barrierlens.toml');

/** What the client is shown of the C file's claim: its severity, or nothing. */
function shown(): readonly (DiagnosticSeverity | undefined)[] {
  return (client?.diagnostics(file()) ?? [])
    .filter(({ code }) => code === 'unresolved-claim')
    .map(({ severity }) => severity);
}

async function open(folder: string, configuration: object = {}): Promise<Client> {
  client = await startClient(folder, configuration);
  await client.open(file(), STRAY);
  return client;
}

async function write(text: string | undefined): Promise<void> {
  if (text === undefined) rmSync(projectFile());
  else writeFileSync(projectFile(), text);
  const changes = [{ uri: uriOf(projectFile()), type: text === undefined ? 3 : 2 }];
  await client!.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
}

test('levels and exclusions of the file above the opened folder, before and after it changes', async () => {
  writeFileSync(projectFile(), '[levels]\nunresolved-claim = "error"\n');
  const { until } = await open(join(tree, 'kernel'), {
    diagnostics: { 'unresolved-claim': 'hint' },
  });
  await until(() => shown()[0] === DiagnosticSeverity.Error);
  await write('[levels]\nunresolved-claim = "information"\n');
  await until(() => shown()[0] === DiagnosticSeverity.Information);
  await write('exclude = ["kernel"]\n');
  await until(() => shown().length === 0);
  await write('exclude = ["mm"]\n');
  await until(() => shown()[0] === DiagnosticSeverity.Hint);
  await write('[levels]\nunresolved-claim = "off"\n');
  await until(() => shown().length === 0);
  await write(undefined);
  await until(() => shown()[0] === DiagnosticSeverity.Hint);
});

test('what is wrong in it is shown in it, until it is right or gone', async () => {
  const { until, diagnostics } = await open(tree);
  await until(() => shown().length === 1);
  await write('# ours\nexlude = ["kernel"]\nscenarios = ["gone.scenario", "../x.scenario"]\n');
  await until(() => diagnostics(projectFile())?.length === 3);
  const told = diagnostics(projectFile())!.map(
    ({ message, range }) => `${range.start.line + 1}: ${message}`,
  );
  expect(told).toEqual([
    '2: there is no setting "exlude"; "exclude" is near',
    '3: ../x.scenario does not lie below the folder of this file',
    expect.stringMatching(/^3: gone\.scenario: /),
  ]);
  expect(shown()).toHaveLength(1);
  await write('[[[');
  await until(() => /no TOML/.test(String(diagnostics(projectFile())?.[0]?.message)));
  await write('exclude = ["kernel"]\n');
  await until(() => diagnostics(projectFile())?.length === 0 && shown().length === 0);
  await write('= = =');
  await until(() => diagnostics(projectFile())?.length === 1 && shown().length === 1);
  await write(undefined);
  await until(() => diagnostics(projectFile())?.length === 0);
});

test('operations of its own are known as soon as it says so', async () => {
  const text = STRAY.replace('smp_rmb();', 'box_rmb();').replace('smp_wmb() in nobody()', 'f()');
  client = await startClient(tree);
  const { until, request } = client;
  await client.open(file(), text);
  const lenses = async () =>
    JSON.stringify(
      await request('textDocument/codeLens', { textDocument: { uri: uriOf(file()) } }),
    );
  expect(await lenses()).toBe('[]');
  await write('[operations]\n"box_rmb()" = "smp_rmb()"\n');
  await until(() => shown().length === 1);
  expect(await lenses()).toContain('f()');
  await write('[operations]\n"box_wmb()" = "smp_rmb()"\n');
  await until(() => shown().length === 0);
  expect(await lenses()).toBe('[]');
});

test('a scenario that it names is run for the open file', async () => {
  const scenario = join(tree, '.team-box.scenario');
  writeFileSync(
    scenario,
    `C box
source: kernel/box.c
{ struct box the_box = { }; }
P0 { WRITE_ONCE(the_box.data, 1); WRITE_ONCE(the_box.flag, 1); }
P1 { seen = consume(&the_box); }
never half "half a box is seen": (P1:seen = 0)
`,
  );
  writeFileSync(projectFile(), 'scenarios = [".team-box.scenario"]\n');
  const { until, diagnostics } = await open(join(tree, 'kernel'));
  await until(
    () => diagnostics(file())?.some(({ code }) => code === 'violated-invariant') === true,
  );
});
