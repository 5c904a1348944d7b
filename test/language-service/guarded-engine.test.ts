/** A mistake of ours in one file or one simulation leaves the rest standing, and is told. */

import { expect, test } from 'vitest';
import type { Engine } from '../../server/src/language-service/engine.ts';
import { guardedEngine } from '../../server/src/language-service/guarded-engine.ts';
import { createHost } from '../../server/src/language-service/host.ts';
import { createEngine } from '../../server/src/language-service/node-engine.ts';

const TEXT = `struct box { int data; int flag; };
void publish(struct box *b) { WRITE_ONCE(b->data, 1); smp_wmb(); WRITE_ONCE(b->flag, 1); }
int consume(struct box *b) { if (!READ_ONCE(b->flag)) return 0; smp_rmb(); return READ_ONCE(b->data); }
`;

/** A host over two files, and what was reported while it answered. */
async function answersOf(broken: Partial<Engine>) {
  const reports: string[] = [];
  const engine = await createEngine();
  const host = createHost({
    engine: guardedEngine({ ...engine, ...broken }, (message) => reports.push(message)),
  });
  host.apply([
    { kind: 'disk', path: '/a.c', text: TEXT },
    { kind: 'disk', path: '/bad.c', text: TEXT.replaceAll('box', 'other') },
  ]);
  while (host.work(new Set(['/a.c'])) !== undefined);
  const lenses = host
    .snapshot()
    .lenses('/a.c')
    .map(({ title }) => title);
  return { reports, lenses };
}

test('a file that cannot be read', async () => {
  const engine = await createEngine();
  const { reports, lenses } = await answersOf({
    facts: (file, text, headers) => {
      if (file === '/bad.c') throw new Error('no idea');
      return engine.facts(file, text, headers);
    },
  });
  expect(reports).toEqual([expect.stringMatching(/^reading \/bad\.c failed: .*no idea/)]);
  expect(lenses[0]).toMatch(/^✓ needed · pairs with consume\(\)$/);
});

test('a simulation that breaks down is no verdict', async () => {
  const { reports, lenses } = await answersOf({
    verdict: () => {
      throw new Error('no idea');
    },
  });
  expect(reports).not.toEqual([]);
  for (const each of reports) expect(each).toMatch(/^simulating .* failed: .*no idea/);
  expect(lenses[0]).toMatch(/^\? not known · may pair with consume\(\)$/);
});
