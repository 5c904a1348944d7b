/** What the status bar says: what is going on, what is missing, and no tick while anything is. */

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { SiteAnswer } from '../../server/src/language-service/site-answer.ts';
import type { Status } from '../../server/src/lsp/protocol.ts';
import { statusOf } from '../../server/src/lsp/status.ts';
import { type Client, startClient, uriOf } from './support/client.ts';

const IDLE = { proving: 0, isSimulating: false };
const NEEDED: SiteAnswer = { kind: 'needed', on: [], currency: 'current' };
const STALE: SiteAnswer = { kind: 'needed', on: [], currency: 'stale' };
const OPEN: SiteAnswer = { kind: 'open', on: ['enable'], currency: 'current' };

test.each([
  [IDLE, [NEEDED], 0, [], 'current', ''],
  [
    { ...IDLE, reading: { read: 12, total: 60 } },
    [NEEDED],
    0,
    [],
    'running',
    'reading 12 of 60 files',
  ],
  [
    { ...IDLE, reading: { read: 12, total: 60, secondsLeft: 40 } },
    [NEEDED],
    0,
    [],
    'running',
    'reading 12 of 60 files, 40 s left',
  ],
  [
    { ...IDLE, reading: { read: 12, total: 6000, secondsLeft: 290 } },
    [NEEDED],
    0,
    [],
    'running',
    'reading 12 of 6000 files, 5 min left',
  ],
  [{ ...IDLE, opened: 1 }, [], 0, [], 'running', 'looking at 1 open file'],
  [{ ...IDLE, reading: { read: 80, total: 60 } }, [NEEDED], 0, [], 'running', 'reading, 80 files'],
  [{ ...IDLE, proving: 3 }, [NEEDED], 2, [], 'running', 'proving, 3 left'],
  [{ ...IDLE, isSimulating: true }, [NEEDED], 0, [], 'running', 'simulating scenarios'],
  [IDLE, [NEEDED], 1, [], 'warned', '1 warning'],
  [IDLE, [NEEDED, STALE], 0, [], 'stale', '1 stale'],
  [IDLE, [NEEDED, OPEN], 0, [], 'incomplete', '1 not known'],
  [IDLE, [NEEDED], 0, ['a.c: a binary file'], 'incomplete', ''],
] as const)('%j, %j, %i warnings, %j: %s', (work, answers, warnings, troubles, state, text) => {
  const status = statusOf(work, answers, warnings, troubles);
  expect(status).toMatchObject({ state, text });
  expect(status.why.length).toBeGreaterThan(state === 'current' ? 0 : 1);
});

const clients: Client[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const SAMPLE = join(import.meta.dirname, '../livepatch/rfc-v2');

/** The sample, all its files open. */
async function openSample() {
  const folder = await mkdtemp(join(tmpdir(), 'barrierlens-status-'));
  folders.push(folder);
  await cp(SAMPLE, folder, { recursive: true });
  const client = await startClient(folder);
  clients.push(client);
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.c')))
    await client.open(join(folder, name), readFileSync(join(folder, name), 'utf8'));
  return { client, path: join(folder, 'transition.c') };
}

/** What was said last; undefined before anything was. */
function lastStatus({ log }: Client): Status | undefined {
  const said = log.filter(({ method }) => method === 'barrierlens/status');
  return said.at(-1)?.params as Status | undefined;
}

/** The status, once the server has been idle for as long as it pauses. */
async function settled(client: Client): Promise<Status> {
  for (;;) {
    const before = client.log.length;
    await setTimeout(700);
    const status = lastStatus(client);
    if (before === client.log.length && status !== undefined && status.state !== 'running')
      return status;
  }
}

/** The status once the server is idle and says what is waited for; on a busy machine it may pause before it has begun. */
async function settledWhere(client: Client, isIt: (status: Status) => boolean): Promise<Status> {
  for (let tries = 0; ; tries++) {
    const status = await settled(client);
    if (isIt(status) || tries === 60) return status;
  }
}

async function lensTitles(client: Client, path: string): Promise<readonly string[]> {
  const lenses = await client.request('textDocument/codeLens', {
    textDocument: { uri: uriOf(path) },
  });
  return (lenses as { command: { title: string } }[]).map(({ command }) => command.title);
}

test('nothing is called current before its answers were looked at', {}, async () => {
  const { client } = await openSample();
  await settledWhere(client, ({ state }) => state === 'warned');
  const states = client.log.flatMap(({ method, params }) =>
    method === 'barrierlens/status' ? [(params as Status).state] : [],
  );
  expect(states[0]).toBe('running');
  expect(states).not.toContain('current');
});

test('the sample is warned about, and a half-typed statement empties no answer', {}, async () => {
  const { client, path } = await openSample();
  const first = await settledWhere(client, ({ text }) => text === '3 warnings');
  expect(first).toMatchObject({ state: 'warned', text: '3 warnings' });
  const before = await lensTitles(client, path);
  await client.edit(
    path,
    '\tklp_target_state = ',
    '\tif (klp_target_state) what_is = ;\n\tklp_target_state = ',
  );
  const status = await settledWhere(client, ({ why }) =>
    why.some((line) => line.includes('I1-before-the-switch')),
  );
  expect(['warned', 'incomplete', 'stale']).toContain(status.state);
  const after = await lensTitles(client, path);
  expect(after).toHaveLength(before.length);
  for (const title of after) expect(title).toMatch(/^[✓✗○?↻] /);
  const open = after.filter((title) => /^\? not modelled: transition\.c:\d+ /.test(title));
  expect(open).toHaveLength(2);
  expect(status.why).toContainEqual(
    expect.stringMatching(/^transition\.c:\d+: I1-before-the-switch/),
  );
});
