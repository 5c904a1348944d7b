/** Proofs in a thread of their own are those that the session would find itself, for the texts that it asked about. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createHost, type Host } from '../../server/src/language-service/host.ts';
import { createEngine } from '../../server/src/language-service/node-engine.ts';
import { createProofThread } from '../../server/src/language-service/node-proof-thread.ts';
import { programOf } from '../support/program.ts';

const engine = await createEngine();
const folder = mkdtempSync(join(tmpdir(), 'barrierlens-proofs-'));
const proofs = createProofThread(
  { verdict: () => expect.unreachable('asked here') },
  { bundle: programOf('server/src/language-service/node-proof-worker.ts') },
);

afterAll(() => {
  proofs.stop();
  rmSync(folder, { recursive: true });
});

const TEXTS = {
  'box.h': '#define READY 1\nstruct box { int data; int flag; };\n',
  'writer.c': `#include "box.h"
void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	smp_wmb(); /* Pairs with smp_rmb() in consume(). */
	WRITE_ONCE(b->flag, READY);
}
`,
  'reader.c': `#include "box.h"
int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	smp_rmb();
	return READ_ONCE(b->data);
}
`,
};
const FILES = ['/t/writer.c', '/t/reader.c'];

/** The texts of a host as they were edited. */
const texts = new WeakMap<Host, Map<string, string>>();

/** A writer and a reader with their header. */
function sample(): Host {
  const host = createHost({ engine, inKernelTree: () => true });
  texts.set(host, new Map(Object.entries(TEXTS).map(([name, text]) => [`/t/${name}`, text])));
  for (const [name, text] of Object.entries(TEXTS)) {
    const path = `/t/${name}`;
    if (name.endsWith('.h')) host.headers.put(path, text);
    else host.apply([{ kind: 'disk', path, text }]);
  }
  return host;
}

/** All that is said of the barriers of the sample. */
function said(host: Host) {
  const snapshot = host.snapshot();
  return FILES.map((file) => [snapshot.explanations(file), snapshot.lenses(file)]);
}

function edit(host: Host, name: string, old: string, text: string): void {
  const path = `/t/${name}`;
  const before = texts.get(host)!.get(path)!;
  expect(before).toContain(old);
  const after = before.replace(old, text);
  texts.get(host)!.set(path, after);
  if (name.endsWith('.h')) {
    host.headers.put(path, after);
    host.apply(FILES.map((file) => ({ kind: 'headers', path: file })));
  } else host.apply([{ kind: 'buffer', path, text: after }]);
}

/** Has all proofs made in the thread; `meanwhile` is called while the first one is being made. */
async function proveInThread(host: Host, meanwhile?: () => void): Promise<number> {
  let count = 0;
  for (const focus = new Set(FILES); ; count++) {
    const next = host.nextProof(focus);
    if (next === undefined) return count;
    const proof = proofs.prove(next);
    if (count === 0) meanwhile?.();
    host.proved(next, await proof);
  }
}

/** Each changes what the execution without a barrier tells, but the last, which only moves it. */
const EDITS = [
  ['box.h', '', ''],
  ['box.h', 'READY 1', 'READY 2'],
  ['writer.c', 'b->data, 1', 'b->data, 3'],
  ['reader.c', 'int consume', '/* moved */\n\nint consume'],
] as const;

test('a pairing over two files with a header, and edits of each', async () => {
  const [here, there] = [sample(), sample()];
  for (const [file, old, text] of EDITS) {
    for (const host of [here, there]) edit(host, file, old, text);
    while (here.work(new Set(FILES)) !== undefined);
    await proveInThread(there);
    expect(said(there)).toEqual(said(here));
    expect(JSON.stringify(said(there))).toContain('✓ needed · ');
  }
});

test('an edit while a proof is made: it speaks of the text before', {}, async () => {
  const [here, there] = [sample(), sample()];
  const [file, old, text] = EDITS[1];
  edit(here, file, old, text);
  while (here.work(new Set(FILES)) !== undefined);
  await proveInThread(there, () => edit(there, file, old, text));
  expect(said(there)).toEqual(said(here));
});

test('a thread that breaks off leaves no verdict, and the next question has a new one', async () => {
  const bundle = join(folder, 'broken.cjs');
  const working = JSON.stringify(programOf('server/src/language-service/node-proof-worker.ts'));
  const once = JSON.stringify(join(folder, 'was-here'));
  writeFileSync(
    bundle,
    `const { existsSync, writeFileSync } = require('node:fs');
    if (existsSync(${once})) require(${working});
    else require('node:worker_threads').parentPort.on('message', () => {
      writeFileSync(${once}, '');
      throw new Error('out of order');
    });`,
  );
  const breaking = createProofThread(engine, { bundle });
  const next = sample().nextProof(new Set(FILES))!;
  const { check } = await breaking.prove(next);
  expect(check.verdict).toMatchObject({
    kind: 'unknown',
    reason: 'the proof broke off: out of order',
  });
  expect(await breaking.prove(next)).toEqual(engine.verdict(next.question, next.sources));
  breaking.stop();
});
