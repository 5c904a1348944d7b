/** What `check --stats` counts. */

import { expect, test, vi } from 'vitest';
import { folderWith, publishAndConsume, run } from './support/run.ts';

test('files, barriers with their partners, verdicts and findings are counted, on stderr alone', async () => {
  vi.stubEnv('BARRIERLENS_CACHE', '');
  const files = publishAndConsume();
  const alone =
    '#include <linux/types.h>\nstruct tub { int a; int b; };\nvoid f(struct tub *t) { t->a = 1; smp_wmb(); t->b = 1; }\n';
  const folder = folderWith({
    ...files,
    'alone.c': alone,
    'none.c': 'int g(void) { return 0; }\n',
  });
  const plain = await run('check', folder);
  const counted = await run('check', folder, '--stats');
  vi.unstubAllEnvs();
  expect(counted.out).toBe(plain.out);
  expect(counted.code).toBe(plain.code);
  const [read, barriers, simulated, findings, spent] = counted.err.split('\n');
  expect(read).toBe('files analysed: 3, with barriers: 3');
  expect(barriers).toBe('barriers: 3, with a partner: 2 (claimed 2, inferred 2)');
  expect(simulated).toBe(
    'pairings simulated: 1 (needed 1, redundant 0, idle 0, broken 0, unknown 0)',
  );
  expect(findings).toBe('findings: 0');
  expect(spent).toMatch(/^spent: \d+\.\d s of CPU in \d+\.\d s, \d+ MB$/);
});

test('they are counted again where nothing has changed', async () => {
  const folder = folderWith(publishAndConsume());
  const { err } = await run('check', folder, '--stats');
  expect((await run('check', folder, '--stats')).err.split('\n')[1]).toBe(err.split('\n')[1]);
});
