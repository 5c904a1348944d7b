/** Which files are read around the user's, and what happens with odd folders. */

import { expect, test } from 'vitest';
import {
  type Found,
  findDefinitions,
  type InterestingFields,
  kernelRoot,
  noteFolder,
  scanForCalls,
  scanRoots,
  scanSurroundings,
} from '../../server/src/language-service/tree-scan.ts';
import { type MemoryFileSystem, memoryFileSystem } from './support/memory-file-system.ts';

const BARRIER = '#include <linux/types.h>\nvoid f(void) { smp_wmb(); }\n';
const QUIET = '#include <linux/types.h>\nint f(void) { return 0; }\n';
const KERNEL = { '/k/Kbuild': '', '/k/Kconfig': '', '/k/include/linux/types.h': QUIET };

function scan(files: MemoryFileSystem, ...roots: readonly string[]): Promise<readonly Found[]> {
  return collect(scanRoots(requestOf(files, roots)));
}

function requestOf(files: MemoryFileSystem, roots: readonly string[]) {
  return { files, roots, maxFiles: 3, maxFileSize: 1000, names: new Map(), cancelled: () => false };
}

async function collect(found: AsyncIterable<Found>): Promise<readonly Found[]> {
  const all: Found[] = [];
  for await (const each of found) all.push(each);
  return all;
}

function pathsOf(found: readonly Found[]): readonly string[] {
  return found.flatMap((each) => (each.kind === 'file' ? [each.path] : []));
}

test('files with barriers are found, the nearest first, others are not', async () => {
  const files = memoryFileSystem({
    '/d/below/far.c': BARRIER,
    '/d/near.c': BARRIER,
    '/d/quiet.c': QUIET,
    '/d/readme.md': BARRIER,
  });
  expect(pathsOf(await scan(files, '/d'))).toEqual(['/d/near.c', '/d/below/far.c']);
  expect(files.reads).not.toContain('/d/readme.md');
});

test('a file that is named is read whatever is in it', async () => {
  expect(pathsOf(await scan(memoryFileSystem({ '/d/quiet.c': QUIET }), '/d/quiet.c'))).toEqual([
    '/d/quiet.c',
  ]);
});

test('a bound that was hit is said', async () => {
  const many = Object.fromEntries([1, 2, 3, 4].map((n) => [`/d/${n}.c`, BARRIER]));
  const found = await scan(memoryFileSystem(many), '/d');
  expect(pathsOf(found)).toHaveLength(3);
  expect(found.at(-1)).toMatchObject({
    kind: 'problem',
    message: expect.stringContaining('first 3'),
  });
});

test('what cannot be read is a problem with its place', async () => {
  const files = memoryFileSystem(
    { '/d/a.c': BARRIER, '/d/b.c': BARRIER, '/d/secret/c.c': BARRIER },
    { unreadable: ['/d/a.c', '/d/secret'] },
  );
  expect(await scan(files, '/d')).toEqual([
    { kind: 'problem', path: '/d/a.c', message: 'no permission to read it' },
    { kind: 'file', path: '/d/b.c', text: BARRIER },
    { kind: 'problem', path: '/d/secret', message: 'no permission to read it' },
  ]);
});

test('a folder that is reached in circles is read once', async () => {
  const files = memoryFileSystem({ '/d/a.c': BARRIER }, { links: { '/d/loop': '/d' } });
  expect(pathsOf(await scan(files, '/d'))).toEqual(['/d/a.c']);
});

test('the kernel tree around a folder', async () => {
  const files = memoryFileSystem({
    ...KERNEL,
    '/k/kernel/livepatch/core.c': BARRIER,
    '/d/a.c': BARRIER,
  });
  expect(await kernelRoot(files, '/k/kernel/livepatch')).toBe('/k');
  expect(await kernelRoot(files, '/d')).toBe(undefined);
});

