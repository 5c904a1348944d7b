/** Input that no kernel has: a message or a partial answer, never a crash. */

import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, publishAndConsume, run } from './support/run.ts';

test.each([
  ['empty', ''],
  [
    'half a function',
    '#include <linux/a.h>\nvoid f(struct a *a)\n{\n\tWRITE_ONCE(a->b, 1);\n\tsmp_wmb(',
  ],
  ['unbalanced braces', '}}}}{{{{ smp_wmb(); WRITE_ONCE((((('],
  ['no line ends', `void f(void) {${' smp_wmb();'.repeat(400)}}`],
  ['deeply nested', `void f(int a) { smp_mb(); a = ${'('.repeat(3000)}a${')'.repeat(3000)}; }`],
  ['an endless comment', 'void f(void) { smp_wmb(); /* Pairs with '],
  ['lone surrogates and control characters', 'void f(void) { smp_wmb(); "\ud800\u0001\u2028" }'],
])('%s: the other files are still answered', async (_, text) => {
  const folder = folderWith({ ...publishAndConsume(), 'odd.c': text });
  const { code, out } = await run('report', folder);
  expect(code).toBeLessThan(2);
  expect(out).toContain('smp_rmb() in consume()');
  expect(await run('report', join(folder, 'odd.c'))).toMatchObject({ err: '' });
});

test('a binary file', async () => {
  const folder = folderWith(publishAndConsume());
  writeFileSync(join(folder, 'odd.c'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1, 0xff, 0xfe]));
  expect(await run('check', join(folder, 'odd.c'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('a binary file'),
  });
  expect(await run('check', folder)).toMatchObject({
    code: 1,
    err: expect.stringContaining('odd.c: not analysed: a binary file'),
  });
});

test('names and numbers of 100,000 letters are not repeated whole', async () => {
  const folder = folderWith({
    't.c': `int big(void) { return ${'9'.repeat(100_000)}; }`,
    't.scenario': 'C t\nsource: t.c\n{ }\nP0 { v = big(); }\nnever it "is": (P0:v = 1)\n',
    'names.scenario': `C n\nsource: t.c\n{ }\nP0 { v = ${'z'.repeat(100_000)}; }\nnever it "is": (P0:v = 1)\n`,
    'n.litmus': `C n\n\n{ }\n\nP0(int *x) { WRITE_ONCE(*x, ${'9'.repeat(100_000)}); }\n\nexists (x=1)\n`,
  });
  const all = [
    await run('simulate', join(folder, 't.scenario'), '--tree', folder),
    await run('simulate', join(folder, 't.scenario'), '--tree', folder, '--json'),
    await run('simulate', join(folder, 'names.scenario'), '--tree', folder),
    await run('litmus', join(folder, 'n.litmus')),
    await run('litmus', join(folder, 'n.litmus'), '--json'),
  ];
  for (const { out, err } of all) {
    expect(out + err).toContain('... (100000 characters)');
    expect(out.length + err.length).toBeLessThan(3000);
  }
});

test('a file of 5 MB', async () => {
  const line = '\tWRITE_ONCE(a->b, 1); smp_wmb(); WRITE_ONCE(a->c, 2);\n';
  const big = `void f(struct a *a)\n{\n${line.repeat(5_000_000 / line.length)}}\n`;
  const folder = folderWith({ ...publishAndConsume(), 'big.c': big });
  const { code, err, out } = await run('report', folder);
  expect(code).toBe(1);
  expect(err).toMatch(/big\.c: not read: larger than 1500000 bytes/);
  expect(out).toContain('smp_rmb() in consume()');
});

test('many large files around the one that is asked about are told in one line', async () => {
  const big = `/* register masks */\n${'#define MASK 1\n'.repeat(110_000)}`;
  const masks = Object.fromEntries([1, 2, 3, 4, 5].map((at) => [`drivers/gpu/mask${at}.h`, big]));
  const folder = folderWith({
    Kbuild: '',
    Kconfig: '',
    'include/linux/types.h': '',
    ...masks,
    'drivers/md/a.c':
      '#include <linux/a.h>\nvoid f(struct a *a)\n{\n\tWRITE_ONCE(a->b, 1);\n\t/* Pairs with smp_rmb() in nowhere_to_be_seen(). */\n\tsmp_wmb();\n\tWRITE_ONCE(a->c, 2);\n}\n',
  });
  const { err } = await run('check', join(folder, 'drivers/md'));
  expect(err.match(/not read/g)).toHaveLength(1);
  expect(err).toContain('(as are 4 other files around)');
});

/** Runs `work` without the rights of root, who may read every folder. */
async function withoutRights<Result>(work: () => Promise<Result>): Promise<Result> {
  const nobody = 65534;
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

test('a folder without permission', async () => {
  const folder = folderWith({ ...publishAndConsume(), 'secret/a.c': 'int a;' });
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'secret'), 0o000);
  try {
    expect(await withoutRights(() => run('check', folder))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/secret: no permission to read it/),
    });
  } finally {
    chmodSync(join(folder, 'secret'), 0o755);
  }
});

test('a loop of symbolic links, and a link to nowhere', async () => {
  const folder = folderWith(publishAndConsume());
  mkdirSync(join(folder, 'below'));
  symlinkSync(folder, join(folder, 'below', 'up'));
  symlinkSync(join(folder, 'itself'), join(folder, 'itself'));
  symlinkSync(join(folder, 'nothing.c'), join(folder, 'broken.c'));
  const { code, out } = await run('report', folder);
  expect(code).toBe(0);
  expect(out).toMatch(/^2 barriers in 2 files\n/);
});

test('of a file with more pairings than anybody writes the first hundreds are proved, and it is told', async () => {
  const pair = (at: number) =>
    `void publish${at}(struct a *a)
{
\tWRITE_ONCE(a->data, 1);
\tsmp_wmb(); /* pairs with smp_rmb() in consume${at}() */
\tWRITE_ONCE(a->flag, 1);
}
int consume${at}(struct a *a)
{
\tint flag = READ_ONCE(a->flag);
\tsmp_rmb(); /* pairs with smp_wmb() in publish${at}() */
\treturn flag ? READ_ONCE(a->data) : 0;
}
`;
  const pairs = Array.from({ length: 420 }, (_, at) => pair(at)).join('');
  const text = `struct a { int data; int flag; };\n${pairs}`;
  const folder = folderWith({ 'crowded.c': text });
  const { code, err, out } = await run('check', '--stats', folder);
  expect(code).toBe(1);
  expect(err).toContain('crowded.c: 20 of its pairings are not proved');
  expect(`${out}${err}`).toContain('needed 400, redundant 0, idle 0, broken 0, unknown 20');
});
