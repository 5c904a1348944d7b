/** What files have by including and by being included: `kernel/sched/rt.c` and its like, and headers in two halves. */

import { expect, test } from 'vitest';
import { fieldName } from '../../server/src/facts/file-facts.ts';
import { createHost } from '../../server/src/language-service/host.ts';
import { indexTree } from '../../server/src/language-service/index-tree.ts';
import { createEngine } from '../../server/src/language-service/node-engine.ts';
import { memoryFileSystem } from './support/memory-file-system.ts';

const engine = await createEngine();

/** The fields that the barrier of a file orders. */
async function fieldsIn(path: string, files: Readonly<Record<string, string>>) {
  const host = createHost({ engine, inKernelTree: () => true });
  await indexTree({
    host,
    files: memoryFileSystem(files),
    roots: ['/k'],
    surroundings: false,
    maxFiles: 100,
    maxFileSize: 100_000,
    cancelled: () => false,
    foundKernel: () => undefined,
    progress: () => undefined,
  });
  const [site] = host.snapshot().moment.tree.facts(path)!.sites;
  return site!.orders.flatMap(({ before, after }) =>
    [...before, ...after].map(({ field }) => fieldName(field)),
  );
}

const FILES = {
  '/k/Kbuild': '',
  '/k/Kconfig': '',
  '/k/include/linux/types.h': '',
  '/k/sched.h': 'struct root { int mask; int count; };\nstruct rq { struct root *rd; };\n',
  '/k/rt.c': 'void set(struct rq *rq) { rq->rd->mask = 1; smp_wmb(); rq->rd->count = 1; }\n',
};
const INCLUDER = '#include "sched.h"\n#include "rt.c"\n';

test.each([
  ['before it is read', '/k/build.c'],
  ['after it was read', '/k/z_build.c'],
])('have the types of what includes them, which is known %s', async (_, includer) => {
  const fields = await fieldsIn('/k/rt.c', { ...FILES, [includer]: INCLUDER });
  expect(fields).toContain('root.mask');
  expect(fields).toContain('root.count');
});

test('have none where nobody includes them', async () => {
  expect(await fieldsIn('/k/rt.c', FILES)).not.toContain('root.mask');
});

const NAMING = `#include <linux/rq.h>\nstruct root { int mask; int count; };\n${FILES['/k/rt.c']}`;

test.each([
  ['its half below uapi', '<uapi/linux/rq.h>', 'struct rq { struct root *rd; };\n', true],
  [
    'the header behind it that defines a struct',
    '<linux/a.h>',
    'struct rq { struct root *rd; };\n',
    true,
  ],
  [
    'none behind it that the file names nothing of',
    '<linux/a.h>',
    'struct other { int a; };\n',
    false,
  ],
])('a public header comes with %s', async (_, included, text, isFollowed) => {
  const fields = await fieldsIn('/k/rt.c', {
    ...FILES,
    '/k/include/linux/rq.h': `#include ${included}\n`,
    '/k/include/linux/a.h': '#include <linux/b.h>\n',
    [included === '<linux/a.h>' ? '/k/include/linux/b.h' : '/k/include/uapi/linux/rq.h']: text,
    '/k/rt.c': NAMING,
  });
  expect(fields.includes('root.mask')).toBe(isFollowed);
});

test('a struct that is only gone through is found behind the headers, too', async () => {
  const fields = await fieldsIn('/k/rt.c', {
    ...FILES,
    '/k/include/linux/rq.h': '#include <linux/a.h>\nstruct rq { struct root *rd; };\n',
    '/k/include/linux/a.h': 'struct root { struct load cpu; };\n#include <linux/b.h>\n',
    '/k/include/linux/b.h': 'struct load { int mask; int count; };\n',
    '/k/rt.c':
      '#include <linux/rq.h>\nvoid set(struct rq *rq) { rq->rd->cpu.mask = 1; smp_wmb(); rq->rd->cpu.count = 1; }\n',
  });
  expect(fields).toContain('load.mask');
});
