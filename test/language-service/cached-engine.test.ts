/** What an engine finds again, and what makes it ask anew. */

import { expect, test } from 'vitest';
import { cachedEngine } from '../../server/src/language-service/cached-engine.ts';
import type { Engine } from '../../server/src/language-service/engine.ts';
import { createHost, type Host } from '../../server/src/language-service/host.ts';
import { createEngine } from '../../server/src/language-service/node-engine.ts';

const WRITER = `struct box { int data; int flag; };
void publish(struct box *b) { WRITE_ONCE(b->data, 1); smp_wmb(); WRITE_ONCE(b->flag, 1); }
`;
const READER = `#include "box.h"
int consume(struct box *b) { if (!READ_ONCE(b->flag)) return 0; read_order(); return READ_ONCE(b->data); }
`;
const HEADER = `struct box { int data; int flag; };
static inline void read_order(void) { smp_rmb(); }
`;

/** Hosts that share a memory, and what their engines really did. */
async function sharing() {
  const values = new Map<string, unknown>();
  const done = { facts: 0, verdicts: 0 };
  const plain = await createEngine();
  const counting: Engine = {
    ...plain,
    facts: (...asked) => {
      done.facts++;
      return plain.facts(...asked);
    },
    verdict: (...asked) => {
      done.verdicts++;
      return plain.verdict(...asked);
    },
  };
  const memory = {
    get: (key: readonly string[]) => structuredClone(values.get(key.join('\n'))),
    put: (key: readonly string[], value: unknown) =>
      void values.set(key.join('\n'), structuredClone(value)),
  };
  const host = () =>
    createHost({ engine: cachedEngine(counting, memory), inKernelTree: () => true });
  return { host, done };
}

/** Reads the texts and solves everything; what is shown of each file. */
function answers(host: Host, header: string, writer = WRITER): readonly unknown[] {
  host.headers.put('/box.h', header);
  host.apply([
    { kind: 'disk', path: '/box.h', text: header },
    { kind: 'disk', path: '/writer.c', text: writer },
    { kind: 'disk', path: '/reader.c', text: READER },
  ]);
  const files = ['/box.h', '/writer.c', '/reader.c'];
  while (host.work(new Set(files)) !== undefined);
  const snapshot = host.snapshot();
  return files.flatMap((file) => [snapshot.lenses(file), snapshot.diagnostics(file)]);
}

test('the same texts in another process: nothing is done again, and the same is shown', async () => {
  const { host, done } = await sharing();
  const first = answers(host(), HEADER);
  const before = { ...done };
  expect(before.verdicts).toBeGreaterThan(0);
  expect(answers(host(), HEADER)).toEqual(first);
  expect(done).toEqual(before);
});

test('a header is another: what includes it is asked anew, and back again it is not', async () => {
  const { host, done } = await sharing();
  const first = answers(host(), HEADER);
  const before = { ...done };
  answers(host(), HEADER.replace('smp_rmb()', 'barrier()'));
  expect(done.facts).toBe(before.facts + 2);
  const then = { ...done };
  expect(answers(host(), HEADER)).toEqual(first);
  expect(done).toEqual(then);
});

test('one file is another: the verdict that looked at it is found anew', async () => {
  const { host, done } = await sharing();
  answers(host(), HEADER);
  const before = { ...done };
  answers(host(), HEADER, WRITER.replace('smp_wmb()', 'smp_mb()'));
  expect(done.facts).toBe(before.facts + 1);
  expect(done.verdicts).toBeGreaterThan(before.verdicts);
});