test('around a folder of a kernel tree, files that speak of the same things', async () => {
  const files = memoryFileSystem({
    ...KERNEL,
    '/k/kernel/livepatch/core.c': BARRIER,
    '/k/kernel/fork.c': `${BARRIER}/* a->transition, b->func_stack */`,
    '/k/kernel/cpu.c': `${BARRIER}/* a->mask, b->state */`,
    '/k/kernel/exit.c': `${BARRIER}/* a->transition */`,
    '/k/kernel/signal.c': `${BARRIER}/* struct klp_func *f; f->transition, f->func_stack */`,
    '/k/include/linux/livepatch.h': `${BARRIER}void klp_partner(void);`,
    '/k/fs/file.c': `${BARRIER}/* klp_partner */`,
    '/d/sub/a.c': BARRIER,
    '/d/b.c': `${BARRIER}/* klp_partner */`,
  });
  const fields: readonly InterestingFields[] = [
    { names: ['transition', 'func_stack'], structs: ['klp_func', 'klp_ops'] },
    { names: ['mask', 'state'], structs: [] },
  ];
  const interest = { functions: new Set(['klp_partner']), fields };
  const request = { ...requestOf(files, []), maxFiles: 10 };
  expect(
    pathsOf(await collect(scanSurroundings(request, '/k/kernel/livepatch', interest))),
  ).toEqual(['/k/kernel/cpu.c', '/k/kernel/signal.c', '/k/include/linux/livepatch.h']);
  expect(await collect(scanSurroundings(request, '/d/sub', interest))).toEqual([]);
});

test('functions are looked for until their body is found, macros until their definition', async () => {
  const files = memoryFileSystem({
    '/d/a.h':
      'int declared(struct box *b);\nint defined(struct box *b);\n#define SOME_MACRO(x) (x)\n',
    '/d/b.c': 'static int\ndefined(struct box *b)\n{\n\treturn declared(b);\n}\n',
    '/d/c.c': 'static int defined(struct box *b)\n{\n\treturn 0;\n}\n',
  });
  const names = new Set(['declared', 'defined', 'SOME_MACRO', 'unheard_of']);
  const found: string[] = [];
  for await (const each of findDefinitions(requestOf(files, ['/d']), names))
    found.push(`${each.name} ${each.path}${each.hasBody ? ' with its body' : ''}`);
  expect(found).toEqual([
    'declared /d/a.h',
    'defined /d/a.h',
    'SOME_MACRO /d/a.h',
    'defined /d/b.c with its body',
  ]);
});

test('what the C files beside one include is noted, also where they were not read', async () => {
  const files = memoryFileSystem({
    '/d/rt.c': QUIET,
    '/d/build.c': '#include "rt.c"\n',
    '/e/x.c': QUIET,
  });
  const noted: string[] = [];
  const noteText = (path: string) => noted.push(path);
  await noteFolder({ ...requestOf(files, ['/e']), noteText }, '/d/rt.c');
  expect(noted).toEqual(['/d/build.c', '/d/rt.c']);
});

test('what everybody calls is of general use: nobody is read for it', async () => {
  const callers = Array.from({ length: 20 }, (_, n) => [`/d/${n}.c`, 'void g(void) { helper(); }']);
  const files = memoryFileSystem({ '/d/helper.c': BARRIER, ...Object.fromEntries(callers) });
  const request = { ...requestOf(files, ['/d']), maxFiles: 100 };
  await collect(scanRoots(request));
  expect(await collect(scanForCalls(request, new Set(['helper']), () => false))).toEqual([]);
});

test('who calls a function is found again without reading the others', async () => {
  const files = memoryFileSystem({
    '/d/helper.c': BARRIER,
    '/d/caller.c': 'int g(void) { return helper(1); }\n',
    '/d/other.c': QUIET,
  });
  const request = requestOf(files, ['/d']);
  await collect(scanRoots(request));
  const before = files.reads.length;
  const known = (path: string) => path === '/d/helper.c';
  const found = await collect(scanForCalls(request, new Set(['helper']), known));
  expect(pathsOf(found)).toEqual(['/d/caller.c']);
  expect(files.reads.slice(before)).toEqual(['/d/caller.c']);
});
